"""Figures ready to be drawn: one or two dimensions turned into a chart whose marks lead to their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from tongke.analytics import queries
from tongke.analytics.metrics import Metric
from tongke.kernel.actor import Actor
from tongke.web.kit.chart import Chart, Series
from tongke.web.statistics.labels import rows_address, words

MONTHS_SHOWN = 12


def _keys(cells: Sequence[queries.Cell], position: int, dimension: str) -> list[Any]:
    found = sorted({cell.keys[position] for cell in cells if cell.keys[position] is not None}, key=str)
    # A line over all time is no answer to "how is it going": the newest twelve months are drawn.
    return found[-MONTHS_SHOWN:] if dimension == "month" else found


def table_address(code: str, by: Sequence[str], org_ids: Sequence[int] = ()) -> str:
    """The address of a figure as a table."""
    query = {"by": ",".join(by)} | ({"org": ",".join(map(str, org_ids))} if org_ids else {})
    return f"/statistics/{code}?{urlencode(query)}"


def behind(metric: Metric, values: dict[str, Any], org_ids: Sequence[int] = ()) -> str:
    """The rows behind a mark where a list can show exactly them, else the same figure as a table."""
    narrowed = {**values, "org": org_ids[0]} if len(org_ids) == 1 and "org" not in values else values
    exact = len(org_ids) <= 1 or "org" in values
    return (rows_address(metric, narrowed) if exact else "") or table_address(metric.code, tuple(values) or ("org",), org_ids)


def title_of(metric: Metric, by: Sequence[str]) -> str:
    """What a figure broken down is called: the metric and how it is broken down."""
    return _("{figure} by {breakdown}").format(figure=metric.name, breakdown=" × ".join(str(metric.dimensions[code].label) for code in by))


def chart(code: str, *, by: Sequence[str], kind: str, org_ids: Sequence[int] = (), actor: Actor, height: str = "middle") -> Chart:
    """Break a metric down by one or two dimensions and draw it; ``org_ids`` keeps only those local networks."""
    metric = queries.metric(code)
    cells = queries.breakdown(code, by=by, where={"org": list(org_ids)} if org_ids else None, actor=actor)
    found = {cell.keys: cell.value for cell in cells}
    firsts = _keys(cells, 0, by[0])
    seconds = [(second,) for second in _keys(cells, 1, by[1])] if len(by) > 1 else [()]
    return Chart(
        kind=kind, label=metric.dimensions[by[0]].label, unit=str(metric.unit), height=height,
        categories=[words(metric, by[0], first) for first in firsts],
        series=[Series(words(metric, by[1], second[0]) if second else metric.name, [found.get((first, *second), 0) for first in firsts])
                for second in seconds],
        links=[behind(metric, {by[0]: first}, org_ids) for first in firsts],
        mend=_("Customers appear here once they are created or imported"),
    )
