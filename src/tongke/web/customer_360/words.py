"""The words of the 360 in the reader's language: codes of the JSON → what the page says."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from tongke.areas.account.states import AccountState, BillState, PaymentKind, PaymentMethod, PaymentState
from tongke.areas.contact_centre.states import Channel, Direction, InteractionKind
from tongke.areas.inventory.states import ProductState, SubscriberKind, SubscriberRoleKind
from tongke.areas.party.states import (
    AddressKind,
    BlacklistEffect,
    BlacklistMatch,
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

CHOICES: dict[str, Any] = {
    "account_state": AccountState, "bill_state": BillState, "payment_kind": PaymentKind, "payment_method": PaymentMethod,
    "payment_state": PaymentState, "channel": Channel, "direction": Direction, "contact": InteractionKind, "product_state": ProductState,
    "line": SubscriberKind, "role": SubscriberRoleKind, "address": AddressKind, "effect": BlacklistEffect, "match": BlacklistMatch,
    "purpose": ConsentPurpose, "consent": ConsentState, "way": ContactChannel, "credit": CreditClass, "state": CustomerState,
    "document": DocumentKind, "level": Level, "medium": MediumKind, "kind": PartyKind, "party_state": PartyState, "segment": Segment,
    "tree": TreeKind,
}
GENDERS = {"male": _("Male"), "female": _("Female")}
WORK = {
    "bill_overdue": _("Bill overdue"), "line_suspended": _("Line suspended"), "line_pending": _("Line in progress"),
    "contract_ends": _("Contract ends soon"), "document_expired": _("Identity document expires or has expired"),
    "record_incomplete": _("Record incomplete"), "duplicate_open": _("Possible duplicate to review"),
}
# Who will fill a panel that is empty or partly so.
FILLED_BY = {
    "ordering": _("Orders in flight appear here once order taking is part of the house"),
    "service_desk": _("Trouble tickets appear here once the service desk is part of the house"),
    "marketing": _("Offers made to this customer appear here once campaigns are part of the house"),
    "churn_model": _("The risk of leaving appears here once the churn model has scored this customer"),
    "value_model": _("The lifetime value appears here once the value model has scored this customer"),
}
EVENTS = {
    "account.account_opened": _("Account opened"), "account.account_changed": _("Account changed"),
    "account.account_closed": _("Account closed"), "account.account_reopened": _("Account reopened"),
    "account.payment_means_recorded": _("Payment method recorded"), "account.payment_means_changed": _("Payment method changed"),
    "account.payment_means_state_changed": _("Payment method suspended, put in force or ended"),
    "account.payment_means_removed": _("Payment method taken away"),
    "account.account_removed": _("Unused account taken away"), "account.bill_recorded": _("Bill recorded"),
    "account.payment_recorded": _("Payment received"), "account.payment_reversed": _("Payment reversed"),
    "account.points_earned": _("Points earned"), "account.points_redeemed": _("Points redeemed"), "account.points_given_back": _("Points given back"),
    "account.points_cancelled": _("Points earned in error taken back"),
    "inventory.line_installed": _("Line installed"), "inventory.line_state_changed": _("State of a line changed"),
    "inventory.product_installed": _("Product installed"), "inventory.product_ended": _("Product ended"),
    "inventory.product_state_changed": _("State of a product changed"), "inventory.product_changed": _("Product changed"),
    "inventory.product_migrated": _("Product moved to another version"), "inventory.product_removed": _("Product taken away before use"), "contact_centre.contact_changed": _("Contact corrected"),
    "contact_centre.contact_state_changed": _("State of a contact changed"), "contact_centre.contact_removed": _("Contact taken away"),
    "ordering.offerings_qualified": _("Asked what may be ordered"), "ordering.qualification_described": _("Qualification described anew"), "ordering.qualification_discarded": _("Qualification taken away"),
    "inventory.payer_assigned": _("Payer of a line assigned"), "party.customer_created": _("Customer created"),
    "party.customers_imported": _("Customer imported"), "party.customer_changed": _("Customer's data changed"),
    "party.customer_renamed": _("Customer renamed"), "party.customer_level_changed": _("Service level changed"),
    "party.party_state_changed": _("Identity state changed"), "party.customer_left": _("Customer left"),
    "party.document_recorded": _("Identity document recorded"), "party.document_ended": _("Identity document ended"),
    "party.contact_medium_added": _("Contact medium added"), "party.contact_medium_ended": _("Contact medium ended"),
    "party.address_changed": _("Address changed"), "party.credit_rated": _("Credit rated"),
    "party.credit_override_asked": _("Credit override asked for"), "party.credit_override_ended": _("Credit override ended"),
    "party.consent_recorded": _("Consent recorded"), "party.blacklist_entered": _("Entered on the blacklist"),
    "party.blacklist_appealed": _("Blacklist entry appealed"), "party.blacklist_decided": _("Blacklist appeal decided"),
    "party.blacklist_cleared": _("Blacklist entry lifted"), "party.parties_merged": _("Records merged"),
    "party.parties_separated": _("Records separated"), "party.duplicate_decided": _("Duplicate decided"),
    "party.customer_moved": _("Moved to another organisation"), "party.paper_printed": _("Paper printed"),
    "inventory.line_given": _("Line given to another owner"), "inventory.line_received": _("Line received from another owner"),
    "party.customer_state_changed": _("Customer's state changed"), "party.party_role_begun": _("Role taken"), "party.party_role_changed": _("Role changed"),
    "party.party_recorded": _("Party recorded"), "party.party_retired": _("Party withdrawn"),
    "party.consents_withdrawn": _("All consents withdrawn"), "kit.attributes_kept": _("Details kept for another system"),
    "party.membership_begun": _("Joined a group"), "party.membership_ended": _("Left a group"),
}
FIELDS = {
    "name": _("Name"), "birth_on": _("Date of birth"), "gender": _("Gender"), "industry": _("Industry"), "occupation": _("Occupation"),
    "document": _("Identity document"), "document_current": _("Valid identity document"), "document_verified": _("Verified identity document"),
    "phone": _("Phone"), "email": _("E-mail"), "address": _("Address"), "consent": _("Consent"), "key_person": _("Key person"),
}
TONES = {
    "active": "good", "settled": "good", "done": "good", "validated": "good", "granted": "good", "suspended": "warn", "partiallyPaid": "warn",
    "new": "info", "sent": "info", "initialized": "warn", "prospect": "info", "pendingActive": "info", "pendingTerminate": "warn",
    "left": "off", "merged": "off", "closed": "off", "terminated": "off", "cancelled": "off", "aborted": "off", "canceled": "off",
    "denied": "bad", "withdrawn": "off", "deceased": "off", "refuse": "bad", "deposit": "warn", "review": "warn", "no_marketing": "info",
}
CHANNEL_ICONS = {
    "hall": "building-store", "hotline": "headset", "web": "world", "app": "device-mobile", "sms": "message", "email": "mail",
    "chat": "message-circle", "visit": "briefcase", "post": "file-text",
}
LINE_ICONS = {"mobile": "device-mobile", "fixed": "phone", "broadband": "wifi", "tv": "device-tv", "ict": "server"}


@lru_cache(maxsize=8)
def _words_in(language: str) -> dict[str, Any]:
    with override(language):
        chosen: dict[str, Any] = {name: {value: str(label) for value, label in kind.choices} for name, kind in CHOICES.items()}
        plain = {"gender": GENDERS, "work": WORK, "filled_by": FILLED_BY, "event": EVENTS, "field": FIELDS}
        return chosen | {name: {key: str(label) for key, label in words.items()} for name, words in plain.items()}


def words() -> dict[str, Any]:
    """Return every word of the page in the active language, by group and code; made once a language."""
    return _words_in(get_language() or "zh-hans")


def event_words(name: str) -> str:
    """Return what an event's wire name means, e.g. ``party.customer_created.v1``; an unknown one reads as it is."""
    stem = name.rpartition(".v")[0] or name
    return str(words()["event"].get(stem) or stem.rpartition(".")[2].replace("_", " "))
