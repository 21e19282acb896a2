"""Payment methods of customers: what an account may be paid with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongke.areas.account import events, rules
from tongke.areas.account.errors import MeansKnown
from tongke.areas.account.models import BillingAccount, MeansAccount, PaymentMeans
from tongke.areas.account.states import PAYMENT_MEANS, MeansKind
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound, Refused
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.sealing import blind_index, seal
from tongke.kernel.verb import verb

FIELD = "account.payment_means"
CHANGEABLE = ("name", "description", "preferred", "valid_from", "valid_until")
BANK_ACCOUNTS = (MeansKind.BANK_ACCOUNT_DEBIT, MeansKind.BANK_ACCOUNT_TRANSFER, MeansKind.DIRECT_DEBIT)
MOVES = {("active", "suspended"): "suspend", ("suspended", "active"): "resume", ("active", "ended"): "end", ("suspended", "ended"): "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansDraft:
    """A payment method to record. ``number`` is the whole card or account number or token; it is sealed or forgotten."""

    kind: str
    name: str
    description: str = ""
    preferred: bool = False
    number: str = ""
    security_code: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def _shown(signs: str) -> str:
    """Return what may be seen of a number: its last four signs, of a short one fewer, so that most of it stays hidden."""
    return f"**** {signs[-min(4, len(signs) // 3):]}" if len(signs) >= 3 else "****"


def _number_facts(kind: str, number: str) -> dict[str, Any]:
    """Return what is kept of a number: its last four signs, its digest, and the whole only where money is drawn with it."""
    signs = "".join(number.split()).replace("-", "")
    if not signs:
        return {}
    drawn = None if kind == MeansKind.BANK_CARD else seal(signs, field=FIELD)
    return {"number_shown": _shown(signs), "number_cipher": drawn, "number_index": blind_index(signs.upper(), field=FIELD)}


def _number_checks(kind: str, number: str) -> list[Any]:
    signs = "".join(number.split()).replace("-", "")
    shown = _shown(signs)
    if kind == MeansKind.BANK_CARD:
        return [(rules.is_card_number, {"number": shown, "digits": signs})]
    if kind in BANK_ACCOUNTS:
        return [(rules.is_bank_account_number, {"number": shown, "digits": signs})]
    return []


def _accounts(ids: Sequence[UUID], customer_id: UUID | None) -> tuple[list[BillingAccount], list[Broken]]:
    """Return the accounts, locked against closing, and what stands against paying them. Raises ``NotFound``."""
    found = list(BillingAccount.objects.select_for_update(of=("self",), no_key=True).filter(id__in=ids).order_by("id"))
    if len(found) != len(set(ids)):
        raise NotFound
    checks = [check for account in found for check in (
        (rules.account_is_open, {"state": account.state}),
        (rules.account_is_the_customers,
         {"account_no": account.account_no, "account_customer": account.customer_id, "customer": customer_id}),
    )]
    return found, collect(*checks)


def _prefer(customer_id: UUID | None, but: UUID | None, *, at: datetime) -> None:
    """Take the preference from the customer's other payment methods: one is preferred."""
    if customer_id is not None:
        others = PaymentMeans.objects.filter(customer_id=customer_id, preferred=True)
        (others.exclude(id=but) if but else others).update(preferred=False, changed_at=at)


def _refusal(taken: IntegrityError, facts: dict[str, Any]) -> Refused:
    """Return what stands against a write: the number is known, or another method became the preferred one at this moment."""
    return MeansKnown(number=facts.get("number_shown", "")) if "payment_means_number_once" in str(taken) else Conflict()


@verb("account.keep_means")
def record_payment_means(
    draft: MeansDraft, *, customer_id: UUID | None = None, account_ids: Sequence[UUID] = (), by: Actor, at: datetime,
) -> UUID:
    """Record a payment method and return its id. Raises ``MeansKnown``, ``RulesBroken``, ``NotFound``."""
    customer = parties.customer_brief(customer_id, lock=True) if customer_id else None
    accounts, broken = _accounts(account_ids, customer_id)
    org_id = customer.org_id if customer else accounts[0].org_id if accounts else by.base_org_id
    if org_id is None:
        raise NotFound
    require([*broken, *collect(
        (rules.customer_may_have_accounts, {"state": customer.state}) if customer else None,
        (rules.has_no_security_code, {"security_code": draft.security_code}), *(_number_checks(draft.kind, draft.number) if draft.number else ()),
        (rules.means_has_a_name, {"name": draft.name}),
        (rules.means_ends_after_it_begins, {"valid_from": draft.valid_from or at, "valid_until": draft.valid_until}),
    )])
    if draft.preferred:
        _prefer(customer_id, None, at=at)
    facts = _number_facts(draft.kind, draft.number)
    try:
        with transaction.atomic():
            made = PaymentMeans.objects.create(
                org_id=org_id, customer_id=customer_id, kind=draft.kind, name=draft.name, description=draft.description, preferred=draft.preferred,
                state_at=at, valid_from=draft.valid_from or at, valid_until=draft.valid_until, created_at=at, changed_at=at, **facts)
    except IntegrityError as taken:
        raise _refusal(taken, facts) from taken
    MeansAccount.objects.bulk_create([MeansAccount(org_id=org_id, means=made, account=account) for account in accounts])
    publish(events.PaymentMeansRecorded(subject_id=made.id, customer_id=customer_id, org_id=org_id, kind=draft.kind), by=by, at=at)
    return made.id


