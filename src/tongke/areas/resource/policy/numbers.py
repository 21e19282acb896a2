"""Names and types of the dated figures about numbers, and how they are read at an instant."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field


class NumberPolicy(BaseModel):
    """All figures in force at one instant for one organisation. Changing one is ``services.set_number_figure``.

    Minutes, days and counts are whole; ``number_takeup_days`` is over how many days recent take-up is counted.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    number_hold_minutes: int = Field(ge=1, le=60 * 24 * 30)
    number_hold_extensions_max: int = Field(ge=0, le=100)
    number_holds_per_clerk_max: int = Field(ge=1, le=10_000)
    number_holds_per_person_max: int = Field(ge=1, le=10_000)
    number_cooling_days: int = Field(ge=0, le=3650)
    number_takeup_days: int = Field(ge=1, le=365)
    number_file_rows_max: int = Field(default=200_000, ge=1, le=1_000_000)


LABELS = {
    "number_hold_minutes": _("Minutes for which a number is held"),
    "number_hold_extensions_max": _("How often a hold may be extended"),
    "number_holds_per_clerk_max": _("Numbers held by one clerk, at most"),
    "number_holds_per_person_max": _("Numbers held for one person, at most"),
    "number_cooling_days": _("Days for which a number cools after it was given up"),
    "number_takeup_days": _("Days over which the recent take-up of a pool is counted"),
    "number_file_rows_max": _("Rows of a file of numbers, at most"),
}


@lru_cache(maxsize=512)
def _parsed(text: str) -> NumberPolicy:
    return NumberPolicy.model_validate_json(text)


def policy_at(at: datetime, org_id: int | None = None) -> NumberPolicy:
    """Return the figures in force at ``at`` for an organisation (``None``: the group's)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_policy_at(%s, %s)::text", [at, org_id or 1])
        (text,) = cursor.fetchone()
    return _parsed(text)
