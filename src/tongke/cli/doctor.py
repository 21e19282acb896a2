"""``tongke doctor``: looks at each part of an installation and says how to mend what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from tongke.cli import ground
from tongke.cli.up import running_address
from tongke.config import embedded
from tongke.config.health import examine
from tongke.config.runtime import data_dir, secrets_file
from tongke.kernel import audit
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Refused

FREE_BYTES_MIN = 2 * 1024**3
SERVER_VERSION_MIN = 150_000
OPEN_FILES_MIN = 1024


@dataclass(frozen=True, slots=True)
class Check:
    """What one look gave: ``state`` is ok, warning or broken; ``mend`` says what to do about it."""

    name: str
    state: str
    says: str
    mend: str = ""


def ok(name: str, says: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, "ok", says)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def python() -> Check:
    """Is this Python new enough?"""
    says = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - told in words where an older one runs this
        return Check("python", "broken", says, _("Install Python 3.11 or newer and run `make setup` again"))
    return ok("python", says)


def data_folder() -> Check:
    """May we write into the data directory, and is there room?"""
    folder = data_dir()
    near = next(p for p in (folder, *folder.parents) if p.exists())
    if not os.access(near, os.W_OK):
        return Check("data", "broken", _("{folder} cannot be written").format(folder=near), _("Give it to this user, or choose another with --data DIR"))
    free = shutil.disk_usage(near).free
    says = _("{folder}, {free} GB free").format(folder=folder, free=f"{free / 1e9:.1f}")
    if free < FREE_BYTES_MIN:
        return Check("data", "warning", says, _("Make room: below 2 GB the database may stop"))
    return ok("data", says)


def keys() -> Check:
    """Are the installation's keys readable by us alone?"""
    file = secrets_file()
    if not file.exists():
        return Check("keys", "broken", _("{file} is missing").format(file=file), _("Restore it from a backup: without it, encrypted fields stay closed"))
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Check("keys", "broken", _("Others may read {file}").format(file=file), f"chmod 600 {file}")
    return ok("keys", str(file))


def browser_files() -> Check:
    """Is the browser's bundle built?"""
    if not (Path(settings.PACKAGE) / "web" / "static" / "dist" / "manifest.json").exists():
        return Check("pages", "broken", _("The browser's files are not built"), _("Run `make setup`"))
    return ok("pages", _("built"))


