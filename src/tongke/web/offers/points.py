"""Points of a customer: what is left in which lot and until when, every move, earning, redeeming, giving back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.account import queries, services
from tongke.areas.account.queries.points import local_day
from tongke.areas.account.states import PointsMoveKind, PointsSource
from tongke.areas.party.queries import CustomerRow
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7
from tongke.web.kit import KitForm, toast
from tongke.web.kit.forms import TOKEN
from tongke.web.offers.frame import Data
from tongke.web.party.frame import CustomerAct, CustomerForm, CustomerPage

MOVES_SHOWN = 60
SOURCES: dict[str, Any] = dict(PointsSource.choices)
BY_HAND = [choice for choice in PointsSource.choices if choice[0] in {PointsSource.GOODWILL, PointsSource.PROMOTION, PointsSource.TENURE}]
MOVE_TONES = {PointsMoveKind.EARN: "good", PointsMoveKind.USE: "info", PointsMoveKind.RETURN: "neutral", PointsMoveKind.CANCEL: "bad", PointsMoveKind.EXPIRE: "off"}


def movements(customer_id: Any, *, by: Actor) -> list[Data]:
    """Return the bookings, newest first: the parts of one booking that came from several lots stand together.

    ``may_return`` says that a redemption was not given back yet.
    """
    moves = queries.points_moves(customer_id, limit=MOVES_SHOWN, by=by)
    returned = {move.key for move in moves if move.kind == PointsMoveKind.RETURN}
    people = staff.names_signed(move.booked_by for move in moves)
    found: dict[tuple[str, str], Data] = {}
    for move in moves:
        one = found.setdefault((str(move.kind), move.key), {
            "kind": move.kind, "label": PointsMoveKind(move.kind).label, "tone": MOVE_TONES[PointsMoveKind(move.kind)], "points": 0, "lots": [],
            "key": move.key, "reason": move.reason, "who": people[move.booked_by], "at": move.booked_at,
            "may_return": move.kind == PointsMoveKind.USE and move.key not in returned,
        })
        one["points"] += move.points
        one["lots"].append((abs(move.points), move.lot.expires_on))
    return list(found.values())


class Points(CustomerPage):
    """The page."""

    permission, template, tab = "account.view", "offers/points.html", "customer-points"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return the state, the lots with the first to expire first, and the moves."""
        del request
        at = clock.now()
        figures = queries.points_figures(row.org_id, at=at)
        state = queries.points_of_customer(row.id, by=self.actor, at=at)
        lots = queries.points_lots(row.id, by=self.actor)
        today = local_day(row.org_id, at=at)
        return {
            "state_of_points": state, "figures": figures, "worth": state.usable * figures.yuan_per_point, "may_book": self.actor.may("account.points"),
            "lots": [{"lot": lot, "source": SOURCES.get(lot.source, lot.source), "over": lot.expires_on <= today, "days": (lot.expires_on - today).days} for lot in lots],
            "moves": movements(row.id, by=self.actor),
        }


class EarnForm(KitForm):
    """So many points, for what, why."""

    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=10_000_000)
    source = forms.ChoiceField(label=_("Earned for"), choices=BY_HAND)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120, help_text=_("A bill, an order, a case"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class RedeemForm(KitForm):
    """So many points, for what."""

    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=10_000_000)
    reason = forms.CharField(label=_("Redeemed for"), max_length=200)


class BookPoints(CustomerForm):
    """What the forms of points share: one key a form, so that sending twice books once."""

    permission, back, template, done = "account.points", "customer-points", "offers/points_form.html", ""

    def key(self) -> str:
        """Return the booking's key."""
        return f"desk {self.request.POST.get(TOKEN, '')[:64] or uuid7()}"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Say how many points there are, and whether they are frozen."""
        found = super().context(request, **kwargs)
        at = clock.now()
        state = queries.points_of_customer(found["row"].id, by=self.actor, at=at)
        return {**found, "state_of_points": state, "figures": queries.points_figures(found["row"].org_id, at=at)}


class Earn(BookPoints):
    """Books points as a new lot."""

    name, title, form, submit = "customer-points-earn", _("Book points"), EarnForm, _("Book")

    def initial(self, **kwargs: Any) -> Data:
        """Open with goodwill: what is earned by bills is booked by itself."""
        del kwargs
        return {"source": PointsSource.GOODWILL}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Book them."""
        services.earn_points(customer_id=self.row(kwargs["customer_id"]).id, **data, key=self.key(), by=by, at=at)
        toast(self.request, _("The points are booked"))
        return self.cancel_address(**kwargs)


class Redeem(BookPoints):
    """Takes points from the lots that expire first."""

    name, title, form, submit = "customer-points-redeem", _("Redeem points"), RedeemForm, _("Redeem")
    redeems = True

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Take them."""
        taken = services.redeem_points(customer_id=self.row(kwargs["customer_id"]).id, **data, key=self.key(), by=by, at=at)
        toast(self.request, ngettext("%(num)s point redeemed", "%(num)s points redeemed", sum(taken.values())) % {"num": sum(taken.values())})
        return self.cancel_address(**kwargs)


class GiveBack(CustomerAct):
    """Takes back a redemption: its points go to the very lots they came from."""

    permission, back, done = "account.points", "customer-points", _("The points went back to their lots")

    def act(self, *, by: Actor, at: Any, reason: str, version: int | None, **kwargs: Any) -> None:
        """Give them back under the key that the button carries."""
        del version
        services.give_back_points(customer_id=kwargs["customer_id"], key=self.request.POST.get("key", "")[:120], reason=reason[:200], by=by, at=at)
