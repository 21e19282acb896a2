"""Official shapes of TMF679: what was asked, what came of it, every reason and what would be possible instead."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tongke.tmf.api.product_637 import ProductRefOrValue, RelatedPlace
from tongke.tmf.catalogue.shapes import CategoryRef, ProductOfferingRef
from tongke.tmf.kit.shapes import Entity, Instant, Money, Note, Ref, RelatedParty, Shape, Text, Yes

TaskStateType = Literal["acknowledged", "terminatedWithError", "inProgress", "done"]
ProductActionType = Literal["add", "modify", "delete", "noChange"]


class AlternateProductOfferingProposal(Shape):
    """What would be possible instead."""

    id: Text | None = None
    alternate_activation_date: Instant | None = None
    alternate_product: ProductRefOrValue | None = None
    alternate_product_offering: ProductOfferingRef | None = None


class EligibilityUnavailabilityReason(Shape):
    """One reason against it, with what would mend it."""

    code: Text | None = Field(None, description="The rule's code, the same in every language")
    label: Text | None = Field(None, description="What stands against it")
    label_en: Text | None = Field(None, description="Our own: the same in English")
    mend: Text | None = Field(None, description="Our own: what would mend it")
    mend_en: Text | None = Field(None, description="Our own: the same in English")
    rule: Text | None = Field(None, description="Our own: the rule of the rule book; the offering's own terms where there is none")
    effect: Text | None = Field(None, description="Our own: refuse, review, deposit or agree")


class QualificationItemRelationship(Shape):
    """How an item hangs together with another of the same request."""

    id: Text | None = None
    relationship_type: Text | None = None


class TerminationError(Shape):
    """Why an item could not be judged."""

    id: Text | None = None
    value: Text | None = None


class ProductOfferingQualificationItem(Shape):
    """One offering that is asked for, and what came of it."""

    id: Text | None = Field(None, description="The sender's, else its place among the items")
    expected_activation_date: Instant | None = None
    qualification_item_result: Text | None = Field(None, description="qualified, alternate or unqualified; set by the server")
    action: ProductActionType | None = Field(None, description="add unless said")
    alternate_product_offering_proposal: list[AlternateProductOfferingProposal] | None = None
    eligibility_unavailability_reason: list[EligibilityUnavailabilityReason] | None = None
    note: list[Note] | None = None
    product: ProductRefOrValue | None = None
    product_offering: ProductOfferingRef | None = None
    qualification_item_relationship: list[QualificationItemRelationship] | None = None
    state: TaskStateType | None = None
    termination_error: list[TerminationError] | None = None
    deposit: Money | None = Field(None, description="Our own: the deposit that would be asked for")
    penalty: Money | None = Field(None, description="Our own: what ends early would cost so much")


class ChannelRef(Ref):
    """A reference to a sales channel."""


class ProductOfferingQualification(Entity):
    """Whether a customer may order offerings at a place over a channel."""

    description: Text | None = Field(None, max_length=300)
    effective_qualification_date: Instant | None = Field(None, description="When it was judged; set by the server")
    expected_poq_completion_date: Instant | None = Field(None, alias="expectedPOQCompletionDate", description="When it was answered; set by the server")
    expiration_date: Instant | None = Field(None, description="Until when the answer may be relied on; set by the server")
    instant_sync_qualification: Yes | None = None
    product_offering_qualification_date: Instant | None = Field(None, description="When it was asked; set by the server")
    provide_alternative: Yes | None = None
    provide_only_available: Yes | None = None
    provide_unavailability_reason: Yes | None = None
    qualification_result: Text | None = Field(None, description="qualified, alternate or unqualified; set by the server")
    requested_poq_completion_date: Instant | None = Field(None, alias="requestedPOQCompletionDate")
    category: CategoryRef | None = None
    channel: ChannelRef | None = None
    note: list[Note] | None = None
    place: list[RelatedPlace] | None = None
    product_offering_qualification_item: list[ProductOfferingQualificationItem] | None = None
    related_party: list[RelatedParty] | None = None
    state: TaskStateType | None = None
