"""The role homes: what matters to a clerk, an agent, an account manager, a steward, a supervisor, an analyst,
an administrator, an auditor.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.kit import formatting, navigation
from tongke.web.kit.cards import card_of, cards_of
from tongke.web.kit.page import Page, render

# Role code → (name of the home, what it is for).
HOMES: dict[str, tuple[Any, Any]] = {
    "clerk": (_("Counter"), _("Find the customer, check the identity, settle the matter in one go.")),
    "agent": (_("Hotline"), _("Type the caller's number; everything about the customer is on one screen.")),
    "account_manager": (_("My customers"), _("The customers that you keep, and what they wait for.")),
    "steward": (_("Data quality"), _("Incomplete records, duplicates and imports of your local network.")),
    "supervisor": (_("Supervision"), _("What waits for your decision, and how the records stand.")),
    "analyst": (_("Analysis"), _("Figures of your province; every mark leads to its rows.")),
    "product_manager": (_("Products"), _("What is sold, what is in the making, and what waits before it can be sold.")),
    "number_desk": (_("Numbers and stock"), _("How full the pools are, what is kept for whom, and what runs short.")),
    "administrator": (_("Administration"), _("People, rights, and the health of the installation.")),
    "auditor": (_("Audit"), _("Who changed what, and who looked at whom.")),
}
ACTIONS_SHOWN = 6


def greeting(hour: int) -> Any:
    """Return the greeting for an hour of the day (0–23)."""
    if hour < 6:
        return _("Good night")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


class Home(Page):
    """The home of the person's role; who holds several roles may switch between their homes."""

    permission = "staff.own"
    template = "home/home.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the cards of the chosen home."""
        del kwargs
        actor, at = self.actor, clock.now()
        own = [code for code in dict.fromkeys([actor.extra.get("home", ""), *actor.extra.get("roles", "").split(",")]) if code in HOMES] or ["clerk"]
        asked = request.GET.get("home", "")
        home = asked if asked in own else own[0]
        cards = cards_of(home, actor, at)
        everyday = [a for a in navigation.actions() if a.permission not in {"", "staff.own"}]
        actions = sorted((a for a in everyday if navigation.may_any(actor, a.permission) and a.address), key=lambda a: home not in a.homes)
        return {
            "title": "", "home": home, "heading": HOMES[home][0], "intro": HOMES[home][1], "greeting": greeting(formatting.local(at).hour),
            "today": formatting.long_day(at), "homes": [(HOMES[code][0], f"/?home={code}", code == home) for code in own],
            "actions": actions[:ACTIONS_SHOWN], "figures": [c for c in cards if c.kind == "figure"],
            "panels": [c for c in cards if c.kind != "figure"], "finds": home in {"clerk", "agent", "account_manager", "steward", "supervisor"},
        }


class CardPart(Page):
    """One card that the home fetches after itself; raises ``NotFound`` for a card that is not the actor's."""

    permission = "staff.own"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the card alone."""
        shown = card_of(kwargs["key"], self.actor, clock.now())
        if shown is None:
            raise NotFound
        return render(request, "home/card.html", {"shown": shown})
