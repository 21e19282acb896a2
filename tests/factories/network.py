"""Made-up stock, network and places for tests: a community of Hangzhou with fibre and copper, and a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from stdnum import luhn

from tests.factories.staff import tree
from tongke.areas.resource import services
from tongke.areas.resource.services import ItemDraft
from tongke.kernel.actor import Actor, acting, system_actor

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
GROUP = system_actor("planner")
_numbers = count(1)


def planner(org_id: int = 3301, name: str = "许亮", *permissions: str) -> Actor:
    """Somebody of one local network who may do everything (or just ``permissions``) there."""
    return Actor(name=name, org_id=org_id, scope=(org_id,), permissions=frozenset(permissions or ("*",)))


def iccid(serial: int | None = None) -> str:
    """A well-formed ICCID of the operator."""
    body = f"898600{(serial if serial is not None else next(_numbers)):013d}"
    return body + luhn.calc_check_digit(body)


def imei(serial: int | None = None) -> str:
    """A well-formed IMEI."""
    body = f"3570{(serial if serial is not None else next(_numbers)):010d}"
    return body + luhn.calc_check_digit(body)


def place(level: str, name: str, parent: UUID | None = None, *, by: Actor = GROUP, **more: Any) -> UUID:
    """A place of the tree."""
    return services.record_place(level=level, name=name, parent_id=parent, by=by, at=AT, **more)


@dataclass
class Town:
    """What ``town`` makes: places by name, equipment by code, an access point with ``ports``."""

    places: dict[str, UUID]
    olt: UUID
    splitter: UUID
    box: UUID
    site: UUID
    ports: list[UUID]
    org_id: int


def street(*, org_id: int = 3301, district: str = "西湖区", name: str = "文三路", city: str = "杭州市", province: str = "浙江省") -> UUID:
    """A street with everything above it."""
    upper = place("province", province, org_id=33)
    town_ = place("city", city, upper, org_id=org_id)
    return place("street", name, place("district", district, town_, org_id=org_id), org_id=org_id)


def town(*, ports: int = 8, org_id: int = 3301, prefix: str = "HZ", community: str = "翠苑花园", planned_on: date | None = None) -> Town:
    """翠苑花园 at 文三路138号: 5幢 with two units of four rooms, reached by GPON through exchange, OLT, splitter and box."""
    tree()
    with acting(GROUP):
        road = street(org_id=org_id)
        home = place("community", community, road, door="138号", name_en="Cuiyuan Garden", org_id=org_id)
        building = place("building", "5幢", home)
        found = {"street": road, "community": home, "building": building}
        for unit in (1, 2):
            below = found[f"unit{unit}"] = place("unit", f"{unit}单元", building)
            for room in (101, 102, 201, 301):
                found[f"{unit}-{room}"] = place("room", f"{room}室", below)
    by = planner(org_id)
    site = services.record_site(code=f"{prefix}-CY", name="翠苑局", kind="exchange", place_id=home, by=by, at=AT)
    olt = services.record_equipment(
        code=f"{prefix}-OLT1", kind="olt", technology="ftth_gpon", site_id=site, uplink_mbps=10_000, max_down_mbps=1000, max_up_mbps=500, by=by, at=AT)
    splitter = services.record_equipment(code=f"{prefix}-SP1", kind="splitter", technology="ftth_gpon", parent_id=olt, split="1:64", by=by, at=AT)
    box = services.record_equipment(
        code=f"{prefix}-BOX1", kind="box", technology="ftth_gpon", parent_id=splitter, place_id=building, planned_on=planned_on, by=by, at=AT)
    made = services.add_ports(equipment_id=box, count=ports, by=by, at=AT) if ports else []
    services.record_access(place_id=building, equipment_id=box, max_down_mbps=1000, max_up_mbps=100, distance_m=30, by=by, at=AT)
    return Town(found, olt, splitter, box, site, made, org_id)


@dataclass
class Store:
    """What ``store`` makes: a warehouse and a hall, a model of SIM card, and items in the warehouse."""

    warehouse: UUID
    hall: UUID
    model: str
    items: list[UUID]


def store(*, items: int = 5, org_id: int = 3301, hall_org: int | None = None, code: str = "W") -> Store:
    """A warehouse with SIM cards, and a hall with none."""
    tree()
    by = planner(org_id, "唐蕾")
    suffix = f"{code}{next(_numbers)}"
    warehouse = services.record_stock_place(code=f"WH-{suffix}", name="杭州仓", kind="warehouse", by=by, at=AT)
    hall = services.record_stock_place(code=f"HL-{suffix}", name="武林营业厅", kind="hall", by=planner(hall_org or org_id), at=AT)
    model = f"SIM-{suffix}"
    services.record_item_model(code=model, kind="sim", name_zh="普通卡", name_en="SIM card", by=by, at=AT)
    if items:
        services.receive_items(stock_place_id=warehouse, model_code=model, items=[sim() for _n in range(items)], by=by, at=AT)
    return Store(warehouse, hall, model, items_at(warehouse))


def sim() -> ItemDraft:
    """A SIM card with new numbers."""
    number = next(_numbers)
    return ItemDraft(serial=iccid(number), imsi=f"46003{number:010d}")


def items_at(stock_place: UUID, state: str = "in_stock") -> list[UUID]:
    """The items of a state at a place, as anybody may see them."""
    from tongke.areas.resource.models import StockItem  # noqa: PLC0415 - records are the room's own, tests look behind its door

    with acting(GROUP):
        return list(StockItem.objects.filter(stock_place_id=stock_place, state=state).order_by("id").values_list("id", flat=True))
