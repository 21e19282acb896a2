"""The network on its pages: coverage answered with its way, reserved for an order, recorded and kept by who may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.factories import network as make
from tests.factories import staff
from tests.web.figures import linked, rows_behind
from tongke.areas.resource import queries, services
from tongke.kernel import clock
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
ROOM = "文三路138号翠苑花园5幢1单元101室"


def clerk() -> Client:
    """A clerk of Hangzhou."""
    return staff.signed_in_at(3301, "clerk", username="limin", locale="en")


def desk() -> Client:
    """The number desk of Hangzhou, which plans the network too."""
    return staff.signed_in_at(3301, "number_desk", username="xuliang", locale="en")


def text(client: Client, address: str) -> str:
    """The page at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_answer_draws_the_way() -> None:
    make.town(ports=8)
    page = text(clerk(), f"/coverage?q={ROOM}")
    assert "kinds of lines can be sold here" in page
    way = page[page.index('class="tk-way"'):]
    assert way.index("HZ-CY") < way.index("HZ-OLT1") < way.index("HZ-SP1") < way.index("HZ-BOX1")
    assert "8 free" in page
    assert "Reserve a port" in page


def test_a_full_box_says_why_and_offers_no_reservation() -> None:
    make.town(ports=0)
    page = text(clerk(), f"/coverage?q={ROOM}")
    assert "Nothing can be sold here now" in page
    assert "RES-10" in page
    assert "Reserve a port" not in page


def test_a_planned_build_tells_its_day() -> None:
    make.town(ports=4, planned_on=date(2027, 3, 1))
    assert "2027-03-01" in text(clerk(), f"/coverage?q={ROOM}")


def test_unknown_ambiguous_and_wide_addresses() -> None:
    town = make.town()
    client = clerk()
    assert "This address is not known" in text(client, "/coverage?q=火星路1号")
    assert "Cuiyuan Garden" in text(client, f"/coverage?place={town.places['street']}")
    assert "Which building" in text(client, f"/coverage?place={town.places['community']}")
    assert "Cuiyuan Garden" in text(client, "/coverage/suggest?q=翠苑")
    assert client.get(f"/coverage?place={uuid7()}").status_code == 404
    assert client.get("/coverage?place=here").status_code == 404


def test_a_port_is_reserved_for_an_order() -> None:
    town = make.town(ports=1)
    client = clerk()
    form = {"place": str(town.places["1-101"]), "equipment": str(town.box), "order_ref": "OR-1"}
    assert client.post("/coverage/reserve", form | {"order_ref": ""}).status_code == 422
    answer = client.post("/coverage/reserve", form)
    assert answer.status_code == 302
    assert "OR-1 holds HZ-BOX1/1" in text(client, answer["Location"])
    refused = client.post("/coverage/reserve", form | {"order_ref": "OR-2", "place": str(town.places["1-102"])})
    assert "RES-90" in refused.content.decode()
    assert "OR-1" in text(client, "/network/reservations")
    assert client.post("/network/reservations/release", {"order_ref": "OR-1", "reason": "changed their mind"}).status_code == 302
    assert queries.ports_of(town.box, by=make.planner())[0].state == "free"


def test_every_page_of_the_section_opens() -> None:
    town = make.town(ports=2)
    client = desk()
    for address in ("", "/planned", "/reservations", "/sites", "/sites/new", f"/sites/{town.site}", "/equipment", "/equipment/new", f"/equipment/{town.olt}",
                    f"/equipment/{town.box}", f"/equipment/{town.box}/ports/1", f"/equipment/{town.box}/ports/add", f"/equipment/{town.box}/coverage/add",
                    f"/equipment/{town.box}/hang"):
        text(client, f"/network{address}")


def test_a_port_breaks_and_is_mended() -> None:
    town = make.town(ports=2)
    client = desk()
    assert client.post(f"/network/equipment/{town.box}/ports/1/faulty", {"reason": "no light"}).status_code == 302
    assert "no light" in text(client, f"/network/equipment/{town.box}/ports/1")
    assert client.post(f"/network/equipment/{town.box}/ports/1/mend").status_code == 302
    assert queries.ports_of(town.box, by=make.planner())[0].state == "free"
    assert clerk().post(f"/network/equipment/{town.box}/ports/1/faulty").status_code == 403


def test_recorded_on_the_pages_and_a_circle_is_refused() -> None:
    town = make.town(ports=2)
    client = desk()
    made = client.post("/network/equipment/new", {"code": "HZ-BOX2", "kind": "box", "technology": "ftth_gpon", "parent_code": "HZ-SP1"})
    assert made.status_code == 302, made.content.decode()
    address = made["Location"]
    assert client.post(f"{address}/ports/add", {"count": "4"}).status_code == 302
    assert client.post(f"{address}/coverage/add", {"address": "翠苑花园5幢2单元"}).status_code == 302
    assert "4" in text(client, address)
    circle = client.post(f"/network/equipment/{town.splitter}/hang", {"parent_code": "HZ-SP1"})
    assert circle.status_code == 422
    assert client.post("/network/equipment/new", {"code": "X", "kind": "box", "technology": "ftth_gpon", "parent_code": "NO"}).status_code == 422
    retired = client.post(f"/network/equipment/{town.olt}/move/retire", {"reason": "old"})
    assert "RES-98" in retired.content.decode()


def test_others_networks_are_not_seen() -> None:
    town = make.town()
    other = staff.signed_in_at(3302, "number_desk", username="ningbo", locale="en")
    assert other.get(f"/network/equipment/{town.box}").status_code == 404


def test_every_figure_of_the_board_counts_the_rows_behind_it() -> None:
    """Ports of two networks in every state, a reservation that holds and one that ran out: a figure and its link mean the same."""
    town, at = make.town(ports=8), clock.now()
    make.town(ports=3, org_id=3302, prefix="NB", community="海曙花园")
    by = make.planner()
    services.report_port_faulty(port_id=town.ports[0], note="wet", by=by, at=at)
    services.reserve_port(order_ref="OR-1", equipment_id=town.box, by=by, at=at)
    services.reserve_port(order_ref="OR-2", equipment_id=town.box, by=by, at=at - timedelta(days=400))
    held = services.reserve_port(order_ref="OR-3", equipment_id=town.box, by=by, at=at)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="L-1", by=by, at=at)
    services.add_ports(equipment_id=town.box, count=2, planned_on=date(2027, 3, 1), by=by, at=at)
    client = desk()
    page = text(client, "/network")
    counted = linked(page, to="/network/ports?") | linked(page, to="/network/reservations?")
    assert counted == {"/network/ports?state=free": 4, "/network/ports?state=used": 1, "/network/ports?state=faulty": 1, "/network/ports?state=planned": 2,
                       "/network/reservations?running=1": 1}
    assert counted == rows_behind(client, counted)
    rows = text(client, "/network/ports?equipment=HZ-BOX&state=faulty")
    assert f'href="/network/equipment/{town.box}/ports/1"' in rows
    assert "NB-BOX1" not in text(client, "/network/ports")


def test_where_a_community_lies_is_told_in_the_readers_language() -> None:
    town = make.town(ports=1)
    services.rename_place(place_id=town.places["street"], name="文三路", name_en="Wensan Road", by=make.GROUP, at=clock.now())
    assert '<span class="tk-sub">西湖区 · Wensan Road</span>' in text(desk(), "/network")
    chinese = staff.signed_in_at(3301, "number_desk", username="hua", locale="zh-hans")
    assert '<span class="tk-sub">西湖区 · 文三路</span>' in text(chinese, "/network")
