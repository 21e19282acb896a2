"""What lines that come in bulk mean for the pools of numbers: a number in use is offered to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.inventory.models import Subscriber
from tongke.areas.inventory.services.lines import PHONE_KINDS
from tongke.areas.resource import queries as resource
from tongke.areas.resource import services as numbers
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
ENDED = ("terminated", "aborted", "cancelled")
IMPORT, CHUNK = "party.import", 5_000
KindOfNumber = tuple[str, str]
"""A service number and the kind of its line."""


def _is_phone(number: str, kind: str) -> bool:
    return kind in PHONE_KINDS and E164.fullmatch(number) is not None


def numbers_not_free(wanted: Sequence[Any]) -> dict[Any, UUID]:
    """Return which of some (number, kind, line) are numbers of our blocks that are not free, with the line that has each.

    What only a line that has ended still has may be passed on.
    """
    taken = resource.numbers_taken([number for number, kind, _line in wanted if _is_phone(number, kind)])
    over = _ended(taken.values())
    return {one: taken[one[0]] for one in wanted if one[0] in taken and _is_phone(one[0], one[1]) and taken[one[0]] not in over}


def take_numbers(lines: Iterable[tuple[KindOfNumber, UUID]], *, by: Actor, at: datetime) -> None:
    """Take the numbers of lines in force out of the pools. Raises ``IntegrityError`` where somebody took one at this moment."""
    using = [(number, line) for (number, kind), line in lines if _is_phone(number, kind)]
    if using:
        over = _ended(resource.numbers_taken([number for number, _line in using]).values())
        numbers.take_numbers(using, over=over, by=by, at=at)


@verb(IMPORT)
def take_numbers_in_use(*, first: int, last: int, by: Actor, at: datetime) -> int:
    """Take the numbers of a range that lines in force use out of the pools: the lines came before the range did. Returns how many.

    What somebody else was given meanwhile stays his. Safe to repeat.
    """
    known = Subscriber.objects.filter(service_number__gte=f"+{first}", service_number__lte=f"+{last}", kind__in=PHONE_KINDS).exclude(state__in=ENDED)
    done, after = 0, ""
    while some := list(known.filter(service_number__gt=after).order_by("service_number", "id").values_list("service_number", "id")[:CHUNK]):
        after = some[-1][0]
        taken = resource.numbers_taken([number for number, _line in some if E164.fullmatch(number)])
        done += numbers.take_numbers([(number, line) for number, line in some if E164.fullmatch(number) and number not in taken], by=by, at=at)
    return done


def _ended(lines: Iterable[UUID]) -> set[UUID]:
    wanted = set(lines)
    return set(Subscriber.objects.filter(id__in=wanted, state__in=ENDED).values_list("id", flat=True)) if wanted else set()
