"""The list page: a declaration from which paging, sorting, filters, saved filters, export and the bulk bar come.

class Tickets(ListPage):
name, title, permission = "tickets", _("Tickets"), "ticket.view"
rows = queries.tickets_visible_to              # a function of the actor that returns a QuerySet
columns = [Link(key="number", label=_("Number"), to=lambda t: f"/tickets/{t.id}", sort="number"), ...]
filters = [ChoiceFilter(key="state", label=_("State"), choices=TicketState.choices, primary=True)]
sort = "-opened_at"
bulk = [Bulk(key="assign", label=_("Assign"), verb=services.assign_ticket, argument="ticket_id")]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from tongke.kernel import clock
from tongke.web.kit import saved
from tongke.web.kit.bulk import Bulk, Outcome, run_bulk
from tongke.web.kit.columns import NOTHING, Column, Link, read
from tongke.web.kit.export import Export, export_answer
from tongke.web.kit.filters import Filter
from tongke.web.kit.navigation import may_any
from tongke.web.kit.page import Page, go, is_part, render
from tongke.web.kit.rows import COUNT_BOUND, Ask, Screen, queryset_count, queryset_rows, read_cursor, screen
from tongke.web.kit.signed import sign_rows

NOTHING_YET = _("Nothing here yet")
SIZES = (25, 50, 100)
PAGING = ("after", "before", "at")


@dataclass(frozen=True, kw_only=True)
class Empty:
    """What an empty list says, and what to do next: a button to ``address`` if given (with ``permission``)."""

    says: Any = NOTHING_YET
    mend: Any = ""
    action: Any = ""
    address: str = ""
    permission: str = ""
    icon: str = "mood-empty"


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button in the page's head."""

    label: Any
    address: str
    icon: str = "plus"
    permission: str | tuple[str, ...] = ""
    primary: bool = True


