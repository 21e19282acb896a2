"""The quote: which charges hold for the buyer, what promotions and discounts take off, the tax, and what is due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tongke.areas.catalogue.rules.eligibility.words import Coded, Several
from tongke.areas.catalogue.rules.pricing import codes, giving
from tongke.areas.catalogue.rules.pricing.asked import Configuration, PartChoice
from tongke.areas.catalogue.rules.pricing.benefits import BEST, YEAR, Discount, Promotion, combined, objections
from tongke.areas.catalogue.rules.pricing.choosing import Picked, in_bundle, pick, relisted, rows_by_code
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.cycle import BillingPeriod, local_day, period_of
from tongke.areas.catalogue.rules.pricing.giving import Draft
from tongke.areas.catalogue.rules.pricing.offer import (
    DAYS_A_MONTH,
    DEPOSIT,
    NOTHING,
    ONE_OFF,
    PRESTORE,
    RECURRING,
    USAGE,
    ZERO,
    Allowance,
    Part,
    Price,
    PricedOffering,
    TaxRate,
    Term,
    cents,
)
from tongke.areas.catalogue.rules.pricing.proration import RULE_OF, due_alone
from tongke.areas.catalogue.rules.pricing.quoting import Quote, QuoteLine
from tongke.areas.catalogue.rules.pricing.tax import is_taxed, rate_of, taxed
from tongke.areas.catalogue.rules.pricing.tiers import amount_for
from tongke.kernel.rules import Broken

ORDER = {ONE_OFF: 0, DEPOSIT: 1, PRESTORE: 2, RECURRING: 3, USAGE: 4}
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where the quote holds: the day it starts on, its billing period, the instant that dated rows are judged by."""

    on: date
    period: BillingPeriod
    at: datetime


def quote(
    offering: PricedOffering, *, configuration: Configuration, promotions: Sequence[Promotion] = (), discounts: Sequence[Discount] = (),
    taxes: Sequence[TaxRate] = (), choose: str = BEST, cycle_day: int = 1, zone: str = "Asia/Shanghai", on: date | None = None, at: datetime,
) -> Quote:
    """Return the price of a configuration that starts ``on`` a local day (default: that of ``at`` in ``zone``).

    Promotions that may not be given are passed over; of the others ``choose`` says which combination is taken. The period is
    the account's (``cycle_day``); for a charge by the year or day it is that of the month's bill.
    """
    day = on or local_day(at, zone)
    moment = Moment(day, period_of(day, cycle_day), at)
    picked, allowances, broken = _picked(offering, configuration, at=at)
    drafts = [_draft(one, configuration) for one in picked]
    term, objection = _term(offering, configuration)
    drafts += _asked_in_advance(term, configuration)
    fitting = [promotion for promotion in promotions if not objections(promotion, offering, configuration, at=at)]
    taken = _taken(fitting, drafts, term, choose)
    drafts, given = giving.apply(drafts, taken)
    drafts = giving.discounted(drafts, discounts)
    drafts = giving.with_floor(drafts, _floor(term, configuration, given.floor))
    lines, untaxed = _lines(drafts, moment, configuration, taxes)
    return Quote(
        offering=offering.code, version=offering.version, currency=offering.currency, starts_on=day, period_start=moment.period.start,
        period_end=moment.period.end, lines=lines, allowances=allowances, first_allowances=_first_allowances(allowances, moment, configuration),
        term=term, returned=(*giving.returned_by(term), *given.returned), gifts=given.gifts,
        promotions=tuple(promotion.code for promotion in taken), broken=(*broken, *objection, *untaxed),
        name_zh=offering.name_zh, name_en=offering.name_en,
    )


def _taken(fitting: Sequence[Promotion], drafts: Sequence[Draft], term: Term | None, choose: str) -> tuple[Promotion, ...]:
    if not fitting:
        return ()
    horizon = term.months if term and term.months else YEAR
    return combined(fitting, lambda chosen: giving.saving(drafts, chosen, horizon), choose=choose)


def _picked(
    offering: PricedOffering, asked: Configuration, *, at: datetime,
) -> tuple[list[Picked], tuple[Allowance, ...], list[Broken]]:
    """Every price that holds, of the offer itself and of the parts that were chosen, with the allowances of all."""
    chosen = {**offering.defaults, **asked.characteristics} if asked.characteristics else offering.defaults
    groups = rows_by_code(price for price in offering.prices if not price.part_code)
    out = _of_offer(offering, groups, asked, chosen, quantity=Decimal(asked.quantity), at=at)
    allowances = list(offering.allowances)
    broken: list[Broken] = []
    if offering.parts:
        choices, broken = _choices(offering, asked)
        for part in offering.parts:
            choice = choices.get(part.part_code)
            if choice is None or choice.quantity <= 0:
                continue
            out += _of_part(offering, part, choice, asked, at=at)
            allowances += [replace(a, amount=a.amount * choice.quantity) for a in part.offering.allowances]
    return out, tuple(allowances), broken


