"""Documents of TMF639: numbers, SIMs, devices, equipment and ports as resources."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tongke.tmf.kit.shapes import Attachment, Characteristic, Entity, Instant, Note, Ref, RelatedParty, Shape, Text, TimePeriod, Yes
from tongke.tmf.resource.shapes import RelatedPlace, SpecificationRef


class ConstraintRef(Ref):
    """A reference to a constraint."""

    version: Text | None = None


class FeatureRelationship(Shape):
    """How two features belong together."""

    id: Text | None = None
    name: Text | None = None
    relationship_type: Text | None = None
    valid_for: TimePeriod | None = None


class Feature(Shape):
    """A feature that is switched on with the resource."""

    id: Text | None = None
    is_bundle: Yes | None = None
    is_enabled: Yes | None = None
    name: Text | None = None
    constraint: list[ConstraintRef] | None = None
    feature_characteristic: list[Characteristic] | None = None
    feature_relationship: list[FeatureRelationship] | None = None


class NoteOfResource(Note):
    """A remark."""

    href: Text | None = None


class Resource(Entity):
    """A resource: @type tells whether it is logical (a number, a port) or physical (a card, a device, equipment)."""

    category: Text | None = Field(None, description="number, sim, esim, terminal, cpe, equipment or port")
    description: Text | None = None
    name: Text | None = Field(None, description="The number, the serial number, or the equipment's code (with the port's number)")
    resource_version: Text | None = None
    start_operating_date: Instant | None = None
    end_operating_date: Instant | None = None
    value: Text | None = Field(None, description="Of a logical resource: what it is known by")
    serial_number: Text | None = Field(None, description="Of a physical resource")
    manufacture_date: Instant | None = None
    power_state: Text | None = None
    version_number: Text | None = None
    activation_feature: list[Feature] | None = None
    administrative_state: Literal["locked", "unlocked", "shutdown"] | None = None
    operational_state: Literal["enable", "disable"] | None = None
    usage_state: Literal["idle", "active", "busy"] | None = None
    resource_status: Literal["standby", "alarm", "available", "reserved", "unknown", "suspended"] | None = None
    attachment: list[Attachment] | None = None
    note: list[NoteOfResource] | None = None
    place: RelatedPlace | None = None
    related_party: list[RelatedParty] | None = None
    resource_characteristic: list[Characteristic] | None = None
    resource_relationship: list[ResourceRelationship] | None = None
    resource_specification: SpecificationRef | None = None


class ResourceRefOrValue(Resource):
    """A resource by reference or by value."""

    at_referred_type: Text | None = Field(None, alias="@referredType")


class ResourceRelationship(Shape):
    """How two resources belong together: a port in its equipment, equipment behind another."""

    id: Text | None = None
    href: Text | None = None
    relationship_type: Text | None = None
    resource: ResourceRefOrValue | None = None


Resource.model_rebuild()
ResourceRefOrValue.model_rebuild()
