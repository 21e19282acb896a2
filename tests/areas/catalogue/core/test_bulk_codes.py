"""Which version of an offering a file means by its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.areas.catalogue.core import making
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.errors import SecondPersonNeeded
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.services.bulk import offerings_by_code, publish_offerings_in_bulk
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
SECOND = system_actor("second")
DAY = timedelta(days=1)


def test_a_file_means_the_version_that_is_on_sale() -> None:
    """Not the draft beside it, not the one that is launched ahead of its day; a code of which there is only a draft is known, too."""
    people.tree()
    first = making.launched("offerings", "M-59", making.plan(), by=TESTER, second=SECOND, at=NOON)
    second = making.launched("offerings", "M-59", making.plan(name_en="Next"), by=TESTER, second=SECOND, at=NOON, effective_at=NOON + 3 * DAY)
    services.draft_version(noun="offerings", code="M-59", content=making.plan(name_en="Later"), by=TESTER, at=NOON)
    draft = services.draft_offering(code="M-60", content=making.plan(), by=TESTER, at=NOON)
    with acting(TESTER):
        assert offerings_by_code(["M-59", "M-60", "M-61"], at=NOON + DAY) == {"M-59": first, "M-60": draft}
        assert offerings_by_code(["M-59"], at=NOON + 3 * DAY) == {"M-59": second}


def job_of_a_person() -> Actor:
    """A background job as a person's page begins it."""
    return replace(system_actor("steward"), staff_id=uuid7())


@pytest.mark.parametrize(("who", "state"), [(lambda: TESTER, "launched"), (job_of_a_person, "retired"), (making.designer, "retired")])
def test_what_a_persons_file_brings_is_known_and_not_sold(who: Callable[[], Actor], state: str) -> None:
    """Nobody puts an offer on sale alone; customers may have it all the same, and its next version is drafted as any other."""
    people.tree()
    by = who()
    ident = uuid7()
    offer = {"id": ident, "code": "OLD-1", "kind": "mobile", "name_zh": "旧套餐", "name_en": "Old plan", "monthly_fee": Decimal(1), "currency": "CNY", "characteristics": {}}
    with acting(by):
        publish_offerings_in_bulk(fresh=[offer], changed=(), by=by, at=NOON)
    with acting(TESTER):
        assert offerings_by_code(["OLD-1"], at=NOON) == {"OLD-1": ident}
        row = Offering.objects.get(id=ident)
        sold = queries.offerings_on_sale(at=NOON + DAY).filter(code="OLD-1").exists()
        assert (row.state, row.created_by, sold, row.valid_until) == (state, by.name, state == "launched", None if sold else NOON)
        following = services.draft_offering(code="OLD-1", content=making.plan(), by=TESTER, at=NOON + DAY)
        assert Offering.objects.get(id=following).version == 2


def test_no_person_puts_a_plan_on_sale_in_one_step() -> None:
    people.tree()
    with pytest.raises(SecondPersonNeeded):
        services.publish_offering(code="Q-2", kind="mobile", name_zh="快", name_en="Quick", monthly_fee=Decimal(1), by=making.designer(), at=NOON)
    assert not Offering.objects.filter(code="Q-2").exists()
