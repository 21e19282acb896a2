"""What stands before the first number: grades by pattern with their terms, blocks, ranges, pools and what feeds them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from tongke.simulator.draw import Bools, Ints
from tongke.simulator.loading import Owner, put_rows
from tongke.simulator.number_codes import POOLS, Code, block_id, block_of, number_ids, pool_id, pools_of, range_id
from tongke.simulator.number_plan import CODE_NUMBERS
from tongke.simulator.places import NETWORKS

FROM = datetime(2014, 12, 31, 16, tzinfo=UTC)
NEW_TERMS = datetime(2023, 12, 31, 16, tzinfo=UTC)
"""When the second version of the grades began: before it floors were a fifth lower."""
SCHEDULES = ((1001, FROM, NEW_TERMS, Decimal("0.8")), (1002, NEW_TERMS, None, Decimal(1)))
"""Id, begin, end and share of the floors of each version of the table of grades, which the group keeps."""
ORDINARY = "0"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of fine numbers (靓号); ``patterns`` are (kind, parameters, words), tried from the finest grade down."""

    code: str
    name_zh: str
    name_en: str
    prestore: int
    floor: int
    months: int
    patterns: tuple[tuple[str, dict[str, Any], str], ...]


def _tail(letters: str) -> tuple[str, dict[str, Any], str]:
    return "letters", {"pattern": letters, "at": "tail"}, f"尾号 {letters}"


def _ladder(length: int) -> tuple[str, dict[str, Any], str]:
    return "ladder", {"length": length, "direction": "either", "at": "tail"}, f"尾号 {length} 位顺子"


GRADES = (
    Grade("6", "六级靓号", "Grade 6", 20_000, 999, 60, (_tail("AAAAA"), _ladder(6))),
    Grade("5", "五级靓号", "Grade 5", 8000, 399, 60, (_tail("AAAA"), _tail("AABBCC"), _ladder(5))),
    Grade("4", "四级靓号", "Grade 4", 3000, 239, 60, (_tail("ABCABC"), _ladder(4))),
    Grade("3", "三级靓号", "Grade 3", 1000, 159, 60, (_tail("AAA"), _tail("AABB"))),
    Grade("2", "二级靓号", "Grade 2", 500, 99, 24, (_tail("ABAB"), _tail("ABBA"))),
    Grade("1", "一级靓号", "Grade 1", 200, 59, 24, (
        ("ends", {"any_of": ["168", "188", "518", "618", "666", "868", "886", "898", "998"]}, "尾号吉祥"), _ladder(3))),
)
"""From the finest down. Terms are those that Shanghai Telecom published (grades 1 and 2 for 24 months, above 60); amounts are invented."""
PENALTY_PERCENT = 90


def graded(digits: Any) -> Ints:
    """Return the place in ``GRADES`` of each number, or -1; ``digits`` is a matrix with one column for each of the last digits."""
    found, digits = np.full(len(digits), -1, dtype=np.int64), digits.astype(np.int64)
    for place in reversed(range(len(GRADES))):
        for kind, parameters, _words in GRADES[place].patterns:
            found[_fits(kind, parameters, digits)] = place
    return found


def _fits(kind: str, parameters: dict[str, Any], digits: Any) -> Bools:
    """Tell which numbers a pattern fits, whole columns at a time: as the resource room tells number by number."""
    if kind == "ends":
        each = [np.all(digits[:, -len(end):] == [int(c) for c in end], axis=1) for end in parameters["any_of"]]
        return np.asarray(np.logical_or.reduce(each))
    if kind == "ladder":
        steps = np.diff(digits[:, -parameters["length"]:], axis=1)
        return np.asarray((steps == 1).all(axis=1) | (steps == -1).all(axis=1))
    pattern, fits = parameters["pattern"], np.ones(len(digits), dtype=bool)
    tail = digits[:, -len(pattern):]
    for right in range(1, len(pattern)):
        for left in range(right):
            fits &= (tail[:, left] == tail[:, right]) == (pattern[left] == pattern[right])
    return fits


def lay_numbers_ground(owner: Owner, codes: Sequence[Code]) -> None:
    """Make what is missing of grades, blocks, ranges, pools and allotments for ``codes``. Ordinary, audited writes."""
    with owner.transaction():
        _grades(owner)
        put_rows(owner, "resource_number_pool", (_pool(network, place) for network in range(len(NETWORKS)) for place in range(len(POOLS))
                                             if POOLS[place].kind != "iot" or network == 0))
        by_block = {code.block: code for code in codes}
        put_rows(owner, "resource_number_block", (_block(code) for code in by_block.values()))
        by_range = {code.in_range[0]: code for code in codes}
        for level in (1, 2):
            put_rows(owner, "resource_number_range", (_range(code, level) for code in by_range.values()))
        put_rows(owner, "resource_number_allotment", (row for code in codes for row in _allotments(code)))


def _grades(owner: Owner) -> None:
    for ident, begins, ends, share in SCHEDULES:
        if owner.execute("SELECT FROM resource_grade_schedule WHERE id = %s", [ident]).fetchone() is not None:
            continue
        name = f"通客靓号等级（{begins.year + 1}版）"
        put_rows(owner, "resource_grade_schedule", [(ident, 1, ident % 1000, name, "draft", begins, ends, "system:simulator", FROM, FROM)])
        put_rows(owner, "resource_grade", [
            (number_ids("grade", ident, rank), 1, ident, g.code, rank, g.name_zh, g.name_en, g.prestore, round(g.floor * share), "CNY", g.months, True,
             PENALTY_PERCENT, g.months <= 24) for rank, g in enumerate(GRADES, start=1)])
        flat = [(g.code, *pattern) for g in GRADES for pattern in g.patterns]
        put_rows(owner, "resource_grade_rule", [
            (number_ids("grade_rule", ident, position), 1, ident, position, code, kind, json.dumps(parameters), words)
            for position, (code, kind, parameters, words) in enumerate(flat, start=1)])
        owner.execute("UPDATE resource_grade_schedule SET state = 'released' WHERE id = %s", [ident])


def _pool(network: int, place: int) -> tuple[Any, ...]:
    where, pool = NETWORKS[network], POOLS[place]
    city = where.city.removesuffix("市")
    return (pool_id(network, place), where.org_id, pool.code, f"{city}{pool.name_zh}", pool.name_en, pool.kind, list(pool.channels), pool.dry_below, 30, None, 0, None,
            FROM, None, 1, FROM, FROM)


def _block(code: Code) -> tuple[Any, ...]:
    first, last = block_of(code)
    return (block_id(code), 1, code.block, code.kind, "regulator", "", first, last, "电信网码号资源使用证书（模拟）", FROM, None, 1, FROM, FROM)


def _range(code: Code, level: int) -> tuple[Any, ...]:
    org = NETWORKS[code.network].org_id
    parent = None if level == 1 else range_id(code, 1)
    return (range_id(code, level), org // 100 if level == 1 else org, block_id(code), parent, level, *code.in_range, "", FROM, None, FROM, FROM)


def _allotments(code: Code) -> list[tuple[Any, ...]]:
    org = NETWORKS[code.network].org_id
    return [
        (number_ids("allotment", code.first // CODE_NUMBERS, place), org, pool_id(code.network, place), range_id(code, 2), code.first + pool.first,
         code.first + pool.end - 1, FROM, None, FROM) for place, pool in pools_of(code.kind)]
