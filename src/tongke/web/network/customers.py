"""What can be sold at a customer's address: the address is read here, never written into the browser's line."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now

from tongke.areas.party import queries as party
from tongke.areas.party.queries.whole import CORE, customer_document
from tongke.areas.party.states import AddressKind
from tongke.web.network.coverage import CoveragePage, wanted_of

FIRST = (AddressKind.INSTALLATION, AddressKind.HOME, AddressKind.REGISTERED, AddressKind.WORK, AddressKind.BILLING)
MASKED = "*"


class CustomerCoverage(CoveragePage):
    """The coverage answer for a customer's address: where something is installed before where he lives."""

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the answer for the address that is asked for, else for the nearest to an installation."""
        customer_id = kwargs["customer_id"]
        said = getattr(request, "purpose", None)
        name = orjson.loads(customer_document(CORE, kind="get", wanted=customer_id, purpose=str(said()) if callable(said) else "", by=self.actor))["name"]
        addresses = sorted((row for row in party.addresses_of(customer_id, by=self.actor) if row.valid_until is None), key=lambda row: FIRST.index(AddressKind(row.kind)))
        asked = next((row for row in addresses if str(row.id) == request.GET.get("address")), addresses[0] if addresses else None)
        hidden = asked is not None and MASKED in asked.full
        text = "" if asked is None or hidden else asked.full
        shown = self.shown(text=text, place_id=None, wanted=wanted_of(request.GET.get("mbps", "")))
        return {
            **shown, "customer": {"address": reverse("customer", args=[customer_id]), "name": name, "none": asked is None, "hidden": hidden},
            "addresses": [(AddressKind(row.kind).label, row.full, f"?address={row.id}", row is asked) for row in addresses],
            "subtitle": _now("What can be sold at the address of %(name)s") % {"name": name},
        }
