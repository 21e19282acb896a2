"""What every plan that a customer may have would have cost on the line's own months of usage (B8).

Usage is kept by month, not by call: minutes are begun minutes of the month's seconds, megabytes begun ones of its bytes, and what goes
beyond an allowance is charged in begun units of the plan's rate. A plan that rounds each call up would cost somewhat more.

A plan that does not carry what the line is used for is no advice, however cheap: it is told apart. An allowance that the customer's
lines share is counted once: each line of the plan has an equal part. Plans are ranked without promotions, for those end; what
the plan would cost with those that the customer may take now stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.plans import Configuration, MonthCost, Penalty, PriceBook, UsagePlan, contract_penalty, cost_of_months
from tongke.areas.inventory import queries as inventory
from tongke.areas.inventory.queries.usage import HeldProduct, UsedLine, UsedMonth
from tongke.areas.ordering.queries.facts import Wanted
from tongke.areas.ordering.queries.plan_promotions import Promoted, promoted
from tongke.areas.ordering.queries.plan_reasons import CARRIES_NOT, Compared, Why, reasons
from tongke.areas.ordering.queries.qualification import Qualification, qualify
from tongke.kernel.actor import Actor

MEGABYTE = 1024 * 1024
ADDED = ("value_added", "device")
SPOKEN = ("voice_minute", "sms")
"""What a line that is a telephone is used for, whether or not somebody called in these months."""
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PlanCost:
    """One plan on the line's usage: ``total`` of all months, ``average`` of one, ``months`` one by one, the oldest first.

    ``saving`` is what the present plan cost more in the same months (below zero: less). ``penalty`` is due once for leaving the present
    contracts; ``pays_off_months`` after how many months the saving has covered it (``None``: never). ``conditions`` and
    ``outcome`` are what the rules say. ``promoted`` is the price with the promotions that the customer may take now (``None``: there is
    none). ``unpriced`` names usage beyond what is included for which the plan has no rate: it is not in the figures.
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
    promoted: Promoted | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Every eligible plan, the cheapest first, those with usage that they have no rate for last; ``present`` is the line's own plan at
    its own version (``None``: it has none).

    ``used`` are the months looked at; ``refused`` the plans that the rules refuse, with their findings; ``unfit`` those that do not
    carry what the line is used for, with why; ``penalties`` what leaving the present contracts costs, one by one.
    """

    subscriber_id: UUID
    customer_id: UUID
    used: tuple[UsedMonth, ...]
    usage: tuple[Mapping[str, Decimal], ...]
    present: PlanCost | None
    plans: tuple[PlanCost, ...]
    refused: Mapping[str, tuple[Any, ...]]
    penalties: tuple[Penalty, ...]
    unfit: Mapping[str, Why] = field(default_factory=dict)


def plan_advice(
    subscriber_id: UUID, *, months: int = 6, channel: str | None = None, plans: Sequence[str] | None = None,
    judged: Sequence[Qualification] | None = None, by: Actor, at: datetime,
) -> Advice:
    """Return what the line's last whole ``months`` of usage (1 to 24) would have cost under every plan its customer may have.

    Plans are the offers of the line's kind that are sold by themselves with a monthly fee (of ``plans`` only, where given). ``judged`` is the rules' answer where the
    caller has it. Needs ``ordering.price`` and ``inventory.view``; raises ``NotFound`` for a line out of the actor's scope.
    """
    by.require("ordering.price")
    # Months of usage are those of UTC: one is whole when it is over there, hours after it is over in China.
    until = at.astimezone(UTC).date().replace(day=1)
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
    today = by.day(at)
    penalties = _penalties(main, on=today, at=at)
    found = {q.code: q for q in judged or ()}
    quotes = book.quote_many(
        [c for c in codes if c in found and found[c].outcome != "refused" and (main is None or c != main.code)], asked, on=today, at=at)
    fit = _Fit({code: book.usage_plan(quote) for code, quote in quotes.items()}, _held_plan(book, main, asked, at=at) if main else None)
    fit = fit.shared_out(line, by=by)
    present = _present(fit.present, usage, fit.sharing) if fit.present else None
    unfit = fit.unfit(usage)
    bargains = promoted(
        book, {code: quotes[code] for code in fit.plans if code not in unfit}, asked, months=len(usage), customer_id=line.customer_id, on=today, at=at)
    frame = _Frame(present, sum((p.amount for p in penalties), ZERO), usage, fit.sharing)
    compared = [
        _cost(plan, quotes[code], found[code], bargains.get(code), frame) for code, plan in fit.plans.items() if code not in unfit]
    return Advice(
        line.id, line.customer_id, line.months, usage, present,
        tuple(sorted(compared, key=lambda p: (bool(p.unpriced), p.total if usage else p.fee, p.fee, p.code))),
        {q.code: q.findings for q in found.values() if q.outcome == "refused"}, penalties, unfit,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The line's own plan: as it was sold, made ready for usage at the customer's own fee."""

    offer: catalogue.PricedOffering
    plan: UsagePlan


