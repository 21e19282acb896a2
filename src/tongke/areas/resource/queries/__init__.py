"""Reads of the room resource."""

from tongke.areas.resource.queries.coverage import AccessPoint, Coverage, KindCoverage, PathStep, PlaceFound, coverage_at
from tongke.areas.resource.queries.places import PlaceBelow, find_places, place_brief, places_above, places_below

__all__ = [
    "AccessPoint", "Coverage", "KindCoverage", "PathStep", "PlaceBelow", "PlaceFound", "coverage_at", "find_places", "place_brief", "places_above", "places_below",
]
