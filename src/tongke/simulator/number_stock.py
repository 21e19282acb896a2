"""The numbers themselves, code by code: what the simulated lines have, what was given up, and the free stock between.

A number's state follows from the line that has or had it; of the others a fixed few in ten thousand are kept back, held,
cooling, out of order or with another operator, by a hash of the number, so that every run makes the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
import pyarrow as pa

from tongke.kernel import tally
from tongke.simulator.calendar_months import DAY, UNTIL, Span
from tongke.simulator.draw import Bools, Ints, constant, days, digits, ids, instants, money, numbered, scrambled, texts
from tongke.simulator.ground import lay_ground
from tongke.simulator.load import checked_span
from tongke.simulator.loading import Owner, alone, close_job, find_jobs, late_indexes, open_job, vacuum, write_pieces
from tongke.simulator.number_codes import Code, block_id, codes_of, named_codes, pool_id, pools_of
from tongke.simulator.number_ground import FROM, GRADES, NEW_TERMS, ORDINARY, PENALTY_PERCENT, SCHEDULES, graded, lay_numbers_ground
from tongke.simulator.number_plan import CODE_NUMBERS
from tongke.simulator.places import NETWORKS
from tongke.simulator.store import connect, copy_tables, owner_conninfo
from tongke.simulator.tables import NUMBER_COLUMNS

JOB = "simulate_numbers"
TABLES = tuple(NUMBER_COLUMNS)
COOLING_DAYS = 90
STATES = ("free", "assigned", "suspended", "cooling", "ported_out", "held", "reserved", "blocked", "faulty")
FREE, ASSIGNED, SUSPENDED, COOLING, PORTED_OUT, HELD, RESERVED, BLOCKED, FAULTY = range(len(STATES))
# Of ten thousand numbers that nobody has: so many are held by orders, kept back, blocked, out of order, cooling, ported out.
_SHARES = ((HELD, 2), (RESERVED, 30), (BLOCKED, 8), (FAULTY, 3), (COOLING, 70), (PORTED_OUT, 12))
_NOTES = (None, None, None, None, None, None, "留作重要客户选号", "骚扰投诉，暂停发放", "网络侧数据异常，待修复")
OTHERS = ("中国移动", "中国联通", "中国广电")
_LINES = """SELECT service_number, id, state, activated_on, ended_on, end_reason FROM inventory_subscriber
WHERE service_number >= %s AND service_number <= %s AND kind = %s ORDER BY service_number, ended_on NULLS FIRST, id"""


@dataclass(frozen=True, slots=True)
class Stocked:
    """What a run did: ``numbers`` there are in all, ``rows`` it wrote (0 where all was there), in so many seconds."""

    numbers: int
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Lines:
    """Which lines have or had the numbers of a code, at their places in it; days since 1970."""

    place: Ints
    line: list[str]
    suspended: Bools
    since_day: Ints
    ended_day: Ints
    to_rival: Bools


def stock_numbers(
    *, customers: int, seed: int = 7, numbers: int = 0, until: datetime = UNTIL, named: bool = False, workers: int | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Stocked:
    """Fill the database with the codes of ``customers`` customers of ``seed``, and further ones up to ``numbers`` numbers in all.

    The lines that the database holds get their numbers, whoever made them; ``named`` adds the codes of the demo's people. The
    same arguments and lines give the same rows. A run that was cut off is continued by the same call, a finished one
    does nothing. Raises ``SimulationRuns`` or ``Invalid``.
    """
    span, started = checked_span(max(customers, 1), 1, seed, until), time.monotonic()
    codes = codes_of(customers, seed, numbers) + (named_codes() if named else [])
    total = len(codes) * CODE_NUMBERS
    with connect(owner_conninfo()) as owner, alone(owner):
        job = _job_of(owner, span, len(codes))
        if job is None:
            return Stocked(total, 0, time.monotonic() - started)
        lay_ground(owner, span)
        lay_numbers_ground(owner, codes)
        with late_indexes(owner, job, TABLES, worth=True):
            rows = write_pieces(partial(write_code, span=span), codes, workers=workers,
                                tell=None if progress is None else lambda done, written: progress(done * CODE_NUMBERS, total, written))
        vacuum(owner, TABLES)
        for statement in tally.recounting():
            owner.execute(statement.encode())
        close_job(owner, job, done=total, rows=rows)
    return Stocked(total, rows, time.monotonic() - started)


def _job_of(owner: Owner, span: Span, codes: int) -> str | None:
    """Return this stock's bulk job, opened now or resumed; ``None`` where it is done already."""
    fingerprint = f"{span.customers}/{span.seed}/{codes}"
    for job, print_, state, _parameters in find_jobs(owner, JOB):
        if print_ == fingerprint:
            return None if state == "done" else job
    return open_job(owner, JOB, fingerprint, title=f"Simulated numbers {fingerprint}", parameters={"seed": span.seed, "codes": codes},
                    total=codes * CODE_NUMBERS)


