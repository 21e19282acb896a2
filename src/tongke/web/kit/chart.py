"""Charts: data for ECharts in the browser, the same as a table for screen readers and paper, each mark a way to its rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

KINDS = ("bar", "bar_lying", "stacked", "stacked_lying", "line", "area", "pie", "funnel")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, as many as there are categories."""

    name: Any
    values: Sequence[float | int | Decimal | None]

    def __getitem__(self, key: str) -> Any:
        """Let templates write ``series["values"]``."""
        return getattr(self, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart. ``links`` are addresses by category that a click (or the table's link) opens.

    ``kind`` is bar, bar_lying, stacked, stacked_lying, line, area, pie or funnel; ``unit`` stands behind figures; ``height`` is low,
    middle or high; ``label`` names the categories; ``mend`` says what fills an empty chart.
    """

    kind: str
    categories: Sequence[Any]
    series: Sequence[Series]
    title: Any = ""
    label: Any = ""
    links: Sequence[str] = ()
    unit: str = ""
    digits: int = 0
    height: str = "middle"
    mend: Any = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no chart {self.kind!r}: {', '.join(KINDS)}")
        if any(len(s.values) != len(self.categories) for s in self.series):
            raise ValueError("every series has one value for each category")

    @property
    def empty(self) -> bool:
        """Whether there is no figure at all."""
        return not self.categories or not any(v for s in self.series for v in s.values)

    @property
    def json(self) -> Markup:
        """The data for the browser, safe inside a script element."""
        data = {
            "kind": self.kind, "categories": [str(c) for c in self.categories], "links": list(self.links), "unit": self.unit, "digits": self.digits,
            "series": [{"name": str(s.name), "values": [None if v is None else float(v) for v in s.values]} for s in self.series],
        }
        text = json.dumps(data, ensure_ascii=False)
        return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 - escaped here
