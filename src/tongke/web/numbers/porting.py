"""Porting: which numbers are with other operators or came from them, bringing one in, and letting one go with its user."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import BlockSource, NumberState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import Button, ChoiceFilter, Empty, FormPage, KitForm, Link, ListPage, Moment, State, Text, TextFilter, formatting
from tongke.web.numbers.lines import line_meant
from tongke.web.numbers.navigation import ASSIGN, SEE
from tongke.web.numbers.words import STATE_TONES, number_words, org_choices

Data = dict[str, Any]
S = NumberState
IN_USE = (S.ASSIGNED, S.SUSPENDED)
# Who serves a number and whose it is, as the list narrows by it.
WAYS = (("in", _("Ported in, used by ours")), ("out", _("Ported out, used elsewhere")), ("returned", _("Went back to its operator")))


class WayFilter(ChoiceFilter):
    """By who serves a number now."""

    def narrow(self, value: Any) -> Q:
        """Return the condition; a number that came in and is in use carries the operator that it came from."""
        return {"in": Q(state__in=IN_USE), "out": Q(state=S.PORTED_OUT), "returned": Q(state=S.RETURNED)}.get(value, Q())


def way_words(number: Any) -> Any:
    """Return in which direction a number was ported."""
    if number.state == S.RETURNED:
        return _("Went back")
    return _("Ported in") if number.block.source == BlockSource.DONOR else _("Ported out")


class PortedNumbers(ListPage):
    """Every number that another operator serves or that is of another operator's block."""

    name, title, permission = "number-ported", _("Ported numbers"), SEE
    subtitle = _("With their users at other operators, brought along from them, or given back")
    rows = queries.numbers_ported
    columns = (
        Link(key="number", label=_("Number"), to=lambda n: reverse("number", args=[n.id]), value=lambda n: number_words(n.number), sort="number", css="tk-num"),
        Text(key="way", label=_("Direction"), value=way_words), Text(key="operator", label=_("Other operator")),
        State(key="state", label=_("State"), labels=NumberState, tones=STATE_TONES),
        Text(key="org", label=_("Organisation"), value=lambda n: staff.org_name(n.org_id)), Text(key="order_ref", label=_("Order reference")),
        Moment(key="since", label=_("Since")),
    )
    filters = (WayFilter(key="way", label=_("Direction"), choices=list(WAYS), primary=True), TextFilter(key="operator", label=_("Other operator"), lookup="operator", primary=True))
    sort = "number"
    empty = Empty(says=_("No number has been ported yet"), mend=_("A user who brings a number along is ported in here; one who leaves with it, from the number's page"),
                  action=_("Port a number in"), address="/numbers/ported/in", permission=ASSIGN, icon="transfer")
    buttons = (Button(label=_("Port a number in"), address="/numbers/ported/in", permission=ASSIGN, icon="login"),)


