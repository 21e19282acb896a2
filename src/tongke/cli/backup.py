"""``tongke backup FILE`` and ``tongke restore FILE``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tongke.cli import ground
from tongke.cli.up import running_address
from tongke.config import archive, embedded, tables
from tongke.config.runtime import data_dir, read_secrets, secrets_file
from tongke.kernel import audit
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Refused

SECRETS, ANCHORS, FILES = "secrets.toml", "audit-anchors.jsonl", "files/"


class FileExists(Refused):
    """A backup never overwrites a file."""

    code = "OPS-24"
    says = gettext_lazy("{file} exists already")
    mend = gettext_lazy("Choose another name for the backup")


class StillRunning(Refused):
    """A restore must not work under running pages."""

    code = "OPS-25"
    says = gettext_lazy("Tongke is running on this data directory ({address})")
    mend = gettext_lazy("Stop it first (Ctrl-C where `tongke up` runs)")


class RestoredButTouched(Refused):
    """The backup was whole, but the audit trail inside it was touched before it was made."""

    code = "OPS-26"
    says = gettext_lazy("Everything is restored, but the audit trail in this backup was touched: {count} finding(s)")
    mend = gettext_lazy("Run `tongke verify-audit` for the list")


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


@contextmanager
def _watched(title: str) -> Iterator[archive.Progress]:
    """Show a bar over the tables on a terminal; elsewhere stay silent."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[now]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, now="")

        def tell(what: str, done: int, whole: int) -> None:
            bar.update(task, completed=done, total=whole, now=what)

        yield tell


def _extras(*, with_secrets: bool) -> dict[str, Path]:
    """Return what an installation keeps beside its database, by name in the backup."""
    found = {ANCHORS: Path(settings.AUDIT_ANCHORS)}
    if with_secrets:
        found[SECRETS] = secrets_file()
    folder = data_dir() / "files"
    found |= {FILES + p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()} if folder.is_dir() else {}
    return {name: path for name, path in found.items() if path.exists()}


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; must not exist yet", metavar="FILE")],
    without_secrets: Annotated[bool, typer.Option("--without-secrets", help="Leave the keys out; keep them elsewhere, or the encrypted fields stay closed")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Write everything of this installation into one file, in one snapshot, while it runs."""
    if file.exists():
        raise FileExists(file=file)
    part = file.with_name(file.name + ".part")
    with ground.ready(), psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner, _watched(_("Backup")) as tell:
        try:
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
                manifest = archive.write(out, owner, extras=_extras(with_secrets=not without_secrets), progress=tell)
                out.flush()
                os.fsync(out.fileno())
            os.link(part, file)  # never overwrites, unlike a rename
        finally:
            part.unlink(missing_ok=True)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    typer.echo(_("{file}: {tables} tables, {rows} rows, {size} MB.").format(
        file=file, tables=len(manifest["tables"]), rows=rows, size=f"{file.stat().st_size / 1e6:.1f}",
    ))
    if without_secrets:
        typer.echo(_("The keys are NOT in it: keep {file} as well.").format(file=secrets_file()))


def restore(file: Annotated[Path, typer.Argument(help="A file that `tongke backup` wrote", metavar="FILE", exists=True, dir_okay=False)]) -> None:
    """Bring a backup back into an empty data directory or database, and verify it there."""
    address = running_address()
    if address is not None:
        raise StillRunning(address=address)
    with archive.opened(file) as (opened, manifest), embedded.in_use():
        archive.check_program(manifest)
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
            if not tables.is_empty(owner):
                raise archive.NotEmpty(where=data_dir() if embedded.is_embedded() else owner.info.dbname)
            have = tables.migrations(owner)
        recorded = manifest["migrations"]
        if [m for m in have if m not in recorded]:
            _start_over()
        _migrate_to(recorded)
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner, _watched(_("Restore")) as tell:
            archive.load(opened, manifest, owner, progress=tell)
        _place(opened, manifest)
        ground.migrate()
        _verify(manifest)


def _start_over() -> None:
    """Empty the schema of a database in which nobody worked: its tables are newer than the backup's."""
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        owner.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _migrate_to(recorded: list[list[str]]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tongke.config.tables"], input=json.dumps(recorded), text=True, capture_output=True, check=False,
        env=os.environ | {"TONGKE_AS_OWNER": "1", "DJANGO_SETTINGS_MODULE": "tongke.config.settings"},
    )
    if done.returncode:
        raise ground.MigrationsFailed(reason=(done.stderr.strip().splitlines() or [str(done.returncode)])[-1])


def _place(opened: Any, manifest: dict[str, Any]) -> None:
    """Put back what stood beside the database; the keys that this start had made are kept aside."""
    for name in manifest["extras"]:
        if name == SECRETS:
            target = secrets_file()
            if target.exists():
                target.replace(target.with_name(target.name + ".before-restore"))
        elif name == ANCHORS:
            target = Path(settings.AUDIT_ANCHORS)
        else:
            target = data_dir() / name
            if not target.resolve().is_relative_to((data_dir() / "files").resolve()):
                continue
        archive.place_extra(opened, name, target)


def _verify(manifest: dict[str, Any]) -> None:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    typer.echo(_("Restored {tables} tables, {rows} rows; every count and checksum agrees.").format(tables=len(manifest["tables"]), rows=rows))
    if SECRETS not in manifest["extras"]:
        typer.echo(_("The backup holds no keys: put the installation's secrets.toml to {file} before you start.").format(file=secrets_file()))
    anchors = audit.Anchors(settings.AUDIT_ANCHORS, read_secrets(secrets_file()).anchor_key) if SECRETS in manifest["extras"] else None
    with acting(system_actor("restore")):
        report = audit.verify(anchors)
    connection.close()
    if not report.ok:
        raise RestoredButTouched(count=len(report.findings) + report.more)
    typer.echo(_("The audit trail is whole: {seen}.").format(seen=_("{rows} rows, {links} links").format(rows=report.rows, links=report.links)))
