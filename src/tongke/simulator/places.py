"""Where customers live: the demo operator's local networks with real districts and streets, simulated communities.

A community is the unit of local competition: ``rival`` ones have a competitor's fibre, ``rough`` ones an
ageing network with more faults. Both cause churn in a known way (``churn``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from tongke.kernel.keys import address_key
from tongke.simulator.draw import Bools, Ints, digits, fixed_text, joined, picked, scrambled, texts

COMMUNITY_HEADS = "翠苑 绿城 桂花 锦绣 阳光 紫荆 金色 望江 丽景 和睦 春江 嘉和 文华 水岸 银杏 荷塘 松涛 云栖 凤凰 东海".split()
COMMUNITY_TAILS = "花园 新村 苑 公寓 小区 家园 名邸 雅居".split()
COMMUNITIES_PER_STREET = 4
RIVAL_SHARE, ROUGH_SHARE = 0.30, 0.20


@dataclass(frozen=True, slots=True)
class Network:
    """A local network: where its customers live and what its numbers look like."""

    org_id: int
    province: str
    city: str
    area_code: int
    postcode: int
    weight: float
    districts: tuple[tuple[int, str, str], ...]
    """GB/T 2260 code, name, streets separated by blanks."""


NETWORKS = (
    Network(3301, "浙江省", "杭州市", 571, 310000, 0.40, (
        (330102, "上城区", "解放路 中河中路 秋涛北路 庆春路 复兴路"), (330105, "拱墅区", "武林路 莫干山路 上塘路 湖墅南路 体育场路"),
        (330106, "西湖区", "文三路 古墩路 文一西路 学院路 天目山路"), (330108, "滨江区", "江南大道 滨盛路 长河路 春晓路"),
        (330109, "萧山区", "市心中路 金城路 人民路 通惠路"), (330110, "余杭区", "文一西路 良睦路 高教路 五常大道"),
        (330113, "临平区", "迎宾路 南大街 世纪大道"), (330114, "钱塘区", "金沙大道 学源街 下沙路"),
    )),
    Network(3302, "浙江省", "宁波市", 574, 315000, 0.25, (
        (330203, "海曙区", "中山西路 药行街 马园路 丽园北路"), (330205, "江北区", "人民路 大闸路 环城北路 通途路"),
        (330206, "北仑区", "明州路 新大路 四明山路"), (330211, "镇海区", "城河西路 沿江东路 骆兴东路"),
        (330212, "鄞州区", "天童北路 百丈东路 中兴路 钱湖北路 首南路"),
    )),
    Network(3303, "浙江省", "温州市", 577, 325000, 0.20, (
        (330302, "鹿城区", "人民路 车站大道 五马街 学院中路 锦绣路"), (330303, "龙湾区", "永中西路 机场大道 罗东大街"),
        (330304, "瓯海区", "瓯海大道 兴海路 六虹桥路"), (330305, "洞头区", "中心街 海霞路"),
    )),
    Network(3201, "江苏省", "南京市", 25, 210000, 0.15, (
        (320102, "玄武区", "珠江路 中央路 北京东路 龙蟠路"), (320104, "秦淮区", "太平南路 中山南路 大光路 升州路"),
        (320105, "建邺区", "江东中路 奥体大街 水西门大街"), (320106, "鼓楼区", "中山北路 湖南路 汉口路 草场门大街"),
        (320111, "浦口区", "浦口大道 文德路"), (320114, "雨花台区", "软件大道 雨花东路"), (320115, "江宁区", "双龙大道 天元中路 秣周东路"),
    )),
)
# Counties elsewhere from which people moved in (GB/T 2260), for the first six digits of their identity numbers.
ELSEWHERE = np.array([
    110101, 310104, 310115, 340103, 340822, 341221, 350102, 350582, 360102, 361102, 370102, 371302, 410105, 411302, 411522, 420106, 421002,
    430102, 430922, 440106, 440305, 450102, 500103, 510104, 511025, 520102, 522121, 530102, 610113, 620102, 330681, 330702, 331002, 331121,
], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Map:
    """Every community of every network, as parallel lists."""

    network: Ints
    region: Ints
    district: tuple[str, ...]
    street: tuple[str, ...]
    street_key: tuple[str, ...]
    name: tuple[str, ...]
    name_key: tuple[str, ...]
    rival: Bools
    rough: Bools
    starts: Ints
    """Where each network's communities begin, and the end of all."""


