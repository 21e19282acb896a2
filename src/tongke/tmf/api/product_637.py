"""TMF637 Product Inventory, v4: what customers hold. One Product for each product installed; its line is a realizing service."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.inventory import events, services
from tongke.areas.inventory.queries.records import PRODUCTS, of_number, paid_by
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Node, Obj, Pairs, Said
from tongke.tmf.kit.references import customer_among, customer_parts, known, record_of
from tongke.tmf.kit.shapes import (
    Characteristic,
    Entity,
    Instant,
    Money,
    Number,
    Quantity,
    Ref,
    RelatedParty,
    Shape,
    Text,
    TimePeriod,
    Whole,
    Yes,
)

LEGACY = "aborted "  # the official word carries a blank


def _official(value: Any) -> Any:
    return LEGACY if value == "aborted" else value


Status = Annotated[
    Literal["created", "pendingActive", "cancelled", "active", "pendingTerminate", "terminated", "suspended", "aborted "], BeforeValidator(_official),
]
# From each state those that may follow, as the official diagram has them, and the verb that leads there.
MOVES = {
    ("created", "pendingActive"): services.prepare_product, ("created", "active"): services.activate_product,
    ("pendingActive", "active"): services.activate_product, ("pendingActive", "aborted"): services.abort_product,
    ("pendingActive", "cancelled"): services.cancel_product, ("active", "suspended"): services.suspend_product,
    ("suspended", "active"): services.resume_product, ("active", "pendingTerminate"): services.begin_product_termination,
    ("active", "terminated"): services.end_product, ("pendingTerminate", "terminated"): services.end_product,
}


class AgreementItem(Ref):
    """A reference to an item of an agreement."""

    agreement_item_id: Text | None = None


class Price(Shape):
    """A price, with and without tax."""

    percentage: Number | None = None
    tax_rate: Number | None = None
    duty_free_amount: Money | None = None
    tax_included_amount: Money | None = None


class Alteration(Shape):
    """What lowers or raises a price for a while."""

    application_duration: Whole | None = None
    description: Text | None = None
    name: Text | None = None
    price_type: Text
    priority: Whole | None = None
    recurring_charge_period: Text | None = None
    unit_of_measure: Text | None = None
    price: Price
    product_offering_price: Ref | None = None


class ProductPrice(Shape):
    """What the product costs."""

    id: Text | None = None
    description: Text | None = None
    name: Text | None = None
    price_type: Text | None = None
    recurring_charge_period: Text | None = None
    unit_of_measure: Text | None = None
    billing_account: Ref | None = None
    price: Price | None = None
    product_offering_price: Ref | None = None
    product_price_alteration: list[Alteration] | None = None


class RelatedPlace(Entity):
    """A place in a role."""

    name: Text | None = None
    role: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class OrderItem(Shape):
    """The item of an order by which the product came."""

    order_item_action: Text | None = None
    order_item_id: Text
    product_order_href: Text | None = None
    product_order_id: Text
    role: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class TargetSchema(Shape):
    """Where the schema of a specification's characteristics stands."""


class Specification(Ref):
    """A reference to a product specification."""

    version: Text | None = None
    target_product_schema: TargetSchema | None = None


class ProductTerm(Shape):
    """Under what terms the product is held; the one named contract is our own."""

    id: Text | None = None
    description: Text | None = None
    name: Text | None = None
    duration: Quantity | None = None
    valid_for: TimePeriod | None = None


class RealizingResource(Ref):
    """A resource that the product uses."""

    value: Text | None = None


