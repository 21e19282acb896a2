"""Figures by metric code, counted over the published views within the actor's scope.

Scope holds twice: as a condition of the statement and by row-level security below the views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.analytics.metrics import METRICS, Dimension, Metric
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused

ROWS_MAX = 2_000


class UnknownFigure(Refused):
    """No metric of this code, or the metric cannot be broken down that way."""

    code = "ANA-01"
    says = _("There is no figure {figure} broken down by {by}")
    mend = _("Choose a figure and a breakdown from the metric dictionary")
    status = 404


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: the values of its dimensions, in the order asked for, and the figure itself."""

    keys: tuple[Any, ...]
    value: Decimal | int


def metric(code: str) -> Metric:
    """Return the metric; raises ``UnknownFigure``."""
    found = METRICS.get(code)
    if found is None:
        raise UnknownFigure(figure=code, by="-")
    return found


def _dimensions(of: Metric, by: Sequence[str]) -> list[Dimension]:
    unknown = [code for code in by if code not in of.dimensions]
    if unknown:
        raise UnknownFigure(figure=of.code, by=", ".join(unknown))
    return [of.dimensions[code] for code in by]


def breakdown(code: str, *, by: Sequence[str], where: Mapping[str, Sequence[Any]] | None = None, actor: Actor) -> list[Cell]:
    """Break a metric down; ``where`` keeps only rows whose dimension has one of the values.

    Raises ``UnknownFigure``. At most ``ROWS_MAX`` cells come back, in the order of their keys.
    """
    of = metric(code)
    dimensions = _dimensions(of, by)
    conditions: list[str] = [f"({of.where})"]
    values: list[Any] = []
    for dimension, (_code, wanted) in zip(_dimensions(of, list(where or {})), (where or {}).items(), strict=True):
        conditions.append(f"({dimension.sql})::text = ANY (%s)")
        values.append([str(v) for v in wanted])
    if actor.scope is not None:
        conditions.append("v.org_id = ANY (%s)")
        values.append(list(actor.scope))
    keys = ", ".join(d.sql for d in dimensions)
    group = f" GROUP BY {', '.join(str(n + 1) for n in range(len(dimensions)))} ORDER BY {', '.join(str(n + 1) for n in range(len(dimensions)))}"
    # Every piece of the statement comes from the dictionary above; values travel as parameters.
    statement = (
        f"SELECT {keys + ', ' if keys else ''}{of.sql} FROM {of.view} v WHERE {' AND '.join(conditions)}"
        f"{group if dimensions else ''} LIMIT {ROWS_MAX}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Cell(tuple(row[:-1]), row[-1] if row[-1] is not None else 0) for row in cursor.fetchall()]


def figure(code: str, *, where: Mapping[str, Sequence[Any]] | None = None, actor: Actor) -> Decimal | int:
    """The metric as one number."""
    return breakdown(code, by=(), where=where, actor=actor)[0].value
