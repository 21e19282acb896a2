"""Documents of parties in roles: that of customer goes the customer's way, every other is a role of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import queries, services
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.kept import MoveNotAllowed
from tongke.tmf.party import customers
from tongke.tmf.party.reading import party_of, way_of

CUSTOMER = "customer"
# Another role is ended by DELETE.
MOVES = {"active": {"suspended": services.suspend_role}, "suspended": {"active": services.activate_role}}


def create(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Let a party take a role. Raises ``UnknownReference``, ``MoveNotAllowed`` and what the verbs refuse."""
    party_id = party_of(document.engaged_party, "engagedParty", by=by, at=at) if document.engaged_party is not None else None
    if document.name.strip().lower() == CUSTOMER:
        if party_id is None:
            raise Invalid(what="engagedParty", field="engagedParty")
        return services.make_customer(party_id, customers.draft_of(document), by=by, at=at).customer_id
    if document.status not in {None, "active"}:
        raise MoveNotAllowed(resource="partyRole", before="-", after=document.status, possible="active", field="status")
    since = document.valid_for.start_date_time if document.valid_for else None
    return services.begin_role(party_id, role=document.name, valid_from=since, by=by, at=at)


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change a role's name or state."""
    before, after = wanted.before, wanted.after
    reason = (after.status_reason if "statusReason" in wanted.changed else None) or way_of(by)
    if "name" in wanted.changed:
        if before.name == CUSTOMER:
            raise Invalid(what="name", field="name")
        services.rename_role(record_id, role=after.name or "", by=by, at=at)
    if "status" in wanted.changed:
        if before.name == CUSTOMER:
            customers.move(record_id, before.status, after.status, reason, by=by, at=at)
            return
        possible = MOVES.get(before.status, {})
        if after.status not in possible:
            raise MoveNotAllowed(resource="partyRole", before=before.status, after=after.status or "-", possible=", ".join(possible) or "-", field="status")
        possible[after.status](record_id, reason=reason, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """End a role; a customer is closed."""
    if queries.is_customer(record_id, by=by):
        services.close_customer(record_id, reason=way_of(by), by=by, at=at)
    else:
        services.end_role(record_id, reason=way_of(by), by=by, at=at)
