"""What time does to numbers: holds run out, cooling ends, commitments are fulfilled. Safe to run by several at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongke.areas.resource.models import NumberCommitment
from tongke.areas.resource.services.numbers.blocks import rows_of
from tongke.areas.resource.services.numbers.life import local_date
from tongke.areas.resource.services.numbers.telling import defer_written
from tongke.areas.resource.states import CommitmentState
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb


@dataclass(frozen=True, slots=True)
class Swept:
    """How many holds ran out, numbers were freed and commitments fulfilled; ``more``: a step was full, call again."""

    holds: int
    cooled: int
    fulfilled: int
    more: bool


@verb("resource.assign_number")
def sweep_numbers(*, most: int = 2_000, by: Actor, at: datetime) -> Swept:
    """Free numbers whose hold or cooling is over and close commitments whose term is, at most ``most`` of each.

    Nothing hangs on it: an expired hold is refused or taken over at its confirmation, swept or not (T2).
    """
    holds = int(rows_of("SELECT resource_sweep_holds(%s, %s, %s)", [by.name, most, at])[0][0])
    cooled = int(rows_of("SELECT resource_sweep_cooling(%s, %s, %s)", [by.name, most, at])[0][0])
    if holds or cooled:
        defer_written(at=at)
    on = local_date(by=by, at=at)
    over = NumberCommitment.objects.filter(state=CommitmentState.IN_FORCE, ends_on__lte=on, exempt_after_term=True)
    ids = list(over.select_for_update(skip_locked=True).values_list("id", flat=True)[:most])
    fulfilled = NumberCommitment.objects.filter(id__in=ids).update(state=CommitmentState.FULFILLED, ended_on=on, changed_at=at)
    return Swept(holds, cooled, fulfilled, max(holds, cooled, fulfilled) >= most)
