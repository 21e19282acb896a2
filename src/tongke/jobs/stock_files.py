"""Suppliers' files in the background: kept when they are uploaded, received by the worker, picked up where a killed one stopped."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from tongke.jobs.number_files import KINDS, Upload, kept_upload
from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now

__all__ = ["KINDS", "begin_stock_file", "run_stock_file"]
RIGHTS = ("resource.move_stock", "resource.view_stock")
"""What of its asker's rights such a job acts with."""


@app.task(name="tongke.stock_file")
def run_stock_file(*, job_id: str, path: str, name: str, staff_id: str | None, scope: list[int] | None, rights: list[str], zone: str) -> None:
    """Receive a supplier's file from where its job stands. Safe to run twice: what is done is not done again."""
    from tongke.areas.resource.queries.stock_files import stock_job  # noqa: PLC0415 - the readers below are heavy
    from tongke.exchange.stock_files import read_stock_file, run_stock_job  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    by = Actor(name=name, kind="system", staff_id=UUID(staff_id) if staff_id else None, scope=None if scope is None else tuple(scope),
               permissions=frozenset(rights), zone=zone)
    with acting(by):
        job = stock_job(UUID(job_id), by=by)
        file = read_stock_file(Path(path), name=str(job.parameters.get("file", "")))
    run_stock_job(job.id, file, by=by, clock=now)


def begin_stock_file(*, file: Upload, dry_run: bool, by: Actor) -> UUID:
    """Keep an uploaded file, note its job and let the worker do it; job and task are one transaction. Returns the job's id.

    Raises what reading the file raises: an unreadable one begins nothing.
    """
    from tongke.exchange.stock_files import begin_stock_job, read_stock_file  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    path = kept_upload(file, "stock")
    with acting(by), transaction.atomic():
        job_id = begin_stock_job(read_stock_file(path, name=Path(file.name).name), dry_run=dry_run, by=by, at=now())
        run_stock_file.configure(lock=f"tongke.stock_file.{job_id}").defer(
            job_id=str(job_id), path=str(path), name=by.name, staff_id=str(by.staff_id) if by.staff_id else None,
            scope=None if by.scope is None else list(by.scope), rights=[right for right in RIGHTS if by.may(right)], zone=by.zone)
    return job_id
