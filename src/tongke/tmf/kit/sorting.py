"""From the sort of a list to SQL: by one indexed column walked along the index, else sorted."""

from __future__ import annotations

from dataclasses import dataclass

from tongke.kernel.actor import Actor
from tongke.kernel.rows import Rows
from tongke.tmf.kit.asking import Asked
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import UnfitQuery
from tongke.tmf.kit.filtering import target
from tongke.tmf.kit.mapping import Col, literal
from tongke.tmf.kit.schema import meets_list


@dataclass(frozen=True, slots=True)
class Order:
    """One expression of a sort. ``walk`` names the column where an index gives the order."""

    sql: str
    falling: bool
    walk: str = ""

    @property
    def direction(self) -> str:
        """Return the SQL word; what is absent comes last either way up."""
        return "DESC NULLS LAST" if self.falling else "ASC NULLS LAST"


def orders(resource: Resource, asked: Asked, *, by: Actor) -> tuple[Order, ...]:
    """Return the orders asked for, or the list's own. Raises ``UnknownAttribute``, ``UnfitQuery``."""
    found = [_order(resource, path, falling, by=by) for path, falling in asked.sort]
    if not found and resource.rows.walks:
        column = next(iter(resource.rows.walks))
        found = [Order(resource.rows.column(column).sql, falling=True, walk=column)]
    return tuple(found)


def _order(resource: Resource, path: tuple[str, ...], falling: bool, *, by: Actor) -> Order:  # noqa: FBT001 - the direction of one order
    at = target(resource, path)
    if at.within or at.others or at.kind == "object" or (at.node is None and meets_list(resource.document, path)):
        raise UnfitQuery(name="sort", value=".".join(path))
    hidden = resource.personal.get(path[0]) if at.node is None else None
    if hidden and not by.may(f"party.see_{hidden}"):
        raise UnfitQuery(name="sort", value=".".join(path))
    if at.node is None:
        pointer = "{" + ",".join(path) + "}"
        content = "t.content" if resource.kept else (
            f"(SELECT x.content FROM tmf_extension x WHERE x.resource = {literal(resource.stored_as)} AND x.record_id = {resource.rows.key})")
        text = f"({content} #>> {literal(pointer)})"
        if at.kind == "number":
            return Order(f"(CASE WHEN jsonb_typeof({content} #> {literal(pointer)}) = 'number' THEN {text}::numeric END)", falling)
        return Order(text, falling)
    return _by_column(resource.rows, at.node, falling, by=by) if isinstance(at.node, Col) else Order(f"({at.node.sql(resource.rows)})", falling)


def _by_column(rows: Rows, node: Col, falling: bool, *, by: Actor) -> Order:  # noqa: FBT001 - the direction of one order
    column = rows.column(node.name)
    if node.name in rows.walks and not node.values:
        # By the bare value also where it is shown masked, as in the pages' lists: the order tells no value.
        return Order(column.sql, falling, node.name)
    hidden = bool(column.personal) and not by.may(f"party.see_{column.personal}")
    sql = column.outward if hidden else column.sql
    # Enumerations sort by the official word: the client sees no other.
    return Order(node.translated(sql) if node.values else sql, falling)
