"""Work of the data steward: records to repair."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries
from tongke.areas.party.states import Level, PartyKind, Segment
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import (
    ChoiceFilter,
    Day,
    Empty,
    Link,
    ListPage,
    NumberRangeFilter,
    Share,
    State,
    Text,
)
from tongke.web.party.words import missing_words


def repairs(actor: Actor) -> Any:
    """Return the records that the actor should have repaired."""
    return queries.repairs_visible_to(actor, at=clock.now())


class Repair(ListPage):
    """Incomplete records, the least complete first: what to ask for at the next contact."""

    name, title, permission = "repair", _("Records to repair"), "party.repair"
    subtitle = _("What is missing is asked for at the next contact")
    rows = repairs
    columns = (
        Link(key="shown_name", label=_("Customer"), to=lambda c: reverse("customer-record", args=[c.customer_id]), sub="customer_no"),
        Share(key="share", label=_("Completeness"), sort="completeness", value=lambda c: c.completeness / 100),
        Text(key="lacking", label=_("Missing"), value=lambda c: " · ".join(missing_words(c.missing))),
        State(key="kind", label=_("Kind"), labels=PartyKind, phone="hidden"),
        State(key="segment", label=_("Segment"), labels=Segment),
        State(key="level", label=_("Level"), labels=Level, hidden=True),
        Day(key="verified_on", label=_("Identity verified on")),
    )
    filters = (
        ChoiceFilter(key="segment", label=_("Segment"), choices=Segment.choices, primary=True),
        ChoiceFilter(key="kind", label=_("Kind"), choices=PartyKind.choices),
        ChoiceFilter(key="level", label=_("Level"), choices=Level.choices),
        NumberRangeFilter(key="completeness", label=_("Completeness"), unit="%"),
    )
    sort = "share"
    empty = Empty(says=_("Every record is complete enough"), mend=_("The policy sets below which completeness a record comes here."), icon="clipboard-check")
