"""Kinds of offerings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferingKind(models.TextChoices):
    """What an offering provides."""

    MOBILE = "mobile", _("Mobile")
    FIXED = "fixed", _("Fixed line")
    BROADBAND = "broadband", _("Broadband")
    TV = "tv", _("Television")
    BUNDLE = "bundle", _("Bundle")
    VALUE_ADDED = "value_added", _("Value-added service")
    ICT = "ict", _("Company service")
