"""What documents say of prices, in the words of the catalogue room: within an offering, and as documents of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tongke.areas.catalogue.states import Period, PriceKind, SalesChannel, TierMode, UsageType
from tongke.kernel.errors import Invalid
from tongke.tmf.catalogue.offering_shapes import (
    PricingLogicAlgorithm,
    ProductOfferingPrice,
    ProductOfferingPriceRefOrValue,
)
from tongke.tmf.catalogue.shapes import ProductSpecificationCharacteristicValueUse
from tongke.tmf.catalogue.words import PERIODS, PRICE_KINDS, UNITS, code_from, offering_codes, organisations, told, words_of
from tongke.tmf.kit.shapes import Money, Quantity

Facts = dict[str, Any]
TIERS = "tiers"
WORDS_OF_KINDS = ("recurring", "oneTime", "usage", "deposit", "prestore")


def decimal(value: Any) -> Decimal:
    """Return a number of a document as a decimal number."""
    return Decimal(str(value))


def kind_of(price_type: str | None, path: str) -> str:
    """Return our kind of a price's official type; recurring unless said. Raises ``Invalid``."""
    kind = PRICE_KINDS.get(price_type or "recurring", price_type or "recurring")
    if kind not in PriceKind.values:
        raise Invalid(what=f"{path} ({', '.join(WORDS_OF_KINDS)})", field=path)
    return kind


def _period(word: str | None, kind: str, path: str) -> str | None:
    if word is None:
        return Period.MONTH.value if kind == PriceKind.RECURRING else None
    return told(PERIODS.get(word, word), Period.values, path) if kind == PriceKind.RECURRING else None


def _usage(unit: Quantity | None, kind: str, path: str) -> Facts:
    """Return what is counted and how much is charged at a time; what a price that is not for usage says of units is kept."""
    if kind != PriceKind.USAGE or unit is None:
        return {}
    out: Facts = {"usage_type": told(UNITS.get(unit.units or "", unit.units or ""), UsageType.values, f"{path}.units")}
    if unit.amount is not None:
        out["unit_size"] = decimal(unit.amount)
    return out


def _general(document: ProductOfferingPrice | ProductOfferingPriceRefOrValue, current: Mapping[str, Any], taken: set[str], path: str) -> Facts:
    """Return what both forms of a price say alike."""
    out: Facts = dict(current)
    kind = kind_of(document.price_type, f"{path}priceType") if document.price_type or not current else str(current["kind"])
    name = document.name or str(current.get("name_zh") or kind)
    before = str(current.get("name_en") or "")
    keeps = document.name_en is None and bool(before) and before != current.get("name_zh")
    out |= {"kind": kind, "name_zh": name, "name_en": before if keeps else document.name_en or name}
    out["code"] = document.code or str(current.get("code") or code_from(document.name or kind, taken, word=kind))
    if document.charge_type is not None:
        out["charge_type"] = document.charge_type
    return out | _usage(document.unit_of_measure, kind, f"{path}unitOfMeasure")


def inline_price(document: ProductOfferingPriceRefOrValue, current: Mapping[str, Any], taken: set[str], path: str) -> Facts:
    """Return a price as an offering's document says it; what that form has no word for stays as it is."""
    out = _general(document, current, taken, f"{path}.")
    if document.recurring_charge_period or not current:
        out["period"] = _period(document.recurring_charge_period, out["kind"], f"{path}.recurringChargePeriod")
    price = document.price
    if price is None:
        return out
    amount = price.tax_included_amount or price.duty_free_amount
    if amount is not None and amount.value is not None:
        out |= {"amount": decimal(amount.value), "tax_included": price.tax_included_amount is not None}
    if price.tax_category is not None:
        out["tax_category"] = price.tax_category
    if price.percentage is not None:
        out["percent_of_part"] = decimal(price.percentage)
    return out


def currency_of(amounts: Sequence[Money | None], path: str) -> str | None:
    """Return the one currency that amounts are in, or nothing where none says. Raises ``Invalid`` where they differ."""
    found = {amount.unit for amount in amounts if amount is not None and amount.unit}
    if len(found) > 1:
        raise Invalid(what=f"{path} ({', '.join(sorted(found))})", field=path)
    return next(iter(found), None)


def price_facts(document: ProductOfferingPrice, current: Mapping[str, Any], taken: set[str]) -> Facts:
    """Return a price as its own document says it, wholly."""
    out = _general(document, current, taken, "")
    out["period"] = _period(document.recurring_charge_period_type, out["kind"], "recurringChargePeriodType")
    if document.price is not None and document.price.value is not None:
        out["amount"] = decimal(document.price.value)
    out["percent_of_part"] = None if document.percentage is None else decimal(document.percentage)
    for key, value in (("tax_included", document.tax_included), ("proration", document.proration)):
        if value is not None:
            out[key] = value
    if document.tax:
        out["tax_category"] = document.tax[0].tax_category or out.get("tax_category", "basic_telecom")
    return out | _narrowed(document) | _tiers(document.pricing_logic_algorithm)


def _narrowed(document: ProductOfferingPrice) -> Facts:
    """Return for whom, where and for what the price counts."""
    segments = [one.id for one in document.market_segment or ()]
    channels = words_of(document.channel, SalesChannel.values, "channel")
    areas = organisations(document.place, "place")
    for path, values in (("marketSegment", segments), ("channel", channels), ("place", areas)):
        if len(values) > 1:
            raise Invalid(what=f"{path} (1)", field=path)
    part = offering_codes([document.bundled_product_offering] if document.bundled_product_offering else None, "bundledProductOffering")
    return {
        "segment": segments[0] if segments else "", "channel": channels[0] if channels else None, "area_id": areas[0] if areas else None,
        "part_code": part[0] if part else "", "condition": values_used(document.prod_spec_char_value_use, {}, "prodSpecCharValueUse"),
    }


def _tiers(logics: Sequence[PricingLogicAlgorithm] | None) -> Facts:
    ours = next((one for one in logics or () if one.id == TIERS or one.tier), None)
    if ours is None:
        return {"tiers": []}
    out: Facts = {"tiers": [{"from_units": decimal(one.from_units), "amount": decimal(one.amount)} for one in ours.tier or ()]}
    if ours.pla_spec_id:
        out["tier_mode"] = told(ours.pla_spec_id, TierMode.values, "pricingLogicAlgorithm.plaSpecId")
    return out


def values_used(items: Sequence[ProductSpecificationCharacteristicValueUse] | None, by_name: Mapping[str, str], path: str) -> Facts:
    """Return values by the code of their characteristic; several values are a list. Raises ``Invalid`` where there is none."""
    out: Facts = {}
    for item in items or ():
        code = item.id or by_name.get(item.name or "", item.name)
        values = [one.value for one in item.product_spec_characteristic_value or () if one.value is not None]
        if not code or not values:
            raise Invalid(what=path, field=path)
        out[code] = values[0] if len(values) == 1 else values
    return out
