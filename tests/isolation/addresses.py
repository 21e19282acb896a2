"""Every address of the house, found in the URL configuration itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern


@dataclass(frozen=True)
class Address:
    """One pattern: its route, its parameters with their kinds, and its view."""

    route: str
    parameters: tuple[tuple[str, str], ...]
    view: Any

    @property
    def view_class(self) -> Any:
        """The view's class, or the function itself."""
        return getattr(self.view, "view_class", self.view)

    @property
    def methods(self) -> set[str]:
        """The HTTP methods that a class answers; both for functions."""
        shown = self.view_class
        if not isinstance(shown, type):
            return {"get", "post"}
        allowed = getattr(shown, "http_method_names", ["get", "post"])
        return {m for m in ("get", "post") if hasattr(shown, m) and m in allowed}

    def paths(self, values: dict[str, list[Any]]) -> Iterator[str]:
        """Fill the parameters in with every combination of ``values``, by the parameter's kind."""
        choices = [[str(v) for v in values.get(name, values.get(kind, []))] for name, kind in self.parameters]
        for combination in product(*choices):
            path = self.route
            for (name, kind), value in zip(self.parameters, combination, strict=True):
                path = path.replace(f"<{kind}:{name}>" if kind != "-" else f"<{name}>", value)
            yield f"/{path}"


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern.pattern, RegexPattern):
            plain, names = _plain(str(pattern.pattern))
            yield Address(prefix + plain, tuple((name, "str") for name in names), pattern.callback)
        else:
            kinds = {name: _kind(converter) for name, converter in pattern.pattern.converters.items()}
            yield Address(route, tuple(kinds.items()), pattern.callback)


def _plain(pattern: str) -> tuple[str, list[str]]:
    """Return a regular expression as a route, its optional parts left out, and the names of its groups."""
    names = re.findall(r"\(\?P<(\w+)>", pattern)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", pattern)
    route = re.sub(r"\(\?:[^)]*\)\?", "/", route).removeprefix("^").removesuffix("$").removesuffix("/?")
    return route.replace("\\", ""), names


def _kind(converter: Any) -> str:
    return {"UUIDConverter": "uuid", "IntConverter": "int", "StringConverter": "str", "SlugConverter": "slug", "PathConverter": "path"}[
        type(converter).__name__
    ]


def addresses() -> list[Address]:
    """Return every address."""
    return list(_walk(get_resolver().url_patterns, ""))
