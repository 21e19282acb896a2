"""References in documents that come in: which record of ours they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from tongke.kernel.errors import NotFound
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.mapping import Col, Const, Href, Node, Sql
from tongke.tmf.kit.shapes import Ref

T = TypeVar("T")


def record_of(reference: str | None, path: str) -> UUID:
    """Return the id of ours that a reference holds; raises ``UnknownReference`` for the ids of other systems."""
    try:
        return UUID(str(reference))
    except ValueError:
        raise UnknownReference(path=path, value=str(reference)[:60], field=path) from None


def known(path: str, reference: Any, look: Callable[[], T]) -> T:
    """Return what ``look`` finds; what is not there or not to be seen is an unknown reference at ``path``."""
    try:
        return look()
    except NotFound:
        raise UnknownReference(path=path, value=str(reference)[:60], field=path) from None


def customer_among(parties: Sequence[Ref] | None, path: str = "relatedParty") -> UUID:
    """Return the customer among related parties: who is referred to as one, else who comes first.

    Raises ``UnknownReference`` where there is none or the id is none of ours.
    """
    listed = list(parties or ())
    named = [party for party in listed if party.at_referred_type == "Customer"] or listed
    return record_of(named[0].id if named else None, f"{path}.id")


def customer_parts(ident: str = "customer_id", name: str = "customer_name") -> dict[str, Node]:
    """Return the parts of a reference to the customer a record belongs to, by the columns of its id and name."""
    return {
        "id": Col(ident), "href": Href("customerManagement/v4/customer", ident), "name": Col(name, loose=True),
        "role": Sql(ident, "CASE WHEN {column} IS NOT NULL THEN 'customer' END"), "@referredType": Const("Customer"),
    }
