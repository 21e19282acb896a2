"""The audit trail and the log of looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.areas.staff.queries import TrailKey, TrailRow
from tongke.areas.staff.states import LookKind
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import formatting
from tongke.web.kit.columns import Link, Moment, State, Text
from tongke.web.kit.diff import changes
from tongke.web.kit.filters import ChoiceFilter, DayRangeFilter, TextFilter
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Empty, ListPage
from tongke.web.kit.rows import Ask
from tongke.web.staff import nouns
from tongke.web.staff.frame import Door

SPAN_DAYS = 7
FIELDS_SHOWN = 6
OPS = {"I": _("made"), "U": _("changed"), "D": _("deleted")}
OP_TONES = {"I": "good", "U": "info", "D": "bad"}


def span(asked: tuple[datetime | None, datetime | None] | None) -> tuple[datetime, datetime]:
    """Return the half-open span of a list: what was asked, else the last seven days; never without an edge."""
    start, end = asked or (None, None)
    until = end or clock.now() + timedelta(minutes=1)
    return start or max(until - timedelta(days=SPAN_DAYS), datetime(2000, 1, 1, tzinfo=UTC)), until


def _tables(actor: Actor) -> list[tuple[str, str]]:
    del actor
    return sorted(((name, nouns.noun(name)) for name in queries.audited_tables()), key=lambda choice: choice[1])


def changed_fields(row: TrailRow) -> str | None:
    """Return the first few fields that an entry changed, in words."""
    names = [nouns.field(name) for name, _before, _after in row.changes]
    return formatting.listed([*names[:FIELDS_SHOWN], *(["…"] if len(names) > FIELDS_SHOWN else [])]) or None


def trail_rows(ask: Ask) -> Sequence[TrailRow]:
    """Fetch one screenful of the trail."""
    since, until = span(ask.filters.get("when"))
    beyond = TrailKey.read(ask.cursor[1]) if ask.cursor else None
    wanted = {name: str(ask.filters.get(name) or "") for name in ("table", "row_id", "actor", "op")}
    return queries.trail(
        by=ask.actor, since=since, until=until, beyond=beyond, rising=not ask.falling, limit=ask.limit + 1, **wanted,
    )


class Trail(ListPage):
    """Who changed what when; the database itself wrote it."""

    name, title, permission = "audit", _("Audit trail"), "staff.view_audit"
    subtitle = _("Written by the database itself and chained by hash; seven days unless you ask for others")
    fetch = staticmethod(trail_rows)
    columns = (
        Moment(key="at", label=_("When"), sort="at"),
        Text(key="actor", label=_("By whom"), sub="who"),
        State(key="op", label=_("What"), labels=OPS, tones=OP_TONES),
        Link(key="table_name", label=_("Record"), value=lambda r: nouns.noun(r.table_name), to=lambda r: f"/audit/{r.id}", sub="row_id"),
        Text(key="org_id", label=_("Organisation"), value=lambda r: queries.org_name(r.org_id) or None),
        Text(key="changes", label=_("Fields"), value=changed_fields),
    )
    filters = (
        DayRangeFilter(key="when", label=_("When"), primary=True),
        ChoiceFilter(key="table", label=_("Record"), choices=_tables, primary=True),
        TextFilter(key="actor", label=_("Who (user name)"), primary=True),
        TextFilter(key="row_id", label=_("Record's key")),
        ChoiceFilter(key="op", label=_("What"), choices=tuple(OPS.items())),
    )
    sort = "-at"
    empty = Empty(says=_("No change within these filters"), mend=_("Widen the span of days"))


class TrailEntry(Door):
    """One entry with before and after; staff accounts and roles can be restored from it."""

    permission = "staff.view_audit"
    template = "staff/trail_entry.html"
    title = _("Entry of the audit trail")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the entry, its differences, and the neighbours in the same record's history."""
        del request
        entry = queries.trail_entry(key=TrailKey.read(kwargs["key"]), by=self.actor)
        history = queries.trail(
            by=self.actor, since=entry.at - timedelta(days=366), until=self.at + timedelta(minutes=1), row_id=entry.row_id,
            table=entry.table_name, limit=20,
        )
        return {
            "entry": entry, "op": (str(OPS[entry.op]), OP_TONES[entry.op]), "org": queries.org_name(entry.org_id), "history": history,
            "changes": changes(entry.before, entry.after, nouns.labels(entry.before, entry.after), nouns.words), "ops": OPS,
            "noun": nouns.noun(entry.table_name),
            "may_restore": self.actor.may("staff.restore") and entry.before is not None and entry.table_name in {"staff_staff", "staff_role"},
        }

    def post(self, request: HttpRequest, key: str) -> HttpResponseBase:
        """Restore the record to the state before this entry."""
        outcome = services.restore(key=TrailKey.read(key), by=self.actor, at=self.at)
        toast(request, _("The record was restored") if outcome.done else _("The restoration waits for a second person"))
        return HttpResponseRedirect("/audit" if outcome.done else "/approvals")


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look as the list shows it."""

    id: UUID
    at: datetime
    actor: str
    who: str
    org: str
    kind: str
    customer_id: UUID | None
    purpose: str
    clear: str


def look_rows(ask: Ask) -> Sequence[LookRow]:
    """Fetch one screenful of the log of looks."""
    since, until = span(ask.filters.get("when"))
    customer = ask.filters.get("customer")
    rows = queries.looks_page(
        by=ask.actor, since=since, until=until, beyond=ask.cursor, rising=not ask.falling, limit=ask.limit + 1,
        kind=ask.filters.get("kind") or "", actor=ask.filters.get("actor") or "", customer_id=customer,
    )
    names = queries.staff_names(row.staff_id for row in rows if row.staff_id)
    return [
        LookRow(row.id, row.at, row.actor, formatting.name(names[row.staff_id]) if row.staff_id in names else "", queries.org_name(row.org_id),
                row.kind, row.customer_id, row.purpose, row.clear)
        for row in rows
    ]


class UuidFilter(TextFilter):
    """A record's key; anything that is none narrows to nothing, not to everything."""

    def parse(self, query: Any, actor: Actor) -> Any:
        """Return the key, or the key of nothing."""
        text = super().parse(query, actor)
        if text is None:
            return None
        try:
            return UUID(text)
        except ValueError:
            return UUID(int=0)


