"""Rules of offerings, lists and trees as versions: prices, parts, terms and places that fit together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.content import OfferingContent, PartContent, PriceContent, TermContent
from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, SEGMENTS
from tongke.areas.catalogue.rules.eligibility.words import Coded, Several, Way
from tongke.areas.catalogue.rules.findings import Finder, Finding, Surroundings, at
from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.choosing import ambiguous_prices
from tongke.areas.catalogue.rules.pricing.offer import Price as PriceRow
from tongke.areas.catalogue.rules.pricing.offer import asked_of
from tongke.areas.catalogue.rules.pricing.tax import is_taxed
from tongke.areas.catalogue.rules.specifications import (
    characteristic_is_known,
    characteristics_of,
    circle,
    code_is_known,
    range_is_forward,
    repeated,
    runs_in_no_circle,
    stands_once,
    usual_is_in_range,
    value_findings,
)
from tongke.areas.catalogue.states import OfferingKind, PenaltyKind, PriceKind, SpecificationLevel, UsageType
from tongke.kernel.rules import rule

LEVEL_PRODUCT = SpecificationLevel.PRODUCT


@rule("CAT-24", says=_("An offer that is sold by itself needs a price"), mend=_("Give it a price, even of 0, or parts that have prices, or take “sold by itself” away"),
      field="prices")
def sold_has_price(*, sellable: bool, prices: int, parts: int) -> bool:
    """What is sold by itself costs something, if only nothing."""
    return not sellable or prices > 0 or parts > 0


@rule("CAT-25", says=_("A {kind} price: {reason}"), mend=_("Correct the price row"), field="prices")
def price_fits_its_kind(*, kind: str, reason: str) -> bool:
    """Recurring prices have a period, usage prices a unit, the others neither."""
    return not reason


@rule("CAT-26", says=_("{part} is no part of this bundle"), mend=_("Name one of its parts, or add the part"), field="part_code")
def priced_part_is_part(*, part: str, is_part: bool) -> bool:
    """A bundle prices its own parts only."""
    return is_part


@rule("CAT-27", says=_("Only bundles have parts, and a bundle has some"), mend=_("Add parts, or choose another kind"), field="parts")
def parts_are_of_bundle(*, kind: str, parts: int) -> bool:
    """Bundle and parts belong together."""
    return (kind == OfferingKind.BUNDLE) == (parts > 0)


@rule("CAT-28", says=_("The term {term}: {reason}"), mend=_("Correct the term"), field="terms")
def term_is_sound(*, term: str, reason: str) -> bool:
    """A term's penalty and prestore say what they need."""
    return not reason


@rule("CAT-29", says=_("The organisation {org_id} is unknown or does not lie within {owner}, which owns this"), mend=_("Choose organisations within the owner's, or another owner"),
      field="sold_in")
def lies_within_owner(*, org_id: int, owner: int, within: bool) -> bool:
    """A province sells in its own area only."""
    return within


@rule("CAT-30", says=_("{part} is priced in {part_currency}, this in {currency}"), mend=_("Use one currency within a bundle"), field="currency")
def currencies_agree(*, part: str, part_currency: str, currency: str) -> bool:
    """A bundle and its parts are priced in one currency."""
    return part_currency == currency


@rule("CAT-31", says=_("The group {group} says different bounds, or bounds that its parts cannot fill ({least} to {most})"), mend=_("Give all parts of a group the same, fillable bounds"),
      field="group_min")
def group_is_consistent(*, group: str, least: int, most: int | None, fits: bool) -> bool:
    """Parts of a group agree on how many are chosen, and that many can be chosen."""
    return fits


@rule("CAT-32", says=_("The offering is of the kind {own}, its specification of the kind {other} ({layer})"), mend=_("Choose a product specification of the same kind"), field="specification")
def specification_is_of_kind(*, kind: str, spec_kind: str, level: str, **_words: object) -> bool:
    """An offering is specified by a product of its kind."""
    return level == LEVEL_PRODUCT and kind == spec_kind


@rule("CAT-33", says=_("No tax rate of the category {category} is known"), mend=_("Use one of {known}, or add its rate first"), field="tax_category")
def tax_category_is_known(*, category: str, known: str, is_known: bool) -> bool:
    """Taxed prices have a category with a rate; “none” is not taxed."""
    return is_known


