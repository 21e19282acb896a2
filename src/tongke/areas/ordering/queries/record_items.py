"""What a recorded qualification says item by item, as rows of their own: every reason, and what would be possible instead."""

from __future__ import annotations

from dataclasses import replace

from tongke.areas.ordering.queries.records import QUALIFICATION_ITEMS
from tongke.kernel.rows import Rows, integer, key, number, text

_VERSION = "(SELECT {} FROM catalogue_offering oxo WHERE oxo.id = (oxa.value ->> 'id')::uuid)"
ITEMS_IN_FULL = replace(QUALIFICATION_ITEMS, columns=dict(QUALIFICATION_ITEMS.columns) | {
    "word": text("coalesce(nullif(oqi.given_id, ''), oqi.ordinal::text)"), "state": text("'done'::text"),
    "result": text("CASE WHEN oqi.outcome <> 'refused' THEN 'qualified' WHEN EXISTS (SELECT FROM ordering_qualification oxh WHERE"
                   " oxh.id = oqi.qualification_id AND oxh.asked #> ARRAY['beside', 'alternates', oqi.offering_code] IS NOT NULL) THEN 'alternate'"
                   " ELSE 'unqualified' END"),
    "deposit_asked": number("nullif(oqi.deposit, 0)"), "penalty_due": number("nullif(oqi.penalty, 0)"),
})
QUALIFICATION_REASONS = Rows(
    source="ordering_qualification_item oxi CROSS JOIN LATERAL jsonb_array_elements(oxi.reasons) WITH ORDINALITY oxr(value, place)", key="oxr.place",
    org="oxi.org_id",
    columns={
        "item_id": key("oxi.id"), "place": integer("oxr.place"),
        **{name: text(f"nullif(oxr.value ->> '{name}', '')") for name in ("code", "rule", "effect", "message_zh", "message_en", "advice_zh", "advice_en")},
    },
)
"""The reasons against an item, or the conditions under which it may be ordered."""

QUALIFICATION_ALTERNATES = Rows(
    source="ordering_qualification_item oxj JOIN ordering_qualification oxq ON oxq.id = oxj.qualification_id CROSS JOIN LATERAL"
           " jsonb_array_elements(oxq.asked #> ARRAY['beside', 'alternates', oxj.offering_code]) WITH ORDINALITY oxa(value, place)",
    key="oxa.place", org="oxj.org_id",
    columns={"item_id": key("oxj.id"), "word": text("oxa.place::text"), "offering_id": key("(oxa.value ->> 'id')::uuid"),
             "offering_name": text(_VERSION.format("oxo.name_zh"))},
)
"""What could be ordered instead of an item that may not be."""
