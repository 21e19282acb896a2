"""The log of looks: who saw whose data, what for, and which personal data came unmasked (Z14)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tongke.areas.staff.errors import PurposeNeeded
from tongke.areas.staff.states import LookKind
from tongke.kernel.actor import Actor, acting

PURPOSE_LENGTH_MIN = 4
PURPOSE_LENGTH_MAX = 60
INSERT = """
INSERT INTO staff_look (at, id, staff_id, actor, org_id, kind, customer_id, purpose, clear, detail)
VALUES (%s, tongke_uuid7(), %s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""
INSERT_MANY = """
INSERT INTO staff_look (at, id, staff_id, actor, org_id, kind, customer_id, purpose, clear, detail)
SELECT %s, tongke_uuid7(), %s, %s, seen.org_id, %s, seen.customer_id, %s, %s, %s::jsonb FROM unnest(%s::uuid[], %s::int[]) seen(customer_id, org_id)
"""


def checked_purpose(purpose: str) -> str:
    """Return a purpose that may stand in the log; raises ``PurposeNeeded`` where there is none worth the name."""
    said = " ".join(purpose.split())[:PURPOSE_LENGTH_MAX]
    if len(said) < PURPOSE_LENGTH_MIN and not any("\u4e00" <= letter <= "\u9fff" for letter in said):
        raise PurposeNeeded(field="purpose")
    return said


def record_look(
    *, kind: LookKind | str, customer_id: UUID | None, org_id: int | None, purpose: str, clear: Iterable[str] = (),
    detail: dict[str, Any] | None = None, by: Actor, at: datetime,
) -> None:
    """Leave a trace of a look, inside the caller's transaction if there is one.

    ``clear`` are the kinds of personal data that came unmasked. Where there are any, the trace is on disk before
    the caller can answer; a look at masked data may be lost with a crash of the server within the last second.
    """
    shown = ",".join(sorted(clear))
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        if not shown and not connection.savepoint_ids:
            cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(INSERT, [
            at, by.staff_id, by.name, org_id, str(kind), customer_id, purpose[:PURPOSE_LENGTH_MAX], shown,
            None if detail is None else json.dumps(detail),
        ])


def record_looks(
    *, kind: LookKind | str, customers: Iterable[tuple[UUID, int | None]], purpose: str, clear: Iterable[str], detail: dict[str, Any] | None = None,
    by: Actor, at: datetime,
) -> None:
    """Leave a trace for each customer, given with their organisation, of a look at many at once."""
    shown = ",".join(sorted(clear))
    said = None if detail is None else json.dumps(detail)
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        seen = list(customers)
        cursor.execute(INSERT_MANY, [
            at, by.staff_id, by.name, str(kind), purpose[:PURPOSE_LENGTH_MAX], shown, said, [one for one, _org in seen], [org for _one, org in seen],
        ])


def record_reveal(
    *, customer_id: UUID, org_id: int, purpose: str, clear: Iterable[str], by: Actor, at: datetime,
) -> None:
    """Leave the trace that must come before masked data is revealed. Needs ``party.reveal``; raises ``PurposeNeeded``.

    The room that owns the data calls this in the transaction that reads it, then hands the clear values out.
    """
    by.require("party.reveal")
    record_look(
        kind=LookKind.REVEAL, customer_id=customer_id, org_id=org_id, purpose=checked_purpose(purpose), clear=clear, by=by, at=at,
    )
