"""Shapes of what versions say: equal where they say the same, refusing what they do not know."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from tongke.areas.catalogue.rules.content import OfferingContent, PriceContent, RuleContent

MONTHLY = {"code": "monthly", "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "period": "month"}


def test_amounts_that_are_equal_read_alike() -> None:
    read = [PriceContent(**MONTHLY, amount=amount) for amount in ("59", "59.00", "59.000000", 59, Decimal("59.0"))]
    assert len({str(price.amount) for price in read}) == 1
    assert str(PriceContent(**MONTHLY, amount="0.005").amount) == "0.005"


@pytest.mark.parametrize("amount", ["-1", "0.0000001", "1e20", "NaN", "Infinity", "a"])
def test_amounts_that_cannot_be_kept_are_refused(amount: str) -> None:
    with pytest.raises(ValidationError):
        PriceContent(**MONTHLY, amount=amount)


def test_a_charge_type_that_repeats_the_kind_says_nothing() -> None:
    assert PriceContent(**MONTHLY, charge_type="recurring") == PriceContent(**MONTHLY)


def test_the_monthly_fee_is_what_everybody_pays() -> None:
    offering = OfferingContent(
        kind="mobile", name_zh="畅享", name_en="Enjoy", prices=[
            PriceContent(**MONTHLY, amount="59"), PriceContent(**MONTHLY, amount="49", segment="business"),
            PriceContent(**MONTHLY | {"code": "rent"}, amount="5"), PriceContent(**MONTHLY | {"code": "part"}, amount="7", part_code="X-1"),
        ],
    )
    assert offering.monthly_fee == Decimal("64.00")


def test_free_values_are_kept_as_json_keeps_them() -> None:
    rule = RuleContent(name_zh="规", name_en="Rule", subject_kind="all", kind="credit", parameters={"deposit": Decimal("1.5")})
    assert rule.parameters == {"deposit": 1.5}
    deep: dict[str, object] = {}
    for _level in range(12):
        deep = {"a": deep}
    with pytest.raises(ValidationError):
        RuleContent(name_zh="规", name_en="Rule", subject_kind="all", kind="credit", parameters=deep)
