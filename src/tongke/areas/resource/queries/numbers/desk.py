"""What the number desk looks at: numbers, their lives, holds and promises, blocks with their ranges, pools, dated figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from tongke.areas.resource.models import (
    GradeSchedule,
    Number,
    NumberAllotment,
    NumberBlock,
    NumberCommitment,
    NumberHold,
    NumberMove,
    NumberPool,
    NumberRange,
    ResourceFigure,
)
from tongke.areas.resource.policy import LABELS, NETWORK_LABELS, policy_at, reservation_policy_at
from tongke.areas.resource.rules.commitments import leaving_penalty, terms_of
from tongke.areas.resource.rules.numbers import number_id, written
from tongke.areas.resource.states import BlockSource, CommitmentState, HoldState
from tongke.areas.staff.queries import is_signed_by
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound

VIEW, NETWORK = "resource.view_numbers", "resource.view_network"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingCost:
    """What leaving a promise early costs: an amount in ``currency`` (nothing once the term is over) and the first day after its term."""

    amount: Decimal
    currency: str
    ends_on: date


def _within(rows: QuerySet[Row], by: Actor) -> QuerySet[Row]:
    """Narrow rows to the actor's scope; raises where the actor may see no numbers at all."""
    by.require(VIEW)
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def numbers_visible_to(by: Actor) -> QuerySet[Number]:
    """Return the numbers in scope, each with its pool."""
    return _within(Number.objects.select_related("pool"), by)


def number_seen(ident: UUID, *, by: Actor) -> Number:
    """Return one number with its block and pool; raises ``NotFound`` where it is outside the actor's scope."""
    found = _within(Number.objects.select_related("pool", "block"), by).filter(id=ident).first()
    if found is None:
        raise NotFound
    return found


def number_written(text: str, *, by: Actor) -> Number | None:
    """Return the number that somebody wrote, in any of the usual ways; ``None`` where it is none in scope."""
    known = written(text)
    return None if known is None else _within(Number.objects.select_related("pool"), by).filter(id=number_id(known)).first()


def moves_of_number(ident: UUID, *, limit: int = 100, by: Actor) -> list[NumberMove]:
    """Return the last moves of a number's life, newest first."""
    return list(_within(NumberMove.objects.filter(number_id=ident), by).order_by("-at", "-id")[:limit])


def commitments_of_number(ident: UUID, *, by: Actor) -> list[NumberCommitment]:
    """Return what customers promised for a number, the newest first."""
    return list(_within(NumberCommitment.objects.filter(number_id=ident), by).order_by("-starts_on", "-id"))


def leaving_cost(ident: UUID, *, by: Actor, at: datetime) -> LeavingCost | None:
    """Return what giving a number up now costs by the promise that runs for it; ``None`` where none runs."""
    held = _within(NumberCommitment.objects.filter(number_id=ident, state=CommitmentState.IN_FORCE), by).first()
    if held is None:
        return None
    on = at.astimezone(ZoneInfo(by.zone)).date()
    due = leaving_penalty(terms_of(held), starts_on=held.starts_on, ends_on=held.ends_on, leaves_on=on)
    return LeavingCost(amount=due, currency=held.currency, ends_on=held.ends_on)


def numbers_ported(by: Actor) -> QuerySet[Number]:
    """Return the numbers in scope that another operator serves or that are of another's block, each with its block."""
    return _within(Number.objects.select_related("pool", "block").exclude(operator=""), by)


def donors_known(*, by: Actor) -> list[str]:
    """Return the operators whose blocks are recorded, by name."""
    by.require(VIEW)
    return list(NumberBlock.objects.filter(source=BlockSource.DONOR, valid_until=None).order_by("donor").values_list("donor", flat=True).distinct())


def holds_visible_to(by: Actor) -> QuerySet[NumberHold]:
    """Return the holds in scope."""
    return _within(NumberHold.objects.all(), by)


def hold_seen(token: UUID, *, by: Actor) -> NumberHold:
    """Return one hold; raises ``NotFound``."""
    found = holds_visible_to(by).filter(id=token).first()
    if found is None:
        raise NotFound(field="token")
    return found


def may_end_hold(hold: NumberHold, *, order_ref: str = "", by: Actor) -> bool:
    """Tell whether the actor may extend a hold or let it go: whoever holds the number, or works on the order that it is held for, or runs the numbers."""
    return is_signed_by(hold.clerk, by) or bool(order_ref and order_ref == hold.order_ref) or by.may("resource.run_numbers")