def _price_reason(price: PriceContent) -> str:
    recurring, usage = price.kind == PriceKind.RECURRING, price.kind == PriceKind.USAGE
    reasons = (
        (recurring != (price.period is not None), _("a recurring price needs a period, others have none")),
        (usage != (price.usage_type is not None), _("a price by usage needs a kind of usage, others have none")),
        (bool(price.tiers) and not usage, _("only prices by usage have steps")),
        (price.unit_size <= 0, _("its unit is nothing")),
        (price.percent_of_part is not None and not price.part_code, _("a percentage is of a part")),
        (price.percent_of_part is not None and (price.amount != 0 or bool(price.tiers)), _("give either a percentage of the part or an amount")),
        (bool(price.tiers) and price.amount != 0, _("give either steps or one amount")),
    )
    return next((str(says) for holds, says in reasons if holds), "")


def _term_reason(term: TermContent) -> str:
    wanted = {
        PenaltyKind.NONE: term.penalty_percent == 0 and term.penalty_amount == 0, PenaltyKind.FIXED: term.penalty_amount > 0 and term.penalty_percent == 0,
        PenaltyKind.REMAINING_MONTHS: term.penalty_percent > 0 and term.penalty_amount == 0,
        PenaltyKind.GIVE_BACK: term.penalty_percent > 0 and term.penalty_amount == 0,
    }
    reasons = (
        (not wanted[term.penalty_kind], _("its penalty needs a percentage or an amount, as its kind says, and nothing else")),
        ((term.prestore_amount > 0) != (term.return_months > 0), _("a prestore is returned over months, and only a prestore is")),
        (term.return_months > term.months, _("the prestore is returned for longer than the term")),
    )
    return next((str(says) for holds, says in reasons if holds), "")


def _row(price: PriceContent) -> PriceRow:
    return PriceRow(
        code=price.code, kind=price.kind, amount=price.amount, name_zh=price.name_zh, name_en=price.name_en, segment=price.segment,
        channel=price.channel or "", area_id=price.area_id, condition=asked_of(price.condition), part_code=price.part_code,
    )


def _narrowed(price: PriceContent, row: PriceRow, own: OfferingContent, around: Surroundings) -> Way:
    """Return a price with what makes it hold for some only, as a sentence names it."""
    words: list[Any] = [
        *([around.offering(price.part_code)] if price.part_code else []), *([SEGMENTS.get(price.segment, price.segment)] if price.segment else []),
        *([CHANNELS.get(price.channel, price.channel)] if price.channel else []), *([around.org(price.area_id)] if price.area_id is not None else []),
    ]
    specification = around.catalogue.specifications.get(own.specification or "")
    for asked in row.condition:
        known = specification.characteristic(asked.name) if specification is not None else None
        words.append(Way((Coded.of(known, asked.name), asked.wanted), between=" "))
    return Way((Coded.of(price, price.code), *words), between=" · ")


def _price(found: Finder, position: int, own: OfferingContent, around: Surroundings) -> None:
    price = own.prices[position]
    here = found.below("prices", position)
    here.ask(price_fits_its_kind, kind=PriceKind(price.kind).label, reason=_price_reason(price))
    if price.tiers:
        froms = [tier.from_units for tier in price.tiers]
        here.ask(codes.tiers_rise_from_zero, "tiers", code=Coded.of(price, price.code), steps=", ".join(f"{step.normalize():f}" for step in froms), froms=froms)
    if price.part_code:
        here.ask(priced_part_is_part, "part_code", part=around.offering(price.part_code), is_part=any(p.part_code == price.part_code for p in own.parts))
    if price.area_id is not None:
        here.ask(lies_within_owner, "area_id", org_id=around.org(price.area_id), owner=around.org(own.org_id), within=around.lies_within(price.area_id, own.org_id))
    known = around.catalogue.tax_rates
    untaxed = not is_taxed(price.tax_category) or price.kind in (PriceKind.DEPOSIT, PriceKind.PRESTORE)
    here.ask(tax_category_is_known, "tax_category", category=price.tax_category, known=Several(tuple(Coded.of(known[name], name) for name in sorted(known)) or ("-",)), is_known=untaxed or price.tax_category in known)
    specification = around.catalogue.specifications.get(own.specification or "")
    if specification is not None and not price.part_code:
        for name in price.condition:
            here.ask(characteristic_is_known, "condition", name, characteristic=name, specification=around.specification(own.specification or ""),
                     known=characteristics_of(specification), is_known=specification.characteristic(name) is not None)


def _prices(found: Finder, own: OfferingContent, around: Surroundings) -> None:
    found.ask(sold_has_price, "prices", sellable=own.sellable, prices=len(own.prices), parts=len(own.parts))
    for position in range(len(own.prices)):
        _price(found, position, own, around)
    rows = [_row(price) for price in own.prices]
    said = {id(row): _narrowed(price, row, own, around) for row, price in zip(rows, own.prices, strict=True)}
    found.found += [Finding((*found.path, "prices"), broken) for broken in ambiguous_prices(rows, said=lambda row: said[id(row)])]


