"""The organisation tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.areas.staff.states import OrgKind
from tongke.kernel.errors import NotFound
from tongke.web.kit import formatting
from tongke.web.kit.forms import FormPage
from tongke.web.kit.layout import toast
from tongke.web.kit.widgets import KitForm
from tongke.web.staff.frame import Deed, Door

ZONES = [(zone, zone) for zone in ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau")]


def parents(actor: Any) -> list[tuple[int, str]]:
    """Return the open organisations of the actor's branch as choices, indented by level."""
    return [
        (o.id, f"{' ' * (o.path.count('/') - 2)}{formatting.name(o)} ({o.id})") for o in queries.orgs_visible_to(by=actor) if o.active
    ]


class Orgs(Door):
    """The actor's branch of the tree."""

    permission = "staff.view"
    template = "staff/orgs.html"
    title = _("Organisation")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the organisations in tree order with their depth."""
        del request, kwargs
        found = list(queries.orgs_visible_to(by=self.actor))
        top = min((o.path.count("/") for o in found), default=0)
        return {
            "rows": [(o, o.path.count("/") - top, OrgKind(o.kind).label) for o in found], "may_change": self.actor.may("staff.manage_orgs"),
            "staff_counts": queries.staff_counts(by=self.actor, at=self.at),
        }


class OrgForm(KitForm):
    """A new organisation."""

    org_id = forms.IntegerField(label=_("Organisation number"), min_value=1, max_value=2_000_000_000)
    kind = forms.ChoiceField(label=_("Kind"), choices=[c for c in OrgKind.choices if c[0] != OrgKind.GROUP])
    parent_id = forms.TypedChoiceField(label=_("Below"), coerce=int)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100)
    area_code = forms.CharField(label=_("Area code"), max_length=10, required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    def __init__(self, *args: Any, parent_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent_id"].choices = parent_choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class OrgNew(FormPage):
    """Making an organisation."""

    permission, title, form, name = "staff.manage_orgs", _("New part of the organisation"), OrgForm, "org-new"

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the actor's branch as parents."""
        del kwargs
        return {"parent_choices": parents(self.actor)}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Begin below the organisation that the link came from."""
        del kwargs
        below = self.request.GET.get("below", "")
        return {"parent_id": int(below) if below.isdecimal() else None}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the tree."""
        del kwargs
        return "/admin/orgs"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Create it."""
        del kwargs
        services.create_org(**data, by=by, at=at)
        return "/admin/orgs"


class OrgNames(KitForm):
    """Names of an organisation and where it hangs."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100)
    parent_id = forms.TypedChoiceField(label=_("Below"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, parent_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent_id"].choices = parent_choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class OrgEdit(FormPage):
    """Renaming or moving an organisation."""

    permission, title, form, name = "staff.manage_orgs", _("Change the organisation"), OrgNames, "org-edit"
    template = "staff/org_edit.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the organisation."""
        del request
        return {"org": self._org(kwargs["org_id"])}

    def _org(self, org_id: int) -> Any:
        found = queries.orgs_visible_to(by=self.actor).filter(id=org_id).first()
        if found is None:
            raise NotFound
        return found

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the present parent, though it may lie above the actor's branch, and the branch."""
        org = self._org(kwargs["org_id"])
        found = parents(self.actor)
        if org.parent_id is not None and org.parent_id not in dict(found):
            found.insert(0, (org.parent_id, queries.org_name(org.parent_id)))
        return {"parent_choices": found if org.parent_id is not None else []}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what it is now."""
        org = self._org(kwargs["org_id"])
        return {"name_zh": org.name_zh, "name_en": org.name_en, "parent_id": org.parent_id}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the tree."""
        del kwargs
        return "/admin/orgs"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Rename, and move if another parent was chosen."""
        org = self._org(kwargs["org_id"])
        services.rename_org(org_id=org.id, name_zh=data["name_zh"], name_en=data["name_en"], by=by, at=at)
        if data["parent_id"] is not None and data["parent_id"] != org.parent_id:
            services.move_org(org_id=org.id, parent_id=data["parent_id"], by=by, at=at)
        return "/admin/orgs"


class OrgActive(Deed):
    """Closing and opening an organisation."""

    permission = "staff.manage_orgs"

    def post(self, request: HttpRequest, org_id: int) -> HttpResponseBase:
        """Close it, or open it again."""
        verb = services.reactivate_org if request.POST.get("active") == "1" else services.deactivate_org
        verb(org_id=org_id, by=self.actor, at=self.at)
        toast(request, _("The organisation was changed"))
        return HttpResponseRedirect("/admin/orgs")
