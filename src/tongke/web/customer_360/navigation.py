"""What the customer's pages offer to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Entry

ENTRIES = [
    Entry(label=_("Customers"), url="customers", icon="users", group="customers", permission="party.view", order=10, words="kehu 客户 list"),
]
