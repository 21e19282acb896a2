"""What the catalogue room offers other channels to read, column by column; they name the columns and never the tables.

Everybody reads the whole catalogue. A code stands for all versions of a thing; where one version is wanted for a code, it is
the one on sale, else the newest.
"""

from __future__ import annotations

from tongke.kernel.rows import Column, Rows, boolean, instant, integer, json, key, number, text

# The version that a code stands for: the one on sale, else the newest.
_STANDS_FOR = (
    "(SELECT {column} FROM {table} {alias} WHERE {alias}.code = {code}"
    " ORDER BY ({alias}.state = 'launched' AND {alias}.valid_until IS NULL) DESC, {alias}.version DESC LIMIT 1)"
)


def _of_code(table: str, alias: str, column: str, code: str) -> str:
    return _STANDS_FOR.format(table=table, alias=alias, column=f"{alias}.{column}", code=code)


def _dated(alias: str) -> dict[str, Column]:
    return {"valid_from": instant(f"{alias}.valid_from"), "valid_until": instant(f"{alias}.valid_until")}


def _named(alias: str, *, described: bool = True) -> dict[str, Column]:
    out = {"id": key(f"{alias}.id"), "org_id": integer(f"{alias}.org_id"), "code": text(f"{alias}.code"), "name_zh": text(f"{alias}.name_zh"),
           "name_en": text(f"{alias}.name_en")}
    if described:
        out |= {"description_zh": text(f"nullif({alias}.description_zh, '')"), "description_en": text(f"nullif({alias}.description_en, '')")}
    return out


def _versioned(alias: str, *, described: bool = True) -> dict[str, Column]:
    return _named(alias, described=described) | _dated(alias) | {
        "version": integer(f"{alias}.version"), "state": text(f"{alias}.state"), "note": text(f"nullif({alias}.note, '')"),
        "created_by": text(f"nullif({alias}.created_by, '')"), "created_at": instant(f"{alias}.created_at"),
        "changed_at": instant(f"coalesce({alias}.changed_at, {alias}.valid_from)"),
    }


