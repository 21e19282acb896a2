"""What the catalogue's records hold in one column or of one another, as rows of their own: values, channels, conditions, tiers.

They stand beside ``records``; where one of these hangs on a record, its columns name that record's id.
"""

from __future__ import annotations

from dataclasses import replace

from tongke.areas.catalogue.queries.records import CATEGORIES, PRICES
from tongke.kernel.rows import Rows, boolean, integer, json, key, number, text

_PLAIN = '{alias}."default" IS NOT NULL AND jsonb_typeof({alias}."default") <> \'null\''.format(alias="kcv")
_CHOICES = f"""
  SELECT e.v ->> 'value' AS word, e.v -> 'value' AS value, coalesce(e.v -> 'value' = kcv."default", false) AS is_default, e.v ->> 'zh' AS zh,
    e.v ->> 'en' AS en, NULL::numeric AS least, NULL::numeric AS most, e.place::int AS place
  FROM jsonb_array_elements(kcv."values") WITH ORDINALITY e(v, place)
  UNION ALL SELECT 'range', NULL, NULL, NULL, NULL, kcv.least, kcv.most, 1000 WHERE kcv.least IS NOT NULL OR kcv.most IS NOT NULL
  UNION ALL SELECT kcv."default" #>> '{{}}', kcv."default", true, NULL, NULL, NULL, NULL, 1001 WHERE {_PLAIN}
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(kcv."values") d(v) WHERE d.v -> 'value' = kcv."default")
  UNION ALL SELECT 'unit', NULL, NULL, NULL, NULL, NULL, NULL, 1002 WHERE kcv.unit <> '' AND kcv."values" = '[]' AND kcv.least IS NULL
    AND kcv.most IS NULL AND NOT ({_PLAIN})
"""
CHARACTERISTIC_VALUES = Rows(
    source=f"catalogue_characteristic kcv CROSS JOIN LATERAL ({_CHOICES}) kvv", key="kvv.place", org="kcv.org_id",
    columns={
        "characteristic_id": key("kcv.id"), "word": text("kvv.word"), "value": json("kvv.value"), "is_default": boolean("kvv.is_default"),
        "name_zh": text("nullif(kvv.zh, '')"), "name_en": text("nullif(kvv.en, '')"), "least": number("trim_scale(kvv.least)"),
        "most": number("trim_scale(kvv.most)"), "interval": text("CASE WHEN kvv.word = 'range' AND kvv.value IS NULL THEN 'closed' END"),
        "unit": text("nullif(kcv.unit, '')"),
    },
)
"""The values that a characteristic may have: its choices, its range, its default."""


def _of_specification(column: str, code: str) -> str:
    """The column of the characteristic of that code in the offering's specification."""
    return f"(SELECT {column} FROM catalogue_characteristic kxc WHERE kxc.specification_id = kxo.specification_id AND kxc.code = {code})"


FIXED_VALUES = Rows(
    source="catalogue_offering kxo LEFT JOIN catalogue_specification kxs ON kxs.id = kxo.specification_id"
           " CROSS JOIN LATERAL jsonb_each(kxo.characteristics) kxe(word, value)",
    key="kxe.word", org="kxo.org_id",
    columns={
        "offering_id": key("kxo.id"), "code": text("kxe.word"), "value": json("kxe.value"), "word": text("kxe.value #>> '{}'"),
        "name_zh": text(f"coalesce({_of_specification('kxc.name_zh', 'kxe.word')}, kxe.word)"),
        "value_type": text(_of_specification("kxc.value_type", "kxe.word")), "is_default": boolean("true"),
        "specification_id": key("kxs.id"), "specification_name_zh": text("kxs.name_zh"), "specification_version": text("kxs.version::text"),
    },
)
"""The values that an offering fixes of its specification's characteristics."""


