"""Documents of TMF685: pools of numbers, what is left in them, and reservations out of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tongke.tmf.kit.shapes import Entity, Instant, Ref, RelatedParty, Shape, Text, TimePeriod
from tongke.tmf.resource.shapes import ChannelRef, PlaceRefOrValue, RelatedEntity, ResourceRef, SpecificationRef, TaskState

Whole = Annotated[int, Field(strict=True, ge=0, le=1000)]
Marks = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]
ReservationState = Literal[
    "acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "completed", "failed", "partial", "assessingCancellation",
    "pendingCancellation",
]


NUMBERS_MAX, MOVED_MAX = 20, 100
"""Numbers of one reservation, and of one move between the desk and a pool: each costs some statements, in the request."""


class CapacityRef(Ref):
    """A reference to a capacity."""


class CapacityAmount(Shape):
    """How much, as a text with its range."""

    capacity_amount: Text | None = None
    capacity_amount_from: Text | None = None
    capacity_amount_to: Text | None = None
    range_interval: Text | None = None


class ApplicablePeriod(Shape):
    """When a capacity holds."""

    day_of_week: Text | None = None
    range_interval: Text | None = None
    from_to_date_time: TimePeriod | None = None
    valid_for: TimePeriod | None = None


class Capacity(Shape):
    """What a pool holds or somebody asks of it."""

    planned_or_actual_capacity: Text | None = Field(None, description="actual, always")
    applicable_time_period: list[ApplicablePeriod] | None = None
    capacity_amount: CapacityAmount | None = None
    capacity_spec: SpecificationRef | None = Field(None, description="numbers.<state>: how many numbers are in that state")
    place: PlaceRefOrValue | None = None
    related_capacity: list[CapacityRef] | None = None


class ResourcePool(Entity):
    """A pool of numbers of one organisation. Name, code, channels, warning marks and version are the house's own."""

    name: Text | None = None
    code: Text | None = Field(None, description="What the desk calls it; given when it is opened")
    version: Whole | None = Field(None, description="Counts the changes; set by the server")
    channel: list[ChannelRef] | None = Field(None, description="The channels that may sell from it; none: all")
    dry_below: Marks | None = Field(None, description="The desk is warned when fewer numbers are free")
    dry_days: Marks | None = Field(None, description="The desk is warned when the numbers last fewer days")
    description: Text | None = None
    capacity: list[Capacity] | None = None
    related_party: RelatedParty | None = None
    resource: list[ResourceRef] | None = None
    resource_specification: SpecificationRef | None = None


class RelatedPartyRef(Ref):
    """A party in a role."""

    role: Text | None = None


class ReservationItem(Shape):
    """One thing to reserve: so many numbers of a pool, or named resources."""

    id: Text | None = None
    quantity: Whole | None = None
    state_change_date: Instant | None = None
    state_change_reason: Text | None = None
    action: Literal["add", "modify", "delete", "noChange"] | None = None
    applied_capacity: Capacity | None = None
    capacity_demand: Capacity | None = None
    related_entity: list[RelatedEntity] | None = None
    related_party: list[RelatedPartyRef] | None = None
    reservation_period: TimePeriod | None = None
    state: ReservationState | None = None
    valid_for: TimePeriod | None = None


class Reservation(Entity):
    """A reservation for somebody until it is used, cancelled or runs out."""

    cancellation_date: Text | None = None
    cancellation_reason: Text | None = None
    completion_date: Text | None = None
    creation_date: Instant | None = None
    description: Text | None = None
    expected_completion_date: Text | None = None
    requested_completion_date: Text | None = None
    requested_start_date: Text | None = None
    state_change_date: Instant | None = None
    state_change_reason: Text | None = None
    channel: ChannelRef | None = None
    related_entity: list[RelatedEntity] | None = None
    related_party: list[RelatedPartyRef] | None = None
    reservation_item: list[ReservationItem] | None = Field(None, max_length=NUMBERS_MAX, description=f"{NUMBERS_MAX} numbers in all at the most; all or none")
    reservation_period: TimePeriod | None = None
    state: ReservationState | None = None
    valid_for: TimePeriod | None = None


class AvailabilityCheck(Entity):
    """The question how many numbers of a pool are to be had; the official file gives it no attributes."""

    resource_pool: ResourceRef | None = Field(None, description="The pool that is asked about")
    grade: Text | None = Field(None, description="Count numbers of this grade only")
    quantity: Whole | None = Field(None, description="How many are wanted; 1 where it is not said")
    available: bool | None = Field(None, description="Whether so many are free")
    available_quantity: int | None = Field(None, description="How many are free")
    creation_date: Instant | None = None
    state: TaskState | None = None


class PoolMove(Entity):
    """Numbers that the desk takes out of the sale of a pool (extract) or puts back into it (push)."""

    resource_pool: ResourceRef | None = Field(None, description="The pool")
    resource: list[ResourceRef] | None = Field(None, max_length=MOVED_MAX, description="The numbers, by the id of the resource")
    reason: Text | None = None
    creation_date: Instant | None = None
    state: TaskState | None = None
