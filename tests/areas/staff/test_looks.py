"""Every look leaves a trace that nobody can change and only the right people read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import PurposeNeeded
from tongke.areas.staff.models import Look
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("purpose", "kept"), [
    ("客户来电", "客户来电"), ("call", "call"), ("  call   back ", "call back"), ("x" * 99, "x" * 60), ("", None), ("abc", None), ("...", None),
])
def test_a_purpose_is_worth_the_name(purpose: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(PurposeNeeded):
            services.checked_purpose(purpose)
    else:
        assert services.checked_purpose(purpose) == kept


def test_a_reveal_needs_right_and_purpose_and_is_read_in_scope() -> None:
    clerk, at, customer = make.actor_at(330101), clock.now(), uuid7()
    services.record_reveal(customer_id=customer, org_id=3301, purpose="核对身份", clear=["phone", "id_number"], by=clerk, at=at)
    with pytest.raises(PurposeNeeded):
        services.record_reveal(customer_id=customer, org_id=3301, purpose="", clear=["phone"], by=clerk, at=at)
    make.role("bare")
    with pytest.raises(NotPermitted):
        services.record_reveal(customer_id=customer, org_id=3301, purpose="核对身份", clear=["phone"], by=make.actor_at(3301, "bare"), at=at)
    span = {"since": at - timedelta(hours=1), "until": at + timedelta(hours=1)}
    found = queries.looks(by=make.actor_at(3301, "supervisor"), **span)
    with acting(make.actor_at(3301, "supervisor")):
        (look,) = found
    assert (look.actor, look.kind, look.purpose, look.clear, look.customer_id) == (clerk.name, "reveal", "核对身份", "id_number,phone", customer)
    for stranger in (make.actor_at(3302, "supervisor"), make.actor_at(3201, "supervisor")):
        with acting(stranger):
            assert not queries.looks(by=stranger, **span).exists()
            assert not Look.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE staff_look SET purpose = 'x'", "DELETE FROM staff_look"])
def test_nobody_changes_a_trace(change: str) -> None:
    services.record_look(kind="view", customer_id=None, org_id=3301, purpose="service", by=make.TESTER, at=clock.now())
    with acting(make.TESTER), connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(change)


def test_lists_read_only_the_partitions_of_their_span() -> None:
    make.tree()
    at = clock.now().replace(day=15)  # the span ends in the month in which it begins
    with acting(make.TESTER), connection.cursor() as cursor:
        for table in ("staff_look", "kernel_audit_row"):
            cursor.execute(f"EXPLAIN SELECT * FROM {table} WHERE at >= %s AND at < %s ORDER BY at DESC LIMIT 51", [at, at + timedelta(minutes=1)])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            scanned = [line for line in plan.splitlines() if "Scan" in line]
            assert len(scanned) <= 2, plan  # this month's, and the default one
            assert "Index" in plan, plan
