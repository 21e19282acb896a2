"""Assembles the parts of the translation into one catalogue and compiles it.

Each owner keeps ``locale/<language>/parts/<name>.po``; Django reads the assembled
``LC_MESSAGES/django.mo``. Stands alone, with Babel only: the build hook runs it before Tongke is installed.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("zh_Hans", "en")


class CatalogueBroken(ValueError):
    """A part cannot be read, or two parts translate one sentence differently."""


def read_part(path: Path, language: str) -> Catalog:
    """Read one part; raises ``CatalogueBroken`` with the place of the fault."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except Exception as fault:
        raise CatalogueBroken(f"{path}: {fault}") from fault


def merged(parts: list[Path], language: str) -> Catalog:
    """Merge ``parts`` into one catalogue; raises ``CatalogueBroken`` where two parts disagree."""
    whole = Catalog(locale=language, project="Tongke", charset="utf-8", header_comment="# Assembled from ../parts: edit there.")
    origin: dict[tuple[object, object], Path] = {}
    for path in sorted(parts):
        for message in read_part(path, language):
            if not message.id or not message.string or message.fuzzy:
                continue
            key = (message.id, message.context)
            held = whole.get(message.id, message.context)
            if held is not None and held.string != message.string:
                raise CatalogueBroken(f"{message.id!r} is translated differently in {origin[key].name} and {path.name}")
            origin[key] = path
            whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole


def assemble(locale: Path) -> list[Path]:
    """Assemble and compile every language below ``locale``; returns the catalogues written anew."""
    written = []
    for language in LANGUAGES:
        parts = sorted((locale / language / "parts").glob("*.po"))
        target = locale / language / "LC_MESSAGES"
        stamp = hashlib.sha256(b"".join(p.name.encode() + p.read_bytes() for p in parts)).hexdigest()
        stamp_file = target / ".stamp"
        if not parts or (stamp_file.exists() and stamp_file.read_text(encoding="ascii") == stamp):
            continue
        target.mkdir(parents=True, exist_ok=True)
        whole = merged(parts, language)
        with (target / "django.po").open("wb") as file:
            write_po(file, whole, sort_output=True, width=120)
        # Processes that start at this moment must find the old one or the new one, never half of one.
        fresh = target / "django.mo.new"
        with fresh.open("wb") as file:
            write_mo(file, whole)
        fresh.replace(target / "django.mo")
        stamp_file.write_text(stamp, encoding="ascii")
        written.append(target / "django.mo")
    return written


def main() -> int:
    """Assemble the installed package's own catalogues and say which were written."""
    try:
        written = assemble(Path(__file__).resolve().parent.parent / "locale")
    except CatalogueBroken as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in written) or "The catalogues are up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
