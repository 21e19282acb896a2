"""``tongke verify-audit``: is the trail as the database wrote it?"""

from __future__ import annotations

import json
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from tongke.cli import ground
from tongke.kernel import audit
from tongke.kernel.actor import acting, system_actor


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify-audit")(verify_audit)


def verify_audit(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Recompute every digest and link of the audit trail; exit status 1 where anything was touched."""
    with ground.ready(), acting(system_actor("verify-audit")):
        report = audit.verify(audit.Anchors(settings.AUDIT_ANCHORS, settings.AUDIT_ANCHOR_KEY))
    if as_json:
        typer.echo(json.dumps(report.as_document(), ensure_ascii=False))
    else:
        for found in report.findings:
            place = f"{found.chain}/{found.seq}" if found.chain >= 0 else _("anchor file")
            typer.echo(f"✗ {place} {found.kind}: {found.says}")
        if report.more:
            typer.echo(_("… and {count} more").format(count=report.more))
        seen = _("{rows} rows, {links} links in {chains} chains, {anchors} signed anchors").format(
            rows=report.rows, links=report.links, chains=report.chains, anchors=report.anchors,
        )
        typer.echo((_("The audit trail is whole: {seen}.") if report.ok else _("The audit trail was touched: {seen}.")).format(seen=seen))
    if not report.ok:
        raise typer.Exit(1)