class ListPage(Page):
    """A list of rows. Give ``rows`` (actor → QuerySet), or ``fetch`` and ``count`` (``Ask`` → rows, ``Ask`` → int).

    ``fetch`` returns up to ``ask.limit + 1`` frozen rows with an ``id`` beyond ``ask.cursor`` in reading order;
    ``count`` stops at ``COUNT_BOUND + 1``. ``sort`` names a column's key, with ``-`` in front for falling.
    """

    name: ClassVar[str] = ""
    template = "kit/list.html"
    rows: ClassVar[Callable[..., QuerySet[Any]] | None] = None
    fetch: ClassVar[Callable[..., Sequence[Any]] | None] = None
    count: ClassVar[Callable[[Ask], int] | None] = None
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    sort: ClassVar[str] = ""
    size: ClassVar[int] = 50
    bulk: ClassVar[Sequence[Bulk]] = ()
    export: ClassVar[Export | None] = None
    empty: ClassVar[Empty] = Empty()
    buttons: ClassVar[Sequence[Button]] = ()
    subtitle: ClassVar[Any] = ""

    # -- what was asked -------------------------------------------------------------------------

    @cached_property
    def query(self) -> QueryDict:
        """The address's query."""
        return self.request.GET

    @cached_property
    def allowed_columns(self) -> list[Column]:
        """The columns that the actor may see at all."""
        return [c for c in type(self).columns if may_any(self.actor, c.permission)]

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns chosen (a cookie of the column chooser), else those not hidden."""
        chosen = self.request.COOKIES.get(f"tongke_columns_{self.name}", "").split(".")
        shown = [c for c in self.allowed_columns if c.key in chosen]
        return shown or [c for c in self.allowed_columns if not c.hidden]

    @cached_property
    def values(self) -> dict[str, Any]:
        """The typed value of every filter that was asked for."""
        parsed = {f.key: f.parse(self.query, self.actor) for f in type(self).filters}
        return {key: value for key, value in parsed.items() if value is not None}

    @cached_property
    def sorted_by(self) -> tuple[Column | None, bool]:
        """The column sorted by and whether falling."""
        for asked in (self.query.get("sort", ""), type(self).sort):
            for column in self.allowed_columns:
                if column.sort and column.key == asked.removeprefix("-"):
                    return column, asked.startswith("-")
        return None, type(self).sort.startswith("-")

    @cached_property
    def ask(self) -> Ask:
        """What the data source is asked."""
        column, falling = self.sorted_by
        asked = self.query.get("size", "")
        size = int(asked) if asked.isdecimal() and int(asked) in SIZES else type(self).size
        before = read_cursor(self.query.get("before", ""))
        return Ask(
            actor=self.actor, filters=self.values, sort=column.sort if column else "", descending=falling, limit=size,
            cursor=before or read_cursor(self.query.get("after", "")), backwards=before is not None,
        )

    # -- where the rows come from ---------------------------------------------------------------

    def narrowed(self, ask: Ask) -> QuerySet[Any]:
        """Return the QuerySet within the filters."""
        source = type(self).rows
        if source is None:
            raise TypeError(f"{type(self).__name__} gives neither rows nor fetch")
        rows = source(ask.actor)
        for one in type(self).filters:
            if one.key in ask.filters:
                rows = rows.filter(one.narrow(ask.filters[one.key]))
        return rows

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read up to ``ask.limit + 1`` rows from the declared source, with the names for the signatures that they hold."""
        source = type(self).fetch
        return sign_rows(queryset_rows(self.narrowed(ask), ask) if source is None else source(ask), self.columns)

    def read_count(self, ask: Ask) -> int:
        """Count the rows within the filters, at most one above the bound."""
        source = type(self).count
        if source is not None:
            return source(ask)
        return queryset_count(self.narrowed(ask)) if type(self).rows is not None else -1

    # -- answers --------------------------------------------------------------------------------

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the list, only its body to htmx, or the file."""
        del kwargs
        offered = type(self).export
        if "export" in self.query and offered is not None:
            return export_answer(self, offered, self.query.get("export", ""))
        found = screen(self.read_rows, self.ask)
        context = self.context_of(found)
        part = is_part(request, "list")
        return render(request, "kit/list_body.html" if part else self.template, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Run a bulk verb over the marked rows, or keep or forget a saved filter."""
        del kwargs
        if "save_filter" in request.POST or "forget_filter" in request.POST:
            saved.change(request, self.name)
            return go(request, request.get_full_path())
        chosen = next((b for b in type(self).bulk if b.key == request.POST.get("bulk") and may_any(self.actor, b.permission)), None)
        if chosen is None:
            return go(request, request.get_full_path())
        outcome = run_bulk(chosen, request, by=self.actor, at=clock.now())
        return self.after_bulk(request, chosen, outcome)

    def after_bulk(self, request: HttpRequest, chosen: Bulk, outcome: Outcome) -> HttpResponse:
        """Show what a bulk verb did and the list as it is now."""
        found = screen(self.read_rows, self.ask)
        context = {**self.context_of(found), "outcome": outcome, "chosen_bulk": chosen}
        return render(request, "kit/list_body.html" if is_part(request) else self.template, context)

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Return what the templates show."""
        column, falling = self.sorted_by
        count = self.read_count(self.ask)
        at = self.query.get("at", "")
        first = int(at) if at.isdecimal() and (self.ask.cursor is not None) and len(at) < 10 else 1
        actor, offered = self.actor, type(self).export
        return {
            "page": self, "title": self.title, "subtitle": type(self).subtitle, "rows": found.rows, "found": found, "count": count,
            "count_bound": COUNT_BOUND, "first": first, "last": first + len(found.rows) - 1, "columns": self.shown_columns,
            "sort_key": column.key if column else "", "sort_falling": falling, "sizes": SIZES, "filter_values": self.values,
            "bulk": [b for b in type(self).bulk if may_any(actor, b.permission)],
            "buttons": [b for b in type(self).buttons if may_any(actor, b.permission)],
            "may_export": offered is not None and actor.may(offered.permission),
            "saved_filters": saved.of_page(self.request, self.name) if self.name else [],
            "outcome": None, "chosen_bulk": None,
        }

    # -- addresses and cells, for the templates -------------------------------------------------

    def address(self, **changes: Any) -> str:
        """Return this list's address with ``changes``; ``None`` or empty takes a word away, a new order or filter starts anew."""
        query = self.query.copy()
        for word in (*PAGING, "export"):
            query.pop(word, None)
        for word, value in changes.items():
            query.pop(word, None)
            if value not in (None, ""):
                query[word] = str(value)
        for word in [w for w, values in query.lists() if not any(values)]:
            query.pop(word)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def paged(self, **place: Any) -> str:
        """Return the address of a neighbouring screen: ``after`` or ``before`` with ``at``, the number of its first row."""
        query = QueryDict(self.address().partition("?")[2], mutable=True)
        query.update({word: str(value) for word, value in place.items()})
        return f"{self.request.path}?{query.urlencode()}"

    def without(self, one: Filter) -> str:
        """Return the address without the filter ``one``."""
        return self.address(**dict.fromkeys(one.names(), ""))

    def sort_address(self, column: Column) -> str:
        """Return the address sorted by ``column``: rising first, then falling."""
        current, falling = self.sorted_by
        rising_now = current is not None and current.key == column.key and not falling
        return self.address(sort=f"-{column.key}" if rising_now else column.key)

    @cached_property
    def openings(self) -> list[tuple[Column, Markup, Markup]]:
        """The opening tag of each shown column's cells, with the label that stands before the value on a phone, where empty ones are left out."""
        tag = Markup('<td class="%s%s tk-phone-%s%s" data-label="%s">')

        def opening(c: Column, more: str) -> Markup:
            return tag % ("tk-right tk-num " if c.numeric else "", c.css, c.phone, more, str(c.label))

        return [(c, opening(c, ""), opening(c, " tk-phone-none")) for c in self.shown_columns]

    def cells(self, row: Any) -> Markup:
        """Return the cells of one row: made here, for a template is several times slower at a thousand cells."""
        made = ((column.cell(row), tag, bare) for column, tag, bare in self.openings)
        return Markup("</td>").join([(bare if cell == NOTHING else tag) + cell for cell, tag, bare in made] + [Markup("")])

    def row_key(self, row: Any) -> str:
        """Return the row's id, for marking it."""
        return str(row.pk if isinstance(row, Model) else read(row, "id"))

    def row_address(self, row: Any) -> str:
        """Return where Enter leads: the first link column's address."""
        link = next((c for c in self.shown_columns if isinstance(c, Link)), None)
        if link is None:
            return ""
        return str(link.to(row)) if callable(link.to) else str(link.to or "")

    def export_address(self, kind: str) -> str:
        """Return the address of the file of the same rows."""
        return self.address(export=kind)

    @property
    def reader(self) -> Callable[[Ask], Sequence[Any]]:
        """The function that reads rows, for the export."""
        return partial(self.read_rows)
