"""Building the network of a town of so many homes: quarter by quarter, with the lines of whoever lives there."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.utils.translation import gettext_lazy as _

from tongke.kernel import tally
from tongke.kernel.errors import Refused
from tongke.simulator.calendar_months import UNTIL, Span
from tongke.simulator.draw import Ints
from tongke.simulator.ground import lay_ground
from tongke.simulator.load import checked_span
from tongke.simulator.loading import Owner, alone, close_job, find_jobs, late_indexes, open_job, vacuum, write_pieces
from tongke.simulator.network_ground import quarter_words, top_tables
from tongke.simulator.network_rows import Homes, built, place_ids, quarter_tables
from tongke.simulator.store import connect, copy_tables, owner_conninfo, without_triggers
from tongke.simulator.tables import NETWORK_COLUMNS
from tongke.simulator.town import buildings_of, quarters

JOB = "simulate_network"
TABLES = tuple(NETWORK_COLUMNS)
# Communities, building, unit and room as they were written, whichever part of the address they stand in.
_TAIL = "(a.place || a.detail)"
_WHERE = f"a.valid_until IS NULL AND {_TAIL} ~ '^[^0-9]+[0-9]{{1,2}}幢[1-7]单元[0-9]{{3,4}}室$'"
_SHOWN = ("a.org_id || '|' || a.district || '|' || regexp_replace(a.street, '[0-9]+号$', '') || '|' ||"
          f" substring({_TAIL} from '^([^0-9]+)') AS words, substring({_TAIL} from '([0-9]+)幢') AS building, substring({_TAIL} from '([0-9])单元') AS unit")
_HOMES = f"SELECT DISTINCT {_SHOWN}, substring({_TAIL} from '单元([0-9]+)室$') AS room FROM party_postal_address a WHERE {_WHERE}"
_LINES = (
    f"SELECT {_SHOWN}, substring({_TAIL} from '单元([0-9]+)室$') AS room, CASE s.kind WHEN 'broadband' THEN 0 WHEN 'fixed' THEN 1 ELSE 2 END AS kind,"
    " s.service_number AS number FROM inventory_subscriber s"
    " JOIN party_customer c ON c.id = s.customer_id JOIN party_postal_address a ON a.party_id = c.party_id"
    f" WHERE s.kind IN ('broadband', 'fixed', 'ict') AND s.state <> 'terminated' AND {_WHERE} ORDER BY s.service_number")


class NetworkStands(Refused):
    """The database holds a network of another size."""

    code = "OPS-64"
    says = _("A network of {premises} premises is in this database already")
    mend = _("Use an empty database (`--data DIR`)")


@dataclass(frozen=True, slots=True)
class Network:
    """What a run did: ``premises`` homes there are at least, ``rows`` it wrote (0 where all was there), in so many seconds."""

    premises: int
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Piece:
    quarter: int
    buildings: int
    homes: Homes


def build_network(
    *, premises: int, seed: int = 7, until: datetime = UNTIL, workers: int | None = None, progress: Callable[[int, int, int], None] | None = None,
) -> Network:
    """Fill the database with the town's places and network, ``premises`` homes at least, and connect the lines that it holds.

    Every home of a simulated customer is among the places, beyond ``premises`` where it must be. The same premises and
    customers give the same rows. A run that was cut off is continued by the same call, a finished one does nothing.
    Raises ``NetworkStands``, ``SimulationRuns`` or ``Invalid``.
    """
    span, started, buildings = checked_span(1, 1, seed, until), time.monotonic(), buildings_of(premises)
    with connect(owner_conninfo()) as owner, alone(owner):
        job = _job_of(owner, premises, until)
        if job is None:
            return Network(premises, 0, time.monotonic() - started)
        lay_ground(owner, span)
        pieces = _pieces(owner, buildings)
        with late_indexes(owner, job, TABLES, worth=True):
            with _fast(owner):
                rows = _write_top(owner)
            rows += write_pieces(partial(_write_quarter, span=span), pieces, workers=workers,
                                 tell=None if progress is None else lambda done, written: progress(premises * done // len(pieces), premises, written))
        vacuum(owner, TABLES)
        for statement in tally.recounting():
            owner.execute(statement.encode())
        close_job(owner, job, done=premises, rows=rows)
    return Network(premises, rows, time.monotonic() - started)


def _job_of(owner: Owner, premises: int, until: datetime) -> str | None:
    """Return the network's bulk job, opened now or resumed; ``None`` where it is done already. Raises ``NetworkStands``."""
    for job, print_, state, _parameters in find_jobs(owner, JOB):
        if print_ != str(premises):
            raise NetworkStands(premises=print_)
        return None if state == "done" else job
    return open_job(owner, JOB, str(premises), title=f"Simulated network {premises}", parameters={"premises": premises, "until": until.isoformat()},
                    total=premises)


