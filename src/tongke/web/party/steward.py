"""Work of the data steward: records to repair, and the figures of customer policy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.states import BlacklistCause, Level, PartyKind, Segment
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
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
    Text,
)
from tongke.web.kit.widgets import dress
from tongke.web.party.record import start_of
from tongke.web.party.words import FIELD_LABELS, missing_words

Data = dict[str, Any]
Leaves = Sequence[tuple[tuple[str, ...], Any]]
NAMED_BY = "credit_class"  # what tells the rows of a figure's table apart
STEP_WORDS: dict[str, Any] = {
    **FIELD_LABELS, **dict(PartyKind.choices), **dict(BlacklistCause.choices), "from_score": _("Score from"), "credit_limit": _("Credit limit"),
    "start": _("Start"), "tenure_year": _("For each year as a customer"), "tenure_years_max": _("Years counted, at most"),
    "paid_on_time": _("All bills paid on time"), "arrears_month": _("For each month in arrears"),
    "arrears_months_max": _("Months in arrears counted, at most"), "fraud_case": _("For each fraud case"),
    "deposit_yuan_per_point": _("Yuan of deposit for one point"), "deposit_max": _("Points for deposit, at most"),
}


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


class Policy(Page):
    """The figures of customer policy with what is planned and what held before."""

    title, permission, template = _("Customer policy"), "party.policy", "party/policy.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return every figure."""
        del request, kwargs
        return {"figures": queries.policy_figures(at=clock.now()), "shown": _written, "leaves_of": leaves_of, "labelled": labelled}


def _written(value: Any) -> str:
    """Return a figure as text; tables of figures as JSON."""
    return str(value) if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False, indent=1)


class FigureForm(KitForm):
    """A new value of a figure: one field for each number in it, however the numbers are nested."""

    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    reason = django_forms.CharField(label=_("Reason"), widget=django_forms.Textarea(attrs={"rows": 2}), max_length=1000)

    def __init__(self, *args: Any, leaves: Leaves = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {}
        for path, value in leaves:
            # Whether a number may be left out (without end) is for the policy's own types to say.
            field = django_forms.CharField(label=label_of(path), initial="" if value is None else value, max_length=40, required=False)
            dress(field)
            own[field_of(path)] = field
        self.fields = {**own, **self.fields}


def leaves_of(value: Any, path: tuple[str, ...] = ()) -> Leaves:
    """Return (path, number) of every number in a figure; a list of rows is named by each row's first word."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves_of(inner, (*path, str(key)))]
    if isinstance(value, list):
        return [leaf for row in value for leaf in leaves_of({k: v for k, v in row.items() if k != NAMED_BY}, (*path, str(row[NAMED_BY])))]
    return [(path, value)]


def rebuilt(value: Any, typed: dict[tuple[str, ...], Any], path: tuple[str, ...] = ()) -> Any:
    """Return the figure ``value`` with each number replaced by the one typed at its path."""
    if isinstance(value, dict):
        return {key: rebuilt(inner, typed, (*path, str(key))) for key, inner in value.items()}
    if isinstance(value, list):
        return [{NAMED_BY: row[NAMED_BY], **rebuilt({k: v for k, v in row.items() if k != NAMED_BY}, typed, (*path, str(row[NAMED_BY])))}
                for row in value]
    given = str(typed[path]).strip()
    if not given:
        return None
    return int(given) if given.lstrip("-").isdecimal() else given


def labelled(leaves: Leaves) -> list[tuple[str, Any]]:
    """Return (words, number) of every number of a figure; without a number it is endless."""
    return [(label_of(path), _("without end") if value is None else value) for path, value in leaves]


def field_of(path: tuple[str, ...]) -> str:
    """Return the form field's name of a path."""
    return "__".join(("value", *path))


def label_of(path: tuple[str, ...]) -> str:
    """Return the words of a path: each step in the reader's language where it has words."""
    return " · ".join(str(STEP_WORDS.get(step, step)) for step in path) or str(_("New figure"))


class ChangeFigure(FormPage):
    """Change one figure from a day on."""

    title, permission, form = _("Change a figure"), "party.policy", FigureForm
    name = "customer-policy-figure"

    def figure(self, name: str) -> queries.FigureRow:
        """Return the figure in force; raises ``NotFound``."""
        found = next((f for f in queries.policy_figures(at=clock.now()) if f.name == name), None)
        if found is None:
            raise NotFound
        return found

    def form_options(self, **kwargs: Any) -> Data:
        """Give the form a field for each number of the figure."""
        return {"leaves": leaves_of(self.figure(kwargs["figure"]).value)}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure."""
        del request
        return {"subtitle": self.figure(kwargs["figure"]).label}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the page of all figures."""
        del kwargs
        return reverse("customer-policy")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Set the figure."""
        now = self.figure(kwargs["figure"]).value
        typed = {path: data[field_of(path)] for path, _value in leaves_of(now)}
        services.set_policy(kwargs["figure"], rebuilt(now, typed), valid_from=start_of(data["valid_from"]), reason=data["reason"], by=by, at=at)
        return reverse("customer-policy")
