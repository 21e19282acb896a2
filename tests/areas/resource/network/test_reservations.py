"""Reserving ports by orders: one holder, tokens, expiry judged when it counts, and nothing left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.models import Port, Reservation
from tongke.kernel.actor import acting
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
BY = make.planner()
AT = make.AT
SOON = AT + timedelta(minutes=10)
LATER = AT + timedelta(days=30)


def states(town: make.Town) -> list[str]:
    """The states of the box's ports, by number."""
    return [port.state for port in queries.ports_of(town.box, by=BY)]


def told(name: str) -> int:
    """How many events of this name were published."""
    with acting(make.GROUP):
        return OutboxEvent.objects.filter(name=f"resource.{name}.v1").count()


def test_any_free_port_is_taken_once() -> None:
    town = make.town(ports=2)
    first = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    second = services.reserve_port(order_ref="O2", place_id=town.places["1-101"], by=BY, at=AT)
    assert {*first.port_ids, *second.port_ids} == set(town.ports)
    with pytest.raises(errors.NothingFree):
        services.reserve_port(order_ref="O3", equipment_id=town.box, by=BY, at=AT)
    with pytest.raises(errors.NotFreeForYou):
        services.reserve_port(order_ref="O3", port_id=town.ports[0], by=BY, at=AT)
    with acting(make.GROUP):
        assert not Reservation.objects.filter(order_ref="O3").exists()
    assert (told("port_reserved"), told("reservation_held")) == (2, 2)


def test_the_same_asking_is_answered_once() -> None:
    town = make.town(ports=3)
    first = services.reserve_port(order_ref="O1", key="line-1", equipment_id=town.box, by=BY, at=AT)
    again = services.reserve_port(order_ref="O1", key="line-1", equipment_id=town.box, by=BY, at=SOON)
    assert (again.id, again.token, again.port_ids, again.repeated) == (first.id, first.token, first.port_ids, True)
    assert states(town).count("reserved") == 1
    other = services.reserve_port(order_ref="O1", key="line-2", equipment_id=town.box, by=BY, at=AT)
    assert other.port_ids != first.port_ids


def test_a_key_is_not_used_for_something_else() -> None:
    """The answer to another question would be taken for the answer to this one."""
    town, store = make.town(ports=2), make.store()
    first = services.reserve_port(order_ref="O1", key="line-1", place_id=town.places["1-101"], by=BY, at=AT)
    others: tuple[dict[str, Any], ...] = ({"equipment_id": town.box}, {"port_id": town.ports[1]}, {"place_id": town.places["1-101"], "wanted_mbps": 100})
    for other in others:
        with pytest.raises(errors.AskedOtherwise):
            services.reserve_port(order_ref="O1", key="line-1", **other, by=BY, at=AT)
    with pytest.raises(errors.AskedOtherwise):
        services.reserve_item(order_ref="O1", key="line-1", model_code=store.model, stock_place_id=store.warehouse, by=BY, at=AT)
    services.reserve_item(order_ref="O1", model_code=store.model, stock_place_id=store.warehouse, quantity=1, by=BY, at=AT)
    with pytest.raises(errors.AskedOtherwise):
        services.reserve_item(order_ref="O1", model_code=store.model, stock_place_id=store.warehouse, quantity=2, by=BY, at=AT)
    assert services.reserve_port(order_ref="O1", key="line-1", place_id=town.places["1-101"], minutes=5, by=BY, at=SOON).id == first.id


def test_a_repeated_asking_is_answered_also_where_it_took_the_last_port() -> None:
    town = make.town(ports=1)
    first = services.reserve_port(order_ref="O1", place_id=town.places["1-101"], by=BY, at=AT)
    assert services.reserve_port(order_ref="O1", place_id=town.places["1-101"], by=BY, at=AT).id == first.id


def test_what_ended_is_no_answer_to_who_asks_again() -> None:
    """Released or run out, swept or not: the same order and key hold anew; one that was used stays the answer."""
    town = make.town(ports=2)
    first = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    services.release_reservation(reservation_id=first.id, token=first.token, reason="", by=BY, at=AT)
    second = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    third = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT + timedelta(minutes=30))
    assert (second.repeated, third.repeated, len({first.id, second.id, third.id})) == (False, False, 3)
    assert states(town) == ["reserved", "free"]
    services.confirm_reservation(reservation_id=third.id, token=third.token, service_ref="S1", by=BY, at=AT + timedelta(minutes=40))
    assert services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=LATER).id == third.id


