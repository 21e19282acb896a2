"""Reads of one customer for the pages that change it. Every value is masked by the database, by what the actor may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.party.queries.panels import MASKED_MEDIUM
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with its party. ``name`` and ``birth`` may be masked; ``version`` goes back with a change."""

    id: UUID
    party_id: UUID
    org_id: int
    version: int
    customer_no: str
    kind: str
    state: str
    party_state: str
    name: str
    gender: str
    birth: str | None
    nationality: str
    occupation: str
    industry: str
    language: str
    segment: str
    level: str
    manager_id: UUID | None
    since_on: date
    left_on: date | None
    credit_class: str
    credit_limit: Any
    completeness: int
    missing: list[str]
    verified_on: date | None
    merged_into: UUID | None
    characteristics: dict[str, Any]
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its number: what is shown is the mask that everybody may see."""

    id: UUID
    kind: str
    number: str
    issuer: str
    issued_on: date | None
    expires_on: date | None
    verified_at: datetime | None
    verification: str
    has_image: bool
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class MediumRow:
    """A way to reach the customer, masked by its kind."""

    id: UUID
    kind: str
    value: str
    preferred: bool
    verified_at: datetime | None
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address; ``full`` may be masked, the regions never are."""

    id: UUID
    kind: str
    country: str
    province: str
    city: str
    district: str
    full: str
    postcode: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """An answer to one purpose on one channel."""

    id: UUID
    purpose: str
    channel: str
    state: str
    source: str
    evidence: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class NameChangeRow:
    """A rename with both names, masked like the present one."""

    id: UUID
    name_before: str
    name_after: str
    reason: str
    changed_by: str
    changed_at: datetime


CUSTOMER = """
SELECT c.id, p.id, c.org_id, c.version, c.customer_no, p.kind, c.state, p.state,
  tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')), p.gender,
  tongke_mask_birth(p.birth_on, tongke_clear('birth')), p.nationality, p.occupation, p.industry, p.language,
  c.segment, c.level, c.manager_id, c.since_on, c.left_on, c.credit_class, c.credit_limit, p.completeness, p.missing,
  p.verified_on, p.merged_into_id, p.characteristics, c.created_at, c.changed_at
FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = %s
"""
OF_PARTY = "FROM {table} t JOIN party_customer c ON c.party_id = t.party_id WHERE c.id = %s ORDER BY t.valid_until DESC NULLS FIRST, {order}"
DOCUMENTS = """
SELECT t.id, t.kind, t.number_masked, t.issuer, t.issued_on, t.expires_on, t.verified_at, t.verification,
  t.image_cipher IS NOT NULL, t.valid_from, t.valid_until """ + OF_PARTY.format(table="party_identity_document", order="t.valid_from")
MEDIA = f"""
SELECT m.id, m.kind, {MASKED_MEDIUM}, m.preferred, m.verified_at, m.valid_from, m.valid_until
FROM party_contact_medium m JOIN party_customer c ON c.party_id = m.party_id WHERE c.id = %s
ORDER BY m.valid_until DESC NULLS FIRST, m.preferred DESC, m.kind, m.valid_from
"""
ADDRESSES = """
SELECT t.id, t.kind, t.country, t.province, t.city, t.district, tongke_mask_address(t."full", tongke_clear('address')), t.postcode,
  t.valid_from, t.valid_until """ + OF_PARTY.format(table="party_postal_address", order="t.kind, t.valid_from")
CONSENTS = """
SELECT t.id, t.purpose, t.channel, t.state, t.source, t.evidence, t.valid_from, t.valid_until """ + OF_PARTY.format(
    table="party_consent", order="t.purpose, t.channel, t.valid_from DESC")
NAME_CHANGES = """
SELECT t.id, tongke_mask_name(t.name_before, p.kind = 'organization' OR tongke_clear('name')),
  tongke_mask_name(t.name_after, p.kind = 'organization' OR tongke_clear('name')), t.reason, t.changed_by, t.changed_at
FROM party_name_change t JOIN party_party p ON p.id = t.party_id JOIN party_customer c ON c.party_id = p.id
WHERE c.id = %s ORDER BY t.changed_at DESC
"""


def _rows(made: type[T], statement: str, customer_id: UUID, *, by: Actor) -> list[T]:
    by.require("party.view")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(statement, [customer_id])
        return [made(*row) for row in cursor.fetchall()]


def customer(customer_id: UUID, *, by: Actor) -> CustomerRow:
    """Return one customer within the actor's scope; raises ``NotFound`` and ``NotPermitted``."""
    found = _rows(CustomerRow, CUSTOMER, customer_id, by=by)
    if not found:
        raise NotFound
    return replace(found[0], missing=_parsed(found[0].missing), characteristics=_parsed(found[0].characteristics))


def _parsed(value: Any) -> Any:
    """Return a JSON column read by a bare statement: the driver hands it over as text."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def documents_of(customer_id: UUID, *, by: Actor) -> list[DocumentRow]:
    """Return the customer's documents, those in force first."""
    return _rows(DocumentRow, DOCUMENTS, customer_id, by=by)


def media_of(customer_id: UUID, *, by: Actor) -> list[MediumRow]:
    """Return the customer's contact media, those in force first."""
    return _rows(MediumRow, MEDIA, customer_id, by=by)


def addresses_of(customer_id: UUID, *, by: Actor) -> list[AddressRow]:
    """Return the customer's addresses, those in force first."""
    return _rows(AddressRow, ADDRESSES, customer_id, by=by)


def consents_of(customer_id: UUID, *, by: Actor) -> list[ConsentRow]:
    """Return every answer of the customer, those in force first."""
    return _rows(ConsentRow, CONSENTS, customer_id, by=by)


def name_changes_of(customer_id: UUID, *, by: Actor) -> list[NameChangeRow]:
    """Return the customer's renames, newest first."""
    return _rows(NameChangeRow, NAME_CHANGES, customer_id, by=by)


def customer_of_party(party_id: UUID, *, by: Actor) -> UUID | None:
    """Return the customer that a party is, if the actor sees one."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM party_customer WHERE party_id = %s", [party_id])
        row = cursor.fetchone()
    return row[0] if row else None