def _locked(means_id: UUID) -> PaymentMeans:
    found = PaymentMeans.objects.select_for_update(of=("self",)).filter(id=means_id).first()
    if found is None:
        raise NotFound
    return found


@verb("account.keep_means")
def change_payment_means(
    *, means_id: UUID, changes: dict[str, Any], number: str | None = None, account_ids: Sequence[UUID] | None = None,
    security_code: str | None = None, by: Actor, at: datetime,
) -> None:
    """Change what of ``changes`` differs (``CHANGEABLE`` fields), give another ``number``, name the accounts it pays."""
    means = _locked(means_id)
    require(collect(
        (rules.means_is_in_force, {"state": means.state}), (rules.has_no_security_code, {"security_code": security_code}),
        *(_number_checks(means.kind, number) if number else ()),
        (rules.means_ends_after_it_begins, {
            "valid_from": changes.get("valid_from", means.valid_from), "valid_until": changes.get("valid_until", means.valid_until)}),
        (rules.means_has_a_name, {"name": changes.get("name", means.name)}),
    ))
    facts = {name: value for name, value in changes.items() if name in CHANGEABLE and value != getattr(means, name)}
    facts |= _number_facts(means.kind, number or "")
    told = [name for name in facts if not name.startswith("number_")] + (["number"] if number else [])
    if account_ids is not None and _pay(means, account_ids):
        told.append("accounts")
    if not told:
        return
    if facts.get("preferred"):
        _prefer(means.customer_id, means.id, at=at)
    try:
        with transaction.atomic():
            PaymentMeans.objects.filter(id=means.id).update(**facts, changed_at=at)
    except IntegrityError as taken:
        raise _refusal(taken, facts) from taken
    publish(events.PaymentMeansChanged(
        subject_id=means.id, customer_id=means.customer_id, org_id=means.org_id, kind=means.kind, fields=told), by=by, at=at)


def _pay(means: PaymentMeans, account_ids: Sequence[UUID]) -> bool:
    """Let the payment method pay exactly these accounts; tell whether that is a change."""
    accounts, broken = _accounts(account_ids, means.customer_id)
    require(broken)
    held = set(MeansAccount.objects.filter(means=means).values_list("account_id", flat=True))
    wanted = {account.id for account in accounts}
    MeansAccount.objects.filter(means=means, account_id__in=held - wanted).delete()
    MeansAccount.objects.bulk_create([MeansAccount(org_id=means.org_id, means=means, account_id=one) for one in sorted(wanted - held)])
    return held != wanted


@verb("account.keep_means")
def move_payment_means(*, means_id: UUID, to: str, reason: str, by: Actor, at: datetime) -> None:
    """Suspend a payment method, put it in force again or end it (``to``: a state). Raises ``IllegalMove``."""
    means = _locked(means_id)
    before = means.state
    PAYMENT_MEANS.move(means, MOVES.get((before, to), "resume"), by=by, at=at, reason=reason)
    PaymentMeans.objects.filter(id=means.id).update(
        state_at=at, state_reason=reason[:200], changed_at=at, **({"preferred": False, "valid_until": at} if to == "ended" else {}))
    publish(events.PaymentMeansStateChanged(
        subject_id=means.id, customer_id=means.customer_id, org_id=means.org_id, kind=means.kind, before=before, state=means.state, reason=reason,
    ), by=by, at=at)


@verb("account.keep_means")
def remove_payment_means(*, means_id: UUID, by: Actor, at: datetime) -> None:
    """Take a payment method away; the audit trail keeps that it was there, never its number."""
    means = _locked(means_id)
    MeansAccount.objects.filter(means=means).delete()
    means.delete()
    publish(events.PaymentMeansRemoved(subject_id=means_id, customer_id=means.customer_id, org_id=means.org_id, kind=means.kind), by=by, at=at)
