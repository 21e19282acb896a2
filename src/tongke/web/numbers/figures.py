"""Figures of policy about numbers and reservations: what holds now, what holds from a later day, and changing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tongke.areas.resource import queries, services
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import DayField, FormPage, KitForm, Page
from tongke.web.numbers.days import start_of
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.words import org_choices

Data = dict[str, Any]
FIRST = gettext_noop("First figures")
"""The reason that the figures carry which came with the installation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Figures of one subject: how they are read and set, who may, and where their page is."""

    title: Any
    page: str
    change: str
    see: str
    run: str
    labels: Callable[[], dict[str, Any]]
    rows: Callable[..., list[Any]]
    values: Callable[..., dict[str, int]]
    set: Callable[..., None]


NUMBERS = Book(
    title=_("Rules for holds and cooling"), page="number-figures", change="number-figure", see=SEE, run=RUN, labels=queries.number_figure_labels,
    rows=queries.number_figures, values=queries.number_figures_at, set=services.set_number_figure)
RESERVATIONS = Book(
    title=_("Rules for reservations"), page="reservation-figures", change="reservation-figure", see="resource.view_network", run="resource.plan_network",
    labels=queries.reservation_figure_labels, rows=queries.reservation_figures, values=queries.reservation_figures_at, set=services.set_reservation_figure)


class Figures(Page):
    """Every figure of a book with its rows over time."""

    title, permission, template = NUMBERS.title, NUMBERS.see, "numbers/figures.html"
    book: ClassVar[Book] = NUMBERS

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return what holds for the actor's organisation and every dated row."""
        del request, kwargs
        at, own, book = clock.now(), self.actor.base_org_id or 1, self.book
        labels, values = book.labels(), book.values(at, own, by=self.actor)
        rows = book.rows(list(labels), by=self.actor)
        return {
            "subtitle": _("Dated: what has begun stands; the nearest level's own figure counts before that of the level above"), "at": at, "org": staff.org_name(own),
            "figures": [(name, label, values[name], [(row, staff.org_name(row.org_id)) for row in rows if row.name == name]) for name, label in labels.items()],
            "may_run": self.actor.may(book.run), "change": book.change,
        }


class ReservationFigures(Figures):
    """The figures about reservations of ports and stock."""

    title, permission = RESERVATIONS.title, RESERVATIONS.see
    book = RESERVATIONS


class FigureForm(KitForm):
    """Another value from a day on."""

    value = forms.IntegerField(label=_("Value that holds"), min_value=0, max_value=10**6)
    org_id = forms.TypedChoiceField(label=_("Holds for"), coerce=int, help_text=_("And all below it that have no figure of their own"))
    valid_from = DayField(label=_("In force from"), required=False, help_text=_("Empty: from now on"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field


class ChangeFigure(FormPage):
    """Change one figure of a book."""

    name, permission, form, template = "number-figure", RUN, FigureForm, "numbers/plain_form.html"
    book: ClassVar[Book] = NUMBERS

    def label(self, figure: str) -> Any:
        """Return what a figure is called; raises ``NotFound``."""
        found = self.book.labels().get(figure)
        if found is None:
            raise NotFound(field="figure")
        return found

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the figure."""
        del request
        return {"title": self.label(kwargs["figure"]), "crumbs": [(self.book.title, self.cancel_address())]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what holds now."""
        own = self.actor.base_org_id or 1
        return {"org_id": own, "value": self.book.values(clock.now(), own, by=self.actor).get(kwargs["figure"])}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return all figures."""
        del kwargs
        return reverse(self.book.page)

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Let it hold."""
        self.book.set(name=kwargs["figure"], value=data["value"], org_id=data["org_id"], valid_from=start_of(data["valid_from"]), reason=data["reason"], by=by, at=at)
        return self.cancel_address()


class ChangeReservationFigure(ChangeFigure):
    """Change a figure about reservations."""

    name, permission = "reservation-figure", RESERVATIONS.run
    book = RESERVATIONS