# Purposes that the house gives where nobody is asked for one, and kinds of personal data, as the log keeps them.
PURPOSES: dict[str, Any] = {"service": _("Serving the customer")}
CLEAR: dict[str, Any] = {
    "name": _("Name"), "phone": _("Phone"), "id_number": _("Document number"), "address": _("Address"), "email": _("E-mail"), "birth": _("Date of birth"),
}


def clear_words(row: LookRow) -> str:
    """Name the kinds of personal data that were seen unmasked."""
    return formatting.listed(str(CLEAR.get(kind, kind)) for kind in row.clear.split(",") if kind)


class Looks(ListPage):
    """Who looked at whose data, and what for."""

    name, title, permission = "looks", _("Log of looks"), "staff.view_looks"
    subtitle = _("Every look at a customer's data, with its purpose and what came unmasked")
    fetch = staticmethod(look_rows)
    columns = (
        Moment(key="at", label=_("When"), sort="at"),
        Text(key="actor", label=_("By whom"), sub="who"),
        Text(key="org", label=_("Organisation")),
        State(key="kind", label=_("How"), labels=LookKind, tones={"reveal": "warn", "export": "warn", "card": "info"}),
        Link(key="customer_id", label=_("Customer"), to=lambda r: f"/customers/{r.customer_id}" if r.customer_id else "/looks"),
        Text(key="purpose", label=_("Purpose"), value=lambda r: PURPOSES.get(r.purpose, r.purpose)),
        Text(key="clear", label=_("Seen in clear"), value=clear_words),
    )
    filters = (
        DayRangeFilter(key="when", label=_("When"), primary=True),
        ChoiceFilter(key="kind", label=_("How"), choices=LookKind.choices, primary=True),
        TextFilter(key="actor", label=_("Who (user name)"), primary=True),
        UuidFilter(key="customer", label=_("Customer's key")),
    )
    sort = "-at"
    empty = Empty(says=_("No look within these filters"), mend=_("Widen the span of days"))
