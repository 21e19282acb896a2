"""The customer's page, its JSON, its timeline further back, and the reveal of one masked value."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from tongke.areas.party.services.revealing import reveal_value
from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.kernel.keys import phone_e164
from tongke.web.customer_360 import reading
from tongke.web.customer_360.view import page_of, timeline_lines
from tongke.web.customer_360.words import CHANNEL_ICONS, LINE_ICONS, TONES, words
from tongke.web.kit.page import Page, go, render

TIMELINE_ROWS = 30
TIMELINE_KINDS = ("", "complaint", "fault", "enquiry", "order", "payment", "marketing", "care", "event")


class PhoneUnreadable(Refused):
    """The API asks for a customer by something that is no phone number."""

    code = "WEB-60"
    says = _("This is no phone number")
    mend = _("Give the number with area code, or in the international form")
    status = 400


class NothingAsked(Refused):
    """The address of all customers answers only to a key."""

    code = "WEB-61"
    says = _("Say which customer: ?phone=…")
    mend = _("Ask by phone, by /api/customers/<id>, or search with /api/search?q=…")
    status = 400


def _purpose(request: HttpRequest) -> str:
    said = getattr(request, "purpose", None)
    return str(said()) if callable(said) else ""


def _json(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Cookie"
    return answer


class CustomerJson(Page):
    """``GET /api/customers/<id>``: who the customer is."""

    permission = reading.PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the finished JSON."""
        return _json(reading.customer_core(kwargs["customer_id"], purpose=_purpose(request), by=self.actor))


@method_decorator(csrf_exempt, name="dispatch")  # looking changes nothing
class CustomersJson(Page):
    """``POST /api/customers`` with ``phone`` (or ``GET ?phone=``, which some proxy may write down): whose number this is."""

    permission = reading.PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the finished JSON of the one customer."""
        del kwargs
        given = (request.POST if request.method == "POST" else request.GET).get("phone", "")[:40]
        if not given:
            raise NothingAsked
        number = phone_e164(given)
        if number is None:
            raise PhoneUnreadable(field="phone")
        return _json(reading.customer_core(reading.customer_of_phone(number), purpose=_purpose(request), by=self.actor))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as to GET, the number in the body."""
        return self.get(request, **kwargs)


class Customer360Json(Page):
    """``GET /api/customers/<id>/360``: everything the page shows."""

    permission = reading.PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the finished JSON."""
        return _json(reading.customer_whole(kwargs["customer_id"], purpose=_purpose(request), by=self.actor))


class Customer360(Page):
    """The customer on one screen."""

    permission = reading.PERMISSION
    template = "customer_360/page.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the page; a merged customer leads to the survivor."""
        wanted: UUID = kwargs["customer_id"]
        found = orjson.loads(reading.customer_whole(wanted, purpose=_purpose(request), by=self.actor))
        if found["identity"]["merged_into"] is not None:
            survivor = reading.survivor_of(wanted)
            if survivor != wanted:
                return go(request, f"/customers/{survivor}")
        context = page_of(found, self.actor)
        marks = {"tones": TONES, "channel_icons": CHANNEL_ICONS, "line_icons": LINE_ICONS, "timeline_kinds": TIMELINE_KINDS}
        return render(request, self.template, {"title": found["identity"]["name"], **marks, **context})


class Timeline(Page):
    """More of a customer's timeline, or of one kind only: a part of the page."""

    permission = "contact_centre.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the next lines before ``before``."""
        kind = request.GET.get("kind", "")
        found = reading.timeline(
            kwargs["customer_id"], before=_instant(request.GET.get("before", "")), kind=kind if kind in TIMELINE_KINDS else "",
            limit=TIMELINE_ROWS + 1, by=self.actor,
        )
        context = {
            "timeline": timeline_lines(found[:TIMELINE_ROWS]), "timeline_more": len(found) > TIMELINE_ROWS, "kind": kind,
            "customer_id": kwargs["customer_id"], "channel_icons": CHANNEL_ICONS, "w": words(),
        }
        return render(request, "customer_360/timeline_lines.html", context)


class Reveal(Page):
    """Shows one masked value, after a purpose was stated; the look is on disk before the answer."""

    permission = "party.reveal"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the value as a part of the page."""
        customer_id: UUID = kwargs["customer_id"]
        value = reveal_value(
            customer_id=customer_id, kind=request.POST.get("kind", ""), row_id=_key(request.POST.get("row", ""), customer_id),
            purpose=request.POST.get("purpose", ""), by=self.actor, at=clock.now(),
        )
        return render(request, "customer_360/revealed.html", {"value": value, "kind": request.POST.get("kind", "")})


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _key(text: str, otherwise: UUID) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return otherwise
