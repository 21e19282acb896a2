"""The backup file: a ZIP of one COPY text per table, taken in one snapshot, with a manifest that proves it whole.

``manifest.json`` comes last: rows and SHA-256 of every table, the migrations that had run, the sequences.
Text and not the server's own dump, so that a backup of the embedded PostgreSQL 18 restores into a 15.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from tongke import __version__
from tongke.config import tables
from tongke.kernel.errors import Refused

FORMAT = 1
BLOCK_BYTES = 1 << 20
Progress = Callable[[str, int, int], None]


class NotABackup(Refused):
    """The file is no backup of Tongke's, or no longer whole."""

    code = "OPS-20"
    says = _("{file} cannot be restored: {reason}")
    mend = _("Take another copy of the backup; this one was not touched and nothing was changed")


class BackupTooNew(Refused):
    """The backup was made by a newer program."""

    code = "OPS-21"
    says = _("The backup was made by a newer program: it knows {migration}")
    mend = _("Restore with Tongke {version} or newer")


class NotEmpty(Refused):
    """A restore never overwrites an installation in which somebody worked."""

    code = "OPS-22"
    says = _("There is already data in {where}")
    mend = _("Restore into an empty directory: tongke restore FILE --data DIR, or an empty database")


class RestoreDiffers(Refused):
    """What stands in the database after loading is not what the backup tells."""

    code = "OPS-23"
    says = _("After loading, {table} has {found} rows and not {wanted}; nothing was kept")
    mend = _("Please report this together with the server's log")


def _no_progress(_what: str, _done: int, _whole: int) -> None:
    """Nobody watches."""


def _copy_out(owner: tables.Connection, table: tables.Table, out: IO[bytes]) -> dict[str, Any]:
    """Write one table; returns what the manifest says of it."""
    whole = hashlib.sha256()
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(table.name))
    cursor = owner.cursor()
    with cursor.copy(statement) as copy:
        for block in copy:
            piece = bytes(block)
            whole.update(piece)
            out.write(piece)
    return {"rows": cursor.rowcount, "sha256": whole.hexdigest(), "columns": list(table.columns)}


def write(file: IO[bytes], owner: tables.Connection, *, extras: dict[str, Path], progress: Progress = _no_progress) -> dict[str, Any]:
    """Write a backup of ``owner``'s database to ``file`` and return its manifest; ``extras`` are files by name."""
    owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    manifest: dict[str, Any] = {
        "format": FORMAT, "program": __version__, "made_at": datetime.now(UTC).isoformat(), "server": owner.info.server_version,
        "migrations": tables.migrations(owner), "partitions": tables.partitions(owner), "tables": {}, "sequences": {}, "extras": {},
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=3) as archive:
        found = tables.all_tables(owner)
        for number, table in enumerate(found):
            progress(table.name, number, len(found))
            with archive.open(f"tables/{table.name}.copy", "w", force_zip64=True) as out:
                manifest["tables"][table.name] = _copy_out(owner, table, out)
        for name in tables.sequences(owner):
            row = owner.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))).fetchone()
            manifest["sequences"][name] = list(row or (1, False))
        for name, path in extras.items():
            content = path.read_bytes()
            archive.writestr(f"extras/{name}", content)
            manifest["extras"][name] = hashlib.sha256(content).hexdigest()
        words = json.dumps(manifest, ensure_ascii=False, indent=1)
        archive.writestr("manifest.json", words)
        archive.writestr("manifest.sha256", hashlib.sha256(words.encode()).hexdigest())
    owner.execute("ROLLBACK")
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open a backup and verify every byte of it before anything else; raises ``NotABackup``."""
    try:
        with zipfile.ZipFile(path) as archive:
            words = archive.read("manifest.json")
            if hashlib.sha256(words).hexdigest() != archive.read("manifest.sha256").decode("ascii", "replace"):
                raise NotABackup(file=path.name, reason=_("its manifest was changed"))
            manifest = json.loads(words)
            if manifest.get("format") != FORMAT:
                raise NotABackup(file=path.name, reason=_("it has the unknown format {found}").format(found=manifest.get("format")))
            _verify_members(path, archive, manifest)
            yield archive, manifest
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError) as fault:
        raise NotABackup(file=path.name, reason=_("it is damaged, cut short, or no backup at all")) from fault


def _verify_members(path: Path, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    wanted = {f"tables/{name}.copy": about["sha256"] for name, about in manifest["tables"].items()}
    wanted |= {f"extras/{name}": sha for name, sha in manifest["extras"].items()}
    for name, sha in wanted.items():
        whole = hashlib.sha256()
        with archive.open(name) as member:
            while block := member.read(BLOCK_BYTES):
                whole.update(block)
        if whole.hexdigest() != sha:
            raise NotABackup(file=path.name, reason=_("{member} was changed").format(member=name))


def check_program(manifest: dict[str, Any]) -> None:
    """Raise ``BackupTooNew`` where the backup knows a migration that this program does not."""
    known = tables.known_migrations()
    unknown = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if unknown:
        raise BackupTooNew(migration=unknown[0], version=manifest["program"])


def _without_triggers(owner: tables.Connection, names: list[str]) -> bool:
    """Keep triggers from firing while loading; returns whether the server allowed the quick way (superuser)."""
    try:
        with owner.transaction():
            owner.execute("SET LOCAL session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege:
        for name in names:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(name)))
        return False
    owner.execute("SET LOCAL session_replication_role = replica")
    return True


def load(archive: zipfile.ZipFile, manifest: dict[str, Any], owner: tables.Connection, *, progress: Progress = _no_progress) -> None:
    """Fill the migrated, empty tables from the backup in one transaction; raises ``RestoreDiffers`` and keeps nothing then."""
    known = {table.name: table for table in tables.all_tables(owner)}
    names = [name for name in known if name in manifest["tables"]]
    strange = sorted(manifest["tables"].keys() - known.keys())
    if strange:
        raise RestoreDiffers(table=strange[0], found=0, wanted=manifest["tables"][strange[0]]["rows"])
    with owner.transaction():
        for parent, months in manifest["partitions"].items():
            for month in months:
                owner.execute("SELECT tongke_ensure_month(%s, to_date(%s, 'YYYYMM')::timestamp AT TIME ZONE 'UTC')", [parent, month])
        everything = sql.SQL(", ").join(map(sql.Identifier, known))
        owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(everything))
        quick = _without_triggers(owner, names)
        for number, name in enumerate(names):
            progress(name, number, len(names))
            _copy_in(archive, owner, name, manifest["tables"][name])
        for name, (last, called) in manifest["sequences"].items():
            owner.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', last, called])
        if not quick:
            for name in names:
                owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(name)))
    owner.execute("ANALYZE")


def _copy_in(archive: zipfile.ZipFile, owner: tables.Connection, name: str, about: dict[str, Any]) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, about["columns"]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), columns)
    with archive.open(f"tables/{name}.copy") as member, owner.cursor() as cursor:
        with cursor.copy(statement) as copy:
            while block := member.read(BLOCK_BYTES):
                copy.write(block)
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        found = (cursor.fetchone() or (0,))[0]
    if found != about["rows"]:
        raise RestoreDiffers(table=name, found=found, wanted=about["rows"])


def place_extra(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Write one extra of the backup to ``target``, readable by us alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(archive.read(f"extras/{name}"))
