"""Figures count what their definition says, within the scope, broken down as asked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories.accounts import TESTER
from tongke.analytics import queries
from tongke.analytics.metrics import METRICS
from tongke.kernel.actor import Actor, acting

pytestmark = pytest.mark.django_db
HANGZHOU = Actor(name="zhengnan", scope=(3301,))


def people() -> None:
    for org_id, state in ((3301, "active"), (3301, "active"), (3301, "left"), (3301, "merged"), (3302, "suspended")):
        make.bare_customer(org_id=org_id, state=state)


def test_customers_in_force_leave_out_who_left_and_who_was_merged() -> None:
    people()
    with acting(TESTER):
        assert queries.figure("CUS-01", actor=TESTER) == 3
        assert queries.figure("CUS-02", actor=TESTER) == 4


def test_breakdown_by_two_dimensions() -> None:
    people()
    with acting(TESTER):
        cells = queries.breakdown("CUS-02", by=("org", "state"), actor=TESTER)
    assert [(c.keys, c.value) for c in cells] == [((3301, "active"), 2), ((3301, "left"), 1), ((3302, "suspended"), 1)]


def test_scope_holds_in_the_statement_and_below_it() -> None:
    people()
    with acting(HANGZHOU):
        assert queries.figure("CUS-01", actor=HANGZHOU) == 2
        # The statement's own condition left out: row-level security alone gives the same figure.
        assert queries.figure("CUS-01", actor=TESTER) == 2


def test_filter_by_dimension() -> None:
    people()
    with acting(TESTER):
        assert queries.figure("CUS-02", where={"state": ["left"], "org": [3301]}, actor=TESTER) == 1


def test_owed_is_the_sum_of_open_bills() -> None:
    account_id = make.account(make.bare_customer())
    make.bill(account_id, month=1)
    make.bill(account_id, month=2)
    make.payment(account_id, "60.00")
    with acting(TESTER):
        assert queries.figure("ACC-01", actor=TESTER) == Decimal("58.00")
        assert [c.value for c in queries.breakdown("BIL-01", by=("month",), actor=TESTER)] == [Decimal("59.00"), Decimal("59.00")]


@pytest.mark.parametrize("code", METRICS)
def test_every_metric_counts_by_every_dimension(code: str) -> None:
    with acting(TESTER):
        for dimension in METRICS[code].dimensions:
            assert queries.breakdown(code, by=(dimension,), actor=TESTER) == []


@pytest.mark.parametrize(("code", "by"), [("NO-01", ()), ("CUS-01", ("shoe_size",)), ("CUS-01", ("v.org_id; DROP TABLE party_party",))])
def test_unknown_figures_are_refused(code: str, by: tuple[str, ...]) -> None:
    with pytest.raises(queries.UnknownFigure):
        queries.breakdown(code, by=by, actor=TESTER)


def test_published_views_run_with_the_reader_s_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE relkind = 'v' AND relname LIKE 'export%%'")
        views = dict(cursor.fetchall())
    assert {m.view for m in METRICS.values()} <= set(views)
    assert all(options == ["security_invoker=true"] for options in views.values())
