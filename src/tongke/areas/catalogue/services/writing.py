"""Rows of a version from what it says. Only the verbs of drafting call this; whether it may be said is checked before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.models import (
    Allowance,
    BundlePart,
    Characteristic,
    Offering,
    Price,
    PriceList,
    PriceListEntry,
    PriceTier,
    Specification,
    SpecificationRelation,
    Term,
)
from tongke.areas.catalogue.queries.contents import MODELS
from tongke.areas.catalogue.rules.content import Content, OfferingContent
from tongke.areas.catalogue.services.price_ids import keep_ids
from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7

# Lists of a shape that are rows of their own: noun → name of the list → record.
LISTS: Mapping[str, Mapping[str, Any]] = {
    "specifications": {"characteristics": Characteristic, "relations": SpecificationRelation},
    "offerings": {"parts": BundlePart, "allowances": Allowance, "terms": Term}, "price_lists": {"entries": PriceListEntry}, "rules": {}, "promotions": {},
}
PARENT = {"specifications": "specification", "offerings": "offering", "price_lists": "price_list"}
_PLAINLY = ("valid_from", "valid_until")
UNORDERED = (PriceListEntry,)


def _plain(shape: Content, but: Iterable[str] = ()) -> dict[str, Any]:
    """Return the fields that are columns of the same name; nothing becomes the empty text where the column takes no null."""
    left_out = {*but, *_PLAINLY}
    out = {}
    for name in type(shape).model_fields:
        if name not in left_out:
            value = getattr(shape, name)
            out[name] = "" if value is None and name in ("channel", "period", "usage_type") else list(value) if isinstance(value, tuple) else value
    return out


def _own(noun: str, content: Any, at: datetime) -> dict[str, Any]:
    values = _plain(content, (*LISTS[noun], "prices", "specification"))
    values["valid_from"] = getattr(content, "valid_from", None) or at
    values["valid_until"] = getattr(content, "valid_until", None)
    if isinstance(content, OfferingContent):
        values |= {"monthly_fee": content.monthly_fee, "specification_id": specification_id(content.specification)}
    return values


def specification_id(code: str | None) -> UUID | None:
    """Return the version that a specification's code stands for: the newest that was not given up; ``None`` without a code."""
    if code is None:
        return None
    gone = (LifeCycle.REJECTED, LifeCycle.OBSOLETE, LifeCycle.RETIRED)
    found: UUID = Specification.objects.filter(code=code).exclude(state__in=gone).order_by("-version").values_list("id", flat=True)[0]
    return found


def _item(shape: Content, position: int, model: Any, fixed: Mapping[str, Any]) -> Any:
    values = _plain(shape, ("tiers",))
    if "values" in values:
        values["values"] = [choice.model_dump() for choice in values["values"]]
    if "charge_type" in values:
        values["charge_type"] = values["charge_type"] or values["kind"]
    if model not in UNORDERED:
        values["position"] = position
    return model(id=uuid7(), **values, **fixed)


def _write_lists(noun: str, content: Any, owner: UUID, before: Sequence[Price] = ()) -> None:
    fixed = {f"{PARENT.get(noun, '')}_id": owner, "org_id": content.org_id}
    for name, model in LISTS[noun].items():
        model.objects.bulk_create([_item(shape, n, model, fixed) for n, shape in enumerate(getattr(content, name))])
    if isinstance(content, OfferingContent):
        prices = [(shape, _item(shape, n, Price, {**fixed, "currency": content.currency})) for n, shape in enumerate(content.prices)]
        keep_ids(before, [row for _shape, row in prices])
        Price.objects.bulk_create([row for _shape, row in prices])
        PriceTier.objects.bulk_create([
            PriceTier(org_id=content.org_id, price_id=row.id, from_units=tier.from_units, amount=tier.amount) for shape, row in prices for tier in shape.tiers
        ])


def _clear_lists(noun: str, owner: UUID) -> None:
    if noun == "offerings":
        PriceTier.objects.filter(price__offering_id=owner).delete()
        Price.objects.filter(offering_id=owner).delete()
    for model in LISTS[noun].values():
        model.objects.filter(**{f"{PARENT[noun]}_id": owner}).delete()


def write_draft(noun: str, code: str, version: int, content: Any, *, by: Actor, at: datetime) -> UUID:
    """Make the rows of a new draft and return its id."""
    row = MODELS[noun](id=uuid7(), code=code, version=version, state=LifeCycle.IN_DESIGN, created_by=by.name, created_at=at, changed_at=at,
                       **_own(noun, content, at))
    row.save(force_insert=True)
    _write_lists(noun, content, row.id)
    made: UUID = row.id
    return made


def rewrite_draft(row: Specification | Offering | PriceList | Any, noun: str, content: Any, *, at: datetime) -> None:
    """Put other content into a draft, which the caller holds locked."""
    for name, value in _own(noun, content, at).items():
        setattr(row, name, value)
    row.changed_at = at
    row.save()
    before = list(Price.objects.filter(offering_id=row.id).order_by("position", "id")) if noun == "offerings" else []
    _clear_lists(noun, row.id)
    _write_lists(noun, content, row.id, before)


def remove_draft(row: Any, noun: str) -> None:
    """Take a draft away with everything that belongs to it."""
    _clear_lists(noun, row.id)
    row.delete()
