"""What the staff pages offer to the menu and the palette."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.web.kit.navigation import Action, Entry

ENTRIES = [
    Entry(label=_("Approvals"), url="approvals", icon="user-check", group="work", permission="staff.own", order=80,
          hint=_("What needs two persons"), words="shenpi approvals 审批"),
    Entry(label=_("Organisation"), url="orgs", icon="sitemap", group="control", permission="staff.view", order=10, words="zuzhi 组织"),
    Entry(label=_("Staff"), url="staff", icon="users-group", group="control", permission="staff.view", order=20, words="yuangong 员工"),
    Entry(label=_("Roles"), url="roles", icon="shield-check", group="control", permission="staff.view", order=30, words="juese 角色"),
    Entry(label=_("Sign-in policy"), url="policy", icon="adjustments", group="control", permission="staff.policy", order=40, words="celue 策略"),
    Entry(label=_("Audit trail"), url="audit", icon="history", group="control", permission="staff.view_audit", order=50, words="shenji 审计"),
    Entry(label=_("Log of looks"), url="looks", icon="eye", group="control", permission="staff.view_looks", order=60, words="chakan 查看记录"),
]
ACTIONS = [
    Action(label=_("Change my password"), url="account-password", icon="password", words="mima 密码"),
    Action(label=_("Set up my second factor"), url="account-second-factor", icon="shield-lock", words="yanzhengma 双因素"),
    Action(label=_("New staff account"), url="staff-new", icon="user-plus", permission="staff.manage_staff", words="xinzeng 新增员工", homes=("administrator",)),
]
