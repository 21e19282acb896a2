"""The number-desk board: every pool's gauge drawn, the low ones first, each figure a way to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.resource import queries
from tongke.areas.resource.queries import PoolGauge
from tongke.areas.resource.states import NumberKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import Page, formatting
from tongke.web.numbers.words import CHANNELS, KIND_ICONS, PARTS, pool_address, rows_address

BAR = 1000
DAYS_SHORT = 30
# Which pools are meant: those that are open, those of them that run dry, or closed ones too.
OPEN, LOW, EVERY = "open", "low", "any"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a gauge: its place on the bar (of ``BAR``), how many numbers, and their rows."""

    key: str
    words: Any
    count: int
    left: int
    width: int
    address: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """A pool as the board draws it."""

    pool: PoolGauge
    name: str
    org: str
    kind: Any
    sign: str
    channels: str
    parts: list[Part]
    days: tuple[str, str]
    address: str
    low: bool


def parts_of(counts: dict[str, int], **rows: Any) -> list[Part]:
    """Return the parts of a bar, each leading to its numbers among ``rows`` of the list; whatever there is at all can be seen and clicked."""
    total, out, left = sum(counts.values()), [], 0
    for key, words, states in PARTS:
        count = sum(counts.get(state, 0) for state in states)
        width = max(6, round(count / total * BAR)) if count else 0
        width = min(width, BAR - left)
        out.append(Part(key, words, count, left, width, rows_address(**rows, state=list(states))))
        left += width
    return out


def days_words(pool: PoolGauge) -> tuple[str, str]:
    """Return for how long the free numbers last in words, and the tone."""
    if pool.valid_until is not None:
        return _now("closed"), "off"
    if not pool.free:
        return _now("none left"), "bad"
    if pool.days_left is None and is_low(pool):
        return _now("runs dry"), "bad"
    if pool.days_left is None:
        return _now("little taken lately"), "neutral"
    tone = "bad" if pool.dry_since else "warn" if pool.days_left < DAYS_SHORT else "good"
    return ngettext("lasts %(n)s day", "lasts %(n)s days", pool.days_left) % {"n": formatting.number(pool.days_left)}, tone


def is_low(pool: PoolGauge) -> bool:
    """Tell whether a pool runs dry: as the watch noted, or fewer free numbers now than the desk wants."""
    return pool.valid_until is None and (pool.dry_since is not None or pool.free < pool.dry_below)


def gauge_of(pool: PoolGauge) -> Gauge:
    """Return a pool ready to draw."""
    words = dict(CHANNELS)
    channels = formatting.listed(str(words.get(c, c)) for c in pool.channels) if pool.channels else str(_("Every channel"))
    return Gauge(pool, formatting.name(pool), staff.org_name(pool.org_id), NumberKind(pool.kind).label, KIND_ICONS.get(pool.kind, "number"), channels,
                 parts_of(pool.counts, pool=pool.id), days_words(pool), pool_address(pool.id), is_low(pool))


def gauges(by: Actor, at: datetime, *, past: bool = False) -> list[Gauge]:
    """Return every pool in scope, those that run dry first, then those that last least."""
    rows = [gauge_of(pool) for pool in queries.pool_gauges(past=past, by=by, at=at)]
    return sorted(rows, key=lambda g: (g.pool.valid_until is not None, not g.low, g.pool.days_left if g.pool.days_left is not None else 10**9, g.org, g.name))


def summed(rows: Iterable[Gauge]) -> dict[str, int]:
    """Return the counts of several pools by state."""
    total: dict[str, int] = {}
    for gauge in rows:
        for state, n in gauge.pool.counts.items():
            total[state] = total.get(state, 0) + n
    return total


class Board(Page):
    """All pools at a glance."""

    title, permission, template = _("Number pools"), "resource.view_numbers", "numbers/board.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the gauges, narrowed to an organisation, a kind, or those that run dry."""
        del kwargs
        at, past = clock.now(), request.GET.get("past") == "1"
        every = gauges(self.actor, at, past=past)
        org, kind, low = request.GET.get("org", ""), request.GET.get("kind", ""), request.GET.get("low") == "1"
        shown = [g for g in every if (not org or str(g.pool.org_id) == org) and (not kind or g.pool.kind == kind) and (not low or g.low)]
        orgs = list(dict.fromkeys((str(g.pool.org_id), g.org) for g in every))
        return {
            "subtitle": _("How full each pool is, and how long it lasts at the recent take-up"), "gauges": shown, "low": [g for g in every if g.low],
            "parts": parts_of(summed(shown), pools=LOW if low else EVERY if past else OPEN, org=org, kind=kind), "orgs": orgs if len(orgs) > 1 else [], "org": org, "kind": kind, "only_low": low, "past": past,
            "kinds": [(value, label) for value, label in NumberKind.choices if any(g.pool.kind == value for g in every)], "bar": BAR,
            "holds": len(queries.own_holds(by=self.actor, at=at)), "may_run": self.actor.may("resource.run_numbers"), "several": len(orgs) > 1,
            "may_hold": self.actor.may("resource.hold_number"),
        }
