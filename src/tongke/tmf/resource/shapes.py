"""Parts that the documents of resources, pools, stock and places share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tongke.tmf.kit.shapes import Entity, Ref, Shape, Text

TaskState = Literal["accepted", "terminatedWithError", "inProgress", "done"]


class NamedRef(Shape):
    """A reference by name, with an id where there is one."""

    id: Text | None = None
    href: Text | None = None
    name: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class ChannelRef(NamedRef):
    """A sales channel."""


class MarketSegmentRef(NamedRef):
    """A market segment."""


class PlaceRefOrValue(Entity):
    """A place, by reference or by value."""

    name: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class RelatedPlace(PlaceRefOrValue):
    """A place in a role."""

    role: Text | None = None


class RelatedEntity(Ref):
    """Something else in a role: an order, say."""

    role: Text | None = None


class ResourceRef(Ref):
    """A reference to a resource."""


class SpecificationRef(Ref):
    """A reference to a specification in one version."""

    version: Text | None = None
