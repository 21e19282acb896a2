"""Files that the worker works through: how a job stands in words, how far it is for its bar, its rejected rows as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.http import JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

STATES: dict[str, Any] = {
    "waiting": _("waits for the worker"), "running": _("running"), "cancelling": _("is being stopped"), "cancelled": _("stopped"), "done": _("done"), "failed": _("broken off"),
}
TONES = {"waiting": "warn", "reading": "info", "running": "info", "cancelling": "warn", "cancelled": "off", "done": "good", "failed": "bad"}
UNDER_WAY = ("waiting", "reading", "running", "cancelling")
# What the bar is told of a job that is over; one that was stopped is not at its end either.
ENDS = {"done": "done", "failed": "failed", "cancelled": "failed"}
# Spreadsheets take a file of this beginning for UTF-8.
BYTE_ORDER_MARK = "\ufeff"
UNSTORED = {"Cache-Control": "no-store"}


def state_of(job: Any, labels: Mapping[str, Any] = STATES, tones: Mapping[str, str] = TONES) -> tuple[Any, str]:
    """Return how a job stands: the words and their tone."""
    return labels.get(job.state, job.state), tones.get(job.state, "neutral")


def progress_answer(job: Any, address: str, labels: Mapping[str, Any] = STATES) -> JsonResponse:
    """Tell the bar how far a job is; once it is over the page goes to ``address``."""
    return JsonResponse({
        "done": job.position, "total": job.total or 0, "state": ENDS.get(job.state, "running"), "text": str(labels.get(job.state, job.state)), "result": address,
    }, headers=UNSTORED)


def rejects_answer(lines: Iterable[str], filename: str) -> StreamingHttpResponse:
    """Return rejected rows, given as lines of CSV, as a file to be mended and given again."""
    marked = (line.encode() for line in (BYTE_ORDER_MARK, *lines))
    answer = StreamingHttpResponse(marked, content_type="text/csv; charset=utf-8", headers=UNSTORED)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return answer
