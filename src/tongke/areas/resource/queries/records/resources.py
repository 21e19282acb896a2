"""Everything with an identity of its own, column by column: numbers, things by serial, equipment and ports as one relation.

The official words of a resource's states are worked out of ours here; our own state stands beside them.
"""

from __future__ import annotations

from tongke.kernel.rows import Rows, Walk, instant, integer, json, key, text

_NUMBER = """SELECT n.id, n.org_id, 'number' AS category, 'LogicalResource' AS class, n.number AS name, n.number AS value, NULL AS serial, n.state,
 CASE n.state WHEN 'free' THEN 'available' WHEN 'held' THEN 'reserved' WHEN 'assigned' THEN 'reserved' WHEN 'suspended' THEN 'suspended'
  WHEN 'faulty' THEN 'alarm' WHEN 'ported_out' THEN 'unknown' WHEN 'returned' THEN 'unknown' ELSE 'standby' END AS status,
 CASE WHEN n.state IN ('assigned', 'suspended') THEN 'active' WHEN n.state = 'ported_out' THEN 'busy' ELSE 'idle' END AS usage,
 CASE WHEN n.state = 'faulty' THEN 'disable' ELSE 'enable' END AS operational,
 CASE WHEN n.state IN ('blocked', 'reserved') THEN 'locked' ELSE 'unlocked' END AS administrative,
 NULL::uuid AS model_id, NULL::uuid AS stock_place_id, NULL::uuid AS place_id, n.block_id AS within_id, 'block' AS within_kind, NULL::uuid AS parent_id,
 n.assigned_to::text AS service, n.since AS started_at, n.changed_at,
 jsonb_strip_nulls(jsonb_build_object('grade', n.grade, 'kind', n.kind, 'pool', n.pool_id, 'heldUntil', n.held_until, 'coolingUntil', n.cooling_until)) AS more
 FROM resource_number n"""
_ITEM = """SELECT i.id, i.org_id, i.kind, CASE WHEN i.kind = 'esim' THEN 'LogicalResource' ELSE 'PhysicalResource' END, i.serial, NULL, i.serial, i.state,
 CASE i.state WHEN 'in_stock' THEN 'available' WHEN 'reserved' THEN 'reserved' WHEN 'handed_out' THEN 'reserved' WHEN 'installed' THEN 'reserved'
  WHEN 'faulty' THEN 'alarm' WHEN 'lost' THEN 'unknown' WHEN 'scrapped' THEN 'unknown' ELSE 'standby' END,
 CASE WHEN i.state IN ('handed_out', 'installed') THEN 'active' ELSE 'idle' END,
 CASE WHEN i.state IN ('faulty', 'repair', 'scrapped', 'lost') THEN 'disable' ELSE 'enable' END,
 CASE WHEN i.state = 'scrapped' THEN 'shutdown' ELSE 'unlocked' END,
 i.model_id, i.stock_place_id, NULL, NULL, NULL, NULL, nullif(i.service_ref, ''), i.created_at, i.changed_at,
 jsonb_strip_nulls(jsonb_build_object('imsi', nullif(i.imsi, ''), 'mac', nullif(i.mac, ''), 'warrantyUntil', i.warranty_until))
 FROM resource_stock_item i"""
_EQUIPMENT = """SELECT e.id, e.org_id, 'equipment', 'PhysicalResource', e.code, NULL, NULL, e.state,
 CASE e.state WHEN 'in_service' THEN 'available' WHEN 'faulty' THEN 'alarm' WHEN 'planned' THEN 'standby' ELSE 'unknown' END,
 CASE WHEN e.state = 'in_service' THEN 'active' ELSE 'idle' END, CASE WHEN e.state = 'in_service' THEN 'enable' ELSE 'disable' END,
 CASE WHEN e.state = 'retired' THEN 'shutdown' ELSE 'unlocked' END,
 NULL, NULL, e.place_id, e.site_id, 'site', e.parent_id, NULL, e.created_at, e.changed_at,
 jsonb_strip_nulls(jsonb_build_object('kind', e.kind, 'technology', e.technology, 'split', nullif(e.split, ''), 'maxDownMbps', nullif(e.max_down_mbps, 0),
  'maxUpMbps', nullif(e.max_up_mbps, 0), 'uplinkMbps', nullif(e.uplink_mbps, 0), 'plannedOn', e.planned_on))
 FROM resource_equipment e"""
