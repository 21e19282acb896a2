"""Documents of TMF687: how much of what is where, and the tasks that check, reserve and correct it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tongke.tmf.api.product_637 import ProductRefOrValue
from tongke.tmf.kit.shapes import Entity, Instant, Quantity, Ref, RelatedParty, Shape, Text, TimePeriod, Yes
from tongke.tmf.resource.shapes import ChannelRef, MarketSegmentRef, PlaceRefOrValue, RelatedEntity, RelatedPlace, ResourceRef, TaskState

ITEMS_MAX = 100
"""Items of one task: each costs some statements, in the request."""


class StockRef(Ref):
    """A reference to a product stock."""


class StockRelationship(Shape):
    """How two stocks belong together."""

    relationship_type: Text | None = None
    stock_level: StockRef | None = None


class ProductStock(Entity):
    """How many of one model lie at one stock place in one state."""

    creation_date: Instant | None = None
    description: Text | None = None
    last_inventory_date: Instant | None = Field(None, description="When the place was counted last")
    last_update: Instant | None = None
    name: Text | None = None
    replenishment_date: Instant | None = None
    stock_level_category: Text | None = None
    channel: list[ChannelRef] | None = None
    market_segment: list[MarketSegmentRef] | None = None
    max_stock_level: Quantity | None = None
    min_stock_level: Quantity | None = Field(None, description="Below it the stock keeper is told")
    place: RelatedPlace | None = Field(None, description="The stock place")
    product_stock_level: Quantity | None = None
    product_stock_relationship: list[StockRelationship] | None = None
    product_stock_status_type: Literal["reserved", "available", "unavailable", "unknown"] | None = None
    product_stock_usage_type: Literal["inTransit", "onDisplay", "damaged", "returned", "replenishmentInProgress", "inShop"] | None = None
    related_party: list[RelatedParty] | None = None
    reorder_quantity: Quantity | None = None
    resource: list[ResourceRef] | None = None
    stock_level_alert: Quantity | None = None
    stocked_product: ProductRefOrValue | None = None


class AdjustItem(Shape):
    """One stock to correct, and by how much."""

    id: Text | None = None
    href: Text | None = None
    adjust_product_stock_quantity: Quantity | None = Field(None, description="Below zero: lost; above: found")
    product_stock_target: StockRef | None = None
    resource: list[ResourceRef] | None = Field(None, max_length=ITEMS_MAX, description="The items that were lost or found, as many as the quantity says")
    state: TaskState | None = None


class AdjustProductStock(Entity):
    """A correction of stock."""

    adjust_reason: Text | None = None
    completed_adjust_product_stock_date: Instant | None = None
    creation_date: Instant | None = None
    description: Text | None = None
    instant_sync_adjust: Yes | None = None
    requested_adjust_product_stock_date: Instant | None = None
    adjust_product_stock_item: list[AdjustItem] | None = Field(None, max_length=ITEMS_MAX)
    state: TaskState | None = None


class AlternateStock(Shape):
    """Where else, or when, the wanted quantity is there."""

    id: Text | None = None
    alternate_availability_date: Instant | None = None
    alternate_place: PlaceRefOrValue | None = None
    alternate_product: ProductRefOrValue | None = None
    alternate_quantity: Quantity | None = None
    alternate_stock: StockRef | None = None


class CheckItem(Shape):
    """One stock to look at, and how many are wanted."""

    id: Text | None = None
    availability_result: Text | None = None
    provide_alternative: Yes | None = None
    alternate: list[AlternateStock] | None = None
    checked_product_stock: ProductStock | None = None
    requested_quantity: Quantity | None = None
    state: TaskState | None = None


class CheckProductStock(Entity):
    """The question whether enough is there."""

    completed_check_product_stock_date: Instant | None = None
    creation_date: Instant | None = None
    instant_sync_check: Yes | None = None
    provide_alternative: Yes | None = None
    requested_availability_date: Instant | None = None
    requested_check_product_stock_date: Instant | None = None
    check_product_stock_item: list[CheckItem] | None = Field(None, max_length=ITEMS_MAX)
    place: PlaceRefOrValue | None = None
    related_party: list[RelatedParty] | None = None
    state: TaskState | None = None


class StockReservation(Shape):
    """What is held for the order; the order may use it, nobody by this id alone."""

    id: Text | None = None


class ReserveItem(Shape):
    """One stock to reserve of, and how many."""

    id: Text | None = None
    product_stock_requested: StockRef | None = None
    product_stock_reserved: StockRef | None = None
    quantity_requested: Quantity | None = None
    quantity_reserved: Quantity | None = None
    requested_product: ProductRefOrValue | None = None
    reserve_product_stock_state: TaskState | None = None
    reservation: StockReservation | None = Field(None, description="Set by the server")
    resource: list[ResourceRef] | None = Field(None, description="The items that are held, by the id of the resource; set by the server")


class ReserveProductStock(Entity):
    """A reservation of stock for an order."""

    creation_date: Instant | None = None
    required_availability_date: Instant | None = None
    channel: list[ChannelRef] | None = None
    market_segment: list[MarketSegmentRef] | None = None
    place: RelatedPlace | None = None
    related_entity: list[RelatedEntity] | None = Field(None, description="The order that it is for")
    related_party: list[RelatedParty] | None = None
    reserve_product_stock_item: list[ReserveItem] | None = Field(None, max_length=ITEMS_MAX, description="Each with an id of its own; all or none is reserved")
    reserve_product_stock_state: TaskState | None = None
    valid_for: TimePeriod | None = None


class QueryProductStock(Entity):
    """The question what stock there is that fits the criteria."""

    completed_query_product_stock_date: Instant | None = None
    creation_date: Instant | None = None
    instant_sync_check: Yes | None = None
    requested_availability_date: Instant | None = None
    requested_query_product_stock_date: Instant | None = None
    query_product_stock_item: list[ProductStock] | None = None
    related_party: list[RelatedParty] | None = None
    search_criteria: ProductStock | None = None
    state: TaskState | None = None
