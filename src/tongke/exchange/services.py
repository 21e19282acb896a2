"""Verbs of the data exchange: start an import, run it, cancel it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from tongke.areas.staff import queries as staff
from tongke.exchange import nouns
from tongke.exchange.errors import ColumnsMissing, ImportRunning, OrgUnknown
from tongke.exchange.files import assign_files, drop_folder, fingerprint, new_spool
from tongke.exchange.jobs import begin_job, cancel_import, end_job, import_job, resumable_job, set_state
from tongke.exchange.loading import Chunk, ChunkLoader
from tongke.exchange.mapping import FlowPlan, LoadedMapping, load_mapping, plan_flows
from tongke.exchange.mapping.types import as_decimal
from tongke.exchange.reading import Table, open_table
from tongke.exchange.reading.spool import prepare_flow, prepared_rows, row_count, spool_table
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk import JobBusy, Runner, all_nouns, held_lock, in_transaction
from tongke.kernel.errors import Refused
from tongke.kernel.models import BulkJob

__all__ = ["Outcome", "cancel_import", "run_import", "start_import"]

IMPORT = "party.import"
CHUNK_ROWS = 2_500
BASES = ("group", "province", "local_network")
Progress = Callable[[str, int, int | None], None]
nouns.declare()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: rows by fate, records by noun, and each sum in the file, in the database, and in rejected rows."""

    job_id: UUID
    state: str
    dry_run: bool
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    sums: dict[str, dict[str, str]] = field(default_factory=dict)
    records: dict[str, dict[str, int]] = field(default_factory=dict)
    not_given: tuple[str, ...] = ()

    @property
    def all_in(self) -> bool:
        """Every row is in, and every sum agrees."""
        return self.state == "done" and not self.rejected and all(Decimal(s["difference"]) == 0 for s in self.sums.values())

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return {
            "job": str(self.job_id), "state": self.state, "dry_run": self.dry_run, "read": self.read, "created": self.created,
            "updated": self.updated, "unchanged": self.unchanged, "rejected": self.rejected, "sums": self.sums, "records": self.records,
            "not_given": list(self.not_given),
        }


def outcome_of(job: BulkJob) -> Outcome:
    """Return the outcome of a job as its row tells it."""
    sums = {
        name: {**s, "difference": str(Decimal(s["source"]) - Decimal(s["loaded"]))} for name, s in job.sums.get("sums", {}).items()
    }
    records = {noun: dict(zip(("created", "updated", "unchanged"), c, strict=True)) for noun, c in job.sums.get("records", {}).items()}
    return Outcome(job.id, job.state, job.dry_run, job.read, job.created, job.updated, job.unchanged, job.rejected, sums, records,
                   tuple(job.parameters.get("not_given", ())))


def start_import(
    *, files: Sequence[str | Path], mapping: LoadedMapping, source: str = "", org_id: int | None = None, dry_run: bool = False,
    resume: bool = False, names: dict[str, str] | None = None, by: Actor, at: datetime,
) -> UUID:
    """Check what is given and return the id of the import that is to run: a new one, or with ``resume`` the
    interrupted one of the same files. ``names`` are the files' names as their owner knows them.

    Raises ``FilesMismatch``, ``MappingWrong``, ``OrgUnknown``, ``NothingToResume`` and their kin.
    """
    by.require(IMPORT)
    found = assign_files(mapping.mapping, files)
    owner = _owner(mapping, org_id, by=by)
    named = source or mapping.mapping.mapping.source
    mark = fingerprint(mapping, found, source=named, org_id=owner)
    if resume:
        return resumable_job(fingerprint=mark, by=by).id
    return begin_job(
        loaded=mapping, files=found, names={n: (names or {}).get(n, p.name) for n, p in found.items()},
        not_given=[n for n in mapping.mapping.sources if n not in found], source=named, org_id=owner,
        dry_run=dry_run, fingerprint=mark, by=by, at=at)


def _owner(mapping: LoadedMapping, org_id: int | None, *, by: Actor) -> int | None:
    """Return the organisation of rows that do not name their own; raises ``OrgUnknown``."""
    wanted = org_id if org_id is not None else mapping.mapping.mapping.org
    if wanted is None and by.org_id is not None and by.scope is not None:
        wanted = by.org_id
    if wanted is None:
        if mapping.mapping.flow[0].org is not None:
            return None  # rows name their own, or belong to the organisation of what they refer to
        raise OrgUnknown(org="-")
    if wanted not in owning_orgs(by):
        raise OrgUnknown(org=wanted)
    return wanted


def owning_orgs(by: Actor) -> frozenset[int]:
    """Return the organisations within the actor's scope that may own customers."""
    with acting(by):
        return frozenset(o.id for o in staff.org_labels().values() if o.kind in BASES and o.active and by.sees(o.id))


