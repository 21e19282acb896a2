"""What a customer may order now: the page, the price of one offer beside it, the plans compared on a line's own usage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import queries as accounts
from tongke.areas.catalogue import queries as catalogue
from tongke.areas.ordering import queries as ordering
from tongke.areas.party import queries as parties
from tongke.areas.party.queries import CustomerRow
from tongke.areas.resource.queries import find_places
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.catalogue.quotes import read_quote
from tongke.web.kit import KitForm, formatting, is_part, render
from tongke.web.kit.refusals import lines_of as refusal_lines
from tongke.web.offers.frame import CHANNELS, KIND_SIGNS, KINDS, SIGNS, TONES, Data, Part
from tongke.web.offers.judging import Asked, judge, lines_of, offered
from tongke.web.party.frame import CustomerPage

PANEL_ROWS = 4
PLANS_DRAWN = 8


class OffersForm(KitForm):
    """Through which channel, where, on which line, of which kind."""

    kind = forms.ChoiceField(label=_("Kind of offering"), required=False, choices=[("", _("All kinds")), *KINDS.items()])
    channel = forms.ChoiceField(label=_("Sales channel"), required=False, choices=[("", _("Any channel")), *CHANNELS.items()])
    line = forms.ChoiceField(label=_("On the line"), required=False)
    instead = forms.BooleanField(label=_("Instead of the line's present plan"), required=False)
    address = forms.CharField(label=_("Address of use"), required=False, max_length=200, help_text=_("For what needs a line to the place; empty: no address is judged"))

    def __init__(self, *args: Any, lines: Any = (), may_place: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lines:
            self.fields["line"].choices = [("", _("A new line")), *((str(line.id), formatting.phone(line.shown)) for line in lines)]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        else:
            del self.fields["line"], self.fields["instead"]
        if may_place:
            self.fields["address"].widget.attrs.update(autocomplete="off", list="known-addresses")
        else:
            del self.fields["address"]


class Offers(CustomerPage):
    """The page. Narrowed by POST: the address of use is personal data and stands in no web address."""

    permission, template, tab = "ordering.qualify", "offers/page.html", "customer-offers"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Judge every offer as the form says."""
        lines = lines_of(row.id, by=self.actor)
        may_place = self.actor.may("resource.view_network")
        first = {"channel": "hall"}
        form = OffersForm(request.POST if request.method == "POST" else None, lines=lines, may_place=may_place, initial=first)
        data = form.cleaned_data if form.is_bound and form.is_valid() else first
        known = parties.addresses_of(row.id, by=self.actor) if may_place and self.actor.may("party.see_address") else []
        return {
            "form": form, "lines": lines, "known_addresses": [a.full for a in known if a.valid_until is None], **self.judged(row, data, form),
            "kinds": KINDS, "kind_signs": KIND_SIGNS, "may_price": self.actor.may("ordering.price"), "may_discount": self.actor.may("catalogue.discount"),
        }

    def judged(self, row: CustomerRow, data: Data, form: Any) -> Data:
        """Return the groups of offers, or what stands against judging at all."""
        place = self.place(data.get("address", ""), form)
        asked = Asked(
            channel=data.get("channel", ""), place_id=place.id if place else None, line_id=UUID(data["line"]) if data.get("line") else None,
            instead=bool(data.get("instead")), kind=data.get("kind", ""))
        at = clock.now()
        try:
            groups = offered(row, judge(row, asked, by=self.actor, at=at), asked, by=self.actor, at=at)
        except NotFound:
            raise
        except Refused as fault:
            return {"groups": [], "refusals": refusal_lines(fault), "place": place, "asked": asked}
        return {"groups": groups, "refusals": [], "place": place, "asked": asked}

    def place(self, typed: str, form: Any) -> Any:
        """Return the place that was meant; says so beside the field where none or several are."""
        if not typed.strip():
            return None
        found = find_places(typed, limit=5, by=self.actor)
        if len(found) == 1:
            return found[0]
        form.add_error("address", _now("Which one? {places}").format(places="; ".join(p.full for p in found)) if found else _now("No such address is known"))
        return None

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the offers as narrowed; only the list to htmx."""
        context = self.context(request, **kwargs)
        return render(request, "offers/list.html" if is_part(request, "offers") else self.template, context)


class Price(Part):
    """One offer's price for this customer, line by line with the rule behind each."""

    permission, purpose = "ordering.price", _("Price of an offer")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the quote with the customer's promised discounts and the best promotions."""
        row, at = self.row(kwargs["customer_id"]), clock.now()
        channel = request.GET.get("channel", "")
        context: Data = {"row": row, "code": kwargs["code"], "may_discount": self.actor.may("catalogue.discount"), "lines": []}
        try:
            buyer = ordering.Buyer(customer_id=row.id, org_id=row.org_id, channel=channel if channel in CHANNELS else "")
            quote = ordering.simulate_price(kwargs["code"], buyer=buyer, by=self.actor, at=at)
            context["quote"] = read_quote(quote, catalogue.priced_offering(kwargs["code"], at=at))
        except Refused as fault:
            context |= {"quote": None, "lines": refusal_lines(fault)}
        return render(request, "offers/price.html", context)


