"""Menu entries of the duplicates pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Entry

ENTRIES = [
    Entry(label=_("Duplicates"), url="duplicates", icon="git-merge", group="data", permission="party.merge", order=20,
          hint=_("Records that may be the same customer"), words="merge 合并 查重"),
    Entry(label=_("Merges"), url="merges", icon="arrow-back-up", group="data", permission="party.merge", order=21,
          hint=_("Merged records, and separating them again"), words="unmerge separate 拆分"),
]
