"""What an order asks of ``use_promotion``: the share's benefit is kept once, with the product and contract it was first said for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from tests.factories import pricing as make
from tests.factories.pricing import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import BenefitGiven, PromotionGrant
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken

CLERK = Actor(name="limin", scope=(3301,), permissions=frozenset({"catalogue.discount"}))
CONTRACT = services.Agreed(starts_on=date(2026, 4, 1), ends_on=date(2027, 4, 1), monthly=Decimal("59.00"))


def held(*keys: str) -> UUID:
    """A promotion of half the fee for three months with shares held by 3301's customers."""
    promotion = make.promotion(quota_total=50)
    for key in keys:
        services.hold_promotion(promotion_id=promotion, customer_id=uuid4(), org_id=3301, key=key, by=TESTER, at=NOON)
    return promotion


def use(promotion: UUID, key: str, product: UUID | None, agreed: services.Agreed | None = CONTRACT, *, by: Actor = CLERK, minutes: int = 1) -> str:
    """Use a share as an order does."""
    with acting(by):
        return services.use_promotion(promotion_id=promotion, key=key, product_id=product, agreed=agreed, by=by, at=NOON + timedelta(minutes=minutes)).state


def kept() -> list[tuple[UUID | None, Decimal, date | None]]:
    """Product, worth and end of contract of every benefit."""
    with acting(TESTER):
        return list(BenefitGiven.objects.order_by("given_at", "id").values_list("product_id", "amount", "contract_until"))


@pytest.mark.django_db
def test_the_benefit_stands_as_it_was_first_said() -> None:
    promotion, product = held("order-1"), uuid4()
    first = (product, Decimal("88.50"), date(2027, 4, 1))
    assert use(promotion, "order-1", product) == "used"
    assert kept() == [first]
    # Sent again, for another product and later than the share was held: nothing more is given, and nothing is said otherwise.
    assert use(promotion, "order-1", uuid4(), services.Agreed(starts_on=date(2026, 4, 1), ends_on=date(2028, 4, 1), worth=Decimal(999)), minutes=999) == "used"
    assert kept() == [first]


@pytest.mark.django_db
def test_a_product_has_as_many_benefits_as_shares_and_another_has_none_of_them() -> None:
    promotion, product, other = held("order-1", "order-2", "order-3"), uuid4(), uuid4()
    for key, whose in (("order-1", product), ("order-2", product), ("order-3", other)):
        use(promotion, key, whose)
    assert sorted(str(row[0]) for row in kept()) == sorted(map(str, (product, product, other)))


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "by", "error"), [(31, CLERK, RulesBroken), (1, Actor(name="zhaolei", scope=(3302,), permissions=CLERK.permissions), NotFound)])
def test_what_is_refused_gives_nothing(minutes: int, by: Actor, error: type[Exception]) -> None:
    promotion = held("order-1")
    with pytest.raises(error):
        use(promotion, "order-1", uuid4(), by=by, minutes=minutes)
    assert kept() == []
    with acting(TESTER):
        assert PromotionGrant.objects.get().state == "held"


@pytest.mark.django_db
def test_an_order_that_fails_leaves_the_share_held() -> None:
    promotion = held("order-1")
    with transaction.atomic():
        assert use(promotion, "order-1", uuid4()) == "used"
        transaction.set_rollback(True)
    assert kept() == []
    assert use(promotion, "order-1", None, None) == "used"
    assert kept() == [(None, Decimal("0.00"), None)]


@pytest.mark.parametrize("said", [{"ends_on": date(2026, 4, 1)}, {"ends_on": date(2026, 3, 31)}, {"ends_on": date(2027, 4, 1), "worth": Decimal("-0.01")}])
def test_no_contract_of_no_days_and_none_that_costs_the_customer_something(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no contract"):
        services.Agreed(starts_on=date(2026, 4, 1), **said)  # type: ignore[arg-type]  # of several kinds


@pytest.mark.django_db(transaction=True)
def test_one_order_that_is_sent_many_times_at_once_gives_once() -> None:
    promotion = held("order-1")

    def send(_time: int) -> str:
        try:
            return use(promotion, "order-1", uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(24))) == {"used"}
    assert len(kept()) == 1
