"""How full the pools are: from running counts, so that a gauge costs the same over ten numbers and ten million."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.resource.rules.gauges import days_left
from tongke.kernel.actor import Actor, acting

GAUGES = """
SELECT p.id, p.org_id, p.code, p.name_zh, p.name_en, p.kind, p.channels, p.dry_below, p.dry_days, p.dry_since, p.taken_per_day, p.gauged_at,
  p.valid_from, p.valid_until, p.version, coalesce(t.counts, '{}')
FROM resource_number_pool p LEFT JOIN (
  SELECT pool_id, jsonb_object_agg(state, n) AS counts FROM (
    SELECT pool_id, state, sum(n)::bigint AS n FROM resource_number_tally WHERE pool_id IS NOT NULL GROUP BY pool_id, state HAVING sum(n) <> 0) s
  GROUP BY pool_id) t ON t.pool_id = p.id
WHERE %(past)s OR p.valid_until IS NULL OR p.valid_until > %(at)s ORDER BY p.org_id, p.code
"""
COUNTS = """
SELECT org_id, pool_id, kind, grade, state, sum(n)::bigint FROM resource_number_tally
WHERE (%(pool)s::uuid IS NULL OR pool_id = %(pool)s) AND (%(org)s::int IS NULL OR org_id = %(org)s)
GROUP BY org_id, pool_id, kind, grade, state HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolGauge:
    """A pool and how full it is. ``counts`` are its numbers by state; ``days_left`` at the recent take-up, ``None``: unknown."""

    id: UUID
    org_id: int
    code: str
    name_zh: str
    name_en: str
    kind: str
    channels: list[str]
    dry_below: int
    dry_days: int
    dry_since: datetime | None
    taken_per_day: Any
    gauged_at: datetime | None
    valid_from: datetime
    valid_until: datetime | None
    version: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """Numbers that may be sold now."""
        return self.counts.get("free", 0)

    @property
    def total(self) -> int:
        """All numbers of the pool."""
        return sum(self.counts.values())

    @property
    def days_left(self) -> int | None:
        """For how many days the free numbers last."""
        return days_left(self.free, self.taken_per_day)


@dataclass(frozen=True, slots=True)
class NumberCount:
    """How many numbers of one kind, grade and state an organisation has in a pool (``None``: in none)."""

    org_id: int
    pool_id: UUID | None
    kind: str
    grade: str
    state: str
    count: int


def pool_gauges(*, past: bool = False, by: Actor, at: datetime) -> list[PoolGauge]:
    """Return every pool in the actor's scope with its counts; ``past``: closed ones too. Needs ``resource.view_numbers``."""
    by.require("resource.view_numbers")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(GAUGES, {"past": past, "at": at})
        names = PoolGauge.__slots__
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [PoolGauge(**{**row, "counts": _counts(row["counts"])}) for row in rows]


def _counts(given: Any) -> dict[str, int]:
    return {state: int(n) for state, n in (json.loads(given) if isinstance(given, str) else given).items()}


def number_counts(*, pool_id: UUID | None = None, org_id: int | None = None, by: Actor) -> list[NumberCount]:
    """Return counts by organisation, pool, kind, grade and state in the actor's scope. Needs ``resource.view_numbers``."""
    by.require("resource.view_numbers")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(COUNTS, {"pool": pool_id, "org": org_id})
        return [NumberCount(*row) for row in cursor.fetchall()]
