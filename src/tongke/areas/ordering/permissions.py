"""Permissions of the ordering room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("ordering.qualify", _("Judge which offers a customer may order")),
    Permission("ordering.price", _("Price offers and compare plans on a customer's own usage")),
)
