"""What every plan that a customer may have would have cost on the line's own months of usage (B8).

Usage is counted by month, not by call: minutes are begun minutes of the month's seconds, so a plan that rounds each call up
would cost somewhat more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.plans import Configuration, MonthCost, Penalty, PriceBook, UsagePlan, contract_penalty, cost_of_months
from tongke.areas.inventory import queries as inventory
from tongke.areas.inventory.queries.usage import HeldProduct, UsedLine, UsedMonth
from tongke.areas.ordering.queries.facts import Wanted
from tongke.areas.ordering.queries.qualification import Qualification, qualify
from tongke.kernel.actor import Actor

MEGABYTE = 1024 * 1024
ADDED = ("value_added", "device")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence with its values: what speaks for or against a plan."""

    says: str
    values: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The sentence in the active language."""
        return _(self.says).format(**self.values)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """One plan on the line's usage: ``total`` of all months, ``average`` of one, ``months`` one by one, the oldest first.

    ``saving`` is what the present plan cost more in the same months (below zero: less). ``penalty`` is due once for leaving the present
    contracts; ``pays_off_months`` after how many months the saving has covered it (``None``: never). ``conditions`` and
    ``outcome`` are what the rules say.
    """

    code: str
    version: int
    name_zh: str
    name_en: str
    fee: Decimal
    total: Decimal
    average: Decimal
    saving: Decimal
    months: tuple[MonthCost, ...]
    penalty: Decimal
    pays_off_months: int | None
    outcome: str
    conditions: tuple[Any, ...]
    why: tuple[Why, ...]
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """Every eligible plan, the cheapest first; ``present`` is the line's own plan at its own version (``None``: it has none).

    ``used`` are the months looked at; ``refused`` the plans that the rules refuse, with their findings; ``penalties`` what leaving the
    present contracts costs, one by one.
    """

    subscriber_id: UUID
    customer_id: UUID
    used: tuple[UsedMonth, ...]
    usage: tuple[Mapping[str, Decimal], ...]
    present: PlanCost | None
    plans: tuple[PlanCost, ...]
    refused: Mapping[str, tuple[Any, ...]]
    penalties: tuple[Penalty, ...]


def plan_advice(
    subscriber_id: UUID, *, months: int = 6, channel: str | None = None, plans: Sequence[str] | None = None,
    judged: Sequence[Qualification] | None = None, by: Actor, at: datetime,
) -> Advice:
    """Return what the line's last whole ``months`` of usage (1 to 24) would have cost under every plan its customer may have.

    Plans are the offers of the line's kind that are sold by themselves with a monthly fee (of ``plans`` only, where given). ``judged`` is the rules' answer where the
    caller has it. Needs ``ordering.price`` and ``inventory.view``; raises ``NotFound`` for a line out of the actor's scope.
    """
    by.require("ordering.price")
    zone = ZoneInfo(by.zone)
    until = at.astimezone(zone).date().replace(day=1)
    line = inventory.line_with_usage(subscriber_id, since=month_at(until, -max(1, min(months, 24))), until=month_at(until, 0), by=by)
    book = catalogue.price_book(at=at)
    asked = Configuration(
        segment=line.segment, level=line.level, areas=catalogue.areas_of(line.org_id), channel=channel or "", new_customer=False)
    codes = [code for code in _plans(book, line, asked) if plans is None or code in plans]
    main = _main(line)
    if judged is None and codes:
        judged = qualify(
            line.customer_id, codes, wanted=Wanted(line_id=line.id, channel=channel, replacing=[main.id] if main else []), by=by, at=at)
    usage = tuple(_units(month) for month in _without_gaps(line.months))
    today = at.astimezone(zone).date()
    penalties = _penalties(main, on=today, at=at)
    present = _present(book, main, asked, usage, at=at) if main else None
    frame = _Frame(present, sum((p.amount for p in penalties), ZERO), usage)
    found = {q.code: q for q in judged or ()}
    quotes = book.quote_many([c for c in codes if c in found and found[c].outcome != "refused"], asked, on=today, at=at)
    compared = [_cost(book.usage_plan(quote), quote, found[code], frame) for code, quote in quotes.items() if main is None or code != main.code]
    return Advice(
        line.id, line.customer_id, line.months, usage, present, tuple(sorted(compared, key=lambda p: (p.total, p.fee, p.code))),
        {q.code: q.findings for q in found.values() if q.outcome == "refused"}, penalties,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every plan is compared with."""

    present: PlanCost | None
    penalty: Decimal
    usage: tuple[Mapping[str, Decimal], ...]


def month_at(first: date, months: int) -> datetime:
    """Return the first instant (UTC, as usage is counted) of the month so many months from the one that begins on ``first``."""
    count = first.year * 12 + first.month - 1 + months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=ZoneInfo("UTC"))


def _without_gaps(months: Sequence[UsedMonth]) -> list[UsedMonth]:
    """The months with those in between in which nothing was used: what rolls over grows old in them too."""
    out: list[UsedMonth] = []
    for month in months:
        while out and (following := month_at(out[-1].month_at.date(), 1)) < month.month_at:
            out.append(UsedMonth(following, 0, 0, 0, 0, ZERO))
        out.append(month)
    return out


