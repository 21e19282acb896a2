"""Work of the data steward: records to repair, and the figures of customer policy."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.states import Level, PartyKind, Segment
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.web.kit import (
    ChoiceFilter,
    Day,
    DayField,
    Empty,
    FormPage,
    KitForm,
    Link,
    ListPage,
    NumberRangeFilter,
    Page,
    Share,
    State,
    Tags,
)
from tongke.web.party.record import start_of
from tongke.web.party.words import missing_words

Data = dict[str, Any]


def repairs(actor: Actor) -> Any:
    """Return the records that the actor should have repaired."""
    return queries.repairs_visible_to(actor, at=clock.now())


class Repair(ListPage):
    """Incomplete records, the least complete first: what to ask for at the next contact."""

    name, title, permission = "repair", _("Records to repair"), "party.repair"
    subtitle = _("What is missing is asked for at the next contact")
    rows = repairs
    columns = (
        Link(key="shown_name", label=_("Customer"), to=lambda c: reverse("customer-record", args=[c.id]), sub="customer_no"),
        Share(key="share", label=_("Completeness"), sort="completeness", value=lambda c: c.completeness / 100),
        Tags(key="lacking", label=_("Missing"), value=lambda c: missing_words(c.missing)),
        State(key="kind", label=_("Kind"), labels=PartyKind, phone="hidden"),
        State(key="segment", label=_("Segment"), labels=Segment),
        State(key="level", label=_("Level"), labels=Level, hidden=True),
        Day(key="verified_on", label=_("Identity verified on")),
    )
    filters = (
        ChoiceFilter(key="segment", label=_("Segment"), choices=Segment.choices, primary=True),
        ChoiceFilter(key="kind", label=_("Kind"), choices=PartyKind.choices, lookup="party__kind"),
        ChoiceFilter(key="level", label=_("Level"), choices=Level.choices),
        NumberRangeFilter(key="completeness", label=_("Completeness"), lookup="party__completeness", unit="%"),
    )
    sort = "share"
    empty = Empty(says=_("Every record is complete enough"), mend=_("The policy sets below which completeness a record comes here."), icon="clipboard-check")


class Policy(Page):
    """The figures of customer policy with what is planned and what held before."""

    title, permission, template = _("Customer policy"), "party.policy", "party/policy.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return every figure."""
        del request, kwargs
        return {"figures": queries.policy_figures(at=clock.now()), "shown": _written}


def _written(value: Any) -> str:
    """Return a figure as text; tables of figures as JSON."""
    return str(value) if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False, indent=1)


class FigureForm(KitForm):
    """A new value of a figure."""

    value = django_forms.CharField(label=_("Value"), widget=django_forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}), max_length=5000)
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    reason = django_forms.CharField(label=_("Reason"), widget=django_forms.Textarea(attrs={"rows": 2}), max_length=1000)


class ChangeFigure(FormPage):
    """Change one figure from a day on."""

    title, permission, form = _("Change a figure"), "party.policy", FigureForm
    name = "customer-policy-figure"

    def initial(self, **kwargs: Any) -> Data:
        """Start with the figure in force."""
        found = [f for f in queries.policy_figures(at=clock.now()) if f.name == kwargs["figure"]]
        return {"value": _written(found[0].value) if found else ""}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure."""
        del request
        found = [f.label for f in queries.policy_figures(at=clock.now()) if f.name == kwargs["figure"]]
        return {"subtitle": found[0] if found else ""}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the page of all figures."""
        del kwargs
        return reverse("customer-policy")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Set the figure; numbers and tables are written as JSON."""
        try:
            value = json.loads(data["value"])
        except ValueError as fault:
            raise Invalid(field="value", what=str(_("Value"))) from fault
        services.set_policy(kwargs["figure"], value, valid_from=start_of(data["valid_from"]), reason=data["reason"], by=by, at=at)
        return reverse("customer-policy")