SPECIFICATIONS = Rows(
    source="catalogue_specification ksp", key="ksp.id", org="ksp.org_id",
    columns=_versioned("ksp") | {"level": text("ksp.level"), "kind": text("ksp.kind")},
)
CHARACTERISTICS = Rows(
    source="catalogue_characteristic kch", key="kch.id", org="kch.org_id",
    columns=_named("kch", described=False) | {
        "specification_id": key("kch.specification_id"), "value_type": text("kch.value_type"), "unit": text("nullif(kch.unit, '')"),
        "required": boolean("kch.required"), "configurable": boolean("kch.configurable"), "cardinality_min": integer("kch.cardinality_min"),
        "cardinality_max": integer("kch.cardinality_max"), "default": json('kch."default"'), "least": number("kch.least"),
        "most": number("kch.most"), "pattern": text("nullif(kch.pattern, '')"), "values": json('kch."values"'), "position": integer("kch.position"),
    },
)
SPECIFICATION_RELATIONS = Rows(
    source="catalogue_specification_relation ksr", key="ksr.id", org="ksr.org_id",
    columns={
        "id": key("ksr.id"), "org_id": integer("ksr.org_id"), "specification_id": key("ksr.specification_id"), "kind": text("ksr.kind"),
        "other_code": text("ksr.other_code"), "other_id": key(_of_code("catalogue_specification", "kso", "id", "ksr.other_code")),
        "other_name_zh": text(_of_code("catalogue_specification", "kso", "name_zh", "ksr.other_code")),
        "other_name_en": text(_of_code("catalogue_specification", "kso", "name_en", "ksr.other_code")),
        "other_level": text(_of_code("catalogue_specification", "kso", "level", "ksr.other_code")),
        "quantity_min": integer("ksr.quantity_min"), "quantity_max": integer("ksr.quantity_max"),
        "characteristic_map": json("ksr.characteristic_map"), "position": integer("ksr.position"),
    },
)
_SPECIFIED = "(SELECT {} FROM catalogue_specification kos WHERE kos.id = kof.specification_id)"
OFFERINGS = Rows(
    source="catalogue_offering kof", key="kof.id", org="kof.org_id",
    columns=_versioned("kof") | {
        "kind": text("kof.kind"), "monthly_fee": number("kof.monthly_fee"), "currency": text("kof.currency"),
        "characteristics": json("kof.characteristics"), "sellable": boolean("kof.sellable"), "segments": json("to_jsonb(kof.segments)"),
        "channels": json("to_jsonb(kof.channels)"), "sold_in": json("to_jsonb(kof.sold_in)"), "is_bundle": boolean("(kof.kind = 'bundle')"),
        "specification_id": key("kof.specification_id"), "specification_code": text(_SPECIFIED.format("kos.code")),
        "specification_name_zh": text(_SPECIFIED.format("kos.name_zh")), "specification_name_en": text(_SPECIFIED.format("kos.name_en")),
    },
)
BUNDLE_PARTS = Rows(
    source="catalogue_bundle_part kbp", key="kbp.id", org="kbp.org_id",
    columns={
        "id": key("kbp.id"), "org_id": integer("kbp.org_id"), "offering_id": key("kbp.offering_id"), "part_code": text("kbp.part_code"),
        "part_id": key(_of_code("catalogue_offering", "kbo", "id", "kbp.part_code")),
        "part_name_zh": text(_of_code("catalogue_offering", "kbo", "name_zh", "kbp.part_code")),
        "part_name_en": text(_of_code("catalogue_offering", "kbo", "name_en", "kbp.part_code")),
        "part_state": text(_of_code("catalogue_offering", "kbo", "state", "kbp.part_code")),
        "group_code": text("nullif(kbp.group_code, '')"), "group_min": integer("kbp.group_min"), "group_max": integer("kbp.group_max"),
        "quantity_min": integer("kbp.quantity_min"), "quantity_max": integer("kbp.quantity_max"),
        "quantity_default": integer("kbp.quantity_default"), "position": integer("kbp.position"),
    },
)
ALLOWANCES = Rows(
    source="catalogue_allowance kal", key="kal.id", org="kal.org_id",
    columns={
        "id": key("kal.id"), "org_id": integer("kal.org_id"), "offering_id": key("kal.offering_id"), "usage_type": text("kal.usage_type"),
        "amount": number("kal.amount"), "rollover_months": integer("kal.rollover_months"), "shared": boolean("kal.shared"),
        "proration": text("kal.proration"), "position": integer("kal.position"),
    },
)
TERMS = Rows(
    source="catalogue_term ktm", key="ktm.id", org="ktm.org_id",
    columns=_named("ktm", described=False) | {
        "offering_id": key("ktm.offering_id"), "months": integer("ktm.months"), "default": boolean('ktm."default"'),
        "penalty_kind": text("ktm.penalty_kind"), "penalty_percent": number("ktm.penalty_percent"), "penalty_amount": number("ktm.penalty_amount"),
        "floor_amount": number("ktm.floor_amount"), "prestore_amount": number("ktm.prestore_amount"), "return_months": integer("ktm.return_months"),
        "notice_days": integer("ktm.notice_days"), "position": integer("ktm.position"),
    },
)
# A price's life is its offering's: it has no state of its own.
PRICES = Rows(
    source="catalogue_price kpr JOIN catalogue_offering kpo ON kpo.id = kpr.offering_id", key="kpr.id", org="kpr.org_id",
    columns=_named("kpr", described=False) | _dated("kpo") | {
        "offering_id": key("kpr.offering_id"), "offering_code": text("kpo.code"), "offering_name_zh": text("kpo.name_zh"),
        "offering_name_en": text("kpo.name_en"), "version": integer("kpo.version"), "state": text("kpo.state"),
        "changed_at": instant("coalesce(kpo.changed_at, kpo.valid_from)"), "kind": text("kpr.kind"), "charge_type": text("kpr.charge_type"),
        "amount": number("kpr.amount"), "currency": text("kpr.currency"), "tax_category": text("kpr.tax_category"),
        "tax_included": boolean("kpr.tax_included"), "period": text("nullif(kpr.period, '')"), "proration": text("kpr.proration"),
        "usage_type": text("nullif(kpr.usage_type, '')"), "unit_size": number("kpr.unit_size"), "tier_mode": text("kpr.tier_mode"),
        "segment": text("nullif(kpr.segment, '')"), "channel": text("nullif(kpr.channel, '')"), "area_id": integer("kpr.area_id"),
        "condition": json("kpr.condition"), "part_code": text("nullif(kpr.part_code, '')"), "percent_of_part": number("kpr.percent_of_part"),
        "position": integer("kpr.position"),
    },
)
PRICE_TIERS = Rows(
    source="catalogue_price_tier kpt", key="kpt.id", org="kpt.org_id",
    columns={"id": key("kpt.id"), "org_id": integer("kpt.org_id"), "price_id": key("kpt.price_id"), "from_units": number("kpt.from_units"),
             "amount": number("kpt.amount")},
)
PRICE_LISTS = Rows(
    source="catalogue_price_list kpl", key="kpl.id", org="kpl.org_id",
    columns=_versioned("kpl", described=False) | {
        "segment": text("nullif(kpl.segment, '')"), "channel": text("nullif(kpl.channel, '')"), "area_id": integer("kpl.area_id"),
        "priority": integer("kpl.priority"),
    },
)
PRICE_LIST_ENTRIES = Rows(
    source="catalogue_price_list_entry kpe", key="kpe.id", org="kpe.org_id",
    columns={
        "id": key("kpe.id"), "org_id": integer("kpe.org_id"), "price_list_id": key("kpe.price_list_id"),
        "offering_code": text("kpe.offering_code"), "offering_id": key(_of_code("catalogue_offering", "keo", "id", "kpe.offering_code")),
        "price_code": text("kpe.price_code"), "amount": number("kpe.amount"), "percent": number("kpe.percent"),
    },
)
TAX_RATES = Rows(
    source="catalogue_tax_rate ktx", key="ktx.id", org="ktx.org_id",
    columns={
        "id": key("ktx.id"), "org_id": integer("ktx.org_id"), "category": text("ktx.category"), "name_zh": text("ktx.name_zh"),
        "name_en": text("ktx.name_en"), "percent": number("ktx.percent"), **_dated("ktx"),
    },
)
CATALOGUES = Rows(
    source="catalogue_catalogue kct", key="kct.id", org="kct.org_id",
    columns=_named("kct") | _dated("kct") | {"state": text("kct.state"), "changed_at": instant("kct.changed_at")},
)
_PARENT = "(SELECT {} FROM catalogue_category kcp WHERE kcp.id = kcg.parent_id)"
_ROOT = "(SELECT {} FROM catalogue_catalogue kcc WHERE kcc.id = kcg.catalogue_id)"
CATEGORIES = Rows(
    source="catalogue_category kcg", key="kcg.id", org="kcg.org_id",
    columns=_named("kcg") | _dated("kcg") | {
        "state": text("kcg.state"), "changed_at": instant("kcg.changed_at"), "position": integer("kcg.position"), "parent_id": key("kcg.parent_id"),
        "parent_code": text(_PARENT.format("kcp.code")), "parent_name_zh": text(_PARENT.format("kcp.name_zh")),
        "parent_name_en": text(_PARENT.format("kcp.name_en")), "is_root": boolean("(kcg.parent_id IS NULL)"),
        "catalogue_id": key("kcg.catalogue_id"), "catalogue_code": text(_ROOT.format("kcc.code")), "catalogue_name_zh": text(_ROOT.format("kcc.name_zh")),
        "catalogue_name_en": text(_ROOT.format("kcc.name_en")),
    },
)
CATEGORY_MEMBERS = Rows(
    source="catalogue_category_member kcm JOIN catalogue_category kmc ON kmc.id = kcm.category_id", key="kcm.id", org="kcm.org_id",
    columns={
        "id": key("kcm.id"), "org_id": integer("kcm.org_id"), "category_id": key("kcm.category_id"), "category_code": text("kmc.code"),
        "category_name_zh": text("kmc.name_zh"), "category_name_en": text("kmc.name_en"), "offering_code": text("kcm.offering_code"),
        "offering_id": key(_of_code("catalogue_offering", "kmo", "id", "kcm.offering_code")),
        "offering_name_zh": text(_of_code("catalogue_offering", "kmo", "name_zh", "kcm.offering_code")),
        "offering_name_en": text(_of_code("catalogue_offering", "kmo", "name_en", "kcm.offering_code")), "position": integer("kcm.position"),
    },
)
RULES = Rows(
    source="catalogue_rule krl", key="krl.id", org="krl.org_id",
    columns=_versioned("krl", described=False) | {
        "subject_kind": text("krl.subject_kind"), "subject_code": text("nullif(krl.subject_code, '')"), "kind": text("krl.kind"),
        "parameters": json("krl.parameters"), "effect": text("krl.effect"), "says_zh": text("nullif(krl.says_zh, '')"),
        "says_en": text("nullif(krl.says_en, '')"), "mend_zh": text("nullif(krl.mend_zh, '')"), "mend_en": text("nullif(krl.mend_en, '')"),
    },
)
PROMOTIONS = Rows(
    source="catalogue_promotion kpm", key="kpm.id", org="kpm.org_id",
    columns=_versioned("kpm") | {
        "kind": text("kpm.kind"), "offering_codes": json("to_jsonb(kpm.offering_codes)"), "category_codes": json("to_jsonb(kpm.category_codes)"),
        "price_codes": json("to_jsonb(kpm.price_codes)"), "segments": json("to_jsonb(kpm.segments)"), "levels": json("to_jsonb(kpm.levels)"),
        "channels": json("to_jsonb(kpm.channels)"), "sold_in": json("to_jsonb(kpm.sold_in)"), "device_codes": json("to_jsonb(kpm.device_codes)"),
        "new_customers_only": boolean("kpm.new_customers_only"), "percent": number("kpm.percent"), "amount": number("kpm.amount"),
        "months": integer("kpm.months"), "points": integer("kpm.points"), "prestore_amount": number("kpm.prestore_amount"),
        "return_months": integer("kpm.return_months"), "term_months": integer("kpm.term_months"),
        "stacking_group": text("nullif(kpm.stacking_group, '')"), "stackable": boolean("kpm.stackable"), "priority": integer("kpm.priority"),
        "quota_total": integer("kpm.quota_total"), "quota_per_customer": integer("kpm.quota_per_customer"), "used": integer("kpm.used"),
        "hold_minutes": integer("kpm.hold_minutes"),
    },
)
PROMOTION_GRANTS = Rows(
    source="catalogue_promotion_grant kpg", key="kpg.id", org="kpg.org_id",
    columns={
        "id": key("kpg.id"), "org_id": integer("kpg.org_id"), "promotion_id": key("kpg.promotion_id"), "customer_id": key("kpg.customer_id"),
        "grant_key": text("kpg.key"), "state": text("kpg.state"), "granted_by": text("kpg.granted_by"), "granted_at": instant("kpg.granted_at"),
        "expires_at": instant("kpg.expires_at"), "changed_at": instant("kpg.changed_at"),
    },
)
DISCOUNT_AUTHORITIES = Rows(
    source="catalogue_discount_authority kda", key="kda.id", org="kda.org_id",
    columns={
        "id": key("kda.id"), "org_id": integer("kda.org_id"), "role_code": text("kda.role_code"), "kind": text("kda.kind"),
        "percent_max": number("kda.percent_max"), "amount_max": number("kda.amount_max"), **_dated("kda"),
    },
)
DISCOUNT_GRANTS = Rows(
    source="catalogue_discount_grant kdg", key="kdg.id", org="kdg.org_id",
    columns={
        "id": key("kdg.id"), "org_id": integer("kdg.org_id"), "customer_id": key("kdg.customer_id"), "offering_code": text("kdg.offering_code"),
        "price_code": text("kdg.price_code"), "percent": number("kdg.percent"), "amount": number("kdg.amount"), "months": integer("kdg.months"),
        "reason": text("kdg.reason"), "state": text("kdg.state"), "granted_by": text("kdg.granted_by"), "granted_at": instant("kdg.granted_at"),
        "expires_at": instant("kdg.expires_at"), "changed_at": instant("kdg.changed_at"),
    },
)