class Product(Entity):
    """A product that a customer holds."""

    name: Text | None = None
    description: Text | None = None
    status: Status | None = None
    is_bundle: Yes | None = None
    is_customer_visible: Yes | None = None
    order_date: Instant | None = None
    product_serial_number: Text | None = None
    start_date: Instant | None = Field(None, description="The first day; set when creating, else the day of the installation")
    termination_date: Instant | None = Field(None, description="The last day; set by the server")
    agreement: list[AgreementItem] | None = None
    billing_account: Ref | None = Field(None, description="Which account pays the line the product is on")
    place: list[RelatedPlace] | None = None
    product: list[ProductRefOrValue] | None = None
    product_characteristic: list[Characteristic] | None = None
    product_offering: Ref | None = None
    product_order_item: list[OrderItem] | None = None
    product_price: list[ProductPrice] | None = None
    product_relationship: list[ProductRelationship] | None = None
    product_specification: Specification | None = None
    product_term: list[ProductTerm] | None = None
    realizing_resource: list[RealizingResource] | None = None
    realizing_service: list[Ref] | None = Field(None, description="The line the product is on; its name is the service number")
    related_party: list[RelatedParty] | None = None


class ProductRefOrValue(Product):
    """A product by reference or by value."""

    at_referred_type: Text | None = Field(None, alias="@referredType")


class ProductRelationship(Shape):
    """How two products belong together."""

    relationship_type: Text
    product: ProductRefOrValue


Product.model_rebuild()
ProductRefOrValue.model_rebuild()

ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "status": Col("state", values={"aborted": LEGACY}), "name": Said("product", "name", Col("offering_name")),
    "startDate": Col("started_on", loose=True), "terminationDate": Col("ended_on"),
    "billingAccount": Obj({"id": Col("account_id"), "href": Href("accountManagement/v4/billingAccount", "account_id"),
                           "name": Col("account_no", loose=True), "@referredType": Const("BillingAccount")}),
    "productCharacteristic": Pairs("characteristics", perhaps={"serviceNumber": Col("service_number", loose=True), "lineKind": Col("line_kind")}),
    "productOffering": Obj({"id": Col("offering_id"), "href": Href("productCatalogManagement/v4/productOffering", "offering_id"),
                            "name": Col("offering_name", loose=True), "@referredType": Const("ProductOffering")}),
    "productPrice": Listed((Obj({
        "id": Const("recurring"), "priceType": Const("recurring"), "recurringChargePeriod": Const("month"),
        "price": Obj({"taxIncludedAmount": Obj({"unit": Col("currency"), "value": Col("monthly_fee")})}),
    }),), open=True),
    "productTerm": Listed((Obj({
        "id": Const("contract"), "name": Const("contract"), "validFor": Obj({"startDateTime": Col("contract_from", loose=True), "endDateTime": Col("contract_until", loose=True)}),
    }),), open=True),
    "realizingService": Listed((Obj({
        "id": Col("subscriber_id"), "href": Href("serviceInventory/v4/service", "subscriber_id"), "name": Col("service_number", loose=True),
        "@referredType": Const("Service"),
    }),), open=True),
    "relatedParty": Listed((Obj(customer_parts()),), open=True),
}
OURS = {"serviceNumber", "lineKind"}


def _fee(document: Product) -> Decimal | None:
    """Return the monthly fee that the prices name, or none. Raises ``Invalid``."""
    for price in document.product_price or ():
        amount = price.price.tax_included_amount if price.price_type == "recurring" and price.price else None
        if amount is not None and amount.value is not None:
            return Decimal(str(amount.value))
    return None


def _contract_until(document: Product) -> date | None:
    """Return the day on which the contract among the terms ends, or none."""
    ends = [term.valid_for.end_date_time for term in document.product_term or () if term.name == "contract" and term.valid_for]
    return ends[0].date() if ends and ends[0] else None


def _characteristics(document: Product) -> dict[str, Any]:
    """Return the characteristics by name; the line's own are no product's."""
    return {item.name: item.value for item in document.product_characteristic or () if item.name not in OURS}


