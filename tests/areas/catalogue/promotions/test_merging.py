"""Promised discounts and shares of promotions go where their customer goes, and come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import pricing, staff
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import PromotionGrant
from tongke.areas.contact_centre.services import merge_customers, move_customer
from tongke.areas.party.services.merging import separate_parties
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


def rows() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(g)::text FROM catalogue_promotion_grant g ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


def test_a_merge_takes_shares_along_and_a_separation_gives_them_back() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer(name="王芳芳")
    promotion = pricing.promotion()
    services.hold_promotion(promotion_id=promotion, customer_id=absorbed.id, org_id=3301, key="order-1", by=TESTER, at=NOON)
    with acting(TESTER):
        before = rows()
    merged = merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, reason="同一人", by=TESTER, at=NOON)
    with acting(TESTER):
        assert PromotionGrant.objects.get().customer_id == survivor.id
    services.use_promotion(promotion_id=promotion, key="order-1", by=TESTER, at=NOON + timedelta(minutes=1))
    separate_parties(merge_id=merged, reason="不是同一人", by=TESTER, at=NOON + timedelta(days=1))
    with acting(TESTER):
        assert PromotionGrant.objects.get().customer_id == absorbed.id
        assert rows() != before  # it was used meanwhile, and stays used


def test_a_share_goes_along_to_another_network() -> None:
    staff.tree()
    customer = make.bare_customer()
    services.hold_promotion(promotion_id=pricing.promotion(), customer_id=customer.id, org_id=3301, key="order-1", by=TESTER, at=NOON)
    move_customer(customer_id=customer.id, to_org=3302, reason="迁居", by=TESTER, at=NOON)
    with acting(TESTER):
        assert PromotionGrant.objects.get().org_id == 3302
