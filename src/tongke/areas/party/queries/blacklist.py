"""Reads of the blacklist: what stands against somebody, and the entries for those who keep the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from tongke.areas.party.models import BlacklistAppeal, BlacklistEntry, ContactMedium
from tongke.areas.party.states import EFFECTS_BY_WEIGHT, BlacklistMatch
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.keys import address_key, document_key, mask_document, phone_e164
from tongke.kernel.sealing import blind_index

REASON = "party.see_blacklist_reason"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry in force; ``cause`` is ``None`` for whoever may not see reasons."""

    id: UUID
    match: str
    cause: str | None
    effect: str
    level: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Consultation:
    """What the blacklist says: the strictest effect (``None``: nothing stands against), and every entry."""

    effect: str | None
    level: int
    hits: tuple[Hit, ...]


def key_and_shown(match: str, value: str) -> tuple[str | None, str]:
    """Return (key, what may be shown) of a value; the key is ``None`` where the value has not the form of its kind."""
    if match == BlacklistMatch.ID_NUMBER:
        number = document_key(value)
        return (blind_index(number, field="party.document").hex(), mask_document(number)) if len(number) >= 4 else (None, "")
    if match == BlacklistMatch.PHONE:
        phone = phone_e164(value)
        return (_key("phone", phone), f"{phone[:-8]}****{phone[-4:]}") if phone else (None, "")
    if match == BlacklistMatch.DEVICE:
        device = document_key(value)
        return (_key("device", device), f"****{device[-4:]}") if len(device) >= 8 else (None, "")
    if match == BlacklistMatch.ADDRESS:
        place = address_key(value)
        return (_key("address", place), f"{value.strip()[:6]}****") if len(place) >= 6 else (None, "")
    return None, ""


def _key(kind: str, value: str) -> str:
    return blind_index(value, field=f"party.blacklist.{kind}").hex()


def consult_blacklist(
    *, party_id: UUID | None = None, id_numbers: tuple[str, ...] = (), phones: tuple[str, ...] = (),
    devices: tuple[str, ...] = (), addresses: tuple[str, ...] = (), by: Actor, at: datetime,
) -> Consultation:
    """Say what the blacklist of the whole operator holds against a person and the given facts (T16).

    A known party is followed through merges, with its documents and present phones. Reasons come only
    to an actor with ``party.see_blacklist_reason``.
    """
    given = [*(("id_number", v) for v in id_numbers), *(("phone", v) for v in phones),
             *(("device", v) for v in devices), *(("address", v) for v in addresses)]
    with acting(by), connection.cursor() as cursor:
        if party_id is not None:
            own = ContactMedium.objects.filter(party_id=party_id, kind__in=("mobile", "phone"), valid_until=None)
            given += [("phone", value) for value in own.values_list("value", flat=True)]
        keys = sorted({key for match, value in given if (key := key_and_shown(match, value)[0])})
        cursor.execute("SELECT id, match, cause, effect, level, expires_at FROM party_blacklist_hits(%s, %s, %s)", [party_id, keys, at])
        found = cursor.fetchall()
    hits = tuple(Hit(i, match, cause if by.may(REASON) else None, effect, level, ends) for i, match, cause, effect, level, ends in found)
    effects = {hit.effect for hit in hits}
    return Consultation(next((e.value for e in EFFECTS_BY_WEIGHT if e in effects), None), max((h.level for h in hits), default=0), hits)


def blacklist_visible_to(*, by: Actor) -> QuerySet[BlacklistEntry]:
    """Return the entries of the actor's scope, newest first; needs ``party.blacklist_view``."""
    by.require("party.blacklist_view")
    rows = BlacklistEntry.objects.order_by("-valid_from", "-id")
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as the page shows it; cause, source and note are empty without ``party.see_blacklist_reason``."""

    entry: BlacklistEntry
    reason_seen: bool
    cause: str
    source: str
    note: str
    appeals: tuple[BlacklistAppeal, ...]


def blacklist_entry(entry_id: UUID, *, by: Actor) -> EntryView:
    """Return one entry with its appeals; raises ``NotFound`` outside the scope."""
    with acting(by):
        entry = blacklist_visible_to(by=by).filter(id=entry_id).first()
        if entry is None:
            raise NotFound
        seen = by.may(REASON)
        appeals = tuple(BlacklistAppeal.objects.filter(entry=entry).order_by("-filed_at")) if seen else ()
    return EntryView(entry, seen, entry.get_cause_display() if seen else "", entry.source if seen else "", entry.note if seen else "", appeals)
