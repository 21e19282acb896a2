"""Versions of the catalogue as what they say: the shapes that verbs take, comparison compares and the file writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Model

from tongke.areas.catalogue.models import (
    Allowance,
    BundlePart,
    Catalogue,
    Category,
    CategoryMember,
    Characteristic,
    EligibilityRule,
    Offering,
    Price,
    PriceList,
    PriceListEntry,
    PriceTier,
    Promotion,
    Specification,
    SpecificationRelation,
    TaxRate,
    Term,
)
from tongke.areas.catalogue.queries.price_rows import TAX_OF_KIND
from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, Content
from tongke.areas.catalogue.rules.pricing.tax import VALUE_ADDED_TELECOM
from tongke.areas.catalogue.states import LifeCycle

Noun = Literal["tax_rates", "specifications", "offerings", "catalogues", "categories", "price_lists", "rules", "promotions"]
MODELS: Mapping[str, Any] = {
    "specifications": Specification, "offerings": Offering, "price_lists": PriceList, "rules": EligibilityRule, "promotions": Promotion,
}
"""Nouns with versions and a life cycle."""
GONE = (LifeCycle.REJECTED, LifeCycle.OBSOLETE, LifeCycle.RETIRED)
# Where the database has an empty text for nothing and the shape has nothing.
_EMPTY_IS_NONE = frozenset({"channel", "period", "usage_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One version and what it says."""

    noun: str
    id: UUID
    code: str
    version: int
    state: str
    valid_from: datetime
    valid_until: datetime | None
    created_by: str
    changed_at: datetime | None
    content: Any

    def on_sale(self, at: datetime) -> bool:
        """Tell whether the version holds at ``at``."""
        return self.state == LifeCycle.LAUNCHED and self.valid_from <= at and (self.valid_until is None or self.valid_until > at)


def _fields(row: Model, shape: type[Content], but: Collection[str] = ()) -> dict[str, Any]:
    out = {}
    for name in shape.model_fields:
        if name not in but:
            value = getattr(row, name)
            out[name] = None if name in _EMPTY_IS_NONE and value == "" else value
    return out


def _children(model: Any, parent: str, ids: Collection[UUID], order: Sequence[str] = ("position", "id")) -> Mapping[UUID, list[Any]]:
    out: dict[UUID, list[Any]] = defaultdict(list)
    for row in model.objects.filter(**{f"{parent}_id__in": ids}).order_by(*order):
        out[getattr(row, f"{parent}_id")].append(row)
    return out


def _shape(noun: str, name: str) -> Any:
    """Return the shape of one item of a list of ``noun``'s shape."""
    found: Any = BLOCKS[noun].model_fields[name].annotation
    return found.__args__[0]


def _specifications(rows: Sequence[Any]) -> Iterable[dict[str, Any]]:
    ids = [row.id for row in rows]
    characteristics = _children(Characteristic, "specification", ids)
    relations = _children(SpecificationRelation, "specification", ids)
    for row in rows:
        yield _fields(row, BLOCKS["specifications"], ("characteristics", "relations")) | {
            "characteristics": [_fields(c, _shape("specifications", "characteristics")) for c in characteristics[row.id]],
            "relations": [_fields(r, _shape("specifications", "relations")) for r in relations[row.id]],
        }


def _offerings(rows: Sequence[Any]) -> Iterable[dict[str, Any]]:
    ids = [row.id for row in rows]
    specified = dict(Specification.objects.filter(id__in={row.specification_id for row in rows}).values_list("id", "code"))
    prices = _children(Price, "offering", ids)
    tiers = _children(PriceTier, "price", [price.id for found in prices.values() for price in found], ("from_units",))
    lists = {"parts": _children(BundlePart, "offering", ids), "allowances": _children(Allowance, "offering", ids), "terms": _children(Term, "offering", ids)}
    for row in rows:
        yield _fields(row, BLOCKS["offerings"], ("specification", "prices", *lists)) | {
            "specification": specified.get(row.specification_id),
            "prices": [
                _fields(price, _shape("offerings", "prices"), ("tiers",)) | {"tiers": [_fields(t, _tier) for t in tiers[price.id]]}
                for price in prices[row.id]
            ] or by_fee(row.kind, row.monthly_fee),
        } | {name: [_fields(item, _shape("offerings", name)) for item in found[row.id]] for name, found in lists.items()}


def by_fee(kind: str, fee: Decimal) -> list[dict[str, Any]]:
    """Return the price that a monthly fee alone stands for: of offerings that were published with no more than that."""
    if fee <= 0:
        return []
    return [{"code": "monthly", "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "amount": fee, "period": "month",
             "tax_category": TAX_OF_KIND.get(kind, VALUE_ADDED_TELECOM)}]


