"""Who did something, as a column: log-in names become names in the reader's language, those of a whole page read at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tongke.areas.staff.queries import names_signed
from tongke.web.kit.columns import Column, Text


@dataclass(frozen=True, kw_only=True)
class Signed(Text):
    """The name of whoever signed; the row holds the signature. ``sign_rows`` puts the names to the rows first."""

    def signature(self, row: Any) -> str:
        """Return the signature as the row holds it; empty for nobody."""
        return str(super().raw(row) or "")

    def raw(self, row: Any) -> Any:
        """Return the name."""
        return row.people.get(self.signature(row), "")


def sign_rows(rows: Sequence[Any], columns: Sequence[Column]) -> Sequence[Any]:
    """Put to each row the names for its signatures (``row.people``), with one statement for all of them; return the rows."""
    columns_signed = [column for column in columns if isinstance(column, Signed)]
    if columns_signed:
        people = names_signed(signature for row in rows for column in columns_signed if (signature := column.signature(row)))
        for row in rows:
            row.people = people
    return rows
