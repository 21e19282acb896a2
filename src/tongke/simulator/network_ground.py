"""The top of the network: the tree of places down to the quarter with their names, an exchange and an OLT for each street."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from pypinyin import lazy_pinyin

from tongke.areas.resource.queries import keys_of
from tongke.simulator.draw import numbered, scrambled, texts
from tongke.simulator.network_rows import Rows, equipment_rows, place_ids
from tongke.simulator.number_ground import FROM
from tongke.simulator.places import NETWORKS
from tongke.simulator.tables import NETWORK_COLUMNS
from tongke.simulator.town import Quarter, quarters, streets

_CENTRES = ((30.2741, 120.1551), (29.8683, 121.5440), (27.9939, 120.6993), (32.0603, 118.7969))
"""Latitude and longitude of the cities of ``places.NETWORKS``; what lies in them is put around at will."""
_KINDS = (
    ("花园", "Garden"), ("新村", "New Village"), ("公寓", "Apartments"), ("小区", "Community"), ("家园", "Homes"), ("名邸", "Mansion"), ("雅居", "Residence"),
    ("大道", "Avenue"), ("大街", "Street"), ("城府", "City Residence"), ("前村", "Village"), ("区", "District"), ("路", "Road"), ("街", "Street"), ("苑", "Court"),
    ("市", "City"), ("省", "Province"),
)


def latin_name(name: str) -> str:
    """Return a place's name in Latin letters: 文三路 is Wensan Road."""
    for tail, word in _KINDS:
        if name.endswith(tail) and len(name) > len(tail) + 1:
            return f"{''.join(lazy_pinyin(name.removesuffix(tail))).capitalize()} {word}"
    return "".join(lazy_pinyin(name)).capitalize()


def _spot(network: int, key: int) -> tuple[float, float]:
    """Return where a street or a quarter lies, some kilometres around its city's centre."""
    dice = int(scrambled(np.array([key], dtype=np.uint64))[0])
    latitude, longitude = _CENTRES[network]
    return round(latitude + (dice % 20_000 - 10_000) / 50_000, 6), round(longitude + (dice // 20_000 % 20_000 - 10_000) / 50_000, 6)


def _one(noun: str, key: int) -> str:
    return str(place_ids(noun, np.array([key]))[0].as_py())


def top_tables() -> dict[str, pa.Table]:
    """Return the rows that stand once, whatever the number of homes."""
    places, names = _tree()
    sites, equipment = _exchanges()
    at = FROM.isoformat()
    tables = {
        "resource_place": pa.Table.from_pylist([{"state": "in_use", "created_at": at, "changed_at": at, **row} for row in places]),
        "resource_place_name": pa.Table.from_pylist(names), "resource_site": pa.Table.from_pylist(sites), "resource_equipment": pa.table(equipment),
    }
    return {name: table.select(list(NETWORK_COLUMNS[name])) for name, table in tables.items()}


def _node(level: str, name: str, *, org: int, ident: str, parent: str | None, **more: Any) -> dict[str, Any]:
    key = next(key for kind, _said, key in keys_of(level, name) if kind == "official")
    if level in ("province", "city", "district"):
        key = name[:-1] if len(name) > 2 else name
    return {"id": ident, "org_id": org, "parent_id": parent, "level": level, "name": name, "name_en": latin_name(name), "key": key, "door": "", "code": "",
            "postcode": "", "latitude": None, "longitude": None, "community_id": None, **more}


def _tree() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the places from the provinces down to the quarters, and every name under which one is found."""
    rows: dict[str, dict[str, Any]] = {}
    for place, network in enumerate(NETWORKS):
        province = _one("province", network.org_id // 100)
        rows.setdefault(province, _node("province", network.province, org=network.org_id // 100, ident=province, parent=None))
        city = _one("city", network.org_id)
        rows[city] = _node("city", network.city, org=network.org_id, ident=city, parent=province, postcode=str(network.postcode), latitude=_CENTRES[place][0],
                           longitude=_CENTRES[place][1])
    for index, (at, region, district, street) in enumerate(streets()):
        org, of = NETWORKS[at].org_id, _one("district", region)
        rows.setdefault(of, _node("district", district, org=org, ident=of, parent=_one("city", org), code=str(region)))
        latitude, longitude = _spot(at, index)
        rows[_one("street", index)] = _node("street", street, org=org, ident=_one("street", index), parent=of, latitude=latitude, longitude=longitude)
    for quarter in quarters():
        rows[_one("community", quarter.index)] = _quarter(quarter)
    names = [
        {"id": _name_id(place, ordinal), "org_id": row["org_id"], "place_id": row["id"], "kind": kind, "name": said, "key": key}
        for place, row in enumerate(rows.values()) for ordinal, (kind, said, key) in enumerate(keys_of(row["level"], row["name"], row["name_en"]))
    ]
    return list(rows.values()), names


def _name_id(place: int, ordinal: int) -> str:
    return _one("name", place * 16 + ordinal)


def _quarter(quarter: Quarter) -> dict[str, Any]:
    latitude, longitude = _spot(quarter.network, 1000 + quarter.index)
    return _node("community", quarter.name, org=quarter.org_id, ident=_one("community", quarter.index), parent=_one("street", quarter.street_index),
                 door=str(quarter.door), latitude=latitude, longitude=longitude)


def _exchanges() -> tuple[list[dict[str, Any]], Rows]:
    """Return an exchange and an OLT for each street."""
    roads, at = streets(), FROM.isoformat()
    sites, orgs = [], []
    for index, (network, region, _district, street) in enumerate(roads):
        latitude, longitude = _spot(network, index)
        org = NETWORKS[network].org_id
        orgs.append(org)
        sites.append({
            "id": _one("site", index), "org_id": org, "code": f"JZ-{region}-{index:03d}", "name": f"{street}端局", "kind": "exchange",
            "place_id": _one("street", index), "latitude": latitude, "longitude": longitude, "state": "in_service", "planned_on": None, "created_at": at,
            "changed_at": at})
    count = np.arange(len(roads))
    rows = equipment_rows(0, ident=place_ids("olt", count), code=numbered("OLT-", count, 3), kind="olt", technology="ftth_xgpon",
                          site=place_ids("site", count), uplink=20_000)
    rows["org_id"], rows["name"] = pa.array(orgs), texts([f"{street} OLT" for *_where, street in roads], count)
    return sites, rows


def quarter_words() -> pa.Array:
    """Return for each quarter the words by which an address is known to lie in it: organisation, district, street, name."""
    return pa.array([f"{q.org_id}|{q.district}|{q.street}|{q.name}" for q in quarters()])
