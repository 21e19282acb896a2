"""Finding a customer, and everything of one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field

from tongke.areas.party.queries.finding import find
from tongke.areas.party.queries.whole import WHOLE, customer_document, survivor_of
from tongke.areas.staff.states import LookKind
from tongke.tmf.assistant.declaring import Answer, Asked, PersonalAnswer, PersonalArguments, tool

WORDS_CHARACTERS_MAX = 120
ROWS_MAX = 50
PART_ROWS_MAX = 20


class FindCustomer(PersonalArguments):
    """What to look for."""

    words: str = Field(min_length=1, max_length=WORDS_CHARACTERS_MAX, description=(
        "A service or contact number (or its first or last digits), an identity document number, a customer, account or bill number, a name, "
        "its pinyin or pinyin initials, an e-mail address, or a part of an address."))
    limit: int = Field(10, ge=1, le=ROWS_MAX, description="How many rows to return at most.")


class CustomerRow(Answer):
    """One customer that was found."""

    id: UUID
    customer_no: str
    name: str
    kind: str
    segment: str
    level: str
    state: str
    org_id: int
    phone: str | None = None
    address: str | None = None
    found_by: str = Field(description="Which kind of key matched.")
    shown: str | None = Field(None, description="The value that matched, masked like the others.")
    merged: bool = Field(description="The match was a record that has since been merged into this customer.")


class Customers(PersonalAnswer):
    """Customers that were found, the best match first."""

    customers: list[CustomerRow]
    more: bool = Field(description="There are more: use more exact words.")


@tool("Find a customer", permission="party.view")
def find_customer(arguments: FindCustomer, asked: Asked) -> Customers:
    """Find customers by a number, a name, an address or whatever else identifies them, as in the search box of the pages.

    Only customers within the person's area of responsibility are found. Use the returned id with the other tools.
    """
    found = find(arguments.words, limit=arguments.limit, purpose=asked.purpose, by=asked.by)
    rows = [CustomerRow.model_validate({name: row.get(name) for name in CustomerRow.model_fields}) for row in found.rows]
    return Customers(customers=rows, more=found.more)


class Part(StrEnum):
    """The parts of the whole view."""

    IDENTITY = "identity"
    DOCUMENTS = "documents"
    MEDIA = "media"
    ADDRESSES = "addresses"
    CONSENTS = "consents"
    RELATIONS = "relations"
    ACCOUNTS = "accounts"
    BILLS = "bills"
    PAYMENTS = "payments"
    LINES = "lines"
    PRODUCTS = "products"
    USAGE = "usage"
    TIMELINE = "timeline"
    OPEN_WORK = "open_work"
    OFFERS = "offers"
    RISK = "risk"
    VALUE = "value"


FIRST_PARTS = (Part.IDENTITY, Part.OPEN_WORK, Part.RISK, Part.VALUE, Part.LINES)


class WholeCustomer(PersonalArguments):
    """Which customer, and which parts."""

    customer_id: UUID = Field(description="The customer's id, as find_customer returns it.")
    parts: list[Part] = Field(default=list(FIRST_PARTS), min_length=1, max_length=len(Part), description="Which parts to return.")


class WholeView(PersonalAnswer):
    """The asked parts of one customer's whole view."""

    id: UUID
    parts: dict[str, Any] = Field(description="One entry for each asked part; null where the person's role does not show it.")
    cut: dict[str, int] = Field(description="Parts of which only the first twenty rows are returned, with the number of rows known.")
    merged_into: UUID | None = Field(None, description="The customer that this one was merged into: go on with that one.")


@tool("The whole customer", permission="party.view")
def customer_360(arguments: WholeCustomer, asked: Asked) -> WholeView:
    """Return the whole view of one customer: who they are, lines, products, accounts, newest bills and payments, usage,
    timeline, consents, risk, value, what is to be done for them now.

    Long parts are cut to twenty rows; the tools list_lines, list_products, list_bills and contact_history page through all.
    """
    text = customer_document(WHOLE, kind=LookKind.ASSISTANT, wanted=arguments.customer_id, purpose=asked.purpose, by=asked.by)
    whole = orjson.loads(text)
    parts: dict[str, Any] = {}
    cut: dict[str, int] = {}
    for part in dict.fromkeys(arguments.parts):
        found = whole.get(part.value)
        if isinstance(found, list) and len(found) > PART_ROWS_MAX:
            cut[part.value], found = len(found), found[:PART_ROWS_MAX]
        parts[part.value] = found
    merged = whole["identity"]["merged_into"] is not None
    return WholeView(id=arguments.customer_id, parts=parts, cut=cut, merged_into=survivor_of(arguments.customer_id) if merged else None)
