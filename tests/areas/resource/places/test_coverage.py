"""What can be sold at an address, at what speed, or why not and what would mend it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import network as make
from tongke.areas.resource import queries, services
from tongke.kernel.actor import NotPermitted
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
BY = make.planner()
AT = make.AT
TEXTS = (
    "浙江省杭州市西湖区文三路138号翠苑花园5幢2单元301室", "杭州市西湖区文三路138号翠苑花园5幢2单元301", "西湖区文三路１３８号翠苑花园五栋二单元三〇一",
    "翠苑花园5-2-301", "翠苑花园5幢2-301", "杭州西湖翠苑花园5号楼2单元301室", "文三路138号5幢2单元301", "浙江杭州西湖文三路138号翠苑花园5座2单元三〇一室",
    "310012 杭州市西湖区翠苑街道文三路138号翠苑花园5幢2单元301室",
    "Room 301, Unit 2, Building 5, Cuiyuan Garden, No. 138 Wensan Road, Xihu District, Hangzhou, Zhejiang",
    "Rm. 301, unit 2, bldg 5, Cuiyuan Huayuan, Wensan Lu, Xihu, Hangzhou",
)


def codes(coverage: queries.Coverage, kind: str = "broadband") -> list[str]:
    """The reasons against a kind."""
    return [reason.code for reason in coverage.kinds[kind].reasons]


def test_what_can_be_sold_by_place() -> None:
    town = make.town()
    found = queries.coverage_at(place_id=town.places["2-301"], by=BY, at=AT)
    assert found.place is not None
    assert found.place.full == "浙江省杭州市西湖区文三路138号翠苑花园5幢2单元301室"
    assert found.sellable_kinds == ("broadband", "fixed", "tv", "ict")
    told = found.kinds["broadband"]
    assert (told.technology, told.max_down_mbps, told.max_up_mbps, told.free_ports, told.equipment_id) == ("ftth_gpon", 1000, 100, 8, town.box)
    (way,) = found.access
    assert [(step.kind, step.code) for step in way.path] == [
        ("exchange", "HZ-CY"), ("olt", "HZ-OLT1"), ("splitter", "HZ-SP1"), ("box", "HZ-BOX1")]
    assert found.reasons == ()
    assert found.exact


@pytest.mark.parametrize("text", TEXTS)
def test_free_text_finds_the_same_place(text: str) -> None:
    town = make.town()
    found = queries.coverage_at(text=text, by=BY, at=AT)
    assert found.place_id == town.places["2-301"], (found.candidates, found.reasons)
    assert found.sellable_kinds


def test_an_address_without_its_unit_gives_the_candidates() -> None:
    town = make.town()
    found = queries.coverage_at(text="翠苑花园5幢301", by=BY, at=AT)
    assert {c.id for c in found.candidates} == {town.places["1-301"], town.places["2-301"]}
    assert found.place is None
    assert codes(found) == ["RES-108"]


def test_the_same_name_elsewhere_is_told_apart_by_the_district() -> None:
    town = make.town()
    road = make.street(district="拱墅区", name="莫干山路")
    other = make.place("community", "翠苑花园", road, org_id=3301)
    assert {c.id for c in queries.coverage_at(text="翠苑花园", by=BY, at=AT).candidates} == {town.places["community"], other}
    assert queries.coverage_at(text="拱墅区翠苑花园", by=BY, at=AT).place_id == other
    assert queries.coverage_at(text="文三路翠苑花园", by=BY, at=AT).place_id == town.places["community"]


def test_a_wrong_district_is_answered_but_to_be_confirmed() -> None:
    town = make.town()
    make.street(district="拱墅区", name="莫干山路")
    found = queries.coverage_at(text="拱墅区翠苑花园5幢2单元301室", by=BY, at=AT)
    assert found.place_id == town.places["2-301"]
    assert not found.exact
    assert [r.code for r in found.reasons] == ["RES-111"]


def test_an_unknown_room_is_answered_for_the_building() -> None:
    town = make.town()
    found = queries.coverage_at(text="翠苑花园5幢2单元909室", by=BY, at=AT)
    assert found.place_id == town.places["unit2"]
    assert not found.exact
    assert "broadband" in found.sellable_kinds


@pytest.mark.parametrize("text", ["", "   ", "不知道哪里", "Nowhere Street 1", "5幢", "'; DROP TABLE resource_place; --", "路" * 500, "\0\x01", "没有\0的路1号", "𠀀𠀁路1号"])
def test_nonsense_is_no_address(text: str) -> None:
    make.town()
    found = queries.coverage_at(text=text, by=BY, at=AT)
    assert found.place is None
    assert codes(found) == ["RES-109"]
    assert found.sellable_kinds == ()


def test_why_not() -> None:
    town = make.town(ports=1)
    room = town.places["2-301"]
    bare = make.place("building", "7幢", town.places["community"])
    assert codes(queries.coverage_at(place_id=bare, by=BY, at=AT)) == ["RES-100"]
    assert codes(queries.coverage_at(place_id=room, wanted_mbps=2000, by=BY, at=AT)) == ["RES-104"]
    held = services.reserve_port(order_ref="O1", place_id=room, by=BY, at=AT)
    full = queries.coverage_at(place_id=room, by=BY, at=AT)
    assert codes(full) == ["RES-102"]
    assert "HZ-BOX1" in full.kinds["broadband"].reasons[0].message
    services.release_reservation(reservation_id=held.id, token=held.token, by=BY, at=AT)
    assert queries.coverage_at(place_id=room, by=BY, at=AT).sellable_kinds
    services.report_port_faulty(port_id=town.ports[0], note="断", by=BY, at=AT)
    assert codes(queries.coverage_at(place_id=room, by=BY, at=AT)) == ["RES-107"]
    services.mend_port(port_id=town.ports[0], by=BY, at=AT)
    services.change_equipment_state(equipment_id=town.olt, move="report_faulty", reason="停电", by=BY, at=AT)
    broken = queries.coverage_at(place_id=room, by=BY, at=AT)
    assert codes(broken) == ["RES-103"]
    assert "HZ-OLT1" in broken.kinds["tv"].reasons[0].message
    services.change_place_state(place_id=room, state="planned", by=BY, at=AT)
    assert "RES-106" in codes(queries.coverage_at(place_id=room, by=BY, at=AT))


def test_planned_coverage_tells_the_day() -> None:
    day = date(2027, 3, 1)
    town = make.town(planned_on=day)
    found = queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT)
    assert codes(found) == ["RES-101"]
    assert found.kinds["broadband"].planned_on == day
    services.change_equipment_state(equipment_id=town.box, move="commission", by=BY, at=AT + timedelta(days=1))
    assert queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT).kinds["broadband"].free_ports == 8


def test_copper_carries_no_television_and_needs_a_port_of_the_dslam() -> None:
    town = make.town(ports=0)
    by, at = BY, AT
    dslam = services.record_equipment(code="D1", kind="dslam", technology="adsl", site_id=town.site, max_down_mbps=50, max_up_mbps=5, by=by, at=at)
    cabinet = services.record_equipment(code="C1", kind="cabinet", technology="adsl", parent_id=dslam, by=by, at=at)
    box = services.record_equipment(code="B9", kind="box", technology="adsl", parent_id=cabinet, by=by, at=at)
    bare = make.place("building", "9幢", town.places["community"])
    services.add_ports(equipment_id=box, count=2, label="CA-01", max_down_mbps=20, by=by, at=at)
    services.record_access(place_id=bare, equipment_id=box, distance_m=1800, by=by, at=at)
    assert codes(queries.coverage_at(place_id=bare, by=by, at=at)) == ["RES-112"]
    services.add_ports(equipment_id=dslam, count=1, by=by, at=at)
    found = queries.coverage_at(place_id=bare, by=by, at=at)
    assert found.sellable_kinds == ("broadband", "fixed")
    assert found.kinds["broadband"].max_down_mbps == 20
    assert codes(found, "tv") == ["RES-110"]
    held = services.reserve_port(order_ref="O1", place_id=bare, by=by, at=at)
    assert len(held.port_ids) == 2
    assert codes(queries.coverage_at(place_id=bare, by=by, at=at)) == ["RES-112"]


def test_another_local_network_sees_the_street_but_not_the_network() -> None:
    town = make.town()
    found = queries.coverage_at(place_id=town.places["2-301"], by=make.planner(3302), at=AT)
    assert found.access == ()
    assert codes(found) == ["RES-105"]
    assert "杭州" in found.reasons[0].advice
    assert "3301" not in found.reasons[0].advice
    with pytest.raises(NotFound):
        services.reserve_port(order_ref="O1", equipment_id=town.box, by=make.planner(3302), at=AT)


def test_who_may_ask() -> None:
    town = make.town()
    with pytest.raises(NotPermitted):
        queries.coverage_at(place_id=town.places["2-301"], by=make.planner(3301, "x", "party.view"), at=AT)
    with pytest.raises(NotFound):
        queries.coverage_at(place_id=uuid7(), by=BY, at=AT)
