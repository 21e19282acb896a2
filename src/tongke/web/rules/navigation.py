"""What these pages offer to the menu and the palette."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit import Action, Entry

ENTRIES = [
    Entry(label=_("Eligibility rules"), url="catalogue-rules", icon="checklist", group="work", permission="catalogue.rules", order=32,
          hint=_("Who may order what, and why not"), words="guize shouli eligibility rules 受理 规则 互斥 依赖"),
    Entry(label=_("Try the rules"), url="catalogue-rules-try", icon="user-search", group="work", permission="ordering.qualify", order=33,
          hint=_("What a customer may order, with every reason"), words="panding zige qualify eligibility 判定 资格 能办什么"),
]
ACTIONS = [
    Action(label=_("New rule"), url="catalogue-rule-new", icon="checklist", permission="catalogue.rules", words="xinjian guize rule 新建 规则"),
]
