"""What the inventory room does when other rooms' facts arrive."""

from __future__ import annotations

from datetime import datetime

from tongke.areas.inventory import services
from tongke.areas.resource.events import NumberRangeAllotted
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import reaction


@reaction(NumberRangeAllotted)
def take_numbers_in_use(*, event: NumberRangeAllotted, by: Actor, at: datetime) -> None:
    """Numbers that feed a pool now, but that lines brought from another system use already, leave it again."""
    services.take_numbers_in_use(first=event.first, last=event.last, by=by, at=at)
