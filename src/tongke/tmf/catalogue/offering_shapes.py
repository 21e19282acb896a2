"""Official shapes of TMF620: offerings and their prices, with a few attributes of our own (``shapes``)."""

from __future__ import annotations

from pydantic import Field

from tongke.tmf.catalogue.shapes import (
    DESCRIBED_IN_ENGLISH,
    IN_ENGLISH,
    STATUS,
    CategoryRef,
    Code,
    Duration,
    LifecycleStatus,
    Name,
    ProductSpecificationCharacteristicValueUse,
    ProductSpecificationRef,
    VersionedRef,
)
from tongke.tmf.kit.shapes import Attachment, Entity, Instant, Money, Number, Quantity, Ref, Shape, Text, TimePeriod, Whole, Yes


class BundledProductOfferingOption(Shape):
    """How many of a part may be taken."""

    number_rel_offer_default: Whole | None = None
    number_rel_offer_lower_limit: Whole | None = None
    number_rel_offer_upper_limit: Whole | None = None


class BundledProductOffering(Entity):
    """A part of a bundle, by the part's version on sale, else its newest."""

    name: Text | None = None
    lifecycle_status: Text | None = None
    bundled_product_offering_option: BundledProductOfferingOption | None = None
    group: Code | None = Field(None, description="Our own: parts of one group are alternatives")
    group_lower_limit: Whole | None = Field(None, description="Our own: how many of the group at least")
    group_upper_limit: Whole | None = Field(None, description="Our own: how many of the group at most")


class ProductPriceValue(Shape):
    """A price, with or without tax."""

    percentage: Number | None = None
    tax_category: Text | None = None
    tax_rate: Number | None = None
    duty_free_amount: Money | None = None
    tax_included_amount: Money | None = None


class POPAlteration(Entity):
    """What lowers or raises a price for a while."""

    name: Text | None = None
    description: Text | None = None
    price_type: Text
    priority: Whole | None = None
    recurring_charge_period: Text | None = None
    application_duration: Duration | None = None
    price: ProductPriceValue
    unit_of_measure: Quantity | None = None
    valid_for: TimePeriod | None = None


class ProductOfferingPriceRefOrValue(Entity):
    """A price of the offering."""

    name: Name | None = None
    description: Text | None = None
    last_update: Instant | None = None
    lifecycle_status: Text | None = None
    price_type: Text | None = Field(None, description="recurring, oneTime, usage, deposit or prestore")
    recurring_charge_period: Text | None = Field(None, description="month, year or day")
    recurring_charge_period_length: Whole | None = None
    version: Text | None = None
    constraint: list[VersionedRef] | None = None
    price: ProductPriceValue | None = None
    price_alteration: list[POPAlteration] | None = None
    unit_of_measure: Quantity | None = Field(None, description="For usage: how many of which unit are charged at a time")
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")
    code: Code | None = Field(None, description="Our own: the code; prices of one code are alternatives of which the most fitting counts")
    charge_type: Code | None = Field(None, description="Our own: what the charge is for on the bill")
    name_en: Name | None = Field(None, description=IN_ENGLISH)


class ProductOfferingRelationship(Entity):
    """How the offering relates to another; kept and given back, while eligibility rules decide."""

    name: Text | None = None
    relationship_type: Text | None = None
    role: Text | None = None
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class ProductOfferingTerm(Shape):
    """A contract term that the offering may be taken with."""

    id: Text | None = Field(None, description="Our own: the term's code")
    name: Text | None = None
    description: Text | None = None
    duration: Duration | None = None
    valid_for: TimePeriod | None = None


class ContractTerm(ProductOfferingTerm):
    """A contract term with what leaving it early costs."""

    name_en: Name | None = Field(None, description=IN_ENGLISH)
    is_default: Yes | None = Field(None, description="Our own: the term unless another is chosen")
    penalty_kind: Text | None = Field(None, description="Our own: none, remaining_months, fixed or give_back")
    penalty_percent: Number | None = Field(None, description="Our own: of the fees of the remaining months, or of the benefits")
    penalty_amount: Number | None = Field(None, description="Our own: the fixed penalty")
    floor_amount: Number | None = Field(None, description="Our own: the least spend a month")
    prestore_amount: Number | None = Field(None, description="Our own: paid beforehand and returned month by month")
    return_months: Whole | None = Field(None, description="Our own: over how many months it is returned")
    notice_days: Whole | None = Field(None, description="Our own: how long before its end the term may be ended")


class Allowance(Shape):
    """What a month includes."""

    id: Text | None = None
    usage_type: Text = Field(description="data_mb, voice_minute, sms, data_roaming_mb or voice_roaming_minute")
    amount: Number
    rollover_months: Whole | None = None
    shared: Yes | None = Field(None, description="Whether the lines of a bundle share it")
    proration: Text | None = None