@contextmanager
def _fast(owner: Owner) -> Iterator[None]:
    """Write without triggers for a while, where the server allows it."""
    allowed = without_triggers(owner)
    yield
    if allowed:
        owner.execute("SET session_replication_role = origin")


def _write_top(owner: Owner) -> int:
    tables = top_tables()
    first = tables["resource_place"]["id"][0].as_py()
    if owner.execute("SELECT FROM resource_place WHERE id = %s", [first]).fetchone() is not None:
        return 0
    return copy_tables(owner, tables.items())


def _read(owner: Owner, statement: str) -> pa.Table:
    """Return what a statement gives as columns."""
    text = io.BytesIO()
    with owner.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)".encode()) as copy:
        for part in copy:
            text.write(part)
    text.seek(0)
    return pa.csv.read_csv(text, convert_options=pa.csv.ConvertOptions(column_types={"words": pa.string(), "number": pa.string()}))


def _sorted(found: pa.Table) -> tuple[pa.Table, Ints]:
    """Return the rows that lie in a known quarter, sorted by it, and where each quarter's begin."""
    place = pa.compute.index_in(found["words"], value_set=quarter_words())
    found = found.append_column("quarter", place).filter(pa.compute.is_valid(place))
    found = found.sort_by([("quarter", "ascending"), *((c, "ascending") for c in found.column_names if c not in ("quarter", "words"))]).combine_chunks()
    return found, np.searchsorted(found["quarter"].to_numpy(), np.arange(len(quarters()) + 1))


def _numbers(table: pa.Table, column: str) -> Ints:
    return np.asarray(table[column].to_numpy(), dtype=np.int64)


def _pieces(owner: Owner, buildings: Ints) -> list[_Piece]:
    """Return the work of each quarter: buildings, and the customers' homes and lines there."""
    homes, home_at = _sorted(_read(owner, _HOMES))
    lines, line_at = _sorted(_read(owner, _LINES))
    out = []
    for quarter in quarters():
        own, wired = (t.slice(at[quarter.index], at[quarter.index + 1] - at[quarter.index]) for t, at in ((homes, home_at), (lines, line_at)))
        living = Homes(
            building=_numbers(own, "building"), unit=_numbers(own, "unit"), room=_numbers(own, "room"), line_building=_numbers(wired, "building"),
            line_unit=_numbers(wired, "unit"), line_room=_numbers(wired, "room"), line_kind=_numbers(wired, "kind"),
            line_number=pa.array(wired["number"].to_pylist(), type=pa.string()))
        if buildings[quarter.index] or own.num_rows:
            out.append(_Piece(quarter.index, int(buildings[quarter.index]), living))
    return out


def _write_quarter(owner: Owner, piece: _Piece, *, span: Span) -> int:
    """Write a quarter unless it is there; returns the rows written. One transaction: a kill leaves all or nothing."""
    quarter = quarters()[piece.quarter]
    first = built(quarter, piece.buildings, piece.homes).building[:1]
    ident = place_ids("building", quarter.index * 1024 + first * 8)[0].as_py()
    if owner.execute("SELECT FROM resource_place WHERE id = %s", [ident]).fetchone() is not None:
        return 0
    return copy_tables(owner, quarter_tables(quarter, piece.buildings, piece.homes, span).items())
