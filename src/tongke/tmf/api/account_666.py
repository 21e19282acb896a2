"""TMF666 Account Management, v4: billing accounts of our own, other accounts and the words of billing kept as documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from tongke.areas.account import events, services
from tongke.areas.account.queries.records import ACCOUNTS
from tongke.areas.account.states import AccountState, PaymentKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.kept import kept_resource
from tongke.tmf.kit.mapping import Col, Const, Listed, Node, Obj
from tongke.tmf.kit.references import customer_among, customer_parts, known
from tongke.tmf.kit.shapes import Attachment, ContactMedium, Entity, Instant, Money, Ref, RelatedParty, Shape, Text, TimePeriod, Whole

PAPER = ("electronic", "paper")
Name = Annotated[str, StringConstraints(max_length=200, strict=True)]


class AccountBalance(Shape):
    """What an account holds or owes, by type."""

    id: Text | None = None
    balance_type: Text | None = Field(None, description="deposit: money held for the customer; receivable: what is owed")
    amount: Money | None = None
    valid_for: TimePeriod | None = None


class AccountRef(Ref):
    """A reference to another account."""

    description: Text | None = None


class AccountRelationship(Shape):
    """How two accounts belong together."""

    relationship_type: Text
    account: AccountRef | None = None
    valid_for: TimePeriod


class AccountMedium(ContactMedium):
    """A way to reach the contact."""

    id: Text | None = None


class Contact(Shape):
    """A person or office to turn to about the account."""

    id: Text | None = None
    contact_name: Text | None = None
    contact_type: Text
    party_role_type: Text | None = None
    contact_medium: list[AccountMedium] | None = None
    related_party: RelatedParty | None = None
    valid_for: TimePeriod


class TaxDefinition(Shape):
    """A tax, by jurisdiction."""

    id: Text | None = None
    jurisdiction_level: Text | None = None
    jurisdiction_name: Text | None = None
    name: Text | None = None
    tax_type: Text | None = None
    valid_for: TimePeriod | None = None


class TaxExemption(Shape):
    """A certificate that frees from a tax."""

    id: Text | None = None
    certificate_number: Text | None = None
    issuing_jurisdiction: Text
    reason: Text | None = None
    attachment: Attachment | None = None
    tax_definition: list[TaxDefinition] | None = None
    valid_for: TimePeriod


class CycleSpecification(Entity):
    """When bills are made, by reference or by value."""

    name: Text | None = None
    description: Text | None = None
    billing_date_shift: Whole | None = Field(None, description="Days from the start of the month to the day of the bill")
    billing_period: Text | None = None
    charge_date_offset: Whole | None = None
    credit_date_offset: Whole | None = None
    date_shift: Whole | None = None
    frequency: Text | None = None
    mailing_date_offset: Whole | None = None
    payment_due_date_offset: Whole | None = None
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class NamedOrRef(Entity):
    """A format or medium of bills, by reference or by value."""

    name: Text | None = None
    description: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class BillStructure(Shape):
    """When, how and on what the account's bills are made."""

    cycle_specification: CycleSpecification | None = None
    format: NamedOrRef | None = None
    presentation_media: list[NamedOrRef] | None = Field(None, description="electronic or paper")


class PaymentPlan(Shape):
    """How a sum is paid in parts."""

    id: Text | None = None
    number_of_payments: Whole | None = None
    payment_frequency: Text | None = None
    plan_type: Text | None = None
    priority: Whole | None = None
    status: Text | None = None
    payment_method: Ref | None = None
    total_amount: Money | None = None
    valid_for: TimePeriod | None = None


class FinancialAccount(Entity):
    """An account of the books."""

    name: Name | None = None
    account_type: Text | None = None
    description: Text | None = None
    last_modified: Instant | None = Field(None, description="Set by the server")
    state: Text | None = Field(None, description="active or closed", max_length=40)
    account_balance: list[AccountBalance] | None = None
    account_relationship: list[AccountRelationship] | None = None
    contact: list[Contact] | None = None
    credit_limit: Money | None = None
    related_party: list[RelatedParty] | None = None
    tax_exemption: list[TaxExemption] | None = None


class PartyAccount(FinancialAccount):
    """An account of a party."""

    payment_status: Text | None = Field(None, description="paid or due")
    bill_structure: BillStructure | None = None
    default_payment_method: Ref | None = None
    financial_account: Ref | None = None
    payment_plan: list[PaymentPlan] | None = None


class SettlementAccount(PartyAccount):
    """An account over which partners settle."""


class BillingAccount(PartyAccount):
    """An account of a customer on which bills are made and payments booked."""

    rating_type: Text | None = Field(None, description="prepaid or postpaid")
    account_number: Text | None = Field(None, description="The number printed on bills, given by the server")


class BillFormat(Entity):
    """How a bill is laid out."""

    name: Text | None = None
    description: Text | None = None


class BillPresentationMedia(Entity):
    """On what a bill reaches the customer."""

    name: Text | None = None
    description: Text | None = None


class BillingCycleSpecification(Entity):
    """When bills are made."""

    name: Text | None = None
    description: Text | None = None
    billing_date_shift: Whole | None = None
    billing_period: Text | None = None
    charge_date_offset: Whole | None = None
    credit_date_offset: Whole | None = None
    frequency: Text | None = None
    mailing_date_offset: Whole | None = None
    payment_due_date_offset: Whole | None = None
    valid_for: TimePeriod | None = None


def _balance(kind: str, column: str) -> Obj:
    return Obj({"id": Const(kind), "balanceType": Const(kind), "amount": Obj({"unit": Col("currency"), "value": Col(column)}),
                "validFor": Obj({"startDateTime": Col("opened_on"), "endDateTime": Col("closed_on")})})


