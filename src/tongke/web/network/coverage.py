"""What can be sold at an address, at what speed, over which way; or why not, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries import Coverage, KindCoverage, PlaceFound
from tongke.areas.resource.states import KIND_NAMES, PlaceLevel
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import KitForm, Page, formatting, go, render, toast
from tongke.web.kit.forms import form_lines
from tongke.web.kit.refusals import lines_of
from tongke.web.network import paths
from tongke.web.network.words import KIND_SIGNS, WIDE, name_words, place_words, speed, technology_words

VIEW, RESERVE = "resource.view_network", "resource.reserve"
TEXT_MAX = 200
SPEEDS = (100, 300, 500, 1000, 2000)
SUGGESTED_MAX = 8
BELOW_MAX = 200


def wanted_of(text: str) -> int:
    """Return the speed asked for, of those offered; 0 for none."""
    return int(text) if text.isdecimal() and int(text) in SPEEDS else 0


def place_of(text: str) -> UUID | None:
    """Return the id of the place asked for, if one is; raises ``NotFound`` for what is no id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound from fault


def kind_shown(found: KindCoverage) -> dict[str, Any]:
    """Return one kind of line as a card: whether, how fast and over what, or what stands against it."""
    quick = "" if found.kind == "fixed" or not found.technology else speed(found.max_down_mbps, found.max_up_mbps)
    return {
        "label": KIND_NAMES[found.kind], "sign": KIND_SIGNS[found.kind], "sellable": found.sellable, "speed": quick, "free": found.free_ports,
        "technology": technology_words(found.technology) if found.technology else "", "reasons": found.reasons, "planned_on": found.planned_on,
    }


def tree_shown(place: PlaceFound | None, *, by: Any) -> dict[str, Any]:
    """Return the address tree around a place: what it lies in, and what lies in it."""
    above = queries.places_above(place.id, by=by) if place else []
    below = queries.places_below(place.id if place else None, limit=BELOW_MAX, by=by)
    words = [place_words(one) for one in above]
    steps = [(_step(words, at), f"{reverse('coverage')}?place={one.id}") for at, one in enumerate(above)]
    return {"above": steps, "below": [{"id": one.id, "name": name_words(one.name, one.name_en), "count": one.below} for one in below],
            "level": PlaceLevel(place.level).label if place else ""}


def _step(words: Sequence[str], at: int) -> str:
    """Return a place's own part of its address: what the place above it does not say."""
    if at and words[at].startswith(words[at - 1]):
        return words[at][len(words[at - 1]):]
    return words[at].partition(", ")[0]


class OrderForm(KitForm):
    """For which order a port is reserved."""

    order_ref = forms.CharField(label=_("Order or enquiry"), max_length=80, help_text=_("The port is kept for it until the time runs out"))


class CoveragePage(Page):
    """The question, the answer with the path drawn, and the address tree."""

    title, permission, template = _("Coverage"), VIEW, "network/coverage.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the answer to what was asked, if anything was."""
        del kwargs
        return self.shown(text=request.GET.get("q", "").strip()[:TEXT_MAX], place_id=place_of(request.GET.get("place", "")),
                          wanted=wanted_of(request.GET.get("mbps", "")))

    def shown(self, *, text: str, place_id: UUID | None, wanted: int) -> dict[str, Any]:
        """Return what the page shows for a text or a place."""
        found: Coverage | None = None
        place = queries.place_brief(place_id, by=self.actor) if place_id else None
        if (place and place.level not in WIDE) or (text and not place):
            found = queries.coverage_at(place_id=place_id, text="" if place_id else text, wanted_mbps=wanted, by=self.actor, at=clock.now())
            place = found.place
        answer = self.answer(found) if found and place else {}
        return {
            "subtitle": _("What can be sold at an address, how fast and over which way; or why not, and what would mend it"),
            "text": text, "wanted": wanted, "speeds": [(mbps, speed(mbps, 0)) for mbps in SPEEDS], "place": place, "found": found, **answer,
            "place_name": place_words(place) if place else "", "candidates": [(one, place_words(one)) for one in found.candidates] if found else [],
            "tree": tree_shown(place, by=self.actor), "may_reserve": self.actor.may(RESERVE), "may_plan": self.actor.may("resource.plan_network"), "order": OrderForm(), "lines": [],
            "held": self.held(place) if place else [],
        }

    def answer(self, found: Coverage) -> dict[str, Any]:
        """Return the kinds of lines and the ways, the ones that can be sold first."""
        kinds = [kind_shown(one) for one in found.kinds.values()]
        own = _now("This address")
        ways = [paths.drawn(access, home=own) for access in found.access]
        return {"kinds": kinds, "ways": sorted(ways, key=lambda way: not way.sellable), "sellable": [kind for kind in kinds if kind["sellable"]]}

    def held(self, place: PlaceFound) -> list[Any]:
        """Return what the order that was just typed in holds."""
        order = self.request.GET.get("order", "").strip()[:80]
        return queries.reservations_seen(order_ref=order, state="held", limit=5, by=self.actor) if order and place else []


class Suggest(Page):
    """Addresses that a beginning may mean, below the field."""

    permission = VIEW

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer the lines of the box."""
        del kwargs
        text = request.GET.get("q", "").strip()[:TEXT_MAX]
        found = queries.find_places(text, limit=SUGGESTED_MAX, by=self.actor) if text else []
        wanted = wanted_of(request.GET.get("mbps", ""))
        rows = [(one, place_words(one), PlaceLevel(one.level).label) for one in found]
        return render(request, "network/suggest.html", {"rows": rows, "text": text, "wanted": wanted})


class ReservePort(CoveragePage):
    """Keeps a port for an order, over one way or over the best."""

    permission = RESERVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Lead to the question: there is nothing to look at here."""
        del kwargs
        return go(request, reverse("coverage"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Reserve, and show the address again with what is held; or say why not, what was typed kept."""
        del kwargs
        place_id = place_of(request.POST.get("place", ""))
        equipment_id = place_of(request.POST.get("equipment", ""))
        wanted = wanted_of(request.POST.get("mbps", ""))
        if place_id is None:
            raise NotFound
        form = OrderForm(request.POST)
        if not form.is_valid():
            return self.again(form, form_lines(form), place_id=place_id, wanted=wanted)
        order = form.cleaned_data["order_ref"].strip()
        try:
            held = services.reserve_port(order_ref=order, key=f"port:{place_id}"[:120], place_id=place_id, equipment_id=equipment_id,
                                         wanted_mbps=wanted, by=self.actor, at=clock.now())
        except Refused as fault:
            return self.again(form, lines_of(fault), place_id=place_id, wanted=wanted, status=fault.status)
        toast(request, _now("Reserved for %(order)s until %(until)s") % {"order": order, "until": formatting.moment(held.expires_at)})
        return go(request, f"{reverse('coverage')}?place={place_id}&order={order}" + (f"&mbps={wanted}" if wanted else ""))

    def again(self, form: OrderForm, lines: list[dict[str, str]], *, place_id: UUID, wanted: int, status: int = 422) -> HttpResponseBase:
        """Show the address with what stands against the reservation."""
        context = {**self.shown(text="", place_id=place_id, wanted=wanted), "title": self.title, "order": form, "lines": lines}
        return render(self.request, self.template, context, status=status)
