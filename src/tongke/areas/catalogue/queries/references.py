"""What ids of the catalogue mean: the codes of the versions that they address, and what a price says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.models import Catalogue, Category, Characteristic, Offering, Price, PriceTier, Specification
from tongke.kernel.errors import NotFound

PRICE_WORDS = ("code", "kind", "charge_type", "name_zh", "name_en", "amount", "tax_category", "tax_included", "proration", "unit_size", "tier_mode",
               "segment", "area_id", "condition", "part_code", "percent_of_part")
OPTIONAL_WORDS = ("period", "usage_type", "channel")


def offering_code(offering_id: UUID) -> str:
    """Return the code of the offering that has a version of this id; raises ``NotFound``."""
    code = Offering.objects.filter(id=offering_id).values_list("code", flat=True).first()
    if code is None:
        raise NotFound
    return code


def specification_code(specification_id: UUID, *, level: str) -> str:
    """Return the code of the specification that has a version of this id on that level; raises ``NotFound``."""
    code = Specification.objects.filter(id=specification_id, level=level).values_list("code", flat=True).first()
    if code is None:
        raise NotFound
    return code


def specification_kind(specification_id: UUID) -> str:
    """Return what a specification's product provides; raises ``NotFound``."""
    kind = Specification.objects.filter(id=specification_id).values_list("kind", flat=True).first()
    if kind is None:
        raise NotFound
    return kind


def characteristic_codes(specification_id: UUID) -> dict[str, str]:
    """Return the codes of a specification's characteristics by their names in either language."""
    rows = Characteristic.objects.filter(specification_id=specification_id).values_list("code", "name_zh", "name_en")
    return {name: code for code, zh, en in rows for name in (en, zh)}


def catalogue_code(catalogue_id: UUID) -> str:
    """Return the code of a catalogue; raises ``NotFound``."""
    code = Catalogue.objects.filter(id=catalogue_id).values_list("code", flat=True).first()
    if code is None:
        raise NotFound
    return code


def only_catalogue() -> str | None:
    """Return the code of the one catalogue that there is; nothing where there are none or several."""
    found = list(Catalogue.objects.values_list("code", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def category_code(category_id: UUID) -> str:
    """Return the code of a category; raises ``NotFound``."""
    code = Category.objects.filter(id=category_id).values_list("code", flat=True).first()
    if code is None:
        raise NotFound
    return code


def offering_of_price(price_id: UUID) -> UUID:
    """Return the id of the version whose price it is; raises ``NotFound``."""
    found = Price.objects.filter(id=price_id).values_list("offering_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def price_facts(price_id: UUID) -> dict[str, Any]:
    """Return what a price says, in the words of ``PriceContent``; raises ``NotFound``."""
    found = _facts(Price.objects.filter(id=price_id))
    if not found:
        raise NotFound
    return found[price_id]


def prices_of(offering_id: UUID) -> dict[UUID, dict[str, Any]]:
    """Return what the prices of a version say by id, in their order."""
    return _facts(Price.objects.filter(offering_id=offering_id).order_by("position", "id"))


def _facts(rows: Iterable[Price]) -> dict[UUID, dict[str, Any]]:
    out = {row.id: {name: getattr(row, name) for name in PRICE_WORDS} | {name: getattr(row, name) or None for name in OPTIONAL_WORDS} | {"tiers": []}
           for row in rows}
    for tier in PriceTier.objects.filter(price_id__in=out).order_by("from_units"):
        out[tier.price_id]["tiers"].append({"from_units": tier.from_units, "amount": tier.amount})
    return out
