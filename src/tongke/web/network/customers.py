"""What can be sold at a customer's address: the address is read here, never written into the browser's line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now

from tongke.areas.party import queries as party
from tongke.areas.party.queries.whole import CORE, customer_document
from tongke.areas.party.services.revealing import reveal_value
from tongke.areas.party.states import AddressKind
from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.web.kit import render
from tongke.web.kit.refusals import lines_of
from tongke.web.network.coverage import CoveragePage, place_of, wanted_of

FIRST = (AddressKind.INSTALLATION, AddressKind.HOME, AddressKind.REGISTERED, AddressKind.WORK, AddressKind.BILLING)
MASKED = "*"


class CustomerCoverage(CoveragePage):
    """The coverage answer for a customer's address: where something is installed before where he lives.

    Who sees addresses in part only says what the address is needed for, and leaves the trace of having seen it.
    """

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the answer for the address that is asked for, else for the nearest to an installation."""
        return self.of_customer(kwargs["customer_id"], wanted=place_of(request.GET.get("address", "")))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer for an address that is seen in part only, the purpose having been said; or say why not."""
        customer_id, wanted = kwargs["customer_id"], place_of(request.POST.get("address", ""))
        try:
            clear = reveal_value(customer_id=customer_id, kind="address", row_id=wanted or customer_id, purpose=request.POST.get("purpose", ""), by=self.actor, at=clock.now())
        except Refused as fault:
            context = {**self.of_customer(customer_id, wanted=wanted), "title": self.title, "lines": lines_of(fault)}
            return render(request, self.template, context, status=fault.status)
        return render(request, self.template, {**self.of_customer(customer_id, wanted=wanted, clear=clear), "title": self.title})

    def of_customer(self, customer_id: UUID, *, wanted: UUID | None, clear: str = "") -> dict[str, Any]:
        """Return what the page shows; ``clear`` is the address where it was shown in full for once."""
        said = getattr(self.request, "purpose", None)
        purpose = str(said()) if callable(said) else ""
        name = orjson.loads(customer_document(CORE, kind="get", wanted=customer_id, purpose=purpose, by=self.actor))["name"]
        addresses = sorted((row for row in party.addresses_of(customer_id, by=self.actor) if row.valid_until is None), key=lambda row: FIRST.index(AddressKind(row.kind)))
        asked = next((row for row in addresses if row.id == wanted), addresses[0] if addresses else None)
        hidden = asked is not None and MASKED in asked.full and not clear
        text = clear or ("" if asked is None or hidden else asked.full)
        shown = self.shown(text=text, place_id=None, wanted=wanted_of(self.request.GET.get("mbps", "")))
        whose = {"address": reverse("customer", args=[customer_id]), "name": name, "none": asked is None, "hidden": hidden, "asked": asked.id if asked else "",
                 "ask": reverse("coverage-customer", args=[customer_id]), "may_reveal": self.actor.may("party.reveal")}
        return {
            **shown, "customer": whose, "subtitle": _now("What can be sold at the address of %(name)s") % {"name": name},
            "addresses": [(AddressKind(row.kind).label, row.full, f"?address={row.id}", row is asked) for row in addresses],
        }
