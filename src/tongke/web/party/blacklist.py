"""The blacklist: the list, one entry, entering, appealing, deciding."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.states import BlacklistCause, BlacklistEffect, BlacklistMatch, BlacklistState
from tongke.areas.staff import queries as staff_queries
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import (
    Button,
    ChoiceFilter,
    DayField,
    DayRangeFilter,
    Empty,
    FormPage,
    KitForm,
    Link,
    ListPage,
    Moment,
    Number,
    Page,
    State,
    Text,
    go,
    render,
    toast,
)
from tongke.web.party import forms
from tongke.web.party.record import start_of
from tongke.web.party.words import BLACKLIST_TONES, CLEARED, EFFECT_TONES, WORDS

Data = dict[str, Any]
REASON = "party.see_blacklist_reason"


def entries(actor: Actor) -> Any:
    """Return the entries of the actor's scope."""
    return queries.blacklist_visible_to(by=actor)


class Blacklist(ListPage):
    """Everybody and everything that is on the blacklist of the actor's scope."""

    name, title, permission = "blacklist", _("Blacklist"), "party.blacklist_view"
    rows = entries
    columns = (
        Link(key="match_shown", label=_("Who or what"), to=lambda e: reverse("blacklist-entry", args=[e.id])),
        State(key="match", label=_("About"), labels=BlacklistMatch),
        State(key="effect", label=_("Consequence"), labels=BlacklistEffect, tones=EFFECT_TONES),
        State(key="cause", label=_("Cause"), labels=BlacklistCause, permission=REASON),
        Number(key="level", label=_("Severity"), sort="level"),
        State(key="state", label=_("State"), labels=BlacklistState, tones=BLACKLIST_TONES),
        Moment(key="valid_from", label=_("Since"), sort="valid_from"),
        Moment(key="expires_at", label=_("Until"), phone="hidden"),
        Text(key="entered_by", label=_("Entered by"), hidden=True, permission=REASON),
    )
    filters = (
        ChoiceFilter(key="state", label=_("State"), choices=BlacklistState.choices, primary=True),
        ChoiceFilter(key="effect", label=_("Consequence"), choices=BlacklistEffect.choices, primary=True),
        ChoiceFilter(key="match", label=_("About"), choices=BlacklistMatch.choices),
        DayRangeFilter(key="since", label=_("Since"), lookup="valid_from"),
    )
    sort = "-valid_from"
    empty = Empty(says=_("Nobody is on the blacklist here"), mend=_("Entries come from decisions, from debts and from other systems."), icon="shield-check")
    buttons = (Button(label=_("Ask the blacklist"), address="/blacklist/ask", icon="search", primary=False), Button(label=_("New entry"), address="/blacklist/new", permission="party.blacklist_enter"))


class AskForm(KitForm):
    """What to ask the blacklist about."""

    id_number = forms.text(_("Document number"), size=40)
    phone = forms.text(_("Phone number"), size=40)
    device = forms.text(_("Device"), size=40)
    address = forms.text(_("Address"), size=400)


class AskBlacklist(FormPage):
    """Ask the blacklist of the whole operator about numbers, a device or an address. Asked by POST: no address holds them."""

    title, permission, form, template = _("Ask the blacklist"), "party.blacklist_view", AskForm, "party/ask.html"
    submit, name = _("Ask"), "blacklist-ask"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Nothing was asked yet."""
        del request, kwargs
        return {"words": WORDS, "found": None, "asked": False, "effects": dict(BlacklistEffect.choices), "tones": EFFECT_TONES,
                "matches": dict(BlacklistMatch.choices)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("blacklist")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show what the blacklist holds against what was typed."""
        form = self.build(request, **kwargs)
        if not form.is_valid():
            return self.show(form, [], status=422, **kwargs)
        asked = {key: (value,) for key, value in form.cleaned_data.items() if value}
        found = queries.consult_blacklist(
            id_numbers=asked.get("id_number", ()), phones=asked.get("phone", ()), devices=asked.get("device", ()),
            addresses=asked.get("address", ()), by=self.actor, at=clock.now()) if asked else None
        return render(request, self.template, {
            "title": self.title, "form": form, "page": self, "lines": [], "submit": self.submit, "intro": self.intro, "token": "",
            "cancel": self.cancel_address(), "multipart": False, **self.context(request), "found": found, "asked": bool(asked),
        })


