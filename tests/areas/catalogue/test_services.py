"""The catalogue room's verb on the real database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, rules, services
from tongke.areas.catalogue.models import Offering
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("code", "holds"), [("M-59", True), ("m-59", False), ("A", False), ("-A", False), ("A" * 41, False)])
def test_cat_01_code(code: str, *, holds: bool) -> None:
    assert rules.is_offering_code(code=code) is holds


def test_same_content_publishes_nothing_new() -> None:
    assert make.offering() == make.offering()
    assert Offering.objects.count() == 1


def test_next_version_ends_the_sale_of_the_one_before() -> None:
    make.offering()
    later = NOON + timedelta(days=30)
    services.publish_offering(
        code="M-59", kind="mobile", name_zh="畅享59", name_en="Enjoy 59", monthly_fee=Decimal(55), by=TESTER, at=later)
    assert queries.offering_on_sale("M-59", at=NOON + timedelta(days=1)).version == 1
    assert queries.offering_on_sale("M-59", at=later).version == 2


def test_every_broken_rule_is_listed() -> None:
    with pytest.raises(RulesBroken) as refusal:
        make.offering(code="x", monthly_fee=Decimal(-1))
    assert [b.code for b in refusal.value.broken] == ["CAT-01", "CAT-02"]
