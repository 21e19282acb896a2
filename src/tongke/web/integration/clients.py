"""Machine clients: which systems may talk to this house, registered, given new secrets, narrowed and ended here."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.permissions import all_permissions
from tongke.web.kit import formatting
from tongke.web.kit.columns import Ago, Link, Moment, Number, State, Tags, Text
from tongke.web.kit.filters import TextFilter
from tongke.web.kit.forms import FormPage, form_lines, mark_fields
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of
from tongke.web.kit.widgets import DayField, KitForm
from tongke.web.staff.people import role_choices, settle

ADDRESS = "/admin/clients"
RATE_MOST = 10_000_000
# How a secret is renewed: hours for which the old one still holds; none means the policy's figure.
OVERLAPS = {"overlap": None, "now": 0}


def own_address(client_id: Any) -> str:
    """Return the address of one client's page."""
    return f"{ADDRESS}/{client_id}"


def is_alive(client: Any) -> bool:
    """Tell whether a client has not ended."""
    return client.valid_until is None or client.valid_until > clock.now()


def listed(actor: Actor) -> Any:
    """Return the clients of the actor's branch."""
    return queries.clients_listed(by=actor)


class Clients(ListPage):
    """The machine clients of the actor's branch."""

    name, title, permission = "clients", _("Machine clients"), "integration.view"
    subtitle = _("Systems that talk to this house by themselves, with a secret of their own")
    rows = staticmethod(listed)
    columns = (
        Link(key="name", label=_("Client"), to=lambda c: own_address(c.id), sub="purpose", sort="name"),
        Text(key="org", label=_("Organisation"), value=lambda c: formatting.name(c.org)),
        Tags(key="roles", label=_("Roles")),
        State(key="state", label=_("State"), value=is_alive, labels={True: _("in use"), False: _("ended")}, tones={True: "good", False: "off"}),  # type: ignore[dict-item]  # the values are booleans
        Number(key="per_minute", label=_("Requests a minute"), value=lambda c: c.per_minute or None),
        Ago(key="last_used_at", label=_("Last used")),
        Moment(key="valid_from", label=_("Since"), sort="valid_from"),
    )
    filters = (TextFilter(key="name", label=_("Client"), primary=True),)
    sort = "name"
    buttons = (Button(label=_("Register a client"), address=f"{ADDRESS}/new", permission="integration.clients"),)
    empty = Empty(says=_("No machine client yet"), mend=_("Register one for each system that is to be connected"))


class LimitsForm(KitForm):
    """What narrows a client."""

    scopes = forms.CharField(label=_("Scope"), max_length=2000, required=False,
                             help_text=_("Words with blanks between them: party.view, party.*, party:read, read, write. Nothing: all that the roles carry"))
    networks = forms.CharField(label=_("Networks"), max_length=2000, required=False,
                               help_text=_("From where it may call, such as 10.1.2.0/24, with blanks between them. Nothing: from everywhere"))
    per_minute = forms.IntegerField(label=_("Requests a minute"), min_value=0, max_value=RATE_MOST, help_text=_("0 for no limit"))
    valid_until = DayField(label=_("Until and including"), required=False)


class ClientForm(LimitsForm):
    """What is entered about a new client."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As it will stand in every log: small letters, digits, dot, dash, underline"))
    purpose = forms.CharField(label=_("What it is for, and who answers for it"), max_length=200, required=False)
    org_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int, help_text=_("It sees this level and those below"))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), required=False,
                             help_text=_("For the second person who approves sensitive roles"))
    sections = ((None, ("name", "purpose", "org_id", "roles", "reason")), (_("Limits"), ("scopes", "networks", "per_minute", "valid_until")))

    def __init__(self, *args: Any, org_choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


def limits_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the form's limits as the verbs take them."""
    last = data["valid_until"]
    until = datetime.combine(last + timedelta(days=1), time.min, tzinfo=formatting.zone()).astimezone(UTC) if last else None
    return {"scopes": data["scopes"].split(), "networks": data["networks"].replace(",", " ").split(), "per_minute": data["per_minute"], "valid_until": until}


