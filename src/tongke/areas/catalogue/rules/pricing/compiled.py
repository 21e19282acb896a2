"""Quotes of offers as they are, made once for each kind of buyer and day and kept as long as the catalogue does not change.

Most offers a customer is shown are nobody's configuration: the price of the usual configuration depends on the day, the account's
cycle day and on those of the buyer's segment, area and channel that the offer's prices speak of, and most speak of none. ``PriceBook``
keeps those quotes; it is thrown away with the catalogue's revision. Who configures, or brings discounts, is quoted afresh.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import Discount, Promotion, objections
from tongke.areas.catalogue.rules.pricing.cycle import local_day
from tongke.areas.catalogue.rules.pricing.engine import quote
from tongke.areas.catalogue.rules.pricing.offer import Listed, Price, PricedOffering, TaxRate
from tongke.areas.catalogue.rules.pricing.quoting import Quote
from tongke.areas.catalogue.rules.pricing.usage import UsagePlan, usage_plan

KEPT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """The segments, channels and areas that an offer's prices, price lists and parts speak of: all others are alike to it."""

    segments: frozenset[str]
    channels: frozenset[str]
    areas: frozenset[int]

    def key(self, asked: Configuration) -> tuple[str, str, tuple[int, ...]]:
        """Return what of the buyer matters to the price."""
        return (
            asked.segment if asked.segment in self.segments else "", asked.channel if asked.channel in self.channels else "",
            tuple(area for area in asked.areas if area in self.areas) if self.areas else (),
        )


def spoken_of(offering: PricedOffering) -> SpokenOf:
    """Return what an offer's prices speak of, those of its parts included."""
    rows: tuple[Price | Listed, ...] = (*offering.prices, *offering.listed)
    parts = [spoken_of(part.offering) for part in offering.parts]
    return SpokenOf(
        frozenset({row.segment for row in rows if row.segment}.union(*(p.segments for p in parts))),
        frozenset({row.channel for row in rows if row.channel}.union(*(p.channels for p in parts))),
        frozenset({row.area_id for row in rows if row.area_id is not None}.union(*(p.areas for p in parts))),
    )


@dataclass(slots=True)
class PriceBook:
    """All offers of one revision of the catalogue with rates of tax, and the usual quotes made of them so far.

    ``on_sale`` are those that may be sold by themselves; the others are parts, or held by those who have them.
    """

    revision: int
    offerings: dict[str, PricedOffering]
    on_sale: dict[str, PricedOffering] = field(default_factory=dict)
    taxes: tuple[TaxRate, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    edges: tuple[datetime, ...] = ()
    _quotes: dict[Any, Quote] = field(default_factory=dict)
    _spoken: dict[str, SpokenOf] = field(default_factory=dict)
    _plans: dict[int, tuple[Quote, UsagePlan]] = field(default_factory=dict)

    def quote(
        self, code: str, configuration: Configuration, *, promotions: Sequence[Promotion] = (), discounts: Sequence[Discount] = (),
        cycle_day: int = 1, zone: str = "Asia/Shanghai", on: date | None = None, at: datetime,
    ) -> Quote:
        """Return the quote of one offer; a usual one is made once. Raises ``KeyError`` for an unknown code."""
        asked = configuration
        if promotions or discounts or not asked.usual:
            return quote(
                self.offerings[code], configuration=asked, promotions=promotions, discounts=discounts, taxes=self.taxes,
                cycle_day=cycle_day, zone=zone, on=on, at=at,
            )
        return self.quote_many((code,), asked, cycle_day=cycle_day, zone=zone, on=on, at=at)[code]

    def quote_many(
        self, codes: Iterable[str], configuration: Configuration, *, cycle_day: int = 1, zone: str = "Asia/Shanghai",
        on: date | None = None, at: datetime,
    ) -> dict[str, Quote]:
        """Return the usual quotes of many offers for one buyer, by code; unknown codes are left out."""
        day = on or local_day(at, zone)
        when = (cycle_day, day, self._era(at))
        out = {}
        for code in codes:
            offering = self.offerings.get(code)
            if offering is None:
                continue
            key = (code, self._spoken_of(offering).key(configuration), when)
            found = self._quotes.get(key)
            if found is None:
                if len(self._quotes) >= KEPT_MAX:
                    self._quotes.clear()
                found = quote(offering, configuration=configuration, taxes=self.taxes, cycle_day=cycle_day, zone=zone, on=day, at=at)
                self._quotes[key] = found
            out[code] = found
        return out

    def quote_promoted(
        self, code: str, configuration: Configuration, promotions: Sequence[Promotion], *, cycle_day: int = 1, zone: str = "Asia/Shanghai",
        on: date | None = None, at: datetime,
    ) -> Quote | None:
        """Return the usual quote of one offer with those of the promotions that this buyer may be given; ``None``: with none of them.

        Made once for each set of promotions. Raises ``KeyError`` for an unknown code.
        """
        offering = self.offerings[code]
        fitting = [promotion for promotion in promotions if not objections(promotion, offering, configuration, at=at)]
        if not fitting:
            return None
        day = on or local_day(at, zone)
        key = (code, self._spoken_of(offering).key(configuration), (cycle_day, day, self._era(at)), tuple(p.id or p.source for p in fitting))
        found = self._quotes.get(key)
        if found is None:
            if len(self._quotes) >= KEPT_MAX:
                self._quotes.clear()
            found = self._quotes[key] = quote(
                offering, configuration=configuration, promotions=fitting, taxes=self.taxes, cycle_day=cycle_day, zone=zone, on=day, at=at)
        return found

    def _spoken_of(self, offering: PricedOffering) -> SpokenOf:
        found = self._spoken.get(offering.code)
        if found is None:
            found = self._spoken[offering.code] = spoken_of(offering)
        return found

    def usage_plan(self, quote_: Quote) -> UsagePlan:
        """Return the plan of a quote made ready for months of usage; made once for each kept quote."""
        kept = self._plans.get(id(quote_))
        if kept is None or kept[0] is not quote_:
            if len(self._plans) >= KEPT_MAX:
                self._plans.clear()
            kept = self._plans[id(quote_)] = quote_, usage_plan(quote_)
        return kept[1]

    def _era(self, at: datetime) -> int:
        """Between which instants at which some dated row begins or ends ``at`` lies: within one era quotes are the same."""
        return bisect_right(self.edges, at)
