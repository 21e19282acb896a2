"""Facts that the data exchange announces. One event a chunk, not one a record: a million customers would make a
million events that say nothing more; who needs each record reads the audit trail or the source keys of the job's time.
"""

from __future__ import annotations

from uuid import UUID

from tongke.kernel.outbox import Event


class RecordsImported(Event):
    """A chunk of a file was committed; ``records`` counts (new, changed, unchanged) by noun, ``rows`` the file's rows."""

    job_id: UUID
    source: str
    rows: int
    records: dict[str, tuple[int, int, int]]


class ImportEnded(Event):
    """An import came to its end: ``state`` is done, failed or cancelled."""

    job_id: UUID
    source: str
    state: str
