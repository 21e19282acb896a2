"""Compiling one value of the mapping into a function of a row's cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.exchange.mapping.model import Condition, Value
from tongke.exchange.mapping.types import Untaken, as_date, as_decimal, as_integer

Cells = Sequence[str]
Compute = Callable[[Cells], str | None]
_COLUMN = re.compile(r"\{([^{}]+)\}")


class NoSuchColumn(ValueError):
    """A template names a column that its source does not have."""


class Unmapped(ValueError):
    """A value has no entry in its table."""


def columns_of(template: str) -> list[str]:
    """Return the columns that a template names, in order."""
    return _COLUMN.findall(template)


def compile_template(template: str, columns: Mapping[str, int]) -> Compute:
    """Return the function that fills ``template``; empty where every column it names is empty."""
    names = columns_of(template)
    for name in names:
        if name not in columns:
            raise NoSuchColumn(name)
    if not names:
        constant = template or None
        return lambda _cells: constant
    if template == f"{{{names[0]}}}":
        place = columns[names[0]]
        return lambda cells: cells[place] or None
    pieces = _COLUMN.split(template)
    fixed, places = pieces[::2], [columns[name] for name in names]

    def fill(cells: Cells) -> str | None:
        found = [cells[p] for p in places]
        if not any(found):
            return None
        return "".join(a + b for a, b in zip(fixed, [*found, ""], strict=True))

    return fill


def _text_of(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) or None


def _months_before(day: date, months: int) -> date:
    first = day.year * 12 + day.month - 1 - months
    year, month = divmod(first, 12)
    if not 1 <= year <= 9999:
        raise Untaken(_("a number of days, months or years within history is expected"))
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise Untaken(_("a date is expected, year-month-day"))


def before(as_of: date, unit: str, text: str) -> str:
    """Return the day ``text`` days, months or years before ``as_of``."""
    count = as_integer(text)
    try:
        if unit == "days":
            return (as_of - timedelta(days=count)).isoformat()
    except OverflowError:
        raise Untaken(_("a number of days, months or years within history is expected")) from None
    return _months_before(as_of, count * (12 if unit == "years" else 1)).isoformat()


def _steps(value: Value, as_of: date | None) -> list[Callable[[str], str | None]]:
    steps: list[Callable[[str], str | None]] = []
    if value.blank:
        blank = frozenset(value.blank)
        steps.append(lambda text: None if text in blank else text)
    if (split := value.split) is not None:
        def cut(text: str) -> str | None:
            pieces = text.split(split.by)
            return pieces[split.take].strip() or None if -len(pieces) <= split.take < len(pieces) else None
        steps.append(cut)
    if (part := value.part) is not None:
        steps.append(lambda text: text[part[0]:part[1]] or None)
    for old, new in value.replace.items():
        steps.append(_replacing(old, new))
    if value.case:
        steps.append({"upper": str.upper, "lower": str.lower, "title": str.title}[value.case])
    if value.map:
        steps.append(_table(value))
    if given := value.date:
        steps.append(lambda text: as_date(text, given).isoformat())
    if value.times:
        factor = Decimal(value.times)
        steps.append(lambda text: f"{as_decimal(text) * factor:f}")
    if (places := value.round) is not None:
        unit = Decimal(1).scaleb(-places)
        steps.append(lambda text: f"{as_decimal(text).quantize(unit, rounding=ROUND_HALF_EVEN):f}")
    if value.before_as_of and as_of is not None:
        steps.append(lambda text: before(as_of, value.before_as_of, text))
    return steps


def _replacing(old: str, new: str) -> Callable[[str], str | None]:
    return lambda text: text.replace(old, new) or None


def _table(value: Value) -> Callable[[str], str | None]:
    table = {key: _text_of(to) for key, to in value.map.items()}
    other = value.otherwise

    def look_up(text: str) -> str | None:
        if text in table:
            return table[text]
        if other is None:
            raise Unmapped(text[:80])
        return other or None

    return look_up


def compile_value(value: Value, columns: Mapping[str, int], as_of: date | None) -> Compute:
    """Return the function that computes ``value`` from a row's cells; ``None`` is empty.

    It may raise ``Untaken`` or ``Unmapped``; raises ``NoSuchColumn`` at once for a column that is not there.
    """
    fill = compile_template(value.value, columns)
    steps = _steps(value, as_of)
    default = _text_of(value.default)
    if not steps and default is None:
        return fill

    def compute(cells: Cells) -> str | None:
        text = fill(cells)
        for step in steps:
            if text is None:
                break
            text = step(text)
        return default if text is None else text

    return compute


def compile_condition(condition: Condition, columns: Mapping[str, int], as_of: date | None) -> Callable[[Cells], bool]:
    """Return the function that tells whether ``condition`` holds for a row."""
    compute = compile_value(condition.value, columns, as_of)
    among = frozenset(condition.among)

    def holds(cells: Cells) -> bool:
        text = compute(cells)
        if condition.filled is not None and (text is not None) is not condition.filled:
            return False
        if condition.equals is not None and (text or "") != condition.equals:
            return False
        if condition.equals_not is not None and (text or "") == condition.equals_not:
            return False
        return not among or (text or "") in among

    return holds
