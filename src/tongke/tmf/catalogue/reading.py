"""How catalogues, categories, specifications, offerings and prices read: official attributes over the catalogue room's columns."""

from __future__ import annotations

from tongke.areas.catalogue.queries.record_items import (
    CATEGORIES_IN_FULL,
    CHARACTERISTIC_VALUES,
    FIXED_VALUES,
    OFFERING_CHANNELS,
    OFFERING_PLACES,
    OFFERING_SEGMENTS,
    PRICE_CONDITIONS,
    PRICES_IN_FULL,
    SUB_CATEGORIES,
    TIERS,
)
from tongke.areas.catalogue.queries.records import (
    ALLOWANCES,
    BUNDLE_PARTS,
    CATEGORY_MEMBERS,
    CHARACTERISTICS,
    SPECIFICATION_RELATIONS,
    TERMS,
)
from tongke.kernel.rows import Rows
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj, Said, Sql

BASE = "productCatalogManagement/v4"
STATES = {
    "in_study": "In study", "in_design": "In design", "in_test": "In test", "active": "Active", "launched": "Launched", "retired": "Retired",
    "obsolete": "Obsolete", "rejected": "Rejected",
}
PRICE_TYPES = {"one_off": "oneTime"}
RELATIONS = {"requires": "dependency", "excludes": "exclusivity", "depends_on": "sequence"}
VALID: Node = Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")})
COMMON: dict[str, Node] = {
    "id": Col("id"), "name": Col("name_zh"), "nameEn": Col("name_en"), "lifecycleStatus": Col("state", values=STATES), "lastUpdate": Col("changed_at"),
}


def wished(store: str, only: str) -> Node:
    """Return the period: what the designer wishes as long as ``only`` holds, then what came of it."""
    return Obj({name: Said(store, f"validFor.{name}", Col(column), only=only)
                for name, column in (("startDateTime", "valid_from"), ("endDateTime", "valid_until"))})


NOT_LAUNCHED = "{}.state NOT IN ('launched', 'retired', 'obsolete')"
DESCRIBED: dict[str, Node] = {"description": Col("description_zh"), "descriptionEn": Col("description_en")}
VERSION: Node = Sql("version", "({column})::text")


def _of(path: str, ident: str, name: str, referred: str, *, by_code: bool = False) -> dict[str, Node]:
    """Return the parts of a reference by the columns of its id and name.

    What is referred to ``by_code`` may be named by any of its versions; the one that the code stands for is given back.
    """
    return {"id": Col(ident, loose=by_code), "href": Href(f"{BASE}/{path}", ident), "name": Col(name, loose=True), "@referredType": Const(referred)}


CATALOG: dict[str, Node] = COMMON | DESCRIBED | {
    "validFor": wished("catalog", ""), "code": Col("code"),
    "category": Many(CATEGORIES_IN_FULL, on=("catalogue_id", "id"), only="kcg.parent_id IS NULL", order="kcg.position, kcg.id",
                     parts=_of("category", "id", "name_zh", "Category")),
}
CATEGORY: dict[str, Node] = COMMON | DESCRIBED | {
    "validFor": wished("category", ""), "code": Col("code"), "isRoot": Col("is_root"), "parentId": Col("parent"),
    "catalog": Obj(_of("catalog", "catalogue_id", "catalogue_name_zh", "Catalog")),
    "productOffering": Many(CATEGORY_MEMBERS, on=("category_id", "id"), order="kcm.position, kcm.id",
                            parts=_of("productOffering", "offering_id", "offering_name_zh", "ProductOffering", by_code=True)),
    "subCategory": Many(SUB_CATEGORIES, on=("parent_id", "id"), order="kxk.position, kxk.id", parts=_of("category", "id", "name_zh", "Category")),
}
VALUES: dict[str, Node] = {
    "id": Col("word", loose=True), "value": Col("value", loose=True), "isDefault": Col("is_default"), "unitOfMeasure": Col("unit"),
    "valueFrom": Col("least"), "valueTo": Col("most"), "rangeInterval": Col("interval", spare=True), "name": Col("name_zh", loose=True),
    "nameEn": Col("name_en", loose=True),
}
CHARACTERISTIC: dict[str, Node] = {
    "id": Col("code"), "name": Col("name_zh"), "nameEn": Col("name_en"), "valueType": Col("value_type", loose=True), "configurable": Col("configurable"),
    "required": Col("required"), "minCardinality": Col("cardinality_min"), "maxCardinality": Col("cardinality_max"), "regex": Col("pattern"),
    "productSpecCharacteristicValue": Many(CHARACTERISTIC_VALUES, on=("characteristic_id", "id"), order="kvv.place", parts=VALUES),
}
_LEVEL = SPECIFICATION_RELATIONS.column("other_level").sql


