"""Changing the customer record itself: its data, name, level and life."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.party.events import CustomerChanged, CustomerLevelChanged, CustomerRenamed, PartyStateChanged
from tongke.areas.party.models import Customer, IdentityDocument, NameChange
from tongke.areas.party.rules.customers import (
    as_text,
    birth_is_past,
    changes_something,
    evidence_is_in_force,
    has_verified_document,
    is_a_person,
    manager_is_fit,
    name_is_one,
    nationality_is_code,
    reason_is_given,
    rename_changes,
    unfit,
    words_are_known,
)
from tongke.areas.party.rules.documents import birth_fits_number, gender_fits_number
from tongke.areas.party.services.records import Record, leave_newer, open_customer, open_record
from tongke.areas.party.services.rows import DOCUMENT_FIELD, name_columns
from tongke.areas.party.states import PARTY, DocumentKind, PartyKind
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.sealing import unseal
from tongke.kernel.verb import verb


class _Unchanged:
    """Stands for "leave as it is" where ``None`` is a value."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Any = _Unchanged()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """New values of a customer's data; what is ``UNCHANGED`` stays. The name has a verb of its own."""

    gender: str = UNCHANGED
    birth_on: date | None = UNCHANGED
    nationality: str = UNCHANGED
    occupation: str = UNCHANGED
    industry: str = UNCHANGED
    language: str = UNCHANGED
    trading_name: str = UNCHANGED
    characteristics: dict[str, Any] = UNCHANGED

    def named(self) -> dict[str, Any]:
        """Return the values that are to change, by field."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not UNCHANGED}


def _broken_against_cards(customer: Record, *, gender: str, birth_on: date | None) -> list[Broken]:
    """Hold sex and birth against the resident identity cards in force."""
    cards = IdentityDocument.objects.filter(party_id=customer.party_id, kind=DocumentKind.RESIDENT_ID, valid_until=None)
    broken: list[Broken] = []
    for cipher in cards.values_list("number_cipher", flat=True):
        facts = {"kind": DocumentKind.RESIDENT_ID.value, "number": unseal(cipher, field=DOCUMENT_FIELD)}
        broken += collect((gender_fits_number, {**facts, "gender": gender}), (birth_fits_number, {**facts, "birth_on": birth_on}))
    return broken


@verb("party.change")
def change_customer(customer_id: UUID, change: CustomerChange, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Change a customer's data, or a party's that is none, and return the new version.

    Raises ``NotFound``, ``Conflict``, ``RulesBroken``.
    """
    customer = open_record(customer_id, version=version)
    party, owner = customer.party, customer.customer or Customer()
    changed = {name: value for name, value in change.named().items() if getattr(party, name) != value}
    for name, value in changed.items():
        setattr(party, name, value)
    require(collect(
        (changes_something, {"changes": len(changed)}),
        (words_are_known, {"kind": party.kind, "segment": owner.segment, "level": owner.level, "gender": party.gender,
                           "language": party.language}),
        (birth_is_past, {"birth_on": party.birth_on, "on": by.day(at)}),
        (nationality_is_code, {"nationality": party.nationality}),
    ) + unfit((("occupation", party.occupation, 60), ("industry", party.industry, 60),
              ("trading_name", party.trading_name, 200), ("characteristics", as_text(party.characteristics), 20_000))) + (_broken_against_cards(customer, gender=party.gender, birth_on=party.birth_on) if {"gender", "birth_on"} & set(changed) else []))
    leave_newer(customer, at=at, party_fields=changed)
    publish(CustomerChanged(subject_id=customer.subject_id, customer_id=customer.id, org_id=customer.org_id, party_id=party.id,
                            fields=sorted(changed), changed_at=at), by=by, at=at)
    return customer.version


