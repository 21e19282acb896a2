"""Equipment: the list, one piece with its way, what hangs below it and its ports, and what may be done with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries.network import accesses_visible_to, ports_by_equipment
from tongke.areas.resource.states import EQUIPMENT, PORT, EquipmentKind, NetworkState, PortKind, PortState, Technology
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import Button, ChoiceFilter, Day, Empty, Link, State, Text, TextFilter, formatting, go, render, toast
from tongke.web.kit.refusals import lines_of
from tongke.web.network.frame import PLAN, NetworkList, NetworkPage, port_bar
from tongke.web.network.retiring import access_shown
from tongke.web.network.words import (
    EQUIPMENT_SIGNS,
    PORT_TONES,
    SHORT_KINDS,
    SITE_SIGNS,
    STATE_TONES,
    rate,
    speed,
    technology_words,
)

BELOW_MAX, ACCESSES_MAX, STEPS_MAX = 64, 50, 20
MOVES = {
    "commission": (_("Commission"), "player-play"), "report_faulty": (_("Report faulty"), "alert-triangle"), "mend": (_("Mended"), "tools"),
    "retire": (_("Decommission"), "archive"),
}
PORT_VERBS: dict[str, tuple[Any, Any, str]] = {
    "commission": (services.commission_port, _("Commission"), "player-play"), "faulty": (services.report_port_faulty, _("Report faulty"), "alert-triangle"),
    "mend": (services.mend_port, _("Mended"), "tools"),
}
PORT_MOVES = {"commission": ("commission",), "faulty": ("report_faulty",), "mend": ("mend", "mend_in_use")}


class EquipmentList(NetworkList):
    """Every piece of equipment."""

    name, title = "network-equipment", _("Equipment")
    rows = queries.equipment_visible_to
    columns = (
        Link(key="code", label=_("Equipment"), to=lambda e: reverse("network-equipment-one", args=[e.id]), sub="name", sort="code"),
        State(key="kind", label=_("Kind"), labels=EquipmentKind, tones=dict.fromkeys(EquipmentKind.values, "neutral")),
        State(key="state", label=_("State"), labels=NetworkState, tones=STATE_TONES),
        Text(key="technology", label=_("Technology"), value=lambda e: technology_words(e.technology)), Text(key="site", label=_("Site"), value=lambda e: e.site.name if e.site else ""),
        Text(key="parent", label=_("Hangs on"), value=lambda e: e.parent.code if e.parent else ""), Text(key="split", label=_("Split"), hidden=True),
        Day(key="planned_on", label=_("Planned for"), hidden=True),
    )
    filters = (TextFilter(key="code", label=_("Code"), primary=True, placeholder=_("Begins with…")),
               ChoiceFilter(key="kind", label=_("Kind"), choices=EquipmentKind.choices, primary=True),
               ChoiceFilter(key="state", label=_("State"), choices=NetworkState.choices, primary=True),
               ChoiceFilter(key="technology", label=_("Technology"), choices=Technology.choices))
    sort = "code"
    empty = Empty(says=_("No equipment is like this"), mend=_("Record an OLT, a splitter or a box"), action=_("New equipment"), address="/network/equipment/new", permission=PLAN, icon="server-2")
    buttons = (Button(label=_("New equipment"), address="/network/equipment/new", permission=PLAN),)


class Planned(NetworkList):
    """What will be built, the nearest day first."""

    name, title = "network-planned", _("Planned builds")
    subtitle = _("Equipment that is not in service yet; what it will reach can be sold from that day on")
    filters = (ChoiceFilter(key="kind", label=_("Kind"), choices=EquipmentKind.choices, primary=True),)
    columns = (
        Link(key="code", label=_("Equipment"), to=lambda e: reverse("network-equipment-one", args=[e.id]), sub="name", sort="code"),
        Day(key="planned_on", label=_("Planned for"), sort="planned_on"), State(key="kind", label=_("Kind"), labels=EquipmentKind, tones=dict.fromkeys(EquipmentKind.values, "neutral")),
        Text(key="technology", label=_("Technology"), value=lambda e: technology_words(e.technology)), Text(key="parent", label=_("Hangs on"), value=lambda e: e.parent.code if e.parent else ""),
    )
    sort = "planned_on"
    empty = Empty(says=_("Nothing is planned"), mend=_("Record equipment with the day on which it will be in service"), icon="calendar-event")

    @staticmethod
    def rows(actor: Any) -> Any:
        """Return what is planned only."""
        return queries.equipment_visible_to(actor).filter(state=NetworkState.PLANNED)


class EquipmentPage(NetworkPage):
    """One piece of equipment: where it hangs, what hangs below it, its ports and what it covers."""

    template = "network/equipment.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows; raises ``NotFound``."""
        del request
        return self.shown(kwargs["equipment_id"])

    def shown(self, equipment_id: UUID, **more: Any) -> dict[str, Any]:
        """Return facts, way, tree, ports and coverage."""
        one = queries.equipment_seen(equipment_id, by=self.actor)
        state = NetworkState(one.state)
        ports, counts = queries.ports_of(one.id, by=self.actor), ports_by_equipment([one.id], by=self.actor)[one.id]
        facts = [
            (_("Kind"), EquipmentKind(one.kind).label), (_("Technology"), technology_words(one.technology)), (_("Site"), f"{one.site.name} · {one.site.code}" if one.site else ""),
            (_("Split"), one.split), (_("Speed of a port"), speed(one.max_down_mbps, one.max_up_mbps) if one.max_down_mbps else ""),
            (_("Shared by all ports"), rate(one.uplink_mbps) if one.uplink_mbps else ""), (_("Planned for"), formatting.day(one.planned_on) if one.planned_on else ""),
        ]
        accesses = accesses_visible_to(self.actor).filter(equipment_id=one.id)
        own = self.actor.may(PLAN) and self.actor.sees(one.org_id)
        return self.get_context(**{
            "title": one.code, "one": one, "state": (state.label, STATE_TONES[state]), "sign": EQUIPMENT_SIGNS[EquipmentKind(one.kind)],
            "sub": " · ".join(part for part in (one.name, str(SHORT_KINDS[one.kind])) if part), "facts": [pair for pair in facts if pair[1]],
            "above": self.above(one), "below": self.below(one), "below_count": queries.equipment_visible_to(self.actor).filter(parent_id=one.id).count(), "ports": [self.port(port) for port in ports], "port_bar": port_bar(counts), "port_sum": sum(counts.values()),
            "accesses": [access_shown(a, by=self.actor) for a in accesses[:ACCESSES_MAX]], "access_count": accesses.count(),
            "moves": [(key, *MOVES[key]) for key in EQUIPMENT.possible(one.state) if key in MOVES and key != "retire"] if own else [], "may": own and state != NetworkState.RETIRED, "lines": [], **more,
        })

    def above(self, one: Any) -> list[dict[str, Any]]:
        """Return the way from the head of the tree down to the equipment itself."""
        steps: list[dict[str, Any]] = []
        current = one
        while current is not None and len(steps) < STEPS_MAX:
            steps.append(self.node(current))
            site, parent = current.site, current.parent_id
            current = queries.equipment_seen(parent, by=self.actor) if parent else None
            if current is None and site:
                steps.append({"code": site.name, "sub": site.code, "sign": SITE_SIGNS[site.kind], "tone": STATE_TONES[site.state], "address": reverse("network-site", args=[site.id])})
        return list(reversed(steps))

    def node(self, one: Any) -> dict[str, Any]:
        """Return equipment as a box of the way or the tree."""
        return {"id": one.id, "code": one.code, "sub": one.name or str(SHORT_KINDS[one.kind]), "sign": EQUIPMENT_SIGNS[EquipmentKind(one.kind)], "tone": STATE_TONES[one.state],
                "address": reverse("network-equipment-one", args=[one.id])}

    def below(self, one: Any) -> list[dict[str, Any]]:
        """Return what hangs below, each with its ports as a bar."""
        rows = list(queries.equipment_visible_to(self.actor).filter(parent_id=one.id)[:BELOW_MAX])
        counts = ports_by_equipment([row.id for row in rows], by=self.actor)
        return [{**self.node(row), "bar": port_bar(counts[row.id]), "sum": sum(counts[row.id].values()), "free": counts[row.id].get(PortState.FREE, 0)} for row in rows]

    def port(self, port: Any) -> dict[str, Any]:
        """Return one port as a square that leads to its page."""
        return {"number": port.number, "state": port.state, "words": PortState(port.state).label, "address": reverse("network-port", args=[port.equipment_id, port.number])}


