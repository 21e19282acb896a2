"""Reading documents: one, some by id, a page of a list with its count, each as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import DataError, OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from tongke.areas.staff import services as staff
from tongke.areas.staff.states import LookKind
from tongke.kernel.actor import PERSONAL_KINDS, Actor, acting
from tongke.kernel.db.prepared import first_row
from tongke.kernel.errors import NotFound
from tongke.kernel.rows import Rows
from tongke.tmf.kit.asking import Asked
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.errors import TooSlow, UnfitQuery
from tongke.tmf.kit.filtering import Clause, condition, target
from tongke.tmf.kit.mapping import Col
from tongke.tmf.kit.sorting import Order, orders
from tongke.tmf.kit.statements import (
    BEGIN_WALK,
    END_WALK,
    PLAN_EACH,
    PLAN_ONCE,
    count_sql,
    one_sql,
    page_sql,
    some_sql,
    sorted_ids,
    tally_sql,
    walked_ids,
)

STATEMENT_MS_MAX = 5_000
# Up to so many matching documents are read and sorted rather than walked along an index.
FEW = 1_000
# Counts go so far; beyond, a list says that there are more (and counts all on `Prefer: count=exact`).
COUNT_MAX = 2_000
IMPOSSIBLE = UUID(int=0)
BEGIN = f"SELECT tongke_orgs_in_sight(), {PLAN_ONCE}, set_config('statement_timeout', %s, true)"


@dataclass(frozen=True, slots=True)
class Found:
    """One document as text, with the digest that is its ETag, its organisation and the customer it shows."""

    text: str
    etag: str
    org_id: int | None
    customer_id: UUID | None

    @property
    def document(self) -> dict[str, Any]:
        """The document read from its text."""
        made: dict[str, Any] = orjson.loads(self.text)
        return made


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: the documents as JSON text, how many they are and how many match in all.

    ``exact`` is false where counting all would have taken too long: there are at least ``total``.
    """

    text: str
    count: int
    total: int
    exact: bool


def record_key(text: str) -> UUID:
    """Return the id in an address; what is none of ours equals nothing (and is no mistake)."""
    try:
        found = UUID(text)
    except ValueError:
        return IMPOSSIBLE
    return found if str(found) == text.lower() else IMPOSSIBLE


def one(api: Api, resource: Resource, record_id: UUID, *, by: Actor) -> Found:
    """Return one document. Raises ``NotFound`` alike for what is absent and what is others', and ``NotPermitted``."""
    by.require(resource.view)
    with acting(by):
        row = first_row(one_sql(api, resource), [record_id])
    if row is None:
        raise NotFound
    return Found(*row)


def documents(api: Api, resource: Resource, ids: Iterable[UUID], *, by: Actor) -> dict[UUID, dict[str, Any]]:
    """Return the documents of those ids that the actor may see."""
    by.require(resource.view)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(some_sql(api, resource), [list(ids)])
        return {key: orjson.loads(text) for key, text in cursor.fetchall()}


def clauses_of(resource: Resource, asked: Asked, *, by: Actor) -> list[Clause]:
    """Return the conditions of a query as SQL."""
    return [condition(resource, one_condition, by=by) for one_condition in asked.conditions]


def page(api: Api, resource: Resource, asked: Asked, *, exact: bool = False, more: tuple[Clause, ...] = (), by: Actor, at: datetime) -> Page:
    """Return a page of what matches within the actor's scope.

    ``exact`` asks for a whole count however long it takes. Raises ``UnfitQuery``, ``UnknownAttribute``, ``TooSlow``.
    """
    by.require(resource.view)
    clauses = [*more, *clauses_of(resource, asked, by=by)]
    order = orders(resource, asked, by=by)
    try:
        with acting(by), transaction.atomic():
            orgs = _prepared(BEGIN, [str(STATEMENT_MS_MAX)])[0] or []
            total, known = _counted(resource, asked, clauses, orgs, tally=not more, exact=exact, by=by)
            text, count, customers, homes = _page(api, resource, asked, clauses, order, orgs, few=known and total <= FEW)
    except DataError as fault:
        # A pattern or a value that only the database can judge.
        raise UnfitQuery(name="?", value=str(fault).split("\n")[0][:80]) from None
    except OperationalError as fault:
        if isinstance(fault.__cause__, QueryCanceled):
            raise TooSlow from None
        raise
    if resource.customer:
        _note_looks(resource, customers or [], homes or [], by=by, at=at)
    if count and not known:
        total = max(total, asked.offset + count + (count == asked.limit))
        known = count < asked.limit
    return Page(f"[{text}]", count, total, known)


