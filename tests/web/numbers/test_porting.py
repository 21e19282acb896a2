"""Porting on the pages: brought in to a line, let go with the user after what was checked, home again; and the list of all of them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.areas.resource.numbers import planted
from tests.factories import accounts as make
from tests.factories import staff
from tests.web.numbers.test_pages import at_hall, said, state_of
from tongke.areas.resource import services
from tongke.areas.resource.models import Number, NumberCommitment
from tongke.areas.resource.rules.numbers import number_id
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
TESTER = planted.TESTER
DONOR_FIRST = 8618600000000


def a_line(number: str = "13900000001") -> UUID:
    """A line of somebody in Hangzhou."""
    customer = make.bare_customer()
    return make.line(customer, make.account(customer), number=number)


def sold(desk: planted.Desk, at: int, line: UUID) -> str:
    """A number of the pool that a line uses."""
    services.claim_number(number=desk.number(at), assigned_to=line, by=TESTER, at=clock.now())
    return desk.number(at)


def donor_block() -> None:
    """Another operator's block is recorded."""
    services.record_block(code="CU", kind="mobile", first=DONOR_FIRST, last=DONOR_FIRST + 9999, org_id=33, source="donor", donor="联通", by=TESTER, at=clock.now())


def at_desk() -> Client:
    """Somebody of the number desk of Hangzhou who may see lines."""
    return staff.signed_in_at(3301, "number_desk", "clerk", locale="en")


def test_a_number_is_brought_to_a_line_and_listed() -> None:
    planted.desk(1)
    donor_block()
    line, client, number = a_line(), at_desk(), f"+{DONOR_FIRST + 7}"
    assert "联通" in said(client.get("/numbers/ported/in"))
    given = {"number": number[3:], "line": str(line), "org_id": "3301", "order_ref": "O-1"}
    assert "RES-34" in said(client.post("/numbers/ported/in", given | {"number": "13312345678"}), 422)
    assert "WEB-70" in said(client.post("/numbers/ported/in", given | {"line": str(uuid7())}), 422)
    answer = client.post("/numbers/ported/in", given)
    assert (answer.status_code, answer["Location"]) == (302, f"/numbers/{number_id(number)}")
    page = said(client.get("/numbers/ported"))
    assert page.count("186 0000 0007") >= 1
    assert "Ported in" in page
    assert "GEN-03" in said(client.post("/numbers/ported/in", given | {"line": str(a_line("13900000002"))}), 422)
    assert "186 0000 0007" not in said(client.get("/numbers/ported?way=out"))


def test_a_number_goes_with_its_user_and_comes_home() -> None:
    desk, line, client = planted.desk(20), a_line(), at_desk()
    number = sold(desk, 12, line)
    address = f"/numbers/{number_id(number)}"
    assert f"{address}/port-out" in said(client.get(address))
    page = said(client.get(f"{address}/port-out"))
    assert "Nothing was promised for it" in page
    assert 'name="agreed"' not in page
    assert said(client.post(f"{address}/port-out", {"operator": " "}), 422)
    assert state_of(number) == "assigned"
    assert client.post(f"{address}/port-out", {"operator": "移动"}).status_code == 302
    assert state_of(number) == "ported_out"
    assert "移动" in said(client.get("/numbers/ported?way=out"))
    page = said(client.get(f"{address}/port-out"))
    assert "It is not in use" in page
    assert "GEN-03" in said(client.post(f"{address}/port-out", {"operator": "移动"}), 422)
    assert f"/numbers/ported/in?number={number[3:]}" in said(client.get(address))
    assert client.post("/numbers/ported/in", {"number": number, "line": str(line), "org_id": "3301"}).status_code == 302
    assert state_of(number) == "assigned"


def test_leaving_a_promise_is_agreed_on_before() -> None:
    """Without the tick the number stays; with it the promise ends as left early, at what the page said."""
    desk, line, client = planted.desk(1000), a_line(), at_desk()
    number = sold(desk, 888, line)
    address = f"/numbers/{number_id(number)}/port-out"
    page = said(client.get(address))
    assert "leaving now costs" in page
    assert "RES-26" in said(client.post(address, {"operator": "移动"}), 422)
    assert state_of(number) == "assigned"
    assert client.post(address, {"operator": "移动", "agreed": "on"}).status_code == 302
    with acting(TESTER):
        held = NumberCommitment.objects.get(number=number)
        assert (held.state, held.penalty is not None and held.penalty > 0) == ("penalised", True)
        assert Number.objects.get(number=number).operator == "移动"


def test_who_may_not_assign_ports_nothing() -> None:
    desk, client = planted.desk(4), staff.signed_in(staff.person(org_id=3301, roles=(staff.role("looks", "resource.view_numbers").code,), locale="en"))
    number = sold(desk, 1, a_line())
    assert client.get("/numbers/ported").status_code == 200
    assert client.get("/numbers/ported/in").status_code == 403
    assert client.post(f"/numbers/{number_id(number)}/port-out", {"operator": "移动"}).status_code == 403
    ningbo = at_hall(3302)
    assert ningbo.post(f"/numbers/{number_id(number)}/port-out", {"operator": "移动"}).status_code == 404
    assert state_of(number) == "assigned"
