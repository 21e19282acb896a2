"""``tongke client``: systems that talk to this house by themselves, registered, listed, given new secrets, ended."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from tongke.areas.staff import queries, services
from tongke.cli import ground
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now

BY = system_actor("client")
GROUP = 1
app_of_clients = typer.Typer(no_args_is_help=True, help="Machine clients: systems that talk to Tongke by themselves.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The client's name")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_of_clients, name="client")


def _say(made: services.NewClient, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"name": made.client.name, "client_id": str(made.client.id), "client_secret": made.secret}))
        return
    typer.echo(f"client_id:     {made.client.id}")
    typer.echo(f"client_secret: {made.secret}")
    typer.echo(_("The secret is shown this once; keep it where only the other system can read it."), err=True)


@app_of_clients.command("add")
def add(
    *,
    name: Name,
    role: Annotated[list[str], typer.Option(help="A role that it holds; may be given several times")],
    org: Annotated[int, typer.Option(help="Number of the organisation: it sees this level and those below")] = GROUP,
    scope: Annotated[list[str] | None, typer.Option(help="Word that narrows the roles (party.view, party.*, party:read, read); may be repeated")] = None,
    network: Annotated[list[str] | None, typer.Option(help="Network from which it may call (10.1.2.0/24); may be repeated")] = None,
    per_minute: Annotated[int | None, typer.Option(help="Requests a minute; 0 for no limit; the policy's figure unless given")] = None,
    days: Annotated[int | None, typer.Option(help="Days after which it ends by itself")] = None,
    purpose: Annotated[str, typer.Option(help="What it is for, and who answers for it")] = "",
    as_json: Json = False,
) -> None:
    """Register a client; its id and secret are printed, the secret this once."""
    at = now()
    with ground.ready(), acting(BY):
        made = services.register_client(
            name=name, org_id=org, roles=role, scopes=scope or (), networks=network or (), per_minute=per_minute, purpose=purpose,
            reason="tongke client add", valid_until=None if days is None else at + timedelta(days=days), by=BY, at=at,
        )
    _say(made, as_json=as_json)


@app_of_clients.command("list")
def show(*, as_json: Json = False) -> None:
    """List the clients with their roles and last use."""
    at = now()
    with ground.ready(), acting(BY):
        rows = queries.with_use(list(queries.clients_visible_to(by=BY)), at=at)
    lines = [
        {
            "name": row.client.name, "client_id": str(row.client.id), "org": row.client.org_id, "roles": row.client.roles,
            "scopes": row.client.scopes, "per_minute": row.client.per_minute,
            "valid_until": row.client.valid_until and row.client.valid_until.isoformat(),
            "last_used_at": row.last_used_at and row.last_used_at.isoformat(), "tokens": row.tokens,
        }
        for row in rows
    ]
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line, row in zip(lines, rows, strict=True):
        ended = row.client.valid_until is not None and row.client.valid_until <= at
        used = line["last_used_at"] or _("never used")
        typer.echo(f"{line['name']:<24} {line['client_id']}  {line['org']:>6}  {','.join(row.client.roles) or '-'}  {_('ended') if ended else used}")


@app_of_clients.command("rotate")
def rotate(
    *,
    name: Name,
    overlap_hours: Annotated[int | None, typer.Option(
        help="Hours for which the old secret still holds; the policy's figure unless given; 0 ends it, and every token, now")] = None,
    as_json: Json = False,
) -> None:
    """Give a client a new secret, printed this once."""
    with ground.ready(), acting(BY):
        client = queries.client_by_name(name=name, by=BY)
        made = services.rotate_client_secret(client_id=client.id, overlap_hours=overlap_hours, by=BY, at=now())
    _say(made, as_json=as_json)


@app_of_clients.command("end")
def end(*, name: Name) -> None:
    """End a client: its secret and its tokens open nothing from now on."""
    with ground.ready(), acting(BY):
        client = queries.client_by_name(name=name, by=BY)
        services.end_client(client_id=client.id, by=BY, at=now())
    typer.echo(_("{name} has ended.").format(name=client.name))