def _prepared(statement: str, values: list[Any]) -> tuple[Any, ...]:
    """Return the row of a statement that always gives one."""
    row = first_row(statement, values)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row


def _page(  # noqa: PLR0917 - what a page is made of, in the order in which it is found
    api: Api, resource: Resource, asked: Asked, clauses: list[Clause], order: tuple[Order, ...], orgs: list[int], *, few: bool,
) -> tuple[Any, ...]:
    """Read the page: along an index where one gives the order and many match, else by sorting all that match."""
    if len(order) == 1 and order[0].walk and not few:
        _prepared(BEGIN_WALK, [])
        (ids,) = _prepared(*walked_ids(resource, clauses, order[0], offset=asked.offset, limit=asked.limit, orgs=orgs))
        _prepared(END_WALK, [])
    else:
        # What is read here depends on the values asked for, and so does the best way to read it.
        _prepared(PLAN_EACH, [])
        (ids,) = _prepared(*sorted_ids(resource, clauses, order, offset=asked.offset, limit=asked.limit))
        _prepared(f"SELECT {PLAN_ONCE}", [])
    return _prepared(page_sql(api, resource), [ids or []])


def _counted(
    resource: Resource, asked: Asked, clauses: list[Clause], orgs: list[int], *, tally: bool, exact: bool, by: Actor,
) -> tuple[int, bool]:
    """Count what matches and tell whether that is all: from the running tally, else up to ``COUNT_MAX``, or all if wished."""
    told = tallied(resource, asked, by=by) if tally else None
    if told is not None:
        return int(_prepared(*tally_sql(resource, told, orgs))[0]), True
    if exact:
        return int(_prepared(*count_sql(resource, clauses, most=None))[0]), True
    found = int(_prepared(*count_sql(resource, clauses, most=COUNT_MAX))[0])
    return found, found <= COUNT_MAX


def tallied(resource: Resource, asked: Asked, *, by: Actor) -> list[Clause] | None:
    """Return the conditions over the tally's columns, or nothing where the tally cannot answer."""
    rows = resource.rows
    if not rows.tally or by.own_rows_of is not None or (resource.where and not resource.tally_where):
        return None
    over = Rows(source=rows.tally, columns={name: replace(rows.column(name), sql=f"t.{name}") for name in rows.tallied})
    told = replace(resource, rows=over)
    out: list[Clause] = []
    for asked_one in asked.conditions:
        if asked_one.operator not in {"eq", "ne"}:
            return None
        found = target(resource, asked_one.path)
        if found.within or found.others or not isinstance(found.node, Col) or found.node.name not in rows.tallied:
            return None
        out.append(condition(told, asked_one, by=by))
    return out


def _note_looks(resource: Resource, customers: list[UUID | None], homes: list[int | None], *, by: Actor, at: datetime) -> None:
    """Leave a trace of every customer whose personal data came bare in a list."""
    clear = [kind for kind in PERSONAL_KINDS if by.may(f"party.see_{kind}")]
    if clear:
        seen = {customer: home for customer, home in zip(customers, homes, strict=True) if customer is not None}
        staff.record_looks(
            kind=LookKind.GET, customers=list(seen.items()), purpose=purpose(by), clear=clear, detail={"resource": resource.name}, by=by, at=at,
        )


def note_look(resource: Resource, found: Found, *, by: Actor, at: datetime) -> None:
    """Leave a trace of a look at one document that shows a customer's data."""
    if found.customer_id is not None:
        clear = [kind for kind in PERSONAL_KINDS if by.may(f"party.see_{kind}")]
        staff.record_look(kind=LookKind.GET, customer_id=found.customer_id, org_id=found.org_id, purpose=purpose(by), clear=clear,
                          detail={"resource": resource.name}, by=by, at=at)


def purpose(by: Actor) -> str:
    """Return what the data is asked for, as the request says it."""
    return by.extra.get("purpose") or "service"
