"""Permissions of the data exchange."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(Permission("exchange.import", _("Load files of customers and their accounts"), sensitive=True))
