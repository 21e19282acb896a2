"""What lines use: the card in every telephone, the optical terminal behind every broadband line, the box under every television.

Serials follow one-to-one from the line's number, so that no thing serves two lines. A line that has ended uses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tongke.simulator.calendar_months import Span
from tongke.simulator.draw import Ints, constant, digits, fixed_text, ids, joined, numbered, permuted, scrambled, texts
from tongke.simulator.loading import Owner
from tongke.simulator.number_plan import LINE_PREFIXES, SEEDS
from tongke.simulator.places import NETWORKS
from tongke.simulator.stock_rows import (
    DEALER,
    ENDS,
    HALL,
    MODELS,
    ONT_GPON,
    ONT_XGPON,
    OTHER_VAN,
    SET_TOP,
    SIM,
    VAN,
    item_rows,
    mac_addresses,
    move_rows,
    places_of,
    stock_tables,
    with_check_digit,
)

LINES = 20_000
"""A portion is so many lines: what is made, written and committed at once."""
_PORTIONS = """SELECT org_id, kind, min(service_number), max(service_number), count(*) FROM (
  SELECT org_id, kind, service_number, (row_number() OVER (PARTITION BY org_id, kind ORDER BY service_number) - 1) / %(lines)s AS portion
  FROM inventory_subscriber WHERE state <> 'terminated' AND (kind = 'mobile' AND service_number ~ %(mobile)s OR kind IN ('broadband', 'tv') AND service_number ~ %(home)s)) l
GROUP BY org_id, kind, portion ORDER BY org_id, kind, min(service_number)"""
_LINES = """SELECT s.service_number, s.activated_on - DATE '1970-01-01', coalesce(e.technology, '') FROM inventory_subscriber s
LEFT JOIN resource_port p ON s.kind = 'broadband' AND p.service_ref = s.service_number AND p.service_ref <> '' AND p.state = 'used'
LEFT JOIN resource_equipment e ON e.id = p.equipment_id
WHERE s.org_id = %s AND s.kind = %s AND s.state <> 'terminated' AND s.service_number BETWEEN %s AND %s ORDER BY s.service_number"""
_AREAS = "|".join(str(network.area_code) for network in NETWORKS)
_HOME_KEYS = (2048, 1024)
"""Log-in names of one seed count up to the product: every customer has a place in it."""
_MAKERS = {"broadband": "A4:C3:F1", "tv": "A4:C3:F2"}


@dataclass(frozen=True, slots=True)
class Portion:
    """Running lines of one kind in one local network, from one service number to another."""

    network: int
    kind: str
    first: str
    last: str
    count: int


def portions(owner: Owner, span: Span) -> list[Portion]:
    """Return the running lines of the seed that the database holds, a portion at a time; those of other origin use what the stock room says."""
    found = owner.execute(_PORTIONS, {
        "lines": LINES, "mobile": rf"^\+86{LINE_PREFIXES[span.seed % SEEDS]}[0-9]{{8}}$", "home": rf"^(kd|itv)0({_AREAS}){span.seed % 1000:03d}[0-9]{{7}}$"}).fetchall()
    network_of = {network.org_id: place for place, network in enumerate(NETWORKS)}
    return [Portion(network_of[org], kind, first, last, count) for org, kind, first, last, count in found if org in network_of]


def card_serials(number: Ints) -> dict[str, pa.Array]:
    """Return ICCID and IMSI of the cards in telephones with these numbers of eleven digits."""
    body = digits(89_860_327 * 10**11 + permuted(number, 1_000_000, 100_000, 1), 19)
    empty = constant("", len(number))
    return {"serial": fixed_text(with_check_digit(body)), "imsi": numbered("46003", permuted(number - 10**10, 100_000, 100_000, 2), 10), "imei2": empty, "mac": empty}


def home_serials(kind: str, seed: int, key: Ints) -> dict[str, pa.Array]:
    """Return the maker's serials and MAC addresses of the devices of broadband or television lines; ``key`` counts them, below 2,097,152."""
    shuffled = (seed % SEEDS) * _HOME_KEYS[0] * _HOME_KEYS[1] + permuted(key, *_HOME_KEYS, 3)
    macs, empty = mac_addresses(_MAKERS[kind], shuffled), constant("", len(key))
    head = "TKONTA" if kind == "broadband" else "TKSTBA"
    serial = joined(head, pa.compute.replace_substring(pa.compute.utf8_slice_codeunits(macs, 9), ":", ""))
    return {"serial": serial, "imsi": empty, "imei2": empty, "mac": macs}


def used_tables(owner: Owner, span: Span, portion: Portion) -> dict[str, pa.Table]:
    """Return the rows of what a portion of lines uses, and the moves by which it got there. A table without rows is left out."""
    found = owner.execute(_LINES, [NETWORKS[portion.network].org_id, portion.kind, portion.first, portion.last]).fetchall()
    number, since, technology = (np.array(column) for column in zip(*found, strict=True)) if found else (np.zeros(0, dtype=str),) * 3
    model = np.where(technology == "ftth_xgpon", ONT_XGPON, ONT_GPON) if portion.kind == "broadband" else np.full(len(found), {"mobile": SIM, "tv": SET_TOP}[portion.kind])
    items, moves = [], []
    for which in np.unique(model).tolist():
        rows = np.flatnonzero(model == which)
        own, history = _used(span, portion, which, number=number[rows], since=since[rows].astype(np.int64))
        items.append(own)
        moves += history
    return stock_tables(items, moves)


def _used(span: Span, portion: Portion, model: int, *, number: np.ndarray, since: Ints) -> tuple[dict[str, pa.Array], list[dict[str, pa.Array]]]:
    """Return the items of one model that lines use, each handed out or installed on the line's first day, and their moves."""
    org, kind, serves = NETWORKS[portion.network].org_id, portion.kind, pa.array(number.tolist(), type=pa.string())
    value = np.array([int(one[-11:] if kind == "mobile" else one[-7:]) for one in number.tolist()], dtype=np.int64)
    dice = (scrambled(value.astype(np.uint64)) % np.uint64(1 << 30)).astype(np.int64)
    verb, places = ("hand_out", (HALL, HALL, HALL, HALL, HALL, DEALER)) if MODELS[model].kind == "sim" else ("install", (VAN, OTHER_VAN))
    at = places_of(portion.network)
    lies = texts([at[place] for place in places], dice % len(places))
    key, ordinal = (value // 10_000, value % 10_000) if kind == "mobile" else (value, np.zeros(len(value), dtype=np.int64))
    ident, came = ids(span.seed, f"in_use/{kind}", key, ordinal), since - 2 - dice // 8 % 27
    serials = card_serials(value) if kind == "mobile" else home_serials(kind, span.seed, value)
    none = constant(None, len(value))
    rows = item_rows(model, org=org, ident=ident, serials=serials, lies=lies, state=constant(ENDS[verb], len(value)), came=came, moved=since, delivery=none, serves=serves)
    return rows, [
        move_rows(ids(span.seed, f"in_use_move/{kind}", key, ordinal * 4 + step), org=org, item=ident, verb=constant(word, len(value)),
                  before=constant(before, len(value)), lies=lies, at=day, reference=paper)
        for step, (word, before, day, paper) in enumerate((("receive", "", came, constant("", len(value))), (verb, ENDS["receive"], since, serves)))]
