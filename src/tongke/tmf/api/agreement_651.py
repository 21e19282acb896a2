"""TMF651 Agreement Management, v4: agreements and their specifications, kept as documents with a life cycle.

An agreement has parties, items and authorisations, for which no room has records yet, so it is kept whole. The contract
of a product (until when its holder is bound) is a fact of that product: it is shown as its term in TMF637, not here as
an agreement that nobody signed; ``agreementItem.product`` and ``product.agreement`` refer to each other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import Field

from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.kept import holding, kept_resource
from tongke.tmf.kit.mapping import Col
from tongke.tmf.kit.shapes import Attachment, Characteristic, Entity, Instant, Ref, RelatedParty, Shape, Text, TimePeriod, Whole, Yes

# A document that another system brings along may be approved or in force already.
AGREEMENT_MOVES = {
    "": ("approved", "active"), "inProcess": ("approved", "rejected", "cancelled"), "approved": ("active", "cancelled"),
    "active": ("suspended", "terminated", "expired"), "suspended": ("active", "terminated", "expired"), "rejected": (), "cancelled": (),
    "terminated": (), "expired": (),
}
SPECIFICATION_MOVES = {
    "": ("inDesign", "inTest", "active", "launched"), "inStudy": ("inDesign", "rejected"), "inDesign": ("inTest", "rejected"),
    "inTest": ("active", "rejected", "inDesign"), "active": ("launched", "retired"), "launched": ("retired",), "retired": ("obsolete",),
    "rejected": (), "obsolete": (),
}


class Authorization(Shape):
    """Who signed, and when."""

    date: Instant | None = None
    signature_representation: Text | None = None
    state: Text | None = None


class TermOrCondition(Shape):
    """A term of the agreement."""

    id: Text | None = None
    description: Text | None = None
    valid_for: TimePeriod | None = None


class AgreementItem(Shape):
    """What is agreed on."""

    product: list[Ref] | None = None
    product_offering: list[Ref] | None = None
    term_or_condition: list[TermOrCondition] | None = None


class SpecificationRef(Ref):
    """A reference to the specification that an agreement follows."""

    description: Text | None = None


class Agreement(Entity):
    """An agreement between parties."""

    name: Text | None = None
    agreement_type: Text | None = None
    description: Text | None = None
    document_number: Whole | None = None
    initial_date: Instant | None = None
    statement_of_intent: Text | None = None
    status: Text | None = Field(None, description="inProcess, approved, rejected, cancelled, active, suspended, terminated or expired", max_length=40)
    version: Text | None = None
    agreement_authorization: list[Authorization] | None = None
    agreement_item: list[AgreementItem] | None = None
    agreement_period: TimePeriod | None = None
    agreement_specification: SpecificationRef | None = None
    associated_agreement: list[Ref] | None = None
    characteristic: list[Characteristic] | None = None
    completion_date: TimePeriod | None = Field(None, description="Set when creating")
    engaged_party: list[RelatedParty] | None = None


class Value(Shape):
    """A value that a characteristic may have."""

    default: Yes | None = None
    unit_of_measure: Text | None = None
    value_from: Text | None = None
    value_to: Text | None = None
    value_type: Text | None = None
    valid_for: TimePeriod | None = None
    value: Any = None


class SpecCharacteristic(Shape):
    """A characteristic of agreements."""

    configurable: Yes | None = None
    description: Text | None = None
    name: Text | None = None
    value_type: Text | None = None
    spec_characteristic_value: list[Value] | None = None
    valid_for: TimePeriod | None = None


class Category(Ref):
    """A reference to a category of services."""

    version: Text | None = None


class SpecificationRelationship(Entity):
    """How two specifications belong together."""

    name: Text | None = None
    relationship_type: Text | None = None
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class AgreementSpecification(Entity):
    """A template of agreements."""

    name: Text | None = None
    description: Text | None = None
    is_bundle: Yes | None = None
    last_update: Instant | None = Field(None, description="Set by the server")
    lifecycle_status: Text | None = Field(
        None, description="inStudy, inDesign, inTest, active, launched, retired, obsolete or rejected", max_length=40)
    version: Text | None = None
    attachment: list[Attachment] | None = None
    related_party: list[RelatedParty] | None = None
    service_category: Category | None = None
    specification_characteristic: list[SpecCharacteristic] | None = None
    specification_relationship: list[SpecificationRelationship] | None = None
    valid_for: TimePeriod | None = None


AGREEMENT = replace(
    kept_resource("agreement", Agreement, about="Agreements between parties", required=("name", "agreementType", "agreementItem", "engagedParty"),
                  start_state="inProcess", moves=AGREEMENT_MOVES),
    fixed=frozenset({"completionDate"}),
    seeks={
        "engagedParty.id": partial(holding, "agreement", lambda ident: {"engagedParty": [{"id": ident}]}),
        "agreementItem.product.id": partial(holding, "agreement", lambda ident: {"agreementItem": [{"product": [{"id": ident}]}]}),
        "agreementSpecification.id": partial(holding, "agreement", lambda ident: {"agreementSpecification": {"id": ident}}),
        "name": partial(holding, "agreement", lambda name: {"name": name}),
    },
)
SPECIFICATION = replace(
    kept_resource("agreementSpecification", AgreementSpecification, about="Templates of agreements", required=("name", "attachment"),
                  state_attribute="lifecycleStatus", start_state="inStudy", moves=SPECIFICATION_MOVES, server_set=frozenset({"lastUpdate"})),
    attributes={"lastUpdate": Col("changed_at")},
)
APIS = [
    Api(number="651", version="v4", base="agreementManagement", title="Agreement Management", resources=(AGREEMENT, SPECIFICATION),
        about="Agreements between parties and the templates that they follow"),
]
