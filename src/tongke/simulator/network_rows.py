"""The network's rows of one quarter: buildings, units and homes; boxes, splitters and ports; what reaches what, and who uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from tongke.simulator.calendar_months import Span, day_number
from tongke.simulator.draw import Ints, constant, days, ids, instants, joined, scrambled, texts
from tongke.simulator.number_ground import FROM
from tongke.simulator.places import plain_numbers
from tongke.simulator.tables import NETWORK_COLUMNS
from tongke.simulator.town import CORES, FULL, GPON_LAN, PLANNED, PROFILES, VILLAGE, XGPON, Quarter, shapes

Rows = dict[str, pa.Array]
BOXES_PER_SPLITTER = 8
PONS = 64
"""Ports of an OLT for each quarter that it feeds."""
OLT_KEY = 1 << 24
"""Above every key of a box: ports of OLTs are told from theirs by it."""
FIBRE_KINDS = (0, 2)
FAR_HOMES = 11
"""A unit of which only the customers' homes are recorded has a box for so many."""
FULL_SHARE, FAULTY_SHARE = 5, 1
"""Of a hundred boxes so many are full; of a hundred ports so many are faulty."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Where the simulated customers of a quarter live: building, unit, room; and their lines (``kind`` 0 broadband, 1 fixed, 2 company)."""

    building: Ints
    unit: Ints
    room: Ints
    line_building: Ints
    line_unit: Ints
    line_room: Ints
    line_kind: Ints
    line_number: pa.StringArray

    def on_fibre(self, *, copper: bool) -> Ints:
        """Return the rows of the lines that take a port of their unit's box; beside ``copper`` the telephones have their pairs.

        Elsewhere a telephone speaks over the home's terminal: it takes a port only where no other line has one there.
        """
        wide = np.isin(self.line_kind, FIBRE_KINDS)
        if copper:
            return np.flatnonzero(wide)
        home = (self.line_building * 8 + self.line_unit) * 10_000 + self.line_room
        _home, first = np.unique(np.where(wide, -1, home), return_index=True)
        alone = np.zeros(len(home), dtype=bool)
        alone[first] = True
        return np.flatnonzero(wide | (alone & ~np.isin(home, home[wide])))


@dataclass(frozen=True, slots=True)
class Built:
    """Buildings and units of a quarter as keys (building below 128, unit below 8), homes with the unit that they lie in.

    The first ``whole`` buildings are there with every home, the others with those of customers.
    """

    whole: int
    building: Ints
    unit: Ints
    room_unit: Ints
    room: Ints
    room_count: Ints
    """Homes of each unit that its box is laid out for."""


def place_ids(noun: str, key: Ints) -> pa.StringArray:
    """Return the ids of places and equipment: the same in every simulated operator, for a town does not move."""
    return ids(0, f"network/{noun}", key)


