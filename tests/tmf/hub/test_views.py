"""The hub over HTTP, and the pages about it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import clients
from tests.factories import staff as make
from tests.tmf.hub.conftest import QUICK, created, delivering, fan_out_all, rows
from tests.tmf.hub.receivers import answer, receiver
from tests.tmf.hub.test_delivery import DEAD, until
from tongke.kernel import clock
from tongke.tmf.hub.allowing import allow_target

HUB_ADDRESS = "/tmf-api/customerManagement/v4/hub"
CALLBACK = "http://127.0.0.1:9999/listener"


def post(caller: Client, body: Any, address: str = HUB_ADDRESS) -> Any:
    """Send a wish to subscribe."""
    return caller.post(address, body, content_type="application/json")


@pytest.fixture
def caller(db: None) -> Client:
    """A machine client of the group that may subscribe, its callbacks on this machine allowed."""
    made = clients.caller(clients.token())
    allow_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
    return made


def test_subscribe_look_and_end(caller: Client) -> None:
    made = post(caller, {"callback": CALLBACK, "query": "eventType=CustomerCreateEvent"})
    assert made.status_code == 201
    document = made.json()
    assert made["Location"] == f"{HUB_ADDRESS}/{document['id']}"
    assert document["secret"].startswith("whsec_")
    assert {name: document[name] for name in ("callback", "query")} == {"callback": CALLBACK, "query": "eventType=CustomerCreateEvent"}
    shown = caller.get(made["Location"])
    assert shown.json() == {name: document[name] for name in ("id", "callback", "query")}
    assert caller.delete(made["Location"]).status_code == 204
    assert caller.get(made["Location"]).status_code == 404
    assert caller.delete(made["Location"]).status_code == 404


def test_a_secret_of_ones_own_is_not_said_again(caller: Client) -> None:
    made = post(caller, {"callback": CALLBACK, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    assert made.status_code == 201
    assert "secret" not in made.json()


def test_the_same_subscription_twice(caller: Client) -> None:
    assert post(caller, {"callback": CALLBACK}).status_code == 201
    again = post(caller, {"callback": CALLBACK})
    assert (again.status_code, again.json()["code"]) == (409, "HUB-03")
    assert post(caller, {"callback": CALLBACK, "query": "eventType=CustomerCreateEvent"}).status_code == 201
    assert post(clients.caller(clients.token()), {"callback": CALLBACK}).status_code == 201


@pytest.mark.parametrize(("body", "status"), [
    ({}, 400), ([], 400), ("x", 400), ({"callback": 5}, 400), ({"callback": CALLBACK, "id": "1"}, 400), ({"callback": CALLBACK, "owner": "me"}, 400),
    ({"callback": "ftp://127.0.0.1/"}, 400), ({"callback": "http://169.254.169.254/latest"}, 422), ({"callback": "http://10.0.0.1/x"}, 422),
    ({"callback": "http://nobody.invalid/x"}, 422), ({"callback": CALLBACK, "query": "eventType=NoSuchEvent"}, 400), ({"callback": CALLBACK, "query": "status=1"}, 400),
    ({"callback": CALLBACK, "secret": "short"}, 400), ({"callback": CALLBACK, "query": {"a": 1}}, 400),
])
def test_what_cannot_be_subscribed(caller: Client, body: Any, status: int) -> None:
    found = post(caller, body)
    assert found.status_code == status
    assert found.json()["@type"] == "Error"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_other_methods(caller: Client, method: str) -> None:
    assert getattr(caller, method)(HUB_ADDRESS, {}, content_type="application/json").status_code == 405


@pytest.mark.django_db
def test_who_may_subscribe() -> None:
    assert post(Client(), {"callback": CALLBACK}).status_code == 401
    assert post(clients.caller(clients.token(scope="party.view")), {"callback": CALLBACK}).status_code == 403


def test_nobody_sees_or_ends_anothers(caller: Client) -> None:
    made = post(caller, {"callback": CALLBACK})
    other = clients.caller(clients.token())
    assert other.get(made["Location"]).status_code == 404
    assert other.delete(made["Location"]).status_code == 404
    assert other.get(HUB_ADDRESS).json() == []
    assert len(caller.get(HUB_ADDRESS).json()) == 1


def test_ones_own_subscriptions_by_page(caller: Client) -> None:
    for number in range(3):
        assert post(caller, {"callback": f"{CALLBACK}/{number}"}).status_code == 201
    part = caller.get(HUB_ADDRESS, {"limit": 2, "fields": "callback"})
    assert (part.status_code, part["X-Total-Count"], part["X-Result-Count"]) == (206, "3", "2")
    assert [set(one) for one in part.json()] == [{"id", "callback"}] * 2
    assert [one["callback"] for one in caller.get(HUB_ADDRESS, {"callback": f"{CALLBACK}/1"}).json()] == [f"{CALLBACK}/1"]
    assert caller.get(HUB_ADDRESS, {"colour": "red"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_the_pages_tell_and_mend() -> None:
    person = make.signed_in_at(1, "administrator")
    with receiver(lambda _n, _r: answer(500, body=b"<script>no</script>")) as there:
        allow_target(target="127.0.0.0/8", note="tests", by=make.TESTER, at=clock.now())
        made = post(clients.caller(clients.token()), {"callback": there.url, "query": "eventType=CustomerCreateEvent"}).json()
        created(2)
        fan_out_all()
        with delivering(QUICK):
            until(lambda: len(rows(DEAD, made["id"])) == 2, "two dead letters")
    letters = [row[0] for row in rows(DEAD, made["id"])]
    for address in ("/admin/subscriptions", f"/admin/subscriptions/{made['id']}", "/admin/dead-letters", f"/admin/dead-letters/{letters[0]}",
                    "/admin/waiting-events", "/admin/callback-targets", "/admin/callback-targets/new", "/operations/set-aside-events",
                    f"/admin/dead-letters?subscription={made['id']}", "/admin/subscriptions?state=active"):
        found = person.get(address)
        assert found.status_code == 200, address
        assert "<script>no</script>" not in found.content.decode()
    assert there.url in person.get("/admin/subscriptions").content.decode()
    assert person.post(f"/admin/dead-letters/{letters[0]}", {"step": "drop"}).status_code == 302
    assert person.post(f"/admin/subscriptions/{made['id']}", {"step": "replay"}).status_code == 302
    assert rows(DEAD, made["id"]) == []
    assert person.post(f"/admin/subscriptions/{made['id']}", {"step": "suspend", "reason": "maintenance"}).status_code == 302
    assert rows("SELECT state, reason FROM tmf_subscription WHERE id = %s", made["id"]) == [("suspended", "maintenance")]
    assert person.post(f"/admin/subscriptions/{made['id']}", {"step": "resume"}).status_code == 302
    assert person.post("/admin/callback-targets", {"target": "127.0.0.0/8"}).status_code == 302
    assert person.post("/admin/callback-targets", {"target": "127.0.0.0/8"}).status_code == 404


@pytest.mark.django_db
def test_pages_need_their_permissions() -> None:
    clerk = make.signed_in_at(3301, "clerk")
    for address in ("/admin/subscriptions", "/admin/dead-letters", "/admin/waiting-events", "/admin/callback-targets", "/operations/set-aside-events"):
        assert clerk.get(address).status_code == 403
