"""Recording and running the network: what hangs on what, circles, planned things, and how well communities are covered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.states import STOCK_ITEM, ItemState
from tongke.kernel.actor import Actor, NotPermitted
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove

pytestmark = pytest.mark.django_db
BY = make.planner()
AT = make.AT


def refused(rule: str, act: Any, /, **facts: Any) -> RulesBroken:
    """What refuses an act, by one rule."""
    with pytest.raises(RulesBroken) as refusal:
        act(**facts, by=BY, at=AT)
    assert [b.code for b in refusal.value.broken] == [rule]
    return refusal.value


def splitter(code: str, parent: Any) -> Any:
    """One more splitter."""
    return services.record_equipment(code=code, kind="splitter", technology="ftth_gpon", parent_id=parent, by=BY, at=AT)


@pytest.mark.parametrize(("kind", "parent"), [("olt", "splitter"), ("splitter", None), ("splitter", "box"), ("box", "box"), ("cabinet", "olt"), ("dslam", "olt")])
def test_what_hangs_on_what(kind: str, parent: str | None) -> None:
    town = make.town(ports=0)
    refused("RES-116", services.record_equipment, code="N1", kind=kind, technology="ftth_gpon", parent_id=getattr(town, parent) if parent else None)


def test_a_circle_is_refused_and_shown() -> None:
    town = make.town(ports=0)
    lower = splitter("SP2", town.splitter)
    lowest = splitter("SP3", lower)
    shown = refused("RES-117", services.move_equipment, equipment_id=town.splitter, parent_id=lowest)
    assert "HZ-SP1 → SP3 → SP2 → HZ-SP1" in shown.message
    refused("RES-117", services.move_equipment, equipment_id=lower, parent_id=lower)
    services.move_equipment(equipment_id=lowest, parent_id=town.olt, by=BY, at=AT)


def test_cascades_end_somewhere() -> None:
    town = make.town(ports=0)
    upper = town.splitter
    for n in range(6):
        upper = splitter(f"SP{n + 10}", upper)
    refused("RES-118", services.record_equipment, code="SP99", kind="splitter", technology="ftth_gpon", parent_id=upper)


@pytest.mark.parametrize(("facts", "code"), [
    ({"code": ""}, "RES-120"), ({"code": "x" * 61}, "RES-120"), ({"max_down_mbps": -1}, "RES-119"), ({"uplink_mbps": 10**9}, "RES-119"),
])
def test_figures_that_cannot_be(facts: dict[str, Any], code: str) -> None:
    make.town(ports=0)
    refused(code, services.record_equipment, **{"code": "N1", "kind": "olt", "technology": "ftth_gpon", **facts})


@pytest.mark.parametrize("count", [0, -1, 4097])
def test_ports_in_reason(count: int) -> None:
    refused("RES-121", services.add_ports, equipment_id=make.town(ports=0).box, count=count)


def test_codes_are_given_once() -> None:
    make.town(ports=0)
    with pytest.raises(errors.LabelTaken):
        services.record_equipment(code="HZ-OLT1", kind="olt", technology="ftth_gpon", by=BY, at=AT)
    with pytest.raises(errors.LabelTaken):
        services.record_site(code="HZ-CY", name="x", kind="exchange", by=BY, at=AT)


def test_what_serves_is_not_retired() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    for equipment in (town.box, town.olt):
        with pytest.raises(errors.NotEmpty):
            services.change_equipment_state(equipment_id=equipment, move="retire", by=BY, at=AT)
    services.release_reservation(reservation_id=held.id, token=held.token, by=BY, at=AT)
    services.change_equipment_state(equipment_id=town.box, move="retire", by=BY, at=AT)
    assert [r.code for r in queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT).reasons] == ["RES-100"]
    with pytest.raises(IllegalMove):
        services.change_equipment_state(equipment_id=town.box, move="mend", by=BY, at=AT)


def test_a_technology_that_the_equipment_does_not_give() -> None:
    town = make.town(ports=0)
    refused("RES-123", services.record_access, place_id=town.places["unit1"], equipment_id=town.box, technology="adsl")


def test_the_tree_of_places() -> None:
    town = make.town(ports=0)
    by = make.GROUP
    again = services.record_place(level="building", name="五号楼", parent_id=town.places["community"], by=by, at=AT)
    assert again == town.places["building"]
    with pytest.raises(RulesBroken) as refusal:
        services.record_place(level="street", name="x路", parent_id=town.places["building"], by=by, at=AT)
    assert [b.code for b in refusal.value.broken] == ["RES-113"]
    services.rename_place(place_id=town.places["community"], name="翠苑新村", by=by, at=AT)
    for name in ("翠苑新村", "翠苑花园"):
        assert queries.find_places(name, by=BY)[0].id == town.places["community"]
    services.add_place_name(place_id=town.places["community"], name="老电影厂宿舍", by=by, at=AT)
    assert queries.find_places("文三路老电影厂宿舍5幢", by=BY)[0].full.endswith("文三路138号翠苑新村5幢")
    assert queries.find_places("老电影", by=BY)[0].id == town.places["community"]
    assert [p.level for p in queries.places_above(town.places["2-301"], by=BY)] == ["province", "city", "district", "street", "community", "building", "unit", "room"]
    assert [(p.name, p.below) for p in queries.places_below(town.places["building"], by=BY)] == [("1单元", 4), ("2单元", 4)]
    with pytest.raises(errors.NotEmpty):
        services.change_place_state(place_id=town.places["building"], state="gone", by=by, at=AT)


def test_others_read_places_and_write_none() -> None:
    town = make.town(ports=0)
    stranger = make.planner(3302)
    assert queries.place_brief(town.places["2-301"], by=stranger).full.startswith("浙江省杭州市")
    with pytest.raises(NotFound):
        services.rename_place(place_id=town.places["community"], name="x", by=stranger, at=AT)
    with pytest.raises(NotFound):
        services.change_equipment_state(equipment_id=town.olt, move="report_faulty", by=stranger, at=AT)
    assert queries.port_counts(by=stranger) == queries.PortCounts()
    assert list(queries.equipment_visible_to(stranger)) == []


def test_provinces_are_the_groups() -> None:
    """Everybody finds what lies in a province by its name: no province names one, nor renames its own."""
    make.town(ports=0)
    (zhejiang,) = queries.places_below(None, by=BY)
    provincial = Actor(name="许亮", org_id=33, scope=(33, 3301), permissions=frozenset({"*"}))
    deeds: list[Any] = [
        lambda: services.record_place(level="province", name="福建省", by=provincial, at=AT),
        lambda: services.rename_place(place_id=zhejiang.id, name="浙省", by=provincial, at=AT),
        lambda: services.add_place_name(place_id=zhejiang.id, name="两浙", by=provincial, at=AT),
        lambda: services.change_place_state(place_id=zhejiang.id, state="gone", by=provincial, at=AT),
        lambda: services.describe_place(place_id=zhejiang.id, postcode="310000", by=provincial, at=AT),
    ]
    for deed in deeds:
        with pytest.raises(RulesBroken) as refusal:
            deed()
        assert [b.code for b in refusal.value.broken] == ["RES-126"]
    assert queries.places_below(None, by=BY) == [zhejiang]
    assert services.record_place(level="province", name="浙江", by=provincial, at=AT) == zhejiang.id  # one that stands there is found
    services.rename_place(place_id=zhejiang.id, name="浙江", by=make.GROUP, at=AT)
    assert services.record_place(level="province", name="福建省", by=make.GROUP, at=AT) != zhejiang.id
    assert queries.may_write_place("province", 33, by=make.GROUP)
    assert not queries.may_write_place("province", 33, by=provincial)
    assert not queries.may_write_place("city", 3302, by=provincial)


def test_a_place_is_recorded_for_ones_own_organisations() -> None:
    town = make.town(ports=0)
    refused("RES-30", services.record_place, level="building", name="9幢", parent_id=town.places["community"], org_id=3302)


def test_coverage_by_community() -> None:
    town = make.town(ports=4)
    make.place("room", "801室", make.place("unit", "1单元", make.place("building", "8幢", town.places["community"])))
    make.place("room", "802室", queries.find_places("翠苑花园8幢1单元", by=BY)[0].id)
    services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    services.report_port_faulty(port_id=town.ports[3], by=BY, at=AT)
    (found,) = queries.coverage_by_community(by=BY)
    assert (found.name, found.district, found.street) == ("翠苑花园", "西湖区", "文三路")
    assert (found.premises, found.covered, found.planned, found.percent) == (10, 8, 0, 80)
    assert (found.ports, found.free_ports, found.used_ports, found.faulty_ports) == (4, 2, 0, 1)
    assert queries.coverage_by_community(below=town.places["street"], by=BY) == [found]
    assert queries.coverage_by_community(after=found.community_id, by=BY) == []
    assert queries.coverage_by_community(by=make.planner(3302)) == []


def test_planned_coverage_is_counted_apart() -> None:
    make.town(planned_on=date(2027, 3, 1))
    (found,) = queries.coverage_by_community(by=BY)
    assert (found.covered, found.planned, found.free_ports) == (0, 8, 0)


@pytest.mark.parametrize("act", [
    lambda by, _town: services.record_site(code="X", name="x", kind="exchange", by=by, at=AT),
    lambda by, town: services.reserve_port(order_ref="O", equipment_id=town.box, by=by, at=AT),
    lambda by, _town: services.record_place(level="province", name="x", by=by, at=AT),
    lambda by, _town: queries.coverage_by_community(by=by), lambda by, _town: queries.stock_on_hand(by=by),
])
def test_rights(act: Any) -> None:
    town = make.town(ports=1)
    with pytest.raises(NotPermitted):
        act(make.planner(3301, "x", "party.view"), town)


def test_every_state_of_an_item_can_be_left_or_is_an_end() -> None:
    ends = [state for state in ItemState if not STOCK_ITEM.possible(state)]
    assert ends == [ItemState.SCRAPPED]
    reached = {end for _starts, end in STOCK_ITEM.moves.values()} | {STOCK_ITEM.initial}
    assert reached == set(ItemState)
