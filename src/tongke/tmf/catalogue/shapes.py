"""Official shapes of TMF620: catalogues, categories and specifications, with a few attributes of our own.

Attributes of our own are those that the official schema has no word for; each says so in its description.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from tongke.tmf.kit.shapes import (
    Attachment,
    Entity,
    Instant,
    Number,
    Ref,
    RelatedParty,
    Shape,
    Text,
    TimePeriod,
    Whole,
    Yes,
)

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strict=True)]
Code = Annotated[str, StringConstraints(max_length=40, strict=True)]


def _official(value: Any) -> Any:
    """Return a state in the official spelling, whatever its capitals."""
    return value.strip().capitalize() if isinstance(value, str) else value


LifecycleStatus = Annotated[Literal["In study", "In design", "In test", "Active", "Launched", "Retired", "Obsolete", "Rejected"], BeforeValidator(_official)]
STATUS = "In study, In design, In test, Active, Launched, Retired, Obsolete or Rejected"
IN_ENGLISH = "Our own: the name in English; the official name where none is given"
DESCRIBED_IN_ENGLISH = "Our own: the description in English"


class VersionedRef(Ref):
    """A reference to one version of something."""

    version: Text | None = None


class CategoryRef(VersionedRef):
    """A reference to a category."""


class ProductOfferingRef(Ref):
    """A reference to a version of an offering."""


class Duration(Shape):
    """A length of time."""

    amount: Whole | None = None
    units: Text | None = None


class Catalog(Entity):
    """A catalogue: the root of a tree of categories."""

    name: Name | None = None
    description: Text | None = None
    catalog_type: Text | None = None
    version: Text | None = None
    lifecycle_status: LifecycleStatus | None = Field(None, description=STATUS)
    last_update: Instant | None = Field(None, description="Set by the server")
    valid_for: TimePeriod | None = None
    category: list[CategoryRef] | None = Field(None, description="The categories at its root; a category names its catalogue")
    related_party: list[RelatedParty] | None = None
    code: Code | None = Field(None, description="Our own: the code, given when creating or else by the server")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
    description_en: Text | None = Field(None, description=DESCRIBED_IN_ENGLISH)


class Category(Entity):
    """A branch of a catalogue's tree with the offerings that stand in it."""

    name: Name | None = None
    description: Text | None = None
    version: Text | None = None
    lifecycle_status: LifecycleStatus | None = Field(None, description=STATUS)
    last_update: Instant | None = Field(None, description="Set by the server")
    is_root: Yes | None = Field(None, description="Whether it has no parent")
    parent_id: Text | None = None
    valid_for: TimePeriod | None = None
    product_offering: list[ProductOfferingRef] | None = Field(None, description="What stands in it, each by its version on sale, else its newest")
    sub_category: list[CategoryRef] | None = Field(None, description="Its branches; each names its parent")
    catalog: Ref | None = Field(None, description="Our own: the catalogue it belongs to; the parent's, or the only one there is, unless named")
    code: Code | None = Field(None, description="Our own: the code, given when creating or else by the server")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
    description_en: Text | None = Field(None, description=DESCRIBED_IN_ENGLISH)


class TargetProductSchema(Shape):
    """Where the schema of the characteristics stands."""


class ProductSpecificationRef(VersionedRef):
    """A reference to a version of a specification."""

    target_product_schema: TargetProductSchema | None = None


class CharacteristicValueSpecification(Shape):
    """A value that may be chosen, or a range of values."""

    id: Text | None = Field(None, description="Our own: the value as text, or range, by which values are told apart")
    value: Any = None
    is_default: Yes | None = None
    value_type: Text | None = None
    unit_of_measure: Text | None = None
    value_from: Number | None = None
    value_to: Number | None = None
    range_interval: Text | None = Field(None, description="closed: both ends belong to the range")
    regex: Text | None = None
    valid_for: TimePeriod | None = None
    name: Text | None = Field(None, description="Our own: what the value is called")
    name_en: Text | None = Field(None, description=IN_ENGLISH)


class ProductSpecificationCharacteristicRelationship(Shape):
    """How characteristics hang together."""

    id: Text | None = None
    href: Text | None = None
    char_spec_seq: Whole | None = None
    name: Text | None = None
    relationship_type: Text | None = None
    valid_for: TimePeriod | None = None


class ProductSpecificationCharacteristic(Shape):
    """A typed characteristic of a specification; its id is the code under which values are given."""

    id: Text | None = None
    name: Name | None = None
    description: Text | None = None
    value_type: Text | None = Field(None, description="text, integer, decimal, boolean, date or choice")
    configurable: Yes | None = Field(None, description="Whether the value is chosen at the sale; else the offering fixes it")
    extensible: Yes | None = None
    is_unique: Yes | None = None
    min_cardinality: Whole | None = None
    max_cardinality: Whole | None = None
    regex: Text | None = None
    product_spec_char_relationship: list[ProductSpecificationCharacteristicRelationship] | None = None
    product_spec_characteristic_value: list[CharacteristicValueSpecification] | None = None
    valid_for: TimePeriod | None = None
    at_value_schema_location: Text | None = Field(None, alias="@valueSchemaLocation")
    required: Yes | None = Field(None, description="Our own: whether a value must be given")
    name_en: Name | None = Field(None, description=IN_ENGLISH)


class BundledProductSpecification(Entity):
    """A product that the product consists of."""

    name: Text | None = None
    lifecycle_status: Text | None = None


class ProductSpecificationRelationship(Entity):
    """How the specification relates to another."""

    name: Text | None = None
    relationship_type: Text | None = Field(None, description="dependency: requires it; exclusivity: excludes it; sequence: is delivered after it; "
                                                             "others (migration, substitution) are kept")
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class ProductSpecification(Entity):
    """One version of a product's specification."""

    name: Name | None = None
    description: Text | None = None
    brand: Text | None = None
    is_bundle: Yes | None = Field(None, description="Whether it consists of other products; set by the server")
    last_update: Instant | None = Field(None, description="Set by the server")
    lifecycle_status: LifecycleStatus | None = Field(None, description=STATUS)
    product_number: Code | None = Field(None, description="The code; with a known code the next version of it is drafted")
    version: Text | None = Field(None, description="The number of this version; set by the server")
    attachment: list[Attachment] | None = None
    bundled_product_specification: list[BundledProductSpecification] | None = None
    product_spec_characteristic: list[ProductSpecificationCharacteristic] | None = None
    product_specification_relationship: list[ProductSpecificationRelationship] | None = None
    related_party: list[RelatedParty] | None = None
    resource_specification: list[VersionedRef] | None = None
    service_specification: list[VersionedRef] | None = None
    target_product_schema: TargetProductSchema | None = None
    valid_for: TimePeriod | None = None
    kind: Code | None = Field(None, description="Our own: what the product provides, as mobile, broadband or device; value_added unless said")
    name_en: Name | None = Field(None, description=IN_ENGLISH)
    description_en: Text | None = Field(None, description=DESCRIBED_IN_ENGLISH)


class ProductSpecificationCharacteristicValueUse(Shape):
    """The value of a characteristic that something fixes."""

    id: Text | None = Field(None, description="The characteristic's id, or its name")
    name: Text | None = None
    description: Text | None = None
    value_type: Text | None = None
    min_cardinality: Whole | None = None
    max_cardinality: Whole | None = None
    product_spec_characteristic_value: list[CharacteristicValueSpecification] | None = None
    product_specification: ProductSpecificationRef | None = None
    valid_for: TimePeriod | None = None
