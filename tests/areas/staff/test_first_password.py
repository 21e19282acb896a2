"""A password that somebody else chose opens one page only: the one where its owner chooses another."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import party
from tests.factories import staff as make
from tests.isolation.test_hot_reads import ask
from tongke.areas.party.models import Customer
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import PasswordWeak
from tongke.areas.staff.models import Staff
from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db
DOOR = system_actor("sign-in")
HERE = services.Source(address="127.0.0.1")
GIVEN = "first-words-of-the-office"
OWN = "four words of her own"
PAGE = "/account/password"


def newcomer(username: str = "newcomer", **more: Any) -> Staff:
    """A colleague whose account an administrator has just opened, with a clerk's post."""
    make.tree()
    with acting(make.TESTER):
        staff = services.create_staff(username=username, name_zh="新人", org_id=330101, password=GIVEN, by=make.TESTER, at=make.LONG_AGO, **more)
        make.post(staff, org_id=330101, roles=("clerk",))
    return staff


def signed_in_with(password: str, username: str = "newcomer") -> Client:
    """A browser after the sign-in page."""
    client = Client()
    assert client.post("/sign-in", {"username": username, "password": password, "next": "/customers"}).status_code == 302
    return client


def key_of(client: Client) -> str:
    """The session that the browser holds."""
    return client.cookies[settings.STAFF_COOKIE].value


@pytest.mark.parametrize("path", ["/", "/customers", "/account", "/account/second-factor", "/account/sessions", "/posts/switch", "/person"])
def test_a_given_password_leads_to_its_change_and_nowhere_else(path: str) -> None:
    newcomer()
    client = signed_in_with(GIVEN)
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer.get("Location")) == (302, PAGE), path
    assert client.get(PAGE).status_code == 200


def test_programs_are_told_why() -> None:
    newcomer()
    client = signed_in_with(GIVEN)
    answer = client.get("/api/search?q=1", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "SEC-14")


def test_such_a_session_holds_no_right_and_sees_no_row() -> None:
    newcomer()
    by = queries.actor_of_session(key_of(signed_in_with(GIVEN)), at=clock.now())
    assert (by.permissions, by.scope, by.clear_setting) == (frozenset({"staff.own"}), (), "")
    party.customer("王芳", org_id=3301)
    with acting(by):
        assert not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_hot_reads_refuse_it_too() -> None:
    newcomer()
    made = party.customer("王芳", org_id=3301)
    key = key_of(signed_in_with(GIVEN))
    for path in (f"/api/customers/{made.customer_id}", f"/api/customers/{made.customer_id}/360"):
        status, body = ask(path, key)
        assert status.startswith("403"), path
        assert made.customer_no not in body


def test_after_the_change_everything_is_open() -> None:
    newcomer()
    client = signed_in_with(GIVEN)
    answer = client.post(PAGE, {"old": GIVEN, "new": OWN, "again": OWN})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert client.get("/customers").status_code == 302  # the old session has ended
    assert signed_in_with(OWN).get("/customers").status_code == 200


def test_the_given_password_is_no_password_of_ones_own() -> None:
    newcomer()
    by = queries.actor_of_session(key_of(signed_in_with(GIVEN)), at=clock.now())
    with pytest.raises(PasswordWeak):
        services.change_own_password(old=GIVEN, new=GIVEN, by=by, at=clock.now())


def test_a_reset_password_is_a_given_one() -> None:
    person = make.person("limin")
    given = services.reset_password(staff_id=person.id, by=make.TESTER, at=clock.now())
    assert signed_in_with(given, "limin").get("/customers")["Location"] == PAGE


def test_switching_the_post_does_not_lift_it() -> None:
    person = newcomer()
    other = make.post(person, org_id=330201, roles=("clerk",))
    client = signed_in_with(GIVEN)
    by = queries.actor_of_session(key_of(client), at=clock.now())
    services.switch_post(post_id=other.id, by=by, at=clock.now())
    assert client.get("/customers")["Location"] == PAGE


def test_a_second_factor_is_set_up_afterwards() -> None:
    newcomer()
    services.set_policy_figure(code="second_factor_permissions", value=["party.view"], by=make.TESTER, at=make.LONG_AGO)
    client = signed_in_with(GIVEN)
    assert client.get("/account/second-factor")["Location"] == PAGE
    client.post(PAGE, {"old": GIVEN, "new": OWN, "again": OWN})
    client = signed_in_with(OWN)
    assert client.get("/customers")["Location"] == "/account/second-factor"


def test_single_sign_on_owes_no_password() -> None:
    newcomer()
    with acting(make.TESTER):
        Staff.objects.filter(username="newcomer").update(oidc_issuer="https://id.example", oidc_subject="7")
    welcome = services.sign_in_with_identity(issuer="https://id.example", subject="7", source=HERE, by=DOOR, at=clock.now())
    assert queries.actor_of_session(welcome.key, at=clock.now()).may("party.view")


def test_a_published_password_may_be_kept() -> None:
    newcomer(password_kept=True)
    assert signed_in_with(GIVEN).get("/customers").status_code == 200
