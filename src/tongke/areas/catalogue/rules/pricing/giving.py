"""What promotions, discounts and agreed minima do to the charges of a quote, before tax."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext_noop

from tongke.areas.catalogue.rules.pricing import benefits, codes
from tongke.areas.catalogue.rules.pricing.benefits import Discount, Promotion
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, ONE_OFF, PRESTORE, RECURRING, ZERO, Price, Term, cents
from tongke.areas.catalogue.rules.pricing.quoting import Gift, Reduction, Returned
from tongke.areas.catalogue.rules.pricing.tax import GOODS
from tongke.areas.catalogue.rules.pricing.terms import return_schedule

FLOOR_ZH, FLOOR_EN = "最低消费差额", gettext_noop("Difference to the least monthly spending")
DISCOUNT_ZH, DISCOUNT_EN = "折扣", gettext_noop("Discount")


@dataclass(frozen=True, slots=True)
class Draft:
    """A charge on its way to a line: what it costs before anything is taken off, and what was taken off so far."""

    price: Price
    part_code: str
    quantity: Decimal
    before: Decimal
    traces: tuple[Trace, ...]
    reductions: tuple[Reduction, ...] = ()

    def left(self, month: int | None) -> Decimal:
        """What is left in the ``month``-th bill; ``None``: once all reductions that end have ended. A one-off charge has all."""
        total = self.before
        for r in self.reductions:
            if self.price.kind != RECURRING or (r.months is None if month is None else r.in_month(month)):
                total -= r.amount
        return total

    def less(self, reduction: Reduction) -> Draft:
        """The charge with one more reduction."""
        return replace(self, reductions=(*self.reductions, reduction))


@dataclass(frozen=True, slots=True)
class Given:
    """What promotions give beside reductions: money that comes back, gifts, and the least spending that was promised for them."""

    returned: tuple[Returned, ...] = ()
    gifts: tuple[Gift, ...] = ()
    floor: Decimal = NOTHING
    worth: Decimal = NOTHING


def unlisted(
    code: str, kind: str, amount: Decimal, names: tuple[str, str], trace: Trace, *, tax_category: str = "", charge_type: str = "",
) -> Draft:
    """Return a charge that no price row has, with its Chinese and English name: money in advance, a device, the difference to a minimum."""
    price = Price(
        code=code, kind=kind, amount=amount, charge_type=charge_type or kind, name_zh=names[0], name_en=names[1], tax_category=tax_category,
        source=trace.source,
    )
    return Draft(price, "", Decimal(1), cents(amount), (trace,))


def apply(drafts: Sequence[Draft], promotions: Sequence[Promotion]) -> tuple[list[Draft], Given]:
    """Return the charges after each promotion in turn, and what they give beside."""
    out = list(drafts)
    given = Given()
    for promotion in promotions:
        kind = promotion.benefit.kind
        trace = Trace(benefits.RULE_OF[kind], promotion.source)
        if kind in (benefits.PERCENT_OFF, benefits.AMOUNT_OFF, benefits.MONTHS_FREE):
            out = _reduced(out, promotion, trace)
        else:
            more, given = _beside(promotion, trace, given)
            out += more
    return out, given


def _reduced(drafts: Sequence[Draft], promotion: Promotion, trace: Trace) -> list[Draft]:
    benefit = promotion.benefit
    return _less(drafts, _Off(
        benefit.kind, benefit.percent, benefit.amount, benefit.months, (promotion.code, promotion.name_zh, promotion.name_en), trace,
    ), lambda draft: draft.price.kind in benefit.charge_kinds and (not benefit.charge_codes or draft.price.code in benefit.charge_codes))


@dataclass(frozen=True, slots=True)
class _Off:
    """What is to be taken off: by its kind, for ``months`` (0: always), under a code and its names."""

    kind: str
    percent: Decimal
    amount: Decimal
    months: int
    names: tuple[str, str, str]
    trace: Trace


def _less(drafts: Sequence[Draft], off: _Off, fits: Callable[[Draft], bool]) -> list[Draft]:
    """Return the charges with this taken off those that it fits, an amount off one after the other, in each month of what is left then."""
    taken: dict[int, list[Reduction]] = {place: [] for place, draft in enumerate(drafts) if fits(draft)}
    for since, until in _stretches([drafts[place] for place in taken], off.months or None):
        rest = off.amount
        for place, parts in taken.items():
            draft = drafts[place]
            once = draft.price.kind != RECURRING
            less = parts[0].amount if once and parts else benefits.reduction_of(off.kind, percent=off.percent, amount=rest, left=draft.left(since))
            rest -= NOTHING if off.percent else less
            if not parts or (not once and parts[-1].amount != less):
                parts.append(Reduction(*off.names, less, None if once else until, off.trace, 1 if once else since))
            elif not once:
                parts[-1] = replace(parts[-1], months=until)
    return [
        replace(draft, reductions=(*draft.reductions, *(part for part in taken.get(place, ()) if part.amount > 0)))
        for place, draft in enumerate(drafts)]


def _stretches(drafts: Sequence[Draft], months: int | None) -> list[tuple[int, int | None]]:
    """The first ``months`` (``None``: all), from and until: in each stretch of them the charges have the same reductions so far."""
    ends = sorted({
        r.months for draft in drafts if draft.price.kind == RECURRING for r in draft.reductions
        if r.months is not None and (months is None or r.months < months)})
    return list(zip([1, *(end + 1 for end in ends)], [*ends, months], strict=True))


def _beside(promotion: Promotion, trace: Trace, given: Given) -> tuple[list[Draft], Given]:
    benefit, code, zh, en = promotion.benefit, promotion.code, promotion.name_zh, promotion.name_en
    if benefit.kind == benefits.GIFT_POINTS:
        return [], replace(given, gifts=(*given.gifts, Gift(code, zh, en, "points", Decimal(benefit.points))))
    more = []
    if benefit.kind == benefits.HANDSET_CONTRACT:
        device = unlisted(f"device:{code}", ONE_OFF, benefit.device_price, (zh, en), trace, tax_category=GOODS, charge_type="device")
        more.append(device.less(Reduction(code, zh, en, min(benefit.amount, benefit.device_price), None, trace)) if benefit.amount > 0 else device)
        given = replace(
            given, gifts=(*given.gifts, Gift(code, zh, en, "device", Decimal(benefit.months))), floor=max(given.floor, benefit.floor),
            worth=given.worth + min(benefit.amount, benefit.device_price))
    if benefit.prestore > 0:
        bonus = benefit.amount if benefit.kind == benefits.PRESTORE_RETURN else NOTHING
        more.append(unlisted(f"prestore:{code}", PRESTORE, benefit.prestore, (zh, en), trace))
        parts = tuple(return_schedule(benefit.prestore + bonus, benefit.return_months))
        given = replace(given, returned=(*given.returned, Returned(code, parts, trace)), worth=given.worth + bonus)
    return more, given


def saving(drafts: Sequence[Draft], promotions: Sequence[Promotion], horizon: int) -> Decimal:
    """Return what the promotions save the customer within ``horizon`` months: reductions, gifts of money, the price of a device."""
    after, given = apply(drafts, promotions)
    total = given.worth
    for draft in after:
        if draft.price.charge_type == "device":
            continue  # counted as what it is worth
        for r in draft.reductions:
            last = horizon if r.months is None else min(r.months, horizon)
            total += r.amount * (max(last - r.since + 1, 0) if draft.price.kind == RECURRING else 1)
    return total


def discounted(drafts: Sequence[Draft], discounts: Sequence[Discount]) -> list[Draft]:
    """Return the charges after discounts by hand, each off what is left of one price's charges."""
    out = list(drafts)
    for discount in discounts:
        off = _Off(
            benefits.PERCENT_OFF, discount.percent, discount.amount, discount.months, (discount.code or "discount", DISCOUNT_ZH, DISCOUNT_EN),
            Trace(benefits.is_discounted, discount.given_by or discount.code))
        out = _less(out, off, partial(_is_off, discount))
    return out


