"""Where in a TOML file each key stands, so that a mistake can name its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_\-]+)((?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_\-]+))*)\s*=""")
_PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[^.]+?)\s*(?:\.|$)""")

Path = tuple[str | int, ...]


def _parts(text: str) -> list[str]:
    return [m.group(1).strip("\"'") for m in _PART.finditer(text) if m.group(1)]


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table header and key; array tables carry their index."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = _entered(_parts(header.group(2)), counts, array=header.group(1) == "[[")
            lines.setdefault(here, number)
        elif key := _KEY.match(line):
            lines.setdefault((*here, *_parts(key.group(1) + key.group(2))), number)
    return lines


def _entered(parts: Sequence[str], counts: dict[Path, int], *, array: bool) -> Path:
    """Return the path of a header, array tables above it at their last index; a new array table opens the next."""
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        last = place == len(parts) - 1
        if last and array:
            counts[path] = counts.get(path, -1) + 1
            for below in [p for p in counts if len(p) > len(path) and p[: len(path)] == path and p[len(path)] == counts[path]]:
                del counts[below]
        if path in counts:
            path = (*path, counts[path])
    return path


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """Return the line of ``path`` or of the nearest table around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None
