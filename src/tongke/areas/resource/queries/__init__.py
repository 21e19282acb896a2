"""Reads of the room resource."""

from tongke.areas.resource.queries.coverage import AccessPoint, Coverage, KindCoverage, PathStep, PlaceFound, coverage_at
from tongke.areas.resource.queries.numbers.finding import FoundNumber, find_numbers
from tongke.areas.resource.queries.numbers.gauges import NumberCount, PoolGauge, number_counts, pool_gauges
from tongke.areas.resource.queries.numbers.grading import (
    GradeAnswer,
    grade_by,
    grade_of,
    grade_rules_of,
    grades_of,
    schedule_at,
    schedules,
)
from tongke.areas.resource.queries.places import PlaceBelow, find_places, place_brief, places_above, places_below
from tongke.areas.resource.rules.numbers import is_number_id, number_id, number_of
from tongke.areas.resource.rules.searching import NumberWish

__all__ = [
    "AccessPoint", "Coverage", "FoundNumber", "GradeAnswer", "KindCoverage", "NumberCount", "NumberWish", "PathStep",
    "PlaceBelow", "PlaceFound", "PoolGauge", "coverage_at", "find_numbers", "find_places", "grade_by", "grade_of",
    "grade_rules_of", "grades_of", "is_number_id", "number_counts", "number_id", "number_of", "place_brief", "places_above",
    "places_below", "pool_gauges", "schedule_at", "schedules",
]
