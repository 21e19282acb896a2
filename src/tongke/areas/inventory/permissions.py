"""Permissions of the inventory room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("inventory.view", _("See lines, products and usage")),
    Permission("inventory.install", _("Install lines and products")),
    Permission("inventory.change_state", _("Suspend, resume and end lines and products")),
    Permission("inventory.assign_payer", _("Decide which account pays a line")),
    Permission("inventory.migrate", _("Move customers to other versions of their products, by list"), sensitive=True),
    Permission("inventory.transfer", _("Transfer lines to another owner")),
)
