"""What the room offers of numbers to other channels, column by column; who uses a number is told by the line's id only."""

from __future__ import annotations

from tongke.kernel.rows import Rows, Walk, boolean, instant, integer, json, key, number, text

_POOL = "(SELECT {} FROM resource_number_pool rnp WHERE rnp.id = rnu.pool_id)"
_GRADE = "(SELECT {} FROM resource_grade rng WHERE rng.schedule_id = rnu.graded_by AND rng.code = rnu.grade)"
_COUNT = "(SELECT coalesce(sum(rpt.n), 0)::bigint FROM resource_number_tally rpt WHERE rpt.pool_id = rpo.id{})"


def _by_id(alias: str) -> dict[str, Walk]:
    return {"id": Walk(org=f"{alias}.org_id", sql=f"{alias}.id", tie=f"{alias}.id")}


NUMBERS = Rows(
    source="resource_number rnu", key="rnu.id", org="rnu.org_id", walks=_by_id("rnu"), tally="resource_number_tally",
    tallied=("pool_id", "kind", "grade", "state"),
    columns={
        "id": key("rnu.id"), "number": text("rnu.number"), "org_id": integer("rnu.org_id"), "block_id": key("rnu.block_id"), "pool_id": key("rnu.pool_id"),
        "pool_code": text(_POOL.format("rnp.code")), "pool_name_zh": text(_POOL.format("rnp.name_zh")), "pool_name_en": text(_POOL.format("rnp.name_en")),
        "kind": text("rnu.kind"), "grade": text("rnu.grade"), "graded_by": integer("rnu.graded_by"), "grade_name_zh": text(_GRADE.format("rng.name_zh")),
        "grade_name_en": text(_GRADE.format("rng.name_en")), "prestore": number(_GRADE.format("rng.prestore")),
        "monthly_floor": number(_GRADE.format("rng.monthly_floor")), "term_months": integer(_GRADE.format("rng.term_months")),
        "state": text("rnu.state"), "hold_id": key("rnu.hold_id"), "held_until": instant("rnu.held_until"), "assigned_to": key("rnu.assigned_to"),
        "order_ref": text("rnu.order_ref"), "cooling_until": instant("rnu.cooling_until"), "operator": text("rnu.operator"), "note": text("rnu.note"),
        "since": instant("rnu.since"), "changed_at": instant("rnu.changed_at"),
    },
)
POOLS = Rows(
    source="resource_number_pool rpo", key="rpo.id", org="rpo.org_id", walks=_by_id("rpo"),
    columns={
        "id": key("rpo.id"), "org_id": integer("rpo.org_id"), "code": text("rpo.code"), "name_zh": text("rpo.name_zh"), "name_en": text("rpo.name_en"),
        "kind": text("rpo.kind"), "channels": json("to_jsonb(rpo.channels)"), "dry_below": integer("rpo.dry_below"), "dry_days": integer("rpo.dry_days"),
        "dry_since": instant("rpo.dry_since"), "low": boolean("rpo.dry_since IS NOT NULL"), "taken_per_day": number("rpo.taken_per_day"),
        "free": integer(_COUNT.format(" AND rpt.state = 'free'")), "total": integer(_COUNT.format("")), "gauged_at": instant("rpo.gauged_at"),
        "valid_from": instant("rpo.valid_from"), "valid_until": instant("rpo.valid_until"), "version": integer("rpo.version"),
        "created_at": instant("rpo.created_at"), "changed_at": instant("rpo.changed_at"),
    },
)
# The channels of the pool that stands around (``POOLS``), one row each.
POOL_CHANNELS = Rows(
    source="unnest(rpo.channels) rpc(channel)", key="rpc.channel", org="rpo.org_id",
    columns={"pool_id": key("rpo.id"), "channel": text("rpc.channel")},
)
BLOCKS = Rows(
    source="resource_number_block rbl", key="rbl.id", org="rbl.org_id", walks=_by_id("rbl"),
    columns={
        "id": key("rbl.id"), "org_id": integer("rbl.org_id"), "code": text("rbl.code"), "kind": text("rbl.kind"), "source": text("rbl.source"),
        "donor": text("rbl.donor"), "first": text("'+' || rbl.first"), "last": text("'+' || rbl.last"), "size": integer("rbl.last - rbl.first + 1"),
        "document": text("rbl.document"), "valid_from": instant("rbl.valid_from"), "valid_until": instant("rbl.valid_until"),
        "version": integer("rbl.version"), "created_at": instant("rbl.created_at"), "changed_at": instant("rbl.changed_at"),
    },
)
RANGES = Rows(
    source="resource_number_range rra", key="rra.id", org="rra.org_id", walks=_by_id("rra"),
    columns={
        "id": key("rra.id"), "org_id": integer("rra.org_id"), "block_id": key("rra.block_id"), "parent_id": key("rra.parent_id"), "level": integer("rra.level"),
        "first": text("'+' || rra.first"), "last": text("'+' || rra.last"), "size": integer("rra.last - rra.first + 1"), "reason": text("rra.reason"),
        "valid_from": instant("rra.valid_from"), "valid_until": instant("rra.valid_until"), "created_at": instant("rra.created_at"),
        "changed_at": instant("rra.changed_at"),
    },
)
ALLOTMENTS = Rows(
    source="resource_number_allotment ral", key="ral.id", org="ral.org_id", walks=_by_id("ral"),
    columns={
        "id": key("ral.id"), "org_id": integer("ral.org_id"), "pool_id": key("ral.pool_id"), "range_id": key("ral.range_id"), "first": text("'+' || ral.first"),
        "last": text("'+' || ral.last"), "size": integer("ral.last - ral.first + 1"), "valid_from": instant("ral.valid_from"),
        "valid_until": instant("ral.valid_until"), "created_at": instant("ral.created_at"),
    },
)
HOLDS = Rows(
    source="resource_number_hold rho", key="rho.id", org="rho.org_id", walks=_by_id("rho"),
    columns={
        "id": key("rho.id"), "org_id": integer("rho.org_id"), "number_id": key("rho.number_id"), "number": text("rho.number"), "pool_id": key("rho.pool_id"),
        "order_ref": text("rho.order_ref"), "clerk": text("rho.clerk"), "channel": text("rho.channel"), "grade": text("rho.grade"), "state": text("rho.state"),
        "extensions": integer("rho.extensions"), "held_at": instant("rho.held_at"), "expires_at": instant("rho.expires_at"),
        "ended_at": instant("rho.ended_at"),
    },
)
COMMITMENTS = Rows(
    source="resource_number_commitment rco", key="rco.id", org="rco.org_id", walks=_by_id("rco"),
    columns={
        "id": key("rco.id"), "org_id": integer("rco.org_id"), "number_id": key("rco.number_id"), "number": text("rco.number"),
        "assigned_to": key("rco.assigned_to"), "grade": text("rco.grade"), "schedule_id": integer("rco.schedule_id"), "prestore": number("rco.prestore"),
        "monthly_floor": number("rco.monthly_floor"), "currency": text("rco.currency"), "term_months": integer("rco.term_months"),
        "penalty_percent": number("rco.penalty_percent"), "starts_on": text("rco.starts_on::text"), "ends_on": text("rco.ends_on::text"),
        "state": text("rco.state"), "penalty": number("rco.penalty"), "created_at": instant("rco.created_at"), "changed_at": instant("rco.changed_at"),
    },
)
GRADES = Rows(
    source="resource_grade rgr JOIN resource_grade_schedule rgs ON rgs.id = rgr.schedule_id", key="rgr.id", org="rgr.org_id", walks=_by_id("rgr"),
    locks=("resource_grade",),
    columns={
        "id": key("rgr.id"), "org_id": integer("rgr.org_id"), "schedule_id": integer("rgr.schedule_id"), "version": integer("rgs.version"),
        "schedule_state": text("rgs.state"), "code": text("rgr.code"), "rank": integer("rgr.rank"), "name_zh": text("rgr.name_zh"), "name_en": text("rgr.name_en"),
        "prestore": number("rgr.prestore"), "monthly_floor": number("rgr.monthly_floor"), "currency": text("rgr.currency"),
        "term_months": integer("rgr.term_months"), "penalty_percent": number("rgr.penalty_percent"),
        "floor_while_suspended": boolean("rgr.floor_while_suspended"), "exempt_after_term": boolean("rgr.exempt_after_term"),
        "valid_from": instant("rgs.valid_from"), "valid_until": instant("rgs.valid_until"),
    },
)
MOVES = Rows(
    source="resource_number_move rmv", key="rmv.id", org="rmv.org_id",
    columns={
        "id": key("rmv.id"), "org_id": integer("rmv.org_id"), "number_id": key("rmv.number_id"), "at": instant("rmv.at"), "pool_id": key("rmv.pool_id"),
        "verb": text("rmv.verb"), "from_state": text("rmv.from_state"), "to_state": text("rmv.to_state"), "hold_id": key("rmv.hold_id"),
        "assigned_to": key("rmv.assigned_to"), "order_ref": text("rmv.order_ref"), "reason": text("rmv.reason"), "actor": text("rmv.actor"),
    },
)