def write_code(owner: Owner, code: Code, *, span: Span) -> int:
    """Write one code's numbers unless they are there; returns the rows written. One transaction: a kill leaves all or nothing."""
    if owner.execute("SELECT FROM resource_number WHERE number = %s", [f"+{code.first}"]).fetchone() is not None:
        return 0
    return copy_tables(owner, list(code_tables(code, span, _lines_of(owner, code)).items()))


def _day(value: object) -> int:
    return int(np.datetime64(str(value), "D").astype(np.int64))


def _lines_of(owner: Owner, code: Code) -> _Lines:
    """Read the lines of a code: of several of one number the running one counts, else the last."""
    found = owner.execute(_LINES, [f"+{code.first}", f"+{code.first + CODE_NUMBERS - 1}", code.kind]).fetchall()
    rows = {row[0]: row for row in reversed(found)}.values()
    return _Lines(
        place=np.array([int(row[0][1:]) - code.first for row in rows], dtype=np.int64), line=[row[1].hex for row in rows],
        suspended=np.array([row[2] == "suspended" for row in rows], dtype=bool), since_day=np.array([_day(row[3]) for row in rows], dtype=np.int64),
        ended_day=np.array([-1 if row[4] is None else _day(row[4]) for row in rows], dtype=np.int64),
        to_rival=np.array([row[5] == "competitor" for row in rows], dtype=bool),
    )


def code_tables(code: Code, span: Span, lines: _Lines) -> dict[str, pa.Table]:
    """Return the rows of one code."""
    value = code.first + np.arange(CODE_NUMBERS)
    dice = scrambled(value.astype(np.uint64) ^ np.uint64(span.seed + 11))
    state, since = _states(code, span, lines, dice)
    line = np.full(CODE_NUMBERS, -1, dtype=np.int64)
    line[lines.place] = np.arange(len(lines.place))
    grade = graded(digits(value, 8) - 48) if code.kind != "iot" else np.full(CODE_NUMBERS, -1)
    has = np.isin(state, (ASSIGNED, SUSPENDED))
    line_ids = pa.array(lines.line, type=pa.string()).take(pa.array(line, mask=~has))
    tables = {
        "resource_number": _number_rows(code, span, state=state, since=since, grade=grade, line_ids=line_ids, dice=dice, ended=_ended(lines, line)),
        "resource_number_hold": _hold_rows(code, span, np.flatnonzero(state == HELD), grade),
        "resource_number_commitment": _commitment_rows(code, span, np.flatnonzero(has & (grade >= 0)), grade=grade, since=since, line_ids=line_ids),
    }
    return {name: pa.table({column: rows[column] for column in NUMBER_COLUMNS[name]}) for name, rows in tables.items()}


def _ended(lines: _Lines, line: Ints) -> Ints:
    """Return when each number's last line ended, -1 where none did."""
    return np.where(line >= 0, lines.ended_day[line] if len(lines.place) else -1, -1)


