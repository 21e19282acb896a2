"""The search box's way to the search of the house, and how many rows its page and its list of suggestions show."""

from __future__ import annotations

from tongke.areas.party.queries.finding import FOUND_BY, PERMISSION, ROWS_MAX, Found, find

__all__ = ["FOUND_BY", "PERMISSION", "ROWS_MAX", "SUGGESTED_MAX", "Found", "find"]
SUGGESTED_MAX = 8
