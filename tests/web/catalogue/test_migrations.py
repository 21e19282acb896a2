"""The page of migrations: what would change, who lets it run, what was left as it is and why."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.areas.ordering import making as make
from tests.factories import staff
from tongke.jobs import migrating
from tongke.web.catalogue.migrating import told_together

pytestmark = pytest.mark.django_db
PLAN = "/catalogue/migrations"
FAR = (date(2098, 1, 31), date(2099, 1, 31))


@pytest.fixture
def lists() -> dict[str, Any]:
    """Three lines with M39, two of them under contract, and where they may go."""
    staff.tree()
    make.on_sale("M39", fee=39)
    target = make.on_sale("M59", fee=59)
    lines = [make.line_with(make.person(name), "M39", contract_until=until, number=number)[1][0] for name, until, number in (
        ("王芳", None, "13857100001"), ("李娜", FAR[0], "13857100002"), ("张敏", FAR[1], "13857100003"))]
    return {"from_code": "M39", "to_offering": str(target), "listed": "", "reason": "too many plans", "products": lines}


def manager(locale: str = "en") -> Client:
    """A product manager of the province."""
    return staff.signed_in_at(33, "product_manager", locale=locale)


def planned(client: Client, lists: dict[str, Any]) -> str:
    """Plan a migration and return the page of its run."""
    answer = client.post(PLAN, {**lists, "step": "plan"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def work() -> None:
    """Run what was begun, as the worker would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'tongke.migrate_products'")
        for (asked,) in cursor.fetchall():
            migrating.migrate_products(**(asked if isinstance(asked, dict) else json.loads(asked)))


def test_what_stands_against_many_is_told_once_and_lines_not_understood_are_named(lists: dict[str, Any]) -> None:
    client = manager()
    page = client.post(PLAN, {**lists, "step": "show"}).content.decode()
    assert page.count("INV-42") == 1 + 2  # together, and at each of the two
    assert re.search(r"2 × The contract runs until 209\d-01-31 and the like", page)
    told = client.post(PLAN, {**lists, "listed": "13857100001\nnobody", "step": "show"}).content.decode()
    assert "line 2: nobody" in told
    assert "Give product ids or service numbers that hold M39" in told
    assert "The list names nothing" not in told


def test_a_run_says_that_it_waits_and_is_begun_once_it_was_approved(lists: dict[str, Any]) -> None:
    client, second = manager(), manager()
    run = planned(client, lists)
    page = client.get(run).content.decode()
    assert "A second person was asked" in page
    assert "Let it run" not in page
    assert client.post(run, {"step": "run"}).status_code == 403
    (request,) = set(re.findall(r"/approvals/[0-9a-f-]{36}", page))
    assert second.post(request, {"decision": "approve", "note": ""}).status_code == 302
    page = client.get(run).content.decode()
    assert "A second person was asked" not in page
    assert "Let it run" in page
    assert client.post(run, {"step": "run"}).status_code == 302
    work()
    page = client.get(run).content.decode()
    assert re.search(r"Moved.*?1.*?Left as they are.*?2", page, re.DOTALL)


def test_a_run_that_was_refused_says_so(lists: dict[str, Any]) -> None:
    client, second = manager(), manager()
    run = planned(client, lists)
    (request,) = set(re.findall(r"/approvals/[0-9a-f-]{36}", client.get(run).content.decode()))
    assert second.post(request, {"decision": "refuse", "note": "not this year"}).status_code == 302
    page = client.get(run).content.decode()
    assert "A second person did not let it run" in page
    assert "Let it run</" not in page
    assert client.post(run, {"step": "cancel"}).status_code == 302
    assert "stopped" in client.get(run).content.decode()


@pytest.mark.parametrize(("locale", "told"), [("en", "The contract runs until"), ("zh-hans", "合约至")])
def test_what_was_left_is_named_by_its_customer_and_told_in_the_language_of_who_let_it_run(lists: dict[str, Any], locale: str, told: str) -> None:
    client, second = manager(locale), manager()
    run = planned(client, lists)
    (request,) = set(re.findall(r"/approvals/[0-9a-f-]{36}", client.get(run).content.decode()))
    second.post(request, {"decision": "approve", "note": ""})
    client.post(run, {"step": "run"})
    work()
    page = client.get(run).content.decode()
    assert page.count(told) == 2
    assert not [product for product in lists["products"] if str(product) in page]
    assert len(set(re.findall(r'tk-row-link" href="/customers/([0-9a-f-]{36})"', page))) == 2
    rejected = b"".join(client.get(f"{run}/rejects").streaming_content).decode()  # type: ignore[attr-defined]  # the stubs know a whole answer only
    assert {line.split(",")[0] for line in rejected.splitlines()[1:]} == {str(product) for product in lists["products"][1:]}


def test_reasons_are_counted_by_their_rule() -> None:
    class Told:
        def __init__(self, *codes: str) -> None:
            self.reasons = [Reason(code) for code in codes]

    class Reason:
        def __init__(self, code: str) -> None:
            self.code, self.message = code[0], code

    found = told_together([Told("A1", "B"), Told("B"), Told("A2", "B")])
    assert [(reason.message, many, alike) for reason, many, alike in found] == [("B", 3, True), ("A1", 2, False)]
