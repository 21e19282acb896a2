"""Documents of TMF673 and TMF674: addresses down to the room, their validation, and sites."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tongke.tmf.kit.shapes import Entity, Instant, Number, RelatedParty, Shape, Text, TimePeriod, Yes
from tongke.tmf.resource.shapes import PlaceRefOrValue, TaskState


class StandardIdentifier(Shape):
    """A country by a standard's code."""

    id: Text | None = None
    href: Text | None = None
    format: Text | None = None
    value: Text | None = None


class ExternalIdentifier(Shape):
    """What another system calls it."""

    id: Text | None = None
    href: Text | None = None
    external_identifier_type: Text | None = None
    owner: Text | None = None


class Location(Entity):
    """Where it is on the map (GeoJSON), by reference or by value; ours are points."""

    at_type: Literal["GeoJsonPoint", "GeoJsonMultiPoint", "GeoJsonLineString", "GeoJsonMultiLineString", "GeoJsonPolygon"] | None = Field(None, alias="@type")
    name: Text | None = None
    bbox: list[Number] | None = None
    type: Text | None = None
    coordinates: Any = None
    geo_json: Any = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class SubUnit(Shape):
    """A further part of a building: a unit, a floor."""

    sub_unit_number: Text | None = None
    sub_unit_type: Text | None = None


class SubAddress(Entity):
    """A building, a unit or a room below an address."""

    building_name: Text | None = None
    level_number: Text | None = None
    level_type: Text | None = None
    name: Text | None = None
    private_street_name: Text | None = None
    private_street_number: Text | None = None
    sub_address_type: Text | None = None
    sub_unit_number: Text | None = None
    sub_unit_type: Text | None = None
    sub_unit: list[SubUnit] | None = None


class GeographicAddress(Entity):
    """An address of the standard address tree."""

    city: Text | None = None
    country: Text | None = None
    geographic_address_type: Text | None = Field(None, description="The level in the tree: street, community, building, unit or room")
    locality: Text | None = Field(None, description="The district")
    name: Text | None = Field(None, description="The whole address in one line")
    postcode: Text | None = Field(None, max_length=12)
    state_or_province: Text | None = None
    street_name: Text | None = None
    street_nr: Text | None = Field(None, max_length=30)
    street_nr_last: Text | None = None
    street_nr_last_suffix: Text | None = None
    street_nr_suffix: Text | None = None
    street_suffix: Text | None = None
    street_type: Text | None = None
    country_code: list[StandardIdentifier] | None = None
    external_identifier: list[ExternalIdentifier] | None = None
    geographic_location: Location | None = None
    geographic_sub_address: list[SubAddress] | None = None


class GeographicAddressValidation(Entity):
    """The question which address of the tree is meant."""

    provide_alternative: Yes | None = None
    validation_date: Instant | None = None
    validation_result: Text | None = Field(None, description="success, partial or fails")
    alternate_geographic_address: list[GeographicAddress] | None = None
    state: TaskState | None = None
    submitted_geographic_address: GeographicAddress | None = None
    valid_geographic_address: GeographicAddress | None = None


class HourPeriod(Shape):
    """From which hour to which."""

    end_hour: Text | None = None
    start_hour: Text | None = None


class CalendarPeriod(Shape):
    """When the site is open."""

    day: Text | None = None
    status: Text | None = None
    time_zone: Text | None = None
    hour_period: list[HourPeriod] | None = None


class SiteRelationship(Shape):
    """How two sites belong together."""

    id: Text | None = None
    href: Text | None = None
    relationship_type: Text | None = None
    role: Text | None = None
    valid_for: TimePeriod | None = None


class GeographicSite(Entity):
    """A site: an exchange, a cabinet or another place where equipment stands."""

    code: Text | None = None
    description: Text | None = None
    name: Text | None = None
    status: Text | None = Field(None, description="planned, active, inactive or former")
    calendar: list[CalendarPeriod] | None = None
    place: list[PlaceRefOrValue] | None = None
    related_party: list[RelatedParty] | None = None
    site_relationship: list[SiteRelationship] | None = None
