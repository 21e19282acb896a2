"""What the pages about other systems and assistants offer to the menu and the palette."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Open APIs"), url="developers", icon="api", group="control", permission="integration.view", order=72,
          hint=_("Browse and try what other systems can do"), words="kaifang jiekou openapi swagger tmf 开放接口 文档"),
    Entry(label=_("Machine clients"), url="clients", icon="plug", group="control", permission="integration.view", order=70,
          hint=_("Systems that talk to this house"), words="jiekou client token api 接口 客户端"),
    Entry(label=_("Event subscriptions"), url="subscriptions", icon="send", group="control", permission="integration.view", order=71,
          hint=_("Systems that are told of what happens here"), words="shijian dingyue webhook hub event 事件 订阅 回调 死信"),
    Entry(label=_("Calls of assistants"), url="assistant-calls", icon="sparkles", group="control", permission="staff.view_looks", order=65,
          hint=_("What assistants did for people"), words="zhushou assistant 助手"),
]
ACTIONS = [
    Action(label=_("Register a machine client"), url="client-new", icon="plug", permission="integration.clients",
           words="jiekou client oauth 接口 注册"),
    Action(label=_("Allow a host for events"), url="callback-target-new", icon="shield-check", permission="integration.clients",
           words="webhook hub callback 回调 允许"),
    Action(label=_("Let an assistant act for me"), url="assistant-access", icon="sparkles", permission="staff.own",
           words="zhushou assistant mcp key 助手 密钥"),
]
