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

from tongke.web.kit.environment import asset

LOST = "tongke.database_lost"
RETRY_AFTER_SECONDS = 3
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>{title}</title>{styles}</head><body class="tk-bare"><main class="tk-bare-main">
<div class="card tk-bare-card"><div class="card-body tk-refusal"><h1 class="tk-refusal-title">{title}</h1><p class="tk-refusal-says">{says}</p>
<p><span class="tk-code">{code}</span></p><p class="tk-refusal-ways"><a class="btn btn-primary" href="">{again}</a></p></div></div></main></body></html>"""


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


def _styles() -> str:
    """Return the link to the pages' look; nothing where it was never bundled, for this page must always come."""
    try:
        return f'<link rel="stylesheet" href="{escape(asset("main.css"))}">'
    except (OSError, KeyError, ValueError):
        return ""


def _answer(request: HttpRequest, *, status: int, code: str, title: str, says: str) -> HttpResponse:
    wants_json = request.path.startswith(("/tmf-api/", "/api/")) or "json" in request.META.get("HTTP_ACCEPT", "")
    if wants_json:
        body = json.dumps({"code": code, "reason": title, "message": says, "status": str(status), "@type": "Error"}, ensure_ascii=False)
        answer = HttpResponse(body, status=status, content_type="application/json")
    else:
        words = {"lang": get_language() or "en", "title": title, "says": says, "again": _("Try again"), "code": code}
        answer = HttpResponse(PAGE.format(styles=_styles(), **{name: escape(value) for name, value in words.items()}), status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
