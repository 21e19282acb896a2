"""Machine clients: registered with a secret that is shown once, given new secrets, ended.

Roles with sensitive permissions wait for a second person, as for people: until then the client exists, its secret is
known, and it holds nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.staff import rules
from tongke.areas.staff.events import RightsChanged
from tongke.areas.staff.models import ClientSecret, MachineClient, Org
from tongke.areas.staff.policy import FIGURES, figure
from tongke.areas.staff.queries.orgs import org_of_the_house, within_scope
from tongke.areas.staff.services.approvals import carried_out
from tongke.areas.staff.services.grants import Outcome, permissions_of, roles_known, sensitive_among, two_step
from tongke.areas.staff.services.tokens import new_secret, revoke_tokens_of, secret_digest
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.permissions import all_permissions
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

HOUSE = "staff.clients"


@dataclass(frozen=True, slots=True)
class NewClient:
    """A registered client and its secret, shown this once; ``approval_id`` where its roles wait for a second person."""

    client: MachineClient
    secret: str
    approval_id: UUID | None = None


def _network(written: str) -> str | None:
    """Return a network as CIDR, or ``None`` where it is none."""
    try:
        return str(ipaddress.ip_network(written.strip(), strict=False))
    except ValueError:
        return None


def _scope_words_known(words: Sequence[str]) -> list[Broken]:
    """The broken rules of scope words that name no permission of the house."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) word WHERE NOT EXISTS (SELECT FROM unnest(%s::text[]) code WHERE tongke_scope_holds(word, code))",
            [list(words), list(all_permissions())],
        )
        return collect(*((rules.scope_word_is_known, {"word": word, "known": False}) for (word,) in cursor.fetchall()))


def _org(org_id: int, *, by: Actor) -> Org:
    org = org_of_the_house(org_id)
    if org is None:
        raise NotFound(field="org_id")
    require(collect(
        (rules.org_within_scope, {"org_id": org.id, "inside": within_scope(org, by=by)}),
        (rules.org_is_open, {"org_id": org.id, "active": org.active}),
        (rules.org_keeps_rows, {"org_id": org.id, "kind": org.kind}),
    ))
    return org


def _limits(
    *, scopes: Sequence[str], networks: Sequence[str], per_minute: int, valid_until: datetime | None, at: datetime,
) -> dict[str, Any]:
    """Return the limits as the record keeps them; raises ``RulesBroken`` with all that is wrong in them."""
    most = FIGURES["client_per_minute"].most
    found = {written: _network(written) for written in networks if written.strip()}
    require([
        *collect(
            *((rules.network_is_written_well, {"network": written, "readable": read is not None}) for written, read in found.items()),
            (rules.rate_is_possible, {"per_minute": per_minute, "most": most}),
            (rules.period_runs_forward, {"valid_from": at, "valid_until": valid_until}),
        ),
        *_scope_words_known(scopes),
    ])
    return {"scopes": sorted(set(scopes)), "networks": sorted({read for read in found.values() if read}), "per_minute": per_minute,
            "valid_until": valid_until}


@verb("integration.clients")
def register_client(
    *, name: str, org_id: int, roles: list[str], scopes: Sequence[str] = (), networks: Sequence[str] = (), per_minute: int | None = None,
    purpose: str = "", reason: str = "", valid_until: datetime | None = None, by: Actor, at: datetime,
) -> NewClient:
    """Register a machine client that works with ``roles`` below ``org_id`` from now on, and make its secret.

    Raises ``RulesBroken``, ``NotFound``.
    """
    name = name.strip().lower()
    org = _org(org_id, by=by)
    roles_known(roles)
    rate = figure("client_per_minute", at=at) if per_minute is None else per_minute
    limits = _limits(scopes=scopes, networks=networks, per_minute=rate, valid_until=valid_until, at=at)
    # A name in another branch of the tree is taken as well, though the actor does not see whose it is.
    with acting(system_actor(HOUSE)):
        taken = MachineClient.objects.filter(name=name).exists()
    require(collect(
        (rules.client_name_is_plain, {"name": name}), (rules.client_name_is_free, {"name": name, "taken": taken}),
        (rules.client_has_role, {"roles": roles}),
    ))
    client = MachineClient.objects.create(
        name=name, org=org, roles=[], purpose=purpose.strip(), valid_from=at, secret_changed_at=at, registered_by=by.name, **limits,
    )
    secret = _fresh_secret(client, at=at)
    outcome = _ask_roles(client, roles, reason=reason, by=by, at=at)
    client.refresh_from_db()
    return NewClient(client, secret, outcome.approval_id)


def _fresh_secret(client: MachineClient, *, at: datetime) -> str:
    secret = new_secret()
    with acting(system_actor(HOUSE)):
        ClientSecret.objects.create(client=client, digest=secret_digest(secret), created_at=at)
    return secret


