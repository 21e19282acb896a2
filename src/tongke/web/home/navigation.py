"""Menu entries and palette actions of the frame itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Home"), url="home", icon="home", order=0, words="shouye sy"),
    Entry(label=_("Style page"), url="kit", icon="sparkles", group="control", permission="staff.manage_roles", order=99, words="kit"),
]
ACTIONS = [
    Action(label=_("Read the notifications"), url="notifications", icon="bell", words="tongzhi tz"),
]
