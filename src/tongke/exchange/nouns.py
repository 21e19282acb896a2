"""The nouns of all areas, brought in so that mappings can name them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tongke.kernel.bulk import Values, all_nouns
from tongke.kernel.ids import uuid7

AREAS = ("catalogue", "party", "account", "inventory", "contact_centre")


def declare() -> None:
    """Import the bulk verbs of every area; each declares its nouns once."""
    for area in AREAS:
        import_module(f"tongke.areas.{area}.services.bulk")


def offering_values(given: dict[str, Any]) -> Values:
    """Return an offering of a mapping's list with an id and the noun's defaults."""
    return {**{f.name: f.default for f in all_nouns()["offering"].fields}, **given, "id": uuid7()}
