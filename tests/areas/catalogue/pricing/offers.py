"""Offers by hand for the pure tests: nothing of a database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import Benefit, Promotion
from tongke.areas.catalogue.rules.pricing.engine import quote
from tongke.areas.catalogue.rules.pricing.offer import Price, PricedOffering, TaxRate
from tongke.areas.catalogue.rules.pricing.quoting import Quote, QuoteLine

D = Decimal
NOON = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
TAXES = (TaxRate("basic_telecom", D(9)), TaxRate("value_added_telecom", D(6)), TaxRate("goods", D(13)))


def monthly(amount: str, code: str = "monthly", **more: Any) -> Price:
    """A recurring price."""
    return Price(code, "recurring", D(amount), **{"tax_category": "value_added_telecom", "source": f"{code} {amount}", **more})


def offer(*prices: Price, code: str = "M-59", **more: Any) -> PricedOffering:
    """An offer with prices."""
    return PricedOffering(code=code, prices=prices, **more)


def quoted(offering: PricedOffering, configuration: Configuration | None = None, **more: Any) -> Quote:
    """A quote at noon of 2026-03-20, with today's taxes."""
    return quote(offering, configuration=configuration or Configuration(areas=(3301, 33, 1)), **{"taxes": TAXES, "at": NOON, **more})


def line(found: Quote, code: str) -> QuoteLine:
    """The one line of this code."""
    (only,) = [row for row in found.lines if row.code == code]
    return only


def codes(row: QuoteLine) -> list[str]:
    """The rules behind a line."""
    return [trace.code for trace in row.traces]


def promotion(code: str, kind: str, *, priority: int = 0, group: str = "", stackable: bool = True, **benefit: Any) -> Promotion:
    """A promotion for everybody."""
    return Promotion(code, 1, Benefit(kind, **benefit), stacking_group=group, stackable=stackable, priority=priority)
