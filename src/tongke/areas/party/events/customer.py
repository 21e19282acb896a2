"""Facts about customers and what belongs to their record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class CustomerCreated(Event):
    """A customer was recorded; ``subject_id`` is the customer. ``party_known``: the party stood on record before."""

    party_id: UUID
    customer_no: str
    kind: str
    segment: str
    created_at: datetime
    party_known: bool = False


class PartyRecorded(Event):
    """A person or an organisation was recorded that is no customer; ``subject_id`` is the party."""

    party_id: UUID
    kind: str
    recorded_at: datetime


class CustomerStateChanged(Event):
    """The relation to a customer is in another state; ``before`` is the one it was in, ``closed`` that it stays so."""

    party_id: UUID
    before: str
    state: str
    changed_at: datetime
    closed: bool = False


class CustomersImported(Event):
    """A chunk of customers was loaded; ``subject_id`` is the run."""

    source: str
    created: int
    updated: int
    imported_at: datetime


class CustomerChanged(Event):
    """Values of the record changed; ``fields`` names them, never their values."""

    party_id: UUID
    fields: list[str]
    changed_at: datetime


class CustomerRenamed(Event):
    """The customer has another name; the names stand in the record, not in the event."""

    party_id: UUID
    name_change_id: UUID
    renamed_at: datetime


class CustomerLevelChanged(Event):
    """Segment, level or manager changed."""

    segment: str
    level: str
    manager_id: UUID | None
    changed_at: datetime


class PartyStateChanged(Event):
    """The party was verified, died or was closed; ``kind`` is what it is."""

    party_id: UUID
    kind: str = ""
    state: str
    changed_at: datetime


class PartyRetired(Event):
    """A closed party's record is given to no other system any more."""

    party_id: UUID
    kind: str
    retired_at: datetime


class CustomerLeft(Event):
    """The customer's relation to the operator ended."""

    left_at: datetime


class DocumentRecorded(Event):
    """An identity document was recorded or verified; ``subject_id`` is the document."""

    party_id: UUID
    kind: str
    verified: bool
    recorded_at: datetime


class DocumentEnded(Event):
    """An identity document is no longer in force; ``subject_id`` is the document."""

    party_id: UUID
    kind: str
    reason: str
    ended_at: datetime


class ContactMediumAdded(Event):
    """A way to reach the party was added; ``subject_id`` is the medium."""

    party_id: UUID
    kind: str
    added_at: datetime


class ContactMediumEnded(Event):
    """A way to reach the party ended; ``subject_id`` is the medium."""

    party_id: UUID
    kind: str
    ended_at: datetime


class AddressChanged(Event):
    """An address was added, replaced or ended; ``subject_id`` is the address."""

    party_id: UUID
    kind: str
    changed_at: datetime