def test_confirm_uses_and_repeats() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-7", by=BY, at=SOON)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-7", by=BY, at=SOON)
    assert states(town) == ["used"]
    assert told("port_used") == 1
    with pytest.raises(errors.ReservationOver):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-8", by=BY, at=SOON)
    with pytest.raises(errors.ReservationOver):
        services.release_reservation(reservation_id=held.id, token=held.token, by=BY, at=SOON)
    assert services.free_ports_of_service(service_ref="line-7", reason="拆机", by=BY, at=SOON) == 1
    assert services.free_ports_of_service(service_ref="line-7", reason="拆机", by=BY, at=SOON) == 0
    assert states(town) == ["free"]
    assert told("port_freed") == 1
    assert services.reserve_port(order_ref="O2", equipment_id=town.box, by=BY, at=SOON).port_ids == held.port_ids


@pytest.mark.parametrize("act", [services.confirm_reservation, services.extend_reservation, services.release_reservation])
def test_nothing_opens_without_the_token(act: object) -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    more = {"service_ref": "x"} if act is services.confirm_reservation else {}
    with pytest.raises(errors.WrongToken):
        act(reservation_id=held.id, token=uuid4(), by=BY, at=SOON, **more)  # type: ignore[operator]
    with pytest.raises(NotFound):
        act(reservation_id=uuid4(), token=held.token, by=BY, at=SOON, **more)  # type: ignore[operator]
    assert states(town) == ["reserved"]


def test_expiry_is_judged_when_it_counts_not_when_it_is_swept() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    at_the_end = AT + timedelta(minutes=30)
    with pytest.raises(errors.ReservationOver):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x", by=BY, at=at_the_end)
    with pytest.raises(errors.ReservationOver):
        services.extend_reservation(reservation_id=held.id, token=held.token, by=BY, at=at_the_end)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x", by=BY, at=at_the_end - timedelta(microseconds=1))


def test_an_unswept_port_is_given_to_the_next() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    next_one = services.reserve_port(order_ref="O2", equipment_id=town.box, by=BY, at=AT + timedelta(minutes=31))
    assert next_one.port_ids == held.port_ids
    with pytest.raises(errors.ReservationOver):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x", by=BY, at=AT)


def test_the_sweeper_frees_what_ran_out_and_says_so() -> None:
    town = make.town(ports=3)
    services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    kept = services.reserve_port(order_ref="O2", equipment_id=town.box, minutes=90, by=BY, at=AT)
    assert services.expire_reservations(by=make.GROUP, at=AT + timedelta(minutes=29)) == 0
    assert services.expire_reservations(by=make.GROUP, at=AT + timedelta(minutes=30)) == 1
    assert services.expire_reservations(by=make.GROUP, at=AT + timedelta(minutes=30)) == 0
    assert sorted(states(town)) == ["free", "free", "reserved"]
    assert told("port_freed") == 1
    assert queries.reservations_seen(state="held", by=BY)[0].id == kept.id


def test_extended_only_so_often() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    until = [services.extend_reservation(reservation_id=held.id, token=held.token, minutes=60, by=BY, at=SOON) for _n in range(3)]
    assert until == [SOON + timedelta(minutes=60)] * 3
    with pytest.raises(errors.ExtendedEnough):
        services.extend_reservation(reservation_id=held.id, token=held.token, by=BY, at=SOON)


def test_longer_than_policy_allows_is_not_given_at_an_extension_either() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, minutes=30, by=BY, at=AT)
    most = services.reserve_port(order_ref="O2", equipment_id=make.town(ports=1, prefix="HX", community="古荡新村").box, by=BY, at=SOON).expires_at
    assert services.extend_reservation(reservation_id=held.id, token=held.token, minutes=10**6, by=BY, at=SOON) == most


