"""Looking for free numbers that please: one trip to the database, only in the actor's scope (B3)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.resource.errors import WishRefused
from tongke.areas.resource.rules.searching import NoPattern, NumberWish, Walk, start_within, walk_for
from tongke.areas.resource.states import ORDINARY
from tongke.kernel.actor import Actor, acting
from tongke.kernel.db.prepared import all_rows

FOUND_MAX = 200
CANDIDATES = 12

POOLS = "resource_pools_searched(%(at)s::timestamptz, %(channel)s::text, %(pool)s::uuid, %(kind)s::text, %(org)s::int)"
WALKS = {
    "head": "resource_free_by_head({pools}, %(lo)s::text, %(hi)s::text, %(start)s::text, {fits}, %(most)s::int)",
    "tail": "resource_free_by_tail({pools}, %(lo)s::text, %(hi)s::text, %(start)s::text, {fits}, %(most)s::int)",
    "grade": "resource_free_by_grade({pools}, %(chance)s::int, {fits}, %(most)s::int)",
    "gram": "resource_free_by_gram({pools}, %(grams)s::int[], %(chance)s::int, {fits}, %(most)s::int)",
}
# A walk by grade names its grades, the ordinary first; any other takes none for all.
EVERY_GRADE = "coalesce(%(grades)s::text[], (SELECT '{0}'::text[] || coalesce(array_agg(DISTINCT g.code), '{}') FROM resource_grade g))"
FITS = "%(shapes)s::text[], %(grades)s::text[], %(without)s::text, %(plain)s::boolean, %(also)s::text"
FIND = """
SELECT f.id, f.number, f.pool_id, p.code, p.name_zh, p.name_en, f.org_id, f.kind, f.grade, g.name_zh, g.name_en, g.rank, coalesce(g.prestore, 0),
  coalesce(g.monthly_floor, 0), coalesce(g.term_months, 0), coalesce(g.penalty_percent, 0), coalesce(g.currency, 'CNY')
FROM {walk} f JOIN resource_number_pool p ON p.id = f.pool_id
LEFT JOIN resource_grade g ON g.schedule_id = f.graded_by AND g.code = f.grade
"""
# Grades of the versions that hold for some organisation now; a number keeps the terms of the version it was graded by.
GRADES = """
SELECT DISTINCT g.code FROM resource_grade g JOIN resource_grade_schedule s ON s.id = g.schedule_id AND s.state = 'released'
WHERE (%(least)s::numeric IS NULL OR g.prestore >= %(least)s) AND (%(most)s::numeric IS NULL OR g.prestore <= %(most)s)
  AND (%(floor)s::numeric IS NULL OR g.monthly_floor <= %(floor)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A free number with what it costs: prestore and monthly floor in ``currency``, term in months."""

    id: UUID
    number: str
    pool_id: UUID
    pool_code: str
    pool_name_zh: str
    pool_name_en: str
    org_id: int
    kind: str
    grade: str
    grade_name_zh: str
    grade_name_en: str
    rank: int | None
    prestore: Decimal
    monthly_floor: Decimal
    term_months: int
    penalty_percent: Decimal
    currency: str


def find_numbers(
    wish: NumberWish, *, pool_id: UUID | None = None, channel: str = "", most: int = 20, by: Actor, at: datetime
) -> list[FoundNumber]:
    """Return up to ``most`` free numbers that fit, another choice for every caller and call. An empty ``channel`` looks
    through the pools of all of them. Needs ``resource.view_numbers``; raises ``WishRefused``.
    """
    by.require("resource.view_numbers")
    return [FoundNumber(**dict(zip(FoundNumber.__slots__, row, strict=True)))
            for row in _found(FIND, wish, pool_id, channel=channel, most=min(most, FOUND_MAX), by=by, at=at)]


def candidates(wish: NumberWish, *, pool_id: UUID | None, channel: str, by: Actor, at: datetime) -> list[UUID]:
    """Return the ids of some free numbers that fit, in the order in which a hold tries them."""
    return [row[0] for row in _found("SELECT f.id FROM {walk} f", wish, pool_id, channel=channel, most=CANDIDATES, by=by, at=at)]


def _found(
    statement: str, wish: NumberWish, pool_id: UUID | None, *, channel: str, most: int, by: Actor, at: datetime
) -> list[tuple[Any, ...]]:
    with acting(by):
        grades = _grades(wish)
        if grades is not None and not grades:
            return []
        walk = _walk(wish, grades)
        chance = secrets.randbelow(2**31 - 1)
        fits = FITS.replace("%(grades)s::text[]", EVERY_GRADE) if walk.way == "grade" else FITS
        return all_rows(statement.format(walk=WALKS[walk.way].format(pools=POOLS, fits=fits)), {
            "at": at, "channel": channel, "pool": pool_id, "kind": wish.kind, "org": wish.org_id, "lo": walk.lo, "hi": walk.hi,
            "start": start_within(walk, chance), "chance": chance, "grams": list(walk.grams), "shapes": list(walk.shapes) or None,
            "grades": list(grades) if grades is not None else None, "without": wish.without, "plain": wish.plain, "also": walk.also, "most": most,
        })


def _walk(wish: NumberWish, grades: Sequence[str] | None) -> Walk:
    try:
        return walk_for(wish, grades=grades)
    except NoPattern as fault:
        raise WishRefused(why=str(fault), field=str(fault)) from None


def _grades(wish: NumberWish) -> list[str] | None:
    """Return the grades that the wish leaves; ``None`` where it says nothing of them."""
    bounds = (wish.prestore_min, wish.prestore_max, wish.floor_max)
    if bounds == (None, None, None):
        return list(wish.grades) or None
    within = {code for (code,) in all_rows(GRADES, {"least": wish.prestore_min, "most": wish.prestore_max, "floor": wish.floor_max})}
    if not wish.prestore_min:
        within.add(ORDINARY)
    return sorted(within & set(wish.grades)) if wish.grades else sorted(within)
