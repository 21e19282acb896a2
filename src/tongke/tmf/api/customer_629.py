"""TMF629 Customer Management, v4: a party in its role as the operator's customer."""

from __future__ import annotations

from functools import partial

from tongke.areas.account.queries.records import ACCOUNTS
from tongke.areas.party.queries.records import CONTACTS, CUSTOMERS, RATINGS, of_email, of_name, of_phone
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj, Pairs
from tongke.tmf.party import customers
from tongke.tmf.party.media import V4
from tongke.tmf.party.reading import PARTY_PATHS, PARTY_TYPES
from tongke.tmf.party.shapes import RoleDocument
from tongke.tmf.party.telling import of_customers

SERVER_SET = frozenset({"id", "href", "account", "creditProfile"})
# A customer does not become another party, and its first day is what it was.
FIXED = frozenset({"engagedParty", "validFor"})
FIXED_TRAITS = {"customerNumber": Col("customer_no"), "segment": Col("segment"), "level": Col("level")}
PERSONAL = {"contactMedium": "address", "relatedParty": "name", "paymentMethod": "name"}


class Customer(RoleDocument):
    """A person or an organisation that buys products of the operator.

    ``status`` is prospect, active, suspended, left or merged; ``statusReason`` says why it is to be another.
    """


CREDIT: dict[str, Node] = {
    "id": Col("id"), "creditProfileDate": Col("valid_from"), "creditRiskRating": Col("class_rank"), "creditScore": Col("score"),
    "validFor": Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")}),
}
ACCOUNT: dict[str, Node] = {
    "id": Col("id"), "href": Href("accountManagement/v4/billingAccount"), "name": Col("account_no"), "@referredType": Const("BillingAccount"),
}
PERIOD: Node = Obj({"startDateTime": Col("since_on", loose=True), "endDateTime": Col("left_on")})
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "name": Col("name"), "status": Col("state"),
    "engagedParty": Obj({
        "id": Col("party_id", loose=True), "href": Href(PARTY_PATHS, "party_id", by="kind"), "name": Col("name", loose=True),
        "@referredType": Col("kind", values=PARTY_TYPES),
    }),
    "validFor": PERIOD,
    "characteristic": Pairs("characteristics", FIXED_TRAITS),
    "contactMedium": Many(CONTACTS, on=("party_id", "party_id"), parts=V4),
    "creditProfile": Many(RATINGS, on=("customer_id", "id"), parts=CREDIT, order="r.valid_from DESC"),
    "account": Many(ACCOUNTS, on=("customer_id", "id"), parts=ACCOUNT),
}
SEEKS = {"name": partial(of_name, "p"), "engagedParty.name": partial(of_name, "p")}

CUSTOMER = Resource(
    name="customer", type="Customer", document=Customer, rows=CUSTOMERS, attributes=ATTRIBUTES, view="party.view", customer="id",
    about="Customers: create, read, change and close them", required=("name", "engagedParty"),
    create=customers.create, change=customers.change, remove=customers.remove, may_create="party.create", may_change="party.change", may_remove="party.close",
    server_set=SERVER_SET, fixed=FIXED, personal=PERSONAL, where="c.closed IS NULL", tally_where="t.closed IS NULL", dialect="tmf_related_v4",
    seeks=SEEKS | {"contactMedium.characteristic.phoneNumber": partial(of_phone, "c.party_id"),
                   "contactMedium.characteristic.emailAddress": partial(of_email, "c.party_id")},
    example={
        "name": "王芳", "engagedParty": {"id": "crm-4711", "name": "王芳", "@referredType": "Individual"},
        "contactMedium": [{"mediumType": "mobile", "preferred": True, "characteristic": {"phoneNumber": "13857100001"}}],
        "characteristic": [{"name": "level", "value": "gold"}],
    },
    told=of_customers("Customer"),
)

APIS = [
    Api(number="629", version="v4", base="customerManagement", title="Customer Management", resources=(CUSTOMER,),
        about="The operator's customers, each a party in its role as a customer"),
]
