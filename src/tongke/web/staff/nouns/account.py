"""What the audit trail calls the records of billing accounts, payment methods and points and their fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "account_payment_means": _("Payment method"), "account_means_account": _("Account that a payment method pays"),
    "account_points_account": _("Points of a customer"), "account_points_lot": _("Lot of points"), "account_points_move": _("Booking of points"),
    "account_points_policy": _("Figures of points"),
}
FIELDS: dict[str, Any] = {
    "approved_by": _("Approved by"), "booked_at": _("Booked at"), "booked_by": _("Booked by"), "cancelled_at": _("Earned in error on"), "earned": _("Points earned"), "earned_at": _("Earned at"), "life_months": _("Months of life"),
    "lot_id": _("Lot of points"), "origin_id": _("Points account that earned it"), "owed_max": _("Debt up to which points are redeemed"),
    "points_per_yuan": _("Points for each yuan paid"), "redeem_min": _("Fewest points redeemed at once"), "rest": _("Points left"), "yuan_per_point": _("Value of a point"),
    "state_reason": _("Reason of the state"), "number_shown": _("Number as shown"), "preferred": _("Preferred"), "means_id": _("Payment method"),
}
