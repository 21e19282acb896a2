"""What a document says of an offering, in the words of the catalogue room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.queries import references
from tongke.areas.catalogue.states import OfferingKind, SalesChannel
from tongke.kernel.errors import Invalid
from tongke.tmf.catalogue.offering_shapes import (
    Allowance,
    BundledProductOffering,
    ContractTerm,
    ProductOffering,
    ProductOfferingPriceRefOrValue,
)
from tongke.tmf.catalogue.price_content import currency_of, decimal, inline_price, values_used
from tongke.tmf.catalogue.specification_content import KIND, named
from tongke.tmf.catalogue.words import MONTHS, code_from, offering_codes, organisations, told, words_of
from tongke.tmf.kit.references import known, record_of

Facts = dict[str, Any]
TERM_AMOUNTS = ("penalty_percent", "penalty_amount", "floor_amount", "prestore_amount")


def offering_facts(document: ProductOffering, wanted: frozenset[str], current: Mapping[str, Any], prices: Mapping[UUID, Mapping[str, Any]]) -> Facts:
    """Return what of the attributes ``wanted`` a version says; ``current`` is what it says now, empty for a new one.

    ``prices`` are those of the version by id.
    """
    out = named(document, wanted, current)
    if "productSpecification" in wanted:
        out["specification"] = _specification(document)
    if "kind" in wanted or not current:
        out["kind"] = document.kind or _kind(document)
    if "isSellable" in wanted and document.is_sellable is not None:
        out["sellable"] = document.is_sellable
    if "channel" in wanted:
        out["channels"] = words_of(document.channel, SalesChannel.values, "channel")
    if "marketSegment" in wanted:
        out["segments"] = [one.id for one in document.market_segment or ()]
    if "place" in wanted:
        out["sold_in"] = organisations(document.place, "place")
    return out | _lists(document, wanted, current, prices)


def _lists(document: ProductOffering, wanted: frozenset[str], current: Mapping[str, Any], prices: Mapping[UUID, Mapping[str, Any]]) -> Facts:
    out: Facts = {}
    if "bundledProductOffering" in wanted:
        out["parts"] = _parts(document.bundled_product_offering)
    if "prodSpecCharValueUse" in wanted:
        out["characteristics"] = values_used(document.prod_spec_char_value_use, _names(document), "prodSpecCharValueUse")
    if "productOfferingTerm" in wanted:
        out["terms"] = _terms(document.product_offering_term or (), current.get("terms", ()))
    if "allowance" in wanted:
        out["allowances"] = [_allowance(one) for one in document.allowance or ()]
    if "productOfferingPrice" in wanted:
        out |= _prices(document.product_offering_price or (), prices)
    return out


def _specification(document: ProductOffering) -> str | None:
    reference = document.product_specification
    if reference is None:
        return None
    key = record_of(reference.id, "productSpecification.id")
    return known("productSpecification.id", reference.id, lambda: references.specification_code(key, level="product"))


def _kind(document: ProductOffering) -> str:
    """Return what an offering provides that does not say: a bundle, else as its specification."""
    if document.is_bundle or document.bundled_product_offering:
        return OfferingKind.BUNDLE.value
    reference = document.product_specification
    return references.specification_kind(record_of(reference.id, "productSpecification.id")) if reference else KIND


def _names(document: ProductOffering) -> Mapping[str, str]:
    """Return the codes of the specification's characteristics by name."""
    reference = document.product_specification
    return references.characteristic_codes(record_of(reference.id, "productSpecification.id")) if reference else {}


def _parts(items: Sequence[BundledProductOffering] | None) -> list[Facts]:
    out = []
    for item, code in zip(items or (), offering_codes(items, "bundledProductOffering"), strict=True):
        part: Facts = {"part_code": code, "group_code": item.group or "", "group_min": item.group_lower_limit or 0, "group_max": item.group_upper_limit}
        option = item.bundled_product_offering_option
        limits = (("quantity_min", option.number_rel_offer_lower_limit), ("quantity_max", option.number_rel_offer_upper_limit),
                  ("quantity_default", option.number_rel_offer_default)) if option else ()
        out.append(part | {key: value for key, value in limits if value is not None})
    return out


def _terms(items: Sequence[ContractTerm], current: Sequence[Mapping[str, Any]]) -> list[Facts]:
    before = {str(one["code"]): one for one in current}
    by_name = {str(one["name_zh"]): str(one["code"]) for one in current}
    out: list[Facts] = []
    for item in items:
        code = item.id or by_name.get(item.name or "") or code_from(item.name or "term", {one["code"] for one in out} | set(before), word="term")
        name = item.name or code
        term: Facts = {**before.get(code, {}), "code": code, "name_zh": name, "name_en": item.name_en or name, "months": _months(item)}
        for key, value in (("default", item.is_default), ("penalty_kind", item.penalty_kind), ("return_months", item.return_months),
                           ("notice_days", item.notice_days)):
            if value is not None:
                term[key] = value
        out.append(term | {key: decimal(getattr(item, key)) for key in TERM_AMOUNTS if getattr(item, key) is not None})
    return out


def _months(item: ContractTerm) -> int:
    duration = item.duration
    if duration is None or duration.amount is None:
        raise Invalid(what="productOfferingTerm.duration", field="productOfferingTerm.duration")
    return duration.amount * MONTHS[told(duration.units or "month", MONTHS, "productOfferingTerm.duration.units")]


def _allowance(item: Allowance) -> Facts:
    out: Facts = {"usage_type": item.usage_type, "amount": decimal(item.amount), "rollover_months": item.rollover_months or 0, "shared": bool(item.shared)}
    return out | ({"proration": item.proration} if item.proration else {})


def _prices(items: Sequence[ProductOfferingPriceRefOrValue], prices: Mapping[UUID, Mapping[str, Any]]) -> Facts:
    """Return prices by value; one by reference is taken over as it is, from this version or another."""
    out: list[Facts] = []
    for place, item in enumerate(items):
        path = f"productOfferingPrice[{place}]"
        current = _price_meant(item, prices, path)
        out.append(inline_price(item, current, {one["code"] for one in out}, path))
    currency = currency_of([amount for one in items if one.price for amount in (one.price.tax_included_amount, one.price.duty_free_amount)],
                           "productOfferingPrice.price")
    return {"prices": out} | ({"currency": currency} if currency else {})


def _price_meant(item: ProductOfferingPriceRefOrValue, prices: Mapping[UUID, Mapping[str, Any]], path: str) -> Mapping[str, Any]:
    if item.id is None:
        return {}
    key = record_of(item.id, f"{path}.id")
    if key in prices:
        return prices[key]
    return known(f"{path}.id", item.id, lambda: references.price_facts(key))
