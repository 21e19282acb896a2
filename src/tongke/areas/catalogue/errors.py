"""Refusals of the catalogue room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class UnknownOffering(Refused):
    """No offering of this code is on sale at the instant asked for."""

    code = "CAT-10"
    says = _("No offering {offering} is on sale at this time")
    mend = _("Choose an offering from the catalogue, or publish a version of it first")
    status = 404
