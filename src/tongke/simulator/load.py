"""Filling a database: blocks made and written side by side, each a transaction, resumed where a run was cut off."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from tongke.kernel import tally
from tongke.kernel.errors import Invalid, Refused
from tongke.simulator.block import block_count
from tongke.simulator.calendar_months import UNTIL, Span
from tongke.simulator.draw import BLOCK
from tongke.simulator.ground import lay_ground
from tongke.simulator.loading import Owner, SimulationRuns, alone, close_job, find_jobs, late_indexes, open_job, vacuum, write_pieces
from tongke.simulator.number_plan import CUSTOMERS_MAX
from tongke.simulator.store import connect, load_block, owner_conninfo
from tongke.simulator.tables import CUSTOMER_COLUMNS

__all__ = [
    "UNTIL", "Filled", "HoldsCustomers", "Progress", "SeedTaken", "SimulationRuns", "begun_until", "checked_span", "fill", "fingerprint", "lay_ground",
]

Progress = Callable[[int, int, int], None]
"""Called with customers done, customers in all, rows written so far."""
MONTHS_MAX = 120
JOB = "simulate"
TABLES = ("party_customer", *(name for name in CUSTOMER_COLUMNS if name != "party_customer"))
REBUILD_FROM = 50_000
"""From so many customers on, indexes that hold no promise (not unique) are made after the rows."""


class HoldsCustomers(Refused):
    """The database holds customers that this simulation did not make."""

    code = "OPS-60"
    says = _("The database already holds {count} customers: simulated ones would be mixed with them")
    mend = _("Use an empty database (`--data DIR`), or add them on purpose with --force")


class SeedTaken(Refused):
    """A different simulation of a seed that gives the same numbers is in this database."""

    code = "OPS-62"
    says = _("The numbers of seed {seed} are taken by an earlier simulation in this database")
    mend = _("Choose a seed whose remainder by 8 differs")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill did; ``seconds`` is the time it took, ``rows`` what it wrote (0 where all was there)."""

    customers: int
    rows: int
    seconds: float


def fill(
    *, customers: int, months: int = 1, seed: int = 7, until: datetime = UNTIL, progress: Progress | None = None, workers: int | None = None,
    managers: tuple[str, ...] = (), force: bool = False,
) -> Filled:
    """Fill the database that this process works on with a simulated operator, as its owner.

    The same ``customers``, ``months``, ``seed`` and ``until`` give the same rows, byte for byte, but for the sealed
    document numbers (the installation's key). A run that was cut off is continued by the same call; a finished
    one does nothing. Raises ``HoldsCustomers``, ``SimulationRuns``, ``SeedTaken`` or ``Invalid``.
    """
    span = checked_span(customers, months, seed, until)
    started = time.monotonic()
    with connect(owner_conninfo()) as owner, alone(owner):
        job = _job_of(owner, span, force=force)
        if job is None:
            return Filled(customers, 0, time.monotonic() - started)
        lay_ground(owner, span)
        with late_indexes(owner, job, TABLES, worth=span.customers >= REBUILD_FROM):
            rows = write_pieces(partial(_write_block, span=span, managers=managers), range(block_count(span)), workers=workers,
                                tell=partial(_tell, progress, span))
        _settle(owner)
        close_job(owner, job, done=customers, rows=rows)
    return Filled(customers, rows, time.monotonic() - started)


def checked_span(customers: int, months: int, seed: int, until: datetime) -> Span:
    """Return the span to simulate; raises ``Invalid`` for figures out of range."""
    if not 1 <= customers <= CUSTOMERS_MAX:
        raise Invalid(field="customers", what=_("Customers (1 to {most})").format(most=CUSTOMERS_MAX))
    if not 1 <= months <= MONTHS_MAX:
        raise Invalid(field="months", what=_("Months (1 to {most})").format(most=MONTHS_MAX))
    if not 0 <= seed < 1 << 31:
        raise Invalid(field="seed", what=_("Seed (0 to 2147483647)"))
    if until.tzinfo is None or not 2000 <= until.year <= 2100:
        raise Invalid(field="until", what=_("End of simulated time"))
    return Span(seed=seed, customers=customers, months=months, until=until)


def fingerprint(span: Span) -> str:
    """Return what two equal simulations have in common."""
    return f"{span.customers}/{span.months}/{span.seed}/{span.until:%Y-%m-%dT%H:%M}"


def _job_of(owner: Owner, span: Span, *, force: bool) -> str | None:
    """Return the bulk job of this simulation, opened now or resumed; ``None`` where it is done already."""
    jobs = find_jobs(owner, JOB)
    mine = [(job, state) for job, print_, state, _parameters in jobs if print_ == fingerprint(span)]
    if mine:
        return None if mine[0][1] == "done" else mine[0][0]
    if any(int(parameters["seed"]) % 8 == span.seed % 8 for _job, _print, _state, parameters in jobs):
        raise SeedTaken(seed=span.seed)
    (held,) = owner.execute("SELECT count(*) FROM party_customer").fetchone() or (0,)
    if held and not force:
        raise HoldsCustomers(count=held)
    parameters = {"customers": span.customers, "months": span.months, "seed": span.seed, "until": span.until.isoformat()}
    return open_job(owner, JOB, fingerprint(span), title=f"Simulated operator {fingerprint(span)}", parameters=parameters, total=span.customers)


def begun_until(owner: Owner, seed: int) -> datetime | None:
    """Return where the time of an earlier simulation of ``seed`` in this database ends, finished or cut off; else ``None``."""
    return next((datetime.fromisoformat(p["until"]) for _job, _print, _state, p in find_jobs(owner, JOB) if int(p["seed"]) == seed), None)


def _settle(owner: Owner) -> None:
    """Let the planner know the new rows; keep what the missing triggers did not: running counts, the register of search."""
    vacuum(owner, TABLES)
    for statement in tally.recounting():
        owner.execute(statement.encode())
    owner.execute("SELECT party_register_places()")
    owner.execute("ANALYZE inventory_usage_month")
    owner.execute("ANALYZE contact_centre_interaction")


def _write_block(owner: Owner, number: int, *, span: Span, managers: tuple[str, ...]) -> int:
    return load_block(owner, span, number, managers)


def _tell(progress: Progress | None, span: Span, blocks: int, rows: int) -> None:
    if progress is not None:
        progress(min(blocks * BLOCK, span.customers), span.customers, rows)
