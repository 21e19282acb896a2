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
    Entry(label=_("Categories"), url="catalogue-categories", icon="sitemap", group="data", permission="catalogue.design", order=40,
          hint=_("How offers are found"), words="fenlei mulu category 分类 目录"),
    Entry(label=_("Promotions"), url="catalogue-promotions", icon="gift", group="work", permission=("catalogue.promote", "catalogue.design"), order=32,
          hint=_("What is given on top, and how much of the quota is left"), words="cuxiao huodong promotion 促销 活动 配额"),
    Entry(label=_("Price lists"), url="catalogue-price-lists", icon="list-numbers", group="data", permission="catalogue.design", order=41,
          hint=_("Other prices for a segment, a channel or an area"), words="jiamubiao price list 价目表"),
    Entry(label=_("Tax rates"), url="catalogue-taxes", icon="receipt", group="data", permission="catalogue.design", order=42, words="shuilv tax 税率"),
    Entry(label=_("Discount authorities"), url="catalogue-discounts", icon="scale", group="data", permission=("catalogue.rules", "catalogue.design"), order=43,
          hint=_("How much a role may take off by itself"), words="zhekou quanxian discount 折扣 权限"),
    Entry(label=_("Catalogue file"), url="catalogue-file", icon="file-export", group="data", permission="catalogue.design", order=44,
          hint=_("Download the catalogue, or take a file over"), words="daoru daochu import export 导入 导出"),
    Entry(label=_("Version migration"), url="catalogue-migrations", icon="transfer", group="data", permission="inventory.migrate", order=45,
          hint=_("Move customers' products by list"), words="qianyi migration 迁移 批量"),
]
ACTIONS = [
    Action(label=_("New offer"), url="catalogue-offering-new", icon="package", permission="catalogue.design", words="xinjian shangpin offer 新建 商品 套餐"),
    Action(label=_("New promotion"), url="catalogue-promotion-new", icon="gift", permission="catalogue.promote", words="cuxiao promotion 促销"),
    Action(label=_("New specification"), url="catalogue-specification-new", icon="hierarchy-2", permission="catalogue.design", words="guige 规格"),
]
