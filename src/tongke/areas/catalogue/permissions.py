"""Permissions of the catalogue room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("catalogue.view", _("See product offerings")),
    Permission("catalogue.publish", _("Publish versions of product offerings"), sensitive=True),
)
