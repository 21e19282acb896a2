"""What these pages offer to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit import Entry

ENTRIES = [
    Entry(label=_("Points owed"), url="points-liability", icon="coin", group="data", permission=("account.points_policy", "analytics.view"), order=60,
          hint=_("What customers' points are worth, by the month in which they expire"), words="jifen fuzhai points liability 积分 负债"),
    Entry(label=_("Rules for points"), url="points-policy", icon="adjustments", group="data", permission=("account.points_policy", "analytics.view"), order=61,
          hint=_("What payments earn, how long points live, what one is worth"), words="jifen guize points rules policy 积分 规则 参数"),
]
