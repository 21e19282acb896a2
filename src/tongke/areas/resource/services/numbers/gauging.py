"""Watching that pools do not run dry: recent take-up, days left, one alarm until there are enough numbers again."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_noop

from tongke.areas.resource.events import NumberPoolRanLow, NumberPoolRecovered
from tongke.areas.resource.models import NumberPool
from tongke.areas.resource.policy import policy_at
from tongke.areas.resource.rules.gauges import days_left, is_low
from tongke.areas.resource.services.numbers.blocks import rows_of
from tongke.areas.staff import services as desk
from tongke.areas.staff.queries.approvals import deciders
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

NOBODY = UUID(int=0)
RAN_LOW = gettext_noop("The number pool {pool} is running dry: {free} free numbers are left")
FREE = "SELECT pool_id, sum(n)::bigint FROM resource_number_tally WHERE state = 'free' AND pool_id = ANY (%s) GROUP BY pool_id"
TAKEN = """
SELECT pool_id, count(*) FROM resource_number_move
WHERE pool_id = ANY (%s) AND at >= %s AND at < %s AND to_state = 'assigned' AND from_state = 'held' GROUP BY pool_id
"""


@verb("resource.run_numbers")
def gauge_pools(*, by: Actor, at: datetime) -> list[UUID]:
    """Note the recent take-up of every open pool, and tell the number desk of those that began to run dry; returns them.

    A pool that stays low is told once; when it has recovered, that is announced too.
    """
    pools = list(NumberPool.objects.select_for_update(skip_locked=True).filter(valid_from__lte=at, valid_until=None).order_by("id"))
    ids = [pool.id for pool in pools]
    days = policy_at(at).number_takeup_days
    free = {pool: int(n) for pool, n in rows_of(FREE, [ids])}
    taken = {pool: int(n) for pool, n in rows_of(TAKEN, [ids, at - timedelta(days=days), at])}
    fresh = []
    for pool in pools:
        left, per_day = free.get(pool.id, 0), round(Decimal(taken.get(pool.id, 0)) / days, 2)
        low = is_low(free=left, per_day=per_day, dry_below=pool.dry_below, dry_days=pool.dry_days)
        since = (pool.dry_since or at) if low else None
        if (since, per_day) != (pool.dry_since, pool.taken_per_day):
            NumberPool.objects.filter(id=pool.id).update(dry_since=since, taken_per_day=per_day, gauged_at=at)
        if low and pool.dry_since is None:
            fresh.append(pool.id)
            _tell(pool, left, days_left(left, per_day), by=by, at=at)
        elif not low and pool.dry_since is not None:
            publish(NumberPoolRecovered(subject_id=pool.id, org_id=pool.org_id, pool_code=pool.code, free=left), by=by, at=at)
    return fresh


def _tell(pool: NumberPool, free: int, days: int | None, *, by: Actor, at: datetime) -> None:
    publish(NumberPoolRanLow(subject_id=pool.id, org_id=pool.org_id, pool_code=pool.code, free=free, days_left=days), by=by, at=at)
    people = deciders(permission="resource.run_numbers", org_id=pool.org_id, but=NOBODY, at=at)
    desk.notify(staff_ids=people, says=RAN_LOW, values={"pool": pool.name_zh, "pool_en": pool.name_en, "free": free}, link=f"/numbers/pools/{pool.id}", by=by, at=at)
