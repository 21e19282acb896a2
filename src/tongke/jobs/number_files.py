"""Files of numbers in the background: kept when they are uploaded, worked through by the worker, picked up where a killed one stopped."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now
from tongke.kernel.ids import uuid7

RIGHTS = ("resource.run_numbers", "resource.assign_number", "resource.view_numbers")
"""What of its asker's rights such a job acts with."""
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")


class Upload(Protocol):
    """A file as the web server gives it."""

    name: str

    def chunks(self) -> Iterable[bytes]:
        """Yield its bytes."""


@app.task(name="tongke.number_file")
def run_number_file(*, job_id: str, path: str, name: str, staff_id: str | None, scope: list[int] | None, rights: list[str], zone: str) -> None:
    """Work a file of numbers through from where its job stands. Safe to run twice: what is done is not done again."""
    from tongke.areas.resource.queries import number_job  # noqa: PLC0415 - the readers below are heavy
    from tongke.exchange.number_files import read_number_file, run_number_job  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    by = Actor(name=name, kind="system", staff_id=UUID(staff_id) if staff_id else None, scope=None if scope is None else tuple(scope),
               permissions=frozenset(rights), zone=zone)
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
    run_number_file.configure(lock=f"tongke.number_file.{job_id}").defer(
        job_id=str(job_id), path=path, name=by.name, staff_id=str(by.staff_id) if by.staff_id else None,
        scope=None if by.scope is None else list(by.scope), rights=[right for right in RIGHTS if by.may(right)], zone=by.zone)


def kept_upload(file: Upload, word: str) -> Path:
    """Write an upload where only the service reads it; old ones are purged with the imports'."""
    from tongke.exchange.files import exchange_folder  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    ending = Path(file.name).suffix.lower()
    folder = exchange_folder() / "uploads" / str(uuid7())
    folder.mkdir(parents=True, mode=0o700)
    path = folder / f"{word}{ending if ending in KINDS else '.csv'}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for block in file.chunks():
            out.write(block)
    return path
