"""TMF670 Payment Method, v4: what customers pay with. The numbers of cards and bank accounts come in and never go out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from tongke.areas.account import events, services
from tongke.areas.account.queries.records import MEANS, MEANS_ACCOUNTS
from tongke.areas.account.states import MeansState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj
from tongke.tmf.kit.references import customer_parts, known, record_of
from tongke.tmf.kit.shapes import Attachment, Entity, Instant, Quantity, Ref, RelatedParty, Text, TimePeriod, Yes

NUMBERS = ("cardNumber", "accountNumber", "token", "walletId", "code")
"""The attributes that hold what a payment method is known by, by kind; all but the last four signs stay in the house."""


class AccountRef(Ref):
    """An account that the method pays."""

    description: Text | None = None


class RelatedPlace(Entity):
    """A place in a role: where bills or goods go."""

    name: Text | None = None
    role: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class PaymentMethod(Entity):
    """A payment method. Which attributes it has beyond the common ones depends on its @type."""

    at_type: Literal[
        "cash", "digitalWallet", "tokenizedCard", "bankAccountTransfer", "bankAccountDebit", "bankCard", "voucher", "check", "bucketPaymentMethod",
        "accountPaymentMethod", "loyaltyPaymentMethod", "directDebit",
    ] | None = Field(None, alias="@type", description="The kind of payment method")
    name: Text | None = None
    description: Text | None = None
    is_preferred: Yes | None = None
    authorization_code: Text | None = None
    status: Text | None = Field(None, description="active, suspended or ended")
    status_date: Instant | None = Field(None, description="Since when it is in its state; set by the server")
    status_reason: Text | None = None
    valid_for: TimePeriod | None = None
    related_party: RelatedParty | None = Field(None, description="The customer whose method it is")
    related_place: RelatedPlace | None = None
    account: list[AccountRef] | None = Field(None, description="The billing accounts that it pays")
    # Cards, whole or by token.
    brand: Text | None = None
    card_type: Text | None = None
    card_number: Text | None = Field(None, description="Sent whole, given back as its last four digits; the whole is not kept")
    cvv: Text | None = Field(None, description="Never to be sent: a document that holds it is refused")
    last_four_digits: Text | None = None
    name_on_card: Text | None = None
    expiration_date: Instant | None = None
    token_type: Text | None = None
    token: Text | None = Field(None, description="Sent whole, sealed, given back as its last four signs")
    issuer: Text | None = None
    country_of_issue: Text | None = None
    # Bank accounts and mandates.
    account_number: Text | None = Field(None, description="Sent whole, sealed, given back as its last four signs")
    account_number_type: Text | None = None
    bic: Text | None = Field(None, alias="BIC")
    owner: Text | None = None
    bank: Text | None = None
    reference: Text | None = None
    mandate_id: Text | None = None
    mandate_status: Text | None = None
    mandate_type: Text | None = None
    mandate_category: Text | None = None
    mandate_status_date: Instant | None = None
    signature: Text | None = None
    signature_date: Instant | None = None
    first_debit_date: Instant | None = None
    last_debit_date: Instant | None = None
    cancellation_date: Instant | None = None
    attachment: list[Attachment] | None = None
    # Wallets, vouchers, cheques.
    service: Text | None = None
    wallet_id: Text | None = Field(None, description="Sent whole, sealed, given back as its last four signs")
    wallet_url: Text | None = None
    code: Text | None = Field(None, description="Sent whole, sealed, given back as its last four signs")
    value: Quantity | None = None
    discount: Text | None = None
    campaign: Text | None = None
    check_id: Text | None = None
    drawer: Text | None = None
    payee: Text | None = None
    signed_date: Instant | None = None


ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "@type": Col("kind"), "name": Col("name"), "description": Col("description"), "isPreferred": Col("preferred"),
    "status": Col("state"), "statusDate": Col("state_at"), "statusReason": Col("state_reason"),
    "validFor": Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")}),
    "cardNumber": Col("card_number", loose=True), "accountNumber": Col("bank_account_number", loose=True), "token": Col("token", loose=True),
    "walletId": Col("wallet", loose=True), "code": Col("voucher", loose=True), "lastFourDigits": Col("last_four", loose=True, spare=True),
    "relatedParty": Obj(customer_parts()),
    "account": Many(rows=MEANS_ACCOUNTS, on=("means_id", "id"), parts={
        "id": Col("account_id"), "href": Href("accountManagement/v4/billingAccount", "account_id"), "name": Col("account_no", loose=True),
        "@referredType": Const("BillingAccount"),
    }),
}
# What the official subclasses ask for, beyond name and @type.
REQUIRED = {
    "bankCard": ("cardNumber", "brand", "expirationDate", "nameOnCard"), "tokenizedCard": ("lastFourDigits", "expirationDate"),
    "bankAccountDebit": ("accountNumber", "owner", "bank"), "bankAccountTransfer": ("accountNumber", "owner", "bank"),
    "directDebit": ("mandateType", "accountNumber", "firstDebitDate", "owner", "bank"), "digitalWallet": ("service", "walletId", "walletUrl"),
    "voucher": ("code", "value", "expirationDate"), "check": ("checkId", "drawer", "payee", "signedDate", "bank"),
}
# Which attribute holds what a kind is known by.
NUMBER_OF = {
    "bankCard": "cardNumber", "tokenizedCard": "token", "bankAccountDebit": "accountNumber", "bankAccountTransfer": "accountNumber",
    "directDebit": "accountNumber", "digitalWallet": "walletId", "voucher": "code",
}


def _number(document: PaymentMethod, kind: str) -> str:
    """Return what the method is known by. Raises ``Invalid`` for a number that its kind does not have."""
    sent = document.document()
    mine = NUMBER_OF.get(kind, "")
    for name in NUMBERS:
        if name != mine and sent.get(name):
            raise Invalid(what=f"{name} (@type {kind})", field=name)
    return str(sent.get(mine) or "")


def _accounts(document: PaymentMethod) -> list[UUID]:
    return [record_of(account.id, "account.id") for account in document.account or ()]


def create(document: PaymentMethod, *, by: Actor, at: datetime) -> UUID:
    """Record a payment method of the customer that ``relatedParty`` refers to, or of the accounts' customers."""
    kind = str(document.at_type)
    sent = document.document()
    for name in REQUIRED.get(kind, ()):
        if sent.get(name) is None:
            raise Invalid(what=f"{name} (@type {kind})", field=name)
    if (document.status or "active") != "active":
        raise Invalid(what="status (active)", field="status")
    customer = record_of(document.related_party.id, "relatedParty.id") if document.related_party else None
    period = document.valid_for or TimePeriod()
    draft = services.MeansDraft(
        kind=kind, name=str(document.name), description=document.description or "", preferred=bool(document.is_preferred),
        number=_number(document, kind), security_code=document.cvv, valid_from=period.start_date_time, valid_until=period.end_date_time)
    return known("relatedParty.id", customer, lambda: services.record_payment_means(
        draft, customer_id=customer, account_ids=_accounts(document), by=by, at=at))


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change name, preference, validity, number and accounts, then suspend, resume or end the method."""
    before, after = wanted.before, wanted.after
    if "name" in wanted.changed and not after.name:
        raise Invalid(what="name", field="name")
    period = after.valid_for or TimePeriod()
    facts = {
        "name": ("name", after.name), "description": ("description", after.description or ""), "isPreferred": ("preferred", bool(after.is_preferred)),
    }
    changes = {name: value for attribute, (name, value) in facts.items() if attribute in wanted.changed}
    if "validFor" in wanted.changed:
        changes |= {"valid_until": period.end_date_time} | ({"valid_from": period.start_date_time} if period.start_date_time else {})
    number = _number(after, str(after.at_type)) if wanted.changed & set(NUMBERS) else None
    if changes or number or "account" in wanted.changed or after.cvv:
        services.change_payment_means(
            means_id=record_id, changes=changes, number=number, account_ids=_accounts(after) if "account" in wanted.changed else None,
            security_code=after.cvv, by=by, at=at)
    if "status" in wanted.changed:
        if after.status not in tuple(MeansState.values):
            raise Invalid(what=f"status ({', '.join(MeansState.values)})", field="status")
        services.move_payment_means(means_id=record_id, to=after.status, reason=_reason(before, after), by=by, at=at)


def _reason(before: PaymentMethod, after: PaymentMethod) -> str:
    """Return why the state changes: a reason that was sent along, not the one of the move before."""
    return after.status_reason if after.status_reason and after.status_reason != before.status_reason else "TMF670"


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a payment method away."""
    services.remove_payment_means(means_id=record_id, by=by, at=at)