def built(quarter: Quarter, buildings: int, homes: Homes) -> Built:
    """Lay out a quarter: its first ``buildings`` with every home, and of the others those in which customers live."""
    number = np.arange(1, buildings + 1)
    units, floors, rooms = shapes(np.full(buildings, quarter.index), number)
    of_unit = np.repeat(np.arange(buildings), units)
    unit_key = number[of_unit] * 8 + np.arange(len(of_unit)) - np.repeat(np.cumsum(units) - units, units) + 1
    per_unit = (floors * rooms)[of_unit]
    row = np.repeat(np.arange(len(unit_key)), per_unit)
    place = np.arange(len(row)) - np.repeat(np.cumsum(per_unit) - per_unit, per_unit)
    width = rooms[of_unit][row]
    room = (place // width + 1) * 100 + place % width + 1
    other = homes.building > buildings
    far_unit, far_room = homes.building[other] * 8 + homes.unit[other], homes.room[other]
    both = np.unique(np.stack([far_unit, far_room], axis=1), axis=0)
    more = np.unique(far_unit)
    _far_units, far_floors, far_rooms = shapes(np.full(len(more), quarter.index), more // 8)
    return Built(
        whole=buildings, building=np.concatenate([number, np.unique(homes.building[other])]), unit=np.concatenate([unit_key, more]),
        room_unit=np.concatenate([unit_key[row], both[:, 0]]), room=np.concatenate([room, both[:, 1]]),
        room_count=np.concatenate([per_unit, np.minimum(far_floors * far_rooms, FAR_HOMES)]),
    )


def quarter_tables(quarter: Quarter, buildings: int, homes: Homes, span: Span) -> dict[str, pa.Table]:
    """Return every table's rows of one quarter."""
    there = built(quarter, buildings, homes)
    tables: dict[str, list[Rows]] = {name: [] for name in NETWORK_COLUMNS}
    tables["resource_place"] = [_building_rows(quarter, there.building), _unit_rows(quarter, there.unit), _room_rows(quarter, there)]
    if quarter.profile != VILLAGE and len(there.building):
        if PROFILES[quarter.profile] != "copper":
            _fibre(quarter, there, homes, span, tables)
        if quarter.profile == GPON_LAN:
            _switches(quarter, there, span, tables)
        if PROFILES[quarter.profile].endswith("copper"):
            _copper(quarter, there, homes, span, tables)
    return {name: pa.concat_tables([pa.table({c: row[c] for c in NETWORK_COLUMNS[name]}) for row in rows]) for name, rows in tables.items() if rows}


def _key(quarter: Quarter, key: Ints) -> Ints:
    return quarter.index * 1024 + key


def _unknown(count: int) -> pa.Array:
    return constant(None, count)


def _no_day(count: int) -> pa.Array:
    return pa.nulls(count, pa.date32())


def _at(count: int) -> pa.Array:
    return instants(np.full(count, int(FROM.timestamp())))


def place_rows(
    quarter: Quarter, *, ident: pa.Array, parent: pa.Array, level: str, name: pa.Array, name_en: pa.Array, key: pa.Array,
) -> Rows:
    """Return rows of ``resource_place`` below a community."""
    count = len(ident)
    return {
        "id": ident, "org_id": constant(quarter.org_id, count), "parent_id": parent, "level": constant(level, count), "name": name,
        "name_en": name_en, "key": key, "door": constant("", count), "code": constant("", count), "postcode": constant("", count),
        "latitude": _unknown(count), "longitude": _unknown(count),
        "community_id": place_ids("community", np.full(count, quarter.index)),
        "state": constant("in_use", count), "created_at": _at(count), "changed_at": _at(count),
    }


def _building_rows(quarter: Quarter, building: Ints) -> Rows:
    number = plain_numbers(building)
    return place_rows(quarter, ident=place_ids("building", _key(quarter, building * 8)), parent=place_ids("community", np.full(len(building), quarter.index)),
                      level="building", name=joined(number, "幢"), name_en=joined("Building ", number), key=number)


def _unit_rows(quarter: Quarter, unit: Ints) -> Rows:
    number = plain_numbers(unit % 8)
    return place_rows(quarter, ident=place_ids("unit", _key(quarter, unit)), parent=place_ids("building", _key(quarter, unit // 8 * 8)), level="unit",
                      name=joined(number, "单元"), name_en=joined("Unit ", number), key=number)


def _room_rows(quarter: Quarter, there: Built) -> Rows:
    number, unit = plain_numbers(there.room), _key(quarter, there.room_unit)
    return place_rows(quarter, ident=ids(0, "network/room", unit, there.room), parent=place_ids("unit", unit), level="room", name=joined(number, "室"),
                      name_en=joined("Room ", number), key=number)


def equipment_rows(
    org_id: int, *, ident: pa.Array, code: pa.Array, kind: str, technology: str, parent: pa.Array | None = None, site: pa.Array | None = None,
    place: pa.Array | None = None, down: int = 0, up: int = 0, uplink: int = 0, split: str = "", planned: pa.Array | None = None,
) -> Rows:
    """Return rows of ``resource_equipment``; ``planned`` gives the day on which it will be in service."""
    count = len(ident)
    return {
        "id": ident, "org_id": constant(org_id, count), "code": code, "name": constant("", count), "kind": constant(kind, count),
        "technology": constant(technology, count), "site_id": site if site is not None else _unknown(count),
        "parent_id": parent if parent is not None else _unknown(count), "place_id": place if place is not None else _unknown(count),
        "state": constant("in_service" if planned is None else "planned", count), "planned_on": planned if planned is not None else _no_day(count),
        "max_down_mbps": constant(down, count), "max_up_mbps": constant(up, count), "uplink_mbps": constant(uplink, count),
        "split": constant(split, count), "created_at": _at(count), "changed_at": _at(count),
    }


def access_rows(
    quarter: Quarter, *, place: pa.Array, equipment: pa.Array, technology: str, key: Ints, down: int = 0, up: int = 0, planned: pa.Array | None = None,
) -> Rows:
    """Return rows of ``resource_access``: what reaches each place."""
    count = len(place)
    far = 120 + (scrambled(key.astype(np.uint64)) % np.uint64(2200)).astype(np.int64)
    return {
        "id": place_ids(f"access/{technology}", key), "org_id": constant(quarter.org_id, count), "place_id": place, "equipment_id": equipment,
        "technology": constant(technology, count), "max_down_mbps": constant(down, count), "max_up_mbps": constant(up, count),
        "distance_m": pa.array(far), "state": constant("in_service" if planned is None else "planned", count),
        "planned_on": planned if planned is not None else _no_day(count), "created_at": _at(count), "changed_at": _at(count),
    }


def port_rows(
    org_id: int, *, equipment: pa.Array, key: Ints, number: Ints, kind: str, state: pa.Array, serves: pa.Array, planned: pa.Array | None = None,
) -> Rows:
    """Return rows of ``resource_port``; ``key`` tells equipment apart, ``number`` (below 65,536) its ports."""
    count = len(number)
    return {
        "id": ids(0, f"network/port/{kind}", key, number), "org_id": constant(org_id, count), "equipment_id": equipment, "number": pa.array(number),
        "kind": constant(kind, count), "state": state, "label": constant("", count), "max_down_mbps": _unknown(count), "max_up_mbps": _unknown(count),
        "reservation_id": _unknown(count), "service_ref": serves, "planned_on": planned if planned is not None else _no_day(count),
        "note": constant("", count), "changed_at": _at(count),
    }


@dataclass(frozen=True, slots=True)
class _Ports:
    """Ports of several boxes: the box's row, the number in it, state (0 free, 1 used, 2 faulty, 3 planned), the line's row or -1."""

    box: Ints
    number: Ints
    state: Ints
    line: Ints


def _taken(keys: Ints, size: Ints, line_key: Ints, *, full: bool) -> _Ports:
    """Give lines the first ports of their box, and let of the others some serve whom the operator's old systems know."""
    order = np.argsort(line_key, kind="stable")
    lines, box_of_line = order, np.searchsorted(keys, line_key[order])
    count = np.bincount(box_of_line, minlength=len(keys))
    size = np.maximum(size, -(-count // 8) * 8)
    box = np.repeat(np.arange(len(keys)), size)
    number = np.arange(len(box)) - np.repeat(np.cumsum(size) - size, size) + 1
    start = np.cumsum(size) - size
    line = np.full(len(box), -1, dtype=np.int64)
    line[start[box_of_line] + np.arange(len(lines)) - np.repeat(np.cumsum(count) - count, count)] = lines
    dice = scrambled(keys.astype(np.uint64))
    share = np.where(dice % np.uint64(100) < FULL_SHARE, 100, 10 + (dice >> np.uint64(20)) % np.uint64(55)).astype(np.int64)
    share = np.full(len(keys), 100) if full else share
    used = count + (size - count) * share // 100
    state = (number <= used[box]).astype(np.int64)
    faulty = scrambled((keys[box] * 1000 + number).astype(np.uint64)) % np.uint64(100) < FAULTY_SHARE
    state[faulty & (line < 0)] = 2
    return _Ports(box, number, state, line)


_STATES = ("free", "used", "faulty", "planned")


def _rows_of(quarter: Quarter, ports: _Ports, *, ident: pa.Array, key: Ints, kind: str, numbers: pa.StringArray, planned: pa.Array | None = None) -> Rows:
    state = np.full(len(ports.box), 3) if planned is not None else ports.state
    box = pa.array(ports.box)
    serves = pa.compute.fill_null(numbers.take(pa.array(ports.line, mask=ports.line < 0)), "")
    return port_rows(quarter.org_id, equipment=ident.take(box), key=key[ports.box], number=ports.number, kind=kind, state=texts(_STATES, state), serves=serves,
                     planned=None if planned is None else planned.take(box))


def _label(quarter: Quarter, head: str, *parts: object) -> pa.StringArray:
    return joined(f"{head}{quarter.index:03d}-", *parts)


def _planned(quarter: Quarter, span: Span, key: Ints) -> pa.Array | None:
    """Return when each box of a quarter that is being built will be in service; ``None`` for what stands."""
    if quarter.profile != PLANNED:
        return None
    return days(day_number((span.until + timedelta(days=45)).date()) + key // 8 % 8 * 15)


def olt_id(street: int) -> pa.StringArray:
    """Return the id of a street's OLT."""
    return place_ids("olt", np.array([street]))


def _fibre(quarter: Quarter, there: Built, homes: Homes, span: Span, tables: dict[str, list[Rows]]) -> None:
    """Add a box in every unit, a splitter for every eight boxes, the OLT's ports, and the lines that use them."""
    order = np.argsort(there.unit)
    unit, key = there.unit[order], _key(quarter, there.unit[order])
    count, splitters = len(unit), -(-len(unit) // BOXES_PER_SPLITTER)
    technology = "ftth_xgpon" if quarter.profile in (XGPON, PLANNED) else "ftth_gpon"
    speed = CORES[technology.removeprefix("ftth_")]
    box, splitter = place_ids("box", key), place_ids("splitter", _key(quarter, np.arange(splitters)))
    planned, numbers = _planned(quarter, span, unit), _label(quarter, "FGQ-", plain_numbers(np.arange(splitters) + 1))
    tables["resource_equipment"] += [
        equipment_rows(quarter.org_id, ident=splitter, code=numbers, kind="splitter", technology=technology, split="1:8",
                       parent=olt_id(quarter.street_index).take(pa.array(np.zeros(splitters, dtype=np.int64))),
                       place=place_ids("community", np.full(splitters, quarter.index))),
        equipment_rows(quarter.org_id, ident=box, code=_label(quarter, "FXH-", plain_numbers(unit // 8), "-", plain_numbers(unit % 8)), kind="box",
                       technology=technology, parent=splitter.take(pa.array(np.arange(count) // BOXES_PER_SPLITTER)), place=place_ids("unit", key),
                       down=speed, up=speed // (1 if speed > 1000 else 5), split="1:8", planned=planned)]
    tables["resource_access"].append(access_rows(quarter, place=place_ids("unit", key), equipment=box, technology=technology, key=key, planned=planned))
    wanted = np.clip(-(-there.room_count[order] * 7 // 80) * 8, 8, 64)
    mine = homes.on_fibre(copper=PROFILES[quarter.profile].endswith("copper"))
    ports = _taken(unit, wanted, (homes.line_building * 8 + homes.line_unit)[mine], full=quarter.profile == FULL)
    tables["resource_port"] += [
        _rows_of(quarter, ports, ident=box, key=key, kind="fibre", numbers=homes.line_number.take(pa.array(mine)), planned=planned),
        port_rows(quarter.org_id, equipment=olt_id(quarter.street_index).take(pa.array(np.zeros(splitters, dtype=np.int64))),
                  key=np.full(splitters, OLT_KEY + quarter.street_index), number=quarter.slot * PONS + np.arange(splitters) + 1, kind="fibre",
                  state=constant("used", splitters), serves=numbers)]


def _switches(quarter: Quarter, there: Built, span: Span, tables: dict[str, list[Rows]]) -> None:
    """Add an access switch in every building, beside the fibre."""
    del span
    building = np.sort(there.building)
    key = _key(quarter, building * 8)
    ident, count = place_ids("switch", key), len(building)
    tables["resource_equipment"].append(equipment_rows(
        quarter.org_id, ident=ident, code=_label(quarter, "JHJ-", plain_numbers(building)), kind="switch", technology="lan", down=100, up=100, uplink=1000,
        parent=olt_id(quarter.street_index).take(pa.array(np.zeros(count, dtype=np.int64))), place=place_ids("building", key)))
    tables["resource_access"].append(access_rows(quarter, place=place_ids("building", key), equipment=ident, technology="lan", key=key))
    ports = _taken(building, np.full(count, 24), np.zeros(0, dtype=np.int64), full=False)
    tables["resource_port"].append(_rows_of(quarter, ports, ident=ident, key=key, kind="ethernet", numbers=pa.array([], type=pa.string())))


def _copper(quarter: Quarter, there: Built, homes: Homes, span: Span, tables: dict[str, list[Rows]]) -> None:
    """Add a DSLAM with its cabinet and a box of pairs in every building; fixed lines of the quarter use them."""
    del span
    building = np.sort(there.building)
    key, count, one = _key(quarter, building * 8), len(building), np.array([quarter.index])
    dslam, cabinet, box = place_ids("dslam", one), place_ids("cabinet", one), place_ids("pairs", key)
    community = place_ids("community", one)
    tables["resource_equipment"] += [
        equipment_rows(quarter.org_id, ident=dslam, code=_label(quarter, "DSLAM-", plain_numbers(one - one + 1)), kind="dslam", technology="adsl", uplink=1000,
                       site=place_ids("site", np.array([quarter.street_index])), down=24, up=3),
        equipment_rows(quarter.org_id, ident=cabinet, code=_label(quarter, "JJX-", plain_numbers(one - one + 1)), kind="cabinet", technology="copper", parent=dslam, place=community),
        equipment_rows(quarter.org_id, ident=box, code=_label(quarter, "DXH-", plain_numbers(building)), kind="box", technology="copper",
                       parent=cabinet.take(pa.array(np.zeros(count, dtype=np.int64))), place=place_ids("building", key))]
    tables["resource_access"] += [
        access_rows(quarter, place=place_ids("building", key), equipment=box, technology="copper", key=key),
        access_rows(quarter, place=place_ids("building", key), equipment=box, technology="adsl", key=key, down=20, up=2)]
    mine = np.flatnonzero(homes.line_kind == 1)
    pairs = _taken(building, np.where(building <= there.whole, 40, 16), homes.line_building[mine], full=False)
    dsl = _taken(np.array([quarter.index]), np.array([96]), np.zeros(0, dtype=np.int64), full=False)
    tables["resource_port"] += [
        _rows_of(quarter, pairs, ident=box, key=key, kind="pair", numbers=homes.line_number.take(pa.array(mine))),
        _rows_of(quarter, dsl, ident=dslam, key=one, kind="dsl", numbers=pa.array([], type=pa.string()))]
