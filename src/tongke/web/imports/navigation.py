"""Menu entry and palette action of the imports pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Entry

ENTRIES = [
    Entry(label=_("Imports"), url="imports", icon="file-import", group="data", permission="party.import", order=10,
          hint=_("Load files of customers and their accounts"), words="import load csv xlsx 导入"),
]