def _listed(alias: str, column: str) -> Rows:
    """Rows of the words that an offering lists in an array."""
    return Rows(
        source=f"catalogue_offering {alias} CROSS JOIN LATERAL unnest({alias}.{column}) WITH ORDINALITY {alias}w(word, place)", key=f"{alias}w.place",
        org=f"{alias}.org_id", columns={"offering_id": key(f"{alias}.id"), "word": text(f"{alias}w.word")},
    )


OFFERING_CHANNELS = _listed("kxh", "channels")
OFFERING_SEGMENTS = _listed("kxg", "segments")
OFFERING_PLACES = Rows(
    source="catalogue_offering kxp CROSS JOIN LATERAL unnest(kxp.sold_in) WITH ORDINALITY kxpw(word, place)", key="kxpw.place", org="kxp.org_id",
    columns={"offering_id": key("kxp.id"), "org": integer("kxpw.word"), "word": text("kxpw.word::text"),
             "name": text("(SELECT kxr.name_zh FROM staff_org kxr WHERE kxr.id = kxpw.word)")},
)
"""The organisations in which an offering is sold."""

PRICE_CONDITIONS = Rows(
    source="catalogue_price kxq CROSS JOIN LATERAL jsonb_each(kxq.condition) kxqe(word, value)", key="kxqe.word", org="kxq.org_id",
    columns={"price_id": key("kxq.id"), "code": text("kxqe.word"), "value": json("kxqe.value"), "word": text("kxqe.value #>> '{}'")},
)
"""The values of characteristics for which a price counts."""

_RATE = "(SELECT trim_scale(kxt.percent) FROM catalogue_tax_rate kxt WHERE kxt.category = kpr.tax_category AND kxt.valid_until IS NULL)"
_PART = "SELECT {} FROM catalogue_offering kxb WHERE kxb.code = kpr.part_code ORDER BY (kxb.state = 'launched' AND kxb.valid_until IS NULL) DESC, kxb.version DESC LIMIT 1"
_OVERRIDDEN = ("(SELECT {} FROM catalogue_price kxv WHERE kpr.part_code <> '' AND kxv.code = kpr.code AND kxv.part_code = '' AND kxv.segment = kpr.segment"
               " AND kxv.channel = kpr.channel AND kxv.area_id IS NOT DISTINCT FROM kpr.area_id AND kxv.condition = kpr.condition"
               f" AND kxv.offering_id = ({_PART.format('kxb.id')}) LIMIT 1)")
PRICES_IN_FULL = replace(PRICES, columns=dict(PRICES.columns) | {
    "amount": number("trim_scale(kpr.amount)"), "version_text": text("kpo.version::text"),
    "with_tax": number("CASE WHEN kpr.tax_included THEN trim_scale(kpr.amount) END"),
    "without_tax": number("CASE WHEN NOT kpr.tax_included THEN trim_scale(kpr.amount) END"),
    "with_tax_unit": text("CASE WHEN kpr.tax_included THEN kpr.currency END"), "without_tax_unit": text("CASE WHEN NOT kpr.tax_included THEN kpr.currency END"),
    "tax_rate": number(_RATE), "period_length": integer("CASE WHEN kpr.period <> '' THEN 1 END"),
    "charged_units": number("CASE WHEN kpr.usage_type <> '' THEN trim_scale(kpr.unit_size) END"),
    "percent_of_part": number("trim_scale(kpr.percent_of_part)"), "area": text("kpr.area_id::text"),
    "area_name": text("(SELECT kxa.name_zh FROM staff_org kxa WHERE kxa.id = kpr.area_id)"),
    "part_id": key(f"({_PART.format('kxb.id')})"), "part_name_zh": text(f"({_PART.format('kxb.name_zh')})"),
    "overridden_id": key(_OVERRIDDEN.format("kxv.id")), "overridden_name_zh": text(_OVERRIDDEN.format("kxv.name_zh")),
    "tiered": text("CASE WHEN EXISTS (SELECT FROM catalogue_price_tier kxy WHERE kxy.price_id = kpr.id) THEN kpr.tier_mode END"),
})
"""Prices with their tax, the part of a bundle that they price, and the price that they stand instead of."""

