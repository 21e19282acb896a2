"""How specifications are drawn: boxes in columns from the product to what delivers it, joined by lines.

The drawing is laid out here, not in the browser: it prints, it needs no script, and every box is a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BOX_WIDTH, BOX_HEIGHT = 168, 54
GAP_ACROSS, GAP_DOWN = 44, 18
MARGIN, HEAD = 2, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box: ``tone`` colours its edge (product, service, resource or unknown), ``sub`` is its second line."""

    code: str
    name: str
    sub: str = ""
    tone: str = "unknown"
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line between two boxes; ``label`` stands on it, ``kind`` draws it (decomposes, requires, excludes, depends_on)."""

    begin: str
    end: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box where it stands, in pixels."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line as an SVG path, with the place of its label."""

    edge: Edge
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole drawing; ``heads`` are (left edge, words) above the columns."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    heads: list[tuple[int, Any]]


def depths(roots: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return each box's column: one behind the furthest of those that consist of it. A ring ends where it closes."""
    below: dict[str, list[str]] = {}
    for edge in edges:
        if edge.kind == "decomposes":
            below.setdefault(edge.begin, []).append(edge.end)
    found: dict[str, int] = {}

    def visit(code: str, depth: int, path: tuple[str, ...]) -> None:
        if code in path or found.get(code, -1) >= depth:
            return
        found[code] = depth
        for other in below.get(code, ()):
            visit(other, depth + 1, (*path, code))

    for root in roots:
        visit(root, 0, ())
    return found


def _rows(columns: dict[int, list[str]], edges: Sequence[Edge]) -> dict[str, float]:
    """Return each box's place in its column: near the middle of those that consist of it."""
    place: dict[str, float] = {}
    for column in sorted(columns):
        above = {code: [place[e.begin] for e in edges if e.end == code and e.begin in place] for code in columns[column]}
        wish = {code: sum(found) / len(found) if found else float(index) for index, (code, found) in enumerate(above.items())}
        for row, code in enumerate(sorted(columns[column], key=lambda c: (wish[c], columns[column].index(c)))):
            place[code] = float(row)
    return place


def draw(nodes: Sequence[Node], edges: Sequence[Edge], *, roots: Sequence[str], heads: Mapping[int, Any] | None = None) -> Drawing:
    """Lay out ``nodes`` from ``roots`` on; what no root consists of stands in a last column of its own."""
    known = {node.code: node for node in nodes}
    column_of = {code: depth for code, depth in depths(roots, edges).items() if code in known}
    last = max(column_of.values(), default=-1) + 1
    column_of.update({code: last for code in known if code not in column_of})
    columns: dict[int, list[str]] = {}
    for node in nodes:
        columns.setdefault(column_of[node.code], []).append(node.code)
    rows = _rows(columns, edges)
    tallest = max((len(codes) for codes in columns.values()), default=0)
    top = HEAD if heads else MARGIN
    step_x, step_y = BOX_WIDTH + GAP_ACROSS, BOX_HEIGHT + GAP_DOWN
    boxes = {
        code: Box(node, MARGIN + column_of[code] * step_x, top + round((rows[code] + (tallest - len(columns[column_of[code]])) / 2) * step_y))
        for code, node in known.items()
    }
    return Drawing(
        width=2 * MARGIN + max(len(columns) * step_x - GAP_ACROSS, 1), height=top + MARGIN + max(tallest * step_y - GAP_DOWN, 1),
        boxes=list(boxes.values()), lines=[_line(edge, boxes) for edge in edges if edge.begin in boxes and edge.end in boxes],
        heads=[(MARGIN + column * step_x, words) for column, words in sorted((heads or {}).items()) if column in columns],
    )


def _line(edge: Edge, boxes: Mapping[str, Box]) -> Line:
    begin, end = boxes[edge.begin], boxes[edge.end]
    half = BOX_HEIGHT // 2
    if begin.x == end.x:  # within a column: a bow beside the boxes
        x = begin.x + BOX_WIDTH
        bow = x + GAP_ACROSS // 2
        return Line(edge, f"M{x},{begin.y + half} C{bow},{begin.y + half} {bow},{end.y + half} {x},{end.y + half}", bow - 4, (begin.y + end.y) // 2 + half)
    first, second = (begin, end) if begin.x < end.x else (end, begin)
    x1, y1, x2, y2 = first.x + BOX_WIDTH, first.y + half, second.x, second.y + half
    middle = (x1 + x2) // 2
    return Line(edge, f"M{x1},{y1} C{middle},{y1} {middle},{y2} {x2},{y2}", middle, (y1 + y2) // 2)
