"""How well communities are covered, with the ports there: bars, a page at a time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.states import PlaceLevel, PortState
from tongke.kernel import clock
from tongke.web.network.coverage import place_of
from tongke.web.network.frame import NetworkPage, port_bar
from tongke.web.network.ports import ports_address
from tongke.web.network.words import name_words

SIZE = 30


def share(count: int, whole: int) -> float:
    """Return a part in thousandths, for a bar."""
    return round(count * 1000 / whole, 1) if whole else 0.0


class Communities(NetworkPage):
    """The board of the network: ports by state, and communities of a district with the share of rooms reached."""

    title, template = _("Network"), "network/communities.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return figures, districts and communities."""
        del kwargs
        at = clock.now()
        below, after = place_of(request.GET.get("below", "")), place_of(request.GET.get("after", ""))
        rows = queries.coverage_by_community(below=below, after=after, limit=SIZE + 1, by=self.actor)
        counts = queries.port_counts(by=self.actor)
        whole = {state: getattr(counts, state) for state in PortState.values}
        figures = [
            (_("Ports free"), counts.free, ports_address(PortState.FREE), "plug", "good"), (_("Ports in use"), counts.used, ports_address(PortState.USED), "plug", ""),
            (_("Ports faulty"), counts.faulty, ports_address(PortState.FAULTY), "alert-triangle", "warn" if counts.faulty else "good"),
            (_("Ports planned"), counts.planned, ports_address(PortState.PLANNED), "calendar-event", ""),
            (_("Reservations that hold"), queries.reservations_running(by=self.actor, at=at), f"{reverse('network-reservations')}?running=1", "lock", ""),
        ]
        return self.get_context(
            subtitle=_("How many rooms are reached, and how many ports are left there"), figures=figures, ports=port_bar(whole), port_sum=sum(whole.values()),
            rows=[self.row(one) for one in rows[:SIZE]], more=str(rows[SIZE - 1].community_id) if len(rows) > SIZE else "", below=below, after=after,
            districts=self.districts(),
        )

    def row(self, one: Any) -> dict[str, Any]:
        """Return one community as a line with two bars."""
        other = one.ports - one.free_ports - one.used_ports - one.faulty_ports
        return {
            "one": one, "name": name_words(one.name, one.name_en), "where": " · ".join(filter(None, (name_words(one.district, one.district_en), name_words(one.street, one.street_en)))), "address": f"{reverse('coverage')}?place={one.community_id}",
            "covered": share(one.covered, one.premises), "planned": share(one.planned, one.premises),
            "ports": port_bar({"free": one.free_ports, "used": one.used_ports, "faulty": one.faulty_ports, "reserved": other}),
            "full": one.ports > 0 and one.free_ports == 0,
        }

    def districts(self) -> list[tuple[Any, str]]:
        """Return the districts of the cities of the actor's networks."""
        out: list[tuple[Any, str]] = []
        for province in queries.places_below(None, by=self.actor):
            for city in queries.places_below(province.id, by=self.actor):
                if city.level == PlaceLevel.CITY and self.actor.sees(city.org_id):
                    out.extend((one.id, name_words(one.name, one.name_en)) for one in queries.places_below(city.id, by=self.actor))
        return out
