"""Cards that need no page of their own folder: recent customers, repair, duplicates, approvals, the trail, health."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.party import queries as party
from tongke.areas.party.queries import lists, matching
from tongke.areas.staff import queries as staff
from tongke.areas.staff.states import ApprovalState, LookKind
from tongke.exchange import queries as exchange
from tongke.kernel import outbox
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.home.drawings import CHARTS
from tongke.web.imports import words as import_words
from tongke.web.kit import file_jobs, formatting
from tongke.web.kit.cards import Card, Figure, Line, Lines
from tongke.web.kit.rows import COUNT_BOUND, queryset_count
from tongke.web.staff import nouns
from tongke.web.staff.requests import Teller, tray_lines

RECENT_DAYS = 14
RECENT_SHOWN = 6
LOOKS_READ = 60
TONES = {"requested": "warn", "approved": "info", "refused": "bad", "withdrawn": "off", "used": "good"}
OPERATIONS = {"I": _("created"), "U": _("changed"), "D": _("deleted")}
SERVES = ("clerk", "agent", "account_manager", "steward", "supervisor")


def midnight(at: datetime) -> datetime:
    """Return the beginning of the organisation's day."""
    return formatting.local(at).replace(hour=0, minute=0, second=0, microsecond=0)


def recent_customers(actor: Actor, at: datetime) -> Lines:
    """The customers whom the person opened last."""
    seen = staff.looks_page(by=actor, since=at - timedelta(days=RECENT_DAYS), until=at + timedelta(minutes=1), limit=LOOKS_READ, staff_id=actor.staff_id)
    last: dict[Any, datetime] = {}
    for look in seen:
        if look.customer_id is not None and look.kind == LookKind.VIEW:
            last.setdefault(look.customer_id, look.at)
    lines = []
    for customer_id, when in list(last.items())[:RECENT_SHOWN]:
        try:
            found = party.customer(customer_id, by=actor)
        except NotFound:  # merged away or moved out of sight since
            continue
        sign = "building" if found.kind == "organization" else "user"
        lines.append(Line(title=found.name, address=f"/customers/{customer_id}", quiet=found.customer_no, at=when, sign=sign))
    return Lines(lines=lines, says=_("You have opened no customer lately"), mend=_("Press / and type a number or a name"))


def repair(actor: Actor, at: datetime) -> Figure:
    """How many records wait for repair."""
    count = queryset_count(party.repairs_visible_to(actor, at=at))
    return Figure(value=formatting.bounded(count), address="/repair", tone="warn" if count else "good", hint=_("incomplete records"))


def duplicates(actor: Actor, at: datetime) -> Figure:
    """How many pairs wait for review."""
    del actor, at
    counts = matching.pair_counts()
    whole = counts["suggest"] + counts["review"]
    hint = ngettext("%(n)d is almost certain", "%(n)d are almost certain", counts["suggest"]) % {"n": counts["suggest"]}
    return Figure(value=formatting.number(whole), address="/duplicates", tone="warn" if whole else "good", hint=hint)


def waiting_for_me(actor: Actor, at: datetime) -> Lines:
    """The requests that the person may decide."""
    rows = list(staff.approvals_to_decide(by=actor, at=at).order_by("requested_at")[:RECENT_SHOWN])
    teller = Teller(rows, by=actor)
    lines = [Line(title=teller.headline(r), address=f"/approvals/{r.id}", quiet=formatting.name(r.asker), at=r.requested_at, sign="hourglass") for r in rows]
    return Lines(lines=lines, says=_("Nothing waits for your decision"), more=(_("All"), "/approvals"))


def my_requests(actor: Actor, at: datetime) -> Lines:
    """What the person asked a second person for."""
    del at
    rows = list(staff.approvals_visible_to(actor).filter(requested_by_id=actor.staff_id).order_by("-requested_at")[:RECENT_SHOWN])
    teller = Teller(rows, by=actor)
    lines = [
        Line(title=teller.headline(r), address=f"/approvals/{r.id}", at=r.requested_at, badge=(ApprovalState(r.state).label, TONES[r.state]), sign="signature")
        for r in rows
    ]
    return Lines(lines=lines, says=_("You have asked for nothing"), mend=_("Large exports and ratings by hand need a second person"))


def new_this_month(actor: Actor, at: datetime) -> Figure:
    """How many customers came this month."""
    first = formatting.local(at).date().replace(day=1)
    count = lists.customer_count(lists.CustomerFilter(since=(first, None)), by=actor)
    return Figure(value=formatting.bounded(count), address=f"/customers?since_from={first}", hint=_("since the first of the month"))


def kept_by_me(actor: Actor, at: datetime) -> Figure:
    """How many customers the person keeps."""
    del at
    count = lists.customer_count(lists.CustomerFilter(manager_id=actor.staff_id), by=actor)
    return Figure(value=formatting.bounded(count), address="/customers")


def most_valuable(actor: Actor, at: datetime) -> Lines:
    """The most valuable customers that the person keeps."""
    del at
    rows = lists.customer_lines(lists.CustomerFilter(manager_id=actor.staff_id), sort="value", limit=RECENT_SHOWN, by=actor)
    lines = [
        Line(title=r.name, address=f"/customers/{r.id}", quiet=r.customer_no, sign="building" if r.kind == "organization" else "user",
             badge=(formatting.number(r.value), "info") if r.value else None)
        for r in rows
    ]
    return Lines(lines=lines, says=_("No customer is in your care yet"), mend=_("Your supervisor assigns customers to you"), more=(_("All"), "/customers"))


def blacklisted(actor: Actor, at: datetime) -> Figure:
    """How many entries the blacklist has."""
    del at
    return Figure(value=formatting.bounded(queryset_count(party.blacklist_visible_to(by=actor))), address="/blacklist")


