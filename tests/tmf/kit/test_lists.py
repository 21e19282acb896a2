"""Lists walked along an index are the lists that sorting gives, page by page; counts that stop early never hide a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection

from tests.factories.party import NOON, TESTER, draft
from tests.factories.staff import tree
from tests.tmf.api.calling import Caller
from tongke.areas.party import services
from tongke.kernel.actor import acting
from tongke.tmf.kit import reading

NAMES = ("王芳", "王芳", "李娜", "Anna Lee", "张伟", "赵磊", "王芳", "陈强", "周洁")


@pytest.fixture
def customers(db: None) -> Caller:
    """Nine customers in two networks, several with the same name, day or value."""
    tree()
    for place, name in enumerate(NAMES):
        made = services.create_customer(
            replace(draft(name), org_id=3301 + place % 2), by=TESTER, at=NOON + timedelta(minutes=place // 3))
        with acting(TESTER), connection.cursor() as cursor:
            cursor.execute("UPDATE party_customer SET value_score = %s WHERE id = %s", [place % 4, made.customer_id])
    return Caller("customer", "integrator", org_id=33, number="629")


@pytest.mark.parametrize(("sort", "query"), list(product(
    ["", "sort=name", "sort=-name"], ["", "status=active", "status=left", "status.ne=left", "name=王芳,李娜", "validFor.startDateTime.gte=2020-01-01"])))
def test_walked_is_sorted(customers: Caller, monkeypatch: pytest.MonkeyPatch, sort: str, query: str) -> None:
    """Both ways give the same documents in the same order, whole and in pages."""
    asked = "&".join(part for part in (sort, query) if part)
    lists: list[list[str]] = []
    for few in (-1, 10**9):
        monkeypatch.setattr(reading, "FEW", few)
        whole = customers.found(f"{asked}&limit=200")
        paged = [ident for offset in range(0, len(whole) + 2, 2) for ident in customers.found(f"{asked}&limit=2&offset={offset}")]
        assert paged == whole
        lists.append(whole)
    if sort:
        names = [customers.get(ident).json()["name"] for ident in lists[0]]
        assert names == [customers.get(ident).json()["name"] for ident in lists[1]]
        assert sorted(lists[0]) == sorted(lists[1])
    else:
        # By age, where customers of one minute may stand in either order of their ids.
        assert sorted(lists[0]) == sorted(lists[1])


def following(customers: Caller, query: str) -> tuple[list[str], list[Any]]:
    """Follow the links from the first page to the last; return the ids and the answers."""
    ids: list[str] = []
    answers = []
    while query:
        answer = customers.listing(query)
        answers.append(answer)
        ids += [document["id"] for document in answer.json()]
        onward = re.search(r'<[^?>]*\?([^>]*)>; rel="next"', answer["Link"])
        query = onward[1] if onward else ""
    return ids, answers


def test_a_count_that_stops_early_says_so_and_hides_nothing(customers: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a bounded count every page leads to the next until all were seen, once each."""
    monkeypatch.setattr(reading, "COUNT_MAX", 2)
    query = "validFor.startDateTime.gte=2020-01-01&limit=2"
    ids, answers = following(customers, query)
    assert len(ids) == len(set(ids)) >= len(NAMES)
    assert answers[0]["X-Total-Count-Relation"] == "gte"
    assert int(answers[0]["X-Total-Count"]) > 2
    assert answers[0].status_code == 206
    exact = customers.client.get(f"{customers.root}?{query}", headers={"Prefer": "count=exact"})
    assert exact["X-Total-Count"] == str(len(ids))
    assert "X-Total-Count-Relation" not in exact


def test_a_tally_counts_all_however_many(customers: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions on tallied columns are counted whole though counting would stop."""
    ids, _answers = following(customers, "status=active&limit=200")
    monkeypatch.setattr(reading, "COUNT_MAX", 2)
    answer = customers.listing("status=active&limit=2")
    assert answer["X-Total-Count"] == str(len(ids))
    assert "X-Total-Count-Relation" not in answer
