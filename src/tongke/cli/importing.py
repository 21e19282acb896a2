"""``tongke import``: files of customers and what they have, every row either in or explained."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tongke.cli import ground
from tongke.kernel.actor import system_actor

ALL_IN, SOME_REJECTED = 0, 2
REJECTS = ".rejects.csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_files)


def originals(files: list[str]) -> list[str]:
    """Leave out reject files that stand beside their own originals: ``*.csv`` means the operator's files, also the second time.

    A reject file given without its original is loaded: that is how corrected rows come back.
    """
    given = set(files)
    return [file for file in files if not (file.endswith(REJECTS) and file.removesuffix(REJECTS) + ".csv" in given)]


def import_files(  # noqa: PLR0917 - the options of one command
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="The files; NAME=FILE says which source of the mapping a file is")],
    mapping: Annotated[str, typer.Option(help="The mapping: a TOML file, or the name of one that comes with Tongke")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything, keep nothing")] = False,  # noqa: FBT002 - options are switches
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted import of these files")] = False,  # noqa: FBT002 - options are switches
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,  # noqa: FBT002 - options are switches
    org: Annotated[int | None, typer.Option(help="The organisation that the rows belong to, unless they name their own")] = None,
    source: Annotated[str, typer.Option(help="Name of the source system; else the mapping's")] = "",
    rejects: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write rejected rows as CSV; else beside the first file; one a source")] = None,
) -> int:
    """Load files over a mapping. Exit code 0: every row is in; 2: some were rejected, each with its reason; 1: failed."""
    from tongke.exchange.mapping import load_mapping  # noqa: PLC0415 - pyarrow and duckdb only where they are needed
    from tongke.exchange.rejects import write_rejects  # noqa: PLC0415 - pyarrow and duckdb only where they are needed
    from tongke.exchange.services import run_import, start_import  # noqa: PLC0415 - pyarrow and duckdb only where they are needed
    from tongke.kernel import clock  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    loaded = load_mapping(mapping)
    by = system_actor("import")
    with ground.ready(), _bar() as bar:
        job_id = start_import(files=originals(files), mapping=loaded, source=source, org_id=org, dry_run=dry_run, resume=resume, by=by, at=clock.now())
        tasks: dict[str, Any] = {}

        def progress(phase: str, done: int, total: int | None) -> None:
            words = {"reading": _("Reading"), "loading": _("Loading")}
            if phase not in tasks:
                tasks[phase] = bar.add_task(words[phase], total=total)
            bar.update(tasks[phase], completed=done, total=total)

        outcome = run_import(job_id=job_id, by=by, clock=clock.now, on_progress=progress)
        beside = Path(files[0].rpartition("=")[2]).resolve().parent
        written = write_rejects(job_id=job_id, to=rejects or beside, by=by) if outcome.rejected else []
    if as_json:
        sys.stdout.write(json.dumps(outcome.as_json() | {"rejects": [str(file) for file in written]}, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(outcome, written)
    return ALL_IN if outcome.all_in else SOME_REJECTED


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _print(outcome: Any, written: list[Path]) -> None:
    console = Console()
    if outcome.dry_run:
        console.print(_("Dry run: nothing was kept."))
    rows = Table(_("Rows"), _("Count"))
    for name, count in (
        (_("read"), outcome.read), (_("created"), outcome.created), (_("updated"), outcome.updated), (_("unchanged"), outcome.unchanged),
        (_("rejected"), outcome.rejected),
    ):
        rows.add_row(name, f"{count:,}")
    console.print(rows)
    if outcome.sums:
        sums = Table(_("Sum"), _("In the file"), _("Loaded"), _("In rejected rows"), _("Difference"))
        for name, amounts in outcome.sums.items():
            sums.add_row(name, amounts["source"], amounts["loaded"], amounts["rejected"], amounts["difference"])
        console.print(sums)
    records = Table(_("Records"), _("created"), _("updated"), _("unchanged"))
    for noun, counts in outcome.records.items():
        records.add_row(noun, *(f"{counts[k]:,}" for k in ("created", "updated", "unchanged")))
    console.print(records)
    if outcome.not_given:
        console.print(_("No file was given for {sources}: not loaded").format(sources=", ".join(outcome.not_given)))
    for file in written:
        console.print(_("Rejected rows, with reasons: {file}").format(file=file))
