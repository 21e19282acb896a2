"""Menu entries and palette actions of the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Catalogue"), url="catalogue", icon="packages", group="work", permission="catalogue.view", order=30,
          hint=_("What is sold, in which version, at what price"), words="chanpin mulu shangpin taocan offer 产品 目录 商品 套餐"),
    Entry(label=_("Try a price"), url="catalogue-try", icon="calculator", group="work", permission="ordering.price", order=31,
          hint=_("What it costs whom, when and by which rule"), words="shisuan jiage price quote 试算 价格 报价"),
    Entry(label=_("Specifications"), url="catalogue-specifications", icon="hierarchy-2", group="data", permission="catalogue.design", order=40,
          hint=_("What offers consist of"), words="guige specification 规格 分解"),
]
ACTIONS = [
    Action(label=_("New offer"), url="catalogue-offering-new", icon="package", permission="catalogue.design", words="xinjian shangpin offer 新建 商品 套餐"),
    Action(label=_("New specification"), url="catalogue-specification-new", icon="hierarchy-2", permission="catalogue.design", words="guige 规格"),
]