_PORT = """SELECT o.id, o.org_id, 'port', 'LogicalResource', q.code || '/' || o.number, o.number::text, NULL, o.state,
 CASE o.state WHEN 'free' THEN 'available' WHEN 'reserved' THEN 'reserved' WHEN 'used' THEN 'reserved' WHEN 'faulty' THEN 'alarm' ELSE 'standby' END,
 CASE WHEN o.state = 'used' THEN 'active' ELSE 'idle' END, CASE WHEN o.state IN ('faulty', 'planned') THEN 'disable' ELSE 'enable' END, 'unlocked',
 NULL, NULL, NULL, NULL, NULL, o.equipment_id, nullif(o.service_ref, ''), o.changed_at, o.changed_at,
 jsonb_strip_nulls(jsonb_build_object('kind', o.kind, 'label', nullif(o.label, ''), 'maxDownMbps', o.max_down_mbps, 'maxUpMbps', o.max_up_mbps, 'plannedOn', o.planned_on))
 FROM resource_port o JOIN resource_equipment q ON q.id = o.equipment_id"""
_MODEL = "(SELECT {} FROM resource_item_model rrm WHERE rrm.id = rre.model_id)"
_STOCK_PLACE = "(SELECT {} FROM resource_stock_place rrp WHERE rrp.id = rre.stock_place_id)"

RESOURCES = Rows(
    source=f"({_NUMBER} UNION ALL {_ITEM} UNION ALL {_EQUIPMENT} UNION ALL {_PORT}) rre", key="rre.id", org="rre.org_id",
    walks={"id": Walk(org="rre.org_id", sql="rre.id", tie="rre.id")},
    locks=("resource_number", "resource_stock_item", "resource_equipment", "resource_port"),
    columns={
        "id": key("rre.id"), "org_id": integer("rre.org_id"), "category": text("rre.category"), "class": text("rre.class"), "name": text("rre.name"),
        "value": text("rre.value"), "serial": text("rre.serial"), "state": text("rre.state"), "status": text("rre.status"), "usage": text("rre.usage"),
        "operational": text("rre.operational"), "administrative": text("rre.administrative"), "model_id": key("rre.model_id"),
        "model_code": text(_MODEL.format("rrm.code")), "model_name": text(_MODEL.format("rrm.name_zh")),
        "place_key": text("coalesce(rre.stock_place_id, rre.place_id)::text"),
        "place_name": text(f"coalesce({_STOCK_PLACE.format('rrp.name')}, CASE WHEN rre.place_id IS NOT NULL THEN resource_place_line(rre.place_id) END)"),
        "place_role": text("CASE WHEN rre.stock_place_id IS NOT NULL THEN 'stock place' WHEN rre.place_id IS NOT NULL THEN 'stands at' END"),
        "place_kind": text("CASE WHEN rre.stock_place_id IS NOT NULL THEN 'StockPlace' WHEN rre.place_id IS NOT NULL THEN 'GeographicAddress' END"),
        "within_id": key("rre.within_id"), "within_kind": text("CASE WHEN rre.within_id IS NOT NULL THEN rre.within_kind END"),
        "parent_id": key("rre.parent_id"), "parent_name": text("(SELECT rpe.code FROM resource_equipment rpe WHERE rpe.id = rre.parent_id)"),
        "service": text("rre.service"), "started_at": instant("rre.started_at"), "created_at": instant("rre.started_at"),
        "changed_at": instant("rre.changed_at"), "more": json("rre.more || jsonb_build_object('state', rre.state)"),
    },
)
