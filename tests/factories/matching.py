"""Made-up parties with everything that a merge moves, for tests of duplicates, merges and trees."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tests.factories.accounts import NOON, TESTER, bare_customer
from tongke.areas.party.models import (
    BlacklistEntry,
    Consent,
    ContactMedium,
    CreditRating,
    Customer,
    IdentityDocument,
    Party,
    PartyRelation,
    PostalAddress,
    SourceKey,
)
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7
from tongke.kernel.keys import address_key, document_key, mask_document, name_key, name_pinyin
from tongke.kernel.sealing import blind_index, seal

# Every table in which a merge may change anything.
TOUCHED = (
    "party_party", "party_customer", "party_identity_document", "party_contact_medium", "party_postal_address", "party_consent",
    "party_blacklist_entry", "party_relation", "party_source_key", "party_credit_rating", "party_name_change", "party_duplicate_pair",
    "account_billing_account", "inventory_subscriber", "inventory_subscriber_role", "inventory_payer", "inventory_product",
    "contact_centre_interaction",
)
EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def person(name: str, *, kind: str = "individual", org_id: int = 3301, birth_on: date | None = None, **more: Any) -> Party:
    """A party without a customer."""
    full, initials = name_pinyin(name)
    with acting(TESTER):
        return Party.objects.create(
            org_id=org_id, kind=kind, state="validated", name=name, name_key=name_key(name), pinyin_full=full, pinyin_initials=initials,
            birth_on=birth_on, created_at=NOON, changed_at=NOON, **more,
        )


def document(party_id: UUID, number: str, *, kind: str = "resident_id", verified: bool = False, **more: Any) -> IdentityDocument:
    """A document in force."""
    with acting(TESTER):
        return IdentityDocument.objects.create(
            org_id=3301, party_id=party_id, kind=kind, number_cipher=seal(number, field="party.document"),
            number_index=blind_index(document_key(number), field="party.document"), number_masked=mask_document(number),
            verified_at=NOON if verified else None, **{"valid_from": EARLY, **more},
        )


def phone(party_id: UUID, value: str, *, since: datetime = EARLY, until: datetime | None = None, **more: Any) -> ContactMedium:
    """A mobile phone held over a period."""
    with acting(TESTER):
        return ContactMedium.objects.create(
            org_id=3301, party_id=party_id, kind="mobile", value=value, given=value, valid_from=since, valid_until=until, **more,
        )


def address(party_id: UUID, full: str, **more: Any) -> PostalAddress:
    """A home address."""
    with acting(TESTER):
        return PostalAddress.objects.create(
            org_id=3301, party_id=party_id, full=full, street_key=address_key(full), place_key=address_key(full)[-8:], **{"valid_from": EARLY, **more},
        )


def consent(party_id: UUID, purpose: str, state: str, *, channel: str = "any") -> Consent:
    """An answer in force."""
    with acting(TESTER):
        return Consent.objects.create(org_id=3301, party_id=party_id, purpose=purpose, channel=channel, state=state, valid_from=EARLY)


def rating(customer: Customer, score: int, credit_class: str) -> CreditRating:
    """A rating in force."""
    with acting(TESTER):
        return CreditRating.objects.create(
            org_id=3301, customer=customer, score=score, credit_class=credit_class, credit_limit="300.00", rated_by="t", valid_from=EARLY,
        )


def blacklisted(party_id: UUID) -> BlacklistEntry:
    """An entry on the party itself."""
    with acting(TESTER):
        return BlacklistEntry.objects.create(
            org_id=3301, match="party", match_key=str(party_id), match_shown="*", party_id=party_id, cause="debt", effect="refuse",
            valid_from=EARLY, entered_by="t",
        )


def relation(tree: str, parent_id: UUID, child_id: UUID, *, since: datetime = EARLY, until: datetime | None = None) -> PartyRelation:
    """A membership."""
    with acting(TESTER):
        return PartyRelation.objects.create(
            org_id=3301, tree=tree, parent_id=parent_id, child_id=child_id, valid_from=since, valid_until=until,
        )


def source_key(subject_id: UUID, source: str, key: str, *, noun: str = "party") -> SourceKey:
    """The key under which a source knows a record."""
    with acting(TESTER):
        return SourceKey.objects.create(
            org_id=3301, source=source, noun=noun, key=key, subject_id=subject_id, digest=b"0" * 16, first_seen_at=NOON, last_changed_at=NOON,
        )


def interaction(customer_id: UUID, subject: str) -> UUID:
    """A contact."""
    made = uuid7()
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact_centre_interaction (occurred_at, id, org_id, customer_id, channel, direction, kind, subject)"
            " VALUES (%s, %s, 3301, %s, 'call', 'inbound', 'question', %s)", [NOON, made, customer_id, subject],
        )
    return made


def all_rows() -> dict[str, list[str]]:
    """Every row of every touched table as the database writes it, sorted: equal before and after means restored exactly."""
    out = {}
    with acting(TESTER), connection.cursor() as cursor:
        for table in TOUCHED:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            out[table] = [row for (row,) in cursor.fetchall()]
    return out


__all__ = ["NOON", "TESTER", "bare_customer"]
