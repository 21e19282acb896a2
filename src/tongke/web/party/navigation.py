"""What these pages offer to the menu and the palette."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit import Action, Entry

ENTRIES = [
    Entry(label=_("Blacklist"), url="blacklist", icon="ban", group="customers", permission="party.blacklist_view", order=40),
    Entry(label=_("Records to repair"), url="repair", icon="clipboard-list", group="data", permission="party.repair", order=20),
    Entry(label=_("Customer policy"), url="customer-policy", icon="adjustments", group="control", permission="party.policy", order=60),
]
ACTIONS = [
    Action(label=_("New customer"), url="customer-new", icon="user-plus", permission="party.create", words="create add 新建 开户 xinjian",
           homes=("clerk", "agent", "account_manager", "supervisor")),
    Action(label=_("New blacklist entry"), url="blacklist-new", icon="ban", permission="party.blacklist_enter", words="heimingdan 黑名单"),
]
