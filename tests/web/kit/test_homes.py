"""The role homes: everyone finds what is theirs, and nothing that is not."""

from __future__ import annotations

import pytest
from django.test import Client
from markupsafe import escape

from tests.factories import staff
from tests.factories.accounts import bare_customer
from tongke.areas.staff import services
from tongke.kernel import clock
from tongke.web.home.pages import HOMES
from tongke.web.kit import cards
from tongke.web.staff.roles import HOMES as ROLE_HOMES

pytestmark = pytest.mark.django_db
PLACE = {"administrator": 1, "auditor": 1, "analyst": 33, "supervisor": 3301, "steward": 3301}


def client_of(role: str) -> Client:
    """Somebody of this role, signed in, reading English."""
    return staff.signed_in(staff.person(f"home-{role}", org_id=PLACE.get(role, 330101), roles=(role,), locale="en"))


@pytest.mark.parametrize("role", HOMES)
def test_each_role_has_its_home(role: str) -> None:
    bare_customer()
    client = client_of(role)
    page = client.get("/").content.decode()
    heading, intro = HOMES[role]
    assert str(heading) in page
    assert str(escape(intro)) in page
    assert "Notifications" in page
    shown = [card for card in cards.all_cards() if role in card.homes]
    assert len(shown) >= 2, f"{role} has hardly a card"
    for card in shown:
        if card.lazy:
            assert client.get(f"/cards/{card.key}").status_code == 200


def test_a_role_can_be_given_every_home_that_there_is() -> None:
    """Whoever edits a role finds its own home among those to choose, so that saving changes nothing else."""
    assert {code for code, _words in ROLE_HOMES} == set(HOMES)


def test_what_a_home_does_most_stands_first() -> None:
    for role, first in (("clerk", "New customer"), ("product_manager", "New offer"), ("number_desk", "Find a number")):
        services.seed_roles(by=staff.TESTER, at=clock.now())
        page = client_of(role).get("/").content.decode()
        primary = page.partition("btn btn-primary")[2].partition("</a>")[0]
        assert first in primary, (role, primary)


def test_a_card_that_is_not_mine_is_not_found() -> None:
    clerk = client_of("clerk")
    assert clerk.get("/cards/colleagues").status_code in {200, 404}
    assert clerk.get("/cards/looks").status_code == 404
    assert clerk.get("/cards/nothing").status_code == 404


def test_a_customer_that_was_opened_is_at_hand_again() -> None:
    customer = bare_customer(name="王芳")
    clerk = client_of("clerk")
    assert clerk.get(f"/customers/{customer.id}").status_code == 200
    assert f"/customers/{customer.id}" in clerk.get("/").content.decode()


def test_the_bell_counts_and_is_read() -> None:
    person = staff.person("bell", locale="en")
    at = clock.now()
    services.notify(staff_ids=[person.id], says="Saved", values={}, link="/customers", by=staff.TESTER, at=at)
    client = staff.signed_in(person)
    assert client.get("/notifications/count").json() == {"unread": 1}
    assert "data-new" in client.get("/notifications/tray").content.decode()
    assert "data-new" not in client.post("/notifications/tray").content.decode()
    assert client.get("/notifications/count").json() == {"unread": 0}
    assert "Saved" in client.get("/notifications").content.decode()
