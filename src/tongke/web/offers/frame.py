"""What the pages of offers, discounts and points share: the head of a customer's pages with the right tab, the trace of the look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import OfferingKind, SalesChannel
from tongke.areas.ordering.states import Outcome
from tongke.areas.party import queries as parties
from tongke.areas.party.queries import CustomerRow
from tongke.kernel.actor import Actor
from tongke.web.catalogue.words import KIND_ICONS
from tongke.web.kit import Page
from tongke.web.party.frame import leave_trace

Data = dict[str, Any]
ORDER = ("eligible", "conditional", "refused")
TONES = {"eligible": "good", "conditional": "warn", "refused": "bad"}
SIGNS = {"eligible": "circle-check", "conditional": "alert-circle", "refused": "circle-x"}
HEADINGS: dict[str, Any] = {
    "eligible": _("May be ordered now"), "conditional": _("If the customer agrees, or something is settled"), "refused": _("Not now: what stands against it"),
}
EFFECTS: dict[str, tuple[Any, str]] = {
    "refuse": (_("stands against it"), "bad"), "deposit": (_("a deposit"), "warn"), "review": (_("a person decides"), "warn"),
    "agree": (_("if the customer agrees"), "info"), "check": (_("to be answered"), "info"),
}
KINDS: dict[str, Any] = dict(OfferingKind.choices)
KIND_SIGNS = KIND_ICONS
CHANNELS: dict[str, Any] = dict(SalesChannel.choices)
OUTCOMES: dict[str, Any] = dict(Outcome.choices)


def seen(customer_id: UUID, *, purpose: str = "", by: Actor) -> CustomerRow:
    """Return the customer after the trace of the look stands; raises ``NotFound`` out of the actor's scope."""
    row = parties.customer(customer_id, by=by)
    leave_trace(row, purpose=purpose, by=by)
    return row


class Part(Page):
    """A part of a customer's page that htmx fetches; it leaves a trace as the page does."""

    purpose: Any = ""

    def row(self, customer_id: UUID) -> CustomerRow:
        """Return the customer after the trace of the look stands."""
        return seen(customer_id, purpose=str(self.purpose), by=self.actor)
