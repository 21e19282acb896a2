"""Customers' documents, of either version, turned into the verbs of the party room."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import services
from tongke.areas.party.services import CustomerDraft
from tongke.areas.party.states import CUSTOMER
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.kept import MoveNotAllowed
from tongke.tmf.party.media import settle, ways
from tongke.tmf.party.reading import day_of, engaged, kind_of_reference, reach, traits_of, way_of

FIXED = ("customerNumber", "segment", "level")


def draft_of(document: Any) -> CustomerDraft:
    """Return what a new document says of the customer itself. Raises ``Invalid`` for a number or word that is no text."""
    said = traits_of(document.characteristic, "characteristic")
    words: dict[str, Any] = {}
    for name, field in (("customerNumber", "customer_no"), ("segment", "segment"), ("level", "level")):
        if name in said:
            if not isinstance(said[name], str):
                raise Invalid(what=f"characteristic {name}", field="characteristic")
            words[field] = said[name]
    return CustomerDraft(
        name="", state=document.status or "active", traits={name: value for name, value in said.items() if name not in FIXED},
        since_on=day_of(document.valid_for.start_date_time) if document.valid_for else None, **words,
    )


def create(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Create a customer: of a party that is on record, or with a new one. Raises ``UnknownReference`` and what the verbs refuse."""
    found = engaged(document.engaged_party, "engagedParty", by=by)
    draft = draft_of(document)
    if found is not None:
        made = services.make_customer(found.party_id, draft, by=by, at=at)
        settle(made.customer_id, [], ways(document.contact_medium), by=by, at=at)
        return made.customer_id
    kind = kind_of_reference(document.engaged_party, "engagedParty")
    if kind == "organization" and draft.segment == "residential":
        draft = replace(draft, segment="business")
    made = services.create_customer(replace(draft, name=document.name, kind=kind, **reach(document)), by=by, at=at)
    services.claim_foreign_key(made.party_id, source=by.name, foreign_key=document.engaged_party.id, by=by, at=at)
    return made.customer_id


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change a customer as far as a document says: name, characteristics, contact media, and last its state."""
    before, after = wanted.before, wanted.after
    if "name" in wanted.changed:
        services.rename_customer(record_id, name=after.name or "", reason=way_of(by), by=by, at=at)
    if "characteristic" in wanted.changed:
        _describe(record_id, before, after, by=by, at=at)
    if "contactMedium" in wanted.changed:
        settle(record_id, ways(before.contact_medium), ways(after.contact_medium), by=by, at=at)
    if "status" in wanted.changed:
        reason = after.status_reason if "statusReason" in wanted.changed else None
        move(record_id, before.status, after.status, reason or way_of(by), by=by, at=at)


def _describe(record_id: UUID, before: Any, after: Any, *, by: Actor, at: datetime) -> None:
    old, new = traits_of(before.characteristic, "characteristic"), traits_of(after.characteristic, "characteristic")
    if "customerNumber" in new and new["customerNumber"] != old.get("customerNumber"):
        raise Invalid(what="characteristic customerNumber", field="characteristic")
    words = {name: str(new[name]) for name in ("segment", "level") if name in new and new[name] != old.get(name)}
    if words:
        services.set_level(record_id, segment=words.get("segment"), level=words.get("level"), by=by, at=at)
    own = {name: value for name, value in new.items() if name not in FIXED}
    if own != {name: value for name, value in old.items() if name not in FIXED}:
        services.describe_customer(record_id, own, by=by, at=at)


def move(record_id: UUID, before: str, after: str | None, reason: str, *, by: Actor, at: datetime) -> None:
    """Move a customer to another state along its life cycle; merging has a way of its own. Raises ``MoveNotAllowed``."""
    verbs: dict[str, Any] = {
        "activate": services.activate_customer, "suspend": services.suspend_customer, "leave": services.leave_customer,
    }
    possible = {CUSTOMER.moves[name][1]: verbs[name] for name in CUSTOMER.possible(before) if name in verbs}
    if after not in possible:
        raise MoveNotAllowed(resource="customer", before=before, after=after or "-", possible=", ".join(possible) or "-", field="status")
    possible[after](record_id, reason=reason, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close a customer: the record stays for those who must look into it, and is no customer's document any more."""
    services.close_customer(record_id, reason=way_of(by), by=by, at=at)
