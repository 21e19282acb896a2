"""Filters that a person keeps for a list page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept filter: its name and the query string that it stands for."""

    id: str
    name: str
    query: str


def of_page(request: HttpRequest, page: str) -> list[Saved]:
    """Return the filters that the person keeps for ``page``, by name."""
    return []


def change(request: HttpRequest, page: str) -> None:
    """Keep or forget a filter."""
