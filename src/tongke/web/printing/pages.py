"""Papers to download."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from tongke.areas.party import services as parties
from tongke.kernel import clock
from tongke.web.customer_360 import reading
from tongke.web.kit.formatting import moment
from tongke.web.kit.page import Page
from tongke.web.printing.card import customer_card


class CustomerCard(Page):
    """The customer card as PDF: the same masks as on the page, the look logged, each copy counted."""

    permission = "party.print"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Print the card and give the file."""
        del request
        customer_id, at = kwargs["customer_id"], clock.now()
        view: dict[str, Any] = orjson.loads(reading.customer_whole(customer_id, purpose="print", by=self.actor))
        copy = parties.count_print(customer_id=customer_id, paper="customer_card", by=self.actor, at=at)
        printed = _("Printed by {name} on {moment}, copy {copy}").format(name=self.actor.display or self.actor.name, moment=moment(at), copy=copy)
        answer = HttpResponse(customer_card(view, printed=printed), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{view["identity"]["customer_no"]}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer
