"""What the ordering room offers other channels to read, column by column; they name the columns and never the tables."""

from __future__ import annotations

from tongke.areas.party.queries.records import NAME_SHOWN
from tongke.kernel.rows import Rows, Walk, instant, integer, json, key, number, text

_OF_CUSTOMER = "(SELECT {} FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = oq.customer_id)"
_OF_OFFERING = "(SELECT {} FROM catalogue_offering oqo WHERE oqo.code = oqi.offering_code AND oqo.version = oqi.offering_version)"

QUALIFICATIONS = Rows(
    source="ordering_qualification oq", key="oq.id", org="oq.org_id", walks={"id": Walk(org="oq.org_id", sql="oq.id", tie="oq.id")},
    columns={
        "id": key("oq.id"), "org_id": integer("oq.org_id"), "number": text("oq.number"), "customer_id": key("oq.customer_id"),
        "customer_name": text(_OF_CUSTOMER.format("p.name"), personal="name", shown=_OF_CUSTOMER.format(NAME_SHOWN)),
        "state": text("oq.state"), "outcome": text("nullif(oq.outcome, '')"), "channel": text("nullif(oq.channel, '')"), "place_id": key("oq.place_id"),
        "subscriber_id": key("oq.subscriber_id"), "asked": json("oq.asked"), "description": text("nullif(oq.description, '')"),
        "requested_at": instant("oq.requested_at"), "completed_at": instant("oq.completed_at"), "expires_at": instant("oq.expires_at"),
        "changed_at": instant("oq.changed_at"), "requested_by": text("oq.requested_by"), "revision": integer("oq.revision"),
    },
)
QUALIFICATION_ITEMS = Rows(
    source="ordering_qualification_item oqi", key="oqi.id", org="oqi.org_id",
    columns={
        "id": key("oqi.id"), "org_id": integer("oqi.org_id"), "qualification_id": key("oqi.qualification_id"), "ordinal": integer("oqi.ordinal"),
        "given_id": text("nullif(oqi.given_id, '')"), "action": text("oqi.action"), "offering_code": text("oqi.offering_code"),
        "offering_version": integer("oqi.offering_version"), "offering_id": key(_OF_OFFERING.format("oqo.id")),
        "offering_name": text(_OF_OFFERING.format("oqo.name_zh")), "offering_name_en": text(_OF_OFFERING.format("oqo.name_en")),
        "outcome": text("oqi.outcome"), "reasons": json("oqi.reasons"), "deposit": number("oqi.deposit"), "penalty": number("oqi.penalty"),
        "currency": text("oqi.currency"),
    },
)
