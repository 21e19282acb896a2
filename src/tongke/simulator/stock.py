"""Stock by serial: SIM cards, handsets and home equipment at warehouses, halls, vans and dealers, with valid check digits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tongke.kernel import tally
from tongke.simulator.calendar_months import DAY, UNTIL, Span
from tongke.simulator.draw import Ints, constant, days, digits, fixed_text, ids, instants, numbered, scrambled, texts
from tongke.simulator.ground import lay_ground
from tongke.simulator.load import checked_span
from tongke.simulator.loading import Owner, alone, close_job, find_jobs, late_indexes, open_job, put_rows, vacuum, write_pieces
from tongke.simulator.number_ground import FROM
from tongke.simulator.number_plan import SEEDS
from tongke.simulator.places import NETWORKS
from tongke.simulator.store import connect, copy_tables, owner_conninfo
from tongke.simulator.tables import STOCK_COLUMNS

JOB = "simulate_stock"
TABLES = ("resource_stock_item", "resource_stock_move")
KEPT_BY = 33
"""The organisation that keeps suppliers and models."""
SUPPLIERS = (("TGKJ", "天工智能卡有限公司"), ("YXTX", "远星通信终端有限公司"), ("GXJT", "光序家庭终端有限公司"))


@dataclass(frozen=True, slots=True)
class Model:
    """A model: ``each`` is how many customers there are to one item in stock, ``least`` how many there are at all."""

    code: str
    kind: str
    supplier: int
    name_zh: str
    name_en: str
    each: int
    least: int
    warranty_months: int = 12


MODELS = (
    Model("SIM-3IN1", "sim", 0, "三合一 SIM 卡", "SIM card, three sizes", 4, 600, 0),
    Model("PHONE-T1", "handset", 1, "通客 T1 5G 手机", "Tongke T1 5G handset", 120, 40),
    Model("PHONE-N5", "handset", 1, "远星 N5 5G 手机", "Yuanxing N5 5G handset", 150, 40),
    Model("PHONE-X9", "handset", 1, "远星 X9 Pro 5G 手机", "Yuanxing X9 Pro 5G handset", 400, 20),
    Model("ONT-GPON", "ont", 2, "GPON 千兆光猫", "GPON terminal", 20, 160, 36),
    Model("ONT-XGPON", "ont", 2, "XG-PON 万兆光猫", "XG-PON terminal", 60, 80, 36),
    Model("STB-4K", "set_top", 2, "4K 机顶盒", "4K set-top box", 40, 100, 24),
    Model("ROUTER-W6", "router", 2, "Wi-Fi 6 路由器", "Wi-Fi 6 router", 80, 60, 24),
)
PLACES = (
    ("CK", "中心库房", "warehouse", 58), ("YYT", "营业厅库", "hall", 22), ("CL1", "装维一车", "van", 5), ("CL2", "装维二车", "van", 5), ("DL", "城西代理店", "dealer", 10),
)
"""Code, name, kind and share of the stock of each place of a local network."""
_UNITS = (330101, 330201, 330301, 320101)
_GOES = {"van": ("ont", "set_top", "router"), "dealer": ("sim", "handset")}
STATES = ("in_stock", "handed_out", "returned", "faulty", "repair", "lost")
_STATE_SHARES = (940, 20, 12, 16, 8, 4)
_VERBS = ("receive", "hand_out", "take_back", "report_faulty", "send_to_repair", "lose")


@dataclass(frozen=True, slots=True)
class Held:
    """What a run did: ``items`` there are in all, ``rows`` it wrote (0 where all was there), in so many seconds."""

    items: int
    rows: int
    seconds: float


def fill_stock(*, customers: int, seed: int = 7, until: datetime = UNTIL, workers: int | None = None) -> Held:
    """Fill the stock places of an operator of so many customers. Repeated and resumed as ``stock_numbers`` is."""
    span, started = checked_span(max(customers, 1), 1, seed, until), time.monotonic()
    pieces = [(network, model) for network in range(len(NETWORKS)) for model in range(len(MODELS))]
    total = sum(_count(span, *piece) for piece in pieces)
    with connect(owner_conninfo()) as owner, alone(owner):
        job = _job_of(owner, span, total)
        if job is None:
            return Held(total, 0, time.monotonic() - started)
        lay_ground(owner, span)
        _lay_stock_ground(owner, span)
        with late_indexes(owner, job, TABLES, worth=True):
            rows = write_pieces(partial(_write, span=span), pieces, workers=workers)
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


def _one(noun: str, key: int) -> str:
    return str(ids(0, f"stock/{noun}", np.array([key]))[0].as_py())


def _lay_stock_ground(owner: Owner, span: Span) -> None:
    """Make what is missing of suppliers, models, stock places, their least stock, and deliveries. Ordinary, audited writes."""
    with owner.transaction():
        put_rows(owner, "resource_supplier", [(_one("supplier", i), KEPT_BY, code, name, "", 60, True, FROM, FROM) for i, (code, name) in enumerate(SUPPLIERS)])
        put_rows(owner, "resource_item_model", [
            (_one("model", i), KEPT_BY, _one("supplier", m.supplier), m.code, m.kind, m.name_zh, m.name_en, m.warranty_months, "{}", True, FROM, FROM)
            for i, m in enumerate(MODELS)])
        put_rows(owner, "resource_stock_place", [_place(n, p) for n in range(len(NETWORKS)) for p in range(len(PLACES))])
        put_rows(owner, "resource_stock_level", [
            (_one("level", n * 256 + p * 16 + m), NETWORKS[n].org_id, _one("place", n * 16 + p), _one("model", m), 10, 60, None)
            for n in range(len(NETWORKS)) for p in (0, 1) for m in range(len(MODELS))])
        put_rows(owner, "resource_delivery", [_delivery(n, m, span) for n in range(len(NETWORKS)) for m in range(len(MODELS))])


def _place(network: int, place: int) -> tuple[Any, ...]:
    code, name, kind, _share = PLACES[place]
    where = NETWORKS[network]
    city = where.city.removesuffix("市")
    unit = _UNITS[network] if kind == "hall" else None
    return (_one("place", network * 16 + place), where.org_id, unit, f"{where.org_id}-{code}", f"{city}{name}", kind, None, None, True, FROM, FROM)


def _delivery(network: int, model: int, span: Span) -> tuple[Any, ...]:
    key = (span.seed % SEEDS) * 256 + network * 16 + model
    return (_one("delivery", key), NETWORKS[network].org_id, f"SH{span.seed % SEEDS}{network}{model:02d}", _one("supplier", MODELS[model].supplier),
            _one("place", network * 16), "system:simulator", span.until, "")


def _write(owner: Owner, piece: tuple[int, int], *, span: Span) -> int:
    """Write the items of one model in one local network unless they are there; returns the rows written."""
    tables = item_tables(span, *piece)
    first = tables["resource_stock_item"]["id"][0].as_py()
    if owner.execute("SELECT FROM resource_stock_item WHERE id = %s", [first]).fetchone() is not None:
        return 0
    return copy_tables(owner, tables.items())


def with_check_digit(body: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return rows of ASCII digits with Luhn's check digit behind them (ISO/IEC 7812)."""
    value = body.astype(np.int64)[:, ::-1] - 48
    value[:, ::2] *= 2
    total = np.where(value > 9, value - 9, value).sum(axis=1)
    return np.concatenate([body, ((10 - total % 10) % 10 + 48).astype(np.uint8)[:, None]], axis=1)


