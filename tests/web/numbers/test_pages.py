"""The number desk's pages: what each shows, to whom, and how refusals are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.areas.resource.numbers import planted
from tests.factories import staff
from tests.web.figures import linked, rows_behind
from tongke.areas.resource import services
from tongke.areas.resource.models import GradeSchedule, Number, NumberHold, NumberPool, NumberRange
from tongke.areas.resource.policy import reservation_policy_at
from tongke.areas.resource.rules.numbers import number_id
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7
from tongke.web.numbers import cards

pytestmark = pytest.mark.django_db
TESTER = planted.TESTER


def at_desk(locale: str = "en") -> Client:
    """Somebody of the number desk of Hangzhou."""
    return staff.signed_in_at(3301, "number_desk", locale=locale)


def at_hall(org_id: int = 3301, **more: Any) -> Client:
    """A clerk of a local network."""
    return staff.signed_in_at(org_id, "clerk", locale="en", **more)


def said(answer: Any, status: int = 200) -> str:
    """Return a page's text, its status told apart."""
    text: str = answer.content.decode()
    assert answer.status_code == status, text[-800:]
    return text


def state_of(number: str) -> str:
    """Return a number's state."""
    with acting(TESTER):
        return str(Number.objects.get(number=number).state)


def test_the_board_draws_every_pool_and_each_figure_leads_to_its_rows() -> None:
    """Counts, a bar in parts and addresses of rows; a pool below its mark is told first."""
    desk = planted.desk(20)
    with acting(TESTER):
        services.change_pool(pool_id=desk.pool_id, version=1, change=services.PoolChange(dry_below=50), by=TESTER, at=clock.now())
    page = said(at_desk().get("/numbers"))
    assert "1 pool runs dry" in page
    assert f"/numbers/list?pool={desk.pool_id}&amp;state=free" in page
    assert page.count('class="card tk-pool tk-pool-low"') == 1
    assert 'class="card tk-pool' not in said(at_desk().get("/numbers?kind=fixed"))


@pytest.mark.parametrize("narrowed", ["", "org=3301", "org=3302", "kind=mobile", "low=1", "past=1", "org=3301&past=1"])
def test_every_figure_of_the_board_counts_the_rows_behind_it(narrowed: str) -> None:
    """Pools of two networks, one closed, one that runs dry, a hold of one's own and one that ran out: a figure and its link mean the same."""
    here, there, closed = planted.desk(20), planted.desk(30, org_id=3302, graded=False), planted.desk(10, graded=False)
    at, client = clock.now(), staff.signed_in_at(33, "number_desk", username="provincial", locale="en")
    own = planted.actor("provincial", org_id=33, scope=(33, 3301, 3302, 3303), rights=planted.DESK)
    with acting(TESTER):
        services.hold_number(closed.number(1), by=TESTER, at=at)
        services.close_pool(pool_id=closed.pool_id, by=TESTER, at=at)
        services.change_pool(pool_id=there.pool_id, version=1, change=services.PoolChange(dry_below=50), by=TESTER, at=at)
        services.block_number(number=here.number(2), reason="court", by=TESTER, at=at)
        services.claim_number(number=here.number(3), assigned_to=uuid7(), by=TESTER, at=at)
    services.hold_number(here.number(4), by=own, at=at)
    services.hold_number(here.number(5), by=own, at=at - timedelta(days=1))
    page = said(client.get(f"/numbers?{narrowed}"))
    counted = linked(page, to="/numbers/list?") | linked(page, to="/numbers/holds?")
    assert len(counted) >= 6
    assert counted == rows_behind(client, counted)
    assert linked(page, to="/numbers?low=1") == {"/numbers?low=1": 1}
    assert said(client.get("/numbers?low=1")).count('class="card tk-pool tk-pool-low"') == 1


def test_a_card_of_the_home_counts_the_rows_behind_it() -> None:
    """What the desk's home tells of free, cooling and held numbers is what the lists show: closed pools and holds that ran out are no part of it."""
    here, closed, at = planted.desk(20), planted.desk(10, graded=False), clock.now()
    with acting(TESTER):
        services.close_pool(pool_id=closed.pool_id, by=TESTER, at=at)
    services.hold_number(here.number(4), by=planted.DESK_CLERK, at=at)
    services.hold_number(here.number(5), by=planted.DESK_CLERK, at=at - timedelta(days=1))
    client = at_desk()
    with acting(planted.DESK_CLERK):
        told = {card.address: int(str(card.value)) for card in (build(planted.DESK_CLERK, at) for build in (cards.free, cards.cooling, cards.running_holds))}
    assert told == {"/numbers/list?pools=open&state=free": 18, "/numbers/list?pools=open&state=cooling": 0, "/numbers/holds?running=1": 1}
    assert told == rows_behind(client, told)


