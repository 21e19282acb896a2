"""Offerings: prices, parts, allowances and terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from tongke.areas.catalogue.rules.content.shape import (
    Code,
    Content,
    Count,
    Json,
    Money,
    Months,
    Name,
    OrgId,
    Percent,
    PercentOf,
    Quantity,
    Small,
    UnitPrice,
    Words,
)
from tongke.areas.catalogue.states import OfferingKind, PenaltyKind, Period, PriceKind, Proration, SalesChannel, TierMode, UsageType

ZERO = Decimal("0.00")
ONE = Decimal("1.00")


class TierContent(Content):
    """From ``from_units`` on a unit costs ``amount``."""

    from_units: Quantity
    amount: UnitPrice


class PriceContent(Content):
    """One price row; rows of one code are alternatives of which the most exact counts (see the price engine)."""

    code: Small
    kind: PriceKind
    charge_type: str = Field(default="", max_length=20)
    name_zh: Name
    name_en: Name
    amount: UnitPrice = ZERO
    tax_category: str = Field(default="basic_telecom", max_length=20)
    tax_included: bool = True
    period: Period | None = None
    proration: Proration = Proration.DAILY
    usage_type: UsageType | None = None
    unit_size: Quantity = ONE
    tier_mode: TierMode = TierMode.SLAB
    tiers: tuple[TierContent, ...] = ()
    segment: str = Field(default="", max_length=20)
    channel: SalesChannel | None = None
    area_id: OrgId | None = None
    condition: dict[Small, Json] = {}
    part_code: str = Field(default="", max_length=40)
    percent_of_part: PercentOf | None = None

    @field_validator("charge_type")
    @classmethod
    def _own_kind(cls, value: str, info: ValidationInfo) -> str:
        """A charge type that only repeats the kind is left out: unless said otherwise a price is charged as what it is."""
        return "" if value == info.data.get("kind") else value

    @property
    def is_general(self) -> bool:
        """Tell whether the row holds for everybody and for the offering itself."""
        return not (self.segment or self.channel or self.area_id or self.condition or self.part_code)


class PartContent(Content):
    """A part of a bundle; parts of one group are alternatives."""

    part_code: Code
    group_code: str = Field(default="", max_length=40)
    group_min: Count = 0
    group_max: Count | None = None
    quantity_min: Count = 0
    quantity_max: int = Field(default=1, ge=1, le=10_000)
    quantity_default: Count = 0


class AllowanceContent(Content):
    """What each month includes."""

    usage_type: UsageType
    amount: Quantity
    rollover_months: Months = 0
    shared: bool = False
    proration: Proration = Proration.DAILY


class TermContent(Content):
    """A contract term and what leaving it early costs."""

    code: Small
    name_zh: Name
    name_en: Name
    months: int = Field(ge=1, le=120)
    default: bool = False
    penalty_kind: PenaltyKind = PenaltyKind.NONE
    penalty_percent: Percent = ZERO
    penalty_amount: Money = ZERO
    floor_amount: Money = ZERO
    prestore_amount: Money = ZERO
    return_months: Months = 0
    notice_days: int = Field(default=30, ge=0, le=366)


class OfferingContent(Content):
    """What a version of an offering says. Its monthly fee follows from its prices."""

    org_id: OrgId = 1
    kind: OfferingKind
    name_zh: Name
    name_en: Name
    description_zh: Words = ""
    description_en: Words = ""
    specification: Code | None = None
    sellable: bool = True
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    segments: tuple[str, ...] = ()
    channels: tuple[SalesChannel, ...] = ()
    sold_in: tuple[OrgId, ...] = ()
    characteristics: dict[Annotated[str, Field(min_length=1, max_length=60)], Json] = {}
    parts: tuple[PartContent, ...] = ()
    prices: tuple[PriceContent, ...] = ()
    allowances: tuple[AllowanceContent, ...] = ()
    terms: tuple[TermContent, ...] = ()
    note: Words = ""

    @property
    def monthly_fee(self) -> Decimal:
        """What a plain month costs everybody by the offering's own recurring prices."""
        rows = (p for p in self.prices if p.kind == PriceKind.RECURRING and p.period == Period.MONTH and p.is_general)
        return sum((p.amount for p in rows), ZERO).quantize(ZERO)