class ProductOffering(Entity):
    """One version of something that is sold. Its id addresses this version alone."""

    name: Name | None = None
    description: Text | None = None
    is_bundle: Yes | None = Field(None, description="Whether it consists of other offerings")
    is_sellable: Yes | None = Field(None, description="Whether it may be sold by itself")
    last_update: Instant | None = Field(None, description="Set by the server")
    lifecycle_status: LifecycleStatus | None = Field(None, description=STATUS)
    status_reason: Text | None = None
    version: Text | None = Field(None, description="The number of this version; set by the server")
    agreement: list[Ref] | None = None
    attachment: list[Attachment] | None = None
    bundled_product_offering: list[BundledProductOffering] | None = None
    category: list[CategoryRef] | None = None
    channel: list[Ref] | None = Field(None, description="Where it is sold; everywhere unless named")
    market_segment: list[Ref] | None = Field(None, description="To whom it is sold; to all unless named")
    place: list[Ref] | None = Field(None, description="In which organisations it is sold, with all below them; in all unless named")
    prod_spec_char_value_use: list[ProductSpecificationCharacteristicValueUse] | None = None
    product_offering_price: list[ProductOfferingPriceRefOrValue] | None = None
    product_offering_relationship: list[ProductOfferingRelationship] | None = None
    product_offering_term: list[ContractTerm] | None = None
    product_specification: ProductSpecificationRef | None = Field(None, description="Any version of it may be named; the newest that was not given up counts")
    resource_candidate: VersionedRef | None = None
    service_candidate: VersionedRef | None = None
    service_level_agreement: Ref | None = None
    valid_for: TimePeriod | None = None
    code: Code | None = Field(None, description="Our own: the code that all versions share; with a known code its next version is drafted")
    kind: Code | None = Field(None, description="Our own: what it provides; as its specification unless said")
    allowance: list[Allowance] | None = Field(None, description="Our own: what a month includes")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
    description_en: Text | None = Field(None, description=DESCRIBED_IN_ENGLISH)


class BundledProductOfferingPriceRelationship(Entity):
    """A price that a price consists of."""

    name: Text | None = None


class ProductOfferingPriceRelationship(Entity):
    """How a price relates to another."""

    name: Text | None = None
    relationship_type: Text | None = Field(None, description="override: this price counts in the bundle instead of the part's own; others are kept")
    role: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class Tier(Shape):
    """The price per unit from a number of units on."""

    id: Text | None = None
    from_units: Number
    amount: Number


class PricingLogicAlgorithm(Entity):
    """How a price is worked out; the one with the id tiers is our own."""

    name: Text | None = None
    description: Text | None = None
    pla_spec_id: Text | None = Field(None, description="slab: each part at its own tier's price; volume: all at the price of the tier reached")
    valid_for: TimePeriod | None = None
    tier: list[Tier] | None = Field(None, description="Our own: the tiers")


class TaxItem(Entity):
    """A tax on the price."""

    tax_category: Text | None = None
    tax_rate: Number | None = None
    tax_amount: Money | None = None


class ProductOfferingPrice(Entity):
    """One price of a version of an offering; it lives and stands with that version."""

    name: Name | None = None
    description: Text | None = None
    is_bundle: Yes | None = None
    last_update: Instant | None = Field(None, description="Set by the server")
    lifecycle_status: LifecycleStatus | None = Field(None, description="That of the offering's version: " + STATUS)
    percentage: Number | None = Field(None, description="Of the part's own price, where it prices a part of a bundle")
    price_type: Text | None = Field(None, description="recurring, oneTime, usage, deposit or prestore")
    recurring_charge_period_length: Whole | None = None
    recurring_charge_period_type: Text | None = Field(None, description="month, year or day")
    version: Text | None = Field(None, description="That of the offering; set by the server")
    bundled_pop_relationship: list[BundledProductOfferingPriceRelationship] | None = None
    constraint: list[VersionedRef] | None = None
    place: list[Ref] | None = Field(None, description="The organisation in which it counts, with all below it")
    pop_relationship: list[ProductOfferingPriceRelationship] | None = None
    price: Money | None = None
    pricing_logic_algorithm: list[PricingLogicAlgorithm] | None = None
    prod_spec_char_value_use: list[ProductSpecificationCharacteristicValueUse] | None = Field(None, description="For which values of characteristics it counts")
    product_offering_term: list[ProductOfferingTerm] | None = None
    tax: list[TaxItem] | None = None
    unit_of_measure: Quantity | None = Field(None, description="For usage: how many of which unit are charged at a time")
    valid_for: TimePeriod | None = None
    product_offering: Ref | None = Field(None, description="Our own: the version of the offering whose price it is; mandatory when creating")
    bundled_product_offering: Ref | None = Field(None, description="Our own: the part of the bundle that it prices")
    market_segment: list[Ref] | None = Field(None, description="Our own: the segment for which it counts")
    channel: list[Ref] | None = Field(None, description="Our own: the channel on which it counts")
    code: Code | None = Field(None, description="Our own: the code; prices of one code are alternatives of which the most fitting counts")
    charge_type: Code | None = Field(None, description="Our own: what the charge is for on the bill")
    tax_included: Yes | None = Field(None, description="Our own: whether the price holds the tax")
    proration: Text | None = Field(None, description="Our own: how part of a period is charged")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
