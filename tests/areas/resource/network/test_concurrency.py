"""Many at once: no port and no item with two holders, none lost, however the claims, uses and sweeps fall together."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests.areas.resource.network.holding import at_once, breaches
from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.services import Reserved

pytestmark = pytest.mark.django_db(transaction=True)
BY = make.planner()
AT = make.AT
SOON = AT + timedelta(minutes=10)


def test_a_hundred_on_fifty_ports() -> None:
    town = make.town(ports=50)
    answers = at_once([partial(services.reserve_port, order_ref=f"O{n}", equipment_id=town.box, by=BY, at=AT) for n in range(100)])
    won = [answer for answer in answers if isinstance(answer, Reserved)]
    assert {type(answer) for answer in answers} == {Reserved, errors.NothingFree}
    assert len(won) == 50
    assert len({port for answer in won for port in answer.port_ids}) == 50
    assert queries.port_counts(by=BY).reserved == 50
    assert breaches() == []


def test_forty_on_twenty_items() -> None:
    store = make.store(items=20)
    answers = at_once([
        partial(services.reserve_item, order_ref=f"O{n}", model_code=store.model, stock_place_id=store.warehouse, by=BY, at=AT) for n in range(40)])
    won = [answer for answer in answers if isinstance(answer, Reserved)]
    assert len(won) == len({answer.item_ids for answer in won}) == 20
    assert breaches() == []


def test_one_order_that_asks_twenty_times_at_once_gets_one_port() -> None:
    town = make.town(ports=30)
    answers = at_once([partial(services.reserve_port, order_ref="O1", key="k", equipment_id=town.box, by=BY, at=AT)] * 20)
    assert {answer.id for answer in answers} == {answers[0].id}
    assert sorted(answer.repeated for answer in answers) == [False, *[True] * 19]
    assert queries.port_counts(by=BY).reserved == 1
    assert breaches() == []


def test_use_and_sweep_at_the_same_instant() -> None:
    """Each reservation ends one way: used, or run out and free for the next."""
    town = make.town(ports=20)
    held = [services.reserve_port(order_ref=f"O{n}", equipment_id=town.box, minutes=10, by=BY, at=AT) for n in range(20)]
    uses = [partial(
        services.confirm_reservation, reservation_id=one.id, token=one.token, service_ref=f"S{n}", by=BY, at=SOON - timedelta(microseconds=1)
    ) for n, one in enumerate(held)]
    sweeps = [partial(services.expire_reservations, limit=7, by=make.GROUP, at=SOON)] * 6
    answers = at_once([*uses, *sweeps])
    used = sum(1 for answer in answers[:20] if answer is None)
    assert all(answer is None or isinstance(answer, errors.ReservationOver) for answer in answers[:20])
    services.expire_reservations(by=make.GROUP, at=SOON)
    counts = queries.port_counts(by=BY)
    assert (counts.used, counts.free, counts.reserved) == (used, 20 - used, 0)
    assert breaches() == []


def test_release_use_and_fault_of_one_port_at_once() -> None:
    town = make.town(ports=1)
    for n in range(8):
        held = services.reserve_port(order_ref=f"O{n}", equipment_id=town.box, by=BY, at=AT)
        at_once([
            partial(services.confirm_reservation, reservation_id=held.id, token=held.token, service_ref=f"S{n}", by=BY, at=AT),
            partial(services.release_reservation, reservation_id=held.id, token=held.token, by=BY, at=AT),
            partial(services.release_order, order_ref=f"O{n}", by=BY, at=AT),
            partial(services.report_port_faulty, port_id=town.ports[0], by=BY, at=AT),
        ])
        assert breaches() == []
        services.mend_port(port_id=town.ports[0], by=BY, at=AT)
        services.free_ports_of_service(service_ref=f"S{n}", reason="x", by=BY, at=AT)
        assert queries.port_counts(by=BY).free == 1


def test_items_sent_counted_and_reserved_at_once() -> None:
    """One thing happens to each item; a paper over several moves all or none."""
    store = make.store(items=6)
    at_once([
        partial(services.send_transfer, from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[:4], by=BY, at=AT),
        partial(services.send_transfer, from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[5:1:-1], by=BY, at=AT),
        partial(services.hand_out_item, item_id=store.items[3], service_ref="x", by=BY, at=AT),
        partial(services.reserve_item, order_ref="O1", item_id=store.items[2], by=BY, at=AT),
        partial(services.report_item_lost, item_id=store.items[0], reason="x", by=BY, at=AT),
        partial(services.scrap_item, item_id=store.items[5], reason="x", by=BY, at=AT),
    ])
    everywhere = queries.items_of_place(store.warehouse, by=BY) + queries.items_of_place(store.hall, by=BY)
    assert sorted(item.id for item in everywhere) == store.items
    assert breaches() == []


def test_a_second_card_with_the_same_number_received_at_once() -> None:
    store = make.store(items=0)
    card = make.sim()
    answers = at_once([partial(services.receive_items, stock_place_id=store.warehouse, model_code=store.model, items=[card], by=BY, at=AT)] * 6)
    assert sum(1 for answer in answers if isinstance(answer, errors.SerialTaken)) == 5
    assert len(make.items_at(store.warehouse)) == 1
    assert breaches() == []
