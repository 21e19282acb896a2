"""Answers where nothing else can answer: the database is away, or the program itself is at fault.

They need neither template nor database, say nothing of the data, and mark a lost connection so that
the next request (or, for a read, this one) gets a new one.
"""

from __future__ import annotations

import json
import sys
from html import escape

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LOST = "tongke.database_lost"
RETRY_AFTER_SECONDS = 3
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head><body><main><h1>{title}</h1><p>{says}</p><p><a href="">{again}</a></p></main></body></html>"""


def is_lost_connection(fault: BaseException | None) -> bool:
    """Tell whether ``fault`` means that the database went away or cannot be reached."""
    return isinstance(fault, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError)


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, else 500; Django calls this with the fault still in hand."""
    fault = sys.exc_info()[1]
    if is_lost_connection(fault):
        request.META[LOST] = True
        for connection in connections.all(initialized_only=True):
            connection.close()
        return _answer(
            request, status=503, code="GEN-503", title=_("Tongke is back in a moment"),
            says=_("The database is being restarted. Nothing that was confirmed to you is lost."),
        )
    return _answer(
        request, status=500, code="GEN-500", title=_("This did not work"),
        says=_("The fault is ours and is recorded. Nothing was changed by this step."),
    )


def _answer(request: HttpRequest, *, status: int, code: str, title: str, says: str) -> HttpResponse:
    wants_json = request.path.startswith(("/tmf-api/", "/api/")) or "json" in request.META.get("HTTP_ACCEPT", "")
    if wants_json:
        body = json.dumps({"code": code, "reason": title, "message": says, "status": str(status), "@type": "Error"}, ensure_ascii=False)
        answer = HttpResponse(body, status=status, content_type="application/json")
    else:
        words = {"lang": get_language() or "en", "title": title, "says": says, "again": _("Try again")}
        answer = HttpResponse(PAGE.format(**{name: escape(value) for name, value in words.items()}), status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
