"""The job row of an import: begun, found again, ended. The kernel's runner moves it on between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tongke.exchange.errors import NothingToResume
from tongke.exchange.events import ImportEnded
from tongke.exchange.mapping import LoadedMapping
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

IMPORT = "party.import"
KIND = "exchange.import"
UNFINISHED = ("waiting", "reading", "running", "failed", "cancelling", "cancelled")


@verb(IMPORT)
def begin_job(
    *, loaded: LoadedMapping, files: Mapping[str, Path], names: Mapping[str, str], not_given: Sequence[str] = (), source: str, org_id: int | None, dry_run: bool,
    fingerprint: str, by: Actor, at: datetime,
) -> UUID:
    """Note an import that is to run and return its id. Files and mapping are kept with it, so that it can be resumed."""
    job = BulkJob.objects.create(
        id=uuid7(), kind=KIND, title=loaded.mapping.mapping.shown[:200], fingerprint=fingerprint, dry_run=dry_run, actor=by.name,
        staff_id=by.staff_id, org_id=org_id, created_at=at, parameters={
            "mapping_file": loaded.file, "mapping": loaded.text, "source": source, "files": {n: str(p.resolve()) for n, p in files.items()},
            "names": dict(names), "not_given": list(not_given), "scope": by.scope, "display": by.display,
        })
    return job.id


@verb(IMPORT)
def resumable_job(*, fingerprint: str, by: Actor) -> BulkJob:  # noqa: ARG001 - the verb's frame asks for it
    """Return the newest interrupted import of this fingerprint; raises ``NothingToResume``."""
    job = BulkJob.objects.filter(kind=KIND, fingerprint=fingerprint, dry_run=False, state__in=UNFINISHED).order_by("-created_at").first()
    if job is None:
        raise NothingToResume
    return job


@verb(IMPORT)
def import_job(*, job_id: UUID, by: Actor) -> BulkJob:  # noqa: ARG001 - the verb's frame asks for it
    """Return an import within the actor's scope; raises ``NotFound``."""
    job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
    if job is None:
        raise NotFound
    return job


@verb(IMPORT)
def set_state(*, job_id: UUID, state: str, by: Actor, at: datetime, **facts: Any) -> None:  # noqa: ARG001 - the verb's frame asks for it
    """Set the state of an import and further ``facts`` of its row."""
    BulkJob.objects.filter(id=job_id, kind=KIND).update(state=state, heartbeat_at=at, **facts)


@verb(IMPORT)
def end_job(*, job: BulkJob, state: str, error: str = "", by: Actor, at: datetime) -> None:
    """Close an import as done, failed or cancelled and announce it."""
    BulkJob.objects.filter(id=job.id).update(state=state, error=error[:2000], ended_at=at)
    publish(ImportEnded(subject_id=job.id, org_id=job.org_id, job_id=job.id, source=str(job.parameters.get("source", "")), state=state),
            by=by, at=at)


@verb(IMPORT)
def cancel_import(*, job_id: UUID, by: Actor, at: datetime) -> None:
    """Ask a running import to stop after its present chunk; one that has not begun is cancelled at once."""
    job = import_job(job_id=job_id, by=by)
    if job.state == "waiting":
        end_job(job=job, state="cancelled", by=by, at=at)
    elif job.state in ("reading", "running"):
        BulkJob.objects.filter(id=job_id, state=job.state).update(state="cancelling")
