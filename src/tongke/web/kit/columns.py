"""Columns of a list page: each knows how to read its value from a row, show it, export it and sort by it.

A row may be a record, a frozen dataclass, a named tuple or a mapping; ``key`` may be a path (``customer.name``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from markupsafe import Markup, escape

from tongke.web.kit import formatting
from tongke.web.kit.environment import icon

NOTHING = escape(formatting.NOTHING)
TONES = {"neutral", "info", "good", "warn", "bad", "off"}
Address = str | Callable[[Any], str] | None


def read(row: Any, path: str) -> Any:
    """Return the value at ``path`` (dots between steps) in a row; ``None`` where a step is empty."""
    value = row
    for step in path.split("."):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
    return value


@dataclass(frozen=True, kw_only=True)
class Column:
    """What all columns share.

    ``sort`` names the field that the data source sorts by (empty: not sortable); ``hidden`` columns are chosen
    in the column chooser; ``phone`` says where a card on a narrow screen shows it: title, line, block (a sentence
    below its label) or hidden.
    """

    key: str
    label: Any
    sort: str = ""
    hidden: bool = False
    phone: str = "line"
    css: str = ""
    width: str = ""
    permission: str = ""
    value: Callable[[Any], Any] | None = None

    numeric = False

    def raw(self, row: Any) -> Any:
        """Return the value as the row holds it."""
        return self.value(row) if self.value is not None else read(row, self.key)

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return escape(formatting.or_dash(self.raw(row)))

    def export(self, row: Any) -> Any:
        """Return the value for a file: text, number, date or nothing."""
        value = self.raw(row)
        return value if value is None or isinstance(value, int | float) else str(value)


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    """Plain text; ``sub`` names a second, quieter line."""

    sub: str = ""

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        main = super().cell(row)
        quiet = read(row, self.sub) if self.sub else None
        return Markup('<span>%s<span class="tk-sub">%s</span></span>') % (main, quiet) if quiet else main


@dataclass(frozen=True, kw_only=True)
class Link(Text):
    """Text that opens the row: ``to`` is a function of the row that returns an address."""

    to: Address = None
    phone: str = "title"

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        where = self.to(row) if callable(self.to) else self.to
        quiet = read(row, self.sub) if self.sub else None
        sub = Markup('<span class="tk-sub">%s</span>') % (quiet) if quiet else ""
        return Markup('<a class="tk-row-link" href="%s">%s</a>%s') % (where, formatting.or_dash(self.raw(row)), sub)


@dataclass(frozen=True, kw_only=True)
class State(Column):
    """A state as a badge: ``labels`` gives the words (a TextChoices or a mapping), ``tones`` the colour by value.

    Tones are neutral, info, good, warn, bad and off.
    """

    labels: Any = None
    tones: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "_said", {})  # words by language: looked up a thousand times a page

    def words(self, row: Any) -> str:
        """Return the state's words."""
        value = self.raw(row)
        said: dict[str | None, dict[Any, str]] = self._said  # type: ignore[attr-defined]  # set on a frozen column
        language = get_language()
        if language not in said:
            said[language] = {key: str(words) for key, words in dict(getattr(self.labels, "choices", self.labels) or {}).items()}
        return said[language].get(value) or str(formatting.or_dash(value))

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return badge(self.words(row), (self.tones or {}).get(self.raw(row), "neutral"))

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        return self.words(row)


@dataclass(frozen=True, kw_only=True)
class Moment(Column):
    """An instant to the minute, in the organisation's zone."""

    css: str = "tk-num"

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return escape(formatting.moment(self.raw(row)))

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        value = self.raw(row)
        return None if value is None else formatting.moment(value)


@dataclass(frozen=True, kw_only=True)
class Ago(Moment):
    """How long ago; the exact instant on hover and in the file."""

    css: str = ""

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return formatting.ago(self.raw(row))


@dataclass(frozen=True, kw_only=True)
class Day(Column):
    """A date."""

    css: str = "tk-num"

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return escape(formatting.day(self.raw(row)))

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        value = self.raw(row)
        return None if value is None else formatting.day(value)


@dataclass(frozen=True, kw_only=True)
class Amount(Column):
    """Money; ``currency`` names the row's field with the currency (empty: CNY). Negative amounts stand out."""

    currency: str = ""
    numeric = True

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        value = self.raw(row)
        text = formatting.money(value, read(row, self.currency) if self.currency else "CNY")
        return Markup('<span class="tk-minus">%s</span>') % (text) if value is not None and value < 0 else escape(text)

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        return self.raw(row)


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A number with thousands marks."""

    digits: int = 0
    unit: str = ""
    numeric = True

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        text = formatting.number(self.raw(row), self.digits)
        gap = "" if self.unit == "%" else " "
        return escape(f"{text}{gap}{self.unit}" if self.unit and text != formatting.NOTHING else text)

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        return self.raw(row)


@dataclass(frozen=True, kw_only=True)
class Share(Number):
    """A share (0..1) as a bar and a percentage."""

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        value = self.raw(row)
        if value is None:
            return NOTHING
        return Markup('<span class="tk-share"><meter class="tk-meter" min="0" max="1" value="%s"></meter> %s</span>') % (value, formatting.percent(value, self.digits))


@dataclass(frozen=True, kw_only=True)
class Phone(Column):
    """A phone number in groups, masked or not, as the data source gave it."""

    css: str = "tk-num"

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return escape(formatting.phone(self.raw(row)))


@dataclass(frozen=True, kw_only=True)
class Masked(Column):
    """Personal data that the data source has masked already; never unmasked in a list."""

    css: str = "tk-num"


@dataclass(frozen=True, kw_only=True)
class YesNo(Column):
    """A tick or nothing; ``yes`` are the spoken words."""

    yes: Any = ""

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return icon("check", label=str(self.yes or self.label)) if self.raw(row) else NOTHING

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        return 1 if self.raw(row) else 0


@dataclass(frozen=True, kw_only=True)
class Tags(Column):
    """Several words as badges; the row holds a list of words or of (word, tone)."""

    def _pairs(self, row: Any) -> list[tuple[str, str]]:
        return [(str(t), "neutral") if not isinstance(t, tuple) else (str(t[0]), t[1]) for t in self.raw(row) or ()]

    def cell(self, row: Any) -> Markup:
        """Return the value as HTML."""
        return Markup(" ").join(badge(word, tone) for word, tone in self._pairs(row)) or NOTHING

    def export(self, row: Any) -> Any:
        """Return the value for a file."""
        return ", ".join(word for word, _tone in self._pairs(row))


def badge(words: Any, tone: str = "neutral") -> Markup:
    """Return a state as a badge; raises ``ValueError`` for a tone that does not exist."""
    if tone not in TONES:
        raise ValueError(f"no tone {tone!r}: {', '.join(sorted(TONES))}")
    return Markup('<span class="tk-badge tk-tone-%s">%s</span>') % (tone, words)
