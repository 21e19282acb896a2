"""The way from the exchange to a place as it is drawn: a row of elements, the ports of the last one, and the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now

from tongke.areas.resource.queries import AccessPoint, PathStep
from tongke.areas.resource.states import KIND_NAMES, NetworkState, PortState, SiteKind
from tongke.web.kit import formatting
from tongke.web.network.words import EQUIPMENT_SIGNS, PORT_ORDER, SHORT_KINDS, SITE_SIGNS, STATE_TONES, rate, speed, technology_words

SQUARES_MAX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element of the way. ``tone`` colours it; ``squares`` are (state, words, how many squares) of its ports."""

    title: str
    code: str = ""
    sign: str = "point"
    address: str = ""
    tone: str = "good"
    notes: tuple[str, ...] = ()
    state: str = ""
    squares: tuple[PortShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortShare:
    """How many ports are in one state, and how many squares stand for them."""

    state: str
    words: str
    count: int
    squares: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which a place is reached, drawn; ``reasons`` are what stands against selling over it now."""

    technology: str
    speed: str
    equipment_id: Any
    code: str
    sellable: bool
    kinds: tuple[str, ...]
    nodes: list[Node]
    reasons: tuple[Any, ...] = field(default=())


def shares(counts: Mapping[str, int]) -> tuple[PortShare, ...]:
    """Return the ports by state, what can be sold first; more than 32 are drawn smaller in number, none vanishes."""
    whole = sum(counts.values())
    scale = min(1.0, SQUARES_MAX / whole) if whole else 1.0
    return tuple(
        PortShare(state=state, words=str(PortState(state).label), count=counts[state], squares=max(1, round(counts[state] * scale)))
        for state in PORT_ORDER if counts.get(state)
    )


def drawn(access: AccessPoint, *, home: str) -> Way:
    """Return the way of an access point to the place called ``home``."""
    nodes = [_node(step) for step in access.path]
    nodes.append(_ports(access))
    metres = _now("%(n)s m away") % {"n": formatting.number(access.distance_m)} if access.distance_m else ""
    nodes.append(Node(title=home, sign="home", tone="good" if access.sellable else "off", notes=(metres,) if metres else ()))
    return Way(
        technology=technology_words(access.technology), speed=speed(access.max_down_mbps, access.max_up_mbps), equipment_id=access.equipment_id,
        code=access.code, sellable=access.sellable, kinds=tuple(str(KIND_NAMES[kind]) for kind in access.kinds), nodes=nodes, reasons=access.reasons,
    )


def _ports(access: AccessPoint) -> Node:
    """The ports of the access point: full is what stands in the way most often."""
    free = access.ports.get(PortState.FREE, 0)
    words = _now("%(n)s free") % {"n": free} if free else _now("None is free")
    return Node(title=_now("Ports"), sign="plug", tone="good" if free else "bad", state="" if free else words, notes=(words,) if free else (),
                address=f"{reverse('network-equipment-one', args=[access.equipment_id])}#ports", squares=shares(access.ports))


def _node(step: PathStep) -> Node:
    """One step: a site or a piece of equipment (which alone has a technology)."""
    tone = STATE_TONES.get(NetworkState(step.state), "off")
    state = "" if step.state == NetworkState.IN_SERVICE else str(NetworkState(step.state).label)
    if state and step.planned_on:
        state = f"{state} · {formatting.day(step.planned_on)}"
    if not step.technology:
        return Node(title=step.name or str(SiteKind(step.kind).label), code=step.code, sign=SITE_SIGNS[SiteKind(step.kind)], tone=tone, state=state,
                    address=reverse("network-site", args=[step.id]))
    notes = [note for note in (step.split, _now("%(rate)s shared") % {"rate": rate(step.uplink_mbps)} if step.uplink_mbps else "") if note]
    return Node(title=step.name or str(SHORT_KINDS[step.kind]), code=step.code, sign=EQUIPMENT_SIGNS[step.kind], tone=tone, state=state, notes=tuple(notes),  # type: ignore[index]  # the wire word of a kind
                address=reverse("network-equipment-one", args=[step.id]))
