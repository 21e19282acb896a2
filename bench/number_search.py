"""Looking for free numbers by pattern: the query as pages and APIs call it, under row-level security, with grades and pools
joined, against a bare statement of the table's owner over the same index that gives the same columns. Both in turn, the same patterns.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from bench.figures import Figure, p99_figure
from bench.ground import Ground
from bench.load import Call, interleaved
from bench.number_ground import number_ground
from bench.run import say
from tongke.config.runtime import embedded_url, socket_dir

NAME = "number-search"
REACH = 0.333
ROUNDS, SECONDS = 4, 2.0
MOST, QUESTIONS = 20, 200
Question = tuple[dict[str, Any], str, dict[str, Any]]
"""A wish, and the bare statement with its values that asks the same."""
SELECT = """
SELECT n.id, n.number, n.pool_id, p.code, p.name_zh, p.name_en, n.org_id, n.kind, n.grade, g.name_zh, g.name_en, g.rank, g.prestore, g.monthly_floor,
  g.term_months, g.penalty_percent, g.currency
FROM (SELECT * FROM resource_number WHERE state = 'free' AND pool_id = ANY (%(pools)s) AND {} LIMIT 20) n
JOIN resource_number_pool p ON p.id = n.pool_id LEFT JOIN resource_grade g ON g.schedule_id = n.graded_by AND g.code = n.grade
"""
BACK = 'reverse(number) COLLATE "C" >= %(lo)s AND reverse(number) COLLATE "C" < %(hi)s'
RAW = {
    kind: SELECT.format(condition) for kind, condition in (
        ("head", "number >= %(lo)s AND number < %(hi)s"), ("tail", BACK), ("gram", "resource_number_grams(number) @> ARRAY[%(gram)s::int] AND number LIKE %(shape)s"),
        ("mask", f"{BACK} AND number LIKE %(shape)s"), ("plain", "translate(right(number, 8), '4', '') = right(number, 8)"),
        ("short", "number LIKE %(shape)s"), ("grade", "grade = %(grade)s AND spread >= %(start)s"),
    )
}
KINDS = ("head", "tail 4", "tail 8", "birthday", "contains 4", "contains 3", "mask", "no 4", "grade")
SCOPES: dict[str, tuple[int, tuple[int, ...] | None]] = {"group": (1, None), "network": (3302, (3302,))}


def _after(text: str) -> str:
    return text[:-1] + chr(ord(text[-1]) + 1)


def question(kind: str, draw: random.Random) -> Question:
    """Return a wish, and the bare statement with its values that asks the same."""
    four, head, eight = f"{draw.randrange(10_000):04d}", f"13{draw.randrange(10_000):04d}", f"{draw.randrange(10**8):08d}"
    day, grade = f"{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}", draw.choice("123")
    asked: dict[str, Question] = {
        "head": ({"head": head}, "head", {"lo": f"+86{head}", "hi": _after(f"+86{head}")}),
        "tail 4": ({"tail": four}, "tail", {"lo": four[::-1], "hi": _after(four[::-1])}),
        "tail 8": ({"tail": eight}, "tail", {"lo": eight[::-1], "hi": _after(eight[::-1])}),
        "birthday": ({"birthday": day}, "tail", {"lo": day[::-1], "hi": _after(day[::-1])}),
        "contains 4": ({"contains": (four,)}, "gram", {"gram": int(four), "shape": f"%{four}%"}),
        "contains 3": ({"contains": (four[:3],)}, "short", {"shape": f"%{four[:3]}%"}),
        "mask": ({"mask": f"{head[:3]}****{four}"}, "mask", {"lo": four[::-1], "hi": _after(four[::-1]), "shape": f"+86{head[:3]}____{four}"}),
        "no 4": ({"without": "4"}, "plain", {}),
        "grade": ({"grades": (grade,)}, "grade", {"grade": grade, "start": 0}),
    }
    return asked[kind]


def questions(kind: str) -> list[Question]:
    """Return what both sides ask, in this order, of one kind of pattern."""
    draw = random.Random(7)
    return [question(kind, draw) for _one in range(QUESTIONS)]


# The free numbers in the order of each index that is walked: so that its pages and the rows behind them are in memory.
ORDERS = ("pool_id, number", 'pool_id, (reverse(number)) COLLATE "C"', "pool_id, grade, spread")


def warm(name: str, pools: Sequence[UUID]) -> None:
    """Read every free number along every index and ask every question once, for both sides: what is compared is the work, not
    the disk. One scan of a large table would not stay in memory.
    """
    with psycopg.connect(embedded_url("postgres", name), autocommit=True) as connection:
        connection.execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0")
        for order in ORDERS:
            connection.execute(f"SELECT count(note) FROM (SELECT note FROM resource_number WHERE state = 'free' AND pool_id IS NOT NULL ORDER BY {order}) free")
        connection.execute("RESET ALL")
        for kind in KINDS:
            for _wish, statement, values in questions(kind):
                connection.execute(RAW[statement], {"pools": list(pools), **values})


def ours(name: str, kind: str, scope: str) -> Any:
    """Return the maker of clients that each ask through the room's query as somebody of that scope."""
    guard = threading.Lock()

    def make(number: int) -> Call:
        from django.db import connections  # noqa: PLC0415

        from tongke.areas.resource import queries  # noqa: PLC0415
        from tongke.kernel import clock  # noqa: PLC0415
        from tongke.kernel.actor import Actor  # noqa: PLC0415

        with guard:
            connections.settings["default"].update(NAME=name, USER="tongke_app", HOST=str(socket_dir()))
        org, seen = SCOPES[scope]
        by = Actor(name="bench", org_id=org, scope=seen, permissions=frozenset({"resource.view_numbers"}))
        asked, place = questions(kind), number * 7

        def call() -> None:
            nonlocal place
            place += 1
            queries.find_numbers(queries.NumberWish(**asked[place % len(asked)][0]), most=MOST, by=by, at=clock.now())

        return call

    return make


def bare(name: str, kind: str, pools: Sequence[UUID]) -> Any:
    """Return the maker of clients that each ask the statement alone, prepared, on a connection of the owner."""

    def make(number: int) -> Call:
        connection = psycopg.connect(embedded_url("postgres", name), autocommit=True, prepare_threshold=0)
        asked, mine, place, chance = questions(kind), list(pools), number * 7, random.Random()

        def call() -> None:
            nonlocal place
            place += 1
            _wish, statement, values = asked[place % len(asked)]
            # A walk by grade begins elsewhere each time, as ours does.
            connection.execute(RAW[statement], {"pools": mine, **values, "start": chance.randrange(2**31)}).fetchall()

        return call

    return make


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure every kind of pattern for a group-wide and a network's post; 99th percentiles."""
    place = number_ground(ground.size)
    out = []
    for scope, (_org, seen) in SCOPES.items():
        with place.owner() as owner:
            pools = [row[0] for row in owner.execute("SELECT id FROM resource_number_pool WHERE %(seen)s::int[] IS NULL OR org_id = ANY (%(seen)s)",
                                                     {"seen": list(seen) if seen else None})]
        warm(place.name, pools)
        for kind in KINDS:
            for count in clients:
                sides = interleaved(ours(place.name, kind, scope), bare(place.name, kind, pools), clients=count, rounds=ROUNDS, seconds=SECONDS)
                figure = p99_figure(f"{NAME} {kind}, {scope}", sides[0], sides[1], size=ground.size, clients=count, reach=REACH)
                say(f"{figure.name} {count}: {figure.figure} ms against {figure.reference} ms ({figure.ratio})")
                out.append(figure)
    return out