def test_without_the_right_nothing_is_shown_and_nothing_done() -> None:
    """A clerk sees and holds, but neither blocks nor opens pools; a steward of customers may see nothing here."""
    desk = planted.desk(4)
    clerk = at_hall()
    assert clerk.get("/numbers").status_code == 200
    ident = number_id(desk.number(0))
    for path, data in (("/numbers/pools/new", {}), (f"/numbers/{ident}/block", {"reason": "x"}), (f"/numbers/pools/{desk.pool_id}/close", {}), ("/numbers/files/new", {})):
        assert clerk.post(path, data).status_code == 403, path
    assert state_of(desk.number(0)) == "free"
    other = staff.signed_in(staff.person(org_id=3301, roles=(staff.role("nothing", "staff.own").code,)))
    assert other.get("/numbers").status_code == 403


def test_another_network_sees_neither_pool_nor_number() -> None:
    """Rows are the organisation's own."""
    desk = planted.desk(4)
    ningbo = staff.signed_in_at(3302, "number_desk", locale="en")
    assert ningbo.get(f"/numbers/pools/{desk.pool_id}").status_code == 404
    assert ningbo.get(f"/numbers/{number_id(desk.number(0))}").status_code == 404
    assert "普通号池" not in said(ningbo.get("/numbers"))


@pytest.mark.parametrize(("query", "found", "not_found"), [
    ("q=*0888", 888, 777), ("q=0123", 123, 321), ("q=＊０８８８", 888, 777), ("q=*0444&no_four=on", None, 444), ("grade=1", 888, 123), ("prestore_max=0", 123, 888),
])
def test_search_by_pattern_grade_and_price(query: str, found: int | None, not_found: int) -> None:
    """What fits is shown with its price; what does not fit is not."""
    desk = planted.desk(1000)
    page = said(at_hall().get(f"/numbers/find?{query}&pool={desk.pool_id}"))
    if found is not None and query != "prestore_max=0":
        tail = f"{found:04d}"
        assert desk.number(found) in page or query == "grade=1", tail
    assert f'data-number="{desk.number(not_found)}"' not in page
    if query == "grade=1":
        assert "Grade 1" in page
        assert "¥5,000.00" in page
        assert "24 months" in page


def test_a_pattern_that_is_none_is_told_readably() -> None:
    """Letters are refused with the code and what to write instead."""
    planted.desk(4)
    page = said(at_hall().get("/numbers/find?q=13a"))
    assert "RES-27" in page
    assert "The pattern cannot be read" in page
    assert "138****8888" in page


def test_who_holds_first_has_it_and_may_extend_and_let_go() -> None:
    """The second clerk is refused with the reason; the first lets go and the number is free."""
    desk = planted.desk(4)
    first, second = at_hall(username="first"), at_hall(username="second")
    row = first.post("/numbers/hold", {"number": desk.number(1), "channel": "hall", "order_ref": "O-1"}, HTTP_HX_REQUEST="true")
    assert "is yours until" in said(row)
    assert 'hx-swap-oob="innerHTML"' in row.content.decode()
    refused = second.post("/numbers/hold", {"number": desk.number(1)}, HTTP_ACCEPT="text/html")
    assert refused.status_code == 409
    assert "RES-10" in refused.content.decode()
    with acting(TESTER):
        hold = NumberHold.objects.get(number=desk.number(1), state="open")
    assert hold.order_ref == "O-1"
    assert "is held until" in said(first.post(f"/numbers/holds/{hold.id}/extend", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="mine"))
    assert desk.number(1)[6:] in said(first.get("/numbers/holds?mine=1")).replace(" ", "")
    assert "No row fits" in said(second.get("/numbers/holds?mine=1"))
    assert first.post(f"/numbers/holds/{hold.id}/release").status_code == 302
    assert state_of(desk.number(1)) == "free"
    assert first.post(f"/numbers/holds/{hold.id}/burn").status_code == 404


def test_a_colleagues_hold_is_shown_but_kept_from_other_hands() -> None:
    """Another clerk is offered nothing and refused with what to do, one by one or marked; the number desk may let it go."""
    desk = planted.desk(10)
    holder, other = at_hall(username="limin"), at_hall(username="zhoujie")
    holder.post("/numbers/hold", {"number": desk.number(1), "channel": "hall"})
    with acting(TESTER):
        hold = NumberHold.objects.get(number=desk.number(1), state="open")
    page = f"/numbers/{hold.number_id}"
    act = f"/numbers/holds/{hold.id}/release"
    assert act in said(holder.get(page))
    assert act not in said(other.get(page))
    refused = said(other.post(act, HTTP_ACCEPT="text/html"), 403)
    assert "RES-36" in refused
    assert "number desk" in refused
    assert "RES-36" in said(other.post("/numbers/holds", {"bulk": "release", "row": [str(hold.id)]}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="list"))
    assert state_of(desk.number(1)) == "held"
    boss = at_desk()
    assert act in said(boss.get(page))
    assert boss.post(act).status_code == 302
    assert state_of(desk.number(1)) == "free"


