"""Shares that were given, their counter and what they gave stand against the application's role itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.factories import pricing as make
from tests.factories.pricing import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import BenefitGiven, Promotion, PromotionGrant
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
CONTRACT = services.Agreed(starts_on=date(2026, 4, 1), ends_on=date(2027, 4, 1), monthly=Decimal(60))


@pytest.fixture
def promotion() -> UUID:
    """A promotion with a share held under ``held``, one used under ``used`` and one given back under ``back``."""
    promotion_id = make.promotion(quota_total=9)
    for key in ("held", "used", "back"):
        services.hold_promotion(promotion_id=promotion_id, customer_id=uuid4(), org_id=3301, key=key, by=TESTER, at=NOON)
    services.use_promotion(promotion_id=promotion_id, key="used", agreed=CONTRACT, by=TESTER, at=NOON)
    services.release_promotion(promotion_id=promotion_id, key="back", by=TESTER, at=NOON)
    return promotion_id


def refused(statement: str, *values: object) -> str:
    """Run a statement as the application's role and return why the database refused it."""
    with acting(TESTER), pytest.raises((IntegrityError, ProgrammingError)) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value)


@pytest.mark.parametrize(("key", "change"), [
    ("back", "state = 'held'"), ("used", "state = 'held'"), ("held", "state = 'released'"), ("used", "state = 'released'"),
    ("held", "expires_at = expires_at + interval '1 day'"),
])
def test_a_share_is_moved_by_its_verbs_alone(promotion: UUID, key: str, change: str) -> None:
    assert "by hand" in refused(f"UPDATE catalogue_promotion_grant SET {change} WHERE promotion_id = %s AND key = %s", promotion, key)


@pytest.mark.parametrize("statement", [
    "UPDATE catalogue_promotion_grant SET key = 'another' WHERE promotion_id = %s",
    "UPDATE catalogue_promotion_grant SET granted_by = 'somebody' WHERE promotion_id = %s",
    "UPDATE catalogue_promotion_grant SET promotion_id = tongke_uuid7() WHERE promotion_id = %s",
    "DELETE FROM catalogue_promotion_grant WHERE promotion_id = %s",
    ("INSERT INTO catalogue_promotion_grant (id, org_id, promotion_id, customer_id, key, state, granted_by, granted_at, changed_at)"
     " VALUES (tongke_uuid7(), 3301, %s, tongke_uuid7(), 'x', 'used', 'x', now(), now())"),
])
def test_whose_share_it_is_and_why_is_nobodys_to_write(promotion: UUID, statement: str) -> None:
    assert "permission denied" in refused(statement, promotion)


def test_the_counter_is_moved_by_shares_alone(promotion: UUID) -> None:
    assert "not by hand" in refused("UPDATE catalogue_promotion SET used = 0 WHERE id = %s", promotion)
    with acting(TESTER):
        assert Promotion.objects.get(id=promotion).used == 2


@pytest.mark.parametrize("change", [
    "amount = 0", "points = 9", "product_id = tongke_uuid7()", "contract_until = '2026-05-01'", "given_at = now()",
    "grant_id = (SELECT id FROM catalogue_promotion_grant WHERE key = 'held')",
])
def test_what_a_used_share_gave_stands(promotion: UUID, change: str) -> None:
    del promotion
    assert "gave stands" in refused(f"UPDATE catalogue_benefit_given SET {change}")
    assert "permission denied" in refused("DELETE FROM catalogue_benefit_given")


@pytest.mark.parametrize("key", ["used", "back"])
def test_nothing_is_given_beside_a_share_that_is_held(promotion: UUID, key: str) -> None:
    services.release_promotion(promotion_id=promotion, key="used", by=TESTER, at=NOON)
    assert "gave stands" in refused(
        "INSERT INTO catalogue_benefit_given (id, org_id, grant_id, customer_id, kind, amount, currency, prestore_amount, points, given_at)"
        " SELECT tongke_uuid7(), org_id, id, customer_id, 'amount_off', 9, 'CNY', 0, 0, now() FROM catalogue_promotion_grant WHERE promotion_id = %s AND key = %s",
        promotion, key)


def test_a_share_that_is_used_again_gives_what_is_said_now(promotion: UUID) -> None:
    later = NOON + timedelta(minutes=1)
    services.release_promotion(promotion_id=promotion, key="used", by=TESTER, at=later)
    with acting(TESTER):
        customer = PromotionGrant.objects.get(promotion_id=promotion, key="used").customer_id
    services.hold_promotion(promotion_id=promotion, customer_id=customer, org_id=3301, key="used", by=TESTER, at=later)
    product = uuid4()
    services.use_promotion(
        promotion_id=promotion, key="used", product_id=product, agreed=services.Agreed(starts_on=CONTRACT.starts_on, ends_on=CONTRACT.ends_on, worth=Decimal(7)),
        by=TESTER, at=later)
    with acting(TESTER):
        kept = BenefitGiven.objects.get(grant__promotion_id=promotion)
    assert (kept.product_id, kept.amount, kept.given_at) == (product, Decimal(7), later)
