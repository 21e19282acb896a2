"""Stock on its pages: the board, deliveries by hand and file, transfers with a gap, stocktakes, and who may do what."""

from __future__ import annotations

import re
from html import escape

import pytest
from django.test import Client

from tests.factories import network as make
from tests.factories import staff
from tests.web.figures import linked, rows_behind
from tongke.areas.resource import queries, services
from tongke.kernel import clock

pytestmark = pytest.mark.django_db
BY = make.planner(3301, "孙丽")


def keeper(name: str = "tanglei", *roles: str) -> Client:
    """A stock keeper of Hangzhou."""
    return staff.signed_in_at(3301, *(roles or ("stock_keeper",)), username=name, locale="en")


def text(client: Client, address: str) -> str:
    """The page at an address."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def sent(store: make.Store, count: int = 3) -> str:
    """A transfer of ``count`` cards to the hall, sent by somebody else."""
    return str(services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[:count], by=BY, at=clock.now()))


def test_the_board_leads_to_the_rows() -> None:
    store = make.store(items=4)
    services.set_stock_level(stock_place_id=store.hall, model_code=store.model, low_at=2, target=9, by=BY, at=make.AT)
    page = text(keeper(), "/stock")
    assert f"place={store.warehouse}" in page
    assert "0 left of 9" in page
    assert f"to={store.hall}" in page


def everything(stores: tuple[make.Store, ...]) -> None:
    """In each store one item of every state that the board counts, one on its way, and a level that is not reached."""
    for store, org in zip(stores, (3301, 3302), strict=True):
        by, at = make.planner(org), clock.now()
        spoilt, mended, back, kept, *gone = store.items[:6]
        services.report_item_faulty(item_id=spoilt, reason="dead", by=by, at=at)
        services.report_item_faulty(item_id=mended, reason="dead", by=by, at=at)
        services.send_item_to_repair(item_id=mended, by=by, at=at)
        services.hand_out_item(item_id=back, service_ref="L-1", by=by, at=at)
        services.take_back_item(item_id=back, by=by, at=at)
        services.reserve_item(order_ref=f"OR-{org}", model_code=store.model, stock_place_id=store.warehouse, by=by, at=at)
        sent = [item for item in (kept, *gone) if queries.item_seen(item, by=by).state == "in_stock"]
        services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=sent[:1], by=by, at=at)
        services.set_stock_level(stock_place_id=store.hall, model_code=store.model, low_at=2, target=9, by=by, at=at)


@pytest.mark.parametrize("narrowed", ["", "place_kind=hall", "place_kind=warehouse"])
def test_every_figure_of_the_board_counts_the_rows_behind_it(narrowed: str) -> None:
    """For one network of two in sight, whatever kind of place is shown: a figure and its link mean the same."""
    everything((make.store(items=9), make.store(items=8, org_id=3302)))
    client = staff.signed_in_at(33, "stock_keeper", username="zhejiang", locale="en")
    for org in (3301, 3302):
        page = text(client, f"/stock?org={org}&{narrowed}")
        counted = linked(page, to="/stock/items?") | linked(page, to="/stock/levels?")
        assert len(counted) >= 6
        assert counted == rows_behind(client, counted)


def test_papers_that_wait_are_counted_beyond_those_shown() -> None:
    """Eight transfers on their way and a stocktake: the board shows some of them, and leads to exactly all of them."""
    store = make.store(items=9)
    for item in store.items[:8]:
        services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=[item], by=BY, at=clock.now())
    client = keeper()
    services.open_count(stock_place_id=store.warehouse, by=BY, at=clock.now())
    page = text(client, "/stock")
    assert re.search(r"Transfers to be seen to</h2><span class=\"tk-count\">8</span>", page)
    assert re.search(r"Stocktakes to be seen to</h2><span class=\"tk-count\">1</span>", page)
    counted = {"/stock/transfers?state=sent&state=different": 8, "/stock/counts?state=open&state=counted": 1}
    assert all(f'href="{escape(address)}"' in page for address in counted)
    assert rows_behind(client, counted) == counted


def test_every_page_of_the_section_opens() -> None:
    store = make.store(items=2)
    client = keeper()
    for address in ("items", "deliveries", "receive", "receive/file", "files", "transfers", "transfers/new", "counts", "counts/new", "levels", "levels/new?place=x",
                    "models", "models/new", "places", "places/new", "suppliers", "suppliers/new", f"items/{store.items[0]}", f"items?place={store.hall}"):
        text(client, f"/stock/{address}")


def test_who_only_looks_has_no_buttons_and_is_refused() -> None:
    store = make.store(items=1)
    agent = staff.signed_in_at(3301, "agent", username="zhoujie", locale="en")
    assert "/stock/receive" not in text(agent, "/stock")
    assert agent.post(f"/stock/items/{store.items[0]}/scrap", {"reason": "broken"}).status_code == 403
    assert agent.get("/stock/transfers/new").status_code == 403


def test_received_by_hand_all_or_none() -> None:
    store = make.store(items=0)
    good, bad = make.sim(), "8986001234567890123 460031234567890"
    form = {"stock_place_id": str(store.warehouse), "model_code": store.model, "lines": f"{good.serial} {good.imsi}\n{bad}"}
    client = keeper()
    answer = client.post("/stock/receive", form)
    assert answer.status_code == 422
    assert "RES-60" in answer.content.decode()
    assert client.post("/stock/receive", form | {"lines": f"{good.serial},{good.imsi}"}).status_code == 302
    assert [item.serial for item in queries.items_of_place(store.warehouse, by=BY)] == [good.serial]


def test_a_transfer_with_a_gap_is_settled_by_a_second_person() -> None:
    store = make.store(items=3)
    transfer = sent(store)
    serials = [line.serial for line in queries.transfer_lines(transfer, by=BY)]
    client = keeper()
    assert client.post(f"/stock/transfers/{transfer}/receive", {"serial": serials[:2]}).status_code == 302
    assert "What became of the missing ones?" in text(client, f"/stock/transfers/{transfer}")
    said = {f"serial-{serials[2]}": "lost", "reason": "not in the box"}
    refused = client.post(f"/stock/transfers/{transfer}/settle", said)
    assert refused.status_code == 403
    assert "RES-70" in refused.content.decode()
    assert keeper("sunli", "supervisor").post(f"/stock/transfers/{transfer}/settle", said).status_code == 302
    assert "Differences settled" in text(client, f"/stock/transfers/{transfer}")


def test_sending_says_what_cannot_be_sent() -> None:
    store = make.store(items=2)
    form = {"from_place_id": str(store.warehouse), "to_place_id": str(store.hall), "model_code": store.model, "quantity": "5"}
    client = keeper()
    assert "Only 2 can be had there" in client.post("/stock/transfers/new", form).content.decode()
    assert "Nobody knows these serials" in client.post("/stock/transfers/new", form | {"quantity": "", "serials": "NOPE-1"}).content.decode()
    assert client.post("/stock/transfers/new", form | {"quantity": "2"}).status_code == 302
    assert queries.items_of_place(store.warehouse, state="in_stock", by=BY) == []


def test_a_count_is_scanned_finished_and_closed() -> None:
    store = make.store(items=2)
    client = keeper()
    opened = client.post("/stock/counts/new", {"stock_place_id": str(store.warehouse)})
    address = opened["Location"]
    serial = queries.item_seen(store.items[0], by=BY).serial
    part = client.post(f"{address}/scan", {"serials": serial}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="count-body").content.decode()
    assert "<html" not in part
    assert serial in part
    assert client.post(f"{address}/finish").status_code == 302
    assert client.post(f"{address}/close", {"reason": "looked everywhere"}).status_code == 403
    assert keeper("sunli", "supervisor").post(f"{address}/close", {"reason": "looked everywhere"}).status_code == 302
    assert queries.item_seen(store.items[1], by=BY).state == "lost"


def test_an_item_is_reported_with_a_reason() -> None:
    store = make.store(items=1)
    address = f"/stock/items/{store.items[0]}"
    client = keeper()
    assert client.post(f"{address}/lost", {"reason": ""}).status_code == 422
    assert client.post(f"{address}/lost", {"reason": "stolen"}).status_code == 302
    page = text(client, address)
    assert "stolen" in page
    assert f"{address}/find" in page
    assert client.get(f"{address}/fly").status_code == 404


def test_others_stock_is_not_seen() -> None:
    store = make.store(items=1)
    other = staff.signed_in_at(3302, "stock_keeper", username="ningbo", locale="en")
    assert other.get(f"/stock/items/{store.items[0]}").status_code == 404
    assert str(store.warehouse) not in text(other, "/stock")


def test_where_to_send_is_chosen_and_never_the_first_of_the_list() -> None:
    make.store(items=1, hall_org=3302)
    page = text(keeper(), "/stock/transfers/new")
    chosen = page[page.index('name="to_place_id"'):]
    assert chosen.index('<option value=""') < chosen.index("武林营业厅")
    assert chosen.index("杭州仓") < chosen.index("武林营业厅")


def test_files_belong_to_the_deliveries() -> None:
    page = text(keeper(), "/stock/files")
    assert re.search(r'href="/stock/deliveries" aria-current="page"', page)


@pytest.mark.parametrize(("locale", "name"), [("en", "Tang Lei"), ("zh-hans", "唐蕾")])
def test_people_are_named_in_the_readers_language(locale: str, name: str) -> None:
    """Who sent, received, counted, delivered or moved something is told by name, on lists and papers alike."""
    store, keeps = make.store(items=2), staff.person("tanglei", org_id=3301, roles=("stock_keeper",), name="唐蕾", name_en="Tang Lei")
    by, at = staff.actor(keeps), clock.now()
    transfer = services.send_transfer(from_place_id=store.warehouse, to_place_id=store.hall, item_ids=store.items[:1], by=by, at=at)
    services.receive_items(stock_place_id=store.warehouse, model_code=store.model, items=[make.sim()], by=by, at=at)
    count = services.open_count(stock_place_id=store.warehouse, by=by, at=at)
    services.scan_count(count_id=count, serials=[queries.item_seen(store.items[1], by=by).serial], by=by, at=at)
    client = staff.signed_in_at(3301, "stock_keeper", username="reader", name="读者", locale=locale)
    for address in ("transfers", f"transfers/{transfer}", "deliveries", "counts", f"counts/{count}", f"items/{store.items[0]}"):
        page = text(client, f"/stock/{address}")
        assert name in page, address
        assert "tanglei" not in page, address
