"""Menu entries and palette actions of stock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Stock"), url="stock", icon="box", group="work", permission="resource.view_stock", order=28,
          hint=_("SIM cards and devices: what lies where"), words="kucun stock sim guangmao 库存 卡 光猫 终端 仓库"),
]
ACTIONS = [
    Action(label=_("Receive a delivery"), url="stock-receive", icon="truck", permission="resource.move_stock", words="ruku receive 入库 到货", homes=("number_desk",)),
    Action(label=_("Send a transfer"), url="stock-transfer-new", icon="transfer", permission="resource.move_stock", words="diaobo transfer 调拨"),
    Action(label=_("Count a place"), url="stock-count-new", icon="clipboard-check", permission="resource.count_stock", words="pandian count 盘点"),
]
