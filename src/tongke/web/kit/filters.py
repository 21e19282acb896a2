"""Typed filters of a list page: each reads its own words of the address, and says what it narrows to.

``parse`` gives a typed value or ``None``; what cannot be understood is left out and shown as such, never a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import formatting

Choices = Iterable[tuple[Any, Any]] | Callable[[Actor], Iterable[tuple[Any, Any]]]
TEXT_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What all filters share. ``lookup`` is the Django lookup that a QuerySet source is narrowed by (default: the key);
    a function source receives the typed value under ``key``. ``primary`` filters stand open above the list.
    """

    key: str
    label: Any
    lookup: str = ""
    primary: bool = False
    control = "text"

    def names(self) -> tuple[str, ...]:
        """The words of the address that belong to this filter."""
        return (self.key,)

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        del actor
        return query.get(self.key, "").strip()[:TEXT_MAX] or None

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        return Q(**{self.lookup or self.key: value})

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words, for the chip above the list."""
        del actor
        return str(value)

    def options(self, actor: Actor) -> list[tuple[str, Any]]:
        """The choices, where there are any."""
        del actor
        return []


@dataclass(frozen=True, kw_only=True)
class TextFilter(Filter):
    """Text, by default at the beginning of the field (``__startswith`` can use an index under row-level security)."""

    placeholder: Any = ""

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        return Q(**{self.lookup or f"{self.key}__startswith": value})


@dataclass(frozen=True, kw_only=True)
class ChoiceFilter(Filter):
    """One of several; ``choices`` is a TextChoices' choices, any pairs, or a function of the actor."""

    choices: Choices = ()
    cast: Callable[[str], Any] = str
    control = "choice"

    def options(self, actor: Actor) -> list[tuple[str, Any]]:
        """Return the choices as texts and labels."""
        found = self.choices(actor) if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in found]

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        asked = query.get(self.key, "")
        return self.cast(asked) if asked and asked in dict(self.options(actor)) else None

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words."""
        return str(dict(self.options(actor)).get(str(value), value))


@dataclass(frozen=True, kw_only=True)
class AnyOfFilter(ChoiceFilter):
    """Any of several choices at once."""

    control = "any_of"

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        known = dict(self.options(actor))
        asked = [self.cast(v) for v in query.getlist(self.key) if v in known]
        return asked or None

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        return Q(**{self.lookup or f"{self.key}__in": value})

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words."""
        known = dict(self.options(actor))
        return ", ".join(str(known.get(str(v), v)) for v in value)


@dataclass(frozen=True, kw_only=True)
class FlagFilter(Filter):
    """Only rows for which something holds."""

    control = "flag"

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        del actor
        return True if query.get(self.key) == "1" else None

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words."""
        del value, actor
        return ""


@dataclass(frozen=True, kw_only=True)
class RunningFilter(FlagFilter):
    """Only rows in ``state`` whose time is not over: until the next sweep those say so too whose time is."""

    state: str
    until: str = "expires_at"

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        del value
        return Q(**{"state": self.state, f"{self.until}__gt": clock.now()})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class DayRangeFilter(Filter):
    """From a day until a day, both included, in the organisation's zone. Value: half-open (start, end), either may be
    ``None``; instants unless ``of_days`` says that the field holds dates.
    """

    of_days: bool = False
    control = "day_range"

    def names(self) -> tuple[str, ...]:
        """The words of the address that belong to this filter."""
        return (f"{self.key}_from", f"{self.key}_to")

    def _edge(self, day: date | None) -> date | datetime | None:
        if day is None or self.of_days:
            return day
        return datetime.combine(day, time.min, tzinfo=formatting.zone()).astimezone(UTC)

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        del actor
        first, last = (_day(query.get(name, "")) for name in self.names())
        if first is None and last is None:
            return None
        after = last + timedelta(days=1) if last is not None and last < date.max else None
        return self._edge(first), self._edge(after)

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        start, end = value
        field = self.lookup or self.key
        condition = Q(**{f"{field}__gte": start}) if start is not None else Q()
        return condition & Q(**{f"{field}__lt": end}) if end is not None else condition

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words."""
        del actor
        start, end = value
        last = end - timedelta(days=1) if end is not None else None
        return f"{formatting.day(start) if start else '…'} – {formatting.day(last) if last else '…'}"


@dataclass(frozen=True, kw_only=True)
class NumberRangeFilter(Filter):
    """At least and at most, both included. Value: (low, high) as Decimal, either may be ``None``."""

    unit: str = ""
    control = "number_range"

    def names(self) -> tuple[str, ...]:
        """The words of the address that belong to this filter."""
        return (f"{self.key}_from", f"{self.key}_to")

    def parse(self, query: QueryDict, actor: Actor) -> Any:
        """Return the typed value, or ``None`` where nothing usable was asked."""
        del actor
        low, high = (_decimal(query.get(name, "")) for name in self.names())
        return None if low is None and high is None else (low, high)

    def narrow(self, value: Any) -> Q:
        """Return the condition for a QuerySet source."""
        low, high = value
        field = self.lookup or self.key
        condition = Q(**{f"{field}__gte": low}) if low is not None else Q()
        return condition & Q(**{f"{field}__lte": high}) if high is not None else condition

    def words(self, value: Any, actor: Actor) -> str:
        """Say the value in words."""
        del actor
        low, high = value
        return f"{'…' if low is None else low} – {'…' if high is None else high} {self.unit}".strip()


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10) ** 15 else None