def test_a_hold_is_assigned_to_a_known_line_only() -> None:
    """An unknown line is told beside its field, and the number stays held."""
    desk = planted.desk(4)
    clerk = at_hall()
    clerk.post("/numbers/hold", {"number": desk.number(2)})
    with acting(TESTER):
        hold = NumberHold.objects.get(number=desk.number(2))
    for line in ("13900000000", str(uuid7())):
        page = said(clerk.post(f"/numbers/holds/{hold.id}/assign", {"line": line}), 422)
        assert "WEB-70" in page
    assert state_of(desk.number(2)) == "held"


def test_a_number_tells_its_life_and_what_it_costs() -> None:
    """Every move is a line of the timeline; a fine one tells prestore, floor and term."""
    desk = planted.desk(1000)
    client, number = at_desk(), desk.number(888)
    ident = number_id(number)
    assert client.post(f"/numbers/{ident}/reserve", {"reason": "for the fair"}).status_code == 302
    page = said(client.get(f"/numbers/{ident}"))
    for words in ("Kept back by the desk", "for the fair", "Entered into its pool", "¥2,000.00", "Give back to its pool"):
        assert words in page, words
    assert client.post(f"/numbers/{ident}/reserve", {"reason": "again"}, HTTP_ACCEPT="text/html").status_code == 409
    assert client.post(f"/numbers/{ident}/unreserve").status_code == 302
    assert state_of(number) == "free"
    assert client.get(f"/numbers/of/{number[3:]}").headers["Location"] == f"/numbers/{ident}"


def test_marked_numbers_are_blocked_and_moved() -> None:
    """Bulk verbs tell how many were done; the rows lie in their new pool."""
    desk = planted.desk(6)
    client = at_desk()
    with acting(TESTER):
        other = services.open_pool(code="OTHER", name_zh="另一池", kind="mobile", org_id=3301, by=TESTER, at=clock.now())
    rows = [str(number_id(desk.number(n))) for n in (0, 1)]
    said(client.post("/numbers/list", {"bulk": "block", "row": rows, "reason": "police"}))
    assert [state_of(desk.number(n)) for n in (0, 1, 2)] == ["blocked", "blocked", "free"]
    said(client.post("/numbers/list", {"bulk": "move", "row": [str(number_id(desk.number(3)))], "pool_id": str(other)}))
    with acting(TESTER):
        assert Number.objects.get(number=desk.number(3)).pool_id == other
    page = said(client.get(f"/numbers/list?pool={desk.pool_id}&state=blocked"))
    assert page.count('data-row="/numbers/0') == 2
    assert page.count('data-row="/numbers/0') < said(client.get(f"/numbers/list?pool={desk.pool_id}")).count('data-row="/numbers/0')


def test_a_pool_is_opened_fed_changed_and_closed() -> None:
    """Numbers that feed another pool are refused with that pool's name and ends."""
    desk = planted.desk(10)
    client = at_desk()
    made = client.post("/numbers/pools/new", {"code": "NEW", "name_zh": "新池", "kind": "mobile", "org_id": "3301", "dry_below": "5", "dry_days": "0"})
    assert made.status_code == 302
    with acting(TESTER):
        pool = NumberPool.objects.get(code="NEW")
    refused = said(client.post(f"/numbers/pools/{pool.id}/allot", {"first": desk.number(0), "last": desk.number(3)}), 422)
    assert "RES-03" in refused
    assert "overlap what feeds the pool" in refused
    assert client.post(f"/numbers/pools/{pool.id}/move", {"first": desk.number(0), "last": desk.number(3)}).status_code == 302
    page = said(client.get(f"/numbers/pools/{pool.id}"))
    assert "runs dry" in page
    assert client.post(f"/numbers/pools/{pool.id}/edit", {"name_zh": "新池二", "dry_below": "0", "dry_days": "0"}).status_code == 302
    assert "新池二" in said(client.get(f"/numbers/pools/{pool.id}"))
    assert client.post(f"/numbers/pools/{pool.id}/close").status_code == 302
    assert "新池二" not in said(client.get("/numbers"))
    assert "新池二" in said(client.get("/numbers?past=1"))


