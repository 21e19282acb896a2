"""What goes with offerings: price lists, tax rates, eligibility rules and promotions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from tongke.areas.catalogue.rules.content.shape import (
    Code,
    Content,
    Instant,
    Json,
    Money,
    Months,
    Name,
    OrgId,
    Percent,
    PercentOf,
    Sentence,
    Small,
    UnitPrice,
    Words,
)
from tongke.areas.catalogue.states import PromotionKind, RuleEffect, RuleKind, RuleSubject, SalesChannel


class EntryContent(Content):
    """The price of one offering's price on a list: an amount, or a percentage of the offering's own."""

    offering_code: Code
    price_code: Small
    amount: UnitPrice | None = None
    percent: PercentOf | None = None


class PriceListContent(Content):
    """What a version of a price list says."""

    org_id: OrgId = 1
    name_zh: Name
    name_en: Name
    segment: str = Field(default="", max_length=20)
    channel: SalesChannel | None = None
    area_id: OrgId | None = None
    priority: int = Field(default=0, ge=-1000, le=1000)
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    entries: tuple[EntryContent, ...] = ()
    note: Words = ""


class TaxRateContent(Content):
    """The percentage from an instant on, until the next."""

    valid_from: Instant
    percent: Percent


class TaxContent(Content):
    """A tax category with its rates, the earliest first."""

    org_id: OrgId = 1
    name_zh: Name
    name_en: Name
    rates: tuple[TaxRateContent, ...] = Field(min_length=1)

    def percent_at(self, at: datetime) -> Decimal | None:
        """Return the rate in force at ``at``."""
        return next((r.percent for r in reversed(self.rates) if r.valid_from <= at), None)


class RuleContent(Content):
    """What a version of an eligibility rule says; ``parameters`` have the shape of the kind."""

    org_id: OrgId = 1
    name_zh: Name
    name_en: Name
    subject_kind: RuleSubject
    subject_code: str = Field(default="", max_length=40)
    kind: RuleKind
    parameters: dict[str, Json] = {}
    effect: RuleEffect = RuleEffect.REFUSE
    says_zh: Sentence = ""
    says_en: Sentence = ""
    mend_zh: Sentence = ""
    mend_en: Sentence = ""
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    note: Words = ""


class PromotionContent(Content):
    """What a version of a promotion says."""

    org_id: OrgId = 1
    name_zh: Name
    name_en: Name
    description_zh: Words = ""
    description_en: Words = ""
    kind: PromotionKind
    offering_codes: tuple[Code, ...] = ()
    category_codes: tuple[Code, ...] = ()
    price_codes: tuple[Small, ...] = ()
    segments: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    channels: tuple[SalesChannel, ...] = ()
    sold_in: tuple[OrgId, ...] = ()
    new_customers_only: bool = False
    existing_customers_only: bool = False
    percent: Percent | None = None
    amount: Money | None = None
    months: Months | None = None
    points: int | None = Field(default=None, ge=0, le=100_000_000)
    prestore_amount: Money | None = None
    return_months: Months | None = None
    term_months: Months | None = None
    device_price: Money | None = None
    floor_amount: Money | None = None
    device_codes: tuple[Code, ...] = ()
    stacking_group: str = Field(default="", max_length=40)
    stackable: bool = True
    priority: int = Field(default=0, ge=-1000, le=1000)
    quota_total: int | None = Field(default=None, ge=0, le=1_000_000_000)
    quota_per_customer: int = Field(default=1, ge=1, le=1000)
    hold_minutes: int = Field(default=30, ge=1, le=60 * 24 * 30)
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    note: Words = ""
