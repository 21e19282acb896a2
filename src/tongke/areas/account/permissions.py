"""Permissions of the account room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("account.view", _("See billing accounts, bills and payments")),
    Permission("account.open", _("Open, change and close billing accounts")),
    Permission("account.keep_means", _("Record payment methods of customers")),
    Permission("account.load_bill", _("Record bills that the billing system made")),
    Permission("account.record_payment", _("Record payments")),
    Permission("account.points", _("Book points: earned, redeemed, given back")),
    Permission("account.points_policy", _("Change the figures that points follow"), sensitive=True),
    Permission("account.reverse_payment", _("Reverse payments"), sensitive=True),
)
