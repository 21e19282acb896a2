"""Lines and products of a customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from tongke.areas.inventory import queries as inventory
from tongke.areas.party import queries as parties
from tongke.tmf.assistant.declaring import Answer, Asked, PersonalAnswer, tool
from tongke.tmf.assistant.tools.paging import Page, PersonalPage, look


class ListLines(PersonalPage):
    """Whose lines."""

    customer_id: UUID = Field(description="The customer's id.")


class LineRow(Answer):
    """One line."""

    id: UUID
    kind: str
    service_number: str
    state: str
    activated_on: date | None
    ended_on: date | None
    end_reason: str


class Lines(PersonalAnswer):
    """A page of lines, those in force first."""

    lines: list[LineRow]
    more: bool


@tool("Lines of a customer", permission="inventory.view")
def list_lines(arguments: ListLines, asked: Asked) -> Lines:
    """List the lines of a customer (mobile, fixed, broadband, television): their numbers, states and since when."""
    customer = parties.customer_brief(arguments.customer_id)
    found = inventory.lines_shown(customer.id, offset=arguments.offset, limit=arguments.limit + 1, by=asked.by)
    look(customer.id, "list_lines", asked)
    rows = [
        LineRow(id=line.id, kind=line.kind, service_number=getattr(line, "shown", ""), state=line.state, activated_on=line.activated_on,
                ended_on=line.ended_on, end_reason=line.end_reason)
        for line in found[:arguments.limit]
    ]
    return Lines(lines=rows, more=len(found) > arguments.limit)


class ListProducts(Page):
    """Whose products."""

    customer_id: UUID = Field(description="The customer's id.")


class ProductRow(Answer):
    """One product."""

    id: UUID
    line_id: UUID | None = Field(description="The line it is on, if any.")
    code: str
    version: int
    kind: str
    name_zh: str
    name_en: str
    state: str
    monthly_fee: Decimal
    currency: str
    contract_until: date | None
    started_on: date
    ended_on: date | None


class Products(Answer):
    """A page of products, those in force first."""

    products: list[ProductRow]
    more: bool


@tool("Products of a customer", permission="inventory.view")
def list_products(arguments: ListProducts, asked: Asked) -> Products:
    """List the products (plans, packages, devices) that a customer holds, with fees and the end of each contract."""
    customer = parties.customer_brief(arguments.customer_id)
    found = inventory.products_of_customer(customer.id, offset=arguments.offset, limit=arguments.limit + 1, by=asked.by)
    look(customer.id, "list_products", asked)
    rows = [
        ProductRow(
            id=p.id, line_id=p.subscriber_id, code=p.offering.code, version=p.offering.version, kind=p.offering.kind, name_zh=p.offering.name_zh,
            name_en=p.offering.name_en, state=p.state, monthly_fee=p.monthly_fee, currency=p.currency, contract_until=p.contract_until,
            started_on=p.started_on, ended_on=p.ended_on,
        )
        for p in found[:arguments.limit]
    ]
    return Products(products=rows, more=len(found) > arguments.limit)
