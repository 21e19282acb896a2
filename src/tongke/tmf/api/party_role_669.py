"""TMF669 Party Role Management, v4: customers, and parties in every other role."""

from __future__ import annotations

from tongke.areas.account.queries.records import ACCOUNTS
from tongke.areas.party import events
from tongke.areas.party.queries.records import RATINGS, ROLES
from tongke.tmf.api.customer_629 import ACCOUNT, CREDIT, PERSONAL
from tongke.tmf.kit.declared import Api, Resource, Told
from tongke.tmf.kit.mapping import Col, Href, Many, Node, Obj
from tongke.tmf.party import roles
from tongke.tmf.party.reading import PARTY_PATHS, PARTY_TYPES
from tongke.tmf.party.shapes import RoleDocument
from tongke.tmf.party.telling import of_customers


class PartyRole(RoleDocument):
    """A party in a role. ``name`` is the role: customer, or what the sender calls it.

    ``status`` is a customer's, or active and suspended in other roles; they end by DELETE.
    """


ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "name": Col("role", loose=True), "status": Col("state"),
    "engagedParty": Obj({
        "id": Col("party_id", loose=True), "href": Href(PARTY_PATHS, "party_id", by="kind"), "name": Col("name", loose=True),
        "@referredType": Col("kind", values=PARTY_TYPES),
    }),
    "validFor": Obj({"startDateTime": Col("since", loose=True), "endDateTime": Col("until", spare=True)}),
    "creditProfile": Many(RATINGS, on=("customer_id", "customer_id"), parts=CREDIT, order="r.valid_from DESC"),
    "account": Many(ACCOUNTS, on=("customer_id", "customer_id"), parts=ACCOUNT),
}

ROLE = Resource(
    name="partyRole", type="PartyRole", document=PartyRole, rows=ROLES, attributes=ATTRIBUTES, view="party.view", customer="customer_id",
    about="Parties in roles: customers, and every other role that a party plays", required=("name",),
    create=roles.create, change=roles.change, remove=roles.remove, may_create="party.create", may_change="party.change", may_remove="party.close",
    server_set=frozenset({"id", "href", "account", "creditProfile"}), fixed=frozenset({"engagedParty", "validFor"}), personal=PERSONAL,
    example={"name": "supplier", "engagedParty": {"id": "erp-12", "name": "Blue Sea", "@referredType": "Organization"}, "agreement": [{"id": "AG-1"}]},
    told=(
        *of_customers("PartyRole"),
        Told(event=events.PartyRoleBegun, type="PartyRoleCreateEvent"),
        Told(event=events.PartyRoleChanged, type="PartyRoleAttributeValueChangeEvent", when=lambda fact: fact["before"] == fact["state"]),
        Told(event=events.PartyRoleChanged, type="PartyRoleStateChangeEvent",
             when=lambda fact: fact["before"] != fact["state"] and fact["state"] != "terminated"),
        Told(event=events.PartyRoleChanged, type="PartyRoleDeleteEvent", when=lambda fact: fact["state"] == "terminated", removes=True),
    ),
)

APIS = [
    Api(number="669", version="v4", base="partyRoleManagement", title="Party Role Management", resources=(ROLE,),
        about="What parties are to the operator: customers, suppliers, partners, guarantors and whatever else"),
]
