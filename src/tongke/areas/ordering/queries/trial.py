"""Whether a customer could order a version that is not on sale yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.catalogue.queries.draft_book import book_with
from tongke.areas.ordering.queries.facts import Prospect, Wanted, gather
from tongke.areas.ordering.queries.qualification import Qualification, judged
from tongke.kernel.actor import Actor


def qualify_version(
    offering_id: UUID, code: str, customer_id: UUID | None, *, wanted: Wanted, prospect: Prospect | None = None, by: Actor, at: datetime,
) -> Qualification:
    """Judge one version as if it were on sale, for a customer or a prospect; errors as of ``qualify``."""
    gathered = gather(customer_id, wanted, prospect=prospect, by=by, at=at)
    return judged(book_with(offering_id, gathered.org_id, at=at), gathered, [code])[0]
