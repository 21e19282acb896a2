"""Refusals of the account room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class BillExists(Refused):
    """The account already has a bill for this period, with other content."""

    code = "ACC-20"
    says = _("The account {account_no} already has a bill for the period from {period_from}")
    mend = _("Correct it by an adjustment in the next bill; a bill is never replaced")


class PaymentExists(Refused):
    """The payment number is taken by another payment."""

    code = "ACC-21"
    says = _("The payment number {payment_no} is already used for another payment")
    mend = _("Look whether the payment was recorded before; else use a new number")


class MeansKnown(Refused):
    """The customer has this payment method already."""

    code = "ACC-35"
    says = _("The customer has this payment method already ({number})")
    mend = _("Use the one that is recorded, or end it first")
