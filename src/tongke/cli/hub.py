"""``tongke hub``: the hosts and networks to which events may be sent."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from tongke.cli import ground
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now
from tongke.tmf.hub import allowing

BY = system_actor("cli")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    hub = typer.Typer(no_args_is_help=True, help="Where events of the TM Forum API may be sent")
    hub.command("allow")(allow)
    hub.command("refuse")(refuse)
    hub.command("list")(listed)
    app.add_typer(hub, name="hub")


def allow(
    target: Annotated[str, typer.Argument(metavar="HOST_OR_CIDR", help="events.example.com, *.example.com or 10.20.0.0/16")],
    note: Annotated[str, typer.Option(help="Whose it is, for the list")] = "",
) -> None:
    """Allow events to be sent to a host or a network. An inner network has to be named itself."""
    with ground.ready(), acting(BY):
        kept = allowing.allow_target(target=target, note=note, by=BY, at=now())
    sys.stdout.write(_("Events may be sent to {target}").format(target=kept) + "\n")


def refuse(target: Annotated[str, typer.Argument(metavar="HOST_OR_CIDR", help="As the list shows it")]) -> None:
    """Take a host or a network off the list; deliveries there stop with the next event."""
    with ground.ready(), acting(BY):
        allowing.refuse_target(target=target, by=BY, at=now())
    sys.stdout.write(_("No more events are sent to {target}").format(target=target) + "\n")


def listed() -> None:
    """Show the list."""
    with ground.ready(), acting(BY):
        found = allowing.targets(by=BY)
    for line in found:
        sys.stdout.write(f"{line.target}\t{line.note}\t{line.created_by}\t{line.created_at:%Y-%m-%d %H:%M}\n")
    if not found:
        sys.stdout.write(_("Nothing is allowed yet.") + "\n")