def _consists_of(level: str, *, at: str) -> Many:
    """Return the list of what a specification consists of on one level; specifications of other systems stand behind ours."""
    parts: dict[str, Node] = {"id": Col("other_id", loose=True), "name": Col("other_name_zh", loose=True)}
    parts |= {"href": Href(f"{BASE}/productSpecification", "other_id")} if level == "product" else {"@referredType": Const(at)}
    return Many(SPECIFICATION_RELATIONS, on=("specification_id", "id"), only=f"ksr.kind = 'decomposes' AND {_LEVEL} = '{level}'", parts=parts,
                order="ksr.position, ksr.id", open=level != "product")


SPECIFICATION: dict[str, Node] = COMMON | DESCRIBED | {
    "validFor": wished("productSpecification", NOT_LAUNCHED.format("ksp")),
    "productNumber": Col("code"), "version": VERSION, "kind": Col("kind"),
    "isBundle": Sql("id", f"EXISTS (SELECT FROM {SPECIFICATION_RELATIONS.source} WHERE ksr.specification_id = {{column}}"
                          f" AND ksr.kind = 'decomposes' AND {_LEVEL} = 'product')"),
    "bundledProductSpecification": _consists_of("product", at="ProductSpecification"),
    "serviceSpecification": _consists_of("service", at="ServiceSpecification"),
    "resourceSpecification": _consists_of("resource", at="ResourceSpecification"),
    "productSpecificationRelationship": Many(
        SPECIFICATION_RELATIONS, on=("specification_id", "id"), only=f"ksr.kind <> 'decomposes' AND {_LEVEL} = 'product'", order="ksr.position, ksr.id",
        open=True, parts={"id": Col("other_id", loose=True), "href": Href(f"{BASE}/productSpecification", "other_id"), "name": Col("other_name_zh", loose=True),
                          "relationshipType": Col("kind", values=RELATIONS)}),
    "productSpecCharacteristic": Many(CHARACTERISTICS, on=("specification_id", "id"), order="kch.position, kch.id", parts=CHARACTERISTIC),
}
FIXED: dict[str, Node] = {
    "id": Col("code"), "name": Col("name_zh", loose=True), "valueType": Col("value_type", loose=True),
    "productSpecCharacteristicValue": Listed((Obj({"id": Col("word", loose=True), "value": Col("value"), "isDefault": Col("is_default", loose=True)}),)),
    "productSpecification": Obj(_of("productSpecification", "specification_id", "specification_name_zh", "ProductSpecification", by_code=True)
                                | {"version": Col("specification_version", loose=True)}),
}
# What stands in the price of an offering and in the price as a document of its own.
UNITS: Node = Obj({"amount": Col("charged_units", spare=True), "units": Col("usage_type", spare=True)})
_PRICE: dict[str, Node] = {
    "id": Col("id", loose=True), "name": Col("name_zh"), "nameEn": Col("name_en"), "lifecycleStatus": Col("state", values=STATES, loose=True),
    "priceType": Col("kind", values=PRICE_TYPES), "code": Col("code"), "chargeType": Col("charge_type"),
    "unitOfMeasure": UNITS, "version": Col("version_text", loose=True),
}
INLINE_PRICE: dict[str, Node] = _PRICE | {
    "href": Href(f"{BASE}/productOfferingPrice"), "recurringChargePeriod": Col("period", loose=True),
    "recurringChargePeriodLength": Col("period_length", spare=True),
    "price": Obj({
        "taxIncludedAmount": Obj({"unit": Col("with_tax_unit"), "value": Col("with_tax")}),
        "dutyFreeAmount": Obj({"unit": Col("without_tax_unit", spare=True), "value": Col("without_tax", spare=True)}),
        "taxCategory": Col("tax_category"), "taxRate": Col("tax_rate", spare=True), "percentage": Col("percent_of_part", spare=True),
    }),
}
TERM: dict[str, Node] = {
    "id": Col("code"), "name": Col("name_zh"), "nameEn": Col("name_en"), "isDefault": Col("default"),
    "duration": Obj({"amount": Col("months", loose=True), "units": Sql("months", "CASE WHEN {column} IS NOT NULL THEN 'month' END")}),
    "penaltyKind": Col("penalty_kind"), "penaltyPercent": Col("penalty_percent"), "penaltyAmount": Col("penalty_amount"),
    "floorAmount": Col("floor_amount"), "prestoreAmount": Col("prestore_amount"), "returnMonths": Col("return_months"), "noticeDays": Col("notice_days"),
}


def _words(rows: Rows, alias: str, referred: str) -> Many:
    """Return the list of references to words of ours: channels, segments."""
    return Many(rows, on=("offering_id", "id"), order=f"{alias}w.place",
                parts={"id": Col("word"), "name": Col("word", loose=True), "@referredType": Const(referred)})