PAYMENT_METHOD = Resource(
    name="paymentMethod", type="PaymentMethod", document=PaymentMethod, rows=MEANS, attributes=ATTRIBUTES, view="account.view",
    customer="customer_id", about="What customers pay with: cards, bank accounts, wallets, vouchers", required=("name", "@type"),
    create=create, change=change, remove=remove, may_create="account.keep_means", may_change="account.keep_means", may_remove="account.keep_means",
    server_set=frozenset({"id", "href", "statusDate"}), fixed=frozenset({"@type", "relatedParty"}),
    personal={
        "nameOnCard": "name", "owner": "name", "drawer": "name", "payee": "name", "authorizationCode": "id_number", "signature": "id_number",
        "walletUrl": "phone", "relatedPlace": "address", "attachment": "id_number",
    },
    example={
        "@type": "bankAccountDebit", "name": "Salary account", "accountNumber": "1202021234567890123", "owner": "Wang Fang", "bank": "ICBC",
        "isPreferred": True,
    },
    told=(
        Told(event=events.PaymentMeansRecorded, type="PaymentMethodCreateEvent"),
        Told(event=events.PaymentMeansChanged, type="PaymentMethodAttributeValueChangeEvent"),
        Told(event=events.PaymentMeansStateChanged, type="PaymentMethodStatusChangeEvent"),
        Told(event=events.PaymentMeansRemoved, type="PaymentMethodDeleteEvent", removes=True),
    ),
)
APIS = [
    Api(number="670", version="v4", base="paymentMethod", title="Payment Method", resources=(PAYMENT_METHOD,),
        about="What customers pay with; numbers come in whole and go out as their last four signs"),
]
