"""Documents of people and organisations turned into the verbs of the party room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import queries, services
from tongke.areas.party.services import CustomerChange, CustomerDraft
from tongke.kernel.actor import Actor
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.kept import MoveNotAllowed
from tongke.tmf.party.media import settle, ways
from tongke.tmf.party.reading import day_of, documents_of, reach, settle_documents, traits_of, way_of, whole_name
from tongke.tmf.party.trees import settle_parent


@dataclass(frozen=True, slots=True)
class Life:
    """The official life cycle of a kind of party: from each state those that may follow."""

    kind: str
    moves: Mapping[str, tuple[str, ...]]


PERSON = Life("individual", {"initialized": ("validated", "deceaded"), "validated": ("deceaded",)})
ORGANIZATION = Life("organization", {"initialized": ("validated", "closed"), "validated": ("closed",)})


def _name_of(document: Any) -> str:
    """Return a person's whole name: as told, else put together from its parts."""
    return (document.full_name or "").strip() or whole_name(document.family_name or "", document.given_name or "")


def create_person(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Record a person who is no customer. Raises ``MoveNotAllowed`` and what the verbs refuse."""
    draft = CustomerDraft(
        name=_name_of(document), kind="individual", family_name=document.family_name or "", given_name=document.given_name or "",
        gender=(document.gender or "").lower(), birth_on=day_of(document.birth_date), nationality=document.nationality or "CN",
        characteristics=traits_of(document.party_characteristic, "partyCharacteristic"),
        documents=documents_of(document.individual_identification, party_kind="individual", path="individualIdentification"), **reach(document),
    )
    made = services.record_party(draft, by=by, at=at)
    _begin(made, PERSON, document.status, by=by, at=at)
    return made


def create_organization(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Record an organisation that is no customer, below its parent where one is named."""
    draft = CustomerDraft(
        name=document.name or document.trading_name, kind="organization", segment="business", trading_name=document.trading_name,
        characteristics=traits_of(document.party_characteristic, "partyCharacteristic"),
        documents=documents_of(document.organization_identification, party_kind="organization", path="organizationIdentification"), **reach(document),
    )
    made = services.record_party(draft, by=by, at=at)
    settle_parent(made, document.organization_parent_relationship, by=by, at=at)
    _begin(made, ORGANIZATION, document.status, by=by, at=at)
    return made


def _begin(record_id: UUID, life: Life, status: str | None, *, by: Actor, at: datetime) -> None:
    """Let a new party be in the state that its document says, by way of the states before it."""
    if status not in {None, "initialized"}:
        _move(record_id, life, "initialized", status, by=by, at=at)


def _move(record_id: UUID, life: Life, before: str, after: str | None, *, by: Actor, at: datetime) -> None:
    """Move a party along the official life cycle. Raises ``MoveNotAllowed``."""
    possible = life.moves.get(before, ())
    if after not in possible:
        raise MoveNotAllowed(resource=life.kind, before=before, after=after or "-", possible=", ".join(possible) or "-", field="status")
    if after == "validated":
        services.validate_party(record_id, by=by, at=at)
    elif after == "closed":
        services.close_party(record_id, reason=way_of(by), by=by, at=at)
    else:
        services.record_death(record_id, reason=way_of(by), by=by, at=at)


def change_person(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change a person as far as a document says. A name changes with a document that the same request records."""
    before, after, changed = wanted.before, wanted.after, wanted.changed
    has_new_document = _settle_shared(record_id, wanted, "individual", "individualIdentification", by=by, at=at)
    if changed & {"fullName", "givenName", "familyName"}:
        name = (after.full_name or "") if "fullName" in changed else whole_name(after.family_name or "", after.given_name or "")
        services.rename_customer(record_id, name=name, family_name=after.family_name or "", given_name=after.given_name or "", reason=way_of(by),
                                 evidence_id=queries.newest_document(record_id, by=by) if has_new_document else None, by=by, at=at)
    values: dict[str, Any] = {}
    if "gender" in changed:
        values["gender"] = (after.gender or "").lower()
    if "birthDate" in changed:
        values["birth_on"] = day_of(after.birth_date)
    if "nationality" in changed:
        values["nationality"] = after.nationality or ""
    _change(record_id, wanted, values, by=by, at=at)
    if "status" in changed:
        _move(record_id, PERSON, before.status, after.status, by=by, at=at)


def change_organization(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change an organisation as far as a document says."""
    before, after, changed = wanted.before, wanted.after, wanted.changed
    _settle_shared(record_id, wanted, "organization", "organizationIdentification", by=by, at=at)
    if "name" in changed:
        services.rename_customer(record_id, name=after.name or "", reason=way_of(by), by=by, at=at)
    if "organizationParentRelationship" in changed:
        settle_parent(record_id, after.organization_parent_relationship, by=by, at=at)
    _change(record_id, wanted, {"trading_name": after.trading_name or ""} if "tradingName" in changed else {}, by=by, at=at)
    if "status" in changed:
        _move(record_id, ORGANIZATION, before.status, after.status, by=by, at=at)


def _settle_shared(record_id: UUID, wanted: Change, kind: str, documents: str, *, by: Actor, at: datetime) -> bool:
    """Settle contact media and identity documents; returns whether a document was recorded."""
    before, after = wanted.before, wanted.after
    if "contactMedium" in wanted.changed:
        settle(record_id, ways(before.contact_medium), ways(after.contact_medium), by=by, at=at)
    if documents not in wanted.changed:
        return False
    field = f"{kind}_identification"
    return settle_documents(record_id, getattr(before, field), getattr(after, field), party_kind=kind, path=documents, by=by, at=at)


def _change(record_id: UUID, wanted: Change, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    if "partyCharacteristic" in wanted.changed:
        values["characteristics"] = traits_of(wanted.after.party_characteristic, "partyCharacteristic")
    if values and (values != {"characteristics": traits_of(wanted.before.party_characteristic, "partyCharacteristic")}):
        services.change_customer(record_id, CustomerChange(**values), by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a party's record away from callers; raises ``CustomerInForce`` where it is a customer still."""
    services.retire_party(record_id, reason=way_of(by), by=by, at=at)
