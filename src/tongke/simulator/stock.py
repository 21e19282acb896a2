"""Stock by serial: spare cards, handsets and home equipment at warehouses, halls, vans and dealers; and what lines use (``stock_in_use``)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from tongke.kernel import tally
from tongke.simulator.calendar_months import DAY, UNTIL, Span
from tongke.simulator.draw import Ints, constant, digits, fixed_text, ids, joined, numbered, scrambled, texts
from tongke.simulator.ground import lay_ground
from tongke.simulator.load import checked_span
from tongke.simulator.loading import Owner, alone, close_job, find_jobs, late_indexes, open_job, put_rows, vacuum, write_pieces
from tongke.simulator.number_ground import FROM
from tongke.simulator.number_plan import SEEDS
from tongke.simulator.places import NETWORKS
from tongke.simulator.stock_in_use import Portion, portions, used_tables
from tongke.simulator.stock_rows import (
    ENDS,
    MODELS,
    PLACES,
    SUPPLIERS,
    WAREHOUSE,
    item_rows,
    mac_addresses,
    move_rows,
    places_of,
    stock_id,
    stock_tables,
    with_check_digit,
)
from tongke.simulator.store import connect, copy_tables, owner_conninfo

JOB = "simulate_stock"
TABLES = ("resource_stock_item", "resource_stock_move")
KEPT_BY = 33
"""The organisation that keeps suppliers and models."""
_UNITS = (330101, 330201, 330301, 320101)
_GOES = {"van": ("ont", "set_top", "router"), "dealer": ("sim", "handset")}
STATES = ("in_stock", "returned", "faulty", "repair", "lost")
_STATE_SHARES = (960, 12, 16, 8, 4)
_LIVES = (("receive",), ("receive", "hand_out", "take_back"), ("receive", "report_faulty"), ("receive", "report_faulty", "send_to_repair"), ("receive", "lose"))
"""By which moves of the stock room an item came into each of ``STATES``."""
STEP_DAYS = 9
"""So many days lie between two moves of an item."""
DELIVERIES = 10
"""So many deliveries of each model came to each local network, one every thirty days."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a run did: ``items`` there are in all, ``rows`` it wrote (0 where all was there), in so many seconds."""

    items: int
    rows: int
    seconds: float


