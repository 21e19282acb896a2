"""Value-added tax on what is charged: dated rates by category, in the price or on top, rounded line by line.

Figures that the catalogue is seeded with: basic telecom (voice, line rental, sale and lease of bandwidth) 11 % from 2016-05-01
and value-added telecom (data, messages, broadband access) 6 %, both 财税〔2016〕36号; goods 17 % until 2018-04-30; 10 % and 16 %
from 2018-05-01 by 财税〔2018〕32号; 9 % and 13 % from 2019-04-01 by 财政部 税务总局 海关总署公告2019年第39号.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing.offer import UNTAXED, ZERO, TaxRate, cents
from tongke.kernel.money import Money

HUNDRED = Decimal(100)
BASIC_TELECOM, VALUE_ADDED_TELECOM, GOODS = "basic_telecom", "value_added_telecom", "goods"


def rate_of(category: str, taxes: Sequence[TaxRate], at: datetime) -> TaxRate | None:
    """Return the category's rate in force at ``at``; ``None`` where there is none."""
    fitting = [rate for rate in taxes if rate.category == category and (rate.valid is None or rate.valid.covers(at))]
    return max(fitting, key=_since) if fitting else None


def _since(rate: TaxRate) -> float:
    return rate.valid.start.timestamp() if rate.valid else float("-inf")


def is_taxed(category: str) -> bool:
    """Tell whether the category bears tax at all: deposits and prestores do not."""
    return category not in UNTAXED


def taxed(amount: Decimal, percent: Decimal, *, included: bool) -> tuple[Decimal, Decimal]:
    """Return (tax, total) of an amount in cents: taken out of it or put on top; total minus tax is the net amount."""
    if included:
        return amount - cents(amount * HUNDRED / (HUNDRED + percent)), amount
    tax = cents(amount * percent / HUNDRED)
    return tax, amount + tax


def split_by_category(amount: Decimal, weights: Sequence[tuple[str, Decimal]], currency: str = "CNY") -> list[tuple[str, Decimal]]:
    """Split one bundle's amount over tax categories by the parts' own prices; the last bears the residual (分别核算).

    A negative amount is split as its opposite; nothing to weigh by gives it all to the last category.
    """
    merged: dict[str, Decimal] = {}
    for category, weight in weights:
        merged[category] = merged.get(category, Decimal(0)) + weight
    if sum(merged.values(), Decimal(0)) <= 0:
        return [(category, ZERO) for category in list(merged)[:-1]] + [(list(merged)[-1], amount)]
    sign = -1 if amount < 0 else 1
    parts = Money(abs(amount), currency).split(list(merged.values()))
    return [(category, sign * part.amount) for category, part in zip(merged, parts, strict=True)]
