"""Names and types of the dated figures about reservations of ports and stock, and how they are read at an instant."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field


class ReservationPolicy(BaseModel):
    """Figures in force for one organisation; where no dated row says otherwise, the defaults hold. Minutes and counts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    port_reservation_minutes: int = Field(default=3 * 24 * 60, ge=1, le=90 * 24 * 60)
    item_reservation_minutes: int = Field(default=24 * 60, ge=1, le=90 * 24 * 60)
    reservation_extensions_max: int = Field(default=3, ge=0, le=100)


NETWORK_LABELS = {
    "port_reservation_minutes": _("Minutes for which a port is reserved"),
    "item_reservation_minutes": _("Minutes for which stock is reserved"),
    "reservation_extensions_max": _("How often a reservation may be extended"),
}
FIGURES = """
SELECT coalesce(jsonb_object_agg(f.name, f.value), '{}')::text FROM (
  SELECT DISTINCT ON (name) name, value FROM resource_policy
  WHERE org_id IN (%(org)s, 1) AND name = ANY (%(names)s) AND valid_from <= %(at)s AND (valid_until IS NULL OR valid_until > %(at)s)
  ORDER BY name, org_id DESC) f
"""


@lru_cache(maxsize=128)
def _parsed(text: str) -> ReservationPolicy:
    return ReservationPolicy.model_validate_json(text)


def reservation_policy_at(at: datetime, org_id: int) -> ReservationPolicy:
    """Return the figures in force at ``at`` for the organisation that owns what is reserved."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"org": org_id, "names": list(NETWORK_LABELS), "at": at})
        (text,) = cursor.fetchone()
    return _parsed(text)
