"""The query of a list: filters, operators, OR, sort, fields and paging, read from the address as TMF630 writes them.

``a=1`` · ``a.b=1`` · ``a=1,2`` or ``a=1&a=2`` (either) · ``a.gt=1`` or ``a>1`` (also URL-encoded) · ``a="x, y"`` (a literal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_plus

from tongke.tmf.kit.errors import UnfitQuery

OPERATORS: Final = ("eq", "ne", "gt", "gte", "lt", "lte", "regex")
# Longest first: ``>=`` is no ``>``. What is written in the address before the value, decoded.
SIGNS: Final = (("!=", "ne"), ("*=", "regex"), (">=", "gte"), ("<=", "lte"), ("==", "eq"), (">", "gt"), ("<", "lt"), ("=", "eq"))
SIGN = re.compile("|".join(re.escape(sign) for sign, _word in SIGNS))
BY_SIGN: Final = dict(SIGNS)
RESERVED: Final = frozenset({"fields", "offset", "limit", "sort"})
LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200
OFFSET_MAX: Final = 10_000_000
FILTERS_MAX: Final = 40
VALUES_MAX: Final = 100
VALUE_LENGTH_MAX: Final = 500
QUERY_LENGTH_MAX: Final = 8_000
NAME = re.compile(r"@?[A-Za-z][\w@-]*(\.@?[A-Za-z0-9][\w@-]*)*")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the attribute's path, the operator, and the values of which one must fit (all, for ``ne``)."""

    path: tuple[str, ...]
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for. ``fields`` is ``None`` where every attribute is wanted."""

    conditions: tuple[Condition, ...] = ()
    sort: tuple[tuple[tuple[str, ...], bool], ...] = ()
    fields: tuple[str, ...] | None = None
    offset: int = 0
    limit: int = LIMIT_DEFAULT
    others: dict[str, str] = field(default_factory=dict)


def asked(query: str) -> Asked:
    """Read the part of the address behind the question mark. Raises ``UnfitQuery``."""
    if len(query) > QUERY_LENGTH_MAX:
        raise UnfitQuery(name="?", value=f"{len(query)} > {QUERY_LENGTH_MAX}")
    given: dict[tuple[tuple[str, ...], str], list[str]] = {}
    plain: dict[str, str] = {}
    for name, operator, value in _pairs(query):
        if name in RESERVED and operator == "eq":
            if name in plain:
                raise UnfitQuery(name=name, value=value)
            plain[name] = value
            continue
        path, word = _path(name, operator)
        given.setdefault((path, word), []).extend(split_values(value))
    if len(given) > FILTERS_MAX or sum(map(len, given.values())) > VALUES_MAX:
        raise UnfitQuery(name="?", value=f"> {FILTERS_MAX}")
    return Asked(
        conditions=tuple(Condition(path, word, tuple(values)) for (path, word), values in given.items()),
        sort=tuple(_sort(plain.get("sort", ""))), fields=_fields(plain.get("fields")),
        offset=_count(plain, "offset", 0, OFFSET_MAX), limit=min(_count(plain, "limit", LIMIT_DEFAULT, 10**9), LIMIT_MAX),
    )


def _pairs(query: str) -> Iterator[tuple[str, str, str]]:
    """Split a query into (name, operator, value), all decoded."""
    for part in query.split("&"):
        # Alternatives of one attribute may also be joined by a semicolon.
        for piece in part.split(";"):
            if not piece:
                continue
            try:
                text = unquote_plus(_letters(piece), errors="strict")
            except UnicodeDecodeError:
                raise UnfitQuery(name="?", value=piece[:40]) from None
            if "\x00" in text:
                raise UnfitQuery(name="?", value="\\0")
            found = SIGN.search(text)
            if found is None:
                raise UnfitQuery(name=text[:40], value="?")
            yield text[: found.start()].strip(), BY_SIGN[found[0]], text[found.end():]


def _letters(piece: str) -> str:
    """Return what was written where letters beyond ASCII came unescaped, as they are typed by hand: WSGI gives each of their bytes as a character."""
    try:
        return piece if piece.isascii() else piece.encode("latin-1").decode()
    except UnicodeError:
        return piece


def _path(name: str, operator: str) -> tuple[tuple[str, ...], str]:
    """Return the path of an attribute and the operator, which may be the path's last word."""
    if NAME.fullmatch(name) is None:
        raise UnfitQuery(name=name[:60] or "?", value=operator)
    path = tuple(name.split("."))
    if len(path) > 1 and path[-1] in OPERATORS:
        if operator != "eq":
            raise UnfitQuery(name=name, value=operator)
        return path[:-1], path[-1]
    return path, operator


def split_values(value: str) -> list[str]:
    """Split alternatives at commas outside quotes; a value in quotes is taken as it stands."""
    if len(value) > VALUE_LENGTH_MAX * 10:
        raise UnfitQuery(name="?", value=f"{value[:40]}…")
    out: list[str] = []
    at = 0
    while True:
        if value[at : at + 1] in {'"', "'"} and (end := _closing(value, at)) is not None:
            out.append(value[at + 1 : end])
            at = end + 1
        else:
            end = value.find(",", at)
            end = len(value) if end < 0 else end
            out.append(value[at:end])
            at = end
        if at >= len(value):
            return out
        at += 1


def _closing(value: str, at: int) -> int | None:
    """Return where the quote that opens at ``at`` closes: before a comma or at the end, else it is no quote."""
    end = value.find(value[at], at + 1)
    while end >= 0:
        if end + 1 == len(value) or value[end + 1] == ",":
            return end
        end = value.find(value[at], end + 1)
    return None


def _sort(value: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for name in filter(None, (part.strip() for part in value.split(","))):
        bare = name.lstrip("+-")
        if NAME.fullmatch(bare) is None or len(name) - len(bare) > 1:
            raise UnfitQuery(name="sort", value=name[:60])
        yield tuple(bare.split(".")), name.startswith("-")


def _fields(value: str | None) -> tuple[str, ...] | None:
    if value is None or not value.strip():
        return None
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    for name in names:
        if name.lower() != "none" and NAME.fullmatch(name) is None:
            raise UnfitQuery(name="fields", value=name[:60])
    return names


def _count(plain: dict[str, str], name: str, default: int, most: int) -> int:
    text = plain.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise UnfitQuery(name=name, value=text[:40])
    return int(text)
