"""What a document says of a specification, in the words of the catalogue room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.queries import references
from tongke.kernel.errors import NotFound
from tongke.tmf.catalogue.reading import RELATIONS
from tongke.tmf.catalogue.shapes import CharacteristicValueSpecification, ProductSpecification, ProductSpecificationCharacteristic
from tongke.tmf.catalogue.words import TYPES, code_from
from tongke.tmf.kit.references import known, record_of

KIND = "value_added"
RELATION_KINDS = {official: ours for ours, official in RELATIONS.items()}
RELATED = frozenset({"bundledProductSpecification", "serviceSpecification", "resourceSpecification", "productSpecificationRelationship"})
Facts = dict[str, Any]


def named(document: Any, wanted: frozenset[str], current: Mapping[str, Any]) -> Facts:
    """Return names and descriptions; the English name is the official one unless another was given."""
    out: Facts = {}
    if "name" in wanted and document.name:
        out["name_zh"] = document.name
        if not current or (current["name_en"] == current["name_zh"] and "nameEn" not in wanted):
            out["name_en"] = document.name
    if "nameEn" in wanted:
        out["name_en"] = document.name_en or document.name
    if "description" in wanted:
        out["description_zh"] = document.description or ""
    if "descriptionEn" in wanted:
        out["description_en"] = document.description_en or ""
    return out


def specification_facts(document: ProductSpecification, wanted: frozenset[str], current: Mapping[str, Any]) -> Facts:
    """Return what of the attributes ``wanted`` a version says; ``current`` is what it says now, empty for a new one."""
    out = named(document, wanted, current)
    if not current:
        out |= {"level": "product", "kind": KIND}
    if "kind" in wanted and document.kind:
        out["kind"] = document.kind
    if "productSpecCharacteristic" in wanted:
        out["characteristics"] = _characteristics(document.product_spec_characteristic or (), current.get("characteristics", ()))
    if wanted & RELATED:
        out["relations"] = _relations(document, current.get("relations", ()))
    return out


def _characteristics(sent: Sequence[ProductSpecificationCharacteristic], current: Sequence[Mapping[str, Any]]) -> list[Facts]:
    """Return the characteristics as sent; one without an id is known by its name, else gets a code of its own."""
    by_name = {one["name_zh"]: one["code"] for one in current}
    out: list[Facts] = []
    for item in sent:
        name = item.name or item.id or ""
        taken = {one["code"] for one in out}
        code = item.id or by_name.get(name) or code_from(name, taken | set(by_name.values()), word="characteristic")
        out.append(_characteristic(item, code, name))
    return out


def _characteristic(item: ProductSpecificationCharacteristic, code: str, name: str) -> Facts:
    values = item.product_spec_characteristic_value or []
    choices = [one for one in values if one.value is not None]
    kind = TYPES.get(item.value_type or "", item.value_type) or ("choice" if len(choices) > 1 else "text")
    out: Facts = {"code": code, "name_zh": name, "name_en": item.name_en or name, "value_type": kind, "pattern": item.regex or ""}
    for key, value in (("required", item.required), ("configurable", item.configurable), ("cardinality_min", item.min_cardinality),
                       ("cardinality_max", item.max_cardinality)):
        if value is not None:
            out[key] = value
    out |= _ranges(values)
    out["default"] = next((one.value for one in choices if one.is_default), None)
    if kind == "choice":
        out["values"] = [_choice(one) for one in choices]
    return out


def _choice(one: CharacteristicValueSpecification) -> Facts:
    name = one.name or str(one.value)
    return {"value": str(one.value), "zh": name, "en": one.name_en or name}


def _ranges(values: Sequence[CharacteristicValueSpecification]) -> Facts:
    """Return unit, least and most that the values name."""
    out: Facts = {}
    for one in values:
        if one.unit_of_measure:
            out["unit"] = one.unit_of_measure
        if one.value_from is not None:
            out["least"] = Decimal(str(one.value_from))
        if one.value_to is not None:
            out["most"] = Decimal(str(one.value_to))
    return out


def _relations(document: ProductSpecification, current: Sequence[Mapping[str, Any]]) -> list[Facts]:
    """Return every relation that the document names; how many of the other there are stays as it is."""
    before = {(one["kind"], one["other_code"]): one for one in current}
    out: list[Facts] = []

    def add(kind: str, other: str) -> None:
        if not any((one["kind"], one["other_code"]) == (kind, other) for one in out):
            out.append(dict(before.get((kind, other), {"kind": kind, "other_code": other})))

    for one in document.bundled_product_specification or ():
        add("decomposes", _code(one.id, "bundledProductSpecification", level="product"))
    for items, level in ((document.service_specification, "service"), (document.resource_specification, "resource")):
        for reference in items or ():
            code = _code_if_ours(reference.id, level=level)
            if code is not None:
                add("decomposes", code)
    for relation in document.product_specification_relationship or ():
        if relation.relationship_type in RELATION_KINDS:
            add(RELATION_KINDS[relation.relationship_type], _code(relation.id, "productSpecificationRelationship", level="product"))
    return out


def _code_if_ours(ident: str, *, level: str) -> str | None:
    """Return the code of a specification of ours; those of other systems are kept as they came."""
    try:
        return references.specification_code(UUID(ident), level=level)
    except (ValueError, NotFound):
        return None


def _code(ident: str | None, path: str, *, level: str) -> str:
    """Return the code of a specification on that level. Raises ``UnknownReference``."""
    key = record_of(ident, f"{path}.id")
    return known(f"{path}.id", ident, lambda: references.specification_code(key, level=level))