@lru_cache(maxsize=1)
def town_map() -> _Map:
    """Lay out the communities: the same for every seed, because a town does not move."""
    random = np.random.Generator(np.random.PCG64(86))
    rows: list[tuple[int, int, str, str, str]] = []
    starts = [0]
    for place, network in enumerate(NETWORKS):
        for region, district, streets in network.districts:
            for street in streets.split():
                heads = random.choice(len(COMMUNITY_HEADS), COMMUNITIES_PER_STREET, replace=False)
                tails = random.integers(len(COMMUNITY_TAILS), size=COMMUNITIES_PER_STREET)
                rows += [(place, region, district, street, COMMUNITY_HEADS[h] + COMMUNITY_TAILS[t])
                         for h, t in zip(heads, tails, strict=True)]
        starts.append(len(rows))
    network_of, region_of, districts, streets_of, names = zip(*rows, strict=True)
    return _Map(
        np.array(network_of), np.array(region_of), districts, streets_of, tuple(map(address_key, streets_of)), names,
        tuple(map(address_key, names)), random.random(len(rows)) < RIVAL_SHARE, random.random(len(rows)) < ROUGH_SHARE, np.array(starts),
    )


def networks_drawn(random: np.random.Generator, count: int) -> Ints:
    """Draw the place of a network in ``NETWORKS`` for each."""
    return picked(random, [n.weight for n in NETWORKS], count)


def communities_drawn(random: np.random.Generator, network: Ints) -> Ints:
    """Draw a community of each network."""
    starts = town_map().starts
    return starts[network] + (random.random(len(network)) * (starts[network + 1] - starts[network])).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Structured addresses; columns of one length."""

    province: pa.StringArray
    city: pa.StringArray
    district: pa.StringArray
    street: pa.StringArray
    place: pa.StringArray
    detail: pa.StringArray
    postcode: pa.StringArray
    full: pa.StringArray
    street_key: pa.StringArray
    place_key: pa.StringArray


FLOORS, UNITS, ROOMS = (np.array(v, dtype=np.int64) for v in ((6, 6, 11, 18, 26), (1, 2, 3, 4), (2, 2, 4)))
"""How high buildings are, how many units (单元) they have, and how many homes lie on a floor of a unit."""
BUILDINGS = 24
"""Customers live in the first so many buildings of a community."""


def building_shape(community: Ints, building: Ints) -> tuple[Ints, Ints, Ints]:
    """Return units, floors and homes on a floor of each building: the same for every seed."""
    dice = scrambled((community * 1000 + building).astype(np.uint64))
    parts = ((dice >> np.uint64(shift)) % np.uint64(len(of)) for shift, of in ((8, UNITS), (24, FLOORS), (40, ROOMS)))
    units, floors, rooms = (part.astype(np.int64) for part in parts)
    return UNITS[units], FLOORS[floors], ROOMS[rooms]


def door_numbers(community: Ints) -> Ints:
    """Return the street number (门牌号) of each community."""
    return 8 + community % COMMUNITIES_PER_STREET * 120 + (scrambled(community.astype(np.uint64)) % np.uint64(100)).astype(np.int64)


def addresses(random: np.random.Generator, community: Ints) -> Addresses:
    """Return an address in each community: street and number, community and building, unit and room of a building as it stands."""
    town, count = town_map(), len(community)
    network = town.network[community]
    number = plain_numbers(door_numbers(community))
    block = random.integers(1, BUILDINGS + 1, count)
    units, floors, rooms = building_shape(community, block)
    building, unit = plain_numbers(block), plain_numbers(1 + random.integers(0, 1 << 20, count) % units)
    room = plain_numbers((1 + random.integers(0, 1 << 20, count) % floors) * 100 + 1 + random.integers(0, 1 << 20, count) % rooms)
    street, place = joined(texts(town.street, community), number, "号"), joined(texts(town.name, community), building, "幢")
    detail = joined(unit, "单元", room, "室")
    province, city = texts([n.province for n in NETWORKS], network), texts([n.city for n in NETWORKS], network)
    district = texts(town.district, community)
    place_key = joined(texts(town.name_key, community), building, "幢", unit, "单元", room)
    return Addresses(
        province, city, district, street, place, detail, plain_numbers(np.array([n.postcode for n in NETWORKS])[network]),
        joined(province, city, district, street, place, detail), joined(texts(town.street_key, community), number, "号", place_key), place_key,
    )


def plain_numbers(values: Ints) -> pa.StringArray:
    """Return numbers as text without leading zeros."""
    return pa.array(values).cast(pa.string())


def area_texts(network: Ints) -> pa.StringArray:
    """Return area codes as they are dialled inside the country, e.g. ``0571``."""
    return texts([f"0{n.area_code}" for n in NETWORKS], network)


def zero_led(values: Ints, width: int) -> pa.StringArray:
    """Return numbers as text of ``width`` digits."""
    return fixed_text(digits(values, width))
