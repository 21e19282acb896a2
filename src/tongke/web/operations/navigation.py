"""Menu entries of the operations pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Entry

ENTRIES = [Entry(label=_("Reactions"), url="reactions", icon="activity", group="control", permission="operations.view", order=90)]