def own_holds(*, by: Actor, at: datetime) -> list[NumberHold]:
    """Return the actor's own running holds, the one that ends first at the top."""
    return list(holds_visible_to(by).filter(clerk=by.name, state=HoldState.OPEN, expires_at__gt=at).order_by("expires_at", "id"))


def pools_visible_to(by: Actor) -> QuerySet[NumberPool]:
    """Return the pools in scope."""
    return _within(NumberPool.objects.order_by("org_id", "code"), by)


def pool_seen(pool_id: UUID, *, by: Actor) -> NumberPool:
    """Return one pool; raises ``NotFound``."""
    found = pools_visible_to(by).filter(id=pool_id).first()
    if found is None:
        raise NotFound(field="pool_id")
    return found


def blocks_visible_to(by: Actor) -> QuerySet[NumberBlock]:
    """Return every block of the house: whose a block is is no secret."""
    by.require(VIEW)
    return NumberBlock.objects.all()


def block_seen(block_id: UUID, *, by: Actor) -> NumberBlock:
    """Return one block; raises ``NotFound``."""
    found = blocks_visible_to(by).filter(id=block_id).first()
    if found is None:
        raise NotFound
    return found


def ranges_of_block(block_id: UUID, *, past: bool = False, by: Actor) -> list[NumberRange]:
    """Return the ranges of a block that the actor may see, from above to below; ``past``: those taken back too."""
    rows = _within(NumberRange.objects.filter(block_id=block_id), by)
    return list((rows if past else rows.filter(valid_until=None)).order_by("level", "first", "id"))


def range_seen(range_id: UUID, *, by: Actor) -> NumberRange:
    """Return one range with its block; raises ``NotFound``."""
    found = _within(NumberRange.objects.select_related("block"), by).filter(id=range_id).first()
    if found is None:
        raise NotFound
    return found


def allotments_of_block(block_id: UUID, *, by: Actor) -> list[NumberAllotment]:
    """Return which numbers of a block feed which pool now, in their order."""
    rows = _within(NumberAllotment.objects.filter(range__block_id=block_id, valid_until=None), by)
    return list(rows.select_related("pool", "range").order_by("first"))


def allotments_of_pool(pool_id: UUID, *, by: Actor) -> list[NumberAllotment]:
    """Return what feeds a pool now, in the order of numbers."""
    rows = _within(NumberAllotment.objects.filter(pool_id=pool_id, valid_until=None), by)
    return list(rows.select_related("range", "range__block").order_by("first"))


def schedule_seen(schedule_id: int, *, by: Actor) -> GradeSchedule:
    """Return one version of the grades; raises ``NotFound``."""
    by.require(VIEW)
    found = GradeSchedule.objects.filter(id=schedule_id).first()
    if found is None:
        raise NotFound
    return found


def number_figures(names: list[str], *, by: Actor) -> list[ResourceFigure]:
    """Return every dated row of the figures named, each figure's newest first."""
    by.require(VIEW)
    return list(ResourceFigure.objects.filter(name__in=names).order_by("name", "org_id", "-valid_from"))


def number_figure_labels() -> dict[str, Any]:
    """Return what each figure about numbers is called, by its name."""
    return dict(LABELS)


def reservation_figure_labels() -> dict[str, Any]:
    """Return what each figure about reservations of ports and stock is called, by its name."""
    return dict(NETWORK_LABELS)


def reservation_figures_at(at: datetime, org_id: int, *, by: Actor) -> dict[str, int]:
    """Return every figure about reservations that holds for an organisation at an instant."""
    by.require(NETWORK)
    return reservation_policy_at(at, org_id).model_dump()


def reservation_figures(names: list[str], *, by: Actor) -> list[ResourceFigure]:
    """Return every dated row of the figures named, each figure's newest first."""
    by.require(NETWORK)
    return list(ResourceFigure.objects.filter(name__in=names).order_by("name", "org_id", "-valid_from"))


def number_figures_at(at: datetime, org_id: int, *, by: Actor) -> dict[str, int]:
    """Return every figure about numbers that holds for an organisation at an instant."""
    by.require(VIEW)
    return policy_at(at, org_id).model_dump()
