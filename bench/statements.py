"""The statements that the Open APIs run, for references that run the very same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg


def _customer() -> tuple[Any, Any]:
    from tongke.tmf.kit.registry import all_apis  # noqa: PLC0415 - needs Django's settings

    api = next(api for api in all_apis() if (api.number, api.version) == ("629", "v4"))
    return api, api.resource("customer")


def one_customer() -> str:
    """Return the statement of one customer's document by its id."""
    from tongke.tmf.kit.statements import one_sql  # noqa: PLC0415 - needs Django's settings

    return one_sql(*_customer())


@dataclass(frozen=True)
class ListStatements:
    """What a page of customers takes: the count, the ids and the documents; ``walking`` tells how the ids are found."""

    count: tuple[str, list[Any]]
    ids: tuple[str, list[Any]]
    documents: str
    begin: str
    end: str

    def on(self, connection: psycopg.Connection[Any]) -> Callable[[], None]:
        """Return the call that runs them all in one transaction, as the service does."""

        def call() -> None:
            with connection.transaction():
                connection.execute("SELECT tongke_orgs_in_sight(), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('statement_timeout', '5000', true)")
                connection.execute(self.count[0].encode(), self.count[1], prepare=True).fetchone()
                if self.begin:
                    connection.execute(self.begin.encode())
                (ids,) = connection.execute(self.ids[0].encode(), self.ids[1], prepare=True).fetchone() or (None,)
                if self.end:
                    connection.execute(self.end.encode())
                connection.execute(self.documents.encode(), [ids or []], prepare=True).fetchone()

        return call


def customer_list(query: str, orgs: list[int], *, few: bool) -> ListStatements:
    """Return the statements of a list of customers for a client that sees ``orgs``; ``few`` where few match."""
    from tongke.kernel.actor import Actor  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit import statements  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.asking import asked  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.reading import COUNT_MAX, clauses_of, tallied  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.sorting import orders  # noqa: PLC0415 - needs Django's settings

    api, resource = _customer()
    by = Actor(name="bench", kind="client", permissions=frozenset({"party.view"}))
    wanted = asked(query)
    clauses, order = clauses_of(resource, wanted, by=by), orders(resource, wanted, by=by)
    told = tallied(resource, wanted, by=by)
    count = statements.count_sql(resource, clauses, most=COUNT_MAX) if told is None else statements.tally_sql(resource, told, orgs)
    walk = bool(order[0].walk) and not few
    ids = (statements.walked_ids(resource, clauses, order[0], offset=0, limit=wanted.limit, orgs=orgs) if walk
           else statements.sorted_ids(resource, clauses, order, offset=0, limit=wanted.limit))
    return ListStatements(count, ids, statements.page_sql(api, resource), statements.BEGIN_WALK if walk else "", statements.END_WALK if walk else "")