class Plans(Part):
    """Every plan on a line's own usage, drawn, with why."""

    permission, purpose = "ordering.price", _("Plan advice")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the present plan and the cheapest ones."""
        row = self.row(kwargs["customer_id"])
        line = next((one for one in lines_of(row.id, by=self.actor) if one.id == kwargs["line_id"]), None)
        if line is None:
            raise NotFound
        context: Data = {"row": row, "line": line, "advice": None, "lines": [], "tones": {**TONES, "present": "info"}, "signs": SIGNS}
        try:
            advice = ordering.plan_advice(line.id, channel="hall", by=self.actor, at=clock.now())
        except Refused as fault:
            return render(request, "offers/plans.html", {**context, "lines": refusal_lines(fault)})
        drawn = drawn_plans(advice)
        return render(request, "offers/plans.html", {**context, "advice": advice, "drawn": drawn, "left_out": max(0, len(advice.plans) - PLANS_DRAWN)})


def drawn_plans(advice: ordering.Advice) -> list[Data]:
    """Return the present plan and the cheapest others with the lengths of their bars, in hundredths of the longest."""
    rows = [*([advice.present] if advice.present else []), *advice.plans[:PLANS_DRAWN]]
    longest = max((p.average if p.months else p.fee for p in rows), default=Decimal(0)) or Decimal(1)
    out = []
    for plan in rows:
        count = len(plan.months) or 1
        fee = sum((m.fee for m in plan.months), Decimal(0)) / count if plan.months else plan.fee
        beyond = sum((m.overage for m in plan.months), Decimal(0)) / count
        out.append({
            "plan": plan, "present": plan is advice.present, "average": plan.average if plan.months else plan.fee, "beyond": beyond,
            "fee_length": round(float(fee / longest) * 100, 1), "beyond_length": round(float(beyond / longest) * 100, 1),
            "saving": (plan.saving / count).quantize(Decimal("0.01")),
        })
    return out


class Panel(Part):
    """What the customer's view shows of all this: a few offers, how many more, the points."""

    permission = "ordering.qualify"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Judge and show the first few."""
        row, at = self.row(kwargs["customer_id"]), clock.now()
        asked = Asked(channel="hall")
        context: Data = {"row": row, "groups": [], "lines": [], "rows_shown": PANEL_ROWS, "points": None}
        try:
            context["groups"] = offered(row, judge(row, asked, by=self.actor, at=at), asked, by=self.actor, at=at)
        except NotFound:
            raise
        except Refused as fault:
            context["lines"] = refusal_lines(fault)
        if self.actor.may("account.view"):
            context["points"] = accounts.points_of_customer(row.id, by=self.actor, at=at)
        return render(request, "offers/panel.html", context)
