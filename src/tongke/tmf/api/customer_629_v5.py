"""TMF629 Customer Management, v5: the same customers in the fifth version's shapes, where every object names its class."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import Field

from tongke.areas.account.queries.records import ACCOUNTS
from tongke.areas.party.queries.records import CONTACTS, CUSTOMERS, RATINGS, of_email, of_phone
from tongke.kernel.actor import Actor
from tongke.tmf.api.customer_629 import ACCOUNT, CREDIT, FIXED, FIXED_TRAITS, PERIOD, PERSONAL, SEEKS, SERVER_SET
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.errors import UnfitDocument
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj, Pairs, Said
from tongke.tmf.kit.shapes import Characteristic, Entity, Ref, Shape, Text, TimePeriod, Yes
from tongke.tmf.party import customers
from tongke.tmf.party.media import V5
from tongke.tmf.party.reading import PARTY_PATHS, PARTY_TYPES
from tongke.tmf.party.shapes import CreditProfile
from tongke.tmf.party.telling import of_customers


class PartyOrPartyRole(Shape):
    """A party, or a party in a role: a reference, or the whole of it as the sender says it."""

    id: Text | None = None
    href: Text | None = None
    name: Text | None = None
    party_id: Text | None = None
    party_name: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class RelatedPartyOrPartyRole(Shape):
    """A party, or a party in a role, that has to do with this one."""

    role: Text | None = None
    party_or_party_role: PartyOrPartyRole | None = None


class ContactMedium(Shape):
    """A way to reach a party; ``@type`` is the class that says which attributes hold it."""

    id: Text | None = None
    preferred: Yes | None = None
    contact_type: Text | None = Field(None, description="mobile, phone, or what an address is for")
    valid_for: TimePeriod | None = None
    phone_number: Text | None = Field(None, description="PhoneContactMedium")
    fax_number: Text | None = Field(None, description="FaxContactMedium")
    email_address: Text | None = Field(None, description="EmailContactMedium")
    social_network_id: Text | None = Field(None, description="SocialContactMedium")
    city: Text | None = Field(None, description="GeographicAddressContactMedium, as the next")
    country: Text | None = None
    post_code: Text | None = None
    state_or_province: Text | None = None
    street1: Text | None = Field(None, alias="street1")
    street2: Text | None = Field(None, alias="street2")
    geographic_address: Ref | None = None


class TypedCharacteristic(Characteristic):
    """A named value; ``@type`` says of which kind."""


class Customer(Entity):
    """A person or an organisation that buys products of the operator."""

    name: Text | None = None
    description: Text | None = None
    role: Text | None = Field(None, description="The role that the party plays: customer, unless the sender says it otherwise")
    status: Text | None = Field(None, description="prospect, active, suspended, left or merged")
    status_reason: Text | None = None
    account: list[Ref] | None = None
    agreement: list[Ref] | None = None
    characteristic: list[TypedCharacteristic] | None = None
    contact_medium: list[ContactMedium] | None = None
    credit_profile: list[CreditProfile] | None = None
    engaged_party: Ref | None = None
    party_role_specification: Ref | None = None
    payment_method: list[Ref] | None = None
    related_party: list[RelatedPartyOrPartyRole] | None = None
    valid_for: TimePeriod | None = None


STORE = "customer"
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "href": Href("customer/v5/customer"), "name": Col("name"), "status": Col("state"), "validFor": PERIOD,
    "@type": Said(STORE, "@type", Const("Customer")), "role": Said(STORE, "role", Const("customer")),
    "engagedParty": Obj({
        "id": Col("party_id", loose=True), "href": Href(PARTY_PATHS, "party_id", by="kind"), "name": Col("name", loose=True),
        "@referredType": Col("kind", values=PARTY_TYPES), "@type": Said(STORE, "engagedParty.@type", Const("PartyRef")),
    }),
    "characteristic": Pairs("characteristics", FIXED_TRAITS, typed=True),
    "contactMedium": Many(CONTACTS, on=("party_id", "party_id"), parts=V5),
    "creditProfile": Many(RATINGS, on=("customer_id", "id"), parts=CREDIT | {"@type": Const("CreditProfile")}, order="r.valid_from DESC"),
    "account": Many(ACCOUNTS, on=("customer_id", "id"), parts=ACCOUNT | {"@type": Const("AccountRef")}),
}


def create(document: Any, *, by: Actor, at: datetime) -> UUID:
    """Create a customer from the fifth version's document. Raises ``UnfitDocument`` where an object names no class."""
    missing = ["engagedParty"] if document.engaged_party.at_type is None else []
    missing += [f"contactMedium.{place}" for place, item in enumerate(document.contact_medium or ()) if item.at_type is None]
    if missing:
        raise UnfitDocument([{"code": "missing", "path": f"{path}.@type", "message": "@type"} for path in missing])
    return customers.create(document, by=by, at=at)


CUSTOMER = Resource(
    name="customer", type="Customer", document=Customer, rows=CUSTOMERS, attributes=ATTRIBUTES, view="party.view", customer="id", store=STORE,
    about="Customers: create, read, change and close them", required=("@type", "name", "engagedParty"),
    create=create, change=customers.change, remove=customers.remove, may_create="party.create", may_change="party.change", may_remove="party.close",
    server_set=SERVER_SET, fixed=FIXED, personal=PERSONAL, where="c.closed IS NULL", tally_where="t.closed IS NULL", dialect="tmf_related_v5",
    seeks=SEEKS | {"contactMedium.phoneNumber": partial(of_phone, "c.party_id"), "contactMedium.emailAddress": partial(of_email, "c.party_id")},
    example={
        "@type": "Customer", "name": "王芳", "engagedParty": {"@type": "PartyRef", "id": "crm-4711", "name": "王芳", "@referredType": "Individual"},
        "contactMedium": [{"@type": "PhoneContactMedium", "contactType": "mobile", "phoneNumber": "13857100001"}],
        "characteristic": [{"@type": "StringCharacteristic", "name": "level", "value": "gold"}],
    },
    told=of_customers("Customer"),
)

APIS = [
    Api(number="629", version="v5", base="customer", title="Customer Management", resources=(CUSTOMER,),
        about="The operator's customers, each a party in its role as a customer"),
]
