"""The look of every printed paper: font, styles, head and foot with page numbers and who printed it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONT = "NotoSansSC"
FONT_FILE = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
INK, FAINT, LINE, ACCENT = (colors.HexColor(c) for c in ("#1d2733", "#667382", "#d9dfe6", "#0b5cad"))
MARGIN = 18 * mm


@lru_cache(maxsize=1)
def register_font() -> str:
    """Read the font once a process; raises ``FileNotFoundError`` before the first build."""
    pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    return FONT


def style(size: float, *, color: Any = INK, leading: float = 1.45, **more: Any) -> ParagraphStyle:
    """A paragraph style of the house; ``wordWrap`` CJK breaks Chinese lines between any two characters."""
    return ParagraphStyle(f"s{size}", fontName=register_font(), fontSize=size, leading=size * leading, textColor=color, wordWrap="CJK", **more)


def text(words: Any, size: float = 9, **more: Any) -> Paragraph:
    """A paragraph of plain text: whatever it holds is printed, never read as markup."""
    shown = "–" if words in (None, "") else str(words)
    return Paragraph(escape(shown), style(size, **more))


def heading(words: Any) -> list[Flowable]:
    """A section's head."""
    return [Spacer(1, 5 * mm), text(words, 11.5, color=ACCENT), Spacer(1, 1.5 * mm)]


def facts(pairs: Sequence[tuple[Any, Any]], *, width: float) -> Table:
    """Label and value in two columns of pairs."""
    cells = [[text(label, 8.5, color=FAINT), text(value)] for label, value in pairs]
    if len(cells) % 2:
        cells.append(["", ""])
    rows = [cells[i] + cells[i + 1] for i in range(0, len(cells), 2)]
    table = Table(rows, colWidths=[width * 0.19, width * 0.31] * 2)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE),
                               ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                               ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5)]))
    return table


def grid(head: Sequence[Any], rows: Sequence[Sequence[Any]], *, width: float, shares: Sequence[float]) -> Flowable:
    """A table with a head that repeats on every page; says so where there are no rows."""
    if not rows:
        return text(_("None"), 9, color=FAINT)
    cells = [[text(h, 8.5, color=FAINT) for h in head], *([text(c) for c in row] for row in rows)]
    table = Table(cells, colWidths=[width * s / sum(shares) for s in shares], repeatRows=1)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
                               ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                               ("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5)]))
    return table


def paper(title: str, subtitle: str, story: Sequence[Flowable], *, printed: str) -> bytes:
    """Set a paper on A4 and return the PDF. ``printed`` is the foot's line: who, when, what for."""
    register_font()
    out = io.BytesIO()

    def frame(canvas: Canvas, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 7.5)
        canvas.setFillColor(FAINT)
        canvas.drawString(MARGIN, 10 * mm, printed)
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, _("Page {number}").format(number=document.page))
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(2)
        canvas.line(MARGIN, A4[1] - 12 * mm, A4[0] - MARGIN, A4[1] - 12 * mm)
        canvas.restoreState()

    document = SimpleDocTemplate(out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=18 * mm, bottomMargin=18 * mm,
                                 title=title, author="Tongke", creator="Tongke")
    document.build([text(title, 18), text(subtitle, 9, color=FAINT), *story], onFirstPage=frame, onLaterPages=frame)
    return out.getvalue()


# The frame keeps six points clear on each side.
WIDTH = A4[0] - 2 * MARGIN - 12
