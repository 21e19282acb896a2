"""Stocktakes: opened, scanned, finished, and closed by a second person where something is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongke.areas.resource.errors.stock import CountRunning, SecondPersonNeeded
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.models import StockCount, StockCountLine, StockPlace
from tongke.areas.resource.rules import stock as rules
from tongke.areas.resource.rules.serials import readings
from tongke.areas.resource.services.stock import COUNT, move_items, watch_levels
from tongke.areas.resource.services.transfers import give_up
from tongke.areas.resource.states.stock import AT_PLACE, CountFinding, CountState, ItemState
from tongke.areas.resource.states.stock import COUNT as LIFE
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

AT_SHELF = [str(state) for state in AT_PLACE]
EXPECT = """
INSERT INTO resource_stock_count_line (id, org_id, count_id, item_id, serial, finding, scanned_by)
SELECT tongke_uuid7(), %(org)s, %(count)s, i.id, i.serial, 'expected', '' FROM resource_stock_item i
WHERE i.stock_place_id = %(place)s AND i.state = ANY (%(states)s)
"""
# A serial may be scanned in groups or small letters: of the ways to read it, the one that is known is meant.
KNOWN = """
SELECT serial FROM resource_stock_count_line WHERE count_id = %(count)s AND serial = ANY (%(ways)s)
UNION SELECT serial FROM resource_stock_item WHERE serial = ANY (%(ways)s)
"""
SCAN = """
INSERT INTO resource_stock_count_line (id, org_id, count_id, item_id, serial, finding, scanned_by, scanned_at)
SELECT tongke_uuid7(), %(org)s, %(count)s, i.id, s.serial, CASE WHEN i.id IS NULL THEN 'unknown' ELSE 'surplus' END, %(by)s, %(at)s
FROM unnest(%(serials)s::text[]) AS s(serial) LEFT JOIN LATERAL (
  SELECT id FROM resource_stock_item x WHERE x.serial = s.serial ORDER BY x.id LIMIT 1) i ON true
ON CONFLICT (count_id, serial) DO UPDATE SET scanned_by = EXCLUDED.scanned_by, scanned_at = EXCLUDED.scanned_at,
  finding = CASE WHEN resource_stock_count_line.finding IN ('expected', 'missing') THEN 'found' ELSE resource_stock_count_line.finding END
"""
# What was handed out, sent or found elsewhere since the count was opened is not missing: a paper of its own says where it went.
# A reservation moves nothing: what is promised to an order must lie there all the same.
GONE = """
SELECT i.id FROM resource_stock_count_line l JOIN resource_stock_item i ON i.id = l.item_id
WHERE l.count_id = %(count)s AND l.finding = 'missing' AND i.stock_place_id = %(place)s AND i.state = ANY (%(states)s)
  AND NOT EXISTS (
    SELECT FROM resource_stock_move m WHERE m.item_id = i.id AND m.moved_at > %(opened)s AND m.verb NOT IN ('reserve', 'free'))
"""
STILL_THERE = "old.stock_place_id = %(place)s AND old.state = ANY (%(states)s)"
SURPLUS = """
SELECT i.id, i.state FROM resource_stock_count_line l JOIN resource_stock_item i ON i.id = l.item_id
WHERE l.count_id = %(count)s AND l.finding = 'surplus' AND i.org_id = %(org)s AND (i.state = 'lost' OR (i.state = 'in_stock' AND i.stock_place_id <> %(place)s))
"""
RELOCATE = """
WITH moved AS (
  UPDATE resource_stock_item i SET stock_place_id = %(place)s, changed_at = %(at)s
  FROM (SELECT id, stock_place_id FROM resource_stock_item WHERE id = ANY (%(ids)s) ORDER BY id FOR UPDATE) old
  WHERE i.id = old.id AND i.state = 'in_stock' RETURNING i.id, i.org_id, i.model_id, old.stock_place_id AS from_place),
move AS (
  INSERT INTO resource_stock_move (id, org_id, item_id, verb, from_state, to_state, from_place_id, to_place_id, reference, reason, moved_by, moved_at)
  SELECT tongke_uuid7(), org_id, id, 'relocate', 'in_stock', 'in_stock', from_place, %(place)s, %(reference)s, '', %(by)s, %(at)s FROM moved)
SELECT from_place, model_id FROM moved
"""


@verb(COUNT)
def open_count(*, stock_place_id: UUID, note: str = "", by: Actor, at: datetime) -> UUID:
    """Begin to count a place and return the count's id: what should lie there is written down now. Raises ``CountRunning``."""
    place = StockPlace.objects.filter(id=stock_place_id).first()
    if place is None or not by.sees(place.org_id):
        raise NotFound
    try:
        with transaction.atomic():
            count = StockCount.objects.create(
                org_id=place.org_id, number=sequence_number("SC", on=by.day(at)), stock_place=place, expected=0, opened_by=by.name, opened_at=at, note=note)
    except IntegrityError as clash:
        if "stock_count_one_at_a_time" not in str(clash):
            raise
        running = StockCount.objects.filter(stock_place=place, state__in=[CountState.OPEN, CountState.COUNTED]).values_list("number", flat=True).first()
        raise CountRunning(place=place.name, number=running or "?") from clash
    with connection.cursor() as cursor:
        cursor.execute(EXPECT, {"org": place.org_id, "count": count.id, "place": place.id, "states": AT_SHELF})
        count.expected = cursor.rowcount
    count.save(update_fields=["expected"])
    return count.id


