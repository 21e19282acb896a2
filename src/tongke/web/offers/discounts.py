"""Discounts at the counter: given within one's authority at once, above it with a second person's approval; what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue import services
from tongke.areas.catalogue.states import PriceKind
from tongke.areas.party.queries import CustomerRow
from tongke.areas.staff import queries as staff
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.states import ApprovalState
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import AmountField, KitForm, formatting, go, toast
from tongke.web.offers.frame import Data
from tongke.web.party.frame import CustomerAct, CustomerForm, CustomerPage

APPROVAL = "catalogue_discount"
STANDING: dict[str, tuple[Any, str]] = {
    "held": (_("stands"), "good"), "used": (_("used"), "info"), "released": (_("taken back"), "off"), "over": (_("ran out"), "off"),
}
ASKED: dict[str, tuple[Any, str]] = {
    ApprovalState.REQUESTED: (_("waits for a second person"), "warn"), ApprovalState.APPROVED: (_("approved: may be given"), "good"),
}


def offering_names(*, at: datetime) -> dict[str, str]:
    """Return the names of all offers on sale by code, in the reader's language."""
    return {code: formatting.name(offer) for code, offer in catalogue.price_book(at=at).on_sale.items()}


def prices_of(code: str, *, at: datetime) -> dict[str, Any]:
    """Return an offer's prices that money is asked by, its parts' included, by code; none for an unknown offer."""
    offer = catalogue.price_book(at=at).on_sale.get(code)
    rows = [] if offer is None else [*offer.prices, *(price for part in offer.parts for price in part.offering.prices)]
    return {price.code: price for price in rows if price.kind != PriceKind.USAGE and price.amount > 0}


def standing(grant: Any, *, at: datetime) -> tuple[Any, str]:
    """Return how a promise stands, in words and tone."""
    return STANDING["over" if grant.state == "held" and grant.expires_at <= at else str(grant.state)]


def off_words(*, percent: Any, amount: Any, months: Any) -> str:
    """Say how much is taken off, and for how long."""
    taken = f"−{Decimal(percent).normalize():f}%" if percent is not None else f"−{formatting.money(Decimal(amount))}"
    return f"{taken} · " + (_now("%(n)s months") % {"n": months} if months else _now("as long as the price is paid"))


def requests_of(customer_id: UUID, *, by: Actor, at: datetime) -> list[Any]:
    """Return the actor's own requests for this customer that wait or may be used."""
    rows = staff.approvals_visible_to(by).filter(kind=APPROVAL, requested_by_id=by.staff_id, state__in=list(ASKED), expires_at__gt=at)
    return [asked for asked in rows.order_by("-requested_at")[:100] if asked.payload.get("customer_id") == str(customer_id)]


class Discounts(CustomerPage):
    """Everything that was promised to the customer, and what is asked for."""

    permission, template, tab = "catalogue.discount", "offers/discounts.html", "customer-offers"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return promises with their standing, and the actor's requests."""
        del request
        at = clock.now()
        names = offering_names(at=at)
        grants = catalogue.discounts_of_customer(row.id, by=self.actor)
        people = staff.names_signed(g.granted_by for g in grants)
        return {
            "grants": [
                {"grant": g, "who": people[g.granted_by], "name": names.get(g.offering_code, g.offering_code), "price": price_name(g.offering_code, g.price_code, at=at),
                 "off": off_words(percent=g.percent, amount=g.amount, months=g.months), "standing": standing(g, at=at),
                 "may_release": g.state == "held" and g.expires_at > at}
                for g in grants],
            "requests": [self.told(asked, names, at=at) for asked in requests_of(row.id, by=self.actor, at=at)],
        }

    def told(self, asked: Any, names: dict[str, str], *, at: datetime) -> Data:
        """Return a request in words."""
        wanted = asked.payload
        return {
            "asked": asked, "name": names.get(wanted["offering"], wanted["offering"]), "price": price_name(wanted["offering"], wanted["price"], at=at),
            "off": off_words(percent=wanted["percent"], amount=wanted["amount"], months=wanted["months"]), "standing": ASKED[asked.state],
            "may_give": asked.state == ApprovalState.APPROVED,
        }


def price_name(offering: str, code: str, *, at: datetime) -> str:
    """Return the name of an offer's price in the reader's language, its code where it is gone."""
    price = prices_of(offering, at=at).get(code)
    return formatting.name(price) or code if price is not None else code


