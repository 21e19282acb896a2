"""Menu entries and palette actions of the number desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

SEE = "resource.view_numbers"
RUN = "resource.run_numbers"
ENTRIES = [
    Entry(label=_("Number pools"), url="numbers", icon="gauge", group="work", permission=SEE, order=40,
          hint=_("How full the pools are and how long they last"), words="haoma haochi number pools 号码 号池 号线"),
    Entry(label=_("Find a number"), url="number-find", icon="list-search", group="work", permission=SEE, order=41,
          hint=_("By pattern, birthday, grade and price; hold it with one key"), words="xuanhao lianghao find number 选号 靓号 号码"),
    Entry(label=_("Holds"), url="number-holds", icon="hourglass", group="work", permission=SEE, order=42,
          hint=_("Numbers that are kept for orders"), words="yuzhan hold 预占 号码"),
]
ACTIONS = [
    Action(label=_("Find a number"), url="number-find", icon="list-search", permission=SEE, words="xuanhao lianghao 选号 靓号"),
]