def test_a_block_that_overlaps_another_is_told_with_its_ends() -> None:
    """The refusal names the other block; a range across organisations likewise."""
    desk = planted.desk(1000)
    province = staff.signed_in_at(33, "number_desk", locale="en")
    typed = {"code": "CLASH", "kind": "mobile", "first": desk.number(500), "last": desk.number(1500), "org_id": "33", "source": "regulator"}
    page = said(province.post("/numbers/blocks/new", typed), 422)
    assert "RES-01" in page
    assert "CLASH" in page
    shown = said(province.get(f"/numbers/blocks/{desk.block_id}"))
    assert "tk-hue-1" in shown
    assert "普通号池" in shown
    refused = said(province.post(f"/numbers/blocks/{desk.block_id}/give", {"first": desk.number(0), "last": desk.number(9), "org_id": "3302"}), 422)
    assert "RES-0" in refused
    busy = province.post(f"/numbers/ranges/{desk.range_id}/back", {"reason": "x"}, HTTP_ACCEPT="text/html")
    assert busy.status_code in {302, 422}
    with acting(TESTER):
        assert (NumberRange.objects.get(id=desk.range_id).valid_until is None) == (busy.status_code == 422)


def test_grades_are_tried_drafted_and_released() -> None:
    """The tester says which pattern decides; a draft is written anew on its pages and released, then it stays."""
    planted.desk(10)
    client = staff.signed_in_at(1, "number_desk", locale="en")
    page = said(client.get("/numbers/grades?number=13857018888"))
    assert "Grade 1" in page
    assert "this one decides" in page
    with acting(TESTER):
        first = GradeSchedule.objects.get(version=1, org_id=1)
    made = client.post(f"/numbers/grades/{first.id}/next")
    assert made.status_code == 302
    draft = made.headers["Location"]
    rows = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-grade": "3", "rows-0-kind": "ends", "rows-0-any_of": "520 1314", "rows-0-about": "love"}
    assert client.post(f"{draft}/patterns", rows).status_code == 302, client.post(f"{draft}/patterns", rows).content.decode()[-1500:]
    assert "ends in 520 · 1314" in said(client.get(f"{draft}?number=13857011314"))
    wrong = said(client.post(f"{draft}/patterns", {**rows, "rows-0-any_of": "abc"}), 422)
    assert "RES-28" in wrong
    assert client.post(f"{draft}/release", {"valid_from": ""}).status_code == 302
    assert client.get(f"{draft}/grades").status_code == 404


def test_a_figure_changes_from_now_on_with_a_reason() -> None:
    """Without a reason nothing changes; with one the new value holds."""
    planted.desk(4)
    client = at_desk()
    assert said(client.post("/numbers/figures/number_hold_minutes", {"value": "45", "org_id": "3301", "reason": ""}), 422)
    assert client.post("/numbers/figures/number_hold_minutes", {"value": "45", "org_id": "3301", "reason": "long queue"}).status_code == 302
    page = said(client.get("/numbers/figures"))
    assert "long queue" in page
    assert client.post("/numbers/figures/number_hold_minutes", {"value": "0", "org_id": "3301", "reason": "x"}).status_code == 422


def test_figures_about_reservations_have_their_page() -> None:
    """The level's own figure holds for what is reserved there; who does not plan the network may look only."""
    planted.desk(1)
    planner = staff.role("planner", "resource.view_network", "resource.plan_network").code
    client = staff.signed_in(staff.person(org_id=3301, roles=(planner,), locale="en"))
    page = said(client.get("/reservations/figures"))
    assert "4,320" in page
    assert client.post("/reservations/figures/port_reservation_minutes", {"value": "90", "org_id": "3301", "reason": "few ports"}).status_code == 302
    assert "few ports" in said(client.get("/reservations/figures"))
    assert "RES-38" in said(client.post("/reservations/figures/port_reservation_minutes", {"value": "0", "org_id": "3301", "reason": "x"}), 422)
    assert client.get("/reservations/figures/number_hold_minutes").status_code == 404
    at = clock.now()
    assert reservation_policy_at(at, 3301).port_reservation_minutes == 90
    assert reservation_policy_at(at, 3302).port_reservation_minutes == 4320
    assert at_hall().post("/reservations/figures/port_reservation_minutes", {"value": "9", "org_id": "3301", "reason": "x"}).status_code == 403
    services.set_reservation_figure(name="item_reservation_minutes", value=60, org_id=33, reason="province", by=TESTER, at=clock.now())
    assert reservation_policy_at(clock.now(), 3302).item_reservation_minutes == 60


def test_the_home_of_the_number_desk_tells_what_runs_dry() -> None:
    """Cards lead to their rows, in both languages."""
    planted.desk(10)
    assert "Pools that run dry" in said(at_desk().get("/"))
    assert "即将用尽的号池" in said(at_desk("zh-hans").get("/"))


def test_a_hold_that_stands_is_not_called_unpaid() -> None:
    """An open hold and an open bill are two words in Chinese."""
    desk = planted.desk(3)
    services.hold_number(desk.number(0), channel="hall", order_ref="SO-1", by=TESTER, at=clock.now())
    page = said(at_desk("zh-hans").get("/numbers/holds"))
    assert "预占中" in page
    assert "未付" not in page
