"""Ports as rows: what the figures of the network board count."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource.queries.network import ports_visible_to
from tongke.areas.resource.states import PortKind, PortState
from tongke.web.kit import AnyOfFilter, ChoiceFilter, Day, Empty, Link, Moment, State, Text, TextFilter
from tongke.web.network.frame import PLAN, NetworkList
from tongke.web.network.words import PORT_TONES, technology_words


def ports_address(state: str) -> str:
    """Return the list of the ports in a state."""
    return reverse("network-ports", query={"state": state})


class Ports(NetworkList):
    """Every port of the actor's networks."""

    name, title = "network-ports", _("Ports")
    rows = ports_visible_to
    columns = (
        Link(key="port", label=_("Port"), value=lambda p: f"{p.equipment.code}/{p.number}", to=lambda p: reverse("network-port", args=[p.equipment_id, p.number]), sub="equipment.name", css="tk-num"),
        State(key="state", label=_("State"), labels=PortState, tones=PORT_TONES), State(key="kind", label=_("Kind"), labels=PortKind, tones=dict.fromkeys(PortKind.values, "neutral")),
        Text(key="technology", label=_("Technology"), value=lambda p: technology_words(p.equipment.technology)), Text(key="label", label=_("Cable"), hidden=True),
        Day(key="planned_on", label=_("Planned for")), Text(key="note", label=_("Note")), Moment(key="changed_at", label=_("State since")),
    )
    filters = (
        TextFilter(key="equipment", label=_("Equipment"), lookup="equipment__code__startswith", primary=True, placeholder=_("Begins with…")),
        AnyOfFilter(key="state", label=_("State"), choices=PortState.choices), ChoiceFilter(key="kind", label=_("Kind"), choices=PortKind.choices, primary=True),
    )
    empty = Empty(says=_("No port is like this"), mend=_("Ports are added to a box, a splitter or an OLT on its page"), action=_("Equipment"), address="/network/equipment", permission=PLAN, icon="plug")
