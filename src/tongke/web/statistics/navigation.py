"""Menu entries of the statistics pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Entry

ENTRIES = [
    Entry(label=_("Statistics"), url="statistics", icon="chart-bar", group="insight", permission="analytics.view", order=10),
    Entry(label=_("Metric dictionary"), url="metrics", icon="book-2", group="insight", permission="analytics.view", order=20),
]
