"""What goes to an assistant and into its log: texts without signs that nobody sees, arguments without personal data.

Names, subjects and notes are written by customers and staff: an assistant reads them as data. Signs that are
invisible on every page could carry words for the assistant alone, so they are left out.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from tongke.tmf.assistant.declaring import Arguments

# Controls but tab and line feed, zero-width signs, direction overrides, joiners and the tag characters.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")
TEXT_CHARACTERS_MAX = 2000


def visible(value: Any) -> Any:
    """Return ``value`` (as JSON knows it) with every text free of unseen signs and cut to two thousand characters."""
    if isinstance(value, str):
        clean = UNSEEN.sub("", value)
        return clean if len(clean) <= TEXT_CHARACTERS_MAX else clean[:TEXT_CHARACTERS_MAX] + "…"
    if isinstance(value, dict):
        return {key: visible(one) for key, one in value.items()}
    if isinstance(value, list):
        return [visible(one) for one in value]
    return value


def _kept(value: Any, *, logged: bool) -> Any:
    if isinstance(value, bool | int | float | Enum | None):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, UUID | date | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_kept(one, logged=logged) for one in value[:20]]
    if isinstance(value, str):
        return value[:60] if logged else {"characters": len(value)}
    return {"kind": type(value).__name__}


def loggable(arguments: Arguments) -> dict[str, Any]:
    """Return the given arguments for the log: of texts, which may hold personal data, no more than their length."""
    kept: dict[str, Any] = {}
    for name in sorted(arguments.model_fields_set - {"purpose"}):
        extra = type(arguments).model_fields[name].json_schema_extra
        kept[name] = _kept(getattr(arguments, name), logged=isinstance(extra, dict) and bool(extra.get("x-logged")))
    return kept
