"""``tongke catalogue``: the whole catalogue as a readable file that can be kept in git (docs/catalogue-file.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.cli import ground
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now

BY = system_actor("catalogue")
DONE, REFUSED, DIFFERS = 0, 1, 2
File = Annotated[str, typer.Argument(metavar="FILE", help="The file; - reads standard input")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    catalogue = typer.Typer(no_args_is_help=True, help="The catalogue as a file: out, in, and what differs")
    catalogue.command("export")(export)
    catalogue.command("import")(take)
    catalogue.command("diff")(diff)
    app.add_typer(catalogue, name="catalogue")


def _text(file: str) -> str:
    return queries.file_text(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())


def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write; - writes to standard output")] = "-",
    code: Annotated[list[str] | None, typer.Option(help="Only this entry with what it is made of; may be repeated")] = None,
) -> None:
    """Write the catalogue: of each code the version on sale, else the newest draft."""
    with ground.ready(), acting(BY):
        text = queries.export_catalogue(code or None, by=BY, at=now())
    if file == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        Path(file).write_bytes(text.encode())


def take(
    file: File,
    *,
    launch: Annotated[bool, typer.Option("--launch", help="Put what changed on sale at once")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything, keep nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON")] = False,
) -> int:
    """Import a file: all of it or nothing. Exit code 1: it has errors, each told with its line."""
    mode: Any = ("dry_launch" if launch else "dry_run") if dry_run else ("launch" if launch else "draft")
    try:
        with ground.ready(), acting(BY):
            report = services.import_catalogue(text=_text(file), mode=mode, by=BY, at=now())
    except CatalogueFileRefused as refusal:
        _refused(file, refusal, as_json=as_json)
        return REFUSED
    if as_json:
        sys.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=2, default=str) + "\n")
        return DONE
    console = Console()
    if dry_run:
        console.print(_("Dry run: nothing was kept."))
    words = {"drafted": _("new draft"), "redrafted": _("draft changed"), "launched": _("on sale"), "written": _("changed")}
    rows = Table(_("At line"), _("Kind"), _("Identifier"), _("Version"), _("Outcome"))
    for entry in report.changed:
        rows.add_row(str(entry.line), entry.noun, entry.code, str(entry.version or ""), words[entry.outcome])
    if report.changed:
        console.print(rows)
    console.print(_("{changed} of {count} entries changed").format(changed=len(report.changed), count=len(report.entries)))
    return DONE


def diff(file: File, *, as_json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON")] = False) -> int:
    """Show what a file says differently from the catalogue. Exit code 2: something differs."""
    try:
        with ground.ready(), acting(BY):
            entries = queries.compare_with_file(_text(file), by=BY, at=now())
    except CatalogueFileRefused as refusal:
        _refused(file, refusal, as_json=as_json)
        return REFUSED
    if as_json:
        sys.stdout.write(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for entry in entries for line in _lines(entry))
    return DIFFERS if entries else DONE


def _lines(entry: Any) -> Iterable[str]:
    sign = {"added": "+", "removed": "-", "changed": "~"}
    yield f"{sign[entry.kind]} {entry.noun} {entry.code}  {entry.name_zh} / {entry.name_en}"
    if entry.kind == "changed":
        for row in entry.rows:
            sides = [json.dumps(side, ensure_ascii=False, default=str) for side in (row.before, row.after) if side is not None]
            yield f"    {sign[row.kind]} {' › '.join(row.path)}: {' → '.join(sides)}"


def _refused(file: str, refusal: CatalogueFileRefused, *, as_json: bool) -> None:
    if as_json:
        told = [{"line": p.line, "path": p.path, "code": p.code, "message": p.message, "mend": p.advice} for p in refusal.problems]
        sys.stdout.write(json.dumps({"code": refusal.code, "message": refusal.message, "problems": told}, ensure_ascii=False, indent=2) + "\n")
        return
    for problem in refusal.problems:
        sys.stderr.write(f"{file}:{problem.line}: {problem.path}: {problem.code} {problem.message}. {problem.advice}\n")
    sys.stderr.write(f"{refusal.message}\n")
