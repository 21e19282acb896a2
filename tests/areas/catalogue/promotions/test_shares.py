"""A promotion's quota: held, used, given back; however many take part at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection

from tests.factories import pricing as make
from tests.factories import staff as people
from tests.factories.pricing import NOON, TESTER
from tongke.areas.catalogue.models import Promotion, PromotionGrant
from tongke.areas.catalogue.services import promotions as services
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.models import StateChange

CLERK = Actor(name="limin", scope=(3301,), permissions=frozenset({"catalogue.discount"}))


def hold(promotion_id: UUID, key: str, *, customer: UUID | None = None, by: Actor = TESTER, minutes: int = 0, org_id: int = 3301) -> services.Share:
    return services.hold_promotion(
        promotion_id=promotion_id, customer_id=customer or uuid4(), org_id=org_id, key=key, by=by, at=NOON + timedelta(minutes=minutes))


def used(promotion_id: UUID) -> int:
    with acting(TESTER):
        return Promotion.objects.get(id=promotion_id).used


def refused(call: object, *args: object, **more: object) -> list[str]:
    with pytest.raises(RulesBroken) as refusal:
        call(*args, **more)  # type: ignore[operator]
    return [b.code for b in refusal.value.broken]


@pytest.mark.django_db
def test_a_share_is_held_used_and_given_back() -> None:
    promotion_id = make.promotion(quota_total=2)
    share = hold(promotion_id, "order-1")
    assert (share.state, used(promotion_id)) == ("held", 1)
    assert services.use_promotion(promotion_id=promotion_id, key="order-1", by=TESTER, at=NOON).state == "used"
    assert services.use_promotion(promotion_id=promotion_id, key="order-1", by=TESTER, at=NOON + timedelta(days=9)).state == "used"
    assert services.release_promotion(promotion_id=promotion_id, key="order-1", by=TESTER, at=NOON).state == "released"
    assert services.release_promotion(promotion_id=promotion_id, key="order-1", by=TESTER, at=NOON).state == "released"
    assert used(promotion_id) == 0
    with acting(TESTER):
        assert [c.verb for c in StateChange.objects.filter(subject_id=share.id).order_by("at", "id")] == ["use", "take_back"]
    assert refused(services.use_promotion, promotion_id=promotion_id, key="order-1", by=TESTER, at=NOON) == ["CAT-174"]


@pytest.mark.django_db
def test_the_same_key_gives_the_same_share() -> None:
    promotion_id, customer = make.promotion(quota_total=5, quota_per_customer=1), uuid4()
    assert hold(promotion_id, "k", customer=customer).id == hold(promotion_id, "k", customer=customer, minutes=10).id
    assert used(promotion_id) == 1
    assert refused(hold, promotion_id, "k") == ["CAT-172"]


@pytest.mark.django_db
def test_quotas_of_all_and_of_each() -> None:
    promotion_id, customer = make.promotion(quota_total=2, quota_per_customer=1), uuid4()
    hold(promotion_id, "a", customer=customer)
    assert refused(hold, promotion_id, "b", customer=customer) == ["CAT-171"]
    hold(promotion_id, "c")
    assert refused(hold, promotion_id, "d") == ["CAT-170"]
    assert used(promotion_id) == 2


@pytest.mark.django_db
def test_a_quota_without_limit_still_counts_for_each_customer() -> None:
    promotion_id, customer = make.promotion(quota_total=None, quota_per_customer=2), uuid4()
    hold(promotion_id, "a", customer=customer)
    hold(promotion_id, "b", customer=customer)
    assert refused(hold, promotion_id, "c", customer=customer) == ["CAT-171"]
    assert used(promotion_id) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("total", [None, 5])
def test_a_share_that_ran_out_and_is_held_on_asks_for_a_place_again(total: int | None) -> None:
    promotion_id, customer = make.promotion(quota_total=total, quota_per_customer=1, hold_minutes=30), uuid4()
    hold(promotion_id, "a", customer=customer)
    hold(promotion_id, "b", customer=customer, minutes=30)
    assert refused(hold, promotion_id, "a", customer=customer, minutes=31) == ["CAT-171"]
    services.release_promotion(promotion_id=promotion_id, key="b", by=TESTER, at=NOON + timedelta(minutes=32))
    hold(promotion_id, "a", customer=customer, minutes=33)
    assert used(promotion_id) == (0 if total is None else 1)


@pytest.mark.django_db
def test_a_promotion_is_given_in_its_own_part_of_the_operator() -> None:
    people.tree()
    promotion_id = make.promotion(quota_total=1, org_id=32)
    with pytest.raises(NotFound):
        hold(promotion_id, "a", org_id=3301)
    assert used(promotion_id) == 0
    assert hold(promotion_id, "a", org_id=3201).state == "held"


@pytest.mark.django_db
def test_expiry_is_checked_at_confirmation_and_frees_the_quota() -> None:
    promotion_id = make.promotion(quota_total=1, hold_minutes=30)
    hold(promotion_id, "a")
    assert refused(services.use_promotion, promotion_id=promotion_id, key="a", by=TESTER, at=NOON + timedelta(minutes=30)) == ["CAT-173"]
    assert refused(hold, promotion_id, "b", minutes=29) == ["CAT-170"]
    hold(promotion_id, "b", minutes=30)
    assert used(promotion_id) == 1
    with acting(TESTER):
        assert dict(PromotionGrant.objects.filter(promotion_id=promotion_id).values_list("key", "state")) == {"a": "released", "b": "held"}


@pytest.mark.django_db
def test_expired_shares_are_reclaimed_by_the_schedule() -> None:
    promotion_id = make.promotion(quota_total=9, hold_minutes=30)
    for key in "abc":
        hold(promotion_id, key)
    services.use_promotion(promotion_id=promotion_id, key="a", by=TESTER, at=NOON)
    assert services.reclaim_expired_shares(by=TESTER, at=NOON + timedelta(minutes=29)) == 0
    assert services.reclaim_expired_shares(by=TESTER, at=NOON + timedelta(minutes=31)) == 2
    assert used(promotion_id) == 1


@pytest.mark.django_db
def test_a_released_key_may_hold_again() -> None:
    promotion_id, customer = make.promotion(quota_total=1), uuid4()
    hold(promotion_id, "a", customer=customer)
    services.release_promotion(promotion_id=promotion_id, key="a", by=TESTER, at=NOON)
    assert hold(promotion_id, "a", customer=customer).state == "held"
    assert used(promotion_id) == 1


@pytest.mark.django_db
def test_a_clerk_takes_from_the_groups_quota_but_for_own_customers_only() -> None:
    promotion_id = make.promotion(quota_total=3, org_id=1)
    assert hold(promotion_id, "a", by=CLERK).state == "held"
    assert services.use_promotion(promotion_id=promotion_id, key="a", by=CLERK, at=NOON).state == "used"
    services.release_promotion(promotion_id=promotion_id, key="a", by=CLERK, at=NOON)
    assert used(promotion_id) == 0
    with pytest.raises(NotFound):
        hold(promotion_id, "b", by=CLERK, org_id=3302)
    hold(promotion_id, "c", org_id=3302)
    with pytest.raises(NotFound):
        services.use_promotion(promotion_id=promotion_id, key="c", by=CLERK, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "codes"), [
    ({"state": "retired"}, ["CAT-150"]), ({"valid_until": NOON}, ["CAT-150"]), ({"valid_from": NOON + timedelta(days=1)}, ["CAT-150"]),
])
def test_only_what_runs_is_given(more: dict[str, Any], codes: list[str]) -> None:
    assert refused(hold, make.promotion(**more), "a") == codes


def _claim(promotion_id: UUID, number: int) -> str:
    try:
        return hold(promotion_id, f"order-{number}", customer=UUID(int=number)).state
    except RulesBroken as refusal:
        return str(refusal.broken[0].code)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_hundred_claimants_share_a_quota_of_a_hundred() -> None:
    promotion_id = make.promotion(quota_total=100)
    with ThreadPoolExecutor(200) as pool:
        outcomes = list(pool.map(lambda n: _claim(promotion_id, n), range(200)))
    assert (outcomes.count("held"), outcomes.count("CAT-170")) == (100, 100)
    with acting(TESTER):
        assert (used(promotion_id), PromotionGrant.objects.filter(promotion_id=promotion_id, state="held").count()) == (100, 100)


@pytest.mark.django_db(transaction=True)
def test_one_customer_with_many_orders_at_once_stays_within_the_own_quota() -> None:
    for total in (None, 50):
        promotion_id, customer = make.promotion(f"P{total}", quota_total=total, quota_per_customer=3), uuid4()

        def claim(number: int, promotion_id: UUID = promotion_id, customer: UUID = customer) -> str:
            try:
                return hold(promotion_id, f"o{number}", customer=customer).state
            except RulesBroken as refusal:
                return str(refusal.broken[0].code)
            finally:
                connection.close()

        with ThreadPoolExecutor(16) as pool:
            outcomes = list(pool.map(claim, range(40)))
        assert (outcomes.count("held"), outcomes.count("CAT-171")) == (3, 37)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_one_share() -> None:
    promotion_id = make.promotion(quota_total=10)

    def claim(_number: int) -> UUID:
        try:
            return hold(promotion_id, "same", customer=UUID(int=7)).id
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(claim, range(32)))) == 1
    assert used(promotion_id) == 1


NANJING = Actor(name="qiankun", scope=(3201,), permissions=frozenset({"catalogue.discount", "catalogue.promote"}))


@pytest.mark.django_db
def test_nobody_gives_back_what_others_hold() -> None:
    promotion_id = make.promotion(quota_total=2)
    hold(promotion_id, "order-1", by=CLERK)
    with acting(NANJING), pytest.raises(NotFound):
        services.release_promotion(promotion_id=promotion_id, key="order-1", by=NANJING, at=NOON)
    assert used(promotion_id) == 1
    with acting(CLERK):
        assert services.release_promotion(promotion_id=promotion_id, key="order-1", by=CLERK, at=NOON).state == "released"
    assert used(promotion_id) == 0


@pytest.mark.django_db
def test_what_ran_out_is_taken_back_in_ones_own_organisations_only() -> None:
    promotion_id = make.promotion(quota_total=2)
    hold(promotion_id, "hangzhou", by=CLERK)
    late = NOON + timedelta(days=1)
    hold(promotion_id, "nanjing", org_id=3201)
    with acting(NANJING):
        assert services.reclaim_expired_shares(by=NANJING, at=late) == 1
    assert used(promotion_id) == 1
    # Who needs a share of a quota that is used up still takes what ran out anywhere.
    hold(promotion_id, "again", org_id=3201)
    hold(promotion_id, "more", org_id=3201, by=NANJING, minutes=24 * 60)
    assert used(promotion_id) == 2 - 1


@pytest.mark.django_db
@pytest.mark.parametrize("call", [
    "catalogue_give_back_share(%(id)s)", "catalogue_lock_promotion(%(id)s)", "catalogue_reclaim_shares(%(id)s, now())",
    "catalogue_reclaim_among(%(id)s, now(), NULL)",
])
def test_the_counter_is_nobodys_to_move(call: str) -> None:
    promotion_id = make.promotion(quota_total=2)
    with acting(NANJING), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(f"SELECT {call}", {"id": promotion_id})


@pytest.mark.django_db
def test_the_database_itself_gives_nothing_back_out_of_scope() -> None:
    promotion_id = make.promotion(quota_total=2)
    share = hold(promotion_id, "order-1", by=CLERK)
    for actor, said in ((NANJING, False), (CLERK, True)):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT catalogue_return_share(%s, '', 'x', now())", [share.id])
            assert cursor.fetchone() == (said,)
    assert used(promotion_id) == 0
