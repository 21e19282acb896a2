"""What the fields of loaded records are called, and their values as people read them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.account.states import AccountState, BillState, PaymentKind, PaymentMethod, PaymentState
from tongke.areas.catalogue.states import OfferingKind
from tongke.areas.contact_centre.states import Channel, Direction, InteractionKind
from tongke.areas.inventory.states import ProductState, SubscriberKind
from tongke.areas.party.states import (
    AddressKind,
    ConsentPurpose,
    ConsentState,
    ContactChannel,
    CreditClass,
    CustomerState,
    DocumentKind,
    Level,
    MediumKind,
    PartyKind,
    PartyState,
    Segment,
    TreeKind,
)
from tongke.web.kit import formatting

# By the field's name, or by noun and name where the same name means another thing.
FIELDS: dict[str, Any] = {
    "code": _("Code"), "kind": _("Kind"), "name_zh": _("Chinese name"), "name_en": _("English name"), "monthly_fee": _("Monthly fee"), "currency": _("Currency"),
    "characteristics": _("Further values"), "valid_from": _("In force from"), "name": _("Name"), "state": _("State"), "gender": _("Gender"), "birth_on": _("Date of birth"),
    "nationality": _("Nationality"), "occupation": _("Occupation"), "industry": _("Industry"), "language": _("Language"), "verified_on": _("Identity checked on"),
    "party": _("Person or organisation"), "customer_no": _("Customer number"), "segment": _("Segment"), "level": _("Level"), "since_on": _("Customer since"), "left_on": _("Left on"),
    "credit_class": _("Credit class"), "credit_limit": _("Credit limit"), "number": _("Document number"), "issuer": _("Issuing authority"), "document.issued_on": _("Issued on"),
    "expires_on": _("Valid through"), "verified_at": _("Checked at"), "verification": _("Checked how"), "value": _("Number or address"), "consent": _("How it was agreed"),
    "preferred": _("Preferred"), "valid_until": _("In force until"), "country": _("Country"), "province": _("Province"), "city": _("City"), "district": _("District"),
    "street": _("Street"), "place": _("Building or community"), "detail": _("Door and floor"), "postcode": _("Postcode"), "full": _("Address"), "purpose": _("Purpose"),
    "channel": _("Channel"), "source": _("Source"), "evidence": _("Evidence"), "tree": _("Tree"), "parent": _("Party above"), "child": _("Party below"), "role": _("Role"),
    "share_percent": _("Share held (%)"), "customer": _("Customer"), "account_no": _("Account number"), "payment_kind": _("Prepaid or postpaid"), "payment_method": _("Way of payment"),
    "cycle_day": _("Billing day"), "balance": _("Balance"), "paperless": _("Bill by mail or app"), "opened_on": _("Opened on"), "closed_on": _("Closed on"),
    "service_number": _("Service number"), "activated_on": _("In service since"), "ended_on": _("Ended on"), "end_reason": _("Reason of the end"), "account": _("Account"),
    "holder": _("Used by"), "subscriber": _("Line"), "offering": _("Offering"), "contract_until": _("Contract until"), "started_on": _("Began on"), "bill_no": _("Bill number"),
    "period_from": _("First day"), "period_until": _("Until (that day no longer)"), "bill.issued_on": _("Date of the bill"), "due_on": _("Due on"), "total": _("Total"), "paid": _("Paid"),
    "items": _("Charges"), "bill": _("Bill"), "ordinal": _("Line of the bill"), "charge_type": _("Kind of charge"), "amount": _("Amount"), "tax": _("Tax"),
    "payment_no": _("Payment number"), "method": _("Method"), "paid_at": _("Paid at"), "reference": _("Reference"), "settles": _("Settles open bills"), "month_on": _("Month"),
    "voice_seconds": _("Voice (seconds)"), "voice_calls": _("Voice calls"), "sms_count": _("Text messages"), "data_bytes": _("Data (bytes)"), "roaming_bytes": _("Roaming data (bytes)"),
    "peers": _("Numbers talked to"), "faults": _("Faults reported"), "charged": _("Amount charged"), "occurred_at": _("When"), "direction": _("Direction"), "subject": _("Subject"),
    "body": _("Text"), "staff_name": _("Who served"), "duration_seconds": _("Duration (seconds)"),
}
CHOICES: dict[str, type[TextChoices]] = {
    "offering.kind": OfferingKind, "party.kind": PartyKind, "party.state": PartyState, "customer.state": CustomerState, "customer.segment": Segment, "customer.level": Level,
    "customer.credit_class": CreditClass, "document.kind": DocumentKind, "medium.kind": MediumKind, "address.kind": AddressKind, "consent.purpose": ConsentPurpose,
    "consent.channel": ContactChannel, "consent.state": ConsentState, "relation.tree": TreeKind, "account.state": AccountState, "account.payment_kind": PaymentKind,
    "account.payment_method": PaymentMethod, "subscriber.kind": SubscriberKind, "subscriber.state": ProductState, "product.state": ProductState, "bill.state": BillState,
    "payment.state": PaymentState, "payment.method": PaymentMethod, "interaction.channel": Channel, "interaction.direction": Direction, "interaction.kind": InteractionKind,
}


def field_words(noun: str, field: str) -> Any:
    """Return what a field of a noun is called."""
    return FIELDS.get(f"{noun}.{field}") or FIELDS.get(field, field)


def value_words(noun: str, field: str, value: Any) -> str:
    """Return a field's value as people read it: a choice by its words, days and instants as everywhere."""
    choices = CHOICES.get(f"{noun}.{field}")
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if isinstance(value, datetime):
        return formatting.moment(value)
    if isinstance(value, date):
        return formatting.day(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {one}" for key, one in value.items())
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