def _is_off(discount: Discount, draft: Draft) -> bool:
    """A discount without a code is off every charge of its kind."""
    return draft.price.kind == discount.kind and discount.code in ("", draft.price.code)


def with_floor(drafts: Sequence[Draft], floor: Decimal) -> list[Draft]:
    """Return the charges with what is missing to the least monthly spending, taxed as the largest monthly charge is."""
    if floor <= 0:
        return list(drafts)
    monthly = [d for d in drafts if d.price.kind == RECURRING and d.price.period in ("", "month")]
    total = sum((d.left(None) for d in monthly), ZERO)
    if not codes.is_below_floor(monthly=total, floor=floor):
        return list(drafts)
    category = max(monthly, key=lambda d: d.before).price.tax_category if monthly else ""
    trace = Trace(codes.is_below_floor, f"{floor}")
    return [*drafts, unlisted("floor", RECURRING, floor - total, (FLOOR_ZH, FLOOR_EN), trace, tax_category=category, charge_type="floor")]


def returned_by(term: Term | None) -> tuple[Returned, ...]:
    """What a contract term gives back of the money paid in advance for it."""
    if term is None or term.prestore_amount <= 0 or term.return_months <= 0:
        return ()
    parts = tuple(return_schedule(term.prestore_amount, term.return_months))
    return (Returned(term.code, parts, Trace(codes.is_returned_monthly, term.source or term.code)),)
