"""The full search for duplicates in the background, with its progress on the job's row."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tongke.areas.party.queries import linkage
from tongke.areas.party.services import matching
from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now
from tongke.kernel.errors import Refused

CHUNK = 2_000


@app.task(name="tongke.find_duplicates", lock="tongke.find_duplicates")
def find_duplicates(job_id: str, scope: list[int] | None) -> None:
    """Compare all parties of ``scope`` (``None``: the whole operator) and keep the pairs worth a look.

    Safe to run twice: pairs are kept once, decisions stand. What goes wrong is shown on the job's row and raised.
    """
    by = Actor(
        name="system:find_duplicates", kind="system", scope=None if scope is None else tuple(scope), permissions=frozenset({"party.merge"}),
    )
    job = UUID(job_id)
    started = now()
    if not matching.begin_duplicate_run(job_id=job, by=by, at=started):
        return
    try:
        with acting(by):
            _compare(job, by)
        matching.finish_duplicate_run(job_id=job, found_since=started, by=by, at=now())
    except Exception as fault:
        # The words of a database's error hold the values of rows: names, numbers.
        says = fault.message if isinstance(fault, Refused) else type(fault).__name__
        matching.finish_duplicate_run(job_id=job, found_since=started, error=says, by=by, at=now())
        raise


def _compare(job: UUID, by: Actor) -> None:
    def progress(step: str, count: int) -> None:
        if step == "read":
            matching.note_parties_read(job_id=job, count=count, by=by, at=now())

    for pairs in matching.chunked(linkage.scored_pairs(progress=progress), CHUNK):
        matching.record_pairs(pairs=pairs, job_id=job, by=by, at=now())


def ask_for_duplicates(*, by: Actor) -> UUID:
    """Ask for a full search in the actor's scope and return the job's id, under which its progress stands."""
    job = matching.start_duplicate_run(by=by, at=now())
    with acting(by):
        find_duplicates.configure(queueing_lock=f"tongke.find_duplicates.{job}").defer(
            job_id=str(job), scope=None if by.scope is None else list(by.scope)
        )
    return job
