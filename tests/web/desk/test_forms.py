"""The desk's forms do once what they say, and say everything that is wrong."""

from __future__ import annotations

import pytest

from tests.factories import accounts as make
from tests.factories import staff
from tests.factories.accounts import TESTER
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
CONTACT = {"channel": "hall", "direction": "inbound", "kind": "enquiry", "subject": "套餐咨询", "form_token": "t1"}


def test_contact_is_recorded_once_though_sent_twice() -> None:
    customer = make.bare_customer()
    client = staff.signed_in_at(330101, "clerk")
    for _try in range(2):
        answer = client.post(f"/customers/{customer.id}/contact", CONTACT)
        assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.id}")
    with acting(TESTER):
        assert [(i.subject, i.staff_name) for i in Interaction.objects.all()] == [("套餐咨询", "李敏")]


def test_what_was_typed_stays_when_something_is_wrong() -> None:
    customer = make.bare_customer()
    answer = staff.signed_in_at(330101, "clerk").post(f"/customers/{customer.id}/contact", {**CONTACT, "subject": "", "body": "留下的话"})
    assert answer.status_code == 422
    assert "留下的话" in answer.content.decode()


@pytest.mark.parametrize("page", ["contact", "move"])
def test_forms_of_another_network_s_customer_are_not_found(page: str) -> None:
    customer = make.bare_customer(org_id=3302)
    assert staff.signed_in_at(3301, "supervisor").get(f"/customers/{customer.id}/{page}").status_code == 404


def test_province_moves_a_customer_and_the_old_network_finds_it_no_more() -> None:
    customer = make.bare_customer(org_id=3301)
    province = staff.signed_in_at(33, "supervisor")
    assert "宁波" in province.get(f"/customers/{customer.id}/move").content.decode()
    assert province.post(f"/customers/{customer.id}/move", {"to_org": "3302", "reason": "搬家"}).status_code == 302
    with acting(TESTER):
        assert Customer.objects.get(id=customer.id).org_id == 3302
    assert staff.signed_in_at(330101, "clerk").get(f"/customers/{customer.id}").status_code == 404
    assert staff.signed_in_at(330201, "clerk").get(f"/customers/{customer.id}").status_code == 200


def test_a_network_is_offered_no_other_network() -> None:
    customer = make.bare_customer(org_id=3301)
    client = staff.signed_in_at(3301, "supervisor")
    assert "宁波" not in client.get(f"/customers/{customer.id}/move").content.decode()
    assert client.post(f"/customers/{customer.id}/move", {"to_org": "3302", "reason": "x"}).status_code == 422
