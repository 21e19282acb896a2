"""What was said to a customer before: recorded qualifications with their items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.areas.ordering.states import QualificationState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Recorded:
    """A qualification as it was recorded, with what was said of each offering in the order in which it was asked."""

    qualification: Any
    items: tuple[Any, ...]


def qualifications_of(customer_id: UUID, *, limit: int = 50, by: Actor) -> list[Recorded]:
    """Return what was said to a customer, the newest first; needs ``ordering.qualify``."""
    by.require("ordering.qualify")
    return _with_items(list(Qualification.objects.filter(customer_id=customer_id, state=QualificationState.DONE).order_by("-requested_at", "-id")[:limit]))


def qualification_of(customer_id: UUID, qualification_id: UUID, *, by: Actor) -> Recorded:
    """Return one of them; needs ``ordering.qualify``, raises ``NotFound`` for another customer's."""
    by.require("ordering.qualify")
    found = _with_items(list(Qualification.objects.filter(customer_id=customer_id, id=qualification_id, state=QualificationState.DONE)))
    if not found:
        raise NotFound
    return found[0]


def _with_items(rows: Sequence[Qualification]) -> list[Recorded]:
    items: dict[UUID, list[QualificationItem]] = defaultdict(list)
    for item in QualificationItem.objects.filter(qualification__in=rows).order_by("ordinal"):
        items[item.qualification_id].append(item)
    return [Recorded(row, tuple(items[row.id])) for row in rows]
