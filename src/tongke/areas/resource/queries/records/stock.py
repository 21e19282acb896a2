"""Stock, column by column: how much of a model lies where in which state, and the things themselves by serial."""

from __future__ import annotations

from tongke.kernel.rows import Rows, instant, integer, key, text

# One row a model, place and state, summed from the running counts; a model that is watched at a place is there with none, too.
# The id is worked out of the three (``stock_id``).
_LEVELS = """(
SELECT md5(lv.stock_place_id::text || lv.model_id::text || lv.state)::uuid AS id, lv.org_id, lv.stock_place_id, lv.model_id, lv.state, sum(lv.n)::int AS quantity
FROM (SELECT org_id, stock_place_id, model_id, state, n FROM resource_stock_item_tally
      UNION ALL SELECT org_id, stock_place_id, model_id, 'in_stock', 0 FROM resource_stock_level) lv
GROUP BY lv.org_id, lv.stock_place_id, lv.model_id, lv.state HAVING sum(lv.n) > 0 OR lv.state = 'in_stock') rsl"""
_MODEL = "(SELECT {} FROM resource_item_model rsm WHERE rsm.id = rsl.model_id)"
_PLACE = "(SELECT {} FROM resource_stock_place rsp WHERE rsp.id = rsl.stock_place_id)"
_LIMIT = "(SELECT {} FROM resource_stock_level rlv WHERE rlv.stock_place_id = rsl.stock_place_id AND rlv.model_id = rsl.model_id)"
_COUNTED = "(SELECT max(rsc.decided_at) FROM resource_stock_count rsc WHERE rsc.stock_place_id = rsl.stock_place_id AND rsc.state = 'closed')"


STOCK = Rows(
    source=_LEVELS, key="rsl.id", org="rsl.org_id", computed=True,
    columns={
        "id": key("rsl.id"), "org_id": integer("rsl.org_id"), "stock_place_id": key("rsl.stock_place_id"), "model_id": key("rsl.model_id"),
        "state": text("rsl.state"), "usage": text("rsl.state"), "quantity": integer("rsl.quantity"), "model_code": text(_MODEL.format("rsm.code")),
        "model_name": text(_MODEL.format("rsm.name_zh")), "kind": text(_MODEL.format("rsm.kind")), "place_name": text(_PLACE.format("rsp.name")),
        "place_kind": text(_PLACE.format("rsp.kind")), "low_at": integer(_LIMIT.format("rlv.low_at")), "target": integer(_LIMIT.format("rlv.target")),
        "counted_at": instant(_COUNTED),
    },
)
