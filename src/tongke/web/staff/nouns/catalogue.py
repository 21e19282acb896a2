"""What the audit trail calls the records of the catalogue and their fields, and the lists by which products change version."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "catalogue_specification": _("Specification"), "catalogue_characteristic": _("Characteristic"),
    "catalogue_specification_relation": _("Relation of specifications"), "catalogue_bundle_part": _("Part of a bundle"),
    "catalogue_allowance": _("Allowance"), "catalogue_term": _("Contract term"), "catalogue_price": _("Price"), "catalogue_price_tier": _("Step of a price"),
    "catalogue_price_list": _("Price list"), "catalogue_price_list_entry": _("Entry of a price list"), "catalogue_tax_rate": _("Tax rate"),
    "catalogue_rule": _("Eligibility rule"), "catalogue_discount_authority": _("Discount authority"), "catalogue_discount_grant": _("Discount promised"),
    "catalogue_promotion": _("Promotion"), "catalogue_promotion_grant": _("Share of a promotion"), "catalogue_benefit_given": _("Benefit given"), "catalogue_catalogue": _("Catalogue"),
    "catalogue_category": _("Category"), "catalogue_category_member": _("Offering in a category"), "inventory_migration_row": _("Product on a migration's list"),
}
FIELDS: dict[str, Any] = {
    "amount_max": _("Most amount"), "area_id": _("Area"), "before_id": _("Version before"), "cardinality_max": _("How many values at most"),
    "cardinality_min": _("How many values at least"), "catalogue_id": _("Catalogue"), "category": _("Category"), "category_codes": _("Categories"),
    "category_id": _("Category"), "channels": _("Channels"), "characteristic_map": _("Where values come from"), "condition": _("Condition"),
    "configurable": _("Chosen at the sale"), "contract_from": _("Contract from"), "created_by": _("Created by"), "default": _("Unless chosen otherwise"), "description_en": _("English description"),
    "description_zh": _("Chinese description"), "device_codes": _("Devices"), "device_price": _("Price of the device"),
    "existing_customers_only": _("For present customers only"), "floor_amount": _("Least spending a month"), "from_units": _("From units"),
    "given_at": _("Given at"), "grant_id": _("Share of a promotion"), "granted_at": _("Given at"), "granted_by": _("Given by"), "group_code": _("Group of alternatives"), "group_max": _("Of the group at most"),
    "group_min": _("Of the group at least"), "hold_minutes": _("Minutes that a share is held"), "job_id": _("Run"), "key": _("Held for"),
    "least": _("Least"), "levels": _("Levels"), "mend_en": _("English advice"), "mend_zh": _("Chinese advice"), "months": _("Months"), "most": _("Most"),
    "new_customers_only": _("For new customers only"), "notice_days": _("Days of notice"), "number": _("Number"), "offering_code": _("Offering"),
    "offering_codes": _("Offerings"), "other_code": _("Related specification"), "own_until": _("Its own end"), "part_code": _("Part"), "pattern": _("Pattern"),
    "penalty_amount": _("Amount for leaving early"), "penalty_kind": _("What leaving early costs"), "penalty_percent": _("Percentage for leaving early"),
    "percent": _("Percentage"), "percent_max": _("Most percentage"), "percent_of_part": _("Percentage of the part's price"), "period": _("Charged for each"),
    "points": _("Points"), "prestore_amount": _("Prestore"), "price_code": _("Price"), "price_codes": _("Prices"), "price_id": _("Price"),
    "price_list_id": _("Price list"), "product_id": _("Product"), "promise_days": _("Days that the promise holds"), "promotion_id": _("Promotion"),
    "proration": _("For part of a period"), "quantity_default": _("Quantity unless chosen"), "quantity_max": _("Quantity at most"),
    "quantity_min": _("Quantity at least"), "quota_per_customer": _("Shares a customer"), "quota_total": _("Shares in all"), "required": _("Needed"),
    "return_months": _("Months of return"), "role_code": _("Role"), "rollover_months": _("Months that a rest lives on"), "says_en": _("English sentence"),
    "says_zh": _("Chinese sentence"), "segments": _("Segments"), "sellable": _("Sold by itself"), "shared": _("Shared by the lines"), "sold_in": _("Sold in"),
    "specification_id": _("Specification"), "stackable": _("Goes with others"), "stacking_group": _("Group of which one is given"),
    "subject_code": _("What it is about"), "subject_kind": _("Kind of what it is about"), "target_id": _("Target version"), "tax_category": _("Tax category"),
    "tax_included": _("Tax included"), "term_months": _("Months of the contract"), "tier_mode": _("How steps are read"), "unit": _("Unit"),
    "unit_size": _("Units charged at once"), "usage_type": _("Kind of usage"), "used": _("Shares given"), "used_for": _("Used for"),
    "value_type": _("Type of value"), "values": _("Values"),
}
