"""``@bulk``: a one-item verb that the runner can call for every row of a reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from pydantic import BaseModel, ValidationError

from tongke.kernel.actor import Actor
from tongke.kernel.bulk.runner import ChunkResult, RejectedRow, SourceRow
from tongke.kernel.errors import Refused, RulesBroken

R = TypeVar("R", bound=BaseModel)
_verbs: dict[str, BulkVerb[Any]] = {}


@dataclass(frozen=True, slots=True)
class BulkVerb(Generic[R]):
    """A declared one-item verb; calling it is calling the verb."""

    name: str
    row: type[R]
    verb: Callable[..., Any]

    def __call__(self, row: R, *, by: Actor, at: datetime) -> Any:
        """Call the verb."""
        return self.verb(row, by=by, at=at)

    def take(self, rows: Sequence[SourceRow], *, by: Actor, at: datetime) -> ChunkResult:
        """Run the verb for every row, each in a savepoint of its own; what it refuses becomes a reject row."""
        result = ChunkResult()
        for row in rows:
            result.read += 1
            try:
                with transaction.atomic():
                    self.verb(self.row.model_validate(row.values), by=by, at=at)
                result.created += 1
            except (ValidationError, Refused) as refusal:
                result.rejects.extend(_explained(row, refusal))
        return result


def _explained(row: SourceRow, refusal: ValidationError | Refused) -> list[RejectedRow]:
    if isinstance(refusal, ValidationError):
        return [RejectedRow(row=row, column=".".join(map(str, e["loc"])), value=str(e.get("input", ""))[:200], code="GEN-01", reason=e["msg"])
                for e in refusal.errors()]
    if isinstance(refusal, RulesBroken):
        return [RejectedRow(row=row, column=b.field, value=_given(row, b.field), code=b.code, reason=b.message, mend=b.advice) for b in refusal.broken]
    return [RejectedRow(row=row, column=refusal.field, value=_given(row, refusal.field), code=refusal.code, reason=refusal.message, mend=refusal.advice)]


def _given(row: SourceRow, column: str) -> str:
    """Return what the row had in the column that a refusal names."""
    return str(row.values.get(column, ""))[:200] if column else ""


def bulk(name: str, *, row: type[R]) -> Callable[[Callable[..., Any]], BulkVerb[R]]:
    """Declare a verb that takes one ``row`` as the bulk verb ``name``, e.g. ``resource.import_numbers``."""

    def declare(function: Callable[..., Any]) -> BulkVerb[R]:
        if name in _verbs:
            raise ValueError(f"bulk verb {name} is declared twice")
        made = BulkVerb(name, row, function)
        _verbs[name] = made
        return made

    return declare


def all_bulk_verbs() -> dict[str, BulkVerb[Any]]:
    """Every declared bulk verb by name."""
    return dict(sorted(_verbs.items()))
