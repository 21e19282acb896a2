"""Stock by serial: received, moved, sent, counted, reserved; what runs low is said once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.models import StockItem
from tongke.areas.resource.services import ItemDraft
from tongke.kernel.actor import acting
from tongke.kernel.bulk import SourceRow
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
BY = make.planner(3301, "唐蕾")
BOSS = make.planner(3301, "孙丽")
AT = make.AT
SOON = AT + timedelta(hours=1)


def hand(store: make.Store, place: str = "warehouse") -> queries.OnHand:
    """What lies at a place of the store."""
    found = queries.stock_on_hand(stock_place_id=getattr(store, place), model_code=store.model, by=BY)
    assert len(found) == 1, found
    return found[0]


def told(name: str) -> list[dict[str, object]]:
    """The payloads of the events of this name."""
    with acting(make.GROUP):
        return list(OutboxEvent.objects.filter(name=f"resource.{name}.v1").order_by("occurred_at", "id").values_list("payload", flat=True))


def test_received_by_hand() -> None:
    store = make.store(items=3)
    assert hand(store).available == 3
    assert told("stock_received")[0]["quantity"] == 3
    first = queries.items_of_place(store.warehouse, by=BY)[0]
    assert (first.state, first.kind, first.place_name) == ("in_stock", "sim", "杭州仓")
    assert queries.items_by_serial(f" {first.serial[:6]} {first.serial[6:]}", by=BY)[0].id == first.id
    assert [move.verb for move in queries.item_history(first.id, by=BY)] == ["receive"]


def test_all_wrong_serials_are_told_at_once_and_nothing_is_received() -> None:
    store = make.store(items=0)
    good = make.sim()
    with pytest.raises(RulesBroken) as refusal:
        services.receive_items(stock_place_id=store.warehouse, model_code=store.model, by=BY, at=AT, items=[
            good, good, ItemDraft(serial="8986001234567890123", imsi="460031234567890"), ItemDraft(serial=make.iccid(), imsi="12"),
        ])
    assert [b.code for b in refusal.value.broken] == ["RES-78", "RES-60", "RES-61"]
    assert queries.items_of_place(store.warehouse, by=BY) == []


def test_a_serial_is_recorded_once_in_the_whole_house() -> None:
    store, other = make.store(items=0), make.store(items=0, org_id=3302)
    card = make.sim()
    services.receive_items(stock_place_id=store.warehouse, model_code=store.model, items=[card], by=BY, at=AT)
    with pytest.raises(errors.SerialTaken):
        services.receive_items(stock_place_id=store.warehouse, model_code=store.model, items=[make.sim(), card], by=BY, at=AT)
    with pytest.raises(errors.SerialTaken):
        services.receive_items(stock_place_id=other.warehouse, model_code=other.model, items=[card], by=make.planner(3302), at=AT)
    assert hand(store).available == 1


def test_received_by_file() -> None:
    store = make.store(items=0)
    cards = [make.sim() for _n in range(3)]
    rows = [SourceRow("cards.csv", n + 2, {
        "model": store.model, "stock_place": f"{queries.stock_places(by=BY)[-1].code}", "serial": card.serial, "imsi": card.imsi, "delivery_no": "D-1",
    }) for n, card in enumerate([*cards, cards[0], ItemDraft(serial="123", imsi=make.sim().imsi)])]
    result = services.receive_item_row.take(rows, by=BY, at=AT)
    assert (result.read, result.created) == (5, 3)
    assert [(r.row.number, r.code) for r in result.rejects] == [(5, "RES-67"), (6, "RES-60")]
    with acting(BY):
        assert queries.deliveries_visible_to(BY).filter(number="D-1").count() == 1


def test_an_activation_code_is_sealed() -> None:
    store = make.store(items=0)
    services.record_item_model(code="ESIM-1", kind="esim", name_zh="eSIM", name_en="eSIM", by=BY, at=AT)
    code = "LPA:1$smdp.example$K2-1ABC"
    services.receive_items(
        stock_place_id=store.warehouse, model_code="ESIM-1", items=[ItemDraft(serial=make.iccid(), activation_code=code)], by=BY, at=AT)
    (item,) = queries.items_of_place(store.warehouse, by=BY)
    with acting(make.GROUP):
        assert code.encode() not in bytes(StockItem.objects.get(id=item.id).activation_cipher or b"")
    assert queries.activation_code(item.id, by=BY) == code


def test_a_handset_carries_its_warranty() -> None:
    store = make.store(items=0)
    services.record_item_model(code="H1", kind="handset", name_zh="手机", name_en="Handset", warranty_months=12, by=BY, at=AT)
    services.receive_items(stock_place_id=store.warehouse, model_code="H1", items=[ItemDraft(serial=make.imei())], by=BY, at=AT)
    assert queries.items_of_place(store.warehouse, by=BY)[0].warranty_until == date(2027, 11, 2)


def test_a_warranty_begins_on_the_day_that_it_is_at_the_place() -> None:
    store, night = make.store(items=0), datetime(2026, 11, 2, 16, 30, tzinfo=UTC)  # half past midnight of the 3rd in Hangzhou
    services.record_item_model(code="H1", kind="handset", name_zh="手机", name_en="Handset", warranty_months=12, by=BY, at=AT)
    services.receive_items(stock_place_id=store.warehouse, model_code="H1", items=[ItemDraft(serial=make.imei())], by=BY, at=night)
    assert queries.items_of_place(store.warehouse, by=BY)[0].warranty_until == date(2027, 11, 3)


def test_a_life_of_one_item() -> None:
    store = make.store(items=1)
    (item,) = store.items
    services.hand_out_item(item_id=item, service_ref="line-1", by=BY, at=AT)
    with pytest.raises(errors.ItemElsewhere):
        services.hand_out_item(item_id=item, service_ref="line-2", by=BY, at=AT)
    services.install_item(item_id=item, service_ref="line-1", by=BY, at=AT)
    services.take_back_item(item_id=item, stock_place_id=store.hall, by=BY, at=AT)
    services.report_item_faulty(item_id=item, reason="读不出", by=BY, at=AT)
    services.send_item_to_repair(item_id=item, by=BY, at=AT)
    services.mend_item(item_id=item, by=BY, at=AT)
    assert hand(store, "hall").available == 1
    services.report_item_lost(item_id=item, reason="丢失", by=BY, at=AT)
    services.find_item(item_id=item, stock_place_id=store.warehouse, reason="找到", by=BY, at=AT)
    services.scrap_item(item_id=item, reason="损坏", by=BY, at=AT)
    for act in (services.restock_item, services.mend_item, services.take_back_item):
        with pytest.raises(errors.ItemElsewhere):
            act(item_id=item, by=BY, at=AT)
    assert [move.verb for move in reversed(queries.item_history(item, by=BY))] == [
        "receive", "hand_out", "install", "take_back", "report_faulty", "send_to_repair", "mend", "lose", "find", "scrap"]
    assert len(told("stock_item_moved")) == 9


def test_low_stock_is_said_once_and_over_once() -> None:
    store = make.store(items=3)
    services.set_stock_level(stock_place_id=store.warehouse, model_code=store.model, low_at=1, target=5, by=BY, at=AT)
    assert told("stock_low") == []
    for item in store.items:
        services.hand_out_item(item_id=item, service_ref="x", by=BY, at=AT)
    assert [(row["left"], row["target"]) for row in told("stock_low")] == [(1, 5)]
    assert [row.available for row in queries.stock_on_hand(low_only=True, by=BY)] == [0]
    services.receive_items(stock_place_id=store.warehouse, model_code=store.model, items=[make.sim(), make.sim()], by=BY, at=SOON)
    assert [row["left"] for row in told("stock_plenty_again")] == [2]
    assert queries.stock_on_hand(low_only=True, by=BY) == []


def test_a_transfer_with_two_ends() -> None:
    store = make.store(items=3)
    services.reserve_item(order_ref="O1", item_id=store.items[2], by=BY, at=AT)
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    assert (hand(store, "hall").on_way, hand(store, "hall").available) == (3, 0)
    with pytest.raises(errors.ItemElsewhere):
        services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[:1], by=BY, at=AT)
    serials = [line.serial for line in queries.transfer_lines(sent, by=BY)]
    assert services.receive_transfer(transfer_id=sent, serials=serials, by=BOSS, at=SOON) == "received"
    there = hand(store, "hall")
    assert (there.available, there.reserved, there.on_way) == (2, 1, 0)
    with pytest.raises(IllegalMove):
        services.receive_transfer(transfer_id=sent, serials=serials, by=BOSS, at=SOON)


def test_differences_are_recorded_and_settled_by_a_second_person() -> None:
    store = make.store(items=4)
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    serials = [line.serial for line in queries.transfer_lines(sent, by=BY)]
    assert services.receive_transfer(transfer_id=sent, serials=[serials[0], "89860099"], by=BOSS, at=SOON) == "different"
    findings = {line.serial: line.finding for line in queries.transfer_lines(sent, by=BY)}
    assert findings == {serials[0]: "received", serials[1]: "missing", serials[2]: "missing", serials[3]: "missing", "89860099": "extra"}
    for person in (BY, BOSS):
        with pytest.raises(errors.SecondPersonNeeded):
            services.settle_transfer(transfer_id=sent, returned=[serials[1]], reason="查", by=person, at=SOON)
    with pytest.raises(errors.ItemElsewhere):
        services.settle_transfer(transfer_id=sent, arrived=[serials[0]], reason="查", by=BOSS, at=SOON)
    third = make.planner(3301, "何伟")
    assert services.settle_transfer(transfer_id=sent, returned=[serials[1]], arrived=[serials[2]], reason="查", by=third, at=SOON) == 1
    assert (hand(store).available, hand(store, "hall").available) == (1, 2)
    assert [item.state for item in queries.items_by_serial(serials[3], by=BY)] == ["lost"]


def test_a_transfer_to_another_organisation_changes_who_owns_it() -> None:
    store = make.store(items=2, hall_org=3302)
    there = make.planner(3302, "赵磊")
    assert queries.items_by_serial(queries.items_of_place(store.warehouse, by=BY)[0].serial, by=there) == []
    sent = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items, by=BY, at=AT)
    with pytest.raises(NotFound):
        services.receive_transfer(transfer_id=sent, serials=[], by=BY, at=SOON)
    serials = [line.serial for line in queries.transfer_lines(sent, by=there)]
    assert services.receive_transfer(transfer_id=sent, serials=serials, by=there, at=SOON) == "received"
    assert len(queries.items_of_place(store.hall, by=there)) == 2
    assert queries.items_of_place(store.hall, by=BY) == []


def test_a_stocktake() -> None:
    store = make.store(items=4)
    moved_on, lost, reserved, seen = store.items
    serial = {item.id: item.serial for item in queries.items_of_place(store.warehouse, by=BY)}
    held = services.reserve_item(order_ref="O1", item_id=reserved, by=BY, at=AT - timedelta(minutes=1))
    elsewhere = make.sim()
    services.receive_items(stock_place_id=store.hall, model_code=store.model, items=[elsewhere], by=BY, at=AT)
    count = services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    with pytest.raises(errors.CountRunning):
        services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    services.hand_out_item(item_id=moved_on, service_ref="x", by=BY, at=AT + timedelta(minutes=5))
    found = services.scan_count(count_id=count, serials=[serial[seen], elsewhere.serial, "NOBODY-KNOWS", serial[seen]], by=BY, at=SOON)
    assert found == {"expected": 3, "found": 1, "surplus": 1, "unknown": 1}
    assert services.finish_count(count_id=count, by=BY, at=SOON) == {"missing": 3, "found": 1, "surplus": 1, "unknown": 1}
    with pytest.raises(errors.SecondPersonNeeded):
        services.close_count(count_id=count, reason="盘亏", by=BY, at=SOON)
    assert services.close_count(count_id=count, reason="盘亏", by=BOSS, at=SOON) == 2
    states = {item.id: item.state for item in queries.items_of_place(store.warehouse, by=BY)}
    assert (states[lost], states[reserved], states[seen], states[moved_on]) == ("lost", "lost", "in_stock", "handed_out")
    assert queries.items_by_serial(elsewhere.serial, by=BY)[0].stock_place_id == store.warehouse
    assert [row["order_ref"] for row in told("reservation_lost")] == ["O1"]
    with pytest.raises(errors.ReservationOver):
        services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="x", by=BY, at=SOON)
    with pytest.raises(IllegalMove):
        services.scan_count(count_id=count, serials=[serial[lost]], by=BY, at=SOON)


def test_a_count_without_losses_needs_no_second_person() -> None:
    store = make.store(items=2)
    count = services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)
    services.scan_count(count_id=count, serials=[i.serial for i in queries.items_of_place(store.warehouse, by=BY)], by=BY, at=AT)
    services.finish_count(count_id=count, by=BY, at=AT)
    assert services.close_count(count_id=count, by=BY, at=AT) == 0
    services.open_count(stock_place_id=store.warehouse, by=BY, at=AT)


def test_items_are_reserved_used_and_given_back() -> None:
    store = make.store(items=2)
    held = services.reserve_item(order_ref="O1", model_code=store.model, stock_place_id=store.warehouse, quantity=2, by=BY, at=AT)
    with pytest.raises(errors.NoneInStock):
        services.reserve_item(order_ref="O2", model_code=store.model, stock_place_id=store.warehouse, by=BY, at=AT)
    with pytest.raises(errors.ItemElsewhere):
        services.hand_out_item(item_id=held.item_ids[0], service_ref="x", by=BY, at=AT)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-1", handed="installed", by=BY, at=SOON)
    assert [item.state for item in queries.items_of_place(store.warehouse, by=BY)] == ["installed", "installed"]
    assert {item.service_ref for item in queries.items_of_place(store.warehouse, by=BY)} == {"line-1"}


def test_more_than_there_is_reserves_nothing() -> None:
    store = make.store(items=2)
    with pytest.raises(errors.NoneInStock):
        services.reserve_item(order_ref="O1", model_code=store.model, stock_place_id=store.warehouse, quantity=3, by=BY, at=AT)
    assert len(make.items_at(store.warehouse)) == 2


def test_available_to_promise_is_where_it_lies() -> None:
    store = make.store(items=3)
    services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[:1], by=BY, at=AT)
    assert [(row.place_name, row.available) for row in queries.available_to_promise(store.model, by=BY)] == [("杭州仓", 2)]
    assert queries.available_to_promise("unknown", by=BY) == []


def test_others_see_no_stock() -> None:
    store = make.store(items=2)
    stranger = make.planner(3302)
    assert queries.stock_on_hand(by=stranger) == []
    assert queries.items_of_place(store.warehouse, by=stranger) == []
    with pytest.raises(NotFound):
        services.hand_out_item(item_id=store.items[0], service_ref="x", by=stranger, at=AT)
    with pytest.raises(NotFound):
        services.open_count(stock_place_id=store.warehouse, by=stranger, at=AT)