def _locked(count_id: UUID) -> StockCount:
    count = StockCount.objects.select_for_update(of=("self",)).filter(id=count_id).first()
    if count is None:
        raise NotFound
    return count


@verb(COUNT)
def scan_count(*, count_id: UUID, serials: Sequence[str], by: Actor, at: datetime) -> dict[str, int]:
    """Write down serials that were seen; returns how many there are of each finding. Scanning twice counts once."""
    count = _locked(count_id)
    if count.state != CountState.OPEN:
        raise LIFE.refusal("scan", count.state)
    ways = {found[0]: found for given in serials if (found := readings(given))}
    require(collect((rules.is_a_quantity, {"count": len(ways)})))
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"count": count.id, "ways": [way for found in ways.values() for way in found]})
        known = {row[0] for row in cursor.fetchall()}
        seen = sorted({next((way for way in found if way in known), first) for first, found in ways.items()})
        cursor.execute(SCAN, {"org": count.org_id, "count": count.id, "serials": seen, "by": by.name, "at": at})
    return _findings(count.id)


def _findings(count_id: UUID) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT finding, count(*) FROM resource_stock_count_line WHERE count_id = %s GROUP BY finding", [count_id])
        return {str(finding): int(n) for finding, n in cursor.fetchall()}


@verb(COUNT)
def finish_count(*, count_id: UUID, by: Actor, at: datetime) -> dict[str, int]:
    """Say that all was counted: what nobody saw is missing. Returns how many there are of each finding."""
    count = _locked(count_id)
    LIFE.move(count, "finish", by=by, at=at)
    count.finished_by, count.finished_at = by.name, at
    count.save(update_fields=["finished_by", "finished_at"])
    StockCountLine.objects.filter(count=count, finding=CountFinding.EXPECTED).update(finding=CountFinding.MISSING)
    return _findings(count.id)


@verb(COUNT)
def reopen_count(*, count_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Count on: what was missing is looked for again."""
    count = _locked(count_id)
    LIFE.move(count, "reopen", by=by, at=at, reason=reason)
    StockCountLine.objects.filter(count=count, finding=CountFinding.MISSING).update(finding=CountFinding.EXPECTED)


@verb(COUNT)
def cancel_count(*, count_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give a count up; nothing of it holds."""
    count = _locked(count_id)
    LIFE.move(count, "cancel", by=by, at=at, reason=reason)
    StockCount.objects.filter(id=count.id).update(decided_by=by.name, decided_at=at)


@verb(COUNT)
def close_count(*, count_id: UUID, reason: str = "", by: Actor, at: datetime) -> int:
    """Approve a count and return how many items are lost: missing ones are written off (their orders are told), surplus ones
    of this organisation are taken in here. Losses need somebody who neither opened, scanned nor finished it.
    """
    count = _locked(count_id)
    facts: dict[str, Any] = {"count": count.id, "place": count.stock_place_id, "opened": count.opened_at, "org": count.org_id, "states": AT_SHELF}
    with connection.cursor() as cursor:
        cursor.execute(GONE, facts)
        lost = [row[0] for row in cursor.fetchall()]
        cursor.execute(SURPLUS, facts)
        surplus = cursor.fetchall()
    if lost:
        require(collect((rules.is_explained, {"reason": reason})))
        scanned = set(StockCountLine.objects.filter(count=count).exclude(scanned_by="").values_list("scanned_by", flat=True).distinct())
        if by.name in scanned | {count.opened_by, count.finished_by}:
            raise SecondPersonNeeded
    LIFE.move(count, "close", by=by, at=at, reason=reason)
    StockCount.objects.filter(id=count.id).update(decided_by=by.name, decided_at=at)
    give_up(lost, only=STILL_THERE, facts={"place": count.stock_place_id, "states": AT_SHELF}, reference=count.number, reason=reason, by=by, at=at)
    _take_in(count, surplus, by=by, at=at)
    found = StockCountLine.objects.filter(count=count, finding=CountFinding.FOUND).count()
    publish(events.StockCounted(
        subject_id=count.id, org_id=count.org_id, number=count.number, stock_place_id=count.stock_place_id, expected=count.expected, found=found,
        lost=len(lost), surplus=len(surplus)), by=by, at=at)
    return len(lost)


def _take_in(count: StockCount, surplus: Sequence[tuple[UUID, str]], *, by: Actor, at: datetime) -> None:
    """Put what was found here on this place's shelf: lost items are found again, others lay at the wrong place."""
    again = sorted(item for item, state in surplus if state == ItemState.LOST)
    if again:
        move_items(again, "find", also="stock_place_id = %(place)s", facts={"place": count.stock_place_id}, reference=count.number, by=by, at=at)
    misplaced = sorted(item for item, state in surplus if state != ItemState.LOST)
    with connection.cursor() as cursor:
        cursor.execute(RELOCATE, {"place": count.stock_place_id, "ids": misplaced, "reference": count.number, "by": by.name, "at": at})
        moved = cursor.fetchall()
    watch_levels({(place, model) for home, model in moved for place in (home, count.stock_place_id)}, by=by, at=at)
