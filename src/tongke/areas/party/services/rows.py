"""Drafts turned into finished rows: every derived column (keys, digests, seals, parts) is made here, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongke.areas.party.policy import PartyPolicy
from tongke.areas.party.rules.addresses import address_parts
from tongke.areas.party.rules.completeness import completeness
from tongke.areas.party.rules.credit import credit_band
from tongke.areas.party.rules.documents import birth_in_number, gender_in_number, is_citizen_number
from tongke.areas.party.rules.drafts import AddressDraft, ConsentDraft, CustomerDraft, DocumentDraft, MediumDraft
from tongke.areas.party.rules.media import PHONE_KINDS, normal_value
from tongke.areas.party.services.images import check_image
from tongke.areas.party.states import DocumentKind
from tongke.kernel.ids import uuid7
from tongke.kernel.keys import document_key, mask_document, name_key, name_pinyin
from tongke.kernel.sealing import blind_index, seal, seal_bytes

DOCUMENT_FIELD = "party.document"
IMAGE_FIELD = "party.document_image"


def number_index(number: str) -> bytes:
    """Return the keyed digest under which a document's number is found."""
    return blind_index(document_key(number), field=DOCUMENT_FIELD)


def name_columns(name: str, *, family: str = "", given: str = "") -> dict[str, str]:
    """Return the name, the three keys by which it is searched, and its parts where they are told apart: a new name
    never keeps the parts of the one before.
    """
    full, initials = name_pinyin(name)
    return {"name": name, "name_key": name_key(name), "pinyin_full": full[:400], "pinyin_initials": initials[:100],
            "family_name": family, "given_name": given}


def known_from_documents(draft: CustomerDraft) -> tuple[date | None, str]:
    """Return birth and sex as stated, or else as a resident identity card holds them."""
    born, gender = draft.birth_on, draft.gender
    for document in draft.documents:
        number = document_key(document.number)
        if document.kind == DocumentKind.RESIDENT_ID and is_citizen_number(number):
            born, gender = born or birth_in_number(number), gender or gender_in_number(number)
    return born, gender


def fields_present(draft: CustomerDraft, *, on: date) -> set[str]:
    """Return the fields of completeness that a new record has: the same words as ``party_present_fields``."""
    born, gender = known_from_documents(draft)
    documents, kinds = draft.documents, {medium.kind for medium in draft.media}
    held = {
        "name": draft.name, "birth_on": born, "gender": gender, "industry": draft.industry, "occupation": draft.occupation,
        "document": documents, "document_current": any(d.expires_on is None or d.expires_on > on for d in documents),
        "document_verified": any(d.verification for d in documents), "phone": kinds & PHONE_KINDS, "email": "email" in kinds,
        "address": draft.addresses, "consent": draft.consents,
    }
    return {name for name, value in held.items() if value}


def party_row(draft: CustomerDraft, *, party_id: UUID, org_id: int, policy: PartyPolicy, on: date, at: datetime) -> dict[str, Any]:
    """Return the finished row of the party, its completeness included; ``on`` is the day that it is where it is recorded."""
    born, gender = known_from_documents(draft)
    present = fields_present(draft, on=at.date())
    score, missing = completeness(present, policy.completeness_weights[draft.kind])  # type: ignore[index] # a checked value of the enum
    verified = "document_verified" in present
    return {
        "id": party_id, "org_id": org_id, "kind": draft.kind, "state": "validated" if verified else "initialized",
        **name_columns(draft.name.strip(), family=draft.family_name.strip(), given=draft.given_name.strip()),
        "trading_name": draft.trading_name.strip(), "gender": gender, "birth_on": born, "nationality": draft.nationality,
        "occupation": draft.occupation, "industry": draft.industry, "language": draft.language,
        "characteristics": draft.characteristics, "completeness": score, "missing": missing,
        "verified_on": on if verified else None, "retired": None, "merged_into_id": None, "version": 1, "created_at": at, "changed_at": at,
    }


