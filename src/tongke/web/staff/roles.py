"""Roles and the figures of sign-in policy."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel.errors import NotFound
from tongke.kernel.permissions import all_permissions
from tongke.web.kit import formatting
from tongke.web.kit.columns import Link, Number, Text
from tongke.web.kit.forms import FormPage
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Button, ListPage
from tongke.web.kit.widgets import KitForm
from tongke.web.staff.frame import Door
from tongke.web.staff.people import settle

HOMES = (
    ("clerk", _("Clerk")), ("agent", _("Agent")), ("account_manager", _("Account manager")), ("steward", _("Data steward")),
    ("supervisor", _("Supervisor")), ("analyst", _("Analyst")), ("product_manager", _("Product manager")), ("number_desk", _("Number desk")),
    ("administrator", _("Administrator")), ("auditor", _("Auditor")),
)


class Roles(ListPage):
    """What each role may do."""

    name, title, permission = "roles", _("Roles"), "staff.view"
    subtitle = _("Roles are sets of permissions; posts carry roles")
    rows = staticmethod(lambda _actor: queries.roles())
    columns = (
        Link(key="code", label=_("Role"), to=lambda r: f"/admin/roles/{r.code}", value=formatting.name, sub="code"),
        Number(key="permissions", label=_("Permissions"), value=lambda r: len(r.permissions)),
        Text(key="home", label=_("Home page"), value=lambda r: dict(HOMES).get(r.home, r.home)),
    )
    sort = "code"
    buttons = (Button(label=_("New role"), address="/admin/roles/new", permission="staff.manage_roles"),)


class RoleForm(KitForm):
    """A role's names and permissions."""

    code = forms.CharField(label=_("Role code"), max_length=40)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    home = forms.ChoiceField(label=_("Home page"), choices=HOMES)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    permissions = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(all_permissions().values(), key=lambda p: p.code)
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
            (room, [(p.code, f"{p.label}{' ※' if p.sensitive else ''}") for p in found])
            for room, found in groupby(known, key=lambda p: p.code.split(".")[0])
        ]
        if fixed:
            self.fields["code"].disabled = True


class RoleEdit(FormPage):
    """Changing or making a role."""

    permission, title, form, name = "staff.manage_roles", _("Role"), RoleForm, "role"
    intro = _("Permissions marked ※ are sensitive: giving or taking them waits for a second person.")
    done = ""

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """A role's code never changes."""
        return {"fixed": "code" in kwargs}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what it is now."""
        if "code" not in kwargs:
            return {}
        role = queries.role_by_code(kwargs["code"])
        return {name: getattr(role, name) for name in ("code", "name_zh", "name_en", "home", "permissions")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return "/admin/roles"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Ask for it."""
        outcome = services.change_role(**data, by=by, at=at)
        return settle(self.request, outcome, back=self.cancel_address(**kwargs))


class RoleView(Door):
    """What one role may do, for those who may not change it."""

    permission = "staff.view"
    template = "staff/role.html"
    title = _("Role")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the role with its permissions in words."""
        del request
        role = queries.role_by_code(kwargs["code"])
        known = all_permissions()
        return {
            "role": role, "held": [(code, known[code].label if code in known else code, code in known and known[code].sensitive)
                                   for code in role.permissions],
            "posts": queries.roles_held(code=role.code, at=self.at), "may_change": self.actor.may("staff.manage_roles"),
        }


class Policy(Door):
    """The figures of sign-in policy."""

    permission = "staff.policy"
    template = "staff/policy.html"
    title = _("Sign-in policy")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return every figure with its value of today and those to come."""
        del request, kwargs
        return {"figures": queries.policy_figures(at=self.at), "permissions": sorted(all_permissions())}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Let one figure hold from now on."""
        code = request.POST.get("code", "")
        if code == "second_factor_permissions":
            value: Any = request.POST.getlist("value")
        else:
            try:
                value = int(request.POST.get("value", ""))
            except ValueError:
                raise NotFound(field="value") from None
        services.set_policy_figure(code=code, value=value, by=self.actor, at=self.at)
        toast(request, _("The figure holds from now on"))
        return HttpResponseRedirect("/admin/policy")
