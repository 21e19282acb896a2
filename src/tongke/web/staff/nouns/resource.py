"""What the audit trail calls the records of numbers, stock and network and their fields."""

from __future__ import annotations

from typing import Any

NOUNS: dict[str, Any] = {}
FIELDS: dict[str, Any] = {}