@pytest.mark.parametrize("wrong", [{"order_ref": " "}, {"order_ref": "x" * 81}, {"key": ""}, {"key": "x" * 121}])
def test_an_order_and_its_key_are_named_in_full(wrong: dict[str, str]) -> None:
    """A name that would be cut, or none at all, would open another order's reservation."""
    town, store = make.town(ports=1), make.store(items=1)
    with pytest.raises(Invalid):
        services.reserve_port(**{"order_ref": "O1", "key": "k", **wrong}, equipment_id=town.box, by=BY, at=AT)  # type: ignore[arg-type]  # of several kinds
    with pytest.raises(Invalid):
        services.reserve_item(**{"order_ref": "O1", "key": "k", **wrong}, model_code=store.model, stock_place_id=store.warehouse, by=BY, at=AT)  # type: ignore[arg-type]  # of several kinds
    held = services.reserve_port(order_ref="x" * 80, key="x" * 120, equipment_id=town.box, by=BY, at=AT)
    with pytest.raises(Invalid):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x" * 81, by=BY, at=AT)


def test_an_order_leaves_nothing_behind() -> None:
    town, store = make.town(ports=3), make.store(items=3)
    for n in range(2):
        services.reserve_port(order_ref="O1", key=f"p{n}", equipment_id=town.box, by=BY, at=AT)
    services.reserve_item(order_ref="O1", model_code=store.model, stock_place_id=store.warehouse, quantity=2, by=BY, at=AT)
    services.reserve_port(order_ref="O2", equipment_id=town.box, by=BY, at=AT)
    assert services.release_order(order_ref="O1", reason="撤单", by=BY, at=SOON) == 3
    assert services.release_order(order_ref="O1", by=BY, at=SOON) == 0
    assert states(town).count("free") == 2
    assert len(make.items_at(store.warehouse)) == 3


def test_an_empty_reference_never_means_everything() -> None:
    town = make.town(ports=2)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    with pytest.raises(Invalid):
        services.release_order(order_ref=" ", by=BY, at=SOON)
    with pytest.raises(Invalid):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="", by=BY, at=SOON)
    with pytest.raises(Invalid):
        services.free_ports_of_service(service_ref="", reason="", by=BY, at=SOON)
    assert states(town).count("reserved") == 1


def test_a_broken_port_is_replaced_or_the_order_is_told() -> None:
    town = make.town(ports=2)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    services.report_port_faulty(port_id=held.port_ids[0], note="断纤", by=BY, at=AT)
    assert sorted(states(town)) == ["faulty", "reserved"]
    services.report_port_faulty(port_id=next(p.id for p in queries.ports_of(town.box, state="reserved", by=BY)), by=BY, at=AT)
    assert states(town) == ["faulty", "faulty"]
    assert told("reservation_lost") == 1
    services.mend_port(port_id=town.ports[0], by=BY, at=SOON)
    assert told("port_freed") == 1


def test_a_port_in_use_keeps_its_service_while_it_is_mended() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-7", by=BY, at=SOON)
    services.report_port_faulty(port_id=town.ports[0], by=BY, at=SOON)
    services.mend_port(port_id=town.ports[0], by=BY, at=SOON)
    assert states(town) == ["used"]


def test_the_database_itself_refuses_a_second_holder() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    with acting(make.GROUP):
        with pytest.raises(IntegrityError), transaction.atomic():
            Port.objects.filter(id=town.ports[0]).update(state="free")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO resource_reservation_line (id, org_id, reservation_id, port_id, taken_at) SELECT tongke_uuid7(), 3301, %s, %s, now()",
                [held.id, town.ports[0]])


def test_others_neither_see_nor_take() -> None:
    town = make.town(ports=1)
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    stranger = make.planner(3302)
    with pytest.raises(NotFound):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x", by=stranger, at=AT)
    assert queries.reservations_seen(by=stranger) == []
    assert queries.ports_of(town.box, by=stranger) == []
    assert services.release_order(order_ref="O1", by=stranger, at=AT) == 0
    assert services.expire_reservations(by=stranger, at=LATER) == 0
    home = make.store(org_id=3302)
    assert home.items
    with pytest.raises(errors.ReservedElsewhere):
        services.reserve_item(order_ref="O1", key="port", model_code=home.model, stock_place_id=home.warehouse, by=stranger, at=AT)
