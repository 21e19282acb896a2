"""TMF685: pools of numbers, and reservations out of them that stand, run out, are used and are let go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.factories import staff
from tests.tmf.api.calling import NOWHERE, Caller, refused
from tests.tmf.api.telling import told
from tests.tmf.api.test_resource_639 import TESTER, pool
from tongke.areas.resource import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.models import OutboxEvent
from tongke.tmf.hub.telling import Fact, tellings_of

pytestmark = pytest.mark.django_db
BUYER = [{"id": "id-card-digest-1", "role": "buyer"}]


@pytest.fixture
def pools() -> Caller:
    return Caller("resourcePool", org_id=3301)


@pytest.fixture
def reservations() -> Caller:
    return Caller("reservation", org_id=3301)


def of_pool(pool_id: Any, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"relatedParty": BUYER, "reservationItem": [
        {"quantity": quantity, "relatedEntity": [{"id": str(pool_id), "role": "pool", "@referredType": "ResourcePool"}]}], **more}


def capacity(pools: Caller, pool_id: Any) -> dict[str, str]:
    return {one["capacitySpec"]["id"]: one["capacityAmount"]["capacityAmount"] for one in pools.get(pool_id).json()["capacity"]}


def test_a_pool_is_opened_changed_and_gauged(pools: Caller) -> None:
    made = pools.made({"code": "HZ-WEB", "name": "杭州网厅", "channel": [{"name": "app"}, {"name": "web"}], "dryBelow": 50,
                       "relatedParty": {"id": "3301", "role": "operator", "@referredType": "Organization"}, "description": "线上"})
    assert (made["channel"], made["dryBelow"], made["version"], made["description"]) == ([{"name": "app"}, {"name": "web"}], 50, 1, "线上")
    assert capacity(pools, made["id"]) == {"numbers.free": "0", "numbers.total": "0"}
    changed = pools.patched(made["id"], {"name": "杭州网上营业厅", "channel": [{"name": "web"}], "dryDays": 7})
    assert (changed["name"], changed["channel"], changed["version"]) == ("杭州网上营业厅", [{"name": "web"}], 2)
    refused(pools.post({"code": "HZ-WEB", "name": "x"}), 409, "HZ-WEB")
    refused(pools.post({"code": "NB", "name": "宁波", "relatedParty": {"id": "3302", "@referredType": "Organization"}}), 422, "RES-")
    refused(pools.patch(made["id"], {"code": "X"}), 400, "code")
    assert capacity(pools, pool()) == {"numbers.free": "100", "numbers.total": "100"}


def test_a_reservation_stands_and_is_used(pools: Caller, reservations: Caller) -> None:
    pool_id = pool()
    made = reservations.made(of_pool(pool_id, 2, description="for the branch"))
    assert (made["state"], made["description"], len(made["reservationItem"])) == ("inProgress", "for the branch", 2)
    assert capacity(pools, pool_id)["numbers.free"] == "98"
    numbers = [item["relatedEntity"][0] for item in made["reservationItem"]]
    assert all(number["name"].startswith("+86138572") for number in numbers)
    assert reservations.get(made["id"]).json() == made
    for item in made["reservationItem"]:
        services.confirm_hold(token=UUID(item["id"]), assigned_to=UUID(NOWHERE), by=TESTER, at=clock.now())
    assert reservations.get(made["id"]).json()["state"] == "completed"
    refused(reservations.patch(made["id"], {"state": "cancelled"}), 409, "GEN-03")


def test_a_named_number_is_reserved_once(reservations: Caller) -> None:
    pool()
    (found,) = Caller("resource", org_id=3301).listing("value=%2B8613857200008").json()
    wanted = {"relatedParty": BUYER, "reservationItem": [{"relatedEntity": [{"id": found["id"], "role": "wanted", "@referredType": "Resource"}]}]}
    made = reservations.made(wanted)
    assert made["reservationItem"][0]["relatedEntity"][0]["id"] == found["id"]
    refused(reservations.post(wanted), 409, "RES-")
    cancelled = reservations.patched(made["id"], {"state": "cancelled", "cancellationReason": "changed his mind"})
    assert (cancelled["state"], cancelled["cancellationReason"]) == ("cancelled", "changed his mind")
    again = reservations.made(wanted)
    assert reservations.delete(again["id"]).status_code == 204
    refused(reservations.get(again["id"]), 404)
    assert reservations.made(wanted)["state"] == "inProgress"


def test_a_reservation_is_ended_and_kept_longer_by_its_client_alone() -> None:
    """Two shops that may hold numbers, neither of which runs them: each ends what it reserved, not what the other did."""
    staff.role("shop", "resource.view_numbers", "resource.hold_number")
    one, other = (Caller("reservation", "shop", org_id=3301) for _shop in range(2))
    pool_id = pool()
    made = one.made(of_pool(pool_id))
    later = {"reservationPeriod": {"endDateTime": (clock.now() + timedelta(minutes=20)).isoformat()}}
    for change in ({"state": "cancelled"}, later):
        refused(other.patch(made["id"], change), 403, "RES-36")
    refused(other.delete(made["id"]), 403, "RES-36")
    assert one.get(made["id"]).json()["state"] == "inProgress"
    one.patched(made["id"], later)
    assert one.patched(made["id"], {"state": "cancelled"})["state"] == "cancelled"


def test_what_runs_out_failed_and_what_is_kept_longer_does_not(pools: Caller, reservations: Caller) -> None:
    pool_id = pool()
    until = clock.now() + timedelta(minutes=10)
    made = reservations.made(of_pool(pool_id, reservationPeriod={"endDateTime": until.isoformat()}))
    longer = reservations.patched(made["id"], {"reservationPeriod": {"endDateTime": (until + timedelta(minutes=20)).isoformat()}})
    assert longer["validFor"]["endDateTime"] > made["validFor"]["endDateTime"]
    refused(reservations.patch(made["id"], {"reservationPeriod": {"endDateTime": "2020-01-01T00:00:00Z"}}), 400, "reservationPeriod")
    services.sweep_numbers(by=TESTER, at=until + timedelta(hours=2))
    assert reservations.get(made["id"]).json()["state"] == "failed"
    assert capacity(pools, pool_id)["numbers.free"] == "100"


def test_what_becomes_of_a_reservation_in_the_house_is_told(reservations: Caller) -> None:
    """Used, let go at the counter, run out: each is a change of state, told once; a number held for an order of the house is not."""
    pool_id = pool()
    used, let_go, over, cancelled, removed = (reservations.made(of_pool(pool_id)) for _time in range(5))
    services.confirm_hold(token=UUID(used["reservationItem"][0]["id"]), assigned_to=UUID(NOWHERE), by=TESTER, at=clock.now())
    services.release_hold(token=UUID(let_go["reservationItem"][0]["id"]), reason="customer went home", by=TESTER, at=clock.now())
    own = services.hold_number(pool_id=pool_id, order_ref="TMF685/17", by=TESTER, at=clock.now())
    services.release_hold(token=own.token, by=TESTER, at=clock.now())
    reservations.patched(cancelled["id"], {"state": "cancelled", "cancellationReason": "changed his mind"})
    assert reservations.delete(removed["id"]).status_code == 204
    services.sweep_numbers(by=TESTER, at=clock.now() + timedelta(hours=2))
    assert [state_of(reservations, one) for one in (used, let_go, over, cancelled)] == ["completed", "cancelled", "failed", "cancelled"]
    assert told_of(used) == told_of(let_go) == told_of(over) == told_of(cancelled) == ["ReservationCreationEvent", "ReservationStateChangeEvent"]
    assert told_of(removed) == ["ReservationCreationEvent", "ReservationRemoveEvent"]
    assert len(told("685/v4", resource="reservation")) == 9  # what is gone can only be told as removed


def state_of(reservations: Caller, made: dict[str, Any]) -> str:
    found = reservations.get(made["id"]).json()
    assert found["stateChangeDate"] >= made["stateChangeDate"]
    return str(found["state"])


def told_of(made: dict[str, Any]) -> list[str]:
    """The official events of one reservation, in the order of the facts."""
    with acting(TESTER):
        rows = list(OutboxEvent.objects.order_by("occurred_at", "id"))
    facts = [Fact(0, row.id, row.occurred_at, row.name, row.org_id, row.customer_id, row.payload) for row in rows]
    return [telling.told.type for fact in facts for telling in tellings_of(fact) if str(telling.record_id) == made["id"]]


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"reservationItem": []}, 400, "quantity"), ({"reservationItem": [{"quantity": 21, "relatedEntity": [{"id": NOWHERE, "@referredType": "ResourcePool", "role": "pool"}]}]}, 400, "quantity"),
    ({"reservationItem": [{"relatedEntity": [{"id": "7", "@referredType": "Shop", "role": "x"}]}]}, 400, "ResourcePool"),
    ({"reservationItem": [{"relatedEntity": [{"id": NOWHERE, "@referredType": "ResourcePool", "role": "pool"}]}]}, 422, "TMF-12"),
    ({"reservationPeriod": {"endDateTime": "2020-01-01T00:00:00Z"}}, 400, "reservationPeriod"), ({"channel": {"name": "moon"}}, 409, "RES-"),
])
def test_all_or_nothing(pools: Caller, reservations: Caller, wrong: dict[str, Any], status: int, word: str) -> None:
    at = clock.now()
    pool_id = pool()
    services.change_pool(pool_id=pool_id, version=1, change=services.PoolChange(channels=("hall",)), by=TESTER, at=at)
    refused(reservations.post(of_pool(pool_id) | wrong), status, word)
    assert reservations.found("") == []
    assert capacity(pools, pool_id)["numbers.free"] == "100"


def test_named_numbers_are_counted_one_by_one(pools: Caller, reservations: Caller) -> None:
    pool_id = pool()
    named = [{"id": str(queries.number_id(f"+86138572000{at:02d}")), "role": "wanted", "@referredType": "Resource"} for at in range(21)]
    refused(reservations.post({"relatedParty": BUYER, "reservationItem": [{"quantity": 1, "relatedEntity": named}]}), 400, "quantity")
    refused(reservations.post({"relatedParty": BUYER, "reservationItem": [{"relatedEntity": named[:1]}] * 21}), 400, "reservationItem", "too_long")
    assert capacity(pools, pool_id)["numbers.free"] == "100"
    much = {"resourcePool": {"id": str(pool_id)}, "resource": [{"id": one["id"]} for one in named * 5]}
    refused(Caller("extract", org_id=3301).post(much), 400, "resource", "too_long")


def test_the_desk_takes_numbers_out_and_puts_them_back(pools: Caller) -> None:
    pool_id = pool()
    (found,) = Caller("resource", org_id=3301).listing("value=%2B8613857200009").json()
    body = {"resourcePool": {"id": str(pool_id)}, "resource": [{"id": found["id"]}], "reason": "lottery"}
    check = Caller("availabilityCheck", org_id=3301)
    assert (check.made({"resourcePool": {"id": str(pool_id)}, "quantity": 100})["available"]) is True
    assert Caller("extract", org_id=3301).made(body)["state"] == "done"
    answer = check.made({"resourcePool": {"id": str(pool_id)}, "quantity": 100})
    assert (answer["available"], answer["availableQuantity"]) == (False, 99)
    Caller("push", org_id=3301).made(body)
    assert capacity(pools, pool_id)["numbers.free"] == "100"
    refused(Caller("push", org_id=3301).post(body), 409, "GEN-03")
    refused(check.post({"resourcePool": {"id": NOWHERE}}), 422, "TMF-12")
    refused(Caller("extract", "clerk", org_id=3301).post(body), 403)


def test_another_network_sees_neither(pools: Caller, reservations: Caller) -> None:
    pool_id = pool()
    made = reservations.made(of_pool(pool_id))
    refused(Caller("resourcePool", org_id=3302).get(pool_id), 404)
    refused(Caller("reservation", org_id=3302).get(made["id"]), 404)
    refused(Caller("reservation", org_id=3302).post(of_pool(pool_id)), 422, "TMF-12")
