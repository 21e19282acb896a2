"""Rules of price lists, tax rates, categories, eligibility rules and promotions as versions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.content import CategoryContent, EntryContent, PriceListContent, PromotionContent, RuleContent, TaxContent
from tongke.areas.catalogue.rules.eligibility.words import Coded, Moment, Several, Way
from tongke.areas.catalogue.rules.findings import Finder, Finding, Surroundings, at
from tongke.areas.catalogue.rules.offering_checks import lies_within_owner
from tongke.areas.catalogue.rules.pricing.benefits import Benefit, benefit_can_be, why_impossible
from tongke.areas.catalogue.rules.rule_book import names_are_known, parameters_have_shape, parameters_read
from tongke.areas.catalogue.rules.specifications import circle, code_is_known, repeated, runs_in_no_circle, stands_once
from tongke.areas.catalogue.states import OfferingKind, PromotionKind, RuleSubject
from tongke.kernel.rules import rule

NOTHING = Decimal(0)


@rule("CAT-34", says=_("{offering} {price}: give either an amount or a percentage"), mend=_("Fill in one of the two"), field="amount")
def entry_says_one(*, offering: str, price: str, given: int) -> bool:
    """A price list sets an amount or a percentage."""
    return given == 1


@rule("CAT-35", says=_("It ends at {until}, not after it begins ({since})"), mend=_("Give a later end, or none"), field="valid_until")
def period_is_forward(*, since: datetime | None, until: datetime | None) -> bool:
    """What is dated ends after it begins."""
    return since is None or until is None or until > since


@rule("CAT-36", says=_("The rates do not follow each other in time"), mend=_("Write the earliest first, each instant once"), field="rates")
def rates_follow_in_time(*, starts: tuple[datetime, ...]) -> bool:
    """Rates of a category follow each other without overlap."""
    return all(a < b for a, b in pairwise(starts))


@rule("CAT-37", says=_("The category {parent} belongs to another catalogue ({other})"), mend=_("Choose a parent of the same catalogue"), field="parent")
def parent_is_of_catalogue(*, catalogue: str, own: str, **_words: object) -> bool:
    """A branch and its parent stand in one tree."""
    return catalogue == own


def _named(found: Finder, noun: object, codes: Iterable[str], known: Mapping[str, Any], *path: str) -> None:
    for position, code in enumerate(codes):
        found.ask(code_is_known, *path, position, noun=noun, other=code, is_known=code in known)


def _price_name(entry: EntryContent, around: Surroundings) -> Coded:
    offering = around.catalogue.offerings.get(entry.offering_code)
    return Coded.of(next((price for price in offering.prices if price.code == entry.price_code), None) if offering else None, entry.price_code)


def _priced(entry: EntryContent, around: Surroundings) -> Way:
    return Way((around.offering(entry.offering_code), _price_name(entry, around)), between=": ")


def _dated(found: Finder, own: PriceListContent | RuleContent | PromotionContent) -> None:
    since, until = own.valid_from, own.valid_until
    if since is not None and until is not None and not period_is_forward(since=since, until=until):
        found.found.append(Finding((*found.path, "valid_until"), period_is_forward.broken(since=Moment(since), until=Moment(until))))


def price_list_findings(own: PriceListContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of a price list's version, paths within it."""
    found = at()
    _dated(found, own)
    if own.area_id is not None:
        found.ask(lies_within_owner, "area_id", org_id=around.org(own.area_id), owner=around.org(own.org_id), within=around.lies_within(own.area_id, own.org_id))
    for position, (_name, often) in repeated(f"{e.offering_code} {e.price_code}" for e in own.entries).items():
        found.ask(stands_once, "entries", position, "price_code", what=_priced(own.entries[position], around), often=often)
    for position, entry in enumerate(own.entries):
        here = found.below("entries", position)
        here.ask(entry_says_one, offering=around.offering(entry.offering_code), price=_price_name(entry, around), given=sum(v is not None for v in (entry.amount, entry.percent)))
        offering = around.catalogue.offerings.get(entry.offering_code)
        if here.ask(code_is_known, "offering_code", noun=_("offering"), other=entry.offering_code, is_known=offering is not None) and offering is not None:
            here.ask(code_is_known, "price_code", noun=_("price"), other=f"{entry.offering_code} {entry.price_code}",
                     is_known=any(p.code == entry.price_code for p in offering.prices))
    return found.found


