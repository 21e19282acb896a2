"""Identity documents: recording, verifying and ending them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.areas.party.events import DocumentEnded, DocumentRecorded
from tongke.areas.party.models import Customer, IdentityDocument
from tongke.areas.party.policy import policy_at
from tongke.areas.party.rules.customers import reason_is_given
from tongke.areas.party.rules.documents import (
    birth_in_number,
    broken_in_document,
    gender_in_number,
    is_citizen_number,
    not_expired,
    not_recorded_twice,
    within_documents_cap,
    within_records_cap,
)
from tongke.areas.party.rules.drafts import DocumentDraft
from tongke.areas.party.services.records import Record, leave_newer, open_record
from tongke.areas.party.services.rows import IMAGE_FIELD, document_row, number_index
from tongke.areas.party.states import PARTY, DocumentKind
from tongke.areas.staff.services import record_reveal
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.keys import document_key
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.sealing import open_bytes
from tongke.kernel.verb import verb


def _holders_elsewhere(number: bytes, *, party_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT party_document_holders(%s, %s)", [number, party_id])
        return int(cursor.fetchone()[0])


def _take_from_card(customer: Record, draft: DocumentDraft) -> list[str]:
    """Fill birth and sex from a resident identity card where the record has none; returns the fields filled."""
    party, number = customer.party, document_key(draft.number)
    if draft.kind != DocumentKind.RESIDENT_ID or not is_citizen_number(number):
        return []
    filled = []
    if party.birth_on is None:
        party.birth_on = birth_in_number(number)
        filled.append("birth_on")
    if not party.gender:
        party.gender = gender_in_number(number)
        filled.append("gender")
    return filled


def _verify_party(customer: Record, *, how: str, by: Actor, at: datetime) -> list[str]:
    """Let the identity stand as verified today; returns the fields to save."""
    if customer.party.state == "initialized":
        PARTY.move(customer.party, "validate", by=by, at=at, reason=how)
    customer.party.verified_on = by.day(at)
    return ["verified_on"]


@verb("party.change")
def add_document(customer_id: UUID, draft: DocumentDraft, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Record an identity document of a customer and return its id; the number is sealed before it is written.

    Raises ``NotFound``, ``Conflict``, ``RulesBroken`` (PTY-10 to PTY-21) and ``ImageRefused``.
    """
    if draft.verification:
        by.require("party.validate")
    customer = open_record(customer_id, version=version)
    party = customer.party
    policy = policy_at(at, party.org_id)
    index = number_index(draft.number)
    in_force = IdentityDocument.objects.filter(party_id=party.id, valid_until=None)
    held = frozenset(bytes(i).hex() for i in in_force.values_list("number_index", flat=True))
    require([
        *broken_in_document(draft, party_kind=party.kind, birth_on=party.birth_on, gender=party.gender, on=by.day(at)),
        *collect(
            (not_recorded_twice, {"number": index.hex(), "held": held}),
            (within_documents_cap, {"count": len(held) + 1, "limit": policy.documents_per_person_max}),
            (within_records_cap, {"count": _holders_elsewhere(index, party_id=party.id) + 1, "limit": policy.records_per_document_max}),
        ),
    ])
    document = IdentityDocument.objects.create(**document_row(draft, party_id=party.id, org_id=party.org_id, policy=policy, at=at))
    filled = _take_from_card(customer, draft)
    if draft.verification:
        filled += _verify_party(customer, how=draft.verification, by=by, at=at)
    leave_newer(customer, at=at, party_fields=filled, policy=policy)
    publish(DocumentRecorded(subject_id=document.id, customer_id=customer.id, org_id=customer.org_id, party_id=party.id,
                             kind=draft.kind, verified=bool(draft.verification), recorded_at=at), by=by, at=at)
    return document.id


def _document_of(customer: Record, document_id: UUID) -> IdentityDocument:
    document = IdentityDocument.objects.select_for_update(no_key=True).filter(
        id=document_id, party_id=customer.party_id, valid_until=None
    ).first()
    if document is None:
        raise NotFound
    return document


@verb("party.validate")
def verify_document(
    customer_id: UUID, document_id: UUID, *, how: str, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Note that a document was verified (``how``: card reader, face check, registry …) and with it the identity.

    Returns the record's new version. Raises ``NotFound``, ``Conflict``, ``RulesBroken``.
    """
    customer = open_record(customer_id, version=version)
    document = _document_of(customer, document_id)
    require(collect((reason_is_given, {"reason": how}), (not_expired, {"expires_on": document.expires_on, "on": by.day(at)})))
    document.verified_at, document.verification = at, how.strip()[:40]
    document.save(update_fields=["verified_at", "verification"])
    leave_newer(customer, at=at, party_fields=_verify_party(customer, how=how.strip(), by=by, at=at))
    publish(DocumentRecorded(subject_id=document.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                             kind=document.kind, verified=True, recorded_at=at), by=by, at=at)
    return customer.version


@verb("party.change")
def end_document(
    customer_id: UUID, document_id: UUID, *, reason: str, version: int | None = None, by: Actor, at: datetime
) -> int:
    """End a document: it stays in the history and no longer counts. Returns the record's new version."""
    customer = open_record(customer_id, version=version)
    document = _document_of(customer, document_id)
    require(collect((reason_is_given, {"reason": reason})))
    document.valid_until = at
    document.save(update_fields=["valid_until"])
    leave_newer(customer, at=at)
    publish(DocumentEnded(subject_id=document.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                          kind=document.kind, reason=reason.strip(), ended_at=at), by=by, at=at)
    return customer.version


@verb("party.reveal")
def reveal_image(customer_id: UUID, document_id: UUID, *, purpose: str, by: Actor, at: datetime) -> tuple[bytes, str]:
    """Return the picture of a document and its media type, for a stated purpose; the trace is written first.

    Raises ``NotFound``, ``PurposeNeeded``, ``SealBroken``.
    """
    found = IdentityDocument.objects.filter(
        id=document_id, party_id__in=Customer.objects.filter(id=customer_id).values("party_id")
    ).exclude(image_cipher=None).first()
    if found is None or found.image_cipher is None:
        raise NotFound
    record_reveal(customer_id=customer_id, org_id=found.org_id, purpose=purpose, clear=["id_number"], by=by, at=at)
    return open_bytes(found.image_cipher, field=IMAGE_FIELD), found.image_type