def _of_offer(
    offering: PricedOffering, groups: Mapping[str, Sequence[Price]], asked: Configuration, chosen: Mapping[str, object], *,
    part_code: str = "", quantity: Decimal, at: datetime,
) -> list[Picked]:
    out = []
    for code, rows in groups.items():
        found = pick(rows, asked, chosen)
        if found is None:
            continue
        price, traces = found
        if offering.listed:
            price, why = relisted(price, offering.listed, asked, at)
            traces += why
        out.append(Picked(price, offering, part_code, asked.quantities.get(code, quantity), traces))
    return out


def _of_part(
    bundle: PricedOffering, part: Part, choice: PartChoice, asked: Configuration, *, at: datetime,
) -> list[Picked]:
    """A part's own prices as the bundle has them, and what the bundle charges for the part beyond them."""
    part_code, own = part.part_code, part.offering
    chosen = {**own.defaults, **asked.characteristics, **choice.characteristics}
    over = {
        code: found for code, rows in rows_by_code(price for price in bundle.prices if price.part_code == part_code).items()
        if (found := pick(rows, asked, chosen)) is not None
    }
    quantity = Decimal(choice.quantity * asked.quantity)
    out = []
    for one in _of_offer(
        own, rows_by_code(p for p in own.prices if not p.part_code), asked, chosen, part_code=part_code, quantity=quantity, at=at,
    ):
        price, why = in_bundle(one.price, over.pop(one.price.code, None))
        out.append(replace(one, price=price, traces=one.traces + why))
    out += [
        Picked(price, bundle, part_code, quantity, (Trace(codes.is_part_price, price.source),))
        for price, _why in over.values() if price.percent_of_part is None
    ]
    return out


def _choices(offering: PricedOffering, asked: Configuration) -> tuple[dict[str, PartChoice], list[Broken]]:
    """The parts as chosen, or as usual; and what stands against the choice."""
    known = [part.part_code for part in offering.parts]
    if asked.parts is None:
        return {part.part_code: PartChoice(part.usual) for part in offering.parts}, []
    broken = [
        codes.part_is_of_bundle.broken(part=code, bundle=Coded.of(offering, offering.code), known=known) for code in asked.parts if code not in known
    ]
    choices = {part.part_code: asked.parts.get(part.part_code, PartChoice(part.least)) for part in offering.parts}
    groups: dict[str, list[int]] = {}
    for part in offering.parts:
        quantity = choices[part.part_code].quantity
        if not part.least <= quantity <= part.most:
            broken.append(codes.part_quantity_fits.broken(part=Coded.of(part.offering, part.part_code), quantity=quantity, least=part.least, most=part.most))
        if part.group_code:
            counted = groups.setdefault(part.group_code, [0, 0, 0])
            most = len(known) if part.group_most is None else part.group_most
            counted[0], counted[1], counted[2] = counted[0] + quantity, max(counted[1], part.group_least), max(counted[2], most)
    for group, (chosen, least, most) in groups.items():
        if not least <= chosen <= most:
            members = Several(tuple(Coded.of(part.offering, part.part_code) for part in offering.parts if part.group_code == group))
            broken.append(codes.group_is_filled.broken(group=members, chosen=chosen, least=least, most=most))
    return choices, broken


def _draft(one: Picked, asked: Configuration) -> Draft:
    price = one.price
    traces = one.traces
    if price.tiers:
        traces += (Trace(codes.is_by_volume if price.tier_mode == "volume" else codes.is_graduated, price.source),)
    if one.quantity != ONE and price.kind != USAGE:
        traces += (Trace(codes.is_counted, f"× {one.quantity.normalize():f}"),)
    if price.kind == DEPOSIT:
        traces += (Trace(codes.is_given_back, price.source),)
    return Draft(
        price=price, part_code=one.part_code, quantity=one.quantity, before=_before(price, one.quantity), traces=traces,
    )


def _before(price: Price, quantity: Decimal) -> Decimal:
    """The charge of one period in cents; of a charge by the day, that of thirty days."""
    if price.kind == USAGE:
        return ZERO
    amount = amount_for(price, quantity)
    return cents(amount * DAYS_A_MONTH if price.kind == RECURRING and price.period == "day" else amount)


