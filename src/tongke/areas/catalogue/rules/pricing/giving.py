"""What promotions, discounts and agreed minima do to the charges of a quote, before tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

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
            if r.months is None or (month is not None and month <= r.months) or self.price.kind != RECURRING:
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
    rest = benefit.amount
    out = []
    for draft in drafts:
        left = draft.left(1)
        if left <= 0 or draft.price.kind not in benefit.charge_kinds or (benefit.charge_codes and draft.price.code not in benefit.charge_codes):
            out.append(draft)
            continue
        taken = benefits.reduction_of(benefit.kind, percent=benefit.percent, amount=rest, left=left)
        if benefit.kind == benefits.AMOUNT_OFF:
            rest -= taken
        months = benefit.months if benefit.months and draft.price.kind == RECURRING else None
        out.append(
            draft.less(Reduction(promotion.code, promotion.name_zh, promotion.name_en, taken, months, trace)) if taken > 0 else draft)
    return out


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
            times = 1 if draft.price.kind != RECURRING else horizon if r.months is None else min(r.months, horizon)
            total += r.amount * times
    return total


def discounted(drafts: Sequence[Draft], discounts: Sequence[Discount]) -> list[Draft]:
    """Return the charges after discounts by hand, each off what is left of one price's charges."""
    out = list(drafts)
    for discount in discounts:
        trace = Trace(benefits.is_discounted, discount.given_by or discount.code)
        rest = discount.amount
        for at, draft in enumerate(out):
            left = draft.left(1)
            if draft.price.kind != discount.kind or discount.code not in ("", draft.price.code) or left <= 0:
                continue
            taken = benefits.reduction_of(benefits.PERCENT_OFF, percent=discount.percent, amount=rest, left=left)
            if not discount.percent:
                rest -= taken
            if taken > 0:
                months = discount.months if discount.months and draft.price.kind == RECURRING else None
                out[at] = draft.less(Reduction(discount.code or "discount", DISCOUNT_ZH, DISCOUNT_EN, taken, months, trace))
    return out


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
