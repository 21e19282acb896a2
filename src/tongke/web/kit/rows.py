"""Fetching one screenful of rows by keyset: as fast on the last page as on the first, and one bounded count."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from tongke.kernel.actor import Actor
from tongke.kernel.sealing import SealBroken, open_bytes, seal_bytes
from tongke.web.kit.columns import read

COUNT_BOUND = 1000
_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    datetime: ("t", datetime.isoformat), date: ("d", date.isoformat), Decimal: ("n", str), UUID: ("u", str),
}
_READ: dict[str, Callable[[Any], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal, "u": UUID, "": lambda v: v}

Cursor = tuple[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a list page wants: typed ``filters`` by key, the ``sort`` field and its direction, at most ``limit`` rows.

    ``cursor`` is (sort value, id) of the row to go on from; with ``backwards`` the rows before it are wanted,
    nearest first.
    """

    actor: Actor
    filters: dict[str, Any] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    limit: int = 50
    cursor: Cursor | None = None
    backwards: bool = False

    @property
    def falling(self) -> bool:
        """Whether the data source must read in falling order (direction and backwards together)."""
        return self.descending != self.backwards


@dataclass(frozen=True, slots=True)
class Screen:
    """One screenful: rows in display order, whether there are rows before and behind, and the cursors to both."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def write_cursor(cursor: Cursor) -> str:
    """Write a cursor for the address: sealed, because a sort value may be personal data."""
    parts = []
    for value in cursor:
        sign, write = _WRITE.get(type(value), ("", lambda v: v))
        parts.append([sign, write(value)])
    return base64.urlsafe_b64encode(seal_bytes(json.dumps(parts).encode(), field="web.cursor")).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor of ours; ``None`` for anything else (the list then starts at its beginning)."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        (a, x), (b, y) = json.loads(open_bytes(raw, field="web.cursor"))
        return _READ[a](x), _READ[b](y)
    except (ValueError, binascii.Error, SealBroken, KeyError, TypeError):
        return None


def _nullable(model: type[Model], path: str) -> bool:
    current: Any = model
    for step in path.split("__"):
        try:
            found = current._meta.get_field(step)  # noqa: SLF001 - Django's documented API
        except FieldDoesNotExist:
            return True  # an annotation: nobody promised that it is never null
        if getattr(found, "null", False):
            return True
        current = getattr(found, "related_model", None)
    return False


def _beyond(sort: str, cursor: Cursor, *, falling: bool, nullable: bool) -> Q | TupleGreaterThan | TupleLessThan:
    """The rows beyond ``cursor``. Nulls come last rising and first falling, as PostgreSQL's indexes have them."""
    value, key = cursor
    if sort == "pk":
        return Q(pk__lt=key) if falling else Q(pk__gt=key)
    if not nullable:
        return (TupleLessThan if falling else TupleGreaterThan)((F(sort), F("pk")), (value, key))
    tie = Q(pk__lt=key) if falling else Q(pk__gt=key)
    empty = Q(**{f"{sort}__isnull": True})
    if value is None:
        return (empty & tie) | ~empty if falling else empty & tie
    same = Q(**{sort: value}) & tie
    further = Q(**{f"{sort}__lt": value}) if falling else Q(**{f"{sort}__gt": value}) | empty
    return further | same


def queryset_rows(rows: QuerySet[Any], ask: Ask) -> list[Any]:
    """Return up to ``ask.limit + 1`` rows of a QuerySet from the cursor on, in reading order: one query."""
    sort = ask.sort or "pk"
    if ask.cursor is not None:
        rows = rows.filter(_beyond(sort, ask.cursor, falling=ask.falling, nullable=sort != "pk" and _nullable(rows.model, sort)))
    order = [F(name).desc() if ask.falling else F(name).asc() for name in dict.fromkeys((sort, "pk"))]
    return list(rows.order_by(*order)[: ask.limit + 1])


def queryset_count(rows: QuerySet[Any]) -> int:
    """Count a QuerySet, but never further than one above the bound."""
    return rows.order_by()[: COUNT_BOUND + 1].count()


def _cursor_of(row: Any, sort: str) -> str:
    key = row.pk if isinstance(row, Model) else read(row, "id")
    value = None if sort in {"", "pk"} else read(row, sort.replace("__", "."))
    return write_cursor((value.pk if isinstance(value, Model) else value, key))


def screen(fetch: Callable[[Ask], Sequence[Any]], ask: Ask) -> Screen:
    """Fetch one screenful; a cursor whose neighbours are gone leads to the beginning instead of an empty page."""
    found = list(fetch(ask))
    if not found and ask.cursor is not None:
        ask = replace(ask, cursor=None, backwards=False)
        found = list(fetch(ask))
    more = len(found) > ask.limit
    rows = found[: ask.limit]
    if ask.backwards:
        rows.reverse()
    if not rows:
        return Screen([])
    has_before = more if ask.backwards else ask.cursor is not None
    has_after = True if ask.backwards else more
    return Screen(
        rows,
        before=_cursor_of(rows[0], ask.sort) if has_before else "",
        after=_cursor_of(rows[-1], ask.sort) if has_after else "",
    )