def _units(month: UsedMonth) -> dict[str, Decimal]:
    """A month's usage in the units that plans are sold in."""
    return {
        "data_mb": Decimal(ceil(month.data_bytes / MEGABYTE)), "voice_minute": Decimal(ceil(month.voice_seconds / 60)),
        "sms": Decimal(month.sms_count), "data_roaming_mb": Decimal(ceil(month.roaming_bytes / MEGABYTE)),
    }


def _main(line: UsedLine) -> HeldProduct | None:
    """The line's plan: the dearest product on it that is no added service."""
    held = [p for p in line.products if p.kind not in ADDED]
    return max(held, key=lambda p: (p.monthly_fee, p.started_on), default=None)


def _plans(book: PriceBook, line: UsedLine, asked: Configuration) -> list[str]:
    return [
        code for code, offer in book.on_sale.items()
        if offer.kind == line.kind and any(p.kind == "recurring" and not p.part_code for p in offer.prices)
        and (not offer.segments or asked.segment in offer.segments)
    ]


def _penalties(main: HeldProduct | None, *, on: date, at: datetime) -> tuple[Penalty, ...]:
    """What leaving the present plan's contract costs, by the version that the customer has."""
    if main is None or main.contract_until is None or main.contract_until <= on:
        return ()
    offer = catalogue.priced_offering(main.offering_id, at=at)
    found = contract_penalty(
        offer, term_code=str(main.characteristics.get("term", "")), monthly=main.monthly_fee, starts_on=main.started_on,
        ends_on=main.contract_until, on=on)
    return (found,) if found else ()


def _present(
    book: PriceBook, main: HeldProduct, asked: Configuration, usage: Sequence[Mapping[str, Decimal]], *, at: datetime,
) -> PlanCost | None:
    """The present plan at its own version and the customer's own fee."""
    offer = catalogue.priced_offering(main.offering_id, at=at)
    sold = book.offerings.get(offer.code)
    quote = book.quote(offer.code, asked, at=at) if sold is not None and sold.id == offer.id else catalogue.quote(offer, configuration=asked, at=at)
    ready = book.usage_plan(quote)
    plan = replace(ready, fee=main.monthly_fee)
    months = tuple(cost_of_months(plan, usage))
    total = sum((m.total for m in months), ZERO)
    return PlanCost(
        offer.code, offer.version, offer.name_zh, offer.name_en, main.monthly_fee, total, _average(total, months), ZERO, months, ZERO, None,
        "present", (), (), _unpriced(months),
    )


def _cost(plan: UsagePlan, quote: catalogue.Quote, judged: Qualification, frame: _Frame) -> PlanCost:
    months = tuple(cost_of_months(plan, frame.usage))
    total = sum((m.total for m in months), ZERO)
    present = frame.present
    saving = present.total - total if present else ZERO
    penalty = frame.penalty if present else ZERO
    return PlanCost(
        quote.offering, quote.version, quote.name_zh, quote.name_en, plan.fee, total, _average(total, months), saving, months, penalty,
        _pays_off(penalty, saving, len(months)), judged.outcome, judged.findings, _why(plan, months, total, penalty, frame), _unpriced(months),
    )


def _average(total: Decimal, months: Sequence[MonthCost]) -> Decimal:
    return (total / len(months)).quantize(ZERO) if months else ZERO


def _pays_off(penalty: Decimal, saving: Decimal, months: int) -> int | None:
    if penalty <= 0:
        return 0
    return ceil(penalty * months / saving) if saving > 0 and months else None


def _unpriced(months: Sequence[MonthCost]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(usage_type for m in months for usage_type in m.unpriced))


LESS = gettext_noop("{amount} less a month than the present plan")
MORE = gettext_noop("{amount} more a month than the present plan")
COVERED = gettext_noop("all usage of these months is covered by what is included")
BEYOND = gettext_noop("{count} of {months} months went beyond what is included, for {amount} in all")
PENALTY = gettext_noop("leaving the present contract costs {amount} once")
FEE_ONLY = gettext_noop("no month of usage is known: compared by the monthly fee")


def _why(plan: UsagePlan, months: Sequence[MonthCost], total: Decimal, penalty: Decimal, frame: _Frame) -> tuple[Why, ...]:
    if not months:
        return (Why(FEE_ONLY, {}),)
    out = []
    if frame.present is not None:
        difference = _average(frame.present.total - total, months)
        if difference:
            out.append(Why(LESS if difference > 0 else MORE, {"amount": abs(difference)}))
    beyond = [m for m in months if m.overage]
    if beyond:
        out.append(Why(BEYOND, {"count": len(beyond), "months": len(months), "amount": sum((m.overage for m in beyond), ZERO)}))
    elif plan.included:
        out.append(Why(COVERED, {}))
    if penalty:
        out.append(Why(PENALTY, {"amount": penalty}))
    return tuple(out)
