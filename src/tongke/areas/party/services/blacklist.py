"""The blacklist: entering, appealing, deciding, clearing (A6, T16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongke.areas.party.events import BlacklistAppealed, BlacklistCleared, BlacklistDecided, BlacklistEntered
from tongke.areas.party.models import BlacklistAppeal, BlacklistEntry, Customer
from tongke.areas.party.policy import policy_at
from tongke.areas.party.queries.blacklist import key_and_shown
from tongke.areas.party.queries.matching import surviving_party
from tongke.areas.party.rules.blacklist import (
    debt_names_account,
    decided_by_another,
    entered_once,
    entry_ends_later,
    entry_words_are_known,
    lifted_by_its_way,
    value_has_form,
)
from tongke.areas.party.rules.customers import org_is_ones_own, reason_is_given, unfit
from tongke.areas.party.states import BLACKLIST, BlacklistCause, BlacklistMatch
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

IN_FORCE = ("active", "appealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistDraft:
    """An entry to be made: on a customer's person (``customer_id``) or on a ``value`` (number, device, address).
    ``expires_at`` ``None`` takes the policy's days for the cause; ``forever`` leaves the end open.
    """

    match: str
    cause: str
    effect: str
    level: int = 1
    customer_id: UUID | None = None
    value: str = ""
    source: str = ""
    note: str = ""
    expires_at: datetime | None = None
    forever: bool = False
    debt_account_id: UUID | None = None
    org_id: int | None = None


def _subject(draft: BlacklistDraft) -> tuple[UUID | None, int | None, str | None, str]:
    """Return (party, its organisation, match key, what is shown); the person is the one that survived merges."""
    party_id = org_id = None
    customer_no = ""
    if draft.customer_id is not None:
        customer = Customer.objects.filter(id=draft.customer_id).first()
        if customer is None:
            raise NotFound
        party_id, org_id, customer_no = surviving_party(customer.party_id), customer.org_id, customer.customer_no
    if draft.match == BlacklistMatch.PARTY:
        return party_id, org_id, str(party_id) if party_id else None, customer_no
    key, shown = key_and_shown(draft.match, draft.value)
    return party_id, org_id, key, shown


def _expiry(draft: BlacklistDraft, *, org_id: int | None, at: datetime) -> datetime | None:
    if draft.forever or draft.expires_at is not None:
        return None if draft.forever else draft.expires_at
    known = draft.cause in BlacklistCause.values
    days = policy_at(at, org_id).blacklist_expiry_days.get(BlacklistCause(draft.cause)) if known else None
    return at + timedelta(days=days) if days else None


@verb("party.blacklist_enter")
def enter_blacklist(draft: BlacklistDraft, *, by: Actor, at: datetime) -> UUID:
    """Make an entry and return its id. Raises ``NotFound`` and ``RulesBroken`` (PTY-50 to PTY-54)."""
    party_id, org_of_party, key, shown = _subject(draft)
    org_id = draft.org_id or org_of_party or by.base_org_id
    expires_at = _expiry(draft, org_id=org_id, at=at)
    standing = BlacklistEntry.objects.filter(match=draft.match, match_key=key or "", cause=draft.cause, state__in=IN_FORCE)
    standing = standing.filter(debt_account_id=draft.debt_account_id).exclude(expires_at__lte=at)
    require(collect(
        (entry_words_are_known, {"match": draft.match, "cause": draft.cause, "effect": draft.effect, "level": draft.level}),
        (value_has_form, {"key": key}), (entry_ends_later, {"expires_at": expires_at, "at": at}),
        (debt_names_account, {"cause": draft.cause, "debt_account_id": draft.debt_account_id}),
        (entered_once, {"in_force": standing.count()}), (org_is_ones_own, {"sees_org": org_id is not None and by.sees(org_id)}),
    ) + unfit((("note", draft.note, 4000), ("source", draft.source, 60), ("value", draft.value, 400))))
    entry = BlacklistEntry.objects.create(
        org_id=org_id or 0, match=draft.match, match_key=key or "", match_shown=shown, party_id=party_id, cause=draft.cause,
        level=draft.level, effect=draft.effect, source=draft.source.strip()[:60], note=draft.note.strip(),
        debt_account_id=draft.debt_account_id, valid_from=at, expires_at=expires_at, entered_by=by.name,
    )
    publish(BlacklistEntered(subject_id=entry.id, customer_id=draft.customer_id, org_id=entry.org_id, match=entry.match,
                             effect=entry.effect, level=entry.level, entered_at=at), by=by, at=at)
    return entry.id


def _locked_entry(entry_id: UUID) -> BlacklistEntry:
    entry = BlacklistEntry.objects.select_for_update(no_key=True).filter(id=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


@verb("party.blacklist_enter")
def file_appeal(entry_id: UUID, *, reason: str, by: Actor, at: datetime) -> UUID:
    """File the party's appeal against an entry and return its id; the entry works on until it is decided."""
    entry = _locked_entry(entry_id)
    require(collect((reason_is_given, {"reason": reason})))
    BLACKLIST.move(entry, "appeal", by=by, at=at, reason=reason.strip())
    appeal = BlacklistAppeal.objects.create(org_id=entry.org_id, entry=entry, reason=reason.strip(), filed_by=by.name, filed_at=at)
    decide_by = at + timedelta(days=policy_at(at, entry.org_id).appeal_decision_days)
    publish(BlacklistAppealed(subject_id=appeal.id, org_id=entry.org_id, entry_id=entry.id, filed_at=at, decide_by=decide_by), by=by, at=at)
    return appeal.id