_tier: Any = _shape("offerings", "prices").model_fields["tiers"].annotation.__args__[0]


def _price_lists(rows: Sequence[Any]) -> Iterable[dict[str, Any]]:
    entries = _children(PriceListEntry, "price_list", [row.id for row in rows], ("offering_code", "price_code"))
    for row in rows:
        yield _fields(row, BLOCKS["price_lists"], ("entries",)) | {"entries": [_fields(e, _shape("price_lists", "entries")) for e in entries[row.id]]}


_READERS: Mapping[str, Callable[[Sequence[Any]], Iterable[dict[str, Any]]]] = {
    "specifications": _specifications, "offerings": _offerings, "price_lists": _price_lists,
    "rules": lambda rows: (_fields(row, BLOCKS["rules"]) for row in rows),
    "promotions": lambda rows: (_fields(row, BLOCKS["promotions"]) for row in rows),
}


def standing_of(noun: str, rows: Sequence[Any]) -> list[Standing]:
    """Return records of ``noun`` as versions with what they say; the database's word is taken as it is."""
    return [
        Standing(noun=noun, id=row.id, code=row.code, version=row.version, state=row.state, valid_from=row.valid_from, valid_until=row.valid_until,
                 created_by=row.created_by, changed_at=row.changed_at, content=read(noun, given))
        for row, given in zip(rows, _READERS[noun](rows), strict=True)
    ]


def read(noun: str, given: Mapping[str, Any]) -> Any:
    """Return the shape of ``noun`` from the database's words; what is older than a check is read all the same."""
    return BLOCKS[noun].model_validate(given)


def version_said(noun: str, version_id: UUID) -> Standing | None:
    """Return one version and what it says; ``None`` where there is none."""
    rows = list(MODELS[noun].objects.filter(id=version_id))
    return standing_of(noun, rows)[0] if rows else None


def newest(noun: str, codes: Collection[str] | None = None) -> dict[str, Standing]:
    """Return the newest version of each code that is neither retired nor given up: what the code stands for in design."""
    rows = MODELS[noun].objects.exclude(state__in=GONE)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return {found.code: found for found in standing_of(noun, list(rows.order_by("code", "-version").distinct("code")))}


def sold(noun: str, codes: Collection[str] | None = None, *, at: datetime) -> dict[str, Standing]:
    """Return the version of each code that holds at ``at``."""
    rows = MODELS[noun].objects.filter(state=LifeCycle.LAUNCHED, valid_from__lte=at).exclude(valid_until__lte=at)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return {found.code: found for found in standing_of(noun, list(rows.order_by("code", "-version").distinct("code")))}


def tax_rates() -> dict[str, Any]:
    """Return the tax categories with all their rates."""
    out: dict[str, dict[str, Any]] = {}
    for row in TaxRate.objects.order_by("category", "valid_from"):
        held = out.setdefault(row.category, {"rates": []})
        held |= {"org_id": row.org_id, "name_zh": row.name_zh, "name_en": row.name_en}
        held["rates"].append({"valid_from": row.valid_from, "percent": row.percent})
    return {category: read("tax_rates", given) for category, given in out.items()}


def tree() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the catalogues and the categories with their offerings."""
    roots = {row.id: row for row in Catalogue.objects.order_by("code")}
    branches = {row.id: row for row in Category.objects.order_by("code")}
    members = _children(CategoryMember, "category", list(branches), ("position", "offering_code"))
    categories = {
        row.code: read("categories", _fields(row, BLOCKS["categories"], ("catalogue", "parent", "offerings")) | {
            "catalogue": roots[row.catalogue_id].code, "parent": branches[row.parent_id].code if row.parent_id else None,
            "offerings": [member.offering_code for member in members[row.id]],
        }) for row in branches.values()
    }
    return {row.code: read("catalogues", _fields(row, BLOCKS["catalogues"])) for row in roots.values()}, categories


def catalogue_said(*, on_sale_at: datetime | None = None) -> CatalogueContent:
    """Return the whole catalogue as what it says: the newest version of each code or, at an instant, the one on sale before any other."""
    catalogues, categories = tree()
    return CatalogueContent(tax_rates=tax_rates(), catalogues=catalogues, categories=categories, **{
        noun: {code: found.content for code, found in (newest(noun) | ({} if on_sale_at is None else sold(noun, at=on_sale_at))).items()} for noun in MODELS
    })
