"""Menu entries and palette actions of the network."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Coverage"), url="coverage", icon="map-search", group="work", permission="resource.view_network", order=27,
          hint=_("What can be sold at an address, and how fast"), words="fugai dizhi ziyuan coverage address 覆盖 地址 资源查询 资源预判"),
    Entry(label=_("Network"), url="network", icon="network", group="work", permission=("resource.plan_network", "resource.view_stock"), order=29,
          hint=_("Sites, equipment, ports and planned builds"), words="wangluo olt fenguangqi network 网络 局站 分光器 端口"),
]
ACTIONS = [
    Action(label=_("Ask what can be sold at an address"), url="coverage", icon="map-search", permission="resource.view_network",
           words="fugai coverage 覆盖 地址"),
]
