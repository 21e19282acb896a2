"""What the audit trail calls the records of billing accounts, payment methods and points and their fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "account_payment_means": _("Payment method"), "account_means_account": _("Account that a payment method pays"),
}
FIELDS: dict[str, Any] = {
    "state_reason": _("Reason of the state"), "number_shown": _("Number as shown"), "preferred": _("Preferred"), "means_id": _("Payment method"),
}