class EntryForm(KitForm):
    """A new entry."""

    match = forms.choice(_("About"), [c for c in BlacklistMatch.choices if c[0] != "party"])
    value = forms.text(_("Number, device or address"), size=200, required=True)
    cause = forms.choice(_("Cause"), [c for c in BlacklistCause.choices if c[0] != "debt"])
    effect = forms.choice(_("Consequence"), BlacklistEffect.choices)
    level = django_forms.IntegerField(label=_("Severity"), min_value=1, max_value=5, initial=1, help_text=_("1 is lowest, 5 highest"))
    expires_on = DayField(label=_("Until"), required=False, help_text=_("Empty: as the policy says for the cause"))
    org_id = django_forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    source = forms.text(_("Source"))
    note = django_forms.CharField(label=_("Note"), widget=django_forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args: Any, orgs: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = list(orgs)  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class CustomerEntryForm(EntryForm):
    """A new entry on a customer's person; a debt names the account that owes."""

    match = None  # type: ignore[assignment] # the subject is the customer
    value = None  # type: ignore[assignment]  # no value was given
    cause = forms.choice(_("Cause"), BlacklistCause.choices)
    debt_account_id = django_forms.UUIDField(label=_("Account that owes (its id)"), required=False, help_text=_("For debts: the entry clears when it is paid"))


class NewEntry(FormPage):
    """Enter a number, device or address; with ``?customer=`` a person."""

    title, permission, done = _("New blacklist entry"), "party.blacklist_enter", _("Entered")
    name, form = "blacklist-new", EntryForm
    fields = {"expires_at": "expires_on"}

    def customer_id(self) -> UUID | None:
        """Return the customer named in the address."""
        try:
            return UUID(self.request.GET.get("customer", ""))
        except ValueError:
            return None

    def build(self, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Build the form that fits the subject."""
        del kwargs
        made = CustomerEntryForm if self.customer_id() else EntryForm
        options = {"orgs": [(o.id, o.name) for o in staff_queries.orgs_offered(by=self.actor)],
                   "initial": {"level": 1, "org_id": self.actor.base_org_id}}
        return made(**options) if request is None else made(request.POST, **options)

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Say whom the entry is about."""
        del request, kwargs
        known = self.customer_id()
        return {"subtitle": queries.customer(known, by=self.actor).name} if known else {}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the customer, or the list."""
        del kwargs
        known = self.customer_id()
        return reverse("customer", args=[known]) if known else reverse("blacklist")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Enter it."""
        del kwargs
        values = {k: v for k, v in data.items() if k != "expires_on"}
        draft = services.BlacklistDraft(**{"match": "party", **values}, customer_id=self.customer_id(), expires_at=start_of(data["expires_on"]))
        return reverse("blacklist-entry", args=[services.enter_blacklist(draft, by=by, at=at)])


class Entry(Page):
    """One entry with its appeals; reasons only for whoever may see them."""

    permission, template = "party.blacklist_view", "party/entry.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the entry and what the actor may do about it."""
        del request
        seen = queries.blacklist_entry(kwargs["entry_id"], by=self.actor)
        entry = seen.entry
        return {
            "title": entry.match_shown, "seen": seen, "entry": entry, "cleared": CLEARED,
            "state": (BlacklistState(entry.state).label, BLACKLIST_TONES[BlacklistState(entry.state)]),
            "marks": [(BlacklistEffect(entry.effect).label, EFFECT_TONES[entry.effect])],
            "org": staff_queries.org_name(entry.org_id), "possible": entry.state in {"active", "appealed"},
            "customer_id": queries.customer_of_party(entry.party_id, by=self.actor) if entry.party_id else None,
        }


class EntryAct(Page):
    """A button on an entry's page."""

    what = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Appeal, decide or lift, with the reason given."""
        entry_id, reason, at = kwargs["entry_id"], request.POST.get("reason", "")[:2000], clock.now()
        if self.what == "appeal":
            services.file_appeal(entry_id, reason=reason, by=self.actor, at=at)
        elif self.what == "lift":
            services.lift_entry(entry_id, reason=reason, by=self.actor, at=at)
        else:
            services.decide_appeal(entry_id, lift=self.what == "grant", note=reason, by=self.actor, at=at)
        toast(request, _now("Saved"))
        return go(request, reverse("blacklist-entry", args=[entry_id]))