class MoveEquipment(EquipmentPage):
    """Puts equipment into service, reports it faulty or mended, or takes it out of service."""

    permission = PLAN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it; say why not."""
        if kwargs["move"] not in MOVES:
            raise NotFound
        try:
            services.change_equipment_state(equipment_id=kwargs["equipment_id"], move=kwargs["move"], reason=request.POST.get("reason", "").strip()[:200], by=self.actor, at=clock.now())
        except Refused as fault:
            return render(request, self.template, self.shown(kwargs["equipment_id"], lines=lines_of(fault)), status=fault.status)
        toast(request, _now("Saved"))
        return go(request, reverse("network-equipment-one", args=[kwargs["equipment_id"]]))


class PortPage(NetworkPage):
    """One port: who holds it, and what may be done with it."""

    template = "network/port.html"

    def found(self, equipment_id: UUID, number: int) -> Any:
        """Return the port; raises ``NotFound``."""
        port = next((port for port in queries.ports_of(equipment_id, limit=5_000, by=self.actor) if port.number == number), None)
        if port is None:
            raise NotFound
        return port

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        del request
        return self.shown(kwargs["equipment_id"], kwargs["number"])

    def shown(self, equipment_id: UUID, number: int, **more: Any) -> dict[str, Any]:
        """Return facts and deeds."""
        one = queries.equipment_seen(equipment_id, by=self.actor)
        port = self.found(equipment_id, number)
        state = PortState(port.state)
        held = port.reservation
        facts = [
            (_("Kind"), PortKind(port.kind).label), (_("Cable"), port.label), (_("Service"), port.service_ref), (_("For the order"), held.order_ref if held else ""),
            (_("Reserved until"), formatting.moment(held.expires_at) if held else ""), (_("Speed"), speed(port.max_down_mbps or 0, port.max_up_mbps or 0) if port.max_down_mbps else ""),
            (_("Planned for"), formatting.day(port.planned_on) if port.planned_on else ""), (_("Note"), port.note), (_("State since"), formatting.moment(port.changed_at)),
        ]
        possible = set(PORT.possible(port.state)) if self.actor.may(PLAN) and self.actor.sees(one.org_id) else set()
        return self.get_context(**{
            "title": f"{one.code} / {port.number}", "one": one, "port": port, "state": (state.label, PORT_TONES[state]), "facts": [pair for pair in facts if pair[1]],
            "deeds": [(reverse("network-port-deed", args=[one.id, port.number, key]), label, sign, key == "faulty") for key, (_verb, label, sign) in PORT_VERBS.items()
                      if possible & set(PORT_MOVES[key])], "lines": [], **more,
        })


class MovePort(PortPage):
    """Reports a port faulty or mended, or puts it into service."""

    permission = PLAN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it; say why not."""
        if kwargs["deed"] not in PORT_VERBS:
            raise NotFound
        port = self.found(kwargs["equipment_id"], kwargs["number"])
        verb = PORT_VERBS[kwargs["deed"]][0]
        more = {} if kwargs["deed"] == "commission" else {"note": request.POST.get("reason", "").strip()[:200]}
        try:
            verb(port_id=port.id, **more, by=self.actor, at=clock.now())
        except Refused as fault:
            return render(request, self.template, self.shown(kwargs["equipment_id"], kwargs["number"], lines=lines_of(fault)), status=fault.status)
        toast(request, _now("Saved"))
        return go(request, reverse("network-port", args=[kwargs["equipment_id"], kwargs["number"]]))