def _states(code: Code, span: Span, lines: _Lines, dice: np.ndarray) -> tuple[Ints, Ints]:
    """Return each number's state and since when (days since 1970)."""
    state, chance = np.zeros(CODE_NUMBERS, dtype=np.int64), (dice % np.uint64(10_000)).astype(np.int64)
    edge = 0
    for which, share in _SHARES if code.kind != "iot" else ():
        state[(chance >= edge) & (chance < edge + share)] = which
        edge += share
    since = np.full(CODE_NUMBERS, _second(FROM) // DAY)
    since[state > FREE] = span.until_day - 1 - (dice[state > FREE] // np.uint64(10_000) % np.uint64(COOLING_DAYS - 2)).astype(np.int64)
    place, gone = lines.place, lines.ended_day >= 0
    recent = lines.ended_day > span.until_day - COOLING_DAYS
    ported = gone & lines.to_rival & (dice[place] % np.uint64(5) < 2)
    after = np.where(ported, PORTED_OUT, np.where(recent, COOLING, FREE))
    state[place] = np.where(gone, after, np.where(lines.suspended, SUSPENDED, ASSIGNED))
    since[place] = np.where(gone, np.where(ported | recent, lines.ended_day, lines.ended_day + COOLING_DAYS), lines.since_day)
    return state, since


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _pools(code: Code) -> pa.StringArray:
    """Return the pool of each number, by its last four digits."""
    pools = pools_of(code.kind)
    ends = np.array([pool.end for _place, pool in pools])
    return texts([pool_id(code.network, place).hex for place, _pool in pools], np.searchsorted(ends, np.arange(CODE_NUMBERS), side="right"))


def _keys(values: Ints) -> pa.StringArray:
    return numbered("00000000000080008", values, 15)


def _text(values: Ints) -> pa.StringArray:
    return numbered("+", values, len(str(int(values[0]))) if len(values) else 1)


def _grades(grade: Ints) -> pa.StringArray:
    return texts([*(g.code for g in GRADES), ORDINARY], np.where(grade < 0, len(GRADES), grade))


def _hold_ids(span: Span, code: Code, place: Ints) -> pa.StringArray:
    return ids(span.seed, "hold", np.full(len(place), code.first // CODE_NUMBERS), place)


def _number_rows(
    code: Code, span: Span, *, state: Ints, since: Ints, grade: Ints, line_ids: pa.StringArray, dice: np.ndarray, ended: Ints,
) -> dict[str, pa.Array]:
    """Return the rows of ``resource_number``."""
    value, count = code.first + np.arange(CODE_NUMBERS), CODE_NUMBERS
    held, cooling = state == HELD, state == COOLING
    holds = pa.compute.if_else(pa.array(held), _hold_ids(span, code, np.arange(count)), None)
    until = np.where(held, span.until_second + 2 * DAY, 0)
    cools = (np.where(ended >= 0, ended, since) + COOLING_DAYS) * DAY
    return {
        "id": _keys(value), "number": _text(value), "org_id": constant(NETWORKS[code.network].org_id, count), "block_id": constant(block_id(code).hex, count),
        "pool_id": _pools(code), "kind": constant(code.kind, count), "grade": _grades(grade),
        "graded_by": pa.array(np.full(count, SCHEDULES[-1][0]), mask=grade < 0), "state": texts(STATES, state),
        "spread": pa.array((dice >> np.uint64(33)).astype(np.int64)), "hold_id": holds, "held_until": instants(until, known=held), "assigned_to": line_ids,
        "order_ref": texts(["", "SIM-ORDER"], held.astype(np.int64)), "cooling_until": instants(cools, known=cooling),
        "operator": texts(["", *OTHERS], np.where(state == PORTED_OUT, 1 + (dice % np.uint64(3)).astype(np.int64), 0)),
        "note": texts([note or "" for note in _NOTES], state), "since": instants(since * DAY), "changed_at": instants(since * DAY),
    }


def _hold_rows(code: Code, span: Span, rows: Ints, grade: Ints) -> dict[str, pa.Array]:
    """Return the rows of ``resource_number_hold`` for the numbers that orders of the last hour hold."""
    value, count = code.first + rows, len(rows)
    return {
        "id": _hold_ids(span, code, rows), "org_id": constant(NETWORKS[code.network].org_id, count), "number_id": _keys(value), "number": _text(value),
        "pool_id": _pools(code).take(pa.array(rows)), "order_ref": constant("SIM-ORDER", count), "clerk": constant("system:simulator", count),
        "person_key": constant("", count), "channel": constant("hall", count), "request_key": constant(None, count), "state": constant("open", count),
        "extensions": constant(0, count), "held_at": instants(np.full(count, span.until_second - 3600)),
        "expires_at": instants(np.full(count, span.until_second + 2 * DAY)), "ended_at": constant(None, count), "grade": _grades(grade[rows]),
        "graded_by": pa.array(np.full(count, SCHEDULES[-1][0]), mask=grade[rows] < 0),
    }


def _commitment_rows(code: Code, span: Span, rows: Ints, *, grade: Ints, since: Ints, line_ids: pa.StringArray) -> dict[str, pa.Array]:
    """Return the rows of ``resource_number_commitment``: what lines with fine numbers promised, by the terms of the day of the sale."""
    value, count, place = code.first + rows, len(rows), grade[rows]
    version = (since[rows] * DAY >= _second(NEW_TERMS)).astype(np.int64)
    floor = np.array([[round(g.floor * share) for g in GRADES] for _id, _from, _until, share in SCHEDULES])[version, place] * 100
    months = np.array([g.months for g in GRADES])[place]
    sold = since[rows].astype("datetime64[D]").astype("datetime64[M]") + 1
    starts, ends = (m.astype("datetime64[D]").astype(np.int64) for m in (sold, sold + months))
    over, at = ends <= span.until_day, instants(since[rows] * DAY)
    return {
        "id": ids(span.seed, "commitment", np.full(count, code.first // CODE_NUMBERS), rows), "org_id": constant(NETWORKS[code.network].org_id, count),
        "number_id": _keys(value), "number": _text(value), "assigned_to": line_ids.take(pa.array(rows)),
        "schedule_id": pa.array(np.array([ident for ident, *_rest in SCHEDULES])[version]), "grade": _grades(place),
        "prestore": money(np.array([g.prestore for g in GRADES])[place] * 100), "monthly_floor": money(floor), "currency": constant("CNY", count),
        "term_months": pa.array(months), "floor_while_suspended": constant(True, count), "penalty_percent": constant(PENALTY_PERCENT, count),
        "exempt_after_term": pa.array(months <= 24), "starts_on": days(starts), "ends_on": days(ends), "state": texts(["in_force", "fulfilled"], over.astype(np.int64)),
        "ended_on": days(ends, known=over), "penalty": constant(None, count), "created_at": at, "changed_at": at,
    }
