"""Stocktakes: opened, scanned one serial after another, finished, and closed by a second person where something is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import COUNT as LIFE
from tongke.areas.resource.states import CountFinding, CountState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import (
    Ago,
    AnyOfFilter,
    Button,
    ChoiceFilter,
    Empty,
    FormPage,
    KitForm,
    Link,
    Number,
    Signed,
    State,
    Text,
    formatting,
    go,
    is_part,
    render,
    toast,
)
from tongke.web.kit.refusals import lines_of
from tongke.web.stock.frame import COUNT, StockList, StockPage, place_choices
from tongke.web.stock.transfers import serials_in
from tongke.web.stock.words import COUNT_TONES, COUNTED_TONES

LINES_MAX = 20_000
SHOWN_MAX = 300
DIFFERENCES = (CountFinding.MISSING, CountFinding.SURPLUS, CountFinding.UNKNOWN)


class Counts(StockList):
    """The stocktakes."""

    name, title = "stock-counts", _("Stocktakes")
    rows = queries.counts_visible_to
    columns = (
        Link(key="number", label=_("Stocktake"), to=lambda c: reverse("stock-count", args=[c.id]), css="tk-num", sort="number"),
        Text(key="place", label=_("Stock place"), value=lambda c: c.stock_place.name), State(key="state", label=_("State"), labels=CountState, tones=COUNT_TONES, sort="state"),
        Number(key="expected", label=_("Expected")), Signed(key="opened_by", label=_("Opened by")), Signed(key="decided_by", label=_("Closed by")),
        Ago(key="opened_at", label=_("Opened"), sort="opened_at"),
    )
    filters = (AnyOfFilter(key="state", label=_("State"), choices=CountState.choices),
               ChoiceFilter(key="place", label=_("Stock place"), choices=place_choices, lookup="stock_place_id", primary=True))
    sort = "-opened_at"
    empty = Empty(says=_("No stocktake yet"), mend=_("Count a place: scan what lies there and see what is missing"), action=_("Count a place"), address="/stock/counts/new", permission=COUNT, icon="clipboard-check")
    buttons = (Button(label=_("Count a place"), address="/stock/counts/new", icon="clipboard-check", permission=COUNT),)


class OpenForm(KitForm):
    """Which place."""

    stock_place_id = forms.TypedChoiceField(coerce=UUID, label=_("Stock place"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, places: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stock_place_id"].choices = places  # type: ignore[attr-defined]  # a ChoiceField


class Open(FormPage):
    """Begins to count a place."""

    title, permission, form, template = _("Count a place"), COUNT, OpenForm, "stock/form.html"
    submit, done = _("Begin"), _("What should lie there is written down: scan what you see")

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the own places."""
        del kwargs
        return {"places": place_choices(self.actor)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-counts")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Open it."""
        del kwargs
        return reverse("stock-count", args=[services.open_count(**data, by=by, at=at)])


class CountPage(StockPage):
    """One stocktake: how far it is, the field to scan into, and the differences."""

    template = "stock/count.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the paper and its lines."""
        del request
        return self.shown(kwargs["count_id"])

    def shown(self, count_id: UUID, **more: Any) -> dict[str, Any]:
        """Return what the page shows; raises ``NotFound``."""
        found = queries.counts_visible_to(self.actor).filter(id=count_id).first()
        if found is None:
            raise NotFound
        lines = queries.count_lines(found.id, limit=LINES_MAX, by=self.actor)
        state = CountState(found.state)
        sums = {key: sum(line.finding == key for line in lines) for key in CountFinding.values}
        seen = sums[CountFinding.FOUND] + sums[CountFinding.SURPLUS] + sums[CountFinding.UNKNOWN]
        moves = set(LIFE.possible(found.state)) if self.actor.may(COUNT) else set()
        differences = [line for line in lines if line.finding in DIFFERENCES] if state != CountState.OPEN else [line for line in lines if line.scanned_at]
        differences.sort(key=lambda line: (line.scanned_at is None, line.scanned_at), reverse=state == CountState.OPEN) if state == CountState.OPEN else None
        shown = differences[:SHOWN_MAX]
        people = staff.names_signed([found.opened_by, found.finished_by, found.decided_by, *(line.scanned_by for line in shown)])
        return self.get_context(**{
            "title": found.stock_place.name, "paper": found, "state": (state.label, COUNT_TONES[state]), "sums": sums, "seen": seen,
            "counted": sums[CountFinding.FOUND], "open": state == CountState.OPEN and self.actor.may(COUNT), "moves": moves, "lines": [], "last": "",
            "rows": [self.line(line, people[line.scanned_by]) for line in shown], "row_count": len(differences),
            "facts": [(label, value) for label, value in [
                (_("Opened"), f"{formatting.moment(found.opened_at)} · {people[found.opened_by]}"), (_("Expected"), found.expected),
                (_("Finished"), f"{formatting.moment(found.finished_at)} · {people[found.finished_by]}" if found.finished_at else ""),
                (_("Closed"), f"{formatting.moment(found.decided_at)} · {people[found.decided_by]}" if found.decided_at else ""), (_("Note"), found.note)] if value != ""], **more,
        })

    def line(self, line: Any, who: str) -> dict[str, Any]:
        """Return one serial with what was found, and by whom."""
        finding = CountFinding(line.finding)
        return {"serial": line.serial, "item_id": line.item_id, "finding": finding.label, "tone": COUNTED_TONES[finding], "who": who, "at": line.scanned_at}


class Scan(CountPage):
    """Writes down what was scanned; answers only the part of the page that changes."""

    permission = COUNT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Scan one serial, or several at once."""
        count_id, serials = kwargs["count_id"], serials_in(request.POST.get("serials", "")[:40_000])
        lines: list[dict[str, str]] = []
        try:
            services.scan_count(count_id=count_id, serials=serials, by=self.actor, at=clock.now())
        except Refused as fault:
            lines = lines_of(fault)
        if not is_part(request):
            return go(request, reverse("stock-count", args=[count_id])) if not lines else self._page(request, count_id, lines)
        context = self.shown(count_id, lines=lines, last=serials[-1] if serials and not lines else "")
        return render(request, "stock/count_body.html", context)

    def _page(self, request: HttpRequest, count_id: UUID, lines: list[dict[str, str]]) -> HttpResponse:
        return render(request, self.template, self.shown(count_id, lines=lines), status=422)


class MoveCount(CountPage):
    """Finishes, reopens, cancels or closes a stocktake."""

    permission = COUNT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it; say why not."""
        count_id, move = kwargs["count_id"], kwargs["move"]
        reason, at = request.POST.get("reason", "").strip()[:200], clock.now()
        try:
            if move == "finish":
                services.finish_count(count_id=count_id, by=self.actor, at=at)
            elif move == "reopen":
                services.reopen_count(count_id=count_id, reason=reason, by=self.actor, at=at)
            elif move == "cancel":
                services.cancel_count(count_id=count_id, reason=reason, by=self.actor, at=at)
            elif move == "close":
                lost = services.close_count(count_id=count_id, reason=reason, by=self.actor, at=at)
                toast(request, _now("Closed; %(n)s written off") % {"n": lost} if lost else _now("Closed; nothing is lost"))
            else:
                raise NotFound
        except Refused as fault:
            if isinstance(fault, NotFound):
                raise
            return render(request, self.template, self.shown(count_id, lines=lines_of(fault)), status=fault.status)
        return go(request, reverse("stock-count", args=[count_id]))