@verb("party.rename")
def rename_customer(
    customer_id: UUID, *, name: str, reason: str, evidence_id: UUID | None = None, family_name: str = "", given_name: str = "",
    version: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Give a customer, or a party that is none, another name (改名) and return the id of the kept change.

    A person shows a document of theirs in force (``evidence_id``); the name before stays findable. The name's parts may
    be told apart. Raises ``NotFound``, ``Conflict``, ``RulesBroken``.
    """
    customer = open_record(customer_id, version=version)
    party, name = customer.party, name.strip()
    shown = evidence_id is not None and IdentityDocument.objects.filter(id=evidence_id, party_id=party.id, valid_until=None).exists()
    needed = party.kind == PartyKind.INDIVIDUAL or evidence_id is not None
    require(collect(
        (name_is_one, {"name": name}), (rename_changes, {"name": name, "present": party.name}), (reason_is_given, {"reason": reason}),
        (evidence_is_in_force, {"evidence_in_force": shown or not needed}),
    ) + unfit((("family_name", family_name, 100), ("given_name", given_name, 100))))
    kept = NameChange.objects.create(
        org_id=party.org_id, party=party, name_before=party.name, name_after=name, reason=reason.strip(),
        evidence_id=evidence_id, changed_by=by.name, changed_at=at,
    )
    columns = name_columns(name, family=family_name.strip(), given=given_name.strip())
    for field, value in columns.items():
        setattr(party, field, value)
    leave_newer(customer, at=at, party_fields=columns)
    publish(CustomerRenamed(subject_id=customer.subject_id, customer_id=customer.id, org_id=customer.org_id, party_id=party.id,
                            name_change_id=kept.id, renamed_at=at), by=by, at=at)
    return kept.id


def staff_is_active(staff_id: UUID) -> bool:
    """Tell whether the member of staff exists and is active."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM staff_staff WHERE id = %s AND is_active)", [staff_id])
        return bool(cursor.fetchone()[0])


@verb("party.change")
def set_level(
    customer_id: UUID, *, segment: str | None = None, level: str | None = None, manager_id: UUID | None = UNCHANGED,
    version: int | None = None, by: Actor, at: datetime,
) -> int:
    """Set segment, level and manager (``None`` for the manager means kept by nobody); returns the new version.

    Whoever sees only the customers they keep cannot give one away. Raises ``NotFound``, ``Conflict``, ``RulesBroken``.
    """
    customer = open_customer(customer_id, version=version)
    before = (customer.segment, customer.level, customer.manager_id)
    customer.segment, customer.level = segment or customer.segment, level or customer.level
    if manager_id is not UNCHANGED:
        customer.manager_id = manager_id
    new_manager = customer.manager_id if customer.manager_id != before[2] else None
    fit = (new_manager is None or staff_is_active(new_manager)) and (by.own_rows_of is None or customer.manager_id == by.own_rows_of)
    party = customer.party
    require(collect(
        (changes_something, {"changes": int(before != (customer.segment, customer.level, customer.manager_id))}),
        (words_are_known, {"kind": party.kind, "segment": customer.segment, "level": customer.level, "gender": party.gender,
                           "language": party.language}),
        (manager_is_fit, {"manager_fit": fit}),
    ))
    leave_newer(customer, at=at, customer_fields=("segment", "level", "manager_id"), rescore=False)
    publish(CustomerLevelChanged(subject_id=customer.id, customer_id=customer.id, org_id=customer.org_id, segment=customer.segment,
                                 level=customer.level, manager_id=customer.manager_id, changed_at=at), by=by, at=at)
    return customer.version


def announce_state(customer: Record, *, by: Actor, at: datetime) -> None:
    """Tell that the party is in another state."""
    publish(PartyStateChanged(subject_id=customer.subject_id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                              kind=customer.party.kind, state=customer.party.state, changed_at=at), by=by, at=at)


@verb("party.validate")
def validate_party(customer_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> int:
    """Mark the identity as verified today; a verified document must be in force. Verifying again renews the day."""
    customer = open_record(customer_id, version=version)
    party = customer.party
    verified = IdentityDocument.objects.filter(party_id=party.id, valid_until=None, verified_at__isnull=False).count()
    require(collect((has_verified_document, {"verified": verified})))
    if party.state == "initialized":
        PARTY.move(party, "validate", by=by, at=at)
    party.verified_on = by.day(at)
    leave_newer(customer, at=at, party_fields=("verified_on",))
    announce_state(customer, by=by, at=at)
    return customer.version


@verb("party.close")
def record_death(customer_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Record that a person has died; the record stays as it is from now on. Returns the new version."""
    customer = open_record(customer_id, version=version)
    require(collect((is_a_person, {"kind": customer.party.kind}), (reason_is_given, {"reason": reason})))
    PARTY.move(customer.party, "record_death", by=by, at=at, reason=reason.strip())
    leave_newer(customer, at=at, party_fields=("state",), rescore=False)
    announce_state(customer, by=by, at=at)
    return customer.version
