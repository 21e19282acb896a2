"""Files of numbers in the background: kept when they are uploaded, worked through by the worker, picked up where a killed one stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from tongke.jobs.kept_files import Upload, asker_of, asker_words, kept_upload
from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now

RIGHTS = ("resource.run_numbers", "resource.assign_number", "resource.view_numbers")
"""What of its asker's rights such a job acts with."""


@app.task(name="tongke.number_file")
def run_number_file(*, job_id: str, path: str, **asker: Any) -> None:
    """Work a file of numbers through from where its job stands, as ``asker`` (``asker_words``). Safe to run twice: what is done is not done again."""
    from tongke.areas.resource.queries import number_job  # noqa: PLC0415 - the readers below are heavy
    from tongke.exchange.number_files import read_number_file, run_number_job  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    by = asker_of(**asker)
    with acting(by):
        job = number_job(UUID(job_id), by=by)
        file = read_number_file(Path(path), name=str(job.parameters.get("file", "")), everywhere=job.parameters["everywhere"], rows_max=job.total or 0)
    run_number_job(job.id, file, by=by, clock=now)


def begin_number_file(*, action: str, file: Upload, everywhere: dict[str, str], dry_run: bool, by: Actor) -> UUID:
    """Keep an uploaded file, note its job and let the worker do it; job and task are one transaction. Returns the job's id.

    Raises what reading the file raises: an unreadable one begins nothing.
    """
    from tongke.areas.resource.queries import number_figures_at  # noqa: PLC0415 - as below
    from tongke.exchange.number_files import begin_number_job, read_number_file  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    path = kept_upload(file, "numbers")
    with acting(by), transaction.atomic():
        most = number_figures_at(now(), by.base_org_id or 1, by=by)["number_file_rows_max"]
        read = read_number_file(path, name=Path(file.name).name, everywhere=everywhere, rows_max=most)
        job_id = begin_number_job(action, read, dry_run=dry_run, kept=str(path), by=by, at=now())
        _defer(job_id, str(path), by=by)
    return job_id


def go_on_with_number_file(job_id: UUID, *, by: Actor) -> bool:
    """Let the worker go on with a file that was stopped or broke off, with the rights of whoever asks; returns whether it
    will: not a trial run, nor one whose file has been purged. Raises ``NotFound``.
    """
    from tongke.areas.resource.queries import number_job  # noqa: PLC0415 - as above
    from tongke.areas.resource.services import resume_number_job  # noqa: PLC0415 - as above

    with acting(by), transaction.atomic():
        kept = str(number_job(job_id, by=by).parameters.get("kept", ""))
        if not kept or not Path(kept).exists() or not resume_number_job(job_id=job_id, by=by, at=now()):
            return False
        _defer(job_id, kept, by=by)
    return True


def _defer(job_id: UUID, path: str, *, by: Actor) -> None:
    run_number_file.configure(lock=f"tongke.number_file.{job_id}").defer(job_id=str(job_id), path=path, **asker_words(by, RIGHTS))
