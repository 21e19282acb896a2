"""Holds: one key keeps a number; extending, letting go, giving it to a line; the list of all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import HoldState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import (
    Bulk,
    ChoiceFilter,
    Empty,
    FlagFilter,
    FormPage,
    KitForm,
    Link,
    ListPage,
    Moment,
    Page,
    RunningFilter,
    Signed,
    State,
    Tags,
    Text,
    TextFilter,
    formatting,
    go,
    is_part,
    render,
    toast,
)
from tongke.web.numbers.finding import mine_context
from tongke.web.numbers.lines import line_meant
from tongke.web.numbers.words import CHANNELS, HOLD_TONES, number_words

HOLDS = "resource.hold_number"


class HoldNumber(Page):
    """Put a number on hold for the actor's counter."""

    permission = HOLDS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Hold it; htmx gets its row anew and the own holds beside it."""
        del kwargs
        number, at = request.POST.get("number", ""), clock.now()
        hold = services.hold_number(
            number, channel=request.POST.get("channel", "") or "hall", order_ref=request.POST.get("order_ref", "").strip(),
            person_key=request.POST.get("person_key", "").strip()[:60], by=self.actor, at=at)
        said = _now("%(number)s is yours until %(time)s") % {"number": number_words(hold.number), "time": formatting.clock_time(hold.expires_at)}
        if not is_part(request):
            toast(request, said)
            return go(request, reverse("number-holds"))
        return render(request, "numbers/held_row.html", {"hold": hold, "said": said, **mine_context(self.actor)})


class OwnHolds(Page):
    """The actor's own running holds, as the part beside a search."""

    permission, template = HOLDS, "numbers/mine.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return them."""
        del request, kwargs
        return mine_context(self.actor)


class HoldAct(Page):
    """Extend a hold, or let it go."""

    permission = HOLDS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it and show the own holds; without htmx go back to the list."""
        token, deed, at = kwargs["token"], kwargs["deed"], clock.now()
        hold = queries.hold_seen(token, by=self.actor)
        if deed == "extend":
            until = services.extend_hold(token=token, by=self.actor, at=at)
            said = _now("%(number)s is held until %(time)s") % {"number": number_words(hold.number), "time": formatting.clock_time(until)}
        elif deed == "release":
            services.release_hold(token=token, reason=request.POST.get("reason", "").strip(), by=self.actor, at=at)
            said = _now("%(number)s is free again") % {"number": number_words(hold.number)}
        else:
            raise NotFound(field="deed")
        if is_part(request, "mine"):
            return render(request, "numbers/mine.html", {**mine_context(self.actor), "said": said})
        toast(request, said)
        return go(request, request.POST.get("next", "") if request.POST.get("next", "").startswith("/numbers") else reverse("number-holds"))


class AssignForm(KitForm):
    """Which line gets the number."""

    line = forms.CharField(label=_("Line"), max_length=60, help_text=_("Its present service number, or its id"),
                           widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}))
    order_ref = forms.CharField(label=_("Order reference"), required=False, max_length=80, help_text=_("Empty: that of the hold"))


class AssignHold(FormPage):
    """Give a held number to a line; what its grade asks is promised from then on."""

    name, permission, form, template = "number-assign", "resource.assign_number", AssignForm, "numbers/plain_form.html"
    submit, done = _("Assign"), _("The number belongs to the line now")
    fields = {"assigned_to": "line", "token": "line"}

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Name the number and what it costs."""
        del request
        hold = queries.hold_seen(kwargs["token"], by=self.actor)
        return {"title": _now("Assign %(number)s") % {"number": number_words(hold.number)}, "crumbs": [(_("Holds"), reverse("number-holds"))],
                "intro": _now("On hold by %(clerk)s until %(time)s") % {"clerk": staff.names_signed([hold.clerk])[hold.clerk], "time": formatting.moment(hold.expires_at)}}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Open with the hold's order."""
        return {"order_ref": queries.hold_seen(kwargs["token"], by=self.actor).order_ref}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the holds."""
        del kwargs
        return reverse("number-holds")

    def save(self, data: dict[str, Any], *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Assign it."""
        line = line_meant(data["line"], by=by)
        made = services.confirm_hold(token=kwargs["token"], assigned_to=line.id, order_ref=data["order_ref"], by=by, at=at)
        return reverse("number", args=[made.number_id])


def expiry_words(hold: Any) -> list[tuple[str, str]]:
    """Return how long a hold lasts yet as a badge."""
    if hold.state != HoldState.OPEN:
        return []
    left = (hold.expires_at - clock.now()).total_seconds()
    return [(_now("over"), "bad")] if left <= 0 else [(formatting.duration(left), "warn" if left < 600 else "neutral")]


class MineFilter(FlagFilter):
    """Only the actor's own."""

    def parse(self, query: Any, actor: Actor) -> Any:
        """Return whose holds are wanted."""
        return actor.name if query.get(self.key) == "1" else None

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        return Q(clerk=value)


class Holds(ListPage):
    """Every hold in scope; the running ones first asked for."""

    name, title, permission = "number-holds", _("Holds"), "resource.view_numbers"
    subtitle = _("Who keeps which number for which order, and until when")
    rows = queries.holds_visible_to
    columns = (
        Link(key="number", label=_("Number"), to=lambda h: reverse("number", args=[h.number_id]), value=lambda h: number_words(h.number), sort="number", css="tk-num"),
        State(key="state", label=_("State"), labels=HoldState, tones=HOLD_TONES),
        Tags(key="left", label=_("Lasts"), value=expiry_words),
        Moment(key="expires_at", label=_("Until"), sort="expires_at"),
        Signed(key="clerk", label=_("Held by"), sort="clerk"), Text(key="order_ref", label=_("Order reference")),
        Text(key="channel", label=_("Channel"), value=lambda h: dict(CHANNELS).get(h.channel, h.channel)),
        Moment(key="held_at", label=_("Since"), sort="held_at"), Text(key="extensions", label=_("Extended"), hidden=True),
        Moment(key="ended_at", label=_("Ended"), hidden=True),
    )
    filters = (
        ChoiceFilter(key="state", label=_("State"), choices=HoldState.choices, primary=True),
        TextFilter(key="order", label=_("Order reference"), lookup="order_ref", primary=True),
        MineFilter(key="mine", label=_("Only mine"), primary=True), RunningFilter(key="running", label=_("Only those that still run"), state=HoldState.OPEN),
        TextFilter(key="clerk", label=_("Held by"), lookup="clerk"),
    )
    sort = "-expires_at"
    empty = Empty(says=_("Nothing is on hold"), mend=_("Find a number that pleases and press H"), action=_("Find a number"), address="/numbers/find", icon="hourglass")
    bulk = (
        Bulk(key="extend", label=_("Extend"), verb=services.extend_hold, argument="token", icon="clock", permission=HOLDS),
        Bulk(key="release", label=_("Let them go"), verb=services.release_hold, argument="token", icon="arrow-back-up", permission=HOLDS, confirm=_("Let these numbers go?")),
    )
