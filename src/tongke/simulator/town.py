"""The town as the network sees it: quarters with buildings, how each is reached, and how many homes there are.

Quarters are the communities in which simulated customers live and, beside them in every district, an old quarter on
copper, one whose fibre is being built and a village that nothing reaches; and the communities of the demo's named people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tongke.kernel.errors import Invalid
from tongke.simulator.draw import Ints, scrambled
from tongke.simulator.places import COMMUNITIES_PER_STREET, NETWORKS, building_shape, door_numbers, town_map

PREMISES_MAX = 3_000_000
BUILDINGS_MAX = 120
HOUSES_MAX = 30
"""A village has so many houses."""
PROFILES = ("xgpon", "gpon", "gpon_lan", "gpon_copper", "copper", "planned", "village", "full")
XGPON, GPON, GPON_LAN, GPON_COPPER, COPPER, PLANNED, VILLAGE, FULL = range(len(PROFILES))
_SHARES = (35, 45, 8, 12)
_EXTRA = ((COPPER, "老街新村"), (PLANNED, "云城府"), (VILLAGE, "山前村"))
NAMED = (
    ("杭州市", "西湖区", "文三路", "万塘公寓", 398, XGPON), ("杭州市", "拱墅区", "莫干山路", "锦绣花园", 100, GPON),
    ("杭州市", "西湖区", "古墩路", "绿城花园", 588, XGPON), ("宁波市", "鄞州区", "百丈东路", "阳光小区", 777, GPON_COPPER),
    ("杭州市", "西湖区", "学院路", "留学生公寓", 50, GPON_LAN), ("杭州市", "西湖区", "文三路", "满格公寓", 410, FULL),
)
"""City, district, street, community, number, profile of the quarters in which stories are told; every box of the last one is full."""
CORES = {"xgpon": 2000, "gpon": 1000}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A community as the network sees it. ``olt`` and ``slot`` say from where it is fed: a street's OLT and its shelf there."""

    index: int
    network: int
    district: str
    region: int
    street: str
    street_index: int
    name: str
    door: int
    profile: int
    slot: int

    @property
    def org_id(self) -> int:
        """The local network that it lies in."""
        return NETWORKS[self.network].org_id


@lru_cache(maxsize=1)
def streets() -> tuple[tuple[int, int, str, str], ...]:
    """Return every street: network, region code, district, name."""
    return tuple((n, region, district, street) for n, where in enumerate(NETWORKS) for region, district, row in where.districts for street in row.split())


@lru_cache(maxsize=1)
def quarters() -> tuple[Quarter, ...]:
    """Return every quarter; the first are those of ``places.town_map``, at their places."""
    town, roads = town_map(), streets()
    doors = door_numbers(np.arange(len(town.name)))
    dice = (scrambled(np.arange(len(town.name), dtype=np.uint64) + np.uint64(77)) % np.uint64(sum(_SHARES))).astype(np.int64)
    profile = np.searchsorted(np.cumsum(_SHARES), dice, side="right")
    out = [
        Quarter(q, int(town.network[q]), town.district[q], int(town.region[q]), town.street[q], q // COMMUNITIES_PER_STREET, town.name[q], int(doors[q]),
                int(profile[q]), q % COMMUNITIES_PER_STREET) for q in range(len(town.name))
    ]
    seen: set[int] = set()
    for place, (network, region, district, street) in enumerate(roads):
        if region in seen:
            continue
        seen.add(region)
        for slot, (which, tail) in enumerate(_EXTRA, start=COMMUNITIES_PER_STREET):
            out.append(Quarter(len(out), network, district, region, street, place, district.removesuffix("区")[:2] + tail, 800 + slot, which, slot))
    for place, (city, district, street, name, door, which) in enumerate(NAMED):
        at = next(i for i, (n, _r, d, s) in enumerate(roads) if (NETWORKS[n].city, d, s) == (city, district, street))
        network, region, _district, _street = roads[at]
        out.append(Quarter(len(out), network, district, region, street, at, name, door, which, 8 + place))
    return tuple(out)


SLOTS = 8 + len(NAMED)
"""Shelves of a street's OLT."""


def shapes(quarter: Ints, building: Ints) -> tuple[Ints, Ints, Ints]:
    """Return units, floors and homes on a floor of buildings of any quarter: a village's are houses."""
    units, floors, rooms = building_shape(quarter, building)
    profile = np.array([q.profile for q in quarters()])[quarter]
    house, old = profile == VILLAGE, profile == COPPER
    return np.where(house, 1, units), np.where(house, 2, np.where(old, 6, floors)), np.where(house, 1, rooms)


def buildings_of(premises: int) -> Ints:
    """Return how many buildings each quarter has so that there are at least so many homes; raises ``Invalid``.

    The quarters of stories and those of their own kind come first, then one building everywhere, then the next.
    """
    if not 0 <= premises <= PREMISES_MAX:
        raise Invalid(field="premises", what=f"0 … {PREMISES_MAX}")
    count = len(quarters())
    first = len(town_map().name)
    order = np.concatenate([np.arange(first, count), np.arange(first)])
    quarter, building = np.tile(order, BUILDINGS_MAX), np.repeat(np.arange(1, BUILDINGS_MAX + 1), count)
    village = np.array([q.profile == VILLAGE for q in quarters()])[quarter]
    kept = ~village | (building <= HOUSES_MAX)
    quarter, building = quarter[kept], building[kept]
    units, floors, rooms = shapes(quarter, building)
    total = np.cumsum(units * floors * rooms)
    needed = int(np.searchsorted(total, premises, side="left")) + 1 if premises else 0
    return np.bincount(quarter[:needed], minlength=count).astype(np.int64)