TIERS = Rows(
    source="catalogue_price_tier kxz", key="kxz.id", org="kxz.org_id",
    columns={"price_id": key("kxz.price_id"), "word": text("trim_scale(kxz.from_units)::text"), "from_units": number("trim_scale(kxz.from_units)"),
             "amount": number("trim_scale(kxz.amount)")},
)
SUB_CATEGORIES = Rows(
    source="catalogue_category kxk", key="kxk.id", org="kxk.org_id",
    columns={"id": key("kxk.id"), "parent_id": key("kxk.parent_id"), "name_zh": text("kxk.name_zh"), "position": integer("kxk.position")},
)
"""The branches of a category."""

CATEGORIES_IN_FULL = replace(CATEGORIES, columns=dict(CATEGORIES.columns) | {"parent": text("kcg.parent_id::text")})


def _criterion(place: int, parameter: str, column: str, *, plain: bool = False) -> str:
    value, there = ("'true'", f"kxm.{column}") if plain else (f"array_to_string(kxm.{column}, ',')", f"kxm.{column} <> '{{}}'")
    return f"SELECT {place} AS place, '{parameter}' AS parameter, {value} AS value WHERE {there}"


CRITERIA_COLUMNS = {
    "productOffering": "offering_codes", "category": "category_codes", "productOfferingPrice": "price_codes", "marketSegment": "segments",
    "customerLevel": "levels", "channel": "channels", "organization": "sold_in",
}
CRITERIA_FLAGS = {"newCustomer": "new_customers_only", "existingCustomer": "existing_customers_only"}
ACTION_COLUMNS = {
    "percent": "percent", "amount": "amount", "months": "months", "bonus point": "points", "prestore": "prestore_amount",
    "return months": "return_months", "term months": "term_months", "device price": "device_price", "floor amount": "floor_amount",
}
GIFT = "physical gift"
ANYTHING = "*"
_CRITERIA = " UNION ALL ".join((
    *(_criterion(place, word, column) for place, (word, column) in enumerate(CRITERIA_COLUMNS.items(), 1)),
    *(_criterion(place, word, column, plain=True) for place, (word, column) in enumerate(CRITERIA_FLAGS.items(), len(CRITERIA_COLUMNS) + 1)),
    # A promotion of everything for everybody says so: officially there is no pattern without a condition.
    f"SELECT 0, 'productOffering', '{ANYTHING}' WHERE "
    + " AND ".join((*(f"kxm.{column} = '{{}}'" for column in CRITERIA_COLUMNS.values()), *(f"NOT kxm.{column}" for column in CRITERIA_FLAGS.values()))),
))
PROMOTION_CRITERIA = Rows(
    source=f"catalogue_promotion kxm CROSS JOIN LATERAL ({_CRITERIA}) kxmc", key="kxmc.place", org="kxm.org_id",
    columns={"promotion_id": key("kxm.id"), "parameter": text("kxmc.parameter"), "value": text("kxmc.value"), "operator": text("'='::text")},
)
"""The conditions under which a promotion is given."""

_ACTIONS = " UNION ALL ".join((
    *(f"SELECT {place} AS place, '{word}' AS word, trim_scale(kxn.{column}::numeric)::text AS value WHERE kxn.{column} IS NOT NULL"
      for place, (word, column) in enumerate(ACTION_COLUMNS.items(), 1)),
    f"SELECT 100, '{GIFT}', array_to_string(kxn.device_codes, ',') WHERE kxn.device_codes <> '{{}}'",
))
PROMOTION_ACTIONS = Rows(
    source=f"catalogue_promotion kxn CROSS JOIN LATERAL ({_ACTIONS}) kxna", key="kxna.place", org="kxn.org_id",
    columns={"promotion_id": key("kxn.id"), "word": text("kxna.word"), "value": text("kxna.value")},
)
"""What a promotion gives."""
