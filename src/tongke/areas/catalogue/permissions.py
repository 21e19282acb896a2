"""Permissions of the catalogue room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("catalogue.view", _("See product offerings")),
    Permission("catalogue.design", _("Design specifications, offerings and prices")),
    Permission("catalogue.approve", _("Approve new versions of the catalogue as the second person"), sensitive=True),
    Permission("catalogue.rules", _("Change the rules of who may order what"), sensitive=True),
    Permission("catalogue.promote", _("Run promotions")),
    Permission("catalogue.discount", _("Give discounts within one's authority")),
    Permission("catalogue.publish", _("Publish versions of product offerings"), sensitive=True),
)
