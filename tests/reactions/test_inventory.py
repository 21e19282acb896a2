"""Lines that came from another system before their block of numbers was recorded here."""

from __future__ import annotations

import pytest

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, TESTER
from tests.factories import accounts as make
from tests.reactions.test_party import react_to_everything
from tongke.areas.inventory import services as inventory
from tongke.areas.resource import errors, services
from tongke.areas.resource.models import Number
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


def test_numbers_in_use_are_not_offered_once_they_feed_a_pool() -> None:
    desk = planted.desk(20, graded=False)
    customer = make.bare_customer()
    account = make.account(customer)
    using, ended, beyond, wanted = (make.line(customer, account, number=desk.number(at)) for at in (3, 4, 20, 5))
    inventory.end_line(subscriber_id=ended, reason="moved away", by=TESTER, at=NOON)
    hold = services.hold_number(desk.number(5), by=DESK_CLERK, at=NOON)
    for _again in range(2):
        react_to_everything()
        with acting(TESTER):
            rows = {row.number: row for row in Number.objects.filter(pool_id=desk.pool_id)}
        assert (rows[desk.number(3)].state, rows[desk.number(3)].assigned_to) == ("assigned", using)
        assert rows[desk.number(4)].state == "free"
        assert rows[desk.number(5)].hold_id == hold.token  # somebody was quicker: that is settled by people
        assert {row.assigned_to for row in rows.values()}.isdisjoint({ended, beyond, wanted})
        inventory.take_numbers_in_use(first=desk.first, last=desk.first + 19, by=TESTER, at=NOON)
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(desk.number(3), by=DESK_CLERK, at=NOON)
