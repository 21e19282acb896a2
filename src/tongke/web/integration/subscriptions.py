"""Events to other systems: who is told what, how that fares, what could not be delivered, and where it may go."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.tmf.hub import allowing, dead_letters, overview, subscriptions
from tongke.tmf.hub.models import SubscriptionState
from tongke.web.kit.bulk import Bulk
from tongke.web.kit.columns import Ago, Link, Moment, Number, State, Text
from tongke.web.kit.filters import ChoiceFilter, TextFilter
from tongke.web.kit.forms import FormPage
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.rows import Screen
from tongke.web.kit.widgets import KitForm

ADDRESS = "/admin/subscriptions"
LETTERS = "/admin/dead-letters"
WAITING = "/admin/waiting-events"
TARGETS = "/admin/callback-targets"
ASIDE = "/operations/set-aside-events"
TONES = {"active": "good", "suspended": "bad", "ended": "off"}


def own_address(subscription_id: Any) -> str:
    """Return the address of one subscription's page."""
    return f"{ADDRESS}/{subscription_id}"


def letter_address(letter: Any) -> str:
    """Return the address of one dead letter."""
    return f"{LETTERS}/{letter.id}"


class Subscriptions(ListPage):
    """The subscriptions of the actor's branch."""

    name, title, permission = "subscriptions", _("Event subscriptions"), "integration.view"
    subtitle = _("Systems that are told of what happens here, each in order and at its own pace")
    template = "integration/subscriptions.html"
    rows = staticmethod(overview.subscriptions_visible_to)
    columns = (
        Link(key="callback", label=_("Callback"), to=lambda s: own_address(s.id), sub="owner", sort="callback"),
        Text(key="api", label=_("API"), sort="api"),
        Text(key="query", label=_("Query"), hidden=True),
        State(key="state", label=_("State"), labels=SubscriptionState, tones=TONES),
        Number(key="backlog", label=_("Waiting")),
        Number(key="dead", label=_("Dead letters")),
        Number(key="delivered", label=_("Delivered")),
        Ago(key="last_success_at", label=_("Last delivery")),
        Text(key="last_error", label=_("Last error")),
        Moment(key="created_at", label=_("Since"), sort="created_at", hidden=True),
    )
    filters = (
        ChoiceFilter(key="state", label=_("State"), choices=SubscriptionState.choices, primary=True),
        TextFilter(key="owner", label=_("Owner"), primary=True),
    )
    sort = "-created_at"
    buttons = (
        Button(label=_("Dead letters"), address=LETTERS, icon="mail", primary=False),
        Button(label=_("Allowed hosts"), address=TARGETS, icon="shield-check", primary=False),
    )
    empty = Empty(says=_("Nobody has subscribed to events yet"), mend=_("Other systems subscribe by themselves, at the hub of each API"))

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Add the figures above the list."""
        return super().context_of(found) | {
            "figures": overview.hub_figures(by=self.actor), "letters": LETTERS, "waiting": WAITING, "own": ADDRESS, "set_aside": ASIDE,
        }


class SubscriptionPage(Page):
    """One subscription: what is told, how it fares, and ways to set it going again."""

    permission, title, template = "integration.view", _("Event subscription"), "integration/subscription.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        one: Any = overview.subscription_visible(subscription_id=kwargs["subscription_id"], by=self.actor)
        return render(request, self.template, {
            "one": one, "own": own_address(one.id), "tone": TONES[one.state], "state": one.get_state_display(),
            "may_replay": self.actor.may("integration.replay"), "letters": f"{LETTERS}?subscription={one.id}", "waiting": f"{WAITING}?subscription={one.id}",
        })

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Set it going again, stop it, or send its dead letters once more."""
        facts: dict[str, Any] = {"subscription_id": kwargs["subscription_id"], "by": self.actor, "at": clock.now()}
        overview.subscription_visible(subscription_id=facts["subscription_id"], by=self.actor)
        step = request.POST.get("step", "")
        if step == "resume":
            subscriptions.resume_subscription(**facts)
            toast(request, _("Events are delivered again, from where it stood"))
        elif step == "suspend":
            subscriptions.suspend_subscription(reason=request.POST.get("reason", ""), **facts)
            toast(request, _("Nothing is delivered until it is set going again"))
        elif step == "replay":
            count = dead_letters.replay_all(**facts)
            toast(request, _("{count} event(s) are sent again").format(count=count))
        else:
            raise NotFound(field="step")
        return go(request, own_address(facts["subscription_id"]))