def _ask_roles(client: MachineClient, roles: list[str], *, reason: str, by: Actor, at: datetime) -> Outcome:
    changed = set(roles) ^ set(client.roles)
    if not changed:
        return Outcome(done=True)
    subject = f"client:{client.name} @ {client.org_id}: {', '.join(sorted(client.roles)) or '-'} → {', '.join(sorted(roles)) or '-'}"
    return two_step(
        "staff.client_roles", {"client_id": str(client.id), "roles": sorted(roles), "from": sorted(client.roles)},
        sensitive=sensitive_among(permissions_of(changed)), subject=subject[:200], org_id=client.org_id, reason=reason, by=by, at=at,
    )


def _living(client_id: UUID, *, at: datetime) -> MachineClient:
    found = MachineClient.objects.select_for_update(of=("self",)).select_related("org").filter(id=client_id).first()
    if found is None:
        raise NotFound
    require(collect((rules.client_is_alive, {"name": found.name, "valid_until": found.valid_until, "at": at})))
    return found


def _client_roles(payload: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Give a client exactly these roles, when the second person has approved or none is needed."""
    client = _living(UUID(payload["client_id"]), at=at)
    if sorted(client.roles) != payload["from"]:
        raise Conflict
    roles_known(payload["roles"])
    client.roles = payload["roles"]
    client.save(update_fields=["roles"])
    publish(RightsChanged(subject_id=client.id, org_id=client.org_id, what="client_roles", changed_at=at), by=by, at=at)


@verb("integration.clients")
def change_client_roles(*, client_id: UUID, roles: list[str], reason: str = "", by: Actor, at: datetime) -> Outcome:
    """Give a client exactly these roles; sensitive ones wait for a second person. Its tokens follow at once.

    Raises ``RulesBroken``, ``NotFound``.
    """
    client = _living(client_id, at=at)
    roles_known(roles)
    require(collect((rules.client_has_role, {"roles": roles})))
    return _ask_roles(client, roles, reason=reason, by=by, at=at)


@verb("integration.clients")
def change_client_limits(
    *, client_id: UUID, scopes: Sequence[str] = (), networks: Sequence[str] = (), per_minute: int, valid_until: datetime | None = None,
    by: Actor, at: datetime,
) -> MachineClient:
    """Change what narrows a client: scope words, networks, rate, end. Holds for its tokens at once.

    Widening a scope never reaches beyond the roles, so it needs no second person. Raises ``RulesBroken``, ``NotFound``.
    """
    del by
    client = _living(client_id, at=at)
    for column, value in _limits(scopes=scopes, networks=networks, per_minute=per_minute, valid_until=valid_until, at=at).items():
        setattr(client, column, value)
    client.save(update_fields=["scopes", "networks", "per_minute", "valid_until"])
    return client


@verb("integration.clients")
def rotate_client_secret(*, client_id: UUID, overlap_hours: int | None = None, by: Actor, at: datetime) -> NewClient:
    """Make a new secret; the old one holds for the policy's hours, or ``overlap_hours``, so that the other side can
    change over. With 0 the old one may be known to somebody: it ends now, and every token with it.

    Raises ``RulesBroken``, ``NotFound``.
    """
    del by
    client = _living(client_id, at=at)
    hours = figure("secret_overlap_hours", at=at) if overlap_hours is None else overlap_hours
    require(collect((rules.figure_fits, {
        "code": "secret_overlap_hours", "fits": FIGURES["secret_overlap_hours"].fits(hours), "least": 0, "most": FIGURES["secret_overlap_hours"].most,
    })))
    ends = at + timedelta(hours=hours)
    with acting(system_actor(HOUSE)):
        living = ClientSecret.objects.filter(client=client)
        # One old secret at a time: what an earlier rotation left ends now.
        living.filter(valid_until__gt=at).update(valid_until=at)
        living.filter(valid_until=None).update(valid_until=ends)
    if hours == 0:
        revoke_tokens_of(client.id, at=at)
    client.secret_changed_at = at
    client.save(update_fields=["secret_changed_at"])
    return NewClient(client, _fresh_secret(client, at=at))


@verb("integration.clients")
def end_client(*, client_id: UUID, by: Actor, at: datetime) -> None:
    """End a client now: its tokens and secrets hold no longer, anywhere. It is never deleted, so that the trails keep
    their sense. Raises ``RulesBroken`` where it has ended already, ``NotFound``.
    """
    client = _living(client_id, at=at)
    client.valid_until = at
    client.save(update_fields=["valid_until"])
    revoke_tokens_of(client.id, at=at)
    publish(RightsChanged(subject_id=client.id, org_id=client.org_id, what="client_ended", changed_at=at), by=by, at=at)


carried_out["staff.client_roles"] = _client_roles
