"""Walks through the free numbers keep to their order, whatever index the planner takes for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, TESTER
from tongke.areas.resource import queries
from tongke.areas.resource.models import Number
from tongke.areas.resource.queries import NumberWish
from tongke.kernel.actor import acting

Owner = Callable[[], AbstractContextManager[Any]]
INDEXES = ("number_free_by_head", "number_free_by_tail", "number_free_by_spread")


def _stand_together(wish: NumberWish) -> bool:
    """Tell whether the numbers found follow one another in the order of their walk, from some place on and round its end."""
    tail = bool(wish.tail)
    with acting(TESTER):
        fitting = [n for n in Number.objects.filter(state="free").values_list("number", flat=True) if n.endswith(wish.tail) and n[3:].startswith(wish.head)]
    fitting.sort(key=lambda number: number[::-1] if tail else number)
    places = [fitting.index(f.number) for f in queries.find_numbers(wish, most=5, by=DESK_CLERK, at=NOON)]
    return len(places) == 5 and all((after - before) % len(fitting) == 1 for before, after in pairwise(places))


@pytest.mark.django_db
@pytest.mark.parametrize("wish", [NumberWish(head="138"), NumberWish(tail="7")])
def test_a_walk_keeps_its_order_by_whatever_index_it_goes(wish: NumberWish, as_owner: Owner) -> None:
    """Without its order everybody would be shown the first free numbers that some index happens to begin with."""
    planted.desk(3000)
    for missing in INDEXES:
        with transaction.atomic():
            with as_owner() as owner:
                owner.execute(f"DROP INDEX {missing}")
            assert all(_stand_together(wish) for _clerk in range(3)), missing
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_walk_keeps_its_order_after_a_load_that_was_taken_back(as_owner: Owner) -> None:
    """Numbers that were entered and taken back leave indexes of many pages over a table of no rows: each looks as good as the other."""
    with transaction.atomic():
        planted.desk(5000, graded=False)
        planted.desk(5000, graded=False)
        transaction.set_rollback(True)
    with as_owner() as owner:
        owner.execute("ANALYZE resource_number")
    planted.desk(3000)
    assert _stand_together(NumberWish(tail="7"))
    assert _stand_together(NumberWish(head="138"))


@pytest.mark.django_db
def test_what_many_digits_leave_is_found_whole() -> None:
    desk = planted.desk(1000)
    sought = desk.number(765)
    for wish in (NumberWish(tail=sought[-8:]), NumberWish(tail=sought[-7:]), NumberWish(head=sought[3:]), NumberWish(head=sought[3:-1], tail=sought[-2:])):
        assert sought in [f.number for f in queries.find_numbers(wish, by=DESK_CLERK, at=NOON)]