def _serials(span: Span, network: int, model: int, index: Ints) -> dict[str, pa.Array]:
    """Return the serials of one model's items, each one-to-one in seed, network and index."""
    kind, empty = MODELS[model].kind, constant("", len(index))
    own = (span.seed % SEEDS) * len(NETWORKS) + network
    if kind == "sim":
        body = digits(89_860_326 * 10**11 + own * 10**9 + index, 19)
        return {"serial": fixed_text(with_check_digit(body)), "imsi": numbered("46011", own * 10**8 + index, 10), "imei2": empty, "mac": empty}
    if kind == "handset":
        one, two = (fixed_text(with_check_digit(digits((86_540_000 + (model * 2 + card) * 64 + own) * 10**6 + index, 14))) for card in range(2))
        return {"serial": one, "imsi": empty, "imei2": two, "mac": empty}
    key = ((own * 4 + model % 4) << 17) + index
    hexed = np.array([f"{k:06X}" for k in key.tolist()])
    macs = pa.array([f"A4:C3:F0:{h[:2]}:{h[2:4]}:{h[4:]}" for h in hexed])
    return {"serial": pa.array([f"TK{MODELS[model].code[:3]}{h}" for h in hexed]), "imsi": empty, "imei2": empty, "mac": macs}


def _where(model: int, count: int) -> Ints:
    """Return at which place each item lies: by the places' shares, vans and dealers only with what they carry."""
    share = np.array([s if MODELS[model].kind in _GOES.get(kind, (MODELS[model].kind,)) else 0 for _c, _n, kind, s in PLACES])
    return np.asarray(np.searchsorted(np.cumsum(share), (np.arange(count) * 7919 + 13) % share.sum(), side="right"), dtype=np.int64)