def translations() -> Check:
    """Are the catalogues compiled?"""
    if not (Path(settings.PACKAGE) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo").exists():
        return Check("translations", "broken", _("The Chinese catalogue is not compiled"), _("Run `make setup`"))
    return ok("translations", "zh-Hans, en")


def server() -> Check:
    """Is the database there, and new enough?"""
    with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as owner:
        version = owner.info.server_version
        encoding = owner.execute("SHOW server_encoding").fetchall()[0][0]
    kind = _("embedded") if embedded.is_embedded() else _("external")
    says = f"PostgreSQL {version // 10000}.{version % 10000} ({kind})"
    if version < SERVER_VERSION_MIN:
        return Check("database", "broken", says, _("PostgreSQL 15 or newer is needed"))
    if encoding != "UTF8":
        return Check("database", "broken", f"{says}, {encoding}", _("Make the database with ENCODING 'UTF8'"))
    return ok("database", says)


def tables() -> Check:
    """Are the tables current?"""
    count = ground.waiting()
    if count:
        return Check("tables", "broken", _("Migrations wait: {count}").format(count=count if count > 0 else _("all")), _("Run `tongke migrate`"))
    return ok("tables", _("up to date"))


def role() -> Check:
    """Does row-level security bind the role of the pages?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user"
            " AND schemaname = current_schema()) FROM pg_roles WHERE rolname = current_user",
        )
        name, above, owns = cursor.fetchone()
    if above or owns:
        return Check("rights", "broken", _("The pages run as {role}, whom row-level security does not bind").format(role=name),
                     _("Let TONGKE_APP_DATABASE_URL name a role that owns nothing, or leave it unset"))
    return ok("rights", _("{role}, bound by row-level security").format(role=name))


def flow() -> Check:
    """Does a worker live, and does the outbox flow?"""
    found = examine()
    if found["status"] == "down":
        return Check("worker", "broken", _("Not to be seen while the database is not current"), _("Mend the database first"))
    worker, outbox = found["worker"], found["outbox"]
    if running_address() is None and embedded.is_embedded():
        return ok("worker", _("Tongke is not up; {waiting} reaction(s) wait").format(waiting=outbox["waiting"]))
    if not worker["ok"]:
        return Check("worker", "broken", _("No worker has shown life for a minute"), _("See {log}").format(log=data_dir() / "log" / "worker.log"))
    if not outbox["ok"]:
        says = _("{waiting} reaction(s) wait, {failed} failed").format(**outbox)
        return Check("worker", "warning", says, _("Failed reactions are listed on the page Operation; each can be run again there"))
    return ok("worker", _("alive, nothing late"))


def hub() -> Check:
    """Are events laid out and delivered to other systems?"""
    found = examine()
    if found["status"] == "down":
        return Check("hub", "broken", _("Not to be seen while the database is not current"), _("Mend the database first"))
    fares = found["hub"]
    if running_address() is None and embedded.is_embedded():
        return ok("hub", _("Tongke is not up; {waiting} event(s) wait to be laid out").format(**fares))
    if not (fares["fan_outs"] and fares["deliverers"]):
        return Check("hub", "broken", _("Processes of the hub show no life"), _("See {log}").format(log=data_dir() / "log" / "hub-*.log"))
    if not fares["ok"]:
        says = _("{waiting} event(s) wait to be laid out, the first for {seconds} s").format(seconds=fares["oldest_waiting_seconds"], **fares)
        return Check("hub", "warning", says, _("See {log}").format(log=data_dir() / "log" / "hub-fan-out.log"))
    if fares["suspended"] or fares["set_aside"]:
        says = _("{suspended} subscription(s) stopped, {set_aside} event(s) set aside").format(**fares)
        return Check("hub", "warning", says, _("Both are listed on the page Event subscriptions"))
    return ok("hub", _("{deliverers} deliver, nothing late").format(**fares))


def anchors() -> Check:
    """Does the file of signed anchors keep up with the audit trail?"""
    with acting(system_actor("doctor")):
        heads = audit.current_heads()
    kept = audit.Anchors(settings.AUDIT_ANCHORS, settings.AUDIT_ANCHOR_KEY)
    report = audit.Report()
    known = kept.check(report)
    behind = sum(1 for chain, head in heads.items() if head.seq and (chain, head.seq) not in known)
    if not report.ok:
        return Check("audit", "broken", report.findings[0].says, _("Run `tongke verify-audit`"))
    if behind and running_address() is None:
        return Check("audit", "warning", _("{count} chain(s) moved since the last signed anchor").format(count=behind),
                     _("The next `tongke up` signs them; `tongke verify-audit` looks at all of them"))
    return ok("audit", _("{count} signed anchors").format(count=report.anchors))


def up_state() -> Check:
    """Is Tongke up on this data directory?"""
    address = running_address()
    return ok("up", _("running at {address}").format(address=address) if address else _("not running"))


GROUND: tuple[Callable[[], Check], ...] = (python, data_folder, keys, browser_files, translations, up_state)
DATABASE: tuple[Callable[[], Check], ...] = (server, tables, role, flow, hub, anchors)


def look(check: Callable[[], Check]) -> Check:
    """Run one check; a fault inside it is its result, never the end of the others."""
    try:
        return check()
    except Refused as fault:
        return Check(check.__name__, "broken", fault.message, fault.advice)
    except Exception as fault:  # noqa: BLE001 - whatever a sick installation throws is what we are here to tell
        first = (str(fault).strip().splitlines() or [""])[0]
        return Check(check.__name__, "broken", f"{type(fault).__name__}: {first}", _("Mend what stands above this first"))


def examine_all() -> list[Check]:
    """Run every check; those of the database only where it can be reached."""
    found = [look(check) for check in GROUND]
    try:
        with embedded.in_use():
            found += [look(check) for check in DATABASE]
    except Refused as fault:
        found.append(Check("database", "broken", fault.message, fault.advice))
    connection.close()
    return found


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Look at every part of this installation; exit status 1 where something is broken."""
    found = examine_all()
    broken = any(check.state == "broken" for check in found)
    if as_json:
        document: dict[str, Any] = {"ok": not broken, "checks": [{s: getattr(c, s) for s in Check.__slots__} for c in found]}
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        for check in found:
            typer.echo(f"{'✓' if check.state == 'ok' else '!' if check.state == 'warning' else '✗'} {check.name:<13}{check.says}")
            if check.mend:
                typer.echo(f"  → {check.mend}")
    if broken:
        raise typer.Exit(1)