def tax_findings(own: TaxContent) -> list[Finding]:
    """Return every broken rule of a tax category."""
    found = at()
    found.ask(rates_follow_in_time, "rates", starts=tuple(rate.valid_from for rate in own.rates))
    return found.found


def category_findings(code: str, own: CategoryContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of a category: its root and parent exist, the tree has no circle, its offerings exist."""
    found = at()
    found.ask(code_is_known, "catalogue", noun=_("catalogue"), other=own.catalogue, is_known=own.catalogue in around.catalogue.catalogues)
    if own.parent is not None:
        parent = own if own.parent == code else around.catalogue.categories.get(own.parent)
        if found.ask(code_is_known, "parent", noun=_("category"), other=own.parent, is_known=parent is not None) and parent is not None:
            found.ask(parent_is_of_catalogue, "parent", parent=Coded.of(parent, own.parent), catalogue=parent.catalogue, own=own.catalogue,
                      other=Coded.of(around.catalogue.catalogues.get(parent.catalogue), parent.catalogue))
    known = {**around.catalogue.categories, code: own}
    trail = circle(code, lambda name: [str(known[name].parent)] if name in known and known[name].parent else [])
    found.ask(runs_in_no_circle, "parent", circle=Way(tuple(Coded.of(known.get(step), step) for step in trail)))
    _named(found, _("offering"), own.offerings, around.catalogue.offerings, "offerings")
    for position, (name, often) in repeated(own.offerings).items():
        found.ask(stands_once, "offerings", position, what=around.offering(name), often=often)
    return found.found


def rule_findings(own: RuleContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of an eligibility rule's version that can be told from what it says."""
    found = at()
    _dated(found, own)
    fault, shaped = parameters_read(own.kind, own.parameters, effect=own.effect)
    found.ask(parameters_have_shape, "parameters", fault=fault)
    offerings, categories = around.catalogue.offerings, around.catalogue.categories
    known: Mapping[str, Any] = {
        RuleSubject.OFFERING: offerings, RuleSubject.CATEGORY: categories, RuleSubject.KIND: dict.fromkeys(OfferingKind.values), RuleSubject.ALL: {"": None},
    }[own.subject_kind]
    found.ask(code_is_known, "subject_code", noun=RuleSubject(own.subject_kind).label, other=own.subject_code, is_known=own.subject_code in known)
    unknown = [code for code in getattr(shaped, "offerings", ()) if code not in offerings]
    unknown += [code for code in getattr(shaped, "categories", ()) if code not in categories]
    found.ask(names_are_known, "parameters", unknown=Several(tuple(unknown)))
    return found.found


def promotion_findings(code: str, own: PromotionContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of a promotion's version, paths within it."""
    found = at()
    _dated(found, own)
    _named(found, _("offering"), own.offering_codes, around.catalogue.offerings, "offering_codes")
    _named(found, _("offering"), own.device_codes, around.catalogue.offerings, "device_codes")
    _named(found, _("category"), own.category_codes, around.catalogue.categories, "category_codes")
    for position, org_id in enumerate(own.sold_in):
        found.ask(lies_within_owner, "sold_in", position, org_id=around.org(org_id), owner=around.org(own.org_id), within=around.lies_within(org_id, own.org_id))
    found.ask(benefit_can_be, "kind", code=Coded.of(own, code), why=why_impossible(benefit_of(own)))
    return found.found


def benefit_of(own: PromotionContent) -> Benefit:
    """Return what the promotion gives, as the engine applies it."""
    months = own.term_months if own.kind == PromotionKind.HANDSET_CONTRACT else own.months
    return Benefit(
        kind=own.kind, percent=own.percent or NOTHING, amount=own.amount or NOTHING, months=months or 0, charge_codes=own.price_codes,
        device_price=own.device_price or NOTHING, floor=own.floor_amount or NOTHING, prestore=own.prestore_amount or NOTHING,
        return_months=own.return_months or 0, device_codes=own.device_codes, points=own.points or 0,
    )
