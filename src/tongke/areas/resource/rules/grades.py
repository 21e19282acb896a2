"""Which grade a number has: ordered patterns, the first that fits decides. Pure; patterns are data (``PatternKind``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tongke.areas.resource.rules.numbers import national
from tongke.areas.resource.states import ORDINARY, PatternKind

Fits = Callable[[str], bool]


class _Parameters(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Letters(_Parameters):
    """``pattern`` such as ``AABB``: like letters are like digits, unlike letters unlike ones; ``at`` the end or anywhere."""

    pattern: str = Field(pattern="^[A-J]{2,11}$")
    at: Literal["tail", "anywhere"] = "tail"


class Ladder(_Parameters):
    """``length`` digits that climb or fall by one, at the end or anywhere."""

    length: int = Field(ge=3, le=10)
    direction: Literal["up", "down", "either"] = "either"
    at: Literal["tail", "anywhere"] = "tail"


class Birthday(_Parameters):
    """A date at the end, as ``MMDD``, ``YYMMDD`` or ``YYYYMMDD``; years from ``year_from`` to ``year_until``."""

    form: Literal["MMDD", "YYMMDD", "YYYYMMDD"] = "YYYYMMDD"
    year_from: int = Field(default=1940, ge=1800, le=2200)
    year_until: int = Field(default=2039, ge=1800, le=2200)


class HeadTail(_Parameters):
    """The first ``length`` digits of the national number come again at the end, as they are or mirrored."""

    length: int = Field(ge=2, le=5)
    mirrored: bool = False


class Digits(_Parameters):
    """One of some digit strings."""

    any_of: tuple[str, ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _are_digits(self) -> Digits:
        if not all(re.fullmatch("[0-9]{1,11}", one) for one in self.any_of):
            raise ValueError("digits only, at most eleven")
        return self


class Without(_Parameters):
    """None of ``digits`` among the last ``last`` digits."""

    digits: str = Field(pattern="^[0-9]{1,9}$")
    last: int = Field(default=8, ge=1, le=13)


class FewDigits(_Parameters):
    """At most ``most`` different digits among the last ``last``."""

    most: int = Field(ge=1, le=5)
    last: int = Field(default=8, ge=2, le=13)


PARAMETERS: dict[str, type[_Parameters]] = {
    PatternKind.LETTERS: Letters, PatternKind.LADDER: Ladder, PatternKind.BIRTHDAY: Birthday, PatternKind.HEAD_TAIL: HeadTail,
    PatternKind.ENDS: Digits, PatternKind.CONTAINS: Digits, PatternKind.WITHOUT: Without, PatternKind.FEW_DIGITS: FewDigits,
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of a table of grades: the grade that a fitting number gets."""

    grade: str
    kind: str
    parameters: Mapping[str, Any]


def parameters_of(kind: str, given: Mapping[str, Any]) -> _Parameters:
    """Return a pattern's parameters, checked; raises ``ValueError`` with what is wrong."""
    form = PARAMETERS.get(kind)
    if form is None:
        raise ValueError(f"unknown kind {kind}")
    try:
        return form.model_validate(given)
    except ValidationError as fault:
        raise ValueError("; ".join(f"{'.'.join(map(str, e['loc'])) or kind}: {e['msg']}" for e in fault.errors())) from None


def _letters(p: Letters) -> Fits:
    groups: dict[str, int] = {}
    parts: list[str] = []
    for letter in p.pattern:
        if letter in groups:
            parts.append(rf"\{groups[letter]}")
            continue
        others = "".join(rf"(?!\{known})" for known in groups.values())
        groups[letter] = len(groups) + 1
        parts.append(f"{others}([0-9])")
    compiled = re.compile("".join(parts) + ("$" if p.at == "tail" else ""))
    return lambda digits: compiled.search(digits) is not None


def _ladder(p: Ladder) -> Fits:
    steps = {"up": ("0123456789",), "down": ("9876543210",), "either": ("0123456789", "9876543210")}[p.direction]
    runs = tuple(whole[at:at + p.length] for whole in steps for at in range(11 - p.length))
    if p.at == "tail":
        return lambda digits: digits.endswith(runs)
    return lambda digits: any(run in digits for run in runs)


def is_date_tail(digits: str, form: str, *, year_from: int = 1940, year_until: int = 2039) -> bool:
    """Tell whether ``digits`` end in a real date of the form; for ``MMDD`` the 29th of February is one."""
    tail = digits[-len(form):]
    if len(tail) < len(form):
        return False
    month, day = int(tail[-4:-2]), int(tail[-2:])
    if form == "MMDD":
        years: tuple[int, ...] = (2000,)
    elif form == "YYMMDD":
        years = tuple(y for y in (1900 + int(tail[:2]), 2000 + int(tail[:2])) if year_from <= y <= year_until)
    else:
        years = (int(tail[:4]),) if year_from <= int(tail[:4]) <= year_until else ()
    return any(_is_date(year, month, day) for year in years)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _birthday(p: Birthday) -> Fits:
    return lambda digits: is_date_tail(digits, p.form, year_from=p.year_from, year_until=p.year_until)


def _head_tail(p: HeadTail) -> Fits:
    def fits(digits: str) -> bool:
        head = digits[:p.length]
        return len(digits) >= 2 * p.length and digits[-p.length:] == (head[::-1] if p.mirrored else head)

    return fits


def _fits(kind: str, parameters: _Parameters) -> Fits:
    """Return the test of one pattern over the digits of the national number."""
    p: Any = parameters
    made: dict[str, Callable[[], Fits]] = {
        PatternKind.LETTERS: lambda: _letters(p), PatternKind.LADDER: lambda: _ladder(p), PatternKind.BIRTHDAY: lambda: _birthday(p),
        PatternKind.HEAD_TAIL: lambda: _head_tail(p), PatternKind.ENDS: lambda: lambda digits: digits.endswith(p.any_of),
        PatternKind.CONTAINS: lambda: lambda digits: any(one in digits for one in p.any_of),
        PatternKind.WITHOUT: lambda: lambda digits: not set(p.digits) & set(digits[-p.last:]),
        PatternKind.FEW_DIGITS: lambda: lambda digits: len(set(digits[-p.last:])) <= p.most,
    }
    return made[kind]()


class Grader:
    """The patterns of one version, ready to grade many numbers."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._tests = [(pattern.grade, _fits(pattern.kind, parameters_of(pattern.kind, pattern.parameters))) for pattern in patterns]

    def grade_of(self, number: str) -> str:
        """Return the grade of a number (E.164); ``ORDINARY`` where no pattern fits."""
        digits = national(number)
        return next((grade for grade, fits in self._tests if fits(digits)), ORDINARY)

    def fitting(self, number: str) -> list[int]:
        """Return the places of all patterns that fit a number: why it has its grade, and what it would have without."""
        digits = national(number)
        return [at for at, (_grade, fits) in enumerate(self._tests) if fits(digits)]

