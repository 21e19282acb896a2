"""Several people at one code at the same moment: one draft, one version on sale, no deadlock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.areas.catalogue.core import making
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import Offering
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; a refusal is an answer."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(120)
            return act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def versions(code: str) -> list[tuple[int, str, Any, Any]]:
    """The versions of a code."""
    with acting(TESTER):
        return list(Offering.objects.filter(code=code).order_by("version").values_list("version", "state", "valid_from", "valid_until"))


def test_of_many_who_draft_the_next_version_one_does() -> None:
    answers = together(*[
        lambda n=n: services.draft_offering(code="M-1", content=making.plan(prices=[making.price(str(n))]), by=TESTER, at=NOON)
        for n in range(1, AT_ONCE + 1)
    ])
    assert sorted(map(str, answers))[-AT_ONCE + 1:] == ["CAT-39"] * (AT_ONCE - 1)
    assert len(versions("M-1")) == 1


def test_many_publishers_of_a_code_leave_one_version_on_sale() -> None:
    together(*[
        lambda n=n: services.publish_offering(
            code="M-1", kind="mobile", name_zh="快", name_en="Quick", monthly_fee=Decimal(n), by=TESTER, at=NOON + timedelta(minutes=1))
        for n in range(1, AT_ONCE + 1)
    ])
    known = versions("M-1")
    assert [number for number, *_rest in known] == list(range(1, AT_ONCE + 1))
    assert [until is None for _n, _state, _since, until in known] == [False] * (AT_ONCE - 1) + [True]


def test_a_file_that_is_imported_twice_at_once_is_imported_once() -> None:
    people.tree()
    reports = together(*[lambda: services.import_catalogue(text=making.SMALL, mode="launch", by=TESTER, at=NOON)] * 2)
    assert sorted(len(report.changed) > 0 for report in reports) == [False, True]
    assert {state for _n, state, *_rest in versions("M-59")} == {"launched"}


def test_launching_importing_and_editing_at_once_never_wait_for_each_other_in_a_circle() -> None:
    people.tree()
    second = system_actor("second")
    services.import_catalogue(text=making.SMALL, mode="launch", by=TESTER, at=NOON)
    draft = services.draft_offering(code="M-59", content=making.plan(specification="PS-MOBILE"), by=TESTER, at=NOON)
    services.test_version(noun="offerings", version_id=draft, by=TESTER, at=NOON)
    services.approve_version(noun="offerings", version_id=draft, by=second, at=NOON)
    later = NOON + timedelta(days=1)
    answers = together(
        lambda: services.launch_version(noun="offerings", version_id=draft, by=TESTER, at=later),
        lambda: services.import_catalogue(text=making.SMALL.replace("amount: 59", "amount: 61"), by=TESTER, at=later),
        lambda: services.launch_version(noun="offerings", version_id=draft, effective_at=later + timedelta(days=1), by=TESTER, at=later),
        lambda: services.draft_offering(code="M-59", by=TESTER, at=later),
    )
    assert all(answer is None or isinstance(answer, str) or hasattr(answer, "int") or hasattr(answer, "entries") for answer in answers), answers
    known = versions("M-59")
    assert [number for number, *_rest in known] == list(range(1, len(known) + 1))
    assert sum(state == "launched" and until is None for _n, state, _since, until in known) == 1
