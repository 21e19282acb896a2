"""The figures of customer policy, for each level of the operator."""

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
from tongke.areas.party.states import BlacklistCause, PartyKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import DayField, FormPage, KitForm, Page
from tongke.web.kit.widgets import dress
from tongke.web.party.record import start_of
from tongke.web.party.words import FIELD_LABELS

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


class Policy(Page):
    """The figures of customer policy of one organisation in sight: whence each comes, what is planned and what held before."""

    title, permission, template = _("Customer policy"), "party.policy", "party/policy.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return every figure as it holds for the organisation asked for, else for the actor's own."""
        del kwargs
        orgs = staff.orgs_offered(by=self.actor)
        chosen = chosen_org(request.GET.get("org", ""), actor=self.actor)
        return {"figures": queries.policy_figures(org_id=chosen, at=clock.now()), "orgs": orgs, "chosen": chosen, "group": queries.GROUP,
                "org_name": staff.org_name, "shown": _written, "leaves_of": leaves_of, "labelled": labelled}


def chosen_org(asked: str, *, actor: Actor) -> int:
    """Return the organisation asked for, empty: the actor's own level. Raises ``NotFound`` for one out of sight."""
    if not asked:
        return actor.base_org_id or queries.GROUP
    found = next((org.id for org in staff.orgs_offered(by=actor) if str(org.id) == asked), None)
    if found is None:
        raise NotFound
    return found


def page_of(org_id: int) -> str:
    """Return the address of the figures of an organisation."""
    return f"{reverse('customer-policy')}?org={org_id}"


def _written(value: Any) -> str:
    """Return a figure as text; tables of figures as JSON."""
    return str(value) if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False, indent=1)


class FigureForm(KitForm):
    """A new value of a figure: one field for each number in it, however the numbers are nested."""

    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    may_override = django_forms.ChoiceField(
        label=_("Levels below"), required=False, choices=[("yes", _("may set their own")), ("no", _("are bound by this figure"))])
    reason = django_forms.CharField(label=_("Reason"), widget=django_forms.Textarea(attrs={"rows": 2}), max_length=1000)

    def __init__(self, *args: Any, leaves: Leaves = (), lowest: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lowest:
            del self.fields["may_override"]
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


def figure_of(org_id: int, name: str, *, actor: Actor) -> queries.FigureRow:
    """Return the figure as it holds for an organisation; raises ``NotFound`` for none such, or one out of sight."""
    org_id = chosen_org(str(org_id), actor=actor)
    found = next((f for f in queries.policy_figures(org_id=org_id, at=clock.now()) if f.name == name), None)
    if found is None:
        raise NotFound
    return found


class ChangeFigure(FormPage):
    """Change one figure of one organisation from a day on."""

    title, permission, form = _("Change a figure"), "party.policy", FigureForm
    name = "customer-policy-figure"

    def figure(self, **kwargs: Any) -> queries.FigureRow:
        """Return the figure in force; raises ``NotFound``."""
        return figure_of(kwargs["org"], kwargs["figure"], actor=self.actor)

    def start(self, **kwargs: Any) -> Any:
        """Return the value that the form begins with: the organisation's own, else what it inherits."""
        row = self.figure(**kwargs)
        return row.value if row.own_value is None else row.own_value

    def initial(self, **kwargs: Any) -> Data:
        """Permit to lower levels what is permitted now."""
        return {"may_override": "yes" if self.figure(**kwargs).may_override else "no"}

    def form_options(self, **kwargs: Any) -> Data:
        """Give the form a field for each number of the figure."""
        org = staff.org_labels().get(kwargs["org"])
        return {"leaves": leaves_of(self.start(**kwargs)), "lowest": org is not None and org.kind == "local_network"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure and the organisation."""
        del request
        return {"subtitle": f"{staff.org_name(kwargs['org'])} · {self.figure(**kwargs).label}"}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the page of all figures."""
        return page_of(kwargs["org"])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Set the figure."""
        now = self.start(**kwargs)
        typed = {path: data[field_of(path)] for path, _value in leaves_of(now)}
        may_override = {"yes": True, "no": False}.get(data.get("may_override", ""))
        services.set_policy(kwargs["figure"], rebuilt(now, typed), valid_from=start_of(data["valid_from"]), reason=data["reason"],
                            org_id=kwargs["org"], may_override=may_override, by=by, at=at)
        return page_of(kwargs["org"])


class WithdrawForm(KitForm):
    """From when on an organisation does without a figure of its own."""

    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    reason = django_forms.CharField(label=_("Reason"), widget=django_forms.Textarea(attrs={"rows": 2}), max_length=1000)


class WithdrawFigure(FormPage):
    """Withdraw an organisation's own figure: the level above holds again."""

    title, permission, form = _("Withdraw the own figure"), "party.policy", WithdrawForm
    name, submit = "customer-policy-withdraw", _("Withdraw")
    intro = _("From then on the figure of the level above holds here again.")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure and the organisation."""
        del request
        return {"subtitle": f"{staff.org_name(kwargs['org'])} · {figure_of(kwargs['org'], kwargs['figure'], actor=self.actor).label}"}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the page of all figures."""
        return page_of(kwargs["org"])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Withdraw it."""
        services.withdraw_policy(kwargs["figure"], org_id=kwargs["org"], valid_from=start_of(data["valid_from"]), reason=data["reason"],
                                 by=by, at=at)
        return page_of(kwargs["org"])
