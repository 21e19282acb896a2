"""What the audit trail calls the records of numbers, stock and network and their fields."""

from __future__ import annotations

from typing import Any

from tongke.web.staff.nouns.network import FIELDS as NETWORK_FIELDS
from tongke.web.staff.nouns.network import NOUNS as NETWORK_NOUNS
from tongke.web.staff.nouns.numbers import FIELDS as NUMBER_FIELDS
from tongke.web.staff.nouns.numbers import NOUNS as NUMBER_NOUNS

NOUNS: dict[str, Any] = NUMBER_NOUNS | NETWORK_NOUNS
FIELDS: dict[str, Any] = NUMBER_FIELDS | NETWORK_FIELDS