@dataclass(frozen=True, slots=True)
class _Fit:
    """The plans to compare with the present one, and how many lines would share an allowance of each (this one too)."""

    plans: Mapping[str, UsagePlan]
    present: _Held | None
    sharing: Mapping[str, int] = field(default_factory=dict)

    def shared_out(self, line: UsedLine, *, by: Actor) -> _Fit:
        """Give the line its part of what it shares with the customer's other lines on the same plan; asks only where a plan shares."""
        present = self.present
        plans = {plan.offering: plan for plan in self.plans.values()} | ({present.plan.offering: present.plan} if present else {})
        codes = [code for code, plan in plans.items() if plan.shared]
        if not codes:
            return self
        others = inventory.lines_on_offers(line.customer_id, codes, besides=line.id, by=by)
        sharing = {code: others.get(code, 0) + 1 for code in codes}
        return _Fit(
            {code: plan.for_one_of(sharing.get(code, 1)) for code, plan in self.plans.items()},
            replace(present, plan=present.plan.for_one_of(sharing.get(present.plan.offering, 1))) if present else None, sharing)

    def unfit(self, usage: Sequence[Mapping[str, Decimal]]) -> dict[str, Why]:
        """Return the plans that do not carry what the line is used for, or what makes it a telephone now.

        What the present plan does not carry either cannot be asked of another: it is told as usage without a rate.
        """
        used = {kind for month in usage for kind, amount in month.items() if amount}
        if self.present is not None:
            used = {kind for kind in used.union(SPOKEN) if self.present.plan.carries(kind)}
        lacking = {code: tuple(sorted(kind for kind in used if not plan.carries(kind))) for code, plan in self.plans.items()}
        return {code: Why(CARRIES_NOT, {"kinds": kinds}) for code, kinds in lacking.items() if kinds}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every plan is compared with."""

    present: PlanCost | None
    penalty: Decimal
    usage: tuple[Mapping[str, Decimal], ...]
    sharing: Mapping[str, int]


def month_at(first: date, months: int) -> datetime:
    """Return the first instant (UTC, as usage is counted) of the month so many months from the one that begins on ``first``."""
    count = first.year * 12 + first.month - 1 + months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


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
        offer, term_code=str(main.characteristics.get("term", "")), monthly=main.monthly_fee, product_id=main.id,
        starts_on=main.started_on, ends_on=main.contract_until, on=on)
    return (found,) if found else ()


def _held_plan(book: PriceBook, main: HeldProduct, asked: Configuration, *, at: datetime) -> _Held:
    """The present plan at its own version and the customer's own fee."""
    offer = catalogue.priced_offering(main.offering_id, at=at)
    sold = book.offerings.get(offer.code)
    quote = book.quote(offer.code, asked, at=at) if sold is not None and sold.id == offer.id else catalogue.quote(offer, configuration=asked, at=at)
    return _Held(offer, replace(book.usage_plan(quote), fee=main.monthly_fee))


def _present(held: _Held, usage: Sequence[Mapping[str, Decimal]], sharing: Mapping[str, int]) -> PlanCost:
    """What the present plan comes to in the same months."""
    offer, plan = held.offer, held.plan
    months = tuple(cost_of_months(plan, usage))
    total, unpriced = sum((m.total for m in months), ZERO), _unpriced(months)
    why = reasons(Compared(plan, months, None, ZERO, unpriced, sharing.get(offer.code, 1), None))
    return PlanCost(
        offer.code, offer.version, offer.name_zh, offer.name_en, plan.fee, total, _average(total, months), ZERO, months, ZERO, None,
        "present", (), why, unpriced,
    )


def _cost(plan: UsagePlan, quote: catalogue.Quote, judged: Qualification, bargain: Promoted | None, frame: _Frame) -> PlanCost:
    months = tuple(cost_of_months(plan, frame.usage))
    total = sum((m.total for m in months), ZERO)
    present = frame.present
    saving = present.total - total if present else ZERO
    penalty = frame.penalty if present else ZERO
    unpriced = _unpriced(months)
    why = reasons(Compared(
        plan, months, _average(saving, months) if present else None, penalty, unpriced, frame.sharing.get(quote.offering, 1), bargain))
    return PlanCost(
        quote.offering, quote.version, quote.name_zh, quote.name_en, plan.fee, total, _average(total, months), saving, months, penalty,
        _pays_off(penalty, saving, len(months)), judged.outcome, judged.findings, why, unpriced, bargain,
    )


def _average(total: Decimal, months: Sequence[MonthCost]) -> Decimal:
    return (total / len(months)).quantize(ZERO) if months else ZERO


def _pays_off(penalty: Decimal, saving: Decimal, months: int) -> int | None:
    if penalty <= 0:
        return 0
    return ceil(penalty * months / saving) if saving > 0 and months else None


def _unpriced(months: Sequence[MonthCost]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(usage_type for m in months for usage_type in m.unpriced))