@verb("party.blacklist_decide")
def decide_appeal(entry_id: UUID, *, lift: bool, note: str, by: Actor, at: datetime) -> None:
    """Decide the open appeal: lift the entry or reject the appeal. Neither who entered nor who appealed may decide."""
    entry = _locked_entry(entry_id)
    appeal = BlacklistAppeal.objects.filter(entry=entry, decided_at=None).order_by("-filed_at").first()
    if appeal is None:
        raise NotFound
    require(collect(
        (reason_is_given, {"reason": note}),
        (decided_by_another, {"decided_by": by.name, "entered_by": entry.entered_by, "filed_by": appeal.filed_by}),
    ))
    BLACKLIST.move(entry, "lift" if lift else "reject_appeal", by=by, at=at, reason=note.strip())
    appeal.decision, appeal.decided_by = "lifted" if lift else "rejected", by.name
    appeal.decided_at, appeal.note = at, note.strip()
    appeal.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    publish(BlacklistDecided(subject_id=appeal.id, org_id=entry.org_id, entry_id=entry.id, decision=appeal.decision, decided_at=at),
            by=by, at=at)
    if lift:
        _announce_cleared(entry, "appeal", by=by, at=at)


@verb("party.blacklist_decide")
def lift_entry(entry_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Lift an entry by decision of a second person; debt entries clear by payment or on appeal only."""
    entry = _locked_entry(entry_id)
    require(collect(
        (reason_is_given, {"reason": reason}),
        (decided_by_another, {"decided_by": by.name, "entered_by": entry.entered_by, "filed_by": ""}),
        (lifted_by_its_way, {"cause": entry.cause, "appealed": entry.state == "appealed"}),
    ))
    BLACKLIST.move(entry, "lift", by=by, at=at, reason=reason.strip())
    BlacklistAppeal.objects.filter(entry=entry, decided_at=None).update(
        decision="lifted", decided_by=by.name, decided_at=at, note=reason.strip())
    _announce_cleared(entry, "decision", by=by, at=at)


@verb("party.blacklist_decide")
def clear_debt_entries(account_id: UUID, *, by: Actor, at: datetime) -> int:
    """Lift the debt entries of an account that has paid all it owed; returns how many. Called again, it does nothing."""
    entries = list(BlacklistEntry.objects.select_for_update(no_key=True).filter(
        debt_account_id=account_id, cause=BlacklistCause.DEBT, state__in=IN_FORCE))
    for entry in entries:
        BLACKLIST.move(entry, "lift", by=by, at=at, reason="paid")
        BlacklistAppeal.objects.filter(entry=entry, decided_at=None).update(decision="lifted", decided_by=by.name, decided_at=at, note="paid")
        _announce_cleared(entry, "paid", by=by, at=at)
    return len(entries)


@verb("party.blacklist_decide")
def expire_entries(*, by: Actor, at: datetime) -> int:
    """Close the entries whose end has come, for the books: they stopped working at that instant by themselves."""
    entries = list(BlacklistEntry.objects.select_for_update(no_key=True, skip_locked=True).filter(state__in=IN_FORCE, expires_at__lte=at))
    for entry in entries:
        BLACKLIST.move(entry, "expire", by=by, at=at)
        _announce_cleared(entry, "expired", by=by, at=at)
    return len(entries)


def _announce_cleared(entry: BlacklistEntry, how: str, *, by: Actor, at: datetime) -> None:
    customer_id = Customer.objects.filter(party_id=entry.party_id).values_list("id", flat=True).first() if entry.party_id else None
    publish(BlacklistCleared(subject_id=entry.id, customer_id=customer_id, org_id=entry.org_id, how=how, cleared_at=at), by=by, at=at)
