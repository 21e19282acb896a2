"""Staff accounts and their posts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel.errors import NotFound
from tongke.web.kit import formatting
from tongke.web.kit.columns import Link, Moment, State, Text
from tongke.web.kit.filters import ChoiceFilter, TextFilter
from tongke.web.kit.forms import FormPage
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.page import render
from tongke.web.kit.widgets import DayField, KitForm
from tongke.web.staff.frame import Deed, Door
from tongke.web.staff.orgs import parents

ACTIVE = {True: _("in use"), False: _("closed")}


class People(ListPage):
    """The staff accounts of the actor's branch."""

    name, title, permission = "staff", _("Staff"), "staff.view"
    rows = queries.staff_visible_to
    columns = (
        Link(key="username", label=_("User name"), to=lambda s: f"/admin/staff/{s.id}", sort="username"),
        Text(key="name_zh", label=_("Name"), sub="name_en"),
        Text(key="org", label=_("Organisation"), value=lambda s: formatting.name(s.org)),
        State(key="is_active", label=_("State"), labels=ACTIVE, tones={True: "good", False: "off"}),  # type: ignore[dict-item]  # the values are booleans
        State(key="totp", label=_("Second factor"), value=lambda s: s.totp_confirmed_at is not None,
              labels={True: _("set up"), False: _("not set up")}, tones={True: "good", False: "neutral"}),  # type: ignore[dict-item]  # the values are booleans
        Moment(key="created_at", label=_("Since"), sort="created_at"),
    )
    filters = (
        TextFilter(key="username", label=_("User name"), primary=True),
        TextFilter(key="name", label=_("Name"), lookup="name_zh__startswith", primary=True),
        ChoiceFilter(key="org", label=_("Organisation"), choices=parents, cast=int, lookup="org_id"),
        ChoiceFilter(key="active", label=_("State"), choices=(("1", _("in use")), ("0", _("closed"))), cast=int, lookup="is_active"),
    )
    sort = "username"
    buttons = (Button(label=_("New account"), address="/admin/staff/new", permission="staff.manage_staff"),)
    empty = Empty(says=_("No staff account fits"), mend=_("Take a filter away"))


