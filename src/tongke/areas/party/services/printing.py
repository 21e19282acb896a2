"""Counting printed papers, so that a copy says which it is (B4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events.printing import PaperPrinted
from tongke.areas.party.queries.brief import customer_brief
from tongke.kernel.actor import Actor
from tongke.kernel.models import OutboxEvent
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb


@verb("party.print")
def count_print(*, customer_id: UUID, paper: str, by: Actor, at: datetime) -> int:
    """Note that ``paper`` of a customer is printed and return the copy's number, from one on; raises ``NotFound``."""
    customer = customer_brief(customer_id, lock=True)
    before = OutboxEvent.objects.filter(customer_id=customer_id, name=PaperPrinted.wire, payload__paper=paper).count()
    publish(PaperPrinted(
        subject_id=customer_id, customer_id=customer_id, org_id=customer.org_id, paper=paper, copy_number=before + 1,
    ), by=by, at=at)
    return before + 1
