"""What changed between two versions of a record, field by field, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field's values before and after; ``None`` where there was or is nothing."""

    label: str
    before: str | None
    after: str | None


def words_of(value: Any) -> str | None:
    """Write a value for people: text as it is, structures as JSON, nothing as ``None``."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, labels: Mapping[str, Any] | None = None,
    words: Callable[[str, Any], str | None] | None = None,
) -> list[Change]:
    """Return the fields that differ, in the order of ``after`` and then ``before``.

    ``labels`` gives the fields' names (else the field itself is shown); ``words(field, value)`` may write a value its own way.
    """
    first, second, named = before or {}, after or {}, labels or {}
    out = []
    for field in dict.fromkeys([*second, *first]):
        if first.get(field) == second.get(field):
            continue
        old, new = ((words(field, v) if words else words_of(v)) for v in (first.get(field), second.get(field)))
        out.append(Change(str(named.get(field, field)), old, new))
    return out