def notifications(actor: Actor, at: datetime) -> Lines:
    """The newest notifications."""
    del at
    lines = [
        Line(title=n.text, address=n.link, at=n.at, sign="bell", badge=None if n.read_at else (_("new"), "info"))
        for n in tray_lines(by=actor, limit=RECENT_SHOWN)
    ]
    return Lines(lines=lines, says=_("No notifications"), mend=_("You are told here when something waits for you"), more=(_("All"), "/notifications"))


def looks_today(actor: Actor, at: datetime) -> Figure:
    """How many looks at customers' data today."""
    count = queryset_count(staff.looks(by=actor, since=midnight(at), until=at))
    return Figure(value=formatting.bounded(count, COUNT_BOUND), address="/looks", hint=_("looks at customers' data"))


def reveals_today(actor: Actor, at: datetime) -> Figure:
    """How often masked data was revealed today."""
    count = queryset_count(staff.looks(by=actor, since=midnight(at), until=at, kind=LookKind.REVEAL))
    return Figure(value=formatting.bounded(count), address="/looks?kind=reveal", tone="warn" if count else "", hint=_("each with a purpose"))


def last_changes(actor: Actor, at: datetime) -> Lines:
    """The newest entries of the audit trail."""
    rows = staff.trail(by=actor, since=at - timedelta(days=7), until=at + timedelta(minutes=1), limit=RECENT_SHOWN)
    lines = [
        Line(title=f"{nouns.noun(row.table_name)} · {OPERATIONS.get(row.op, row.op)}", address=f"/audit/{row.id}", quiet=row.who, at=row.at, sign="history") for row in rows
    ]
    return Lines(lines=lines, says=_("Nothing was changed in the last seven days"), more=(_("All"), "/audit"))


def reactions(actor: Actor, at: datetime) -> Figure:
    """How many reactions to events are open."""
    del at
    rows = outbox.open_reactions(actor)
    failed = queryset_count(rows.filter(state="failed"))
    hint = ngettext("%(n)d failed", "%(n)d failed", failed) % {"n": failed}
    return Figure(value=formatting.bounded(queryset_count(rows)), address="/operations/reactions", tone="bad" if failed else "good", hint=hint)


def colleagues(actor: Actor, at: datetime) -> Figure:
    """How many people may sign in."""
    del at
    return Figure(value=formatting.bounded(queryset_count(staff.staff_visible_to(actor).filter(is_active=True))), address="/admin/staff", hint=_("may sign in"))


def imports(actor: Actor, at: datetime) -> Lines:
    """The newest imports and how they stand."""
    del at
    rows = exchange.imports_visible_to(actor).order_by("-created_at")[:RECENT_SHOWN]
    lines = [
        Line(title=job.title, address=f"/imports/{job.id}", at=job.created_at, sign="file-import",
             quiet=_("%(read)s rows read, %(rejected)s rejected") % {"read": formatting.number(job.read), "rejected": formatting.number(job.rejected)},
             badge=file_jobs.state_of(job, import_words.STATES))
        for job in rows
    ]
    return Lines(lines=lines, says=_("Nothing has been imported yet"), mend=_("Load a customer file; every row is in or explained"), more=(_("All"), "/imports"))


CARDS = [
    Card(key="imports", label=_("Imports"), homes=("steward", "administrator"), build=imports, permission="party.import", icon="file-import", order=25),
    *CHARTS,
    Card(key="recent", label=_("Opened last"), homes=SERVES, build=recent_customers, permission="party.view", icon="history", order=20),
    Card(key="repair", label=_("To repair"), homes=("clerk", "steward"), build=repair, permission="party.repair", icon="tool", order=11),
    Card(key="duplicates", label=_("Duplicates to review"), homes=("steward", "supervisor"), build=duplicates, permission="party.merge", icon="git-merge", order=12),
    Card(key="waiting", label=_("Waits for your decision"), homes=("supervisor", "administrator", "product_manager"), build=waiting_for_me, icon="hourglass", order=15),
    Card(key="requests", label=_("What you asked for"), homes=("account_manager", "analyst", "steward", "clerk", "product_manager"), build=my_requests, icon="signature", order=40),
    Card(key="new", label=_("New customers"), homes=("clerk", "supervisor", "analyst"), build=new_this_month, permission="party.view", icon="user-plus", order=14),
    Card(key="kept", label=_("In your care"), homes=("account_manager",), build=kept_by_me, permission="party.view", icon="user-heart", order=10),
    Card(key="valuable", label=_("Most valuable"), homes=("account_manager",), build=most_valuable, permission="party.view", icon="diamond", order=18),
    Card(key="blacklist", label=_("Blacklist"), homes=("clerk", "supervisor"), build=blacklisted, permission="party.blacklist_view", icon="ban", order=16),
    Card(key="notifications", label=_("Notifications"), homes=(*SERVES, "analyst", "administrator", "auditor", "product_manager", "number_desk"), build=notifications, icon="bell", order=60),
    Card(key="looks", label=_("Looks today"), homes=("auditor", "supervisor"), build=looks_today, permission="staff.view_looks", icon="eye", order=17),
    Card(key="reveals", label=_("Revealed today"), homes=("auditor", "supervisor"), build=reveals_today, permission="staff.view_looks", icon="eye-off", order=18),
    Card(key="trail", label=_("Last changes"), homes=("auditor", "administrator"), build=last_changes, permission="staff.view_audit", icon="shield-check", order=30),
    Card(key="reactions", label=_("Open reactions"), homes=("administrator",), build=reactions, permission="operations.view", icon="activity", order=12),
    Card(key="colleagues", label=_("Colleagues"), homes=("administrator",), build=colleagues, permission="staff.view", icon="users", order=13),
]