def item_tables(span: Span, network: int, model: int) -> dict[str, pa.Table]:
    """Return the rows of one model's items in one local network, and the moves that brought them to where they are."""
    count, of = _count(span, network, model), MODELS[model]
    index, org = np.arange(count), NETWORKS[network].org_id
    place = _where(model, count)
    dice = scrambled((index + model * 1_000_003 + network).astype(np.uint64))
    state = np.searchsorted(np.cumsum(_STATE_SHARES), (dice % np.uint64(sum(_STATE_SHARES))).astype(np.int64), side="right")
    state[index < len(STATES)] = 0
    came = span.until_day - 30 - (dice // np.uint64(1000) % np.uint64(300)).astype(np.int64)
    moved = np.where(state > 0, came + 20, came)
    lies = texts([_one("place", network * 16 + p) for p in range(len(PLACES))], place)
    ident = ids(span.seed, f"item/{network}/{model}", index)
    kind = {"sim": "iccid", "handset": "imei"}.get(of.kind, "serial")
    key = (span.seed % SEEDS) * 256 + network * 16 + model
    none = constant(None, count)
    rows: dict[str, pa.Array] = {
        "id": ident, "org_id": constant(org, count), "to_org_id": none, "model_id": constant(_one("model", model), count), "kind": constant(of.kind, count),
        "serial_kind": constant(kind, count), **_serials(span, network, model, index), "eid_cipher": none, "eid_index": none, "activation_cipher": none,
        "stock_place_id": lies, "state": texts(STATES, state), "state_at": instants(moved * DAY), "reservation_id": none, "transfer_id": none,
        "delivery_id": constant(_one("delivery", key), count), "service_ref": constant("", count),
        "warranty_until": days(came + of.warranty_months * 30, known=np.full(count, of.warranty_months > 0)), "created_at": instants(came * DAY),
        "changed_at": instants(moved * DAY),
    }
    later = np.flatnonzero(state > 0)
    moves = [_moves(ident, org, lies, verb=0, state=np.zeros(count, dtype=np.int64), at=came, rows=index, span=span, key=key)]
    moves.append(_moves(ident, org, lies, verb=1, state=state[later], at=moved[later], rows=later, span=span, key=key))
    tables = {"resource_stock_item": pa.table(rows), "resource_stock_move": pa.concat_tables([pa.table(m) for m in moves])}
    return {name: table.select(list(STOCK_COLUMNS[name])) for name, table in tables.items()}


def _moves(ident: pa.Array, org: int, lies: pa.Array, *, verb: int, state: Ints, at: Ints, rows: Ints, span: Span, key: int) -> dict[str, pa.Array]:
    """Return the moves of the items ``rows`` to ``state`` on the days ``at``; ``verb`` 0 is their arrival."""
    count, where = len(rows), lies.take(pa.array(rows))
    return {
        "id": ids(span.seed, f"item_move/{key}", rows, verb), "org_id": constant(org, count), "item_id": ident.take(pa.array(rows)),
        "verb": texts(_VERBS, state), "from_state": constant("in_stock" if verb else "", count), "to_state": texts(STATES, state),
        "from_place_id": where if verb else constant(None, count), "to_place_id": where, "reference": constant(f"SH{key // 256}{key // 16 % 16}{key % 16:02d}", count),
        "reason": constant("", count), "moved_by": constant("system:simulator", count), "moved_at": instants(at * DAY),
    }
