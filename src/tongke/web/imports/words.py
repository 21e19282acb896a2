"""Words for the states of an import."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: dict[str, Any] = {
    "waiting": _("Waiting"), "reading": _("Reading the files"), "running": _("Loading"), "cancelling": _("Stopping"),
    "cancelled": _("Stopped"), "failed": _("Failed"), "done": _("Done"),
}
NOUNS: dict[str, Any] = {
    "offering": _("Offering"), "party": _("Person or organisation"), "customer": _("Customer"), "document": _("Identity document"),
    "medium": _("Way of contact"), "address": _("Address"), "consent": _("Consent"), "relation": _("Relation"), "account": _("Account"),
    "bill": _("Bill"), "bill_item": _("Bill item"), "payment": _("Payment"), "subscriber": _("Line"), "product": _("Product"),
    "usage": _("Monthly usage"), "interaction": _("Interaction"),
}