OFFERING: dict[str, Node] = COMMON | DESCRIBED | {
    "validFor": wished("productOffering", NOT_LAUNCHED.format("kof")),
    "code": Col("code"), "version": VERSION, "kind": Col("kind"), "isBundle": Col("is_bundle"), "isSellable": Col("sellable"),
    "bundledProductOffering": Many(BUNDLE_PARTS, on=("offering_id", "id"), order="kbp.position, kbp.id", parts={
        "id": Col("part_id", loose=True), "href": Href(f"{BASE}/productOffering", "part_id"), "name": Col("part_name_zh", loose=True),
        "lifecycleStatus": Col("part_state", values=STATES, loose=True), "group": Col("group_code"), "groupLowerLimit": Col("group_min"),
        "groupUpperLimit": Col("group_max"),
        "bundledProductOfferingOption": Obj({
            "numberRelOfferDefault": Col("quantity_default"), "numberRelOfferLowerLimit": Col("quantity_min"), "numberRelOfferUpperLimit": Col("quantity_max")}),
    }),
    "category": Many(CATEGORY_MEMBERS, on=("offering_code", "code"), order="kcm.id", parts=_of("category", "category_id", "category_name_zh", "Category")),
    "channel": _words(OFFERING_CHANNELS, "kxh", "Channel"), "marketSegment": _words(OFFERING_SEGMENTS, "kxg", "MarketSegment"),
    "place": Many(OFFERING_PLACES, on=("offering_id", "id"), order="kxpw.place",
                  parts={"id": Col("word"), "name": Col("name", loose=True), "@referredType": Const("Organization")}),
    "prodSpecCharValueUse": Many(FIXED_VALUES, on=("offering_id", "id"), order="kxe.word", parts=FIXED),
    "productOfferingPrice": Many(PRICES_IN_FULL, on=("offering_id", "id"), order="kpr.position, kpr.id", parts=INLINE_PRICE),
    "productOfferingTerm": Many(TERMS, on=("offering_id", "id"), order="ktm.position, ktm.id", parts=TERM),
    "productSpecification": Obj(_of("productSpecification", "specification_id", "specification_name_zh", "ProductSpecification", by_code=True)),
    "allowance": Many(ALLOWANCES, on=("offering_id", "id"), order="kal.position, kal.id", parts={
        "id": Sql("usage_type", "{column} || CASE WHEN kal.shared THEN '.shared' ELSE '' END"), "usageType": Col("usage_type"), "amount": Col("amount"),
        "rolloverMonths": Col("rollover_months"), "shared": Col("shared"), "proration": Col("proration")}),
}
PRICE: dict[str, Node] = _PRICE | {
    "lastUpdate": Col("changed_at"), "validFor": VALID, "taxIncluded": Col("tax_included"), "proration": Col("proration"),
    "percentage": Col("percent_of_part"), "recurringChargePeriodType": Col("period", loose=True),
    "recurringChargePeriodLength": Col("period_length", spare=True), "price": Obj({"unit": Col("currency"), "value": Col("amount")}),
    "tax": Listed((Obj({"id": Col("tax_category", loose=True), "taxCategory": Col("tax_category"), "taxRate": Col("tax_rate", spare=True)}),), open=True),
    "place": Listed((Obj({"id": Col("area"), "name": Col("area_name", loose=True), "@referredType": Const("Organization")}),)),
    "marketSegment": Listed((Obj({"id": Col("segment"), "name": Col("segment", loose=True), "@referredType": Const("MarketSegment")}),)),
    "channel": Listed((Obj({"id": Col("channel"), "name": Col("channel", loose=True), "@referredType": Const("Channel")}),)),
    "productOffering": Obj(_of("productOffering", "offering_id", "offering_name_zh", "ProductOffering")),
    "bundledProductOffering": Obj(_of("productOffering", "part_id", "part_name_zh", "ProductOffering", by_code=True)),
    "popRelationship": Listed((Obj({
        "id": Col("overridden_id"), "href": Href(f"{BASE}/productOfferingPrice", "overridden_id"), "name": Col("overridden_name_zh", loose=True),
        "relationshipType": Const("override")}),), open=True),
    "prodSpecCharValueUse": Many(PRICE_CONDITIONS, on=("price_id", "id"), order="kxqe.word", parts={
        "id": Col("code"), "name": Col("code", loose=True),
        "productSpecCharacteristicValue": Listed((Obj({"id": Col("word", loose=True), "value": Col("value")}),))}),
    "pricingLogicAlgorithm": Listed((Obj({
        "id": Sql("tiered", "CASE WHEN {column} IS NOT NULL THEN 'tiers' END"), "name": Sql("tiered", "CASE WHEN {column} IS NOT NULL THEN 'tiers' END"),
        "plaSpecId": Col("tiered"),
        "tier": Many(TIERS, on=("price_id", "id"), order="kxz.from_units", parts={"id": Col("word"), "fromUnits": Col("from_units"), "amount": Col("amount")}),
    }),), open=True),
}