class DeadLetters(ListPage):
    """Events that could not be delivered."""

    name, title, permission = "dead-letters", _("Dead letters"), "integration.view"
    subtitle = _("Events that a system refused again and again, or that it did not fetch for too long")
    rows = staticmethod(overview.letters_visible_to)
    columns = (
        Link(key="type", label=_("Event"), to=letter_address, sub="callback"),
        Text(key="reason", label=_("Reason")),
        Number(key="tries", label=_("Tries")),
        Moment(key="occurred_at", label=_("Happened")),
        Ago(key="dead_at", label=_("Given up"), sort="dead_at"),
    )
    filters = (TextFilter(key="subscription", label=_("Subscription"), lookup="subscription_id"),)
    sort = "-dead_at"
    bulk = (
        Bulk(key="replay", label=_("Send again"), verb=dead_letters.replay, argument="delivery_id", icon="refresh", permission="integration.replay", cast=int),
        Bulk(key="drop", label=_("Drop"), verb=dead_letters.drop, argument="delivery_id", icon="trash", permission="integration.replay", cast=int),
    )
    empty = Empty(says=_("Every event was delivered"), mend=_("Nothing to do here."), icon="circle-check")


class WaitingEvents(ListPage):
    """Events on their way."""

    name, title, permission = "waiting-events", _("Waiting events"), "integration.view"
    subtitle = _("Events on their way to other systems, in the order in which each will get them")
    rows = staticmethod(overview.waiting_visible_to)
    columns = (
        Text(key="type", label=_("Event"), sub="callback", phone="title"),
        Text(key="message_id", label=_("Event id"), hidden=True),
        Number(key="tries", label=_("Tries")),
        Text(key="reason", label=_("Last error")),
        Ago(key="created_at", label=_("Since"), sort="created_at"),
    )
    filters = (TextFilter(key="subscription", label=_("Subscription"), lookup="subscription_id"),)
    sort = "created_at"
    empty = Empty(says=_("Nothing waits"), mend=_("Every event is delivered or among the dead letters."), icon="circle-check")


class Letter(Page):
    """One dead letter: why it was given up, and the event as the one who looks may see it."""

    permission, title, template = "integration.view", _("Dead letter"), "integration/letter.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        one: Any = overview.letter_visible(delivery_id=kwargs["letter"], by=self.actor)
        body = dead_letters.letter_body(notice_id=one.notice_id, by=self.actor)
        return render(request, self.template, {
            "one": one, "body": json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else "", "own": letter_address(one),
            "subscription": own_address(one.subscription_id), "may_replay": self.actor.may("integration.replay"), "letters": LETTERS,
        })

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send it again or drop it."""
        overview.letter_visible(delivery_id=kwargs["letter"], by=self.actor)
        facts: dict[str, Any] = {"delivery_id": kwargs["letter"], "by": self.actor, "at": clock.now()}
        step = request.POST.get("step", "")
        if step not in {"replay", "drop"}:
            raise NotFound(field="step")
        if step == "replay":
            dead_letters.replay(**facts)
            toast(request, _("The event is sent again"))
        else:
            dead_letters.drop(**facts)
            toast(request, _("The event was dropped"))
        return go(request, LETTERS)


class SetAside(ListPage):
    """Events that could not be told by a fault of ours."""

    name, title, permission = "set-aside-events", _("Events set aside"), "operations.view"
    subtitle = _("Events that nobody could be told of, by a fault of this program")
    rows = staticmethod(overview.set_aside_visible_to)
    columns = (
        Text(key="event_id", label=_("Event id"), phone="title"), Text(key="error", label=_("Error")),
        Ago(key="occurred_at", label=_("Happened"), sort="occurred_at"),
    )
    sort = "-occurred_at"
    bulk = (Bulk(key="again", label=_("Tell again"), verb=overview.tell_again, argument="row_id", icon="refresh", permission="operations.retry", cast=int),)
    empty = Empty(says=_("Every event was told"), mend=_("Nothing to do here."), icon="circle-check")


class TargetForm(KitForm):
    """A host or network to be allowed."""

    target = forms.CharField(label=_("Host or network"), max_length=255, help_text=_("events.example.com, *.example.com or 10.20.0.0/16"))
    note = forms.CharField(label=_("Whose it is"), max_length=200, required=False)


class Targets(Page):
    """The hosts and networks to which events may be sent."""

    permission, title, template = "integration.view", _("Allowed hosts"), "integration/targets.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """Show them."""
        return render(request, self.template, {
            "lines": allowing.targets(by=self.actor), "may_manage": self.actor.may("integration.clients"), "own": TARGETS, "back": ADDRESS,
        })

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        """Take one off the list."""
        allowing.refuse_target(target=request.POST.get("target", ""), by=self.actor, at=clock.now())
        toast(request, _("No more events are sent there"))
        return go(request, TARGETS)


class TargetNew(FormPage):
    """Allowing a host or a network."""

    permission, title, form, name = "integration.clients", _("Allow a host"), TargetForm, "target-new"
    intro = _("Events carry personal data: allow only what belongs to a system that may have it. An inner network has to be named itself.")

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return TARGETS

    def save(self, data: dict[str, Any], *, by: Actor, at: Any, **kwargs: Any) -> str:
        """Allow it."""
        allowing.allow_target(**data, by=by, at=at)
        return self.cancel_address(**kwargs)
