"""The customer's life: active, suspended, left and back again; and the end of a record, of a customer or of a party alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party.errors import CustomerInForce
from tongke.areas.party.events import CustomerChanged, CustomerLeft, CustomerStateChanged, PartyRetired
from tongke.areas.party.models import Customer, Party
from tongke.areas.party.rules.customers import as_text, changes_something, reason_is_given, unfit
from tongke.areas.party.services.customer import announce_state
from tongke.areas.party.services.records import Record, leave_newer, open_customer, open_record
from tongke.areas.party.states import CUSTOMER, PARTY
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


def _announce(customer: Customer, before: str, *, by: Actor, at: datetime) -> None:
    publish(CustomerStateChanged(subject_id=customer.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                                 before=before, state=customer.state, closed=bool(customer.closed), changed_at=at), by=by, at=at)


@verb("party.change")
def activate_customer(customer_id: UUID, *, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> int:
    """Let a prospect, a suspended customer or one who had left be active; returns the new version. Raises ``IllegalMove``."""
    customer = open_customer(customer_id, version=version)
    before = customer.state
    CUSTOMER.move(customer, "activate", by=by, at=at, reason=reason.strip())
    customer.left_on = None
    leave_newer(customer, at=at, customer_fields=("state", "left_on"), rescore=False)
    _announce(customer, before, by=by, at=at)
    return customer.version


@verb("party.close")
def suspend_customer(customer_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Suspend the relation to an active customer; lines and accounts have lives of their own. Returns the new version."""
    customer = open_customer(customer_id, version=version)
    require(collect((reason_is_given, {"reason": reason})))
    before = customer.state
    CUSTOMER.move(customer, "suspend", by=by, at=at, reason=reason.strip())
    leave_newer(customer, at=at, customer_fields=("state",), rescore=False)
    _announce(customer, before, by=by, at=at)
    return customer.version


@verb("party.close")
def leave_customer(customer_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Record that a customer left: the party's record stays open, and the customer may come back. Returns the new version."""
    customer = open_customer(customer_id, version=version)
    require(collect((reason_is_given, {"reason": reason})))
    before = customer.state
    CUSTOMER.move(customer, "leave", by=by, at=at, reason=reason.strip())
    customer.left_on = by.day(at)
    leave_newer(customer, at=at, customer_fields=("state", "left_on"), rescore=False)
    _announce(customer, before, by=by, at=at)
    publish(CustomerLeft(subject_id=customer.id, customer_id=customer.id, org_id=customer.org_id, left_at=at), by=by, at=at)
    return customer.version


@verb("party.close")
def close_customer(customer_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Close the record and end the relation; nothing is deleted. Returns the new version.

    Whether accounts and lines have ended is for the higher rooms to see to before they call.
    """
    customer = open_customer(customer_id, version=version)
    require(collect((reason_is_given, {"reason": reason})))
    PARTY.move(customer.party, "close", by=by, at=at, reason=reason.strip())
    before = customer.state
    if before != "left":
        CUSTOMER.move(customer, "leave", by=by, at=at, reason=reason.strip())
        customer.left_on = by.day(at)
    customer.closed = True
    leave_newer(customer, at=at, party_fields=("state",), customer_fields=("state", "left_on", "closed"), rescore=False)
    announce_state(Record(customer.party, customer), by=by, at=at)
    _announce(customer, before, by=by, at=at)
    publish(CustomerLeft(subject_id=customer.id, customer_id=customer.id, org_id=customer.org_id, left_at=at), by=by, at=at)
    return customer.version


@verb("party.close")
def close_party(party_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Close the record of a party that is no customer, or no longer; nothing is deleted. Returns the new version.

    Raises ``CustomerInForce`` where a customer hangs on it.
    """
    record = open_record(party_id, version=version)
    require(collect((reason_is_given, {"reason": reason})))
    if record.customer and record.customer.state != "left":
        raise CustomerInForce(state=record.customer.state)
    PARTY.move(record.party, "close", by=by, at=at, reason=reason.strip())
    if record.customer:
        record.customer.closed = True
    leave_newer(record, at=at, party_fields=("state",), customer_fields=("closed",), rescore=False)
    announce_state(record, by=by, at=at)
    return record.version


@verb("party.close")
def retire_party(party_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Close the record of a party that is no customer, if it is open, and give it to no other system any more.

    Nothing is deleted. Returns the new version. Raises ``NotFound``, ``Conflict``, ``CustomerInForce``.
    """
    list(Customer.objects.select_for_update(no_key=True, of=("self",)).filter(party_id=party_id).values_list("id"))  # first, as everywhere
    party = Party.objects.select_for_update(no_key=True).filter(id=party_id, retired=None).first()
    if party is None:
        raise NotFound
    if party.state != "closed":
        version = close_party(party_id, reason=reason, version=version, by=by, at=at)
        party.refresh_from_db()
    party.retired, party.version, party.changed_at = True, party.version + 1, at
    party.save(update_fields=["retired", "version", "changed_at"])
    publish(PartyRetired(subject_id=party.id, org_id=party.org_id, party_id=party.id, kind=party.kind, retired_at=at), by=by, at=at)
    return party.version


@verb("party.change")
def describe_customer(
    customer_id: UUID, traits: dict[str, Any], *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Set the customer's own characteristics, all of them; returns the new version. Raises ``RulesBroken``."""
    customer = open_customer(customer_id, version=version)
    require(collect((changes_something, {"changes": int(traits != customer.characteristics)}))
            + unfit((("characteristics", as_text(traits), 20_000),)))
    customer.characteristics = traits
    leave_newer(customer, at=at, customer_fields=("characteristics",), rescore=False)
    publish(CustomerChanged(subject_id=customer.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                            fields=["characteristics"], changed_at=at), by=by, at=at)
    return customer.version
