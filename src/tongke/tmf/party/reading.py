"""What documents say of people and organisations, in the words of the party room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import queries, services
from tongke.areas.party.queries import PartyStanding
from tongke.areas.party.services import CustomerDraft, DocumentDraft
from tongke.areas.party.states import DocumentKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.party.media import drafts, ways

PARTY_TYPES = {"individual": "Individual", "organization": "Organization"}
PARTY_PATHS = {"individual": "party/v4/individual", "organization": "party/v4/organization"}
KINDS = {word: kind for kind, word in PARTY_TYPES.items()}
DOCUMENT_KINDS = frozenset(DocumentKind.values)
CITIZEN = re.compile(r"\d{17}[\dXx]")


def is_han(text: str) -> bool:
    """Tell whether a text has 汉字."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def whole_name(family: str, given: str) -> str:
    """Return the name as it is written: 汉字 with the family name first and no blank, others with it last."""
    family, given = family.strip(), given.strip()
    return family + given if is_han(family + given) else f"{given} {family}".strip()


def day_of(instant: datetime | None) -> date | None:
    """Return the day that an instant stands for."""
    return instant.date() if instant is not None else None


def traits_of(items: Iterable[Any] | None, path: str, *, but: Iterable[str] = ()) -> dict[str, Any]:
    """Return characteristics by name, without those named in ``but``. Raises ``Invalid`` where a name stands twice."""
    found: dict[str, Any] = {}
    for place, item in enumerate(items or ()):
        if item.name in found:
            raise Invalid(what=f"{path}[{place}].name", field=f"{path}[{place}].name")
        found[item.name] = item.value
    return {name: value for name, value in found.items() if name not in set(but)}


def document_kind(words: str, number: str, *, party_kind: str) -> str:
    """Return the room's kind of an identity document from what a sender calls it."""
    word = re.sub(r"[^a-z]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words).lower()).strip("_")
    if word in DOCUMENT_KINDS:
        return word
    if "passport" in word:
        return "passport"
    if party_kind == "organization" and ("licen" in word or "credit_code" in word or "business" in word):
        return "business_licence"
    if CITIZEN.fullmatch(number.strip()) and ("identity" in word or "id" in word.split("_") or "national" in word):
        return "resident_id"
    return "other"


def document_draft(item: Any, *, party_kind: str, path: str) -> DocumentDraft:
    """Return an identification as a document to be recorded. Raises ``Invalid`` where it has no number."""
    number = (item.identification_id or "").strip()
    if not number or "*" in number:
        raise Invalid(what=f"{path}.identificationId", field=f"{path}.identificationId")
    ends = item.valid_for.end_date_time if item.valid_for else None
    return DocumentDraft(kind=document_kind(item.identification_type or "", number, party_kind=party_kind), number=number,
                         issuer=item.issuing_authority or "", issued_on=day_of(item.issuing_date), expires_on=day_of(ends))


def documents_of(items: Sequence[Any] | None, *, party_kind: str, path: str) -> tuple[DocumentDraft, ...]:
    """Return all identifications of a new document."""
    return tuple(document_draft(item, party_kind=party_kind, path=f"{path}[{place}]") for place, item in enumerate(items or ()))


def _ident(item: Any) -> str:
    return str((item.model_extra or {}).get("id") or getattr(item, "id", None) or "")


def settle_documents(
    record_id: UUID, before: Sequence[Any] | None, after: Sequence[Any] | None, *, party_kind: str, path: str, by: Actor, at: datetime
) -> bool:
    """Make the record agree with the identifications of a document; returns whether one was recorded.

    One that is sent as it was read stays; one that is gone ends; one with another number is a new one.
    """
    held = {_ident(item): item for item in before or ()}
    kept = {_ident(item) for item in after or () if _ident(item) in held and not _differs(held[_ident(item)], item)}
    for ident in held:
        if ident and ident not in kept:
            services.end_document(record_id, UUID(ident), reason=way_of(by), by=by, at=at)
    added = [(place, item) for place, item in enumerate(after or ()) if _ident(item) not in kept]
    for place, item in added:
        services.add_document(record_id, document_draft(item, party_kind=party_kind, path=f"{path}[{place}]"), by=by, at=at)
    return bool(added)


def _differs(old: Any, new: Any) -> bool:
    def facts(item: Any) -> tuple[Any, ...]:
        ends = item.valid_for.end_date_time if item.valid_for else None
        return item.identification_id, item.identification_type, item.issuing_authority, item.issuing_date, ends

    return facts(old) != facts(new)


def way_of(by: Actor) -> str:
    """Return the reason that stands where the sender gave none: that another system asked for it."""
    return f"asked by {by.name}"[:200]


def engaged(reference: Any, path: str, *, by: Actor) -> PartyStanding | None:
    """Return the party that a reference means: by an id of ours, or by the sender's own key that was claimed before.

    ``None`` is a key of the sender's that is new. Raises ``UnknownReference`` for an id of ours that is out of sight.
    """
    try:
        ident = UUID(reference.id)
    except ValueError:
        known = queries.party_of_foreign_key(by.name, reference.id, by=by)
        return queries.party_standing(known, by=by) if known is not None else None
    found = queries.party_standing(ident, by=by)
    if found is None:
        raise UnknownReference(path=f"{path}.id", value=reference.id, field=f"{path}.id")
    return found


def kind_of_reference(reference: Any, path: str) -> str:
    """Return what kind of party a reference to a new one means. Raises ``Invalid`` where it does not say."""
    kind = KINDS.get(reference.at_referred_type or "")
    if kind is None:
        raise Invalid(what=f"{path}.@referredType: Individual, Organization", field=f"{path}.@referredType")
    return kind


def party_of(reference: Any, path: str, *, by: Actor, at: datetime) -> UUID:
    """Return the party that a reference means, recorded anew where the sender's key is new."""
    found = engaged(reference, path, by=by)
    if found is not None:
        return found.party_id
    kind = kind_of_reference(reference, path)
    made = services.record_party(CustomerDraft(name=reference.name or "", kind=kind), by=by, at=at)
    services.claim_foreign_key(made, source=by.name, foreign_key=reference.id, by=by, at=at)
    return made


def reach(document: Any) -> Mapping[str, Any]:
    """Return media and addresses of a new document as the draft's fields."""
    media, addresses = drafts(ways(document.contact_medium))
    return {"media": media, "addresses": addresses}
