"""The statistics page, a figure as a table, and the metric dictionary."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.analytics import queries
from tongke.analytics.metrics import METRICS
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit.export import safe_cell
from tongke.web.kit.page import Page, render
from tongke.web.statistics.figures import behind, chart, table_address, title_of
from tongke.web.statistics.labels import rows_address, words

CARDS = (("CUS-01", "users"), ("LIN-01", "device-mobile"), ("ACC-01", "cash"), ("PTY-01", "checklist"), ("BLK-01", "ban"))
CHARTS = (
    ("CUS-01", ("org", "segment"), "stacked"), ("CUS-01", ("level",), "pie"), ("CUS-03", ("month",), "bar"), ("CUS-02", ("state",), "bar_lying"),
    ("LIN-01", ("kind", "state"), "stacked"), ("CUS-01", ("credit_class",), "bar"), ("BIL-01", ("month",), "line"),
    ("CON-01", ("month", "channel"), "stacked"),
)
DIMENSIONS_MAX = 3


def orgs_asked(request: HttpRequest, actor: Actor) -> list[int]:
    """The local networks asked for that the actor sees; a province or the group stands for all below it."""
    wanted: list[int] = []
    for word in request.GET.get("org", "").split(",")[:500]:
        if word.isdecimal() and len(word) < 10:
            wanted.extend(org for org in staff.branch(int(word)) if actor.sees(org))
    return sorted(set(wanted))


class Statistics(Page):
    """The operator in figures: cards and charts, each leading to the rows it counts (A5)."""

    title = _("Statistics")
    permission = "analytics.view"
    template = "statistics/overview.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Count everything shown, for the organisations asked for."""
        del kwargs
        orgs = orgs_asked(request, self.actor)
        where = {"org": orgs} if orgs else None
        cards = [
            {"metric": METRICS[code], "icon": icon, "value": queries.figure(code, where=where, actor=self.actor),
             "address": behind(METRICS[code], {}, orgs)} for code, icon in CARDS
        ]
        charts = [{"chart": chart(code, by=by, kind=kind, org_ids=orgs, actor=self.actor), "metric": METRICS[code],
                   "title": title_of(METRICS[code], by), "table": table_address(code, by, orgs)} for code, by, kind in CHARTS]
        return {"cards": cards, "charts": charts, "orgs": staff.orgs_offered(by=self.actor), "chosen": request.GET.get("org", "")}


class FigureTable(Page):
    """One figure broken down as a table; ``?by=org,segment`` chooses how, ``?file=csv`` gives it as a file."""

    permission = "analytics.view"
    template = "statistics/table.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the table or give the file."""
        metric = queries.metric(str(kwargs["code"]))
        asked = [code for code in request.GET.get("by", "").split(",") if code] or [next(iter(metric.dimensions))]
        by = list(dict.fromkeys(asked))[:DIMENSIONS_MAX]
        orgs = orgs_asked(request, self.actor)
        cells = queries.breakdown(metric.code, by=by, where={"org": orgs} if orgs else None, actor=self.actor)
        rows = [
            {"words": [words(metric, code, key) for code, key in zip(by, cell.keys, strict=True)], "value": cell.value,
             "address": rows_address(metric, dict(zip(by, cell.keys, strict=True)))} for cell in cells
        ]
        heads = [metric.dimensions[code].label for code in by]
        if request.GET.get("file") == "csv":
            return _file(metric.code, [*heads, metric.name], rows)
        return render(request, self.template, {
            "title": metric.name, "subtitle": metric.definition, "metric": metric, "by": by, "rows": rows, "heads": heads, "orgs": orgs,
            "file": table_address(metric.code, by, orgs) + "&file=csv",
            "choices": [(d.label, table_address(metric.code, [c for c in by if c != d.code] if d.code in by else [*by, d.code], orgs), d.code in by)
                        for d in metric.dimensions.values()],
        })


def _file(code: str, heads: list[Any], rows: list[dict[str, Any]]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(str(head)) for head in heads])
    for row in rows:
        writer.writerow([*(safe_cell(word) for word in row["words"]), row["value"]])
    answer = HttpResponse("\N{BYTE ORDER MARK}" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


class Dictionary(Page):
    """The metric dictionary (口径): every figure of every report with its definition (Z12)."""

    title = _("Metric dictionary")
    subtitle = _("Every figure of every report is declared once; this is what each one counts.")
    permission = "analytics.view"
    template = "statistics/dictionary.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """List the metrics."""
        del request, kwargs
        return {"metrics": list(METRICS.values()), "subtitle": self.subtitle}
