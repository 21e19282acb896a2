"""The columns that the simulator writes, table by table: the one place that knows the rooms' tables.

Order is that of COPY. A test compares each list with the room's model: a new column breaks it here, not in a load.
"""

from __future__ import annotations

CUSTOMER_COLUMNS: dict[str, tuple[str, ...]] = {
    "party_party": (
        "id", "org_id", "kind", "state", "name", "name_key", "pinyin_full", "pinyin_initials", "gender", "birth_on", "nationality",
        "occupation", "industry", "language", "characteristics", "completeness", "missing", "verified_on", "merged_into_id", "version",
        "created_at", "changed_at",
    ),
    "party_relation": ("id", "org_id", "tree", "parent_id", "child_id", "role", "share_percent", "valid_from", "valid_until"),
    "party_identity_document": (
        "id", "org_id", "party_id", "kind", "number_cipher", "number_index", "number_masked", "issuer", "issued_on", "expires_on",
        "verified_at", "verification", "image_cipher", "image_type", "valid_from", "valid_until",
    ),
    "party_contact_medium": (
        "id", "org_id", "party_id", "kind", "value", "given", "preferred", "verified_at", "valid_from", "valid_until",
    ),
    "party_postal_address": (
        "id", "org_id", "party_id", "kind", "country", "province", "city", "district", "street", "place", "detail", "postcode", "full",
        "street_key", "place_key", "valid_from", "valid_until",
    ),
    "party_consent": (
        "id", "org_id", "party_id", "purpose", "channel", "state", "source", "evidence", "valid_from", "valid_until",
    ),
    "party_customer": (
        "id", "org_id", "party_id", "customer_no", "state", "segment", "level", "manager_id", "since_on", "left_on", "credit_class",
        "credit_limit", "currency", "risk_score", "value_score", "scored_at", "characteristics", "version", "created_at", "changed_at",
    ),
    "party_credit_rating": (
        "id", "org_id", "customer_id", "score", "credit_class", "credit_limit", "currency", "factors", "overridden", "approval_id",
        "reason", "rated_by", "valid_from", "valid_until",
    ),
    "party_blacklist_entry": (
        "id", "org_id", "match", "match_key", "match_shown", "party_id", "cause", "level", "effect", "source", "note", "debt_account_id",
        "state", "valid_from", "expires_at", "entered_by",
    ),
    "account_billing_account": (
        "id", "org_id", "customer_id", "account_no", "name", "state", "payment_kind", "payment_method", "cycle_day", "balance", "owed",
        "currency", "paperless", "opened_on", "closed_on", "created_at", "changed_at",
    ),
    "account_bill": (
        "id", "org_id", "account_id", "bill_no", "state", "period_from", "period_until", "issued_on", "due_on", "total", "paid", "currency",
    ),
    "account_bill_item": ("id", "org_id", "bill_id", "ordinal", "charge_type", "name", "subscriber_id", "amount", "tax"),
    "account_payment": (
        "id", "org_id", "account_id", "payment_no", "state", "method", "channel", "amount", "currency", "paid_at", "reference",
    ),
    "account_payment_allocation": ("id", "org_id", "payment_id", "bill_id", "amount"),
    "inventory_subscriber": (
        "id", "org_id", "customer_id", "kind", "service_number", "state", "activated_on", "ended_on", "end_reason", "characteristics",
        "version", "created_at", "changed_at",
    ),
    "inventory_subscriber_role": ("id", "org_id", "subscriber_id", "party_id", "role", "valid_from", "valid_until"),
    "inventory_payer": (
        "id", "org_id", "subscriber_id", "account_id", "charge_type", "limit_amount", "priority", "valid_from", "valid_until",
    ),
    "inventory_product": (
        "id", "org_id", "customer_id", "subscriber_id", "offering_id", "state", "monthly_fee", "currency", "characteristics",
        "contract_until", "started_on", "ended_on", "created_at", "changed_at",
    ),
    "inventory_usage_month": (
        "month_at", "subscriber_id", "org_id", "voice_seconds", "voice_calls", "sms_count", "data_bytes", "roaming_bytes", "peers",
        "faults", "charged",
    ),
    "contact_centre_interaction": (
        "id", "occurred_at", "org_id", "customer_id", "subscriber_id", "channel", "direction", "kind", "subject", "body", "staff_id",
        "staff_name", "reference", "duration_seconds",
    ),
}
GROUND_COLUMNS: dict[str, tuple[str, ...]] = {
    "catalogue_offering": (
        "id", "code", "version", "kind", "name_zh", "name_en", "monthly_fee", "currency", "characteristics", "valid_from", "valid_until",
        "state", "created_by",
    ),
    "resource_number_block": (
        "id", "org_id", "code", "kind", "source", "donor", "first", "last", "document", "valid_from", "valid_until", "version", "created_at",
        "changed_at",
    ),
    "resource_number_range": (
        "id", "org_id", "block_id", "parent_id", "level", "first", "last", "reason", "valid_from", "valid_until", "created_at", "changed_at",
    ),
    "resource_number_pool": (
        "id", "org_id", "code", "name_zh", "name_en", "kind", "channels", "dry_below", "dry_days", "dry_since", "taken_per_day", "gauged_at",
        "valid_from", "valid_until", "version", "created_at", "changed_at",
    ),
    "resource_number_allotment": ("id", "org_id", "pool_id", "range_id", "first", "last", "valid_from", "valid_until", "created_at"),
    "resource_grade_schedule": (
        "id", "org_id", "version", "name", "state", "valid_from", "valid_until", "made_by", "created_at", "changed_at",
    ),
    "resource_grade": (
        "id", "org_id", "schedule_id", "code", "rank", "name_zh", "name_en", "prestore", "monthly_floor", "currency", "term_months",
        "floor_while_suspended", "penalty_percent", "exempt_after_term",
    ),
    "resource_grade_rule": ("id", "org_id", "schedule_id", "position", "grade_code", "kind", "parameters", "about"),
}
"""What is written by ordinary, audited statements before anything else."""
NUMBER_COLUMNS: dict[str, tuple[str, ...]] = {
    "resource_number": (
        "id", "number", "org_id", "block_id", "pool_id", "kind", "grade", "graded_by", "state", "spread", "hold_id", "held_until", "assigned_to",
        "order_ref", "cooling_until", "operator", "note", "since", "changed_at",
    ),
    "resource_number_hold": (
        "id", "org_id", "number_id", "number", "pool_id", "order_ref", "clerk", "person_key", "channel", "request_key", "state", "extensions",
        "held_at", "expires_at", "ended_at", "grade", "graded_by",
    ),
    "resource_number_commitment": (
        "id", "org_id", "number_id", "number", "assigned_to", "schedule_id", "grade", "prestore", "monthly_floor", "currency", "term_months",
        "floor_while_suspended", "penalty_percent", "exempt_after_term", "starts_on", "ends_on", "state", "ended_on", "penalty", "created_at",
        "changed_at",
    ),
}
NETWORK_COLUMNS: dict[str, tuple[str, ...]] = {
    "resource_port": (
        "id", "org_id", "equipment_id", "number", "kind", "state", "label", "max_down_mbps", "max_up_mbps", "reservation_id", "service_ref",
        "planned_on", "note", "changed_at",
    ),
    "resource_place": (
        "id", "org_id", "parent_id", "level", "name", "name_en", "key", "door", "code", "postcode", "latitude", "longitude", "community_id",
        "state", "created_at", "changed_at",
    ),
    "resource_place_name": ("id", "org_id", "place_id", "kind", "name", "key"),
    "resource_site": (
        "id", "org_id", "code", "name", "kind", "place_id", "latitude", "longitude", "state", "planned_on", "created_at", "changed_at",
    ),
    "resource_equipment": (
        "id", "org_id", "code", "name", "kind", "technology", "site_id", "parent_id", "place_id", "state", "planned_on", "max_down_mbps",
        "max_up_mbps", "uplink_mbps", "split", "created_at", "changed_at",
    ),
    "resource_access": (
        "id", "org_id", "place_id", "equipment_id", "technology", "max_down_mbps", "max_up_mbps", "distance_m", "state", "planned_on",
        "created_at", "changed_at",
    ),
}
STOCK_COLUMNS: dict[str, tuple[str, ...]] = {
    "resource_stock_item": (
        "id", "org_id", "to_org_id", "model_id", "kind", "serial", "serial_kind", "imsi", "imei2", "mac", "eid_cipher", "eid_index",
        "activation_cipher", "stock_place_id", "state", "state_at", "reservation_id", "transfer_id", "delivery_id", "service_ref",
        "warranty_until", "created_at", "changed_at",
    ),
    "resource_stock_move": (
        "id", "org_id", "item_id", "verb", "from_state", "to_state", "from_place_id", "to_place_id", "reference", "reason", "moved_by", "moved_at",
    ),
    "resource_supplier": ("id", "org_id", "code", "name", "contact", "payment_days", "active", "created_at", "changed_at"),
    "resource_item_model": (
        "id", "org_id", "supplier_id", "code", "kind", "name_zh", "name_en", "warranty_months", "characteristics", "active", "created_at",
        "changed_at",
    ),
    "resource_stock_place": (
        "id", "org_id", "unit_id", "code", "name", "kind", "keeper_id", "place_id", "active", "created_at", "changed_at",
    ),
    "resource_stock_level": ("id", "org_id", "stock_place_id", "model_id", "low_at", "target", "alarmed_at"),
    "resource_delivery": ("id", "org_id", "number", "supplier_id", "stock_place_id", "received_by", "received_at", "note"),
}
COLUMNS = {**GROUND_COLUMNS, **CUSTOMER_COLUMNS, **NUMBER_COLUMNS, **NETWORK_COLUMNS, **STOCK_COLUMNS}
MONTHLY = ("inventory_usage_month", "contact_centre_interaction")
"""Tables that are partitioned by month."""
