"""The address tree on its pages: recorded once, found under every name, given up only when nobody is served."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import network as make
from tests.factories import staff
from tongke.areas.resource import queries, services

pytestmark = pytest.mark.django_db
BY = make.planner()
AT = make.AT


def desk() -> Client:
    """The number desk of Hangzhou, which plans the network too."""
    return staff.signed_in_at(3301, "number_desk", username="xuliang", locale="en")


def text(client: Client, address: str, status: int = 200) -> str:
    """The page at an address."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_the_tree_is_walked_and_searched() -> None:
    town = make.town()
    client = desk()
    assert "浙江省" in text(client, "/network/places")
    page = text(client, f"/network/places/{town.places['community']}")
    for words in ("Cuiyuan Garden", "翠苑花园", "cuiyuan", "138", "5幢"):
        assert words in page
    found = text(client, "/network/places?q=翠苑花园5幢")
    assert f"/network/places/{town.places['building']}" in found
    assert "No such address is known" in text(client, "/network/places?q=无此地")


def test_a_place_is_recorded_once_however_it_is_written() -> None:
    town = make.town(ports=0)
    client = desk()
    address = f"/network/places/new?in={town.places['community']}"
    assert "Building" in text(client, address)
    asked = {"level": "building", "name": "六号楼", "name_en": "", "door": "", "postcode": ""}
    made = client.post(address, asked)
    assert made.status_code in {302, 303}
    (six,) = [p for p in queries.places_below(town.places["community"], by=BY) if p.name == "六号楼"]
    again = client.post(address, {**asked, "name": "6幢"})
    assert again.status_code == 422
    assert "is there already" in again.content.decode()
    read = text(client, f"/network/places/name?in={town.places['community']}&level=building&name=Building 6")
    assert f"/network/places/{six.id}" in read
    assert "It stands there already" in read


def test_a_name_that_is_nearby_is_asked_about() -> None:
    town = make.town(ports=0)
    other = make.place("street", "天目山路", make.place("district", "西湖区", queries.places_above(town.places["street"], by=BY)[1].id))
    client = desk()
    address = f"/network/places/new?in={other}"
    asked = {"level": "community", "name": "翠苑花园", "name_en": "", "door": "", "postcode": ""}
    refused = client.post(address, asked)
    assert refused.status_code == 422
    assert "Nearby there is" in refused.content.decode()
    assert client.post(address, {**asked, "another": "on"}).status_code in {302, 303}
    assert len(queries.find_places("翠苑花园", by=BY)) == 2


def test_a_name_that_a_colleague_changed_meanwhile_is_not_written_over_unseen() -> None:
    home = f"/network/places/{make.town(ports=0).places['community']}"
    client = desk()
    opened = re.search(r'name="form_opened" value="([^"]+)"', text(client, f"{home}/rename"))
    assert opened
    assert client.post(f"{home}/rename", {"name": "翠苑新村", "name_en": ""}).status_code == 302
    late = client.post(f"{home}/rename", {"name": "桂花园", "name_en": "", "form_opened": opened[1]})
    assert late.status_code == 422
    assert "WEB-44" in late.content.decode()
    seen = re.search(r'name="form_opened" value="([^"]+)"', late.content.decode())
    assert seen
    assert client.post(f"{home}/rename", {"name": "桂花园", "name_en": "", "form_opened": seen[1]}).status_code == 302


def test_renamed_named_otherwise_described() -> None:
    town = make.town(ports=0)
    client = desk()
    home = f"/network/places/{town.places['community']}"
    assert client.post(f"{home}/rename", {"name": "翠苑新村", "name_en": "New Cuiyuan"}).status_code in {302, 303}
    assert client.post(f"{home}/name", {"name": "老电影厂宿舍"}).status_code in {302, 303}
    assert client.post(f"{home}/details", {"door": "140号", "postcode": "310012", "latitude": "30.28", "longitude": "120.12"}).status_code in {302, 303}
    page = text(client, home)
    for words in ("New Cuiyuan", "翠苑花园", "老电影厂宿舍", "140", "310012"):
        assert words in page
    assert client.post(f"{home}/details", {"door": "140号", "latitude": "30.28", "longitude": ""}).status_code == 422
    unit = f"/network/places/{town.places['unit1']}"
    assert client.post(f"{unit}/rename", {"name": "二单元", "name_en": ""}).status_code == 422


def test_what_is_served_is_seen_before_it_is_given_up() -> None:
    town = make.town(ports=2)
    held = services.reserve_port(order_ref="ORD-77", equipment_id=town.box, by=BY, at=AT)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="kd0571", by=BY, at=AT)
    services.reserve_port(order_ref="ORD-78", equipment_id=town.box, by=BY, at=AT)
    client = desk()
    gone = f"/network/places/{town.places['building']}/gone"
    page = text(client, gone)
    for words in ("kd0571", "ORD-78", "HZ-BOX1", "1单元", "What reaches it must be taken away first"):
        assert words in page
    assert client.post(gone, {}).status_code == 422
    (access,) = queries.coverage_within(town.places["building"], by=BY)
    assert "kd0571" in text(client, f"/network/coverage/{access.id}/retire")
    assert client.post(f"/network/coverage/{access.id}/retire", {}).status_code in {302, 303}
    assert client.post(gone, {}).status_code in {302, 303}
    page = text(client, f"/network/places/{town.places['building']}")
    assert "Bring it back" in page
    assert "Rename" not in page
    assert client.post(f"/network/places/{town.places['building']}/state/in_use").status_code in {302, 303}
    assert queries.place_brief(town.places["building"], by=BY).state == "in_use"


def test_coverage_is_changed_and_equipment_taken_away() -> None:
    town = make.town(ports=1)
    client = desk()
    (access,) = queries.coverage_within(town.places["building"], by=BY)
    changed = client.post(f"/network/coverage/{access.id}", {"distance_m": "80", "max_down_mbps": "300", "max_up_mbps": "30", "planned_on": ""})
    assert changed.status_code in {302, 303}
    found = queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT)
    assert [(way.max_down_mbps, way.distance_m) for way in found.access] == [(300, 80)]
    held = services.reserve_port(order_ref="ORD-79", equipment_id=town.box, by=BY, at=AT)
    retire = f"/network/equipment/{town.box}/retire"
    assert "ORD-79" in text(client, f"/network/equipment/{town.splitter}/retire")
    assert client.post(retire, {"reason": "x"}).status_code == 422
    services.release_reservation(reservation_id=held.id, token=held.token, by=BY, at=AT)
    assert client.post(retire, {"reason": "拆除"}).status_code in {302, 303}
    assert queries.coverage_within(town.places["building"], by=BY) == []


def test_others_places_are_read_only() -> None:
    town = make.town()
    client = staff.signed_in_at(3302, "number_desk", username="ningbo", locale="en")
    home = f"/network/places/{town.places['community']}"
    assert "Rename" not in text(client, home)
    assert client.post(f"{home}/rename", {"name": "X园", "name_en": ""}).status_code == 404
    clerk = staff.signed_in_at(3301, "clerk", username="limin", locale="en")
    assert clerk.get(f"{home}/rename").status_code == 403
    assert "New place in it" not in text(clerk, home)
