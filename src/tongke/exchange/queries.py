"""Reads of the data exchange: imports, their rejects, organisations that rows may belong to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from tongke.areas.staff import queries as staff
from tongke.exchange.jobs import KIND, import_job
from tongke.exchange.mapping import shipped_mappings
from tongke.exchange.mapping.load import load_mapping
from tongke.exchange.services import Outcome, outcome_of, owning_orgs
from tongke.kernel.actor import Actor, acting
from tongke.kernel.models import BulkJob, BulkReject


def imports_visible_to(actor: Actor) -> QuerySet[BulkJob]:
    """Return the imports within the actor's scope."""
    actor.require("party.import")
    return BulkJob.objects.filter(kind=KIND)


def import_seen(job_id: UUID, *, by: Actor) -> tuple[BulkJob, Outcome]:
    """Return an import and how it stands; raises ``NotFound``."""
    job = import_job(job_id=job_id, by=by)
    return job, outcome_of(job)


def rejects_of(job_id: UUID, *, limit: int, by: Actor) -> list[BulkReject]:
    """Return the first rejects of an import, in the order of the file."""
    import_job(job_id=job_id, by=by)
    with acting(by):
        return list(BulkReject.objects.filter(job_id=job_id).defer("raw").order_by("id")[:limit])


@dataclass(frozen=True, slots=True)
class RejectKind:
    """Rejects of one kind: in which file and column, why, how many, and an example."""

    source: str
    column: str
    code: str
    count: int
    reason: str
    mend: str
    first_row: int


def reject_kinds(job_id: UUID, *, by: Actor) -> list[RejectKind]:
    """Return the kinds of rejects of an import, the most frequent first."""
    import_job(job_id=job_id, by=by)
    with acting(by):
        rows = BulkReject.objects.filter(job_id=job_id).values_list("source", "column", "code").annotate(
            many=Count("id"), why=Min("reason"), how=Min("mend"), first=Min("row_number")).order_by("-many", "source", "code")
        return [RejectKind(*row) for row in rows]


def org_choices(by: Actor) -> list[tuple[int, str]]:
    """Return the organisations that may own the rows, with their names, in tree order."""
    allowed = owning_orgs(by)
    with acting(by):
        return [(org.id, org.name) for org in staff.org_labels().values() if org.id in allowed]


def mapping_choices() -> list[tuple[str, str]]:
    """Return the shipped mappings: name and title."""
    return [(name, load_mapping(path).mapping.mapping.shown) for name, path in shipped_mappings().items()]
