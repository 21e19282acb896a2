"""Changing the figures about numbers and reservations: dated, from now or a later instant on, for an organisation and all below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from pydantic import BaseModel, ValidationError

from tongke.areas.resource.errors import FigureRefused
from tongke.areas.resource.models import ResourceFigure
from tongke.areas.resource.policy import NumberPolicy, ReservationPolicy, policy_at, reservation_policy_at
from tongke.areas.resource.rules.numbers import org_in_sight, why_is_given
from tongke.kernel.actor import Actor
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

GROUP = 1


Read = Callable[[datetime, int], BaseModel]


@verb("resource.run_numbers")
def set_number_figure(
    *, name: str, value: Any, org_id: int = GROUP, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime
) -> None:
    """Let a figure of ``policy.NumberPolicy`` hold from an instant on (``None``: now). Raises ``FigureRefused``, RES-30, RES-31."""
    _set(NumberPolicy, policy_at, name=name, value=value, org_id=org_id, starts=valid_from or at, reason=reason, by=by, at=at)


@verb("resource.plan_network")
def set_reservation_figure(
    *, name: str, value: Any, org_id: int = GROUP, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime
) -> None:
    """Let a figure of ``policy.ReservationPolicy`` hold from an instant on; see ``set_number_figure``."""
    _set(ReservationPolicy, reservation_policy_at, name=name, value=value, org_id=org_id, starts=valid_from or at, reason=reason, by=by, at=at)


def _set(
    policy: type[BaseModel], read: Read, *, name: str, value: Any, org_id: int, starts: datetime, reason: str, by: Actor, at: datetime
) -> None:
    require(collect((org_in_sight, {"seen": by.sees(org_id)}), (why_is_given, {"reason": reason})))
    if name not in policy.model_fields or starts < at:
        raise FigureRefused(why=name, field="name" if starts >= at else "valid_from")
    try:
        policy.model_validate({**read(starts, org_id).model_dump(), name: value})
    except ValidationError as fault:
        raise FigureRefused(why="; ".join(error["msg"] for error in fault.errors()), field="value") from None
    _end_at(ResourceFigure.objects.select_for_update().filter(name=name, org_id=org_id), starts)
    ResourceFigure.objects.create(org_id=org_id, name=name, value=value, valid_from=starts, reason=reason.strip(), set_by=by.name)


def _end_at(own: QuerySet[ResourceFigure], ends: datetime) -> None:
    own.filter(valid_from__gte=ends).delete()
    own.filter(valid_until=None).update(valid_until=ends)
    own.filter(valid_from__lt=ends, valid_until__gt=ends).update(valid_until=ends)
