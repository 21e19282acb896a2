"""Who had a hand in a version, from the audit trail that the database writes."""

from __future__ import annotations

from typing import Any

from tongke.areas.catalogue.queries.contents import MODELS
from tongke.kernel.models import AuditRow


def worked_on(noun: str, row: Any) -> set[str]:
    """Return the names of all who drafted or changed a version; who only moved it on is not among them."""
    trail = AuditRow.objects.filter(table_name=MODELS[noun]._meta.db_table, row_id=str(row.id)).values_list("actor", "op", "before", "after")  # noqa: SLF001 - Django's documented interface
    found = {actor for actor, op, before, after in trail if op == "I" or _said(before) != _said(after)}
    return found | {row.created_by}


def _said(row: Any) -> Any:
    return {name: value for name, value in (row or {}).items() if name != "state"}
