"""Which version of an offering a file means by its code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.areas.catalogue.core import making
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.services.bulk import offerings_by_code
from tongke.kernel.actor import acting, system_actor

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
