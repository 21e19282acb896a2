"""What the network's pages share: the row of sections, lists and pages within it, choices of forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.states import PortState
from tongke.kernel.actor import Actor
from tongke.web.kit import ListPage, Page
from tongke.web.kit.rows import Screen
from tongke.web.network.paths import PortShare
from tongke.web.network.words import PORT_ORDER

VIEW, PLAN = "resource.view_network", "resource.plan_network"
CHOICES_MAX = 2_000
SECTIONS = (
    ("network", _("Coverage by community")), ("network-places", _("Address tree")), ("network-equipment", _("Equipment")), ("network-ports", _("Ports")), ("network-sites", _("Sites")), ("network-planned", _("Planned builds")),
    ("network-reservations", _("Reservations")),
)


def sections(request: HttpRequest) -> list[tuple[Any, str, bool]]:
    """Return the row of sections with the one that the page belongs to."""
    addresses = [(label, reverse(name)) for name, label in SECTIONS]
    own = max((address for _label, address in addresses if request.path == address or request.path.startswith(f"{address}/")), key=len, default="")
    return [(label, address, address == own) for label, address in addresses]


def port_bar(counts: dict[str, int]) -> tuple[PortShare, ...]:
    """Return port counts by state as the parts of a bar, what is free first."""
    return tuple(PortShare(state=state, words=str(PortState(state).label), count=counts[state], squares=0) for state in PORT_ORDER if counts.get(state))


def site_choices(actor: Actor) -> list[tuple[str, str]]:
    """The sites, to choose from."""
    return [(str(site.id), f"{site.name} · {site.code}") for site in queries.sites_visible_to(actor)[:CHOICES_MAX]]


class NetworkPage(Page):
    """A page of the network's section."""

    permission = VIEW

    def get_context(self, **more: Any) -> dict[str, Any]:
        """Return what every page of the section shows, and ``more``."""
        return {"sections": sections(self.request), "may_plan": self.actor.may(PLAN), **more}


class NetworkList(ListPage):
    """A list of the network's section."""

    permission = VIEW
    template = "network/list.html"

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Add the row of sections."""
        return {**super().context_of(found), "sections": sections(self.request)}