BILLING: dict[str, Node] = {
    "id": Col("id"), "name": Col("name"), "state": Col("state"), "lastModified": Col("changed_at"), "ratingType": Col("payment_kind"),
    "paymentStatus": Col("payment_status"), "accountNumber": Col("account_no"),
    "accountBalance": Listed((_balance("deposit", "balance"), _balance("receivable", "owed"))),
    "creditLimit": Obj({"unit": Col("currency"), "value": Col("credit_limit")}),
    "billStructure": Obj({
        "cycleSpecification": Obj({"name": Col("cycle_name"), "billingDateShift": Col("cycle_shift"), "frequency": Const("monthly")}),
        "presentationMedia": Listed((Obj({"id": Col("paper", loose=True), "name": Col("paper")}),)),
    }),
    "relatedParty": Listed((Obj(customer_parts()),), open=True),
}


def _facts(document: BillingAccount, wanted: frozenset[str]) -> dict[str, Any]:
    """Return what of the attributes ``wanted`` a verb takes. Raises ``Invalid`` for words that we do not know."""
    facts: dict[str, Any] = {}
    if "name" in wanted and document.name is not None:
        facts["name"] = document.name
    if "ratingType" in wanted and document.rating_type is not None:
        facts["payment_kind"] = _word(document.rating_type, tuple(PaymentKind.values), "ratingType")
    structure = document.bill_structure if "billStructure" in wanted else None
    if structure and structure.cycle_specification and structure.cycle_specification.billing_date_shift is not None:
        facts["cycle_day"] = structure.cycle_specification.billing_date_shift + 1
    if structure and structure.presentation_media:
        facts["paperless"] = _word(structure.presentation_media[0].name or "", PAPER, "billStructure.presentationMedia.name") == "electronic"
    return facts


def _word(value: str, words: tuple[str, ...], path: str) -> str:
    if value not in words:
        raise Invalid(what=f"{path} ({', '.join(words)})", field=path)
    return value


def create(document: BillingAccount, *, by: Actor, at: datetime) -> UUID:
    """Open a billing account for the customer among the related parties."""
    _word(document.state or "active", ("active",), "state")
    customer = customer_among(document.related_party)
    facts = _facts(document, frozenset({"name", "ratingType", "billStructure"}))
    return known("relatedParty.id", customer, lambda: services.open_account(customer_id=customer, **facts, by=by, at=at))


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change the account's facts, close it or put it in force again."""
    before, after = wanted.before.state, wanted.after.state
    moved = "state" in wanted.changed and after is not None and after != before
    if moved and _word(after, tuple(AccountState.values), "state") == "active":
        services.reopen_account(account_id=record_id, reason="TMF666", by=by, at=at)
    facts = _facts(wanted.after, wanted.changed)
    if facts:
        services.change_account(account_id=record_id, changes=facts, by=by, at=at)
    if moved and after == "closed":
        services.close_account(account_id=record_id, reason="TMF666", by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take an unused account away."""
    services.remove_account(account_id=record_id, by=by, at=at)


def _told(event: Any, word: str, key: str = "subject_id", **more: Any) -> Told:
    return Told(event=event, type=f"BillingAccount{word}Event", key=key, **more)


BILLING_ACCOUNT = Resource(
    name="billingAccount", type="BillingAccount", document=BillingAccount, rows=ACCOUNTS, attributes=BILLING, view="account.view",
    customer="customer_id", about="Billing accounts of customers: open, read, change, close and reopen them",
    required=("name", "relatedParty"), create=create, change=change, remove=remove, may_create="account.open", may_change="account.open",
    may_remove="account.open", personal={"contact": "phone"}, server_set=frozenset({"id", "href", "lastModified", "accountNumber", "accountBalance", "paymentStatus", "creditLimit"}),
    told=(
        _told(events.AccountOpened, "Create"), _told(events.AccountChanged, "AttributeValueChange"),
        _told(events.BillRecorded, "AttributeValueChange", "account_id"), _told(events.PaymentRecorded, "AttributeValueChange", "account_id"),
        _told(events.PaymentReversed, "AttributeValueChange", "account_id"), _told(events.AccountClosed, "StateChange"),
        _told(events.AccountReopened, "StateChange"), _told(events.AccountRemoved, "Delete", removes=True),
    ),
)


def _kept_account(name: str, document: type[Shape], about: str, *required: str, fixed: frozenset[str] = frozenset()) -> Resource:
    made = kept_resource(name, document, about=about, required=required, state_attribute="state", server_set=frozenset({"lastModified"}))
    return replace(made, attributes={"lastModified": Col("changed_at")}, fixed=fixed)


def _words_of_billing(name: str, document: type[Shape], about: str) -> Resource:
    return kept_resource(name, document, about=about, required=("name",), told=False)


BALANCE = frozenset({"accountBalance"})
APIS = [
    Api(number="666", version="v4", base="accountManagement", title="Account Management", about="Accounts, and when and how they are billed",
        resources=(
            BILLING_ACCOUNT,
            _kept_account("partyAccount", PartyAccount, "Accounts of parties that other systems keep", "name", "relatedParty", fixed=BALANCE),
            _kept_account("settlementAccount", SettlementAccount, "Accounts over which partners settle", "name", "relatedParty", fixed=BALANCE),
            _kept_account("financialAccount", FinancialAccount, "Accounts of the books", "name"),
            _words_of_billing("billFormat", BillFormat, "Layouts of bills"),
            _words_of_billing("billPresentationMedia", BillPresentationMedia, "Media on which bills reach customers"),
            _words_of_billing("billingCycleSpecification", BillingCycleSpecification, "When bills are made"),
        )),
]