def create(document: Product, *, by: Actor, at: datetime) -> UUID:
    """Install a product of an offering for the customer among the related parties, on a line where one is named."""
    customer = customer_among(document.related_party)
    offering = record_of(document.product_offering.id if document.product_offering else None, "productOffering.id")
    code = catalogue.offering_code(offering)
    line = record_of(document.realizing_service[0].id, "realizingService.id") if document.realizing_service else None
    made = known("relatedParty.id", customer, lambda: services.install_product(
        customer_id=customer, offering_code=code, subscriber_id=line, monthly_fee=_fee(document), contract_until=_contract_until(document),
        characteristics=_characteristics(document), state=str(document.status).strip(),
        started_on=document.start_date.date() if document.start_date else None, by=by, at=at))
    if document.billing_account and line:
        _pay(line, document.billing_account.id, by=by, at=at)
    return made


def _pay(line: UUID, account: str, *, by: Actor, at: datetime) -> None:
    """Let an account pay a line, unless it does already (an assignment is a fact with a date of its own)."""
    wanted = record_of(account, "billingAccount.id")
    known("billingAccount.id", wanted, lambda: services.assign_payer(subscriber_id=line, account_id=wanted, by=by, at=at))


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change fee, contract, characteristics and payer, then move the product along its life."""
    after: Product = wanted.after
    changes: dict[str, Any] = {}
    if "productPrice" in wanted.changed and _fee(after) is not None:
        changes["monthly_fee"] = _fee(after)
    if "productTerm" in wanted.changed:
        changes["contract_until"] = _contract_until(after)
    if "productCharacteristic" in wanted.changed:
        changes["characteristics"] = _characteristics(after)
    if changes:
        services.change_product(product_id=record_id, changes=changes, by=by, at=at)
    if "billingAccount" in wanted.changed and after.billing_account and after.realizing_service:
        _pay(record_of(after.realizing_service[0].id, "realizingService.id"), after.billing_account.id, by=by, at=at)
    if "status" in wanted.changed:
        _move(record_id, str(wanted.before.status).strip(), str(after.status or "").strip(), by=by, at=at)


def _move(record_id: UUID, before: str, after: str, *, by: Actor, at: datetime) -> None:
    if not after:
        raise Invalid(what="status", field="status")
    verb = MOVES.get((before, after))
    if verb is None:
        possible = ", ".join(end for start, end in MOVES if start == before)
        raise IllegalMove(verb=after, state=before, possible=possible or "-", field="status")
    verb(product_id=record_id, reason="TMF637", by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a product away that never came to life."""
    services.remove_product(product_id=record_id, by=by, at=at)


def _in_state(values: Any) -> tuple[str, list[Any]]:
    return "d.state = ANY (%s::text[])", [[value.strip() for value in values]]


def _told(event: Any, word: str, key: str = "subject_id", **more: Any) -> Told:
    return Told(event=event, type=f"Product{word}Event", key=key, **more)


PRODUCT_RESOURCE = Resource(
    name="product", type="Product", document=Product, rows=PRODUCTS, attributes=ATTRIBUTES, view="inventory.view", customer="customer_id",
    about="Products that customers hold: install, read, change, suspend, resume and end them",
    required=("status", "relatedParty", "productOffering"), create=create, change=change, remove=remove, may_create="inventory.install",
    may_remove="inventory.install", server_set=frozenset({"id", "href", "terminationDate"}), fixed=frozenset({"startDate"}),
    seeks={
        "status": _in_state, "realizingService.name": partial(of_number, "d.subscriber_id"), "billingAccount.id": partial(paid_by, "d.subscriber_id"),
    },
    told=(
        _told(events.ProductInstalled, "Create"), _told(events.ProductChanged, "AttributeValueChange"), _told(events.ProductMigrated, "AttributeValueChange"),
        _told(events.ProductStateChanged, "StateChange"), _told(events.ProductStateChanged, "Batch", when=lambda payload: bool(payload["with_line"])),
        _told(events.ProductRemoved, "Delete", removes=True),
    ),
)
APIS = [
    Api(number="637", version="v4", base="productInventory", title="Product Inventory", resources=(PRODUCT_RESOURCE,),
        about="What customers hold, from the installation to the end"),
]
