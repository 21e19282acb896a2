"""Places of the address tree, and sites of the network, column by column. Everybody reads places."""

from __future__ import annotations

from tongke.kernel.rows import Column, Rows, Walk, instant, integer, json, key, number, text

_UP = "(SELECT u.{} FROM resource_place_up(rpl.id) u WHERE u.level = '{}' LIMIT 1)"
_DOOR = "(SELECT u.door FROM resource_place_up(rpl.id) u WHERE u.level IN ('community', 'building') AND u.door <> '' ORDER BY u.depth DESC LIMIT 1)"


def _above(level: str, column: str = "name") -> Column:
    return text(_UP.format(column, level))


PLACES = Rows(
    source="resource_place rpl", key="rpl.id", org="rpl.org_id",
    walks={"level": Walk(org="rpl.org_id", sql="rpl.level", tie="rpl.id")},
    columns={
        "id": key("rpl.id"), "org_id": integer("rpl.org_id"), "parent_id": key("rpl.parent_id"), "level": text("rpl.level"),
        "own_name": text("rpl.name"), "own_name_en": text("nullif(rpl.name_en, '')"), "line": text("resource_place_line(rpl.id)"),
        "line_en": text("resource_place_line_en(rpl.id)"), "province": _above("province"), "city": _above("city"), "district": _above("district"),
        "street": _above("street"), "door": text(_DOOR), "community": _above("community"), "building": _above("building"),
        "unit": _above("unit"), "room": _above("room"), "postcode": text("nullif(rpl.postcode, '')"), "country": text("'中国'::text"),
        "state": text("rpl.state"), "code": text("nullif(rpl.code, '')"), "latitude": number("rpl.latitude"), "longitude": number("rpl.longitude"),
        "point": json("CASE WHEN rpl.longitude IS NOT NULL THEN jsonb_build_array(rpl.longitude, rpl.latitude) END"),
        "created_at": instant("rpl.created_at"), "changed_at": instant("rpl.changed_at"),
    },
)
SITES = Rows(
    source="resource_site rst", key="rst.id", org="rst.org_id", walks={"id": Walk(org="rst.org_id", sql="rst.id", tie="rst.id")},
    columns={
        "id": key("rst.id"), "org_id": integer("rst.org_id"), "code": text("rst.code"), "name": text("rst.name"), "kind": text("rst.kind"),
        "place_id": key("rst.place_id"), "place_line": text("CASE WHEN rst.place_id IS NOT NULL THEN resource_place_line(rst.place_id) END"),
        "state": text("rst.state"), "latitude": number("rst.latitude"), "longitude": number("rst.longitude"),
        "created_at": instant("rst.created_at"), "changed_at": instant("rst.changed_at"),
    },
)