def customer_row(
    draft: CustomerDraft, *, customer_id: UUID, party_id: UUID, org_id: int, manager_id: UUID | None, policy: PartyPolicy, on: date, at: datetime
) -> dict[str, Any]:
    """Return the finished row of the customer; its number is given by the database where the draft brings none."""
    band = credit_band(policy.credit_points.start, policy.credit_bands)
    return {
        "id": customer_id, "org_id": org_id, "party_id": party_id, "customer_no": draft.customer_no, "state": draft.state,
        "segment": draft.segment, "level": draft.level, "manager_id": manager_id, "since_on": draft.since_on or on,
        "left_on": None, "credit_class": band.credit_class, "credit_limit": str(band.credit_limit), "currency": "CNY",
        "risk_score": None, "value_score": None, "scored_at": None, "characteristics": draft.traits, "closed": None, "version": 1,
        "created_at": at, "changed_at": at,
    }


def document_row(
    draft: DocumentDraft, *, party_id: UUID, org_id: int, policy: PartyPolicy, at: datetime
) -> dict[str, Any]:
    """Return the finished row of a document: number and image sealed, number found by its digest only.

    Raises ``ImageRefused`` where the image is none, or too large.
    """
    number = document_key(draft.number)
    image_type = check_image(draft.image, policy=policy) if draft.image else ""
    return {
        "id": uuid7(), "org_id": org_id, "party_id": party_id, "kind": draft.kind,
        "number_cipher": seal(number, field=DOCUMENT_FIELD), "number_index": number_index(number),
        "number_masked": mask_document(number)[:40], "issuer": draft.issuer.strip(), "issued_on": draft.issued_on,
        "expires_on": draft.expires_on, "verified_at": at if draft.verification else None, "verification": draft.verification,
        "image_cipher": seal_bytes(draft.image, field=IMAGE_FIELD) if draft.image else None, "image_type": image_type,
        "valid_from": at, "valid_until": None,
    }


def medium_row(draft: MediumDraft, *, party_id: UUID, org_id: int, at: datetime) -> dict[str, Any]:
    """Return the finished row of a medium, in its normal form and as given."""
    return {
        "id": uuid7(), "org_id": org_id, "party_id": party_id, "kind": draft.kind,
        "value": normal_value(draft.kind, draft.given) or draft.given, "given": draft.given.strip(), "preferred": draft.preferred,
        "verified_at": None, "valid_from": draft.valid_from or at, "valid_until": None,
    }


def address_row(draft: AddressDraft, *, party_id: UUID, org_id: int, at: datetime) -> dict[str, Any]:
    """Return the finished row of an address with its parts and search keys."""
    parts = address_parts(draft)
    return {
        "id": uuid7(), "org_id": org_id, "party_id": party_id, "kind": draft.kind, "country": draft.country,
        "province": parts.province, "city": parts.city, "district": parts.district, "street": parts.street, "place": parts.place,
        "detail": parts.detail, "postcode": parts.postcode, "full": parts.full, "street_key": parts.street_key,
        "place_key": parts.place_key, "valid_from": draft.valid_from or at, "valid_until": None,
    }


def consent_row(draft: ConsentDraft, *, party_id: UUID, org_id: int, at: datetime) -> dict[str, Any]:
    """Return the finished row of an answer."""
    return {
        "id": uuid7(), "org_id": org_id, "party_id": party_id, "purpose": draft.purpose, "channel": draft.channel,
        "state": draft.state, "source": draft.source.strip()[:60], "evidence": draft.evidence.strip(), "valid_from": at, "valid_until": None,
    }


def online_consent(medium: MediumDraft) -> ConsentDraft:
    """Return the consent that comes with an online identity: what is done there may be joined to the record (A13)."""
    return ConsentDraft(purpose="profiling", channel="app", state="granted", source=f"online identity ({medium.kind})"[:60],
                        evidence=medium.consent)
