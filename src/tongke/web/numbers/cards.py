"""Cards of the number desk's home: what runs dry, what is held, what the pools have."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.states import HoldState, NumberState
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit import formatting
from tongke.web.kit.cards import Card, Drawing, Figure, Line, Lines
from tongke.web.kit.chart import Chart, Series
from tongke.web.kit.rows import queryset_count
from tongke.web.numbers.board import OPEN, gauges, summed
from tongke.web.numbers.navigation import SEE
from tongke.web.numbers.words import PARTS, number_words, rows_address, until_words

HOME = ("number_desk",)
SHOWN = 6
DRAWN = 12


def dry(actor: Actor, at: datetime) -> Figure:
    """How many pools run dry."""
    low = [g for g in gauges(actor, at) if g.low]
    return Figure(value=len(low), address="/numbers?low=1", tone="bad" if low else "good", hint=low[0].name if low else _("every pool has enough"))


def free(actor: Actor, at: datetime) -> Figure:
    """How many numbers can be sold now."""
    counts = summed(gauges(actor, at))
    total = sum(counts.values())
    n = counts.get(NumberState.FREE, 0)
    return Figure(value=formatting.number(n), address=rows_address(pools=OPEN, state=NumberState.FREE), hint=_now("of %(n)s") % {"n": formatting.number(total)}, part=n / total if total else None)


def running_holds(actor: Actor, at: datetime) -> Figure:
    """How many numbers are on hold."""
    rows = queries.holds_visible_to(actor).filter(state=HoldState.OPEN, expires_at__gt=at)
    return Figure(value=formatting.bounded(queryset_count(rows)), address="/numbers/holds?running=1", hint=_("kept for orders"))


def cooling(actor: Actor, at: datetime) -> Figure:
    """How many numbers cool."""
    counts = summed(gauges(actor, at))
    return Figure(value=formatting.number(counts.get(NumberState.COOLING, 0)), address=rows_address(pools=OPEN, state=NumberState.COOLING), hint=_("free again once their time is over"))


def own(actor: Actor, at: datetime) -> Lines:
    """What the actor holds."""
    lines = [Line(title=number_words(h.number), address=f"/numbers/{h.number_id}", quiet=h.order_ref, sign="hand-stop",
                  badge=(until_words(h.expires_at, at=at), "warn")) for h in queries.own_holds(by=actor, at=at)[:SHOWN]]
    return Lines(lines=lines, says=_("You hold no number"), mend=_("Find a number that pleases and press H"), more=(_("All holds"), "/numbers/holds"))


def ending(actor: Actor, at: datetime) -> Lines:
    """The holds that end next."""
    rows = list(queries.holds_visible_to(actor).filter(state=HoldState.OPEN, expires_at__gt=at).order_by("expires_at", "id")[:SHOWN])
    people = staff.names_signed(h.clerk for h in rows)
    lines = [Line(title=number_words(h.number), address=f"/numbers/{h.number_id}", quiet=f"{people[h.clerk]} {h.order_ref}".strip(), sign="hourglass",
                  badge=(until_words(h.expires_at, at=at), "warn")) for h in rows]
    return Lines(lines=lines, says=_("Nothing is on hold"), more=(_("All holds"), "/numbers/holds?running=1"))


def lasting(actor: Actor, at: datetime) -> Lines:
    """The pools that last least."""
    lines = [Line(title=g.name, address=g.address, quiet=_now("%(n)s free") % {"n": formatting.number(g.pool.free)}, badge=g.days, sign=g.sign) for g in gauges(actor, at)[:SHOWN]]
    return Lines(lines=lines, says=_("No pool yet"), mend=_("Open a pool and allot numbers to it"), more=(_("Number pools"), "/numbers"))


def by_pool(actor: Actor, at: datetime) -> Drawing:
    """The pools' numbers by state."""
    rows = gauges(actor, at)[:DRAWN]
    series = [Series(words, [sum(g.pool.counts.get(s, 0) for s in states) for g in rows]) for _key, words, states in PARTS]
    chart = Chart(kind="stacked", categories=[g.name for g in rows], series=[s for s in series if any(s.values)], links=[g.address for g in rows], label=_("Pool"),
                  mend=_("Numbers appear here once a range feeds a pool"))
    return Drawing(chart=chart, more=(_("Number pools"), "/numbers"))


CARDS = [
    Card(key="pools-dry", label=_("Pools that run dry"), homes=HOME, build=dry, permission=SEE, icon="alarm", order=10),
    Card(key="numbers-free", label=_("Free numbers"), homes=HOME, build=free, permission=SEE, icon="number", order=11),
    Card(key="numbers-held", label=_("On hold"), homes=HOME, build=running_holds, permission=SEE, icon="hourglass", order=12),
    Card(key="numbers-cooling", label=_("Cooling"), homes=HOME, build=cooling, permission=SEE, icon="clock-hour-4", order=13),
    Card(key="pools-last", label=_("Pools that last least"), homes=HOME, build=lasting, permission=SEE, icon="gauge", order=20),
    Card(key="holds-own", label=_("Held by me"), homes=HOME, build=own, permission="resource.hold_number", icon="hand-stop", order=21),
    Card(key="holds-ending", label=_("Holds that end next"), homes=HOME, build=ending, permission=SEE, icon="hourglass", order=22),
    Card(key="pools-drawn", label=_("Numbers by pool"), homes=HOME, build=by_pool, permission=SEE, icon="chart-bar", order=23, lazy=True),
]