class PortInForm(KitForm):
    """Which number comes to which line."""

    number = forms.CharField(label=_("Number that is brought along"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "autofocus": True}))
    line = forms.CharField(label=_("Line"), max_length=60, help_text=_("Its present service number, or its id"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    org_id = forms.TypedChoiceField(label=_("Served by"), coerce=int)
    order_ref = forms.CharField(label=_("Order reference"), required=False, max_length=80)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field


class PortIn(FormPage):
    """Give a line the number that its user brings from another operator, or home again."""

    name, title, permission, form, template = "number-port-in", _("Port a number in"), ASSIGN, PortInForm, "numbers/plain_form.html"
    submit, done = _("Port it in"), _("The line has the number now")
    fields = {"assigned_to": "line"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Tell whose numbers may come."""
        del request, kwargs
        known = ", ".join(queries.donors_known(by=self.actor))
        first = (_now("Blocks of these operators are recorded: %(known)s.") % {"known": known}) if known else _now("No other operator's block is recorded yet: record one first.")
        return {"crumbs": [(_("Ported numbers"), reverse("number-ported"))], "intro": f"{first} {_now('A number of ours that had left comes home this way too.')}"}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the actor's organisation, and the number that led here."""
        del kwargs
        return {"org_id": self.actor.base_org_id, "number": self.request.GET.get("number", "")[:30]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the ported numbers."""
        del kwargs
        return reverse("number-ported")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Port it in."""
        del kwargs
        line = line_meant(data["line"], by=by)
        made = services.port_in(number=data["number"], org_id=data["org_id"], assigned_to=line.id, order_ref=data["order_ref"], by=by, at=at)
        return reverse("number", args=[made])


class PortOutForm(KitForm):
    """To whom it goes, and that what leaving costs was agreed."""

    operator = forms.CharField(label=_("To which operator"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}))
    agreed = forms.BooleanField(label=_("The user agreed to pay what leaving costs"), required=False)

    def __init__(self, *args: Any, due: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not due:
            del self.fields["agreed"]


class PortOut(FormPage):
    """Let a number go with its user; what stands against it is told before."""

    name, permission, form, template = "number-port-out", ASSIGN, PortOutForm, "numbers/port_out.html"
    submit, done = _("Port it out"), _("The number goes with its user")
    confirm = _("Its line loses this number at once. Port it out?")
    fields = {"penalty_agreed": "agreed"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the number and tell what was checked."""
        del request
        number = queries.number_seen(kwargs["number_id"], by=self.actor)
        return {"title": _now("Port %(number)s out") % {"number": number_words(number.number)}, "crumbs": [(number_words(number.number), self.cancel_address(**kwargs))],
                "checks": checks_of(number, by=self.actor, at=clock.now())}

    def form_options(self, **kwargs: Any) -> Data:
        """Ask for agreement where leaving costs something."""
        cost = queries.leaving_cost(kwargs["number_id"], by=self.actor, at=clock.now())
        return {"due": bool(cost and cost.amount)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the number's page."""
        return reverse("number", args=[kwargs["number_id"]])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Port it out; what leaving costs is agreed as it stands now."""
        number = queries.number_seen(kwargs["number_id"], by=by)
        cost = queries.leaving_cost(number.id, by=by, at=at)
        services.port_out(number=number.number, operator=data["operator"], penalty_agreed=cost.amount if cost and data.get("agreed") else None, by=by, at=at)
        return self.cancel_address(**kwargs)


def checks_of(number: Any, *, by: Actor, at: datetime) -> list[tuple[str, str, str, str]]:
    """Return what was checked before a number leaves: tone, sign, words, and what follows from it."""
    used, cost = number.state in IN_USE, queries.leaving_cost(number.id, by=by, at=at)
    out = [("good", "check", _now("It is in use by a line"), "") if used else
           ("bad", "x", _now("It is not in use: %(state)s") % {"state": S(number.state).label}, _now("Only a number that a line uses can leave with its user"))]
    if cost is None:
        out.append(("good", "check", _now("Nothing was promised for it"), ""))
    elif not cost.amount:
        out.append(("good", "check", _now("What was promised for it is fulfilled"), ""))
    else:
        out.append(("warn", "alert-triangle", _now("Its term runs until %(day)s: leaving now costs %(amount)s") % {
            "day": formatting.day(cost.ends_on), "amount": formatting.money(cost.amount, cost.currency)}, _now("Agree on it with the user; it is charged with the last bill")))
    if number.block.source == BlockSource.DONOR:
        out.append(("info", "info-circle", _now("It is of a block of %(operator)s") % {"operator": number.block.donor}, _now("It goes back there and is no longer ours to give")))
    else:
        out.append(("info", "info-circle", _now("It stays ours by its block"), _now("Once its user quits there it comes back and cools")))
    return out


def may_leave(number: Any, *, by: Actor) -> bool:
    """Tell whether the page of a number offers to let it go with its user."""
    return number.state in IN_USE and by.may(ASSIGN)
