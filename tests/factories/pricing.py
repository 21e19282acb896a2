"""Made-up offers with prices and promotions for tests: rows put in by the owner's hand, as a launched version stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.models import Allowance, BundlePart, Offering, Price, PriceList, PriceListEntry, PriceTier, Promotion, Term
from tongke.kernel.actor import acting, system_actor

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
TESTER = system_actor("test")


def offer(
    code: str, *prices: dict[str, Any], parts: Sequence[dict[str, Any]] = (), allowances: Sequence[dict[str, Any]] = (),
    terms: Sequence[dict[str, Any]] = (), launched: bool = True, version: int = 1, **more: Any,
) -> UUID:
    """An offer with prices, on sale unless ``launched`` is false; a price may bring ``tiers`` as pairs."""
    with acting(TESTER):
        made = Offering.objects.create(**{
            "code": code, "version": version, "kind": "mobile", "name_zh": code, "name_en": code, "valid_from": BEGIN, "state": "in_design", **more})
        for at, price in enumerate(prices):
            tiers = price.pop("tiers", ())
            row = Price.objects.create(offering=made, position=at, **{
                "charge_type": price["kind"], "name_zh": price["code"], "name_en": price["code"], "period": "month" if price["kind"] == "recurring" else "",
                "tax_category": "value_added_telecom", **price})
            for start, amount in tiers:
                PriceTier.objects.create(price=row, from_units=Decimal(start), amount=Decimal(amount))
        for model, rows in ((BundlePart, parts), (Allowance, allowances), (Term, terms)):
            for row_ in rows:
                model.objects.create(offering=made, **row_)
        if launched:
            Offering.objects.filter(id=made.id).update(state="launched")
        return made.id


def monthly(amount: str, **more: Any) -> dict[str, Any]:
    """A recurring price."""
    return {"code": "monthly", "kind": "recurring", "amount": Decimal(amount), **more}


def price_list(code: str, *entries: tuple[str, str, str], priority: int = 0, **more: Any) -> UUID:
    """A launched list; each entry is an offering, a price and its amount."""
    with acting(TESTER):
        made = PriceList.objects.create(**{
            "code": code, "name_zh": code, "name_en": code, "priority": priority, "valid_from": BEGIN, "created_at": BEGIN, "changed_at": BEGIN,
            "state": "in_design", **more})
        for offering_code, price_code, amount in entries:
            PriceListEntry.objects.create(price_list=made, offering_code=offering_code, price_code=price_code, amount=Decimal(amount))
        PriceList.objects.filter(id=made.id).update(state="launched")
        return made.id


def promotion(code: str = "SPRING", **more: Any) -> UUID:
    """A launched promotion: half price for three months unless told otherwise."""
    with acting(TESTER):
        return Promotion.objects.create(**{
            "code": code, "name_zh": "春促", "name_en": "Spring", "kind": "percent_off", "percent": Decimal(50), "months": 3, "state": "launched",
            "valid_from": BEGIN, "created_at": BEGIN, "changed_at": BEGIN, **more}).id
