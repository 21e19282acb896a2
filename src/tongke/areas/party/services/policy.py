"""Changing the figures of policy: dated, from now or a later day on, never backwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from pydantic import ValidationError

from tongke.areas.party.errors import PastPolicy, PolicyRefused
from tongke.areas.party.models import PolicyFigure
from tongke.areas.party.policy import LABELS, policy_at
from tongke.areas.party.rules.customers import reason_is_given
from tongke.kernel.actor import Actor
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("party.policy")
def set_policy(name: str, value: Any, *, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime) -> None:
    """Set a figure from ``valid_from`` (``None``: now) on; the one before ends there, a planned later one is replaced.

    Raises ``PolicyRefused`` where the figure has not its form or range, ``PastPolicy`` for a start that is over.
    """
    starts = valid_from or at
    if starts < at:
        raise PastPolicy(field="valid_from")
    if name not in LABELS:
        raise PolicyRefused(field="name", why=name)
    require(collect((reason_is_given, {"reason": reason})))
    try:
        policy_at(starts).model_validate({**policy_at(starts).model_dump(mode="json"), name: value})
    except ValidationError as fault:
        raise PolicyRefused(field="value", why="; ".join(error["msg"] for error in fault.errors())[:300]) from fault
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('party_policy'), hashtext(%s))", [name])
    figures = PolicyFigure.objects.filter(name=name)
    figures.filter(valid_from__gte=starts).delete()
    figures.filter(valid_until=None).update(valid_until=starts)
    figures.filter(valid_from__lt=starts, valid_until__gt=starts).update(valid_until=starts)
    PolicyFigure.objects.create(name=name, value=value, valid_from=starts, reason=reason.strip(), set_by=by.name)
