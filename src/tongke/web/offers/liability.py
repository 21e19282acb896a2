"""What the operator owes in points: by month of expiry and organisation, with its value, as a list that may leave as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import queries
from tongke.areas.account.states import PointsSource
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import Amount, ChoiceFilter, Empty, Link, ListPage, Number, Page, Text
from tongke.web.kit.chart import Chart, Series
from tongke.web.kit.rows import Ask, Screen
from tongke.web.staff.exporting import controlled_export


@dataclass(frozen=True, slots=True)
class OwedMonth:
    """What expires in one month in one organisation."""

    id: str
    org_id: int
    org: str
    expires_on: date
    month: str
    customers: int
    points: int
    value: Decimal


def owed_months(by: Actor, *, org_id: int | None = None) -> list[OwedMonth]:
    """Return the liability of the actor's scope, of one organisation where named."""
    return [
        OwedMonth(f"{row.expires_on:%Y-%m-%d}/{row.org_id}", row.org_id, str(staff.org_name(row.org_id)), row.expires_on, f"{row.expires_on:%Y-%m}",
                  row.customers, row.points, row.value)
        for row in queries.points_liability(by=by, at=clock.now()) if org_id in (None, row.org_id)
    ]


def fetch_months(ask: Ask) -> Sequence[OwedMonth]:
    """Return one screenful: the report is small, so it is sorted here."""
    sort = ask.sort or "expires_on"

    def place(row: OwedMonth) -> tuple[Any, str]:
        return getattr(row, sort), row.id

    rows = sorted(_within(ask), key=place, reverse=ask.falling)
    if ask.cursor is not None:
        rows = [row for row in rows if (place(row) < ask.cursor if ask.falling else place(row) > ask.cursor)]
    return rows[:ask.limit + 1]


def count_months(ask: Ask) -> int:
    """Count the rows within the filters."""
    return len(_within(ask))


def _within(ask: Ask) -> list[OwedMonth]:
    chosen = str(ask.filters.get("org_id", ""))
    return owed_months(ask.actor, org_id=int(chosen) if chosen.isdecimal() else None)


def org_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that have a row."""
    return sorted({(str(row.org_id), row.org) for row in owed_months(actor)})


class Liability(ListPage):
    """The report."""

    name, title, permission, template = "points-liability", _("Points owed"), ("account.points_policy", "analytics.view"), "offers/liability.html"
    subtitle = _("What is left in customers' lots, by the month in which it expires, at its value by the figures in force")
    fetch, count = fetch_months, count_months
    columns = (
        Link(key="month", label=_("Expires in"), sort="expires_on", to=lambda row: reverse("points-lots", args=[row.org_id, f"{row.expires_on:%Y-%m-%d}"])), Text(key="org", label=_("Organisation"), sort="org"),
        Number(key="customers", label=_("Customers"), sort="customers"), Number(key="points", label=_("Points"), sort="points"),
        Amount(key="value", label=_("Value"), sort="value"),
    )
    filters = (ChoiceFilter(key="org_id", label=_("Organisation"), choices=org_choices, primary=True),)
    sort = "month"
    export = controlled_export("party.export", "points-liability")
    empty = Empty(says=_("No points are left in any lot"), mend=_("Points that customers earn stand here by the month in which they expire."), icon="coin")

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Add the totals and the months drawn."""
        rows = _within(self.ask)
        months: dict[str, list[Any]] = {}
        for row in rows:
            total = months.setdefault(row.month, [0, Decimal(0)])
            total[0], total[1] = total[0] + row.points, total[1] + row.value
        chart = Chart(
            kind="bar", title=_("Value by month of expiry"), label=_("Month"), unit="CNY", digits=2, height="low", categories=sorted(months),
            series=[Series(_("Value"), [months[m][1] for m in sorted(months)])], mend=_("No points are left in any lot"))
        first = min(months, default="")
        return {
            **super().context_of(found), "chart": chart, "total_points": sum(r.points for r in rows), "total_value": sum((r.value for r in rows), Decimal(0)),
            "first_month": first, "first_points": months[first][0] if first else 0, "first_value": months[first][1] if first else Decimal(0),
        }


class Lots(Page):
    """The lots behind one row of the report: whose they are, the largest first."""

    permission, template = ("account.points_policy", "analytics.view"), "offers/points_lots.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the largest lots of one organisation that expire on a day; raises ``NotFound`` for what is no day."""
        del request
        try:
            day = date.fromisoformat(kwargs["expires_on"])
        except ValueError:
            raise NotFound from None
        lots, count = queries.points_expiring(kwargs["org_id"], day, by=self.actor)
        sources = dict(PointsSource.choices)
        return {
            "title": _("Points that expire in %(month)s") % {"month": f"{day:%Y-%m}"}, "subtitle": staff.org_name(kwargs["org_id"]),
            "crumbs": [(_("Points owed"), reverse("points-liability"))], "count": count, "may_open": self.actor.may("party.view"),
            "lots": [(lot, sources.get(lot.source, lot.source), lot.account.customer) for lot in lots],
        }
