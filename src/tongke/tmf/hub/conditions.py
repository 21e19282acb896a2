"""The query of a subscription: which events, and which of their documents, in the words of list filters.

``eventType=CustomerCreateEvent,CustomerStateChangeEvent&event.customer.status=active``. Attributes are those of the
event as the subscriber would get it, so a condition never tells more than the event itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import re2

from tongke.tmf.hub.errors import EventUnknown
from tongke.tmf.kit.asking import Condition, asked
from tongke.tmf.kit.errors import UnfitQuery

TYPE_NAMES: Final = ("eventType", "type")
ROOTS: Final = frozenset({"event", "eventId", "eventTime", "correlationId", "domain", "title", "description", "priority", "timeOcurred", "timeOccurred"})
PATTERN_LENGTH_MAX: Final = 200
SILENT: Final = re2.Options()
SILENT.log_errors = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription wants: the types (``None``: all) and conditions over the event's document."""

    types: frozenset[str] | None = None
    conditions: tuple[Condition, ...] = ()

    def wants(self, event_type: str) -> bool:
        """Tell whether events of this type are wanted at all."""
        return self.types is None or event_type in self.types

    def fits(self, envelope: Mapping[str, Any]) -> bool:
        """Tell whether an event meets every condition."""
        return all(meets(condition, envelope) for condition in self.conditions)


@lru_cache(maxsize=4096)
def read_query(query: str, known: frozenset[str]) -> Wanted:
    """Read the query of a subscription to an API that tells the events ``known``.

    Raises ``UnfitQuery`` for what cannot be read, ``EventUnknown`` for an event that the API never tells.
    """
    found = asked(query.strip().removeprefix("?"))
    if found.sort or found.fields is not None or found.offset:
        raise UnfitQuery(name="query", value="sort, fields, offset")
    types: set[str] | None = None
    conditions = []
    for condition in found.conditions:
        if len(condition.path) == 1 and condition.path[0] in TYPE_NAMES:
            if condition.operator != "eq":
                raise UnfitQuery(name=condition.path[0], value=condition.operator)
            named = {_known(value.strip(), known) for value in condition.values}
            types = named if types is None else types & named
        elif condition.path[0] not in ROOTS:
            raise UnfitQuery(name=".".join(condition.path), value=f"event.{'.'.join(condition.path)}?")
        else:
            conditions.append(_checked(condition))
    return Wanted(None if types is None else frozenset(types), tuple(conditions))


def _known(name: str, known: frozenset[str]) -> str:
    """Return an event's official name; its first letter may be small, as in the paths of listeners."""
    fitting = name[:1].upper() + name[1:]
    if fitting not in known:
        raise EventUnknown(name=name[:80], known=", ".join(sorted(known)), field="query")
    return fitting


def _checked(condition: Condition) -> Condition:
    if condition.operator == "regex":
        for pattern in condition.values:
            try:
                fits = len(pattern) <= PATTERN_LENGTH_MAX and _pattern(pattern)
            except re2.error:
                fits = False
            if not fits:
                raise UnfitQuery(name=".".join(condition.path), value=pattern[:40])
    return condition


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Any:
    # RE2 needs time in proportion to the text whatever the pattern: nobody's query can hold up the others.
    return re2.compile(text, SILENT)


def _reached(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Give every value at the end of a path, through objects and lists alike."""
    if isinstance(value, list):
        for item in value:
            yield from _reached(item, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _reached(value[path[0]], path[1:])


def meets(condition: Condition, envelope: Mapping[str, Any]) -> bool:
    """Tell whether a document meets one condition."""
    found = list(_reached(envelope, condition.path))
    if condition.operator == "ne":
        return not any(_is(value, text) for value in found for text in condition.values)
    return any(_compares(condition.operator, value, text) for value in found for text in condition.values)


def _compares(operator: str, value: Any, text: str) -> bool:
    if operator == "eq":
        return _is(value, text)
    if operator == "regex":
        return isinstance(value, str) and _pattern(text).search(value) is not None
    pair = _comparable(value, text)
    if pair is None:
        return False
    mine, theirs = pair
    return bool({"gt": mine > theirs, "gte": mine >= theirs, "lt": mine < theirs, "lte": mine <= theirs}[operator])


def _is(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, str) and value == text:
        return True
    pair = None if value is None else _comparable(value, text)
    return pair is not None and bool(pair[0] == pair[1])


def _comparable(value: Any, text: str) -> tuple[Any, Any] | None:
    """Return both sides as numbers, instants or texts, or nothing where they are of different kinds."""
    if isinstance(value, bool | Mapping):
        return None
    if isinstance(value, int | float):
        try:
            return float(value), float(text)
        except ValueError:
            return None
    if not isinstance(value, str):
        return None
    mine, theirs = _instant(value), _instant(text)
    return (mine, theirs) if mine and theirs else (value, text)


def _instant(text: str) -> datetime | None:
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
