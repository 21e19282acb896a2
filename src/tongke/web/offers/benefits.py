"""What a customer was given with promotions: its worth, the contract it binds to, what leaving that now would give back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import GrantState, PromotionKind
from tongke.areas.ordering import queries as ordering
from tongke.areas.party.queries import CustomerRow
from tongke.kernel import clock
from tongke.web.kit import formatting
from tongke.web.offers.frame import Data
from tongke.web.party.frame import CustomerPage

STANDING: dict[str, tuple[Any, str]] = {
    "back": (_("taken back"), "off"), "over": (_("contract over"), "off"), "bound": (_("bound by contract"), "warn"), "free": (_("not bound"), "good"),
}


def worth(benefit: Any) -> list[str]:
    """Return what a benefit came to, in words: money, what was paid in advance for it, points."""
    words = [formatting.money(benefit.amount, benefit.currency)] if benefit.amount else []
    if benefit.prestore_amount:
        words.append(_now("for %(amount)s paid in advance") % {"amount": formatting.money(benefit.prestore_amount, benefit.currency)})
    if benefit.points:
        words.append(_now("%(n)s points") % {"n": formatting.number(benefit.points)})
    return words


class Benefits(CustomerPage):
    """The page."""

    permission, template, tab = "ordering.qualify", "offers/benefits.html", "customer-offers"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return the benefits, the newest first, and what all of them together would give back."""
        del request
        at = clock.now()
        given = ordering.benefits_of(row.id, by=self.actor, at=at)
        today = self.actor.day(at)
        return {"given": [self.told(one, today) for one in given], "gives_back": sum((one.gives_back for one in given), Decimal(0)), "today": today}

    def told(self, one: ordering.Given, today: Any) -> Data:
        """Return one benefit as the page shows it."""
        benefit, promotion = one.benefit, one.benefit.grant.promotion
        if benefit.grant.state != GrantState.USED:
            standing = "back"
        elif benefit.contract_until is None:
            standing = "free"
        else:
            standing = "bound" if benefit.contract_until > today else "over"
        return {
            "benefit": benefit, "name": formatting.name(promotion), "code": f"{promotion.code} v{promotion.version}", "kind": PromotionKind(benefit.kind).label,
            "worth": worth(benefit), "product": formatting.name(one.product.offering) if one.product else "", "standing": STANDING[standing],
            "gives_back": one.gives_back,
        }
