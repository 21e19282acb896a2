"""What the number desk keeps from being sold: reserved, blocked or faulty numbers."""

from __future__ import annotations

from datetime import datetime

from tongke.areas.resource.events import NumberFreed, NumberKept
from tongke.areas.resource.models import Number
from tongke.areas.resource.rules.numbers import why_is_given
from tongke.areas.resource.services.numbers.moving import locked_number, move_number
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


def _keep(number: str, verb_: str, *, reason: str, by: Actor, at: datetime) -> None:
    require(collect((why_is_given, {"reason": reason})))
    held = move_number(locked_number(number), verb_, reason=reason, changes={"note": reason.strip()[:200]}, by=by, at=at)
    publish(NumberKept(subject_id=held.id, org_id=held.org_id, number=held.number, state=held.state, reason=reason), by=by, at=at)


def _let_go(number: str, verb_: str, *, reason: str, by: Actor, at: datetime) -> None:
    held: Number = move_number(locked_number(number), verb_, reason=reason, changes={"note": ""}, by=by, at=at)
    publish(NumberFreed(subject_id=held.id, org_id=held.org_id, number=held.number, pool_id=held.pool_id), by=by, at=at)


@verb("resource.run_numbers")
def reserve_number(*, number: str, reason: str, by: Actor, at: datetime) -> None:
    """Keep a free number back, for a purpose that ``reason`` names. Raises ``NotFound``, ``IllegalMove``, RES-31."""
    _keep(number, "reserve", reason=reason, by=by, at=at)


@verb("resource.run_numbers")
def unreserve_number(*, number: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Give a kept number back to its pool. Raises ``NotFound``, ``IllegalMove``."""
    _let_go(number, "unreserve", reason=reason, by=by, at=at)


@verb("resource.run_numbers")
def block_number(*, number: str, reason: str, by: Actor, at: datetime) -> None:
    """Let nobody sell a free or reserved number. Raises ``NotFound``, ``IllegalMove``, RES-31."""
    _keep(number, "block", reason=reason, by=by, at=at)


@verb("resource.run_numbers")
def unblock_number(*, number: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Let a blocked number be sold again. Raises ``NotFound``, ``IllegalMove``."""
    _let_go(number, "unblock", reason=reason, by=by, at=at)


@verb("resource.run_numbers")
def report_number_fault(*, number: str, reason: str, by: Actor, at: datetime) -> None:
    """Note that a number does not work and must not be sold. Raises ``NotFound``, ``IllegalMove``, RES-31."""
    _keep(number, "report_fault", reason=reason, by=by, at=at)


@verb("resource.run_numbers")
def mend_number(*, number: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Note that a number works again. Raises ``NotFound``, ``IllegalMove``."""
    _let_go(number, "mend", reason=reason, by=by, at=at)
