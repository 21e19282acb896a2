"""Stock where papers cross: counts beside orders and counters, transfers whose items went another way, places of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.errors.stock import OtherEndSays
from tongke.areas.resource.services import ItemDraft
from tongke.kernel.bulk import SourceRow
from tongke.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
BY = make.planner(3301, "唐蕾")
BOSS = make.planner(3301, "孙丽")
AT = make.AT
SOON = AT + timedelta(hours=1)


def state_of(item: Any, *, by: Any = make.GROUP) -> tuple[str, int]:
    """State and organisation of an item."""
    seen = queries.item_seen(item, by=by)
    return seen.state, seen.org_id


def serials_of(store: make.Store) -> dict[Any, str]:
    """The serials of the warehouse's items by id."""
    return {item.id: item.serial for item in queries.items_of_place(store.warehouse, by=BY)}


def test_what_is_reserved_while_it_is_counted_is_lost_all_the_same() -> None:
    """A reservation moves nothing: who did not see the item did not see it, and the order is told."""
    store = make.store(items=2)
    serial = serials_of(store)
    count = services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    services.reserve_item(order_ref="O1", item_id=store.items[0], by=BY, at=AT + timedelta(minutes=5))
    services.scan_count(count_id=count, serials=[serial[store.items[1]]], by=BY, at=SOON)
    services.finish_count(count_id=count, by=BY, at=SOON)
    assert services.close_count(count_id=count, reason="盘亏", by=BOSS, at=SOON) == 1
    assert state_of(store.items[0])[0] == "lost"


def test_what_left_and_came_back_while_it_was_counted_is_not_lost() -> None:
    store = make.store(items=1)
    count = services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    services.hand_out_item(item_id=store.items[0], service_ref="x", by=BY, at=AT + timedelta(minutes=5))
    services.take_back_item(item_id=store.items[0], by=BY, at=AT + timedelta(minutes=6))
    services.restock_item(item_id=store.items[0], by=BY, at=AT + timedelta(minutes=7))
    services.finish_count(count_id=count, by=BY, at=SOON)
    assert services.close_count(count_id=count, by=BOSS, at=SOON) == 0
    assert state_of(store.items[0])[0] == "in_stock"