class DiscountForm(KitForm):
    """A percentage or an amount off one price, for some months, with the reason."""

    offering = forms.ChoiceField(label=_("Product offer"))
    price = forms.ChoiceField(label=_("Price"))
    percent = forms.DecimalField(label=_("Percent off"), required=False, max_digits=5, decimal_places=2, help_text=_("Either a percentage or an amount"))
    amount = AmountField(label=_("Amount off"), required=False)
    months = forms.IntegerField(label=_("For how many months"), required=False, min_value=1, max_value=120, help_text=_("Empty: as long as the price is paid"))
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    ask = forms.BooleanField(label=_("Ask a second person where this goes beyond my authority"), required=False)

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]] = (), prices: Sequence[tuple[str, str]] = (), address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offering"].choices = [("", "–"), *offers]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["price"].choices = [("", "–"), *prices]  # type: ignore[attr-defined]  # as above
        self.fields["offering"].widget.attrs.update({
            "hx-get": address, "hx-trigger": "change", "hx-target": "#content", "hx-select": "#content", "hx-swap": "outerHTML", "hx-include": "this"})


class GiveDiscount(CustomerForm):
    """Gives a discount, or asks for one."""

    name, title, permission, form = "customer-discount", _("Give a discount"), "catalogue.discount", DiscountForm
    template, back, done, submit = "offers/discount_form.html", "customer-discounts", "", _("Give the discount")
    fields = {"price_code": "price"}

    def chosen(self) -> str:
        """Return the offer that the form is about."""
        return str(self.request.POST.get("offering") or self.request.GET.get("offering", ""))[:40]

    def form_options(self, **kwargs: Any) -> Data:
        """Offer what is on sale, and the prices of the chosen offer."""
        at = clock.now()
        prices = prices_of(self.chosen(), at=at)
        return {
            "offers": sorted(offering_names(at=at).items(), key=lambda one: one[1]), "address": reverse("customer-discount-new", args=[kwargs["customer_id"]]),
            "prices": [(code, f"{formatting.name(price)} · {formatting.money(price.amount)}") for code, price in prices.items()],
        }

    def initial(self, **kwargs: Any) -> Data:
        """Open with the offer that the address names and its monthly price, or the only one that it has."""
        del kwargs
        prices = prices_of(self.chosen(), at=clock.now())
        monthly = [code for code, price in prices.items() if price.kind == PriceKind.RECURRING]
        likely = monthly if len(monthly) == 1 else list(prices)
        return {"offering": self.chosen(), "price": likely[0] if len(likely) == 1 else "", "ask": True}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Say what the actor may take off each price by themselves."""
        found = super().context(request, **kwargs)
        at, row = clock.now(), found["row"]
        rooms = [
            (formatting.name(price), catalogue.discount_authority(self.chosen(), code, org_id=row.org_id, by=self.actor, at=at))
            for code, price in prices_of(self.chosen(), at=at).items()
        ]
        return {**found, "rooms": rooms}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Give it at once; beyond the authority ask a second person, where that is wanted."""
        row = self.row(kwargs["customer_id"])
        about: Data = {
            "customer_id": row.id, "org_id": row.org_id, "offering_code": data["offering"], "price_code": data["price"], "percent": data["percent"],
            "amount": data["amount"], "months": data["months"], "reason": data["reason"]}
        try:
            services.grant_discount(**about, by=by, at=at)
            toast(self.request, _("The discount is promised"))
        except ApprovalNeeded:
            if not data["ask"]:
                raise
            services.request_discount(**about, by=by, at=at)
            toast(self.request, _("This goes beyond your authority: a second person was asked"), kind="info")
        return self.cancel_address(**kwargs)


class GiveApproved(CustomerAct):
    """Gives a discount that a second person has approved."""

    permission, back, done = "catalogue.discount", "customer-discounts", _("The discount is promised")

    def act(self, *, by: Actor, at: Any, reason: str, version: int | None, **kwargs: Any) -> None:
        """Give exactly what was approved; raises ``NotFound`` where no such request of the actor stands."""
        del reason, version
        customer_id: UUID = kwargs["customer_id"]
        asked = next((one for one in requests_of(customer_id, by=by, at=at) if one.id == kwargs["approval_id"]), None)
        if asked is None:
            raise NotFound
        wanted = asked.payload
        services.grant_discount(
            customer_id=customer_id, org_id=asked.org_id, offering_code=wanted["offering"], price_code=wanted["price"], months=wanted["months"],
            percent=None if wanted["percent"] is None else Decimal(wanted["percent"]),
            amount=None if wanted["amount"] is None else Decimal(wanted["amount"]), reason=asked.reason, by=by, at=at)


class ReleaseDiscount(CustomerAct):
    """Takes back a promise that was not used."""

    permission, back, done = "catalogue.discount", "customer-discounts", _("The promise was taken back")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Lead back to the list."""
        return go(request, reverse(self.back, args=[kwargs["customer_id"]]))

    def act(self, *, by: Actor, at: Any, reason: str, version: int | None, **kwargs: Any) -> None:
        """Take it back; raises ``NotFound`` for another customer's promise."""
        del reason, version
        if all(g.id != kwargs["grant_id"] for g in catalogue.discounts_of_customer(kwargs["customer_id"], limit=500, by=by)):
            raise NotFound
        services.release_discount(grant_id=kwargs["grant_id"], by=by, at=at)
