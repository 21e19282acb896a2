"""What the operator's stock consists of: suppliers, models, places; rows of items by serial and of the moves that brought them where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.simulator.calendar_months import DAY
from tongke.simulator.draw import Ints, constant, days, ids, instants
from tongke.simulator.tables import STOCK_COLUMNS

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
SIM, ONT_GPON, ONT_XGPON, SET_TOP = 0, 4, 5, 6
"""Places in ``MODELS`` of what lines use."""
PLACES = (
    ("CK", "中心库房", "warehouse", 58), ("YYT", "营业厅库", "hall", 22), ("CL1", "装维一车", "van", 5), ("CL2", "装维二车", "van", 5), ("DL", "城西代理店", "dealer", 10),
)
"""Code, name, kind and share of the stock of each place of a local network."""
WAREHOUSE, HALL, VAN, OTHER_VAN, DEALER = range(len(PLACES))
ENDS = {"receive": str(STOCK_ITEM.initial)} | {verb: str(end) for verb, (_starts, end) in STOCK_ITEM.moves.items()}
"""The state to which each verb of the stock room leads."""


def stock_id(noun: str, key: int) -> str:
    """Return the id of a supplier, model, place, level or delivery: the same in every simulated operator."""
    return str(ids(0, f"stock/{noun}", np.array([key]))[0].as_py())


def places_of(network: int) -> list[str]:
    """Return the ids of a local network's stock places, in the order of ``PLACES``."""
    return [stock_id("place", network * 16 + place) for place in range(len(PLACES))]


def with_check_digit(body: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return rows of ASCII digits with Luhn's check digit behind them (ISO/IEC 7812)."""
    value = body.astype(np.int64)[:, ::-1] - 48
    value[:, ::2] *= 2
    total = np.where(value > 9, value - 9, value).sum(axis=1)
    return np.concatenate([body, ((10 - total % 10) % 10 + 48).astype(np.uint8)[:, None]], axis=1)


def mac_addresses(maker: str, key: Ints) -> pa.StringArray:
    """Return MAC addresses of a maker's prefix (``A4:C3:F0``) and keys below 2 to the power of 24."""
    return pa.array([f"{maker}:{h[:2]}:{h[2:4]}:{h[4:]}" for h in (f"{k:06X}" for k in key.tolist())], type=pa.string())


def item_rows(
    model: int, *, org: int, ident: pa.Array, serials: dict[str, pa.Array], lies: pa.Array, state: pa.Array, came: Ints, moved: Ints, delivery: pa.Array,
    serves: pa.Array,
) -> dict[str, pa.Array]:
    """Return rows of ``resource_stock_item`` of one model; it came and was moved last on days since 1970, ``serves`` is the line or nothing."""
    count, of = len(ident), MODELS[model]
    none = constant(None, count)
    return {
        "id": ident, "org_id": constant(org, count), "to_org_id": none, "model_id": constant(stock_id("model", model), count), "kind": constant(of.kind, count),
        "serial_kind": constant({"sim": "iccid", "handset": "imei"}.get(of.kind, "serial"), count), **serials, "eid_cipher": none, "eid_index": none,
        "activation_cipher": none, "stock_place_id": lies, "state": state, "state_at": instants(moved * DAY), "reservation_id": none, "transfer_id": none,
        "delivery_id": delivery, "service_ref": serves,
        "warranty_until": days(came + of.warranty_months * 30, known=np.full(count, of.warranty_months > 0)), "created_at": instants(came * DAY),
        "changed_at": instants(moved * DAY),
    }


def move_rows(
    ident: pa.Array, *, org: int, item: pa.Array, verb: pa.Array, before: pa.Array, lies: pa.Array, at: Ints, reference: pa.Array,
) -> dict[str, pa.Array]:
    """Return rows of ``resource_stock_move``: items that were moved by a verb at the place where they lie, on days since 1970; ``before`` is empty where they came."""
    count = len(ident)
    came = pa.compute.equal(before, "")
    return {
        "id": ident, "org_id": constant(org, count), "item_id": item, "verb": verb, "from_state": before,
        "to_state": pa.array([ENDS[v] for v in verb.to_pylist()], type=pa.string()), "from_place_id": pa.compute.if_else(came, pa.scalar(None, pa.string()), lies),
        "to_place_id": lies, "reference": reference, "reason": constant("", count), "moved_by": constant("system:simulator", count), "moved_at": instants(at * DAY),
    }


def stock_tables(items: list[dict[str, pa.Array]], moves: list[dict[str, pa.Array]]) -> dict[str, pa.Table]:
    """Return items and their moves as tables, their columns as they are written."""
    rows: dict[str, list[dict[str, Any]]] = {"resource_stock_item": items, "resource_stock_move": moves}
    return {name: pa.concat_tables([pa.table(part).select(list(STOCK_COLUMNS[name])) for part in parts]) for name, parts in rows.items() if parts}
