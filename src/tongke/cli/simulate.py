"""``tongke simulate``: an operator in miniature, into the database or into files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.db import connection
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tongke.cli import ground


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield bar


def simulate(
    *,
    customers: Annotated[int, typer.Option(help="How many customers; 0: only numbers and network")] = 10_000,
    months: Annotated[int, typer.Option(help="How many whole months of usage, bills and payments")] = 6,
    numbers: Annotated[int, typer.Option(help="How many telephone numbers at least; about three for each customer unless more are asked for")] = 0,
    premises: Annotated[int | None, typer.Option(help="How many homes the town has at least; as many as customers unless given, 0: no network")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same operator")] = 7,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Write an operator's files for `tongke import` instead of filling the database")] = None,
    file_format: Annotated[str, typer.Option("--format", help="Format of the files: csv or parquet")] = "csv",
    dirt: Annotated[bool, typer.Option("--dirt", help="With --to: add faulty rows, as real exports have them")] = False,
    force: Annotated[bool, typer.Option("--force", help="Add to a database that holds customers already")] = False,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Where simulated time ends (UTC); fixed unless given")] = None,
) -> None:
    """Make a simulated operator: catalogue, customers with lines, usage, bills and contacts, churn with known causes; numbers, stock, network.

    The same customers, months and seed give the same rows on any machine. A run that was cut off is continued by the same command.
    """
    from tongke.simulator.calendar_months import UNTIL  # noqa: PLC0415 - numpy and pyarrow only where they are needed
    from tongke.simulator.files import write_files  # noqa: PLC0415 - heavy, and only this command needs them
    from tongke.simulator.operator import make_operator  # noqa: PLC0415 - heavy, and only this command needs them

    end = until.replace(tzinfo=UTC) if until else UNTIL
    with _bar() as bar:
        if to is not None:
            written = write_files(to, customers=customers, months=months, seed=seed, until=end, file_format=file_format, dirt=dirt,
                                  progress=_progress(bar, _("Customers")))
        else:
            with ground.ready():
                words = {"customers": _("Customers"), "numbers": _("Telephone numbers"), "premises": _("Premises"), "stock": _("Stock items")}
                made = make_operator(customers=customers, months=months, seed=seed, numbers=numbers, premises=premises, until=end, force=force,
                                     watch=lambda part: _progress(bar, words[part]))
                connection.close()
    if to is not None:
        for name, rows in written.items():
            typer.echo(f"{rows:>12,}  {to / name}")
        return
    if not made.rows:
        typer.echo(_("This operator is in the database already; nothing was changed."))
        return
    seconds = sum(made.seconds.values())
    typer.echo(_("{rows} rows in {seconds} s ({speed} rows/s)").format(
        rows=f"{made.rows:,}", seconds=f"{seconds:.1f}", speed=f"{made.rows / max(seconds, 0.001):,.0f}"))


def _progress(bar: Progress, words: str) -> Callable[[int, int, int], None]:
    """Return what moves a bar of its own; the bar appears with its first step."""
    task: list[TaskID] = []

    def told(done: int, total: int, _rows: int) -> None:
        if not task:
            task.append(bar.add_task(words, total=total))
        bar.update(task[0], completed=done)

    return told