def run_import(
    *, job_id: UUID, by: Actor, clock: Callable[[], datetime], on_progress: Progress = lambda _phase, _done, _total: None
) -> Outcome:
    """Run an import from where it stands to its end. Raises what made it fail; the job is then ``failed`` and can be
    resumed. ``on_progress`` is told the phase (``reading``, ``loading``), what is done and of how many.
    """
    by.require(IMPORT)
    job = import_job(job_id=job_id, by=by)
    if job.state == "done":  # the queue may call twice
        return outcome_of(job)
    spool: Path | None = None
    try:
        with acting(by), held_lock(job.fingerprint):
            spool = new_spool()
            try:
                ended = _run(job, spool, by=by, clock=clock, on_progress=on_progress)
            except BaseException as fault:
                with suppress(Exception):  # the database may be what failed: the first fault is the one to tell
                    end_job(job=job, state="failed", error=fault.message if isinstance(fault, Refused) else type(fault).__name__, by=by, at=clock())
                raise
    except JobBusy as busy:
        raise ImportRunning from busy
    finally:
        if spool is not None:
            drop_folder(spool)
    return ended


def _run(job: BulkJob, spool: Path, *, by: Actor, clock: Callable[[], datetime], on_progress: Progress) -> Outcome:
    loaded = load_mapping(job.parameters["mapping_file"], text=job.parameters["mapping"])
    set_state(job_id=job.id, state="reading", by=by, at=clock(), started_at=job.started_at or clock(), error="", ended_at=None)
    plans, prepared, total = _prepare(loaded, {n: Path(p) for n, p in job.parameters["files"].items()}, spool, on_progress)
    set_state(job_id=job.id, state="running", total=total, by=by, at=clock())
    with transaction.atomic():
        take_offerings_in(loaded, by=by, at=job.created_at)
    loader = ChunkLoader(
        job_id=job.id, source=job.parameters["source"], org_id=job.org_id, orgs=owning_orgs(by), sources=loaded.mapping.sources,
        files=job.parameters["names"], sums=loaded.mapping.sums, by=by, at=job.created_at)
    runner = Runner(
        job_id=job.id, take=loader.take, by=by, clock=clock, dry_run=job.dry_run,
        on_progress=lambda now: on_progress("loading", now.position, total))
    ended = runner.run(loader.resolved_ahead(_chunks(plans, prepared, skip=job.position), ahead=not (job.dry_run or in_transaction())))
    state = "cancelled" if ended.state == "cancelling" else "done"
    end_job(job=ended, state=state, by=by, at=clock())
    ended.state = state
    return outcome_of(ended)


def take_offerings_in(loaded: LoadedMapping, *, by: Actor, at: datetime) -> None:
    """Take in the offerings that the mapping lists and the catalogue does not know; who asked decides whether they are on sale."""
    noun = all_nouns()["offering"]
    listed = {o.code: o for o in loaded.mapping.offering}
    if noun.resolve is None or not listed:
        return
    known = noun.resolve(sorted(listed), at=at)
    missing = [o for code, o in listed.items() if code not in known]
    if missing:
        noun.write(fresh=[nouns.offering_values(o.model_dump() | {"monthly_fee": as_decimal(o.monthly_fee)}) for o in missing], changed=(),
                   by=by, at=at)


def _prepare(
    loaded: LoadedMapping, files: dict[str, Path], spool: Path, on_progress: Progress
) -> tuple[list[FlowPlan], list[Path], int]:
    """Read every file once, check the schema, join; nothing is written to the database before all of this is through."""
    tables = {name: open_table(path, loaded.mapping.sources[name]) for name, path in files.items()}
    headers = checked_headers(loaded, files, tables)
    spooled: dict[str, Path] = {}
    plans = plan_flows(loaded, headers)
    for done, name in enumerate(files):
        on_progress("reading", done, len(files))
        spooled[name] = spool / f"source_{name}.parquet"
        spool_table(tables[name], spooled[name])
    total, prepared = 0, []
    judged: set[str] = set()
    for place, plan in enumerate(plans):
        orphans = [j.source for j in plan.flow.join if j.source not in judged]
        judged.update(orphans)
        prepared.append(spool / f"flow_{place}.parquet")
        total += prepare_flow(plan.flow, spooled, headers, prepared[-1], orphans_of=orphans)
    on_progress("reading", len(files), len(files))
    return plans, prepared, total


def checked_headers(loaded: LoadedMapping, files: dict[str, Path], tables: dict[str, Table]) -> dict[str, tuple[str, ...]]:
    """Return the columns of every file; raises ``ColumnsMissing`` where the mapping lists others."""
    for name, table in tables.items():
        missing = [column for column in loaded.mapping.sources[name].columns if column not in table.columns]
        if missing:
            raise ColumnsMissing(file=files[name].name, columns=", ".join(missing), found=", ".join(table.columns)[:500])
    return {name: table.columns for name, table in tables.items()}


def _chunks(plans: Sequence[FlowPlan], prepared: Sequence[Path], *, skip: int) -> Iterator[Chunk]:
    """Yield what is still to do, flow by flow."""
    for plan, path in zip(plans, prepared, strict=True):
        count = row_count(path)
        if skip >= count:
            skip -= count
            continue
        for rows in prepared_rows(path, skip=skip, chunk_rows=CHUNK_ROWS):
            yield Chunk(plan, rows)
        skip = 0
