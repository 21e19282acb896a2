"""Cards of the product manager's home: what is in the making, waits, begins, ends and is held."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.states import LifeCycle
from tongke.areas.staff import queries as staff
from tongke.areas.staff.states import ApprovalState
from tongke.kernel.actor import Actor
from tongke.web.catalogue.moving import APPROVAL
from tongke.web.catalogue.tree import SHOWN_MAX, installed_by_code, making_of
from tongke.web.catalogue.words import KIND_ICONS, STATE_TONES
from tongke.web.kit import formatting
from tongke.web.kit.cards import Card, Drawing, Figure, Line, Lines
from tongke.web.kit.chart import Chart, Series
from tongke.web.kit.rows import queryset_count

HOME = ("product_manager",)
SHOWN = 6
DRAWN = 12
NEAR = 0.8


def on_sale(actor: Actor, at: datetime) -> Figure:
    """How many offers are on sale."""
    del at
    count = queryset_count(board.offerings_board(actor).filter(state=LifeCycle.LAUNCHED))
    return Figure(value=formatting.bounded(count), address="/catalogue?state=launched", hint=_("offers that can be sold now"))


def making(actor: Actor, at: datetime) -> Figure:
    """How many offers have a version in the making."""
    del at
    count = queryset_count(making_of(board.offerings_board(actor)))
    return Figure(value=formatting.bounded(count), address="/catalogue?making=1", hint=_("drafts, in test, or approved"), tone="warn" if count else "")


def waiting(actor: Actor, at: datetime) -> Figure:
    """How many versions wait for a second person."""
    rows = staff.approvals_visible_to(actor).filter(kind=APPROVAL, state=ApprovalState.REQUESTED, expires_at__gt=at)
    count = queryset_count(rows)
    return Figure(value=formatting.bounded(count), address="/approvals?state=requested", hint=_("versions wait for a second person"), tone="warn" if count else "good")


def drafts(actor: Actor, at: datetime) -> Lines:
    """The versions that were worked on last."""
    del at
    rows = board.versions_in_making(limit=SHOWN, by=actor)
    lines = [Line(title=formatting.name(row), address=f"/catalogue/offerings/{row.id}", quiet=f"{row.code} v{row.version}", at=row.changed_at,
                  badge=(LifeCycle(row.state).label, STATE_TONES[row.state]), sign=KIND_ICONS.get(row.kind, "package")) for row in rows]
    return Lines(lines=lines, says=_("Nothing is in the making"), mend=_("Begin an offer, or the next version of one"), more=(_("All"), "/catalogue?making=1"))


def ahead(actor: Actor, at: datetime) -> Lines:
    """What begins or ends its sale soon."""
    rows = board.edges_ahead(at=at, limit=SHOWN, by=actor)
    lines = [Line(title=formatting.name(row), address=f"/catalogue/offerings/{row.id}", quiet=f"{row.code} v{row.version}", sign="calendar-event",
                  badge=(_now("from %(day)s") % {"day": formatting.day(row.valid_from)}, "info") if row.valid_from > at
                  else (_now("until %(day)s") % {"day": formatting.day(row.valid_until)}, "warn")) for row in rows]
    return Lines(lines=lines, says=_("Nothing begins or ends soon"), mend=_("A launch may be set to a later day"))


def retired(actor: Actor, at: datetime) -> Lines:
    """Offers that are not sold any more and that customers still hold."""
    del at
    rows = {row.code: row for row in board.offerings_board(actor).filter(state__in=[LifeCycle.RETIRED, LifeCycle.OBSOLETE])[:200]}
    counts = installed_by_code(list(rows), by=actor)
    held = sorted(((counts[code], row) for code, row in rows.items() if counts.get(code)), key=lambda pair: -pair[0])[:SHOWN]
    lines = [Line(title=formatting.name(row), address=f"/catalogue/installed/{row.code}", quiet=row.code, sign="archive",
                  badge=(ngettext("%(n)s customer's product", "%(n)s customers' products", count) % {"n": formatting.bounded(count, SHOWN_MAX)}, "warn")) for count, row in held]
    return Lines(lines=lines, says=_("Nobody holds what is not sold any more"), more=(_("All"), "/catalogue?state=retired"))


def near_quota(actor: Actor, at: datetime) -> Lines:
    """Promotions whose quota is nearly given."""
    rows = [row for row in board.promotions_board(actor).filter(state=LifeCycle.LAUNCHED, quota_total__gt=0) if row.used >= NEAR * row.quota_total]
    rows = [row for row in rows if row.valid_until is None or row.valid_until > at]
    lines = [Line(title=formatting.name(row), address=f"/catalogue/promotions/{row.id}", quiet=f"{row.used:,} / {row.quota_total:,}", sign="gauge",
                  badge=(formatting.percent(row.used / row.quota_total, 0), "bad" if row.used >= row.quota_total else "warn"))
             for row in sorted(rows, key=lambda r: -(r.used / r.quota_total))[:SHOWN]]
    return Lines(lines=lines, says=_("Every quota still has room"), more=(_("All"), "/catalogue/promotions?state=launched"))


def installed_by_offer(actor: Actor, at: datetime) -> Drawing:
    """What customers hold most."""
    del at
    rows = {row.code: row for row in board.offerings_board(actor)[:500]}
    counts = installed_by_code(list(rows), by=actor)
    most = sorted(((count, code) for code, count in counts.items() if count), reverse=True)[:DRAWN]
    chart = Chart(kind="bar_lying", height="high", label=_("Product offer"), categories=[formatting.name(rows[code]) for _count, code in most],
                  series=[Series(_("Installed"), [count for count, _code in most])], links=[f"/catalogue/installed/{code}" for _count, code in most],
                  mend=_("Products appear here once they are installed"))
    return Drawing(chart=chart, more=(_("Catalogue"), "/catalogue"))


CARDS = [
    Card(key="offers-on-sale", label=_("On sale"), homes=HOME, build=on_sale, permission="catalogue.view", icon="packages", order=10),
    Card(key="offers-making", label=_("In the making"), homes=HOME, build=making, permission="catalogue.view", icon="pencil", order=11),
    Card(key="offers-waiting", label=_("Waiting for approval"), homes=HOME, build=waiting, permission="catalogue.view", icon="hourglass", order=12),
    Card(key="drafts", label=_("Worked on last"), homes=HOME, build=drafts, permission="catalogue.view", icon="pencil", order=20),
    Card(key="offers-ahead", label=_("Begins or ends soon"), homes=HOME, build=ahead, permission="catalogue.view", icon="calendar-event", order=21),
    Card(key="offers-retired", label=_("Not sold any more, still held"), homes=HOME, build=retired, permission="inventory.view", icon="archive", order=22, lazy=True),
    Card(key="promotions-quota", label=_("Promotions near their quota"), homes=HOME, build=near_quota, permission="catalogue.view", icon="gauge", order=23),
    Card(key="offers-installed", label=_("Installed by offer"), homes=HOME, build=installed_by_offer, permission="inventory.view", icon="chart-bar", order=24, lazy=True),
]
