"""The address tree on its pages: what lies where, by which names it is found, what reaches it and who is served there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import PlaceLevel, PlaceNameKind, PlaceState
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import go, render, toast
from tongke.web.kit.refusals import lines_of
from tongke.web.network.coverage import place_of
from tongke.web.network.frame import PLAN, NetworkPage
from tongke.web.network.retiring import access_shown
from tongke.web.network.words import PLACE_TONES, name_words, place_words

SHOWN, REACHED_MAX = 100, 50
BACK = {"in_use": PlaceState.IN_USE, "planned": PlaceState.PLANNED}


def crumbs_of(place_id: UUID | None, *, by: Any) -> list[tuple[Any, str]]:
    """Return the way down to a place: everything that it lies in."""
    out: list[tuple[Any, str]] = [(_("Address tree"), reverse("network-places"))]
    if place_id is not None:
        out += [(name_words(one.name, one.name_en), reverse("network-place", args=[one.id])) for one in _line(place_id, by=by)]
    return out


def _line(place_id: UUID, *, by: Any) -> list[Any]:
    return [queries.place_seen(one.id, by=by) for one in queries.places_above(place_id, by=by)]


class Places(NetworkPage):
    """The provinces, or what lies in one place: its own part of the address tree, with what may be done there."""

    title, template = _("Address tree"), "network/place.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the place and what lies in it; raises ``NotFound``."""
        del request
        return self.shown(kwargs.get("place_id"))

    def shown(self, place_id: UUID | None, **more: Any) -> dict[str, Any]:
        """Return what the page shows of a place, or of the whole country."""
        text = self.request.GET.get("q", "").strip()[:200]
        offset = int(given) if (given := self.request.GET.get("from", "")).isdecimal() and len(given) < 8 else 0
        below = queries.places_below(place_id, offset=offset, limit=SHOWN + 1, by=self.actor)
        rows = [{"address": reverse("network-place", args=[one.id]), "name": name_words(one.name, one.name_en), "door": one.door, "count": one.below,
                 "level": PlaceLevel(one.level).label, "state": (PlaceState(one.state).label, PLACE_TONES[one.state]) if one.state != PlaceState.IN_USE else None}
                for one in below[:SHOWN]]
        found = [(reverse("network-place", args=[one.id]), place_words(one), PlaceLevel(one.level).label)
                 for one in queries.find_places(text, limit=20, by=self.actor)] if text else []
        return self.get_context(**{
            "title": self.title, "subtitle": _("The standard tree, from the province down to the room"), "rows": rows, "text": text, "found": found, "lines": [],
            "offset": offset, "before": max(offset - SHOWN, 0), "after": offset + SHOWN if len(below) > SHOWN else 0, "place": None,
            "may": queries.may_write_place(PlaceLevel.PROVINCE, by=self.actor), **(self.one(place_id) if place_id else {}), **more,
        })

    def one(self, place_id: UUID) -> dict[str, Any]:
        """Return facts, names, coverage and deeds of one place."""
        place = queries.place_seen(place_id, by=self.actor)
        brief = queries.place_brief(place_id, by=self.actor)
        state = PlaceState(place.state)
        facts = [
            (_("Level in the tree"), PlaceLevel(place.level).label), (_("Name in Latin letters"), place.name_en), (_("Number in the street"), place.door), (_("Postcode"), place.postcode),
            (_("Position"), f"{place.latitude}, {place.longitude}" if place.latitude is not None else ""), (_("Compared as"), place.key),
        ]
        own = queries.may_write_place(place.level, place.org_id, by=self.actor)
        reached = queries.coverage_within(place_id, limit=REACHED_MAX + 1, by=self.actor)
        return {
            "title": name_words(place.name, place.name_en), "subtitle": place_words(brief), "place": place, "state": (state.label, PLACE_TONES[state]),
            "crumbs": crumbs_of(place.parent_id, by=self.actor), "facts": [pair for pair in facts if pair[1]], "own": own, "gone": state == PlaceState.GONE,
            "may": self.actor.may(PLAN) and state != PlaceState.GONE and place.level != PlaceLevel.ROOM, "planned": state == PlaceState.PLANNED,
            "names": [(row.name, PlaceNameKind(row.kind).label, row.key) for row in queries.place_names(place_id, by=self.actor)],
            "accesses": [access_shown(row, by=self.actor) for row in reached[:REACHED_MAX]], "accesses_more": len(reached) > REACHED_MAX,
        }


class PlaceBack(Places):
    """Says of a place that it is in use: it was planned, or given up by mistake."""

    permission = PLAN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it; say why not."""
        if kwargs["state"] not in BACK:
            raise NotFound
        try:
            services.change_place_state(place_id=kwargs["place_id"], state=BACK[kwargs["state"]], by=self.actor, at=clock.now())
        except Refused as fault:
            return render(request, self.template, self.shown(kwargs["place_id"], lines=lines_of(fault)), status=fault.status)
        toast(request, _now("Saved"))
        return go(request, reverse("network-place", args=[kwargs["place_id"]]))


class NameCheck(NetworkPage):
    """How a name that is being typed would be read, and where it stands already: the part below the field."""

    permission = PLAN

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer the part."""
        del kwargs
        level, name = request.GET.get("level", ""), request.GET.get("name", "").strip()[:100]
        parent, own = place_of(request.GET.get("in", "")), place_of(request.GET.get("own", ""))
        found = queries.read_name(level=level, name=name, name_en=request.GET.get("name_en", "").strip()[:120], parent_id=parent, but_not=own, by=self.actor) \
            if name and level in PlaceLevel.values else None
        return render(request, "network/name_read.html", {"read": found, **reading_shown(found)})


def reading_shown(found: Any) -> dict[str, Any]:
    """Return the places that have a name already, with their addresses."""
    if found is None:
        return {"same": None, "alike": []}
    address = [(place_words(one), reverse("network-place", args=[one.id]), PlaceState(one.state)) for one in ((found.same,) if found.same else ()) + found.alike]
    return {"same": address[0] if found.same else None, "alike": address[1:] if found.same else address}
