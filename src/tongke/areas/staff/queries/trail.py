"""The audit trail and the log of looks, always within a span of time: both tables are partitioned by month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff.models import Look
from tongke.areas.staff.queries.people import names_signed
from tongke.areas.staff.sessions import VIA_ASSISTANT
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.models import AuditRow

KEY = ("at", "chain", "seq", "ordinal")
HIDDEN = "•••"
# What is never personal, whatever table it stands in; every other text of a record is masked.
PLAIN = re.compile(
    r"^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ].*)?|-?\d{1,6}(?:\.\d+)?|)$"
)
PLAIN_FIELDS = frozenset({
    "state", "kind", "code", "op", "type", "segment", "level", "currency", "locale", "theme", "home", "permission", "roles",
    "permissions", "seeded", "username", "path", "zone", "area_code", "from_state", "to_state", "verb", "machine", "created_by",
    "changed_by", "set_by", "actor", "channel", "direction", "purpose_code", "customer_no", "account_no", "status",
})
PLAIN_TABLES = ("staff_org", "staff_role", "staff_post", "staff_policy", "catalogue_", "kernel_")


@dataclass(frozen=True, slots=True)
class TrailKey:
    """Where an entry stands in the trail."""

    at: datetime
    chain: int
    seq: int
    ordinal: int

    @classmethod
    def read(cls, text: str) -> TrailKey:
        """Read what ``str`` wrote; raises ``NotFound`` for anything else."""
        try:
            at, chain, seq, ordinal = text.split("~")
            return cls(datetime.fromisoformat(at), int(chain), int(seq), int(ordinal))
        except ValueError:
            raise NotFound from None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.chain}~{self.seq}~{self.ordinal}"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry: who changed which row when. ``before`` and ``after`` are the whole row, masked for most readers; ``who`` names the
    ``actor`` in the reader's language.
    """

    id: str
    at: datetime
    actor: str
    table_name: str
    op: str
    row_id: str
    org_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    who: str = ""

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """The fields that differ: name, before, after."""
        old, new = self.before or {}, self.after or {}
        return [(name, old.get(name), new.get(name)) for name in [*new, *(n for n in old if n not in new)] if old.get(name) != new.get(name)]


def _masked(value: Any, other: Any, *, field: str) -> Any:
    """Return a value as a reader without the right sees it; that it changed stays visible."""
    if isinstance(value, str) and not PLAIN.match(value) and field not in PLAIN_FIELDS:
        return HIDDEN if value == other or other is None else f"{HIDDEN} ({_('changed')})"
    if isinstance(value, dict | list) and value and field not in PLAIN_FIELDS:
        return HIDDEN
    return value


def _record(row: dict[str, Any] | None, other: dict[str, Any] | None, *, table: str, clear: bool) -> dict[str, Any] | None:
    if row is None or clear or table.startswith(PLAIN_TABLES):
        return row
    return {name: _masked(value, (other or {}).get(name), field=name) for name, value in row.items()}


def _row(found: AuditRow, *, by: Actor) -> TrailRow:
    clear = by.may("staff.audit_clear")
    return TrailRow(
        id=str(TrailKey(found.at, found.chain, found.seq, found.ordinal)), at=found.at, actor=found.actor, table_name=found.table_name,
        op=found.op, row_id=found.row_id, org_id=found.org_id,
        before=_record(found.before, None, table=found.table_name, clear=clear),
        after=_record(found.after, found.before, table=found.table_name, clear=clear),
    )


def _named(rows: list[TrailRow]) -> list[TrailRow]:
    """Return the entries with the names of who made them, read at once."""
    names = names_signed(row.actor for row in rows)
    return [replace(row, who=names[row.actor]) for row in rows]


def _rows(*, by: Actor) -> QuerySet[AuditRow]:
    rows = AuditRow.objects.all()
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def with_assistant(actor: str) -> list[str]:
    """Return under which names a person's deeds stand: the person's own, and those done through an assistant."""
    return [actor, actor + VIA_ASSISTANT] if actor else []


def trail(
    *, by: Actor, since: datetime, until: datetime, table: str = "", row_id: str = "", actor: str = "", op: str = "",
    beyond: TrailKey | None = None, rising: bool = False, limit: int = 50,
) -> list[TrailRow]:
    """Return up to ``limit`` entries of the actor's scope within [since, until), the newest first (or ``rising``).

    ``table``, ``row_id``, ``actor`` and ``op`` are compared as a whole; an ``actor`` includes what an assistant did for them. ``beyond`` is the entry to go on from.
    """
    rows = _rows(by=by).filter(at__gte=since, at__lt=until)
    wanted = {"table_name": table, "row_id": row_id, "actor__in": with_assistant(actor), "op": op}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if beyond is not None:
        compare = TupleGreaterThan if rising else TupleLessThan
        rows = rows.filter(compare(tuple(F(name) for name in KEY), (beyond.at, beyond.chain, beyond.seq, beyond.ordinal)))
    order = KEY if rising else tuple(f"-{name}" for name in KEY)
    return _named([_row(found, by=by) for found in rows.order_by(*order)[:limit]])


def trail_row(*, key: TrailKey, by: Actor) -> TrailRow:
    """Return one entry of the actor's scope as it is for those who may restore it; raises ``NotFound``."""
    found = _rows(by=by).filter(at=key.at, chain=key.chain, seq=key.seq, ordinal=key.ordinal).first()
    if found is None:
        raise NotFound
    return TrailRow(
        id=str(key), at=found.at, actor=found.actor, table_name=found.table_name, op=found.op, row_id=found.row_id, org_id=found.org_id,
        before=found.before, after=found.after,
    )


def trail_entry(*, key: TrailKey, by: Actor) -> TrailRow:
    """Return one entry for showing: personal data masked unless the actor may read it; raises ``NotFound``."""
    found = _rows(by=by).filter(at=key.at, chain=key.chain, seq=key.seq, ordinal=key.ordinal).first()
    if found is None:
        raise NotFound
    return _named([_row(found, by=by)])[0]


def audited_tables() -> Iterator[str]:
    """The tables whose changes are in the trail, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'audit_insert' ORDER BY 1",
        )
        yield from (name for (name,) in cursor.fetchall())


def looks(
    *, by: Actor, since: datetime, until: datetime, staff_id: UUID | None = None, customer_id: UUID | None = None, kind: str = "",
    actor: str = "",
) -> QuerySet[Look]:
    """Return the looks of the actor's scope within [since, until)."""
    rows = Look.objects.filter(at__gte=since, at__lt=until)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    wanted = {"staff_id": staff_id, "customer_id": customer_id, "kind": kind, "actor__in": with_assistant(actor)}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def looks_page(
    *, by: Actor, since: datetime, until: datetime, beyond: tuple[datetime, UUID] | None = None, rising: bool = False, limit: int = 50,
    **wanted: Any,
) -> list[Look]:
    """Return up to ``limit`` looks, the newest first (or ``rising``), beyond the one given."""
    rows = looks(by=by, since=since, until=until, **wanted)
    if beyond is not None:
        rows = rows.filter((TupleGreaterThan if rising else TupleLessThan)((F("at"), F("id")), beyond))
    order = ("at", "id") if rising else ("-at", "-id")
    return list(rows.order_by(*order)[:limit])
