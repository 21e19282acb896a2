"""Contact media: adding, preferring, verifying and ending them; a phone number is a party's only for a time (T14)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events import ContactMediumAdded, ContactMediumEnded, CustomerChanged
from tongke.areas.party.models import ContactMedium
from tongke.areas.party.rules.drafts import MediumDraft
from tongke.areas.party.rules.media import ONLINE_KINDS, broken_in_medium, ends_after_start, medium_not_in_force, normal_value
from tongke.areas.party.services.consents import write_consent
from tongke.areas.party.services.records import Record, leave_newer, open_record
from tongke.areas.party.services.rows import medium_row, online_consent
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


def _in_force(party_id: UUID, kind: str) -> frozenset[str]:
    return frozenset(ContactMedium.objects.filter(party_id=party_id, kind=kind, valid_until=None).values_list("value", flat=True))


def _medium_of(customer: Record, medium_id: UUID) -> ContactMedium:
    medium = ContactMedium.objects.select_for_update(no_key=True).filter(
        id=medium_id, party_id=customer.party_id, valid_until=None
    ).first()
    if medium is None:
        raise NotFound
    return medium


def _announce_change(customer: Record, field: str, *, by: Actor, at: datetime) -> None:
    publish(CustomerChanged(subject_id=customer.subject_id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                            fields=[field], changed_at=at), by=by, at=at)


@verb("party.change")
def add_medium(customer_id: UUID, draft: MediumDraft, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Add a way to reach the customer and return its id; a preferred one takes the place of the one before.

    An online identity (WeChat, web) comes with its consent, which is recorded with it (A13).
    Raises ``NotFound``, ``Conflict``, ``RulesBroken`` (PTY-30 to PTY-34).
    """
    customer = open_record(customer_id, version=version)
    party_id, value = customer.party_id, normal_value(draft.kind, draft.given) or draft.given
    require([*broken_in_medium(draft, at=at),
             *collect((medium_not_in_force, {"value": value, "in_force": _in_force(party_id, draft.kind)}))])
    if draft.preferred:
        ContactMedium.objects.filter(party_id=party_id, kind=draft.kind, preferred=True).update(preferred=False)
    medium = ContactMedium.objects.create(**medium_row(draft, party_id=party_id, org_id=customer.party.org_id, at=at))
    if draft.kind in ONLINE_KINDS:
        write_consent(customer, online_consent(draft), by=by, at=at)
    leave_newer(customer, at=at)
    publish(ContactMediumAdded(subject_id=medium.id, customer_id=customer.id, org_id=customer.org_id, party_id=party_id,
                               kind=draft.kind, added_at=at), by=by, at=at)
    return medium.id


@verb("party.change")
def prefer_medium(customer_id: UUID, medium_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Make one medium the preferred of its kind; returns the record's new version."""
    customer = open_record(customer_id, version=version)
    medium = _medium_of(customer, medium_id)
    ContactMedium.objects.filter(party_id=customer.party_id, kind=medium.kind, preferred=True).exclude(id=medium.id).update(preferred=False)
    medium.preferred = True
    medium.save(update_fields=["preferred"])
    leave_newer(customer, at=at, rescore=False)
    _announce_change(customer, "preferred_medium", by=by, at=at)
    return customer.version


@verb("party.change")
def verify_medium(customer_id: UUID, medium_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Note that the customer was really reached here (a code was read back, a call answered)."""
    customer = open_record(customer_id, version=version)
    medium = _medium_of(customer, medium_id)
    medium.verified_at = at
    medium.save(update_fields=["verified_at"])
    leave_newer(customer, at=at, rescore=False)
    _announce_change(customer, "medium_verified", by=by, at=at)
    return customer.version


@verb("party.change")
def end_medium(
    customer_id: UUID, medium_id: UUID, *, valid_until: datetime | None = None, version: int | None = None, by: Actor, at: datetime
) -> int:
    """End a medium now, or at the earlier instant ``valid_until`` at which it stopped being the customer's.

    From then on the number may be another's. Returns the record's new version.
    """
    customer = open_record(customer_id, version=version)
    medium = _medium_of(customer, medium_id)
    ends_at = min(valid_until or at, at)
    require(collect((ends_after_start, {"valid_from": medium.valid_from, "valid_until": ends_at})))
    medium.valid_until, medium.preferred = ends_at, False
    medium.save(update_fields=["valid_until", "preferred"])
    leave_newer(customer, at=at)
    publish(ContactMediumEnded(subject_id=medium.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                               kind=medium.kind, ended_at=ends_at), by=by, at=at)
    return customer.version