def fill_stock(
    *, customers: int, seed: int = 7, until: datetime = UNTIL, workers: int | None = None, progress: Callable[[int, int, int], None] | None = None,
) -> Held:
    """Fill the stock places of an operator of so many customers, and give the running lines of ``seed`` that the database holds their cards and devices.

    Whether a line has a GPON or an XG-PON terminal follows from the box whose port it uses, where a network stands.
    Repeated and resumed as ``stock_numbers`` is.
    """
    span, started = checked_span(max(customers, 1), 1, seed, until), time.monotonic()
    spare = [(network, model) for network in range(len(NETWORKS)) for model in range(len(MODELS))]
    with connect(owner_conninfo()) as owner, alone(owner):
        used = portions(owner, span) if customers else []
        total = sum(_count(span, *piece) for piece in spare) + sum(portion.count for portion in used)
        job = _job_of(owner, span, total)
        if job is None:
            return Held(total, 0, time.monotonic() - started)
        lay_ground(owner, span)
        _lay_stock_ground(owner, span)
        pieces = [*spare, *used]
        with late_indexes(owner, job, TABLES, worth=True):
            rows = write_pieces(partial(_write, span=span), pieces, workers=workers, tell=None if progress is None else
                                lambda done, written: progress(total * done // len(pieces), total, written))
        vacuum(owner, TABLES)
        for statement in tally.recounting():
            owner.execute(statement.encode())
        close_job(owner, job, done=total, rows=rows)
    return Held(total, rows, time.monotonic() - started)


def _job_of(owner: Owner, span: Span, total: int) -> str | None:
    fingerprint = f"{span.customers}/{span.seed}"
    for job, print_, state, _parameters in find_jobs(owner, JOB):
        if print_ == fingerprint:
            return None if state == "done" else job
    return open_job(owner, JOB, fingerprint, title=f"Simulated stock {fingerprint}", parameters={"seed": span.seed}, total=total)


def _count(span: Span, network: int, model: int) -> int:
    wanted = max(span.customers // MODELS[model].each, MODELS[model].least)
    return int(wanted * NETWORKS[network].weight)


def _lay_stock_ground(owner: Owner, span: Span) -> None:
    """Make what is missing of suppliers, models, stock places, their least stock, and deliveries. Ordinary, audited writes."""
    with owner.transaction():
        put_rows(owner, "resource_supplier", [(stock_id("supplier", i), KEPT_BY, code, name, "", 60, True, FROM, FROM) for i, (code, name) in enumerate(SUPPLIERS)])
        put_rows(owner, "resource_item_model", [
            (stock_id("model", i), KEPT_BY, stock_id("supplier", m.supplier), m.code, m.kind, m.name_zh, m.name_en, m.warranty_months, "{}", True, FROM, FROM)
            for i, m in enumerate(MODELS)])
        put_rows(owner, "resource_stock_place", [_place(n, p) for n in range(len(NETWORKS)) for p in range(len(PLACES))])
        put_rows(owner, "resource_stock_level", [
            (stock_id("level", n * 256 + p * 16 + m), NETWORKS[n].org_id, stock_id("place", n * 16 + p), stock_id("model", m), 10, 60, None)
            for n in range(len(NETWORKS)) for p in (0, 1) for m in range(len(MODELS))])
        put_rows(owner, "resource_delivery", [
            _delivery(n, m, batch, span) for n in range(len(NETWORKS)) for m in range(len(MODELS)) for batch in range(DELIVERIES)])


def _place(network: int, place: int) -> tuple[Any, ...]:
    code, name, kind, _share = PLACES[place]
    where = NETWORKS[network]
    city = where.city.removesuffix("市")
    unit = _UNITS[network] if kind == "hall" else None
    return (stock_id("place", network * 16 + place), where.org_id, unit, f"{where.org_id}-{code}", f"{city}{name}", kind, None, None, True, FROM, FROM)


def _delivery_ids(span: Span, network: int, model: int) -> list[str]:
    return [stock_id("delivery", (((span.seed % SEEDS) * 16 + network) * 16 + model) * 16 + batch) for batch in range(DELIVERIES)]


def _delivery_numbers(span: Span, network: int, model: int) -> list[str]:
    return [f"SH{span.seed % SEEDS}{network}{model:02d}-{batch}" for batch in range(DELIVERIES)]


def _delivered_day(span: Span, batch: Ints) -> Ints:
    return span.until_day - 30 - batch * 30


def _delivery(network: int, model: int, batch: int, span: Span) -> tuple[Any, ...]:
    day = int(_delivered_day(span, np.array([batch]))[0])
    return (_delivery_ids(span, network, model)[batch], NETWORKS[network].org_id, _delivery_numbers(span, network, model)[batch],
            stock_id("supplier", MODELS[model].supplier), places_of(network)[WAREHOUSE], "system:simulator", datetime.fromtimestamp(day * DAY, tz=UTC), "")


def _write(owner: Owner, piece: tuple[int, int] | Portion, *, span: Span) -> int:
    """Write one model's spare items in one local network, or what a portion of lines uses, unless it is there; returns the rows written."""
    tables = used_tables(owner, span, piece) if isinstance(piece, Portion) else item_tables(span, *piece)
    items = tables.get("resource_stock_item")
    if items is None or not items.num_rows or owner.execute("SELECT FROM resource_stock_item WHERE id = %s", [items["id"][0].as_py()]).fetchone() is not None:
        return 0
    return copy_tables(owner, tables.items())


def _serials(span: Span, network: int, model: int, index: Ints) -> dict[str, pa.Array]:
    """Return the serials of one model's spare items, each one-to-one in seed, network and index."""
    kind, empty = MODELS[model].kind, constant("", len(index))
    own = (span.seed % SEEDS) * len(NETWORKS) + network
    if kind == "sim":
        body = digits(89_860_326 * 10**11 + own * 10**9 + index, 19)
        return {"serial": fixed_text(with_check_digit(body)), "imsi": numbered("46011", own * 10**8 + index, 10), "imei2": empty, "mac": empty}
    if kind == "handset":
        one, two = (fixed_text(with_check_digit(digits((86_540_000 + (model * 2 + card) * 64 + own) * 10**6 + index, 14))) for card in range(2))
        return {"serial": one, "imsi": empty, "imei2": two, "mac": empty}
    macs = mac_addresses("A4:C3:F0", ((own * 4 + model % 4) << 17) + index)
    return {"serial": joined(f"TK{MODELS[model].code[:3]}", pa.compute.replace_substring(pa.compute.utf8_slice_codeunits(macs, 9), ":", "")),
            "imsi": empty, "imei2": empty, "mac": macs}


def _where(model: int, count: int) -> Ints:
    """Return at which place each item lies: by the places' shares, vans and dealers only with what they carry."""
    share = np.array([s if MODELS[model].kind in _GOES.get(kind, (MODELS[model].kind,)) else 0 for _c, _n, kind, s in PLACES])
    return np.asarray(np.searchsorted(np.cumsum(share), (np.arange(count) * 7919 + 13) % share.sum(), side="right"), dtype=np.int64)


def item_tables(span: Span, network: int, model: int) -> dict[str, pa.Table]:
    """Return the rows of one model's spare items in one local network, and the moves that brought them to where they are."""
    count = _count(span, network, model)
    index, org = np.arange(count), NETWORKS[network].org_id
    dice = scrambled((index + model * 1_000_003 + network).astype(np.uint64))
    state = np.searchsorted(np.cumsum(_STATE_SHARES), (dice % np.uint64(sum(_STATE_SHARES))).astype(np.int64), side="right")
    state[index < len(STATES)] = 0
    if MODELS[model].kind == "sim":
        state[state == STATES.index("repair")] = STATES.index("faulty")  # nobody mends a card
    batch = (dice // np.uint64(1000) % np.uint64(DELIVERIES)).astype(np.int64)
    came, steps = _delivered_day(span, batch), np.array([len(life) for life in _LIVES])[state]
    lies, ident = texts(places_of(network), _where(model, count)), ids(span.seed, f"item/{network}/{model}", index)
    items = item_rows(
        model, org=org, ident=ident, serials=_serials(span, network, model, index), lies=lies, state=texts(STATES, state), came=came,
        moved=came + (steps - 1) * STEP_DAYS, delivery=texts(_delivery_ids(span, network, model), batch), serves=constant("", count))
    moves, before = [], constant("", count)
    for step in range(max(map(len, _LIVES))):
        rows = np.flatnonzero(steps > step)
        verbs = [life[min(step, len(life) - 1)] for life in _LIVES]
        paper = texts(_delivery_numbers(span, network, model), batch[rows]) if not step else constant("", len(rows))
        moves.append(move_rows(
            ids(span.seed, f"item_move/{network}/{model}", rows, step), org=org, item=ident.take(pa.array(rows)), verb=texts(verbs, state[rows]),
            before=before.take(pa.array(rows)), lies=lies.take(pa.array(rows)), at=came[rows] + step * STEP_DAYS, reference=paper))
        before = texts([ENDS[verb] for verb in verbs], state)
    return stock_tables([items], moves)
