"""Permissions of the contact centre room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("contact_centre.view", _("See contacts with customers")),
    Permission("contact_centre.record", _("Record contacts with customers")),
)
