"""The whole operator in one call: customers, numbers, network and stock, each resumed where it was cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.load import Progress, fill
from tongke.simulator.network_build import build_network
from tongke.simulator.number_stock import stock_numbers
from tongke.simulator.stock import fill_stock
from tongke.simulator.stock_in_use import LINES

Watch = Callable[[str], Progress | None]
"""Asked for a part's progress by its name: ``customers``, ``numbers``, ``premises`` or ``stock``."""


@dataclass(frozen=True, slots=True)
class Made:
    """Rows written by this run and the seconds that each part took."""

    rows: int
    seconds: dict[str, float]


def _unwatched(_part: str) -> Progress | None:
    return None


def make_operator(
    *, customers: int, months: int = 1, seed: int = 7, numbers: int = 0, premises: int | None = None, until: datetime = UNTIL, force: bool = False,
    named: bool = False, workers: int | None = None, watch: Watch = _unwatched,
) -> Made:
    """Fill the database with an operator of ``customers`` customers, their numbers (``numbers`` in all at least), stock and network.

    ``premises`` is how many homes the town has at least, one for each customer unless given; 0 leaves the network out. With
    no customers only the others are made. ``named`` adds the codes of the demo's named people. The same call continues a
    run that was cut off, and does nothing after one that was finished. Raises what the parts raise.
    """
    homes = customers if premises is None else premises
    rows, seconds = 0, {}
    if customers:
        filled = fill(customers=customers, months=months, seed=seed, until=until, force=force, workers=workers, progress=watch("customers"))
        rows, seconds["customers"] = filled.rows, filled.seconds
    stocked = stock_numbers(customers=customers, seed=seed, numbers=numbers, until=until, named=named, workers=workers, progress=watch("numbers"))
    rows, seconds["numbers"] = rows + stocked.rows, stocked.seconds
    if homes:
        network = build_network(premises=homes, seed=seed, until=until, workers=workers, progress=watch("premises"))
        rows, seconds["premises"] = rows + network.rows, network.seconds
    held = fill_stock(customers=customers, seed=seed, until=until, workers=workers if customers > LINES else 1, progress=watch("stock"))
    rows, seconds["stock"] = rows + held.rows, held.seconds
    return Made(rows, seconds)
