"""Suppliers' files in the background: kept when they are uploaded, received by the worker, picked up where a killed one stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from tongke.jobs.kept_files import Upload, asker_of, asker_words, kept_upload
from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now

RIGHTS = ("resource.move_stock", "resource.view_stock")
"""What of its asker's rights such a job acts with."""


@app.task(name="tongke.stock_file")
def run_stock_file(*, job_id: str, path: str, **asker: Any) -> None:
    """Receive a supplier's file from where its job stands, as ``asker`` (``asker_words``). Safe to run twice: what is done is not done again."""
    from tongke.areas.resource.queries.stock_files import stock_job  # noqa: PLC0415 - the readers below are heavy
    from tongke.exchange.stock_files import read_stock_file, run_stock_job  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    by = asker_of(**asker)
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
        run_stock_file.configure(lock=f"tongke.stock_file.{job_id}").defer(job_id=str(job_id), path=str(path), **asker_words(by, RIGHTS))
    return job_id
