"""Privacy profiles: what a party answered to each purpose on each channel, asked and answered through the consent verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import queries, services
from tongke.areas.party.services import ConsentDraft
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.errors import AlreadyThere, UnknownReference
from tongke.tmf.kit.kept import MoveNotAllowed
from tongke.tmf.party.reading import engaged, way_of

PATH = "partyPrivacyProfileCharacteristic"


def _party(document: Any, *, by: Actor) -> UUID:
    """Return the party whose answers these are. Raises ``UnknownReference``, and ``Invalid`` where one agrees for another."""
    agreed = engaged(document.agreed_by_party, "agreedByParty", by=by)
    if agreed is None:
        raise UnknownReference(path="agreedByParty.id", value=document.agreed_by_party.id, field="agreedByParty.id")
    if document.applicable_for_party is not None:
        meant = engaged(document.applicable_for_party, "applicableForParty", by=by)
        if meant is None or meant.party_id != agreed.party_id:
            raise Invalid(what="applicableForParty.id", field="applicableForParty.id")
    return agreed.party_id


def _answers(items: Iterable[Any] | None) -> dict[tuple[str, str], Any]:
    """Return the characteristics by purpose and channel. Raises ``Invalid`` where two answer the same."""
    found: dict[tuple[str, str], Any] = {}
    for place, item in enumerate(items or ()):
        purpose, _slash, channel = item.name.partition("/")
        topic = (purpose, channel or "any")
        if topic in found or item.privacy_usage_purpose not in {None, purpose} or not isinstance(item.value, str):
            raise Invalid(what=f"{PATH}[{place}]", field=f"{PATH}[{place}]")
        found[topic] = item
    return found


def _evidence(item: Any, document: Any) -> str:
    """Return what shows an answer: as the item says, else the agreement that the profile names."""
    said = (item.model_extra or {}).get("evidence")
    return str(said or (document.agreement.id if document.agreement is not None else ""))


def _draft(topic: tuple[str, str], item: Any, document: Any, *, by: Actor) -> ConsentDraft:
    return ConsentDraft(purpose=topic[0], channel=topic[1], state=item.value, source=by.name[:60], evidence=_evidence(item, document))


def create(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Record the first answers of a party. Raises ``AlreadyThere`` where some are in force, and what the verbs refuse."""
    party_id = _party(document, by=by)
    if any(state != "withdrawn" for state in queries.answers_by_key(party_id, by=by).values()):
        raise AlreadyThere(what=f"partyPrivacyProfile {party_id}", field="agreedByParty.id")
    answers = _answers(document.party_privacy_profile_characteristic)
    if not answers:
        raise Invalid(what=PATH, field=PATH)
    for topic, item in answers.items():
        services.record_consent(party_id, _draft(topic, item, document, by=by), by=by, at=at)
    return party_id


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Record the answers that differ: a grant or denial as a new answer, a withdrawal as the end of a grant."""
    before, after = wanted.before, wanted.after
    if PATH in wanted.changed:
        held = _answers(before.party_privacy_profile_characteristic)
        for topic, item in _answers(after.party_privacy_profile_characteristic).items():
            old = held.get(topic)
            if old is not None and old.value == item.value:
                continue
            if item.value == "withdrawn":
                services.withdraw_consent(record_id, purpose=topic[0], channel=topic[1], evidence=_evidence(item, after), source=by.name[:60], by=by, at=at)
            else:
                services.record_consent(record_id, _draft(topic, item, after, by=by), by=by, at=at)
    if "status" in wanted.changed:
        if (before.status, after.status) != ("created", "terminated"):
            possible = "terminated" if before.status == "created" else "-"
            raise MoveNotAllowed(resource="partyPrivacyProfile", before=before.status, after=after.status or "-", possible=possible, field="status")
        remove(record_id, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Withdraw every answer: what was agreed can be proven, so the profile stays, as terminated."""
    services.withdraw_all_consents(record_id, source=by.name[:60], evidence=way_of(by), by=by, at=at)
