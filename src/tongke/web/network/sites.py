"""Sites of the network and reservations: lists and one site's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries.network import ports_by_equipment, reservations_visible_to, things_reserved
from tongke.areas.resource.states import SITE, EquipmentKind, NetworkState, ReservationKind, ReservationState, SiteKind
from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.kit import (
    Ago,
    Ask,
    Button,
    ChoiceFilter,
    Day,
    Empty,
    Link,
    Moment,
    Page,
    RunningFilter,
    Signed,
    State,
    Text,
    TextFilter,
    formatting,
    go,
    toast,
)
from tongke.web.network.equipment import MOVES
from tongke.web.network.frame import PLAN, NetworkList, NetworkPage, port_bar
from tongke.web.network.words import EQUIPMENT_SIGNS, RESERVATION_TONES, SHORT_KINDS, SITE_SIGNS, STATE_TONES

EQUIPMENT_MAX = 200
RESERVE = "resource.reserve"


class Sites(NetworkList):
    """Exchanges, cabinets, rooms and towers."""

    name, title = "network-sites", _("Sites")
    rows = queries.sites_visible_to
    columns = (
        Link(key="name", label=_("Site"), to=lambda s: reverse("network-site", args=[s.id]), sub="code", sort="code"),
        State(key="kind", label=_("Kind"), labels=SiteKind), State(key="state", label=_("State"), labels=NetworkState, tones=STATE_TONES), Day(key="planned_on", label=_("Planned for")),
    )
    filters = (TextFilter(key="code", label=_("Code"), primary=True, placeholder=_("Begins with…")), ChoiceFilter(key="kind", label=_("Kind"), choices=SiteKind.choices, primary=True),
               ChoiceFilter(key="state", label=_("State"), choices=NetworkState.choices, primary=True))
    sort = "name"
    empty = Empty(says=_("No site is like this"), mend=_("Record the exchange first, then what stands in it"), action=_("New site"), address="/network/sites/new", permission=PLAN, icon="building")
    buttons = (Button(label=_("New site"), address="/network/sites/new", permission=PLAN),)


class SitePage(NetworkPage):
    """One site with the equipment that stands in it."""

    template = "network/site.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return facts and equipment; raises ``NotFound``."""
        del request
        site = queries.sites_visible_to(self.actor).filter(id=kwargs["site_id"]).first()
        if site is None:
            raise NotFound
        stands = queries.equipment_visible_to(self.actor).filter(site_id=site.id)
        rows = list(stands[:EQUIPMENT_MAX])
        counts = ports_by_equipment([row.id for row in rows], by=self.actor)
        state = NetworkState(site.state)
        facts = [(_("Kind"), SiteKind(site.kind).label), (_("Planned for"), formatting.day(site.planned_on) if site.planned_on else ""),
                 (_("Position"), f"{site.latitude}, {site.longitude}" if site.latitude else "")]
        own = self.actor.may(PLAN) and self.actor.sees(site.org_id)
        return self.get_context(
            title=site.name, site=site, sign=SITE_SIGNS[SiteKind(site.kind)], state=(state.label, STATE_TONES[state]), facts=[pair for pair in facts if pair[1]],
            moves=[(key, *MOVES[key]) for key in SITE.possible(site.state) if key in MOVES] if own else [], may=own,
            below_count=stands.count(),
            below=[{"code": row.code, "sub": row.name or str(SHORT_KINDS[row.kind]), "sign": EQUIPMENT_SIGNS[EquipmentKind(row.kind)], "tone": STATE_TONES[row.state],
                    "address": reverse("network-equipment-one", args=[row.id]), "bar": port_bar(counts[row.id]), "sum": sum(counts[row.id].values()),
                    "free": counts[row.id].get("free", 0)} for row in rows],
        )


class MoveSite(Page):
    """Puts a site into service, reports it faulty or mended, or takes it out of service."""

    permission = PLAN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it."""
        if kwargs["move"] not in MOVES:
            raise NotFound
        services.change_site_state(site_id=kwargs["site_id"], move=kwargs["move"], reason=request.POST.get("reason", "").strip()[:200], by=self.actor, at=clock.now())
        toast(request, _now("Saved"))
        return go(request, reverse("network-site", args=[kwargs["site_id"]]))


class Reservations(NetworkList):
    """What orders keep for themselves: ports and items."""

    name, title = "network-reservations", _("Reservations")
    rows = reservations_visible_to
    columns = (
        Text(key="order_ref", label=_("For the order"), phone="title"), State(key="state", label=_("State"), labels=ReservationState, tones=RESERVATION_TONES),
        State(key="kind", label=_("Kind"), labels=ReservationKind), Text(key="things", label=_("What it holds"), value=lambda r: formatting.listed(r.things)),
        Moment(key="expires_at", label=_("Until"), sort="expires_at"), Signed(key="reserved_by", label=_("Reserved by")), Ago(key="created_at", label=_("Since"), sort="created_at"),
    )
    filters = (TextFilter(key="order_ref", label=_("For the order"), primary=True, placeholder=_("Begins with…")),
               ChoiceFilter(key="state", label=_("State"), choices=ReservationState.choices, primary=True), ChoiceFilter(key="kind", label=_("Kind"), choices=ReservationKind.choices),
               RunningFilter(key="running", label=_("Only those that still run"), state=ReservationState.HELD))
    sort = "-created_at"
    empty = Empty(says=_("Nothing is reserved"), mend=_("Ask for an address and reserve a port there for an order"), action=_("Coverage"), address="/coverage", icon="lock")

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read the rows, and at once what they hold."""
        rows = list(super().read_rows(ask))
        held = things_reserved([row.id for row in rows], by=self.actor)
        for row in rows:
            row.things = held.get(row.id, [])
        return rows


class ReleaseOrder(Page):
    """Gives back all that an order holds."""

    permission = RESERVE

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Release it."""
        del kwargs
        order = request.POST.get("order_ref", "").strip()[:80]
        count = services.release_order(order_ref=order, reason=request.POST.get("reason", "").strip()[:200], by=self.actor, at=clock.now()) if order else 0
        toast(request, _now("%(n)s reservations released") % {"n": count}, kind="success" if count else "info")
        return go(request, f"{reverse('network-reservations')}?order_ref={order}")