class AccountForm(KitForm):
    """What an administrator enters about a person."""

    username = forms.CharField(label=_("User name"), max_length=40)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    org_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(label=_("First password"), max_length=512, strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, org_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class PersonNew(FormPage):
    """Opening an account."""

    permission, title, form, name = "staff.manage_staff", _("New account"), AccountForm, "staff-new"
    intro = _("The person chooses another password after the first sign-in. Rights come with a post.")

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the actor's branch."""
        del kwargs
        return {"org_choices": parents(self.actor)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return "/admin/staff"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Open it."""
        del kwargs
        return f"/admin/staff/{services.create_staff(**data, by=by, at=at).id}"


class DetailsForm(KitForm):
    """What may be changed about a person later."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    oidc_issuer = forms.CharField(label=_("Single sign-on: issuer"), max_length=200, required=False)
    oidc_subject = forms.CharField(label=_("Single sign-on: subject"), max_length=200, required=False)


class PersonEdit(FormPage):
    """Changing an account's details."""

    permission, title, form, name = "staff.manage_staff", _("Change the account"), DetailsForm, "staff-edit"

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what they are now."""
        found = queries.staff_by_id(staff_id=kwargs["staff_id"], by=self.actor)
        return {name: getattr(found, name) for name in DetailsForm.base_fields}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the person."""
        return f"/admin/staff/{kwargs['staff_id']}"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Change them."""
        services.change_staff(staff_id=kwargs["staff_id"], **data, by=by, at=at)
        return self.cancel_address(**kwargs)


class Person(Door):
    """One account: who, where, with which rights."""

    permission = "staff.view"
    template = "staff/person.html"
    title = _("Staff account")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the account and its posts, valid ones first."""
        del request
        found = queries.staff_by_id(staff_id=kwargs["staff_id"], by=self.actor)
        posts = list(queries.posts_of(found.id))
        names = {role.code: formatting.name(role) for role in queries.roles()}
        return {
            "person": found, "posts": [(post, post.valid_until is None or post.valid_until > self.at) for post in posts], "role_names": names,
            "may_manage": self.actor.may("staff.manage_staff") and found.id != self.actor.staff_id,
            "may_grant": self.actor.may("staff.grant_roles") and found.id != self.actor.staff_id,
        }

    def post(self, request: HttpRequest, staff_id: UUID) -> HttpResponseBase:
        """Close or open the account, or give it a new password."""
        step = request.POST.get("step", "")
        if step == "password":
            password = services.reset_password(staff_id=staff_id, by=self.actor, at=self.at)
            context = {**self.context(request, staff_id=staff_id), "title": self.title, "password": password}
            return render(request, self.template, context)
        verb = {"close": services.deactivate_staff, "open": services.reactivate_staff}.get(step)
        if verb is None:
            raise NotFound(field="step")
        verb(staff_id=staff_id, by=self.actor, at=self.at)
        toast(request, _("The account was changed"))
        return HttpResponseRedirect(f"/admin/staff/{staff_id}")


class PostForm(KitForm):
    """A post: where, with which roles, until when."""

    org_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=60, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    own_rows_only = forms.BooleanField(label=_("Sees only the customers that the person keeps"), required=False)
    valid_until = DayField(label=_("Until and including"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, org_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


def role_choices() -> list[tuple[str, str]]:
    """Return the open roles as choices."""
    return [(role.code, formatting.name(role)) for role in queries.roles(active_only=True)]


class PostNew(FormPage):
    """Giving a person a post."""

    permission, title, form, name = "staff.grant_roles", _("New post"), PostForm, "post-new"
    intro = _("Roles with sensitive permissions wait for a second person.")
    done = ""

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the actor's branch; a person outside it is not there."""
        queries.staff_by_id(staff_id=kwargs["staff_id"], by=self.actor)
        return {"org_choices": parents(self.actor)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the person."""
        return f"/admin/staff/{kwargs['staff_id']}"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Ask for it."""
        last = data.pop("valid_until")
        until = datetime.combine(last + timedelta(days=1), time.min, tzinfo=formatting.zone()).astimezone(UTC) if last else None
        outcome = services.open_post(staff_id=kwargs["staff_id"], **data, valid_until=until, by=by, at=at)
        return settle(self.request, outcome, back=self.cancel_address(**kwargs))


def settle(request: HttpRequest, outcome: services.Outcome, *, back: str) -> str:
    """Say whether it is done or waits for a second person; return where to go."""
    if outcome.done:
        toast(request, _("Saved"))
        return back
    toast(request, _("This waits for a second person's approval"), kind="info")
    return f"/approvals/{outcome.approval_id}"


class RolesForm(KitForm):
    """The roles of a post."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class PostRoles(FormPage):
    """Granting and revoking the roles of a post."""

    permission, title, form, name = "staff.grant_roles", _("Roles of the post"), RolesForm, "post-roles"
    intro = _("Roles with sensitive permissions wait for a second person.")
    done = ""

    def _post(self, **kwargs: Any) -> Any:
        queries.staff_by_id(staff_id=kwargs["staff_id"], by=self.actor)
        found = queries.posts_of(kwargs["staff_id"]).filter(id=kwargs["post_id"]).first()
        if found is None:
            raise NotFound
        return found

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what it carries now."""
        return {"roles": self._post(**kwargs).roles}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the person."""
        return f"/admin/staff/{kwargs['staff_id']}"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Ask for it."""
        outcome = services.change_post_roles(post_id=self._post(**kwargs).id, **data, by=by, at=at)
        return settle(self.request, outcome, back=self.cancel_address(**kwargs))


class PostEnd(Deed):
    """Ending a post."""

    permission = "staff.grant_roles"

    def post(self, request: HttpRequest, staff_id: UUID, post_id: UUID) -> HttpResponseBase:
        """End it now, or ask a second person."""
        outcome = services.end_post(post_id=post_id, reason=request.POST.get("reason", "")[:500], by=self.actor, at=self.at)
        return HttpResponseRedirect(settle(request, outcome, back=f"/admin/staff/{staff_id}"))
