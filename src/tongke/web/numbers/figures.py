"""Figures of policy about numbers: what holds now, what holds from a later day, and changing one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tongke.areas.resource import queries, services
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import DayField, FormPage, KitForm, Page
from tongke.web.numbers.days import start_of
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.words import org_choices

Data = dict[str, Any]
FIRST = gettext_noop("First figures")
"""The reason that the figures carry which came with the installation."""


class Figures(Page):
    """Every figure with its rows over time."""

    title, permission, template = _("Rules for holds and cooling"), SEE, "numbers/figures.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return what holds for the actor's organisation and every dated row."""
        del request, kwargs
        at, own = clock.now(), self.actor.base_org_id or 1
        labels, values = queries.number_figure_labels(), queries.number_figures_at(at, own, by=self.actor)
        rows = queries.number_figures(list(labels), by=self.actor)
        return {
            "subtitle": _("Dated: what has begun stands; the nearest level's own figure counts before that of the level above"), "at": at, "org": staff.org_name(own),
            "figures": [(name, label, values[name], [(row, staff.org_name(row.org_id)) for row in rows if row.name == name]) for name, label in labels.items()],
            "may_run": self.actor.may(RUN),
        }


class FigureForm(KitForm):
    """Another value from a day on."""

    value = forms.IntegerField(label=_("Value that holds"), min_value=0, max_value=10**6)
    org_id = forms.TypedChoiceField(label=_("Holds for"), coerce=int, help_text=_("And all below it that have no figure of their own"))
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from now on"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field


class ChangeFigure(FormPage):
    """Change one figure."""

    name, permission, form, template = "number-figure", RUN, FigureForm, "numbers/plain_form.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure."""
        del request
        return {"title": queries.number_figure_labels().get(kwargs["figure"], kwargs["figure"]), "crumbs": [(_("Rules for holds and cooling"), reverse("number-figures"))]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what holds now."""
        own = self.actor.base_org_id or 1
        return {"org_id": own, "value": queries.number_figures_at(clock.now(), own, by=self.actor).get(kwargs["figure"])}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return all figures."""
        del kwargs
        return reverse("number-figures")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Let it hold."""
        services.set_number_figure(name=kwargs["figure"], value=data["value"], org_id=data["org_id"], valid_from=start_of(data["valid_from"]), reason=data["reason"], by=by, at=at)
        return self.cancel_address()
