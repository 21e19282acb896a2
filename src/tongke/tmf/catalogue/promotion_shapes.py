"""Official shapes of TMF671: promotions with their pattern of criteria and actions, and a few attributes of our own."""

from __future__ import annotations

from pydantic import Field

from tongke.tmf.catalogue.shapes import DESCRIBED_IN_ENGLISH, IN_ENGLISH, STATUS, Code, LifecycleStatus, Name
from tongke.tmf.kit.shapes import Attachment, Entity, Instant, Ref, Shape, Text, TimePeriod, Whole, Yes


class EntityRef(Ref):
    """A reference to what an action gives."""


class PromotionAction(Shape):
    """What the promotion gives."""

    id: Text | None = None
    action_type: Text = Field(description="percent, amount, months, bonus point, prestore, return months, term months, device price, floor amount, or physical gift (codes of devices)")
    action_value: Text | None = None
    action_entity_ref: EntityRef | None = None


class PromotionCriteria(Shape):
    """A condition under which the promotion is given."""

    id: Text | None = None
    criteria_operator: Text = Field(description="= : one of the values, which are joined by commas")
    criteria_parameter: Text = Field(description="productOffering, category, productOfferingPrice, marketSegment, customerLevel, channel, organization, newCustomer or existingCustomer")
    criteria_value: Text


class PromotionCriteriaGroup(Shape):
    """Conditions that belong together."""

    id: Text | None = None
    group_name: Text | None = None
    criteria_logical_relationship: Text | None = Field(None, description="AND")
    criteria: list[PromotionCriteria]


class PromotionPattern(Shape):
    """Under what conditions the promotion gives what. There is one, with one group of conditions."""

    id: Text | None = None
    name: Text | None = None
    description: Text | None = None
    priority: Whole | None = Field(None, description="Smaller comes first")
    criteria_group_logical_relationship: Text | None = Field(None, description="AND")
    action: list[PromotionAction]
    criteria_group: list[PromotionCriteriaGroup]
    valid_for: TimePeriod | None = None


class Promotion(Entity):
    """One version of a promotion."""

    name: Name | None = None
    description: Text | None = None
    last_update: Instant | None = Field(None, description="Set by the server")
    lifecycle_status: LifecycleStatus | None = Field(None, description=STATUS)
    promotion_type: Text | None = Field(None, description="Discount (a percentage off), Reduction (an amount or months off) or Award; follows from the actions")
    attachment: list[Attachment] | None = None
    pattern: list[PromotionPattern] | None = None
    valid_for: TimePeriod | None = None
    code: Code | None = Field(None, description="Our own: the code that all versions share; with a known code its next version is drafted")
    version: Text | None = Field(None, description="Our own: the number of this version; set by the server")
    kind: Text | None = Field(None, description="Our own: percent_off, amount_off, months_free, prestore_return, handset_contract or gift_points; "
                                                "by what it gives unless said")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
    description_en: Text | None = Field(None, description=DESCRIBED_IN_ENGLISH)
    stacking_group: Code | None = Field(None, description="Our own: promotions of one group exclude one another")
    stackable: Yes | None = Field(None, description="Our own: whether it may be given beside others")
    quota_total: Whole | None = Field(None, description="Our own: how often it may be given; without it as often as asked for")
    quota_per_customer: Whole | None = Field(None, description="Our own: how often a customer may have it")
    used: Whole | None = Field(None, description="Our own: how often it is held or given; set by the server")
    hold_minutes: Whole | None = Field(None, description="Our own: how long a share is held for an order")
