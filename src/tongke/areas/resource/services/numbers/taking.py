"""Numbers that lines from another system use already: taken out of the free ones, for many lines by one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from tongke.areas.resource.services.numbers.blocks import rows_of
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb

TAKE = "SELECT resource_take_numbers(%s::text[], %s::uuid[], %s::uuid[], %s, %s)"


@verb("party.import")
def take_numbers(lines: Sequence[tuple[str, UUID]], *, over: Collection[UUID] = (), by: Actor, at: datetime) -> int:
    """Say which line uses each of some numbers (E.164 with ``+``) that nobody held for it; returns how many were taken.

    Numbers in no block of ours are passed over. One that a line of ``over`` has is passed on to the new one: that line has
    ended. No fine number's terms are frozen: what was agreed elsewhere is not known here. No event is told for each: whoever
    brings lines in bulk tells of all. Raises ``IntegrityError`` (number_free_for_line), and takes none, where somebody else
    has one of them.
    """
    numbers, users = [number for number, _line in lines], [line for _number, line in lines]
    return int(rows_of(TAKE, [numbers, users, list(over), by.name, at])[0][0]) if lines else 0
