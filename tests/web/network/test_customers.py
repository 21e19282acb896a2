"""What can be sold at a customer's address: asked from his page, honest where the address is no place, seen in full with a purpose only."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import network as make
from tests.factories import party, staff
from tongke.areas.party.services import AddressDraft
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
ROOM = "浙江省杭州市西湖区文三路138号翠苑花园5幢1单元101室"


def customer(*addresses: AddressDraft) -> Any:
    """A customer of Hangzhou with these addresses."""
    return party.customer(by=party.clerk(), addresses=addresses).customer_id


def at_desk(role: str) -> Client:
    """Somebody of Hangzhou."""
    return staff.signed_in_at(3301, role, username=role, locale="en")


def test_where_something_is_installed_comes_before_where_he_lives() -> None:
    make.town(ports=4)
    who = customer(AddressDraft(full="浙江省杭州市上城区解放路1号"), AddressDraft(kind="installation", full=ROOM))
    client = at_desk("supervisor")
    page = client.get(f"/coverage/customer/{who}").content.decode()
    assert "kinds of lines can be sold here" in page
    assert f"/customers/{who}" in page
    assert f"/coverage/customer/{who}?address=" in client.get(f"/customers/{who}").content.decode()


def test_an_address_that_is_no_place_is_said_to_be_none() -> None:
    make.town()
    client = at_desk("supervisor")
    page = client.get(f"/coverage/customer/{customer(AddressDraft(full='火星市月球路1号'))}").content.decode()
    assert "address is no place of the address tree" in page
    nobody = client.get(f"/coverage/customer/{customer()}").content.decode()
    assert "No address of this customer is known" in nobody


def test_a_masked_address_is_asked_for_with_a_purpose_and_a_trace() -> None:
    make.town(ports=4)
    who = customer(AddressDraft(full=ROOM))
    client = at_desk("clerk")
    page = client.get(f"/coverage/customer/{who}").content.decode()
    assert "Your post sees this address in part only" in page
    assert "1单元101室" not in page
    refused = client.post(f"/coverage/customer/{who}", {"purpose": ""})
    assert refused.status_code >= 400
    assert "1单元101室" not in refused.content.decode()
    row = page[page.index('name="address" value="') + 22:][:36]
    answer = client.post(f"/coverage/customer/{who}", {"purpose": "asks for broadband", "address": row}).content.decode()
    assert "kinds of lines can be sold here" in answer
    with acting(make.GROUP):
        assert Look.objects.filter(customer_id=who, kind="reveal").count() == 1


def test_the_customer_of_another_network_is_none() -> None:
    make.town()
    who = customer(AddressDraft(full=ROOM))
    assert staff.signed_in_at(3302, "clerk", username="ningbo", locale="en").get(f"/coverage/customer/{who}").status_code == 404
