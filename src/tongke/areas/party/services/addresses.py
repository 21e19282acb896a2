"""Addresses: adding, replacing and ending them; an address is never overwritten, it ends and another begins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events import AddressChanged
from tongke.areas.party.models import PostalAddress
from tongke.areas.party.rules.addresses import broken_in_address
from tongke.areas.party.rules.drafts import AddressDraft
from tongke.areas.party.services.records import Record, leave_newer, open_record
from tongke.areas.party.services.rows import address_row
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import require
from tongke.kernel.verb import verb


def _write(customer: Record, draft: AddressDraft, *, by: Actor, at: datetime) -> UUID:
    address = PostalAddress.objects.create(**address_row(draft, party_id=customer.party_id, org_id=customer.party.org_id, at=at))
    leave_newer(customer, at=at)
    _announce(customer, address.id, draft.kind, by=by, at=at)
    return address.id


def _announce(customer: Record, address_id: UUID, kind: str, *, by: Actor, at: datetime) -> None:
    publish(AddressChanged(subject_id=address_id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                           kind=kind, changed_at=at), by=by, at=at)


def _end(customer: Record, address_id: UUID, *, at: datetime) -> PostalAddress:
    address = PostalAddress.objects.select_for_update(no_key=True).filter(
        id=address_id, party_id=customer.party_id, valid_until=None
    ).first()
    if address is None:
        raise NotFound
    address.valid_until = at
    address.save(update_fields=["valid_until"])
    return address


@verb("party.change")
def add_address(customer_id: UUID, draft: AddressDraft, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Add an address and return its id; its parts are read from the text where they are not given."""
    customer = open_record(customer_id, version=version)
    require(broken_in_address(draft, at=at))
    return _write(customer, draft, by=by, at=at)


@verb("party.change")
def change_address(
    customer_id: UUID, address_id: UUID, draft: AddressDraft, *, version: int | None = None, by: Actor, at: datetime
) -> UUID:
    """Replace an address: the one before ends now, the new one begins, and its id is returned."""
    customer = open_record(customer_id, version=version)
    require(broken_in_address(draft, at=at))
    _end(customer, address_id, at=at)
    return _write(customer, draft, by=by, at=at)


@verb("party.change")
def end_address(customer_id: UUID, address_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """End an address; it stays in the history. Returns the record's new version."""
    customer = open_record(customer_id, version=version)
    address = _end(customer, address_id, at=at)
    leave_newer(customer, at=at)
    _announce(customer, address.id, address.kind, by=by, at=at)
    return customer.version