@pytest.mark.parametrize("broken", [False, True])
def test_what_came_back_or_is_broken_is_missed_too(broken: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Returned and faulty items lie on the shelf like others: a stocktake expects them, so it may lose them."""
    store = make.store(items=1)
    services.hand_out_item(item_id=store.items[0], service_ref="x", by=BY, at=AT - timedelta(hours=2))
    services.take_back_item(item_id=store.items[0], by=BY, at=AT - timedelta(hours=1))
    if broken:
        services.report_item_faulty(item_id=store.items[0], reason="坏", by=BY, at=AT - timedelta(minutes=30))
    count = services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    assert services.finish_count(count_id=count, by=BY, at=SOON) == {"missing": 1}
    assert services.close_count(count_id=count, reason="盘亏", by=BOSS, at=SOON) == 1
    assert state_of(store.items[0])[0] == "lost"


def test_nothing_on_its_way_is_given_up_by_one_person() -> None:
    """Losses of a transfer are settled at the transfer, by somebody who neither sent nor received."""
    store = make.store(items=2)
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    with pytest.raises(errors.ItemElsewhere):
        services.report_item_lost(item_id=store.items[0], reason="x", by=BY, at=SOON)
    serials = [line.serial for line in queries.transfer_lines(sent, by=BY)]
    assert services.receive_transfer(transfer_id=sent, serials=serials, by=BOSS, at=SOON) == "received"


def test_serials_are_received_as_they_are_scanned() -> None:
    """Blank lines are nothing, and a number in groups or small letters is the same number."""
    store = make.store(items=2)
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    first, second = (line.serial for line in queries.transfer_lines(sent, by=BY))
    assert services.receive_transfer(transfer_id=sent, serials=[f" {first} ", "", "  ", f"{second[:6]} {second[6:]}"], by=BOSS, at=SOON) == "received"


def test_the_receiving_end_does_not_write_off_what_is_still_the_sender_s() -> None:
    store = make.store(items=2, hall_org=3302)
    there, chief = make.planner(3302, "赵磊"), make.planner(3302, "钱进")
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    first, second = (line.serial for line in queries.transfer_lines(sent, by=BY))
    assert services.receive_transfer(transfer_id=sent, serials=[first], by=there, at=SOON) == "different"
    with pytest.raises(OtherEndSays):
        services.settle_transfer(transfer_id=sent, reason="途中丢失", by=chief, at=SOON)
    assert [item.state for item in queries.items_by_serial(second, by=BY)] == ["in_transit"]
    assert services.settle_transfer(transfer_id=sent, arrived=[second], reason="晚到", by=chief, at=SOON) == 0


def test_the_sending_end_may_write_off_what_never_came() -> None:
    store = make.store(items=1, hall_org=3302)
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    services.receive_transfer(transfer_id=sent, serials=[], by=make.planner(3302, "赵磊"), at=SOON)
    assert services.settle_transfer(transfer_id=sent, reason="途中丢失", by=BOSS, at=SOON) == 1
    assert state_of(store.items[0]) == ("lost", 3301)


def test_what_is_taken_back_elsewhere_belongs_there() -> None:
    """A card that was sold in Hangzhou and is taken back in Ningbo lies in Ningbo, and belongs to it."""
    store = make.store(items=1, hall_org=3302)
    province = make.planner(33, "郑楠").__class__(name="郑楠", org_id=33, scope=(33, 3301, 3302), permissions=frozenset({"*"}))
    services.hand_out_item(item_id=store.items[0], service_ref="x", by=BY, at=AT)
    services.take_back_item(item_id=store.items[0], stock_place_id=store.hall, by=province, at=SOON)
    assert state_of(store.items[0]) == ("returned", 3302)
    assert [row.returned for row in queries.stock_on_hand(stock_place_id=store.hall, by=make.planner(3302))] == [1]


@pytest.mark.parametrize("act", [
    lambda store, by: services.receive_items(stock_place_id=store.warehouse, model_code=store.model, items=[make.sim()], by=by, at=AT),
    lambda store, by: services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=by, at=AT),
    lambda store, by: services.set_stock_level(stock_place_id=store.warehouse, model_code=store.model, low_at=1, target=2, by=by, at=AT),
    lambda store, by: services.reserve_item(order_ref="O", model_code=store.model, stock_place_id=store.warehouse, by=by, at=AT),
    lambda store, by: services.find_item(item_id=store.items[0], stock_place_id=store.warehouse, reason="x", by=by, at=AT),
])
def test_the_place_of_another_organisation_is_not_written(act: Any) -> None:
    """Everybody reads where others' stock lies (to send something there); nobody else writes what lies there."""
    store = make.store(items=1)
    with pytest.raises(NotFound):
        act(store, make.planner(3302, "赵磊"))
    assert queries.stock_on_hand(stock_place_id=store.warehouse, by=BY)[0].available == 1


def test_a_file_for_the_place_of_another_organisation_is_told_row_by_row() -> None:
    store = make.store(items=0)
    code = next(place.code for place in queries.stock_places(by=BY) if place.id == store.warehouse)
    card = make.sim()
    rows = [SourceRow("x.csv", 2, {"model": store.model, "stock_place": code, "serial": card.serial, "imsi": card.imsi})]
    result = services.receive_item_row.take(rows, by=make.planner(3302), at=AT)
    assert [reject.row.number for reject in result.rejects] == [2]
    assert result.created == 0


def test_the_number_that_is_taken_is_named_even_where_others_keep_it() -> None:
    ours, theirs = make.store(items=0), make.store(items=0, org_id=3302)
    card = make.sim()
    services.receive_items(stock_place_id=theirs.warehouse, model_code=theirs.model, items=[card], by=make.planner(3302), at=AT)
    with pytest.raises(errors.SerialTaken) as refusal:
        services.receive_items(stock_place_id=ours.warehouse, model_code=ours.model, items=[make.sim(), ItemDraft(serial=card.serial, imsi=make.sim().imsi)], by=BY, at=AT)
    assert card.serial in str(refusal.value)
