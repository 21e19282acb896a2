"""Refusals of the inventory room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class NumberInUse(Refused):
    """Another line in force holds the service number."""

    code = "INV-10"
    says = _("The number {service_number} is in use by another line")
    mend = _("Choose another number, or end the line that holds it first")
