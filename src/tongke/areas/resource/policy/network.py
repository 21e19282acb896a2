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


@lru_cache(maxsize=128)
def _parsed(text: str) -> ReservationPolicy:
    return ReservationPolicy.model_validate_json(text)


def reservation_policy_at(at: datetime, org_id: int) -> ReservationPolicy:
    """Return the figures in force at ``at`` for the organisation that owns what is reserved: its own, else those of the nearest level above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_policy_at(%s, %s)::text", [at, org_id])
        (text,) = cursor.fetchone()
    return _parsed(text)
