"""The figures that points follow: what payments earn, how long points live, what one is worth, what keeps from redeeming; dated."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import queries, services
from tongke.areas.staff import queries as staff
from tongke.areas.staff.states import ApprovalState
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import DayField, FormPage, KitForm, Page, toast
from tongke.web.offers.frame import Data
from tongke.web.party.record import start_of
from tongke.web.staff.requests import Teller

CHANGE = "account.points_policy"
SEE = (CHANGE, "analytics.view")
STATES: dict[str, tuple[Any, str]] = {"now": (_("in force"), "good"), "ahead": (_("ahead"), "info"), "past": (_("over"), "off")}
GROUP = 1
APPROVAL = "account.points_policy"
WAITING_SHOWN = 50


def plain(value: Decimal) -> str:
    """Write a figure with the decimals that it has: 0.01, not 0.0100."""
    return f"{value.normalize():f}"


def requests_of(*, by: Actor, at: datetime) -> list[Data]:
    """Return the changes that wait for a second person, as far as the actor asked for them or may decide."""
    rows = staff.approvals_visible_to(by).filter(kind=APPROVAL, state=ApprovalState.REQUESTED, expires_at__gt=at).order_by("requested_at")[:WAITING_SHOWN]
    teller = Teller(rows, by=by)
    return [{"asked": asked, "says": teller.headline(asked)} for asked in teller.asked]


class PointsPolicy(Page):
    """What holds for the actor's level now, and every dated row in sight."""

    title, permission, template = _("Rules for points"), SEE, "offers/points_policy.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the figures in force for the actor's own level, and the rows by organisation, newest first."""
        del request, kwargs
        at, own = clock.now(), self.actor.base_org_id or GROUP
        rows = queries.points_policy(by=self.actor, at=at) if self.actor.may("account.view") else []
        people = staff.names_signed(name for row in rows for name in (row.set_by, row.approved_by) if name)
        now = queries.points_figures(own, at=at)
        return {
            "plain": plain, "subtitle": _("Dated: what has begun stands; the nearest level's own figures count before those of the level above"),
            "now": now, "org": staff.org_name(own), "whence": staff.org_name(now.org_id), "may_change": self.actor.may(CHANGE),
            "rows": [
                (row, staff.org_name(row.figures.org_id), people[row.set_by], people[row.approved_by] if row.approved_by else "", *STATES[row.state])
                for row in rows],
            "waiting": requests_of(by=self.actor, at=at),
        }


class FiguresForm(KitForm):
    """All figures together, from a day on."""

    points_per_yuan = forms.DecimalField(
        label=_("Points for each yuan paid"), min_value=Decimal(0), max_value=Decimal(1000), max_digits=8, decimal_places=4,
        help_text=_("Whole points, rounded down for each payment; 0: payments earn none"))
    life_months = forms.IntegerField(label=_("Months of life"), min_value=1, max_value=240, help_text=_("Whole months after the month in which they are earned"))
    yuan_per_point = forms.DecimalField(
        label=_("Value of a point"), min_value=Decimal(0), max_value=Decimal(1000), max_digits=8, decimal_places=4, help_text=_("In yuan: what the points owed are valued at"))
    redeem_min = forms.IntegerField(label=_("Fewest points redeemed at once"), min_value=1, max_value=10**6)
    owed_max = forms.DecimalField(
        label=_("Debt up to which points are redeemed"), min_value=Decimal(0), max_digits=18, decimal_places=2,
        help_text=_("Who owes more goes on earning, but cannot redeem"))
    org_id = forms.TypedChoiceField(label=_("Holds for"), coerce=int, help_text=_("And all below it that have none of their own"))
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: as soon as approved"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orgs = [(org.id, org.name) for org in staff.org_labels().values() if org.kind != "unit" and org.active and by.sees(org.id)]
        self.fields["org_id"].choices = orgs  # type: ignore[attr-defined]  # a choice field


class ChangePoints(FormPage):
    """Ask a second person to let other figures hold from a day on."""

    name, title, permission, form = "points-policy-change", _("Change the rules for points"), CHANGE, FiguresForm
    intro = _("Lots keep the expiry that they have; what is owed is valued anew from that day on. A second person decides.")
    submit = _("Ask for approval")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back to the rules."""
        del request, kwargs
        return {"crumbs": [(_("Rules for points"), reverse("points-policy"))]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what holds for the actor's own level now."""
        del kwargs
        own = self.actor.base_org_id or GROUP
        now = queries.points_figures(own, at=clock.now())
        return {
            "org_id": own, "life_months": now.life_months, "redeem_min": now.redeem_min, "owed_max": now.owed_max,
            "points_per_yuan": plain(now.points_per_yuan), "yuan_per_point": plain(now.yuan_per_point)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the rules."""
        del kwargs
        return reverse("points-policy")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Ask for them."""
        services.propose_points_policy(**{**data, "valid_from": start_of(data["valid_from"])}, by=by, at=at)
        toast(self.request, _("A second person was asked; the figures hold once approved"), kind="info")
        return self.cancel_address(**kwargs)
