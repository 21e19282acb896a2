"""Which file is which source, and what identifies them together."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psutil
from django.conf import settings
from django.utils.translation import gettext as _

from tongke.exchange.errors import FilesMismatch, FileUnreadable
from tongke.exchange.mapping import LoadedMapping
from tongke.exchange.mapping import Mapping as MappingModel

BLOCK = 1 << 20


def exchange_folder() -> Path:
    """Return the folder of uploads and spools, readable by nobody else."""
    folder = Path(settings.EXCHANGE_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def assign_files(mapping: MappingModel, given: Sequence[str | Path]) -> dict[str, Path]:
    """Return the file of each source: ``NAME=FILE``, else by the patterns of the mapping, else the only one to the only one.

    A source without a file is not loaded, as when a reject file is loaded alone. Raises ``FilesMismatch`` where a file has
    no source, where no flow has its file, or where one that has it lacks a file that it is joined with.
    """
    found: dict[str, Path] = {}
    rest: list[Path] = []
    for word in given:
        named, equals, rest_of = str(word).partition("=")
        if equals and named in mapping.sources:
            found[named] = Path(rest_of)
        else:
            rest.append(Path(word))
    for path in list(rest):
        for name, source in mapping.sources.items():
            if name not in found and any(fnmatch(path.name.casefold(), pattern.casefold()) for pattern in source.files):
                found[name] = path
                rest.remove(path)
                break
    open_sources = [name for name in mapping.sources if name not in found]
    if len(rest) == 1 and len(open_sources) == 1:
        found[open_sources[0]] = rest.pop()
        open_sources = []
    rest = [path for path in rest if not any(fnmatch(path.name.casefold(), p.casefold()) for p in mapping.mapping.ignore)]
    wanted = [flow for flow in mapping.flow if flow.source in found]
    open_sources = [j.source for flow in wanted for j in flow.join if j.source not in found] if wanted else open_sources
    if rest or open_sources or not wanted:
        raise FilesMismatch(sources=", ".join(open_sources) or "-", files=", ".join(Path(p).name for p in given) or "-")
    for path in found.values():
        if not path.is_file():
            raise FileUnreadable(file=path.name, why=_("there is no such file"))
    return found


def fingerprint(loaded: LoadedMapping, files: Mapping[str, Path], *, source: str, org_id: int | None) -> str:
    """Return what identifies an import: the same files with the same mapping for the same source and organisation."""
    digest = hashlib.sha256(f"{loaded.text}\0{source}\0{org_id}".encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0".encode())
        with files[name].open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def new_spool() -> Path:
    """Return a new folder for spooled rows; those of processes that are gone are removed first."""
    base = exchange_folder() / "spool"
    base.mkdir(exist_ok=True, mode=0o700)
    for old in base.iterdir():
        owner = old.name.split("-")[0]
        if not owner.isdigit() or not psutil.pid_exists(int(owner)):
            drop_folder(old)
    return Path(mkdtemp(prefix=f"{os.getpid()}-", dir=base))


def drop_folder(folder: Path) -> None:
    """Remove a folder and what it holds, if it is still there."""
    with suppress(FileNotFoundError):
        rmtree(folder)
