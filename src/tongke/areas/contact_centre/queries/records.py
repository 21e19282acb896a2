"""What the contact centre room offers other channels to read, column by column; they name the columns and never the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongke.areas.party.queries.records import NAME_SHOWN
from tongke.kernel.rows import Rows, Walk, instant, integer, key, text

_OF_CUSTOMER = "(SELECT {} FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = i.customer_id)"

INTERACTIONS = Rows(
    source="contact_centre_interaction i", key="i.id", org="i.org_id",
    walks={"occurred_at": Walk(org="i.org_id", sql="i.occurred_at", tie="i.id")},
    columns={
        "id": key("i.id"), "org_id": integer("i.org_id"), "customer_id": key("i.customer_id"), "subscriber_id": key("i.subscriber_id"),
        "channel": text("i.channel"), "direction": text("i.direction"), "kind": text("i.kind"), "subject": text("i.subject"),
        "body": text("nullif(i.body, '')"), "staff_name": text("nullif(i.staff_name, '')"), "reference": text("nullif(i.reference, '')"),
        "state": text("i.state"), "occurred_at": instant("i.occurred_at"),
        "ended_at": instant("coalesce(i.ended_at, i.occurred_at + i.duration_seconds * interval '1 second')"),
        "created_at": instant("coalesce(i.created_at, i.occurred_at)"), "state_at": instant("coalesce(i.state_at, i.occurred_at)"),
        "customer_name": text(_OF_CUSTOMER.format("p.name"), personal="name", shown=_OF_CUSTOMER.format(NAME_SHOWN)),
    },
)


def with_customer(customers: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that a contact was with one of the customers."""
    known = []
    for given in customers:
        try:
            known.append(UUID(given))
        except ValueError:
            continue
    return "i.customer_id = ANY (%s::uuid[])", [known]