def _term(offering: PricedOffering, asked: Configuration) -> tuple[Term | None, list[Broken]]:
    term = offering.term(asked.term_code)
    if asked.term_code and term is None:
        known = [t.code for t in offering.terms]
        return None, [codes.term_is_of_offering.broken(term=asked.term_code, offering=Coded.of(offering, offering.code), known=known)]
    return term, []


def _asked_in_advance(term: Term | None, asked: Configuration) -> list[Draft]:
    out = []
    if term is not None and term.prestore_amount > 0:
        out.append(giving.unlisted(
            f"term:{term.code}", PRESTORE, term.prestore_amount, (term.name_zh, term.name_en), Trace(codes.term_asks_prestore, term.source or term.code)))
    grade = asked.grade
    if grade is not None and grade.prestore > 0:
        out.append(giving.unlisted(
            f"grade:{grade.code}", PRESTORE, grade.prestore, (grade.name_zh, grade.name_en), Trace(codes.grade_asks_prestore, grade.code)))
    return out


def _floor(term: Term | None, asked: Configuration, promised: Decimal) -> Decimal:
    """The least monthly spending: the highest of what the term, the number's grade and a handset contract ask."""
    return max(term.floor_amount if term else NOTHING, asked.grade.floor if asked.grade else NOTHING, promised)


def _first_allowances(allowances: Iterable[Allowance], moment: Moment, asked: Configuration) -> tuple[Allowance, ...]:
    return tuple(
        replace(a, amount=due_alone(a.amount, a.proration, moment.period, start=moment.on, choice=asked.late_choice, quantum=ONE))
        for a in allowances
    )


def _lines(
    drafts: Sequence[Draft], moment: Moment, asked: Configuration, taxes: Sequence[TaxRate],
) -> tuple[tuple[QuoteLine, ...], list[Broken]]:
    untaxed: list[Broken] = []
    percents: dict[str, Decimal] = {}
    for draft in drafts:
        category = draft.price.tax_category
        if category not in percents and is_taxed(category):
            rate = rate_of(category, taxes, moment.at)
            percents[category] = rate.percent if rate else ZERO
            if rate is None:
                untaxed.append(codes.tax_rate_is_known.broken(category=category, on=moment.on, known=False))
    ordered = sorted(drafts, key=lambda d: ORDER[d.price.kind])
    return tuple(_line(draft, moment, asked, percents) for draft in ordered), untaxed


def _line(draft: Draft, moment: Moment, asked: Configuration, percents: Mapping[str, Decimal]) -> QuoteLine:
    price = draft.price
    category = price.tax_category if price.kind not in (DEPOSIT, PRESTORE) else ""
    percent = percents.get(category, ZERO)
    traces = draft.traces
    net = draft.left(None)
    tax, total = taxed(net, percent, included=price.tax_included) if percent else (ZERO, net)
    first = first_tax = ZERO
    if price.kind == RECURRING:
        first, why = _first(draft, moment, asked)
        traces += why
        first_tax, first = taxed(first, percent, included=price.tax_included) if percent else (ZERO, first)
    if percent:
        traces += (Trace(codes.is_tax_included if price.tax_included else codes.is_tax_added, f"{category} {percent}%"),)
    return QuoteLine(
        code=price.code, kind=price.kind, name_zh=price.name_zh, name_en=price.name_en, part_code=draft.part_code,
        charge_type=price.charge_type, quantity=draft.quantity, unit=price.usage_type, unit_amount=price.amount, before=draft.before,
        reductions=draft.reductions, net=net, tax_category=category, tax_percent=percent, tax_included=price.tax_included, tax=tax,
        total=total, period=(price.period or "month") if price.kind == RECURRING else "", first=first, first_tax=first_tax,
        tiers=tuple((t.from_quantity, t.amount) for t in price.tiers), tier_mode=price.tier_mode, unit_size=price.unit_size, traces=traces,
    )


def _first(draft: Draft, moment: Moment, asked: Configuration) -> tuple[Decimal, tuple[Trace, ...]]:
    """What the first bill has of a recurring charge: a year's whole, a day's for the days in force, else by its policy."""
    price, whole = draft.price, draft.left(1)
    if price.period == "year":
        return whole, ()
    if price.period == "day":
        days = (moment.period.end - max(moment.on, moment.period.start)).days
        return cents(whole * days / DAYS_A_MONTH), (Trace(codes.is_daily, price.source),)
    first = due_alone(whole, price.proration, moment.period, start=moment.on, choice=asked.late_choice)
    return first, (Trace(RULE_OF[price.proration], price.source),)
