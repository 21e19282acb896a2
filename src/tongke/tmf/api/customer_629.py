"""TMF629 Customer Management, v4 and v5: a party in its role as the operator's customer."""

from __future__ import annotations

from functools import partial

from pydantic import Field

from tongke.areas.account.queries.records import ACCOUNTS
from tongke.areas.party import events
from tongke.areas.party.queries.records import CONTACTS, CUSTOMERS, RATINGS, of_email, of_name, of_phone
from tongke.tmf.kit.declared import Api, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj
from tongke.tmf.kit.shapes import (
    Characteristic,
    ContactMedium,
    Entity,
    Instant,
    Ref,
    RelatedParty,
    Shape,
    Text,
    TimePeriod,
    Whole,
)

PARTY_TYPES = {"individual": "Individual", "organization": "Organization"}
PARTY_PATHS = {"individual": "party/v4/individual", "organization": "party/v4/organization"}


class CreditProfile(Shape):
    """How creditworthy the customer was found to be, and for how long that holds."""

    id: Text | None = None
    credit_profile_date: Instant | None = None
    credit_risk_rating: Whole | None = Field(None, description="1 is the best class, 5 the worst")
    credit_score: Whole | None = Field(None, description="0 to 1000")
    valid_for: TimePeriod | None = None


class Customer(Entity):
    """A person or an organisation that buys products of the operator."""

    name: Text | None = None
    status: Text | None = Field(None, description="prospect, active, suspended, left or merged")
    status_reason: Text | None = None
    account: list[Ref] | None = None
    agreement: list[Ref] | None = None
    characteristic: list[Characteristic] | None = None
    contact_medium: list[ContactMedium] | None = None
    credit_profile: list[CreditProfile] | None = None
    engaged_party: RelatedParty | None = None
    payment_method: list[Ref] | None = None
    related_party: list[RelatedParty] | None = None
    valid_for: TimePeriod | None = None


MEDIUM: dict[str, Node] = {
    "id": Col("id"), "mediumType": Col("kind"), "preferred": Col("preferred"),
    "characteristic": Obj({
        "phoneNumber": Col("phone", loose=True), "emailAddress": Col("email", loose=True), "socialNetworkId": Col("social", loose=True),
        "street1": Col("street", loose=True), "city": Col("city"), "stateOrProvince": Col("province"), "country": Col("country"),
        "postCode": Col("postcode"),
    }),
    "validFor": Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")}),
}
CREDIT: dict[str, Node] = {
    "id": Col("id"), "creditProfileDate": Col("valid_from"), "creditRiskRating": Col("class_rank"), "creditScore": Col("score"),
    "validFor": Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")}),
}
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "name": Col("name"), "status": Col("state"),
    "engagedParty": Obj({
        "id": Col("party_id", loose=True), "href": Href(PARTY_PATHS, "party_id", by="kind"), "name": Col("name"),
        "@referredType": Col("kind", values=PARTY_TYPES), "@type": Const("PartyRef"),
    }),
    "validFor": Obj({"startDateTime": Col("since_on"), "endDateTime": Col("left_on")}),
    "characteristic": Listed((
        Obj({"name": Const("customerNumber"), "valueType": Const("string"), "value": Col("customer_no")}),
        Obj({"name": Const("segment"), "valueType": Const("string"), "value": Col("segment")}),
        Obj({"name": Const("level"), "valueType": Const("string"), "value": Col("level")}),
    )),
    "contactMedium": Many(CONTACTS, on=("party_id", "party_id"), parts=MEDIUM),
    "creditProfile": Many(RATINGS, on=("customer_id", "id"), parts=CREDIT, order="r.valid_from DESC"),
    "account": Many(ACCOUNTS, on=("customer_id", "id"), parts={
        "id": Col("id"), "href": Href("accountManagement/v4/billingAccount"), "name": Col("account_no"), "@referredType": Const("BillingAccount"),
    }),
}

CUSTOMER = Resource(
    name="customer", type="Customer", document=Customer, rows=CUSTOMERS, attributes=ATTRIBUTES, view="party.view", customer="id",
    about="Customers: create, read, change and close them", required=("name", "engagedParty"), methods=("GET",),
    seeks={"name": partial(of_name, "p"), "contactMedium.characteristic.phoneNumber": partial(of_phone, "c.party_id"),
           "contactMedium.characteristic.emailAddress": partial(of_email, "c.party_id")},
    told=(Told(event=events.CustomerCreated, type="CustomerCreateEvent", key="customer_id"),),
)

APIS = [
    Api(number="629", version="v4", base="customerManagement", title="Customer Management", resources=(CUSTOMER,),
        about="The operator's customers, each a party in its role as a customer"),
]
