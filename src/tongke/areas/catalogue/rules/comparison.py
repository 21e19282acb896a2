"""What two versions of something say differently, row by row. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, Content
from tongke.areas.catalogue.rules.file_writing import written

# By what the entries of a list are known to each other; what is left over is told apart by its place.
_KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    "characteristics": ("code",), "relations": ("kind", "other_code"), "values": ("value",), "parts": ("part_code",), "allowances": ("usage_type", "shared"),
    "terms": ("code",), "prices": ("code", "part_code", "segment", "channel", "area_id", "condition"), "tiers": ("from_units",),
    "entries": ("offering_code", "price_code"), "rates": ("valid_from",),
}
# From when a version holds is no content: the launch decides it.
NOT_COMPARED = frozenset({"valid_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row: ``path`` names the place (``prices monthly``, ``amount``), ``before`` and ``after`` are plain values; ``None`` for nothing.

    ``name_zh`` and ``name_en`` name the entry that the place belongs to, where it has names.
    """

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    before: Any = None
    after: Any = None
    name_zh: str = ""
    name_en: str = ""


def same(left: Content, right: Content) -> bool:
    """Tell whether two contents say the same, from when aside."""
    return not any(compare(left, right))


def compare(before: Content | None, after: Content | None) -> Iterator[Difference]:
    """Yield what differs, in the order of the fields; nothing on one side makes everything of the other added or removed."""
    shape: Any = before or after
    for name in type(shape).model_fields if shape is not None else ():
        if name not in NOT_COMPARED:
            yield from _values((name,), getattr(before, name, None), getattr(after, name, None), whose=(before, after))


def _names(*entries: Any) -> dict[str, str]:
    for entry in reversed(entries):
        if isinstance(entry, Content):
            return {"name_zh": str(getattr(entry, "name_zh", "")), "name_en": str(getattr(entry, "name_en", ""))}
    return {}


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", (), {}, [])


def _values(path: tuple[str, ...], left: Any, right: Any, *, whose: tuple[Any, Any]) -> Iterator[Difference]:
    entries = [value for value in (left, right) if isinstance(value, tuple) and value and isinstance(value[0], Content)]
    if entries:
        yield from _lists(path, left or (), right or ())
    elif isinstance(left, dict) or isinstance(right, dict):
        for word in dict.fromkeys([*(left or {}), *(right or {})]):
            yield from _values((*path, word), (left or {}).get(word), (right or {}).get(word), whose=whose)
    elif left != right and not (_is_nothing(left) and _is_nothing(right)):
        kind: Literal["added", "removed", "changed"] = "added" if _is_nothing(left) else "removed" if _is_nothing(right) else "changed"
        said = [None if _is_nothing(value) else written(value) for value in (left, right)]
        yield Difference(kind=kind, path=path, before=said[0], after=said[1], **_names(*whose))


def _key(name: str, entry: Any) -> str:
    words = []
    for field in _KNOWN_BY[name]:
        word = written(getattr(entry, field))
        if isinstance(word, dict):
            word = ",".join(f"{k}={v}" for k, v in sorted(word.items()))
        if not (_is_nothing(word) or word is False):
            words.append(str(word))
    return " ".join(words)


def _lists(path: tuple[str, ...], left: Any, right: Any) -> Iterator[Difference]:
    name = path[-1]
    before, after = ({_key(name, entry): entry for entry in entries} for entries in (left, right))
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        place = (*path, key)
        if old is None or new is None:
            kind: Literal["added", "removed"] = "added" if old is None else "removed"
            yield Difference(kind=kind, path=place, before=None if old is None else written(old.spoken()), after=None if new is None else written(new.spoken()),
                             **_names(old, new))
            continue
        for field in type(new).model_fields:
            yield from _values((*place, field), getattr(old, field), getattr(new, field), whose=(old, new))
    orders = [key for key in before if key in after], [key for key in after if key in before]
    if orders[0] != orders[1] and name != "entries":  # the entries of a price list have no order
        yield Difference(kind="changed", path=(*path, "order"), before=orders[0], after=orders[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDifference:
    """What differs in one entry of two catalogues."""

    noun: str
    code: str
    kind: Literal["added", "removed", "changed"]
    name_zh: str
    name_en: str
    rows: tuple[Difference, ...]


def compare_catalogues(before: CatalogueContent, after: CatalogueContent, *, removed: bool = False) -> list[EntryDifference]:
    """Return the entries of ``after`` that differ from ``before``; with ``removed`` also what only ``before`` has."""
    out = []
    for noun in BLOCKS:
        old, new = before.block(noun), after.block(noun)
        for code in sorted({*new, *old} if removed else new):
            rows = tuple(compare(old.get(code), new.get(code)))
            if rows:
                shown: Any = new.get(code) or old.get(code)
                kind: Literal["added", "removed", "changed"] = "added" if code not in old else "removed" if code not in new else "changed"
                out.append(EntryDifference(noun=noun, code=code, kind=kind, name_zh=shown.name_zh, name_en=shown.name_en, rows=rows))
    return out