def _part(found: Finder, position: int, code: str, own: OfferingContent, around: Surroundings) -> None:
    part = own.parts[position]
    here = found.below("parts", position)
    other = around.catalogue.offerings.get(part.part_code) if part.part_code != code else own
    here.ask(range_is_forward, "quantity_min", least=part.quantity_min, most=part.quantity_max, fits=part.quantity_min <= part.quantity_max)
    fits = part.quantity_min <= part.quantity_default <= part.quantity_max or (part.quantity_default == 0 and bool(part.group_code))
    here.ask(usual_is_in_range, "quantity_default", usual=part.quantity_default, least=part.quantity_min, most=part.quantity_max,
             fits=fits or part.quantity_min > part.quantity_max)
    known = here.ask(code_is_known, "part_code", noun=_("offering"), other=part.part_code, is_known=other is not None)
    if known and other is not None:
        here.ask(currencies_agree, "part_code", part=Coded.of(other, part.part_code), part_currency=other.currency, currency=own.currency)


def _group_fits(parts: Sequence[PartContent]) -> bool:
    first = parts[0]
    most = sum(part.quantity_max for part in parts)
    alike = all((p.group_min, p.group_max) == (first.group_min, first.group_max) for p in parts)
    return alike and first.group_min <= most and (first.group_max is None or first.group_min <= first.group_max) and (
        first.group_max is None or sum(part.quantity_min for part in parts) <= first.group_max)


def _parts(found: Finder, code: str, own: OfferingContent, around: Surroundings) -> None:
    found.ask(parts_are_of_bundle, "parts", kind=own.kind, parts=len(own.parts))
    for position, (name, often) in repeated(p.part_code for p in own.parts).items():
        found.ask(stands_once, "parts", position, "part_code", what=around.offering(name), often=often)
    for position in range(len(own.parts)):
        _part(found, position, code, own, around)
    for group in dict.fromkeys(p.group_code for p in own.parts if p.group_code):
        parts = [p for p in own.parts if p.group_code == group]
        most = sum(part.quantity_max for part in parts) if parts[0].group_max is None else parts[0].group_max
        members = Several(tuple(around.offering(part.part_code) for part in parts))
        found.ask(group_is_consistent, "parts", group=Coded(members, group), least=parts[0].group_min, most=most, fits=_group_fits(parts))
    known = {**around.catalogue.offerings, code: own}
    trail = circle(code, lambda name: [p.part_code for p in known[name].parts] if name in known else ())
    found.ask(runs_in_no_circle, "parts", circle=Way(tuple(Coded.of(known.get(step), step) for step in trail)))


def _specified(found: Finder, own: OfferingContent, around: Surroundings) -> None:
    if own.specification is None:
        return
    specification = around.catalogue.specifications.get(own.specification)
    found.ask(code_is_known, "specification", noun=_("specification"), other=own.specification, is_known=specification is not None)
    if specification is not None:
        found.ask(specification_is_of_kind, "specification", kind=own.kind, spec_kind=specification.kind, level=specification.level,
                  own=OfferingKind(own.kind).label, other=dict(OfferingKind.choices).get(specification.kind, specification.kind),
                  layer=SpecificationLevel(specification.level).label)
        value_findings(specification, own.specification, own.characteristics, found.below("characteristics"), fixed=True)


def offering_findings(code: str, own: OfferingContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of an offering's version, paths within it."""
    found = at()
    _specified(found, own, around)
    _parts(found, code, own, around)
    _prices(found, own, around)
    for position, (name, often) in repeated(f"{a.usage_type} {a.shared}" for a in own.allowances).items():
        found.ask(stands_once, "allowances", position, "usage_type", what=UsageType(name.split()[0]).label, often=often)
    for position, (name, often) in repeated(t.code for t in own.terms).items():
        found.ask(stands_once, "terms", position, "code", what=Coded.of(own.terms[position], name), often=often)
    for position, term in enumerate(own.terms):
        found.ask(term_is_sound, "terms", position, term=Coded.of(term, term.code), reason=_term_reason(term))
    defaults = [position for position, term in enumerate(own.terms) if term.default]
    for often, position in enumerate(defaults[1:], 2):
        found.ask(stands_once, "terms", position, "default", what=_("The term that holds unless another is chosen"), often=often)
    for position, org_id in enumerate(own.sold_in):
        found.ask(lies_within_owner, "sold_in", position, org_id=around.org(org_id), owner=around.org(own.org_id), within=around.lies_within(org_id, own.org_id))
    return found.found
