"""Imports in the background: asked for on the page, run by the worker, picked up again where a killed one stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now

# What of its asker's rights a background import acts with.
RIGHTS = ("party.import", "catalogue.publish")


@app.task(name="tongke.import")
def run_import_job(job_id: str, name: str, staff_id: str | None, scope: list[int] | None, rights: list[str]) -> None:
    """Run an import from where it stands. Safe to run twice: what is in is not loaded again."""
    from tongke.exchange.services import run_import  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    by = Actor(name=name, kind="system", staff_id=UUID(staff_id) if staff_id else None, scope=None if scope is None else tuple(scope),
               permissions=frozenset(rights))
    run_import(job_id=UUID(job_id), by=by, clock=now)


@app.periodic(cron="23 4 * * *")
@app.task(name="tongke.purge_uploads", queueing_lock="tongke.purge_uploads")
def purge_uploads(timestamp: int) -> None:
    """Remove uploaded files that are too old to be resumed."""
    from tongke.exchange import uploads  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    del timestamp
    uploads.purge_uploads(at=now())


def ask_for_import(
    *, files: Sequence[str | Path], names: Mapping[str, str], mapping: object, source: str, org_id: int | None, dry_run: bool, by: Actor
) -> UUID:
    """Start an import of ``files`` over a loaded ``mapping`` in the background and return its id; job and task are one transaction."""
    from tongke.exchange.services import start_import  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    with acting(by), transaction.atomic():
        job = start_import(files=files, mapping=mapping, source=source, org_id=org_id, dry_run=dry_run, names=dict(names), by=by, at=now())  # type: ignore[arg-type]  # a LoadedMapping; its module is heavy
        _defer(job, by)
    return job


def resume_in_background(*, job_id: UUID, by: Actor) -> None:
    """Let an interrupted import go on."""
    from tongke.exchange.jobs import import_job, set_state  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    with acting(by), transaction.atomic():
        job = import_job(job_id=job_id, by=by)
        if job.state in ("failed", "cancelled", "waiting"):
            set_state(job_id=job_id, state="waiting", by=by, at=now())
            _defer(job_id, by)


def _defer(job_id: UUID, by: Actor) -> None:
    run_import_job.configure(lock=f"tongke.import.{job_id}").defer(
        job_id=str(job_id), name=by.name, staff_id=str(by.staff_id) if by.staff_id else None, scope=None if by.scope is None else list(by.scope),
        rights=[right for right in RIGHTS if by.may(right)])
