"""Reading a mapping: TOML, its models, and every mistake with its line, key and mend."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tongke.exchange.errors import MappingUnknown, MappingWrong
from tongke.exchange.mapping.lines import Path as KeyPath
from tongke.exchange.mapping.lines import key_lines, line_of
from tongke.exchange.mapping.model import Mapping

BYTES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class LoadedMapping:
    """A mapping with its text (kept with the job, so that a resume uses the same) and where its keys stand."""

    file: str
    text: str
    mapping: Mapping
    lines: dict[KeyPath, int]

    def wrong(self, *problems: tuple[KeyPath, str]) -> MappingWrong:
        """Return the refusal that lists ``problems``, each with the line of its key."""
        return MappingWrong(file=self.file, problems="; ".join(told(path, text, self.lines) for path, text in problems))


def told(path: KeyPath, problem: str, lines: dict[KeyPath, int]) -> str:
    """Return one problem with its line and key."""
    line = line_of(path, lines)
    place = f"line {line}, " if line else ""
    return f"{place}{'.'.join(map(str, path)) or 'file'}: {problem}"


def shipped_folder() -> Path:
    """Return the folder of the mappings that come with Tongke: in the wheel, or at the top of the repository."""
    packed = Path(str(resources.files("tongke.exchange"))) / "mappings"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[4] / "mappings"


def shipped_mappings() -> dict[str, Path]:
    """Return the shipped mappings by name."""
    return {p.stem: p for p in sorted(shipped_folder().glob("*.toml"))}


def load_mapping(given: str | Path, *, text: str | None = None) -> LoadedMapping:
    """Read the mapping ``given``, a path or the name of a shipped one (or ``text`` itself); raises ``MappingWrong``
    or ``MappingUnknown``.
    """
    path = Path(given)
    if text is None:
        shipped = shipped_mappings()
        if not path.is_file() and str(given) in shipped:
            path = shipped[str(given)]
        if not path.is_file():
            raise MappingUnknown(name=given, known=", ".join(shipped) or "-")
        text = _text(path)
    lines = key_lines(text)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as mistake:
        raise MappingWrong(file=path.name, problems=f"not TOML: {mistake}") from mistake
    try:
        mapping = Mapping.model_validate(_with_path_names(raw))
    except ValidationError as mistakes:
        problems = "; ".join(told(_cleaned(e["loc"]), e["msg"], lines) for e in mistakes.errors(include_url=False))
        raise MappingWrong(file=path.name, problems=problems) from None
    return LoadedMapping(path.name, text, mapping, lines)


def _text(path: Path) -> str:
    if path.stat().st_size > BYTES_MAX:
        raise MappingWrong(file=path.name, problems=f"larger than {BYTES_MAX} bytes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as mistake:
        raise MappingWrong(file=path.name, problems=f"not UTF-8 at byte {mistake.start}") from None


def _cleaned(loc: tuple[int | str, ...]) -> KeyPath:
    """Leave out the names of validators that pydantic puts into a location."""
    return tuple(part for part in loc if isinstance(part, int) or not part.startswith(("function-", "lax-or-strict")))


def _with_path_names(raw: dict[str, Any]) -> dict[str, Any]:
    """TOML gives a single ``key = "x"`` where a list is meant: take it as a list of one."""
    for flow in raw.get("flow", []) if isinstance(raw.get("flow"), list) else []:
        if isinstance(flow, dict) and isinstance(flow.get("key"), str):
            flow["key"] = [flow["key"]]
    return raw
