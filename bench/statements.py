"""The statements that the Open APIs run, for references that run the very same."""

from __future__ import annotations

from typing import Any


def _customer() -> tuple[Any, Any]:
    from tongke.tmf.kit.registry import all_apis  # noqa: PLC0415 - needs Django's settings

    api = next(api for api in all_apis() if (api.number, api.version) == ("629", "v4"))
    return api, api.resource("customer")


def one_customer() -> str:
    """Return the statement of one customer's document by its id."""
    from tongke.tmf.kit.statements import one_sql  # noqa: PLC0415 - needs Django's settings

    return one_sql(*_customer())


def customer_page(query: str, orgs: list[int]) -> tuple[str, list[Any]]:
    """Return the statement of a page of customers and its values."""
    from tongke.kernel.actor import Actor  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.asking import asked  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.reading import clauses_of  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.sorting import orders  # noqa: PLC0415 - needs Django's settings
    from tongke.tmf.kit.statements import page_sql  # noqa: PLC0415 - needs Django's settings

    api, resource = _customer()
    by = Actor(name="bench", kind="client", permissions=frozenset({"party.view"}))
    wanted = asked(query)
    return page_sql(api, resource, clauses_of(resource, wanted, by=by), orders(resource, wanted, by=by),
                    offset=wanted.offset, limit=wanted.limit, orgs=orgs)
