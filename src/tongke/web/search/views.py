"""The search's pages: results, suggestions below the header's box, and the same as JSON."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from tongke.areas.party.states import CustomerState, Level, PartyKind, Segment
from tongke.kernel import sealing
from tongke.web.kit import formatting
from tongke.web.kit.page import Page, go, render
from tongke.web.search.find import FOUND_BY, PERMISSION, ROWS_MAX, SUGGESTED_MAX, Found, find

QUERY_CHARACTERS_MAX = 400


SEALED = "search.words"
# Looking changes nothing that a foreign page could want changed, and the session's cookie does not travel with its forms.
looks_only = method_decorator(csrf_exempt, name="dispatch")


def sealed_words(words: str) -> str:
    """Return what somebody searches for as an address may carry it: numbers and names stand in no history, log or referrer."""
    return base64.urlsafe_b64encode(sealing.seal(words, field=SEALED)).decode().rstrip("=")


def _opened(token: str) -> str:
    """Return the words of a sealed address; nothing where it was cut or comes from another installation."""
    try:
        return sealing.unseal(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), field=SEALED)
    except (sealing.SealBroken, binascii.Error, ValueError):
        return ""


def _asked(request: HttpRequest) -> str:
    """Return the words searched for: of the body, of a sealed address, or (for programs) as ``q``."""
    source = request.POST if request.method == "POST" else request.GET
    sealed = request.GET.get("t", "")
    return (_opened(sealed) if sealed else source.get("q", ""))[:QUERY_CHARACTERS_MAX]


def _purpose(request: HttpRequest) -> str:
    said = getattr(request, "purpose", None)
    return str(said()) if callable(said) else ""


def _words() -> dict[str, Any]:
    return {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en", "found_by": FOUND_BY, "levels": dict(Level.choices), "segments": dict(Segment.choices),
        "states": dict(CustomerState.choices), "kinds": dict(PartyKind.choices),
    }


@looks_only
class Search(Page):
    """The result page. The box posts its words: the only hit opens at once, else the page has a sealed address."""

    title = _("Search")
    permission = PERMISSION
    template = "search/results.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show what was found, or what can be done where nothing was."""
        del kwargs
        asked = _asked(request)
        found = find(asked, purpose=_purpose(request), by=self.actor)
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in found.rows:
            groups.setdefault(row["found_by"], []).append(row)
        context = {
            "title": self.title, "search_words": found.text, "found": found, "groups": groups, "rows_max": ROWS_MAX,
            "tried": formatting.listed(str(FOUND_BY[kind]) for kind in found.kinds), "may_create": self.actor.may("party.create"), **_words(),
        }
        return render(request, self.template, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take the words of the box and lead to the one customer found, or to the results."""
        del kwargs
        asked = _asked(request)
        rows = find(asked, limit=2, purpose=_purpose(request), by=self.actor).rows
        return go(request, f"/customers/{rows[0]['id']}" if len(rows) == 1 else f"/search?t={sealed_words(asked)}")


@looks_only
class Suggest(Page):
    """The lines below the header's box while one types."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the lines of the list box; nothing for less than two characters."""
        del kwargs
        asked = _asked(request)
        short = len(asked.strip()) < 2 and asked.isascii()
        found = Found(asked.strip(), (), [], more=False) if short else find(asked, limit=SUGGESTED_MAX, purpose=_purpose(request), by=self.actor)
        return render(request, "search/suggest.html", {"found": found, "sealed": sealed_words(asked) if found.more else "", **_words()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as to GET, the words in the body."""
        return self.get(request, **kwargs)


@looks_only
class SearchJson(Page):
    """``POST /api/search`` with ``q`` (or ``GET ?q=`` for keys that are nobody's): kinds tried, rows found, and whether there are more."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer with the finished rows."""
        del kwargs
        found = find(_asked(request), purpose=_purpose(request), by=self.actor)
        answer = JsonResponse({"kinds": found.kinds, "results": found.rows, "more": found.more}, json_dumps_params={"ensure_ascii": False})
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer as to GET, the words in the body."""
        return self.get(request, **kwargs)