def client_page(request: HttpRequest, actor: Actor, client_id: UUID, **shown: Any) -> HttpResponseBase:
    """Return the page of one client; ``made`` carries a secret, shown this once."""
    (row,) = queries.with_use([queries.client_by_id(client_id=client_id, by=actor)], at=clock.now())
    labels = {code: one.label for code, one in all_permissions().items()}
    names = {role.code: formatting.name(role) for role in queries.roles()}
    answer = render(request, "integration/client.html", {
        "title": row.client.name, "row": row, "client": row.client, "own": own_address(client_id), "alive": is_alive(row.client),
        "may_manage": actor.may("integration.clients") and is_alive(row.client), "role_names": names,
        "permissions": [(code, labels.get(code, code)) for code in row.permissions], "made": None,
        "token_address": f"{request.scheme}://{request.get_host()}/oauth2/token", **shown,
    })
    answer["Cache-Control"] = "no-store"
    return answer


class ClientNew(FormPage):
    """Registering a client: the answer shows its secret, once."""

    permission, title, form, name = "integration.clients", _("Register a client"), ClientForm, "client-new"
    intro = _("The secret is shown once. Roles with sensitive permissions wait for a second person; until then the client holds nothing.")
    submit = _("Register")

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the levels of the actor's branch."""
        del kwargs
        return {"org_choices": [(o.id, f"{o.name} ({o.id})") for o in queries.orgs_offered(by=self.actor)]}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Propose the policy's rate."""
        del kwargs
        figures = {figure.code: figure.value for figure in queries.policy_figures(at=clock.now())}
        return {"per_minute": figures["client_per_minute"]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return ADDRESS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Register it and show the secret. Sending twice registers once: a name is taken once."""
        form = self.build(request, **kwargs)
        if not form.is_valid():
            return self.show(form, form_lines(form), status=422, **kwargs)
        data = form.cleaned_data
        facts = {name: data[name] for name in ("name", "purpose", "org_id", "roles", "reason")}
        try:
            made = services.register_client(**facts, **limits_of(data), by=self.actor, at=clock.now())
        except Refused as fault:
            lines = lines_of(fault)
            mark_fields(form, lines)
            return self.show(form, lines, status=fault.status if fault.status in {403, 404} else 422, **kwargs)
        return client_page(request, self.actor, made.client.id, made=made)


class ClientPage(Page):
    """One client: what it may do, where it is used, its secret renewed."""

    permission, title = "integration.view", _("Machine client")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        return client_page(request, self.actor, kwargs["client_id"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Give it a new secret, shown this once, or end it."""
        client_id: UUID = kwargs["client_id"]
        step = request.POST.get("step", "")
        if step == "end":
            services.end_client(client_id=client_id, by=self.actor, at=clock.now())
            toast(request, _("The client was ended: its tokens open nothing any more"))
            return go(request, own_address(client_id))
        if step not in OVERLAPS:
            raise NotFound(field="step")
        made = services.rotate_client_secret(client_id=client_id, overlap_hours=OVERLAPS[step], by=self.actor, at=clock.now())
        return client_page(request, self.actor, client_id, made=made)


class ClientLimits(FormPage):
    """Changing what narrows a client; its tokens follow at once."""

    permission, title, form, name = "integration.clients", _("Limits of the client"), LimitsForm, "client-limits"

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what they are now."""
        found = queries.client_by_id(client_id=kwargs["client_id"], by=self.actor)
        last = found.valid_until and (found.valid_until - timedelta(microseconds=1)).astimezone(formatting.zone()).date()
        return {"scopes": " ".join(found.scopes), "networks": " ".join(found.networks), "per_minute": found.per_minute, "valid_until": last}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the client."""
        return own_address(kwargs["client_id"])

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Change them."""
        services.change_client_limits(client_id=kwargs["client_id"], **limits_of(data), by=by, at=at)
        return self.cancel_address(**kwargs)


class RolesForm(KitForm):
    """The roles of a client."""

    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class ClientRoles(FormPage):
    """Granting and revoking a client's roles."""

    permission, title, form, name = "integration.clients", _("Roles of the client"), RolesForm, "client-roles"
    intro = _("Roles with sensitive permissions wait for a second person.")
    done = ""

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Show what it carries now."""
        return {"roles": queries.client_by_id(client_id=kwargs["client_id"], by=self.actor).roles}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the client."""
        return own_address(kwargs["client_id"])

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Ask for it."""
        outcome = services.change_client_roles(client_id=kwargs["client_id"], **data, by=by, at=at)
        return settle(self.request, outcome, back=self.cancel_address(**kwargs))
