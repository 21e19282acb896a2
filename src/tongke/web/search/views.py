"""The search's pages: results, suggestions below the header's box, and the same as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.states import CustomerState, Level, PartyKind, Segment
from tongke.web.kit.page import Page, go, render
from tongke.web.search.find import FOUND_BY, PERMISSION, ROWS_MAX, SUGGESTED_MAX, Found, find

QUERY_CHARACTERS_MAX = 400


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:QUERY_CHARACTERS_MAX]


def _purpose(request: HttpRequest) -> str:
    said = getattr(request, "purpose", None)
    return str(said()) if callable(said) else ""


def _words() -> dict[str, Any]:
    return {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en", "found_by": FOUND_BY, "levels": dict(Level.choices), "segments": dict(Segment.choices),
        "states": dict(CustomerState.choices), "kinds": dict(PartyKind.choices),
    }


class Search(Page):
    """The result page. One certain hit for Enter in the box (``go=1``) opens the customer at once."""

    title = _("Search")
    permission = PERMISSION
    template = "search/results.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show what was found, or what can be done where nothing was."""
        del kwargs
        asked = _asked(request)
        found = find(asked, purpose=_purpose(request), by=self.actor)
        if len(found.rows) == 1 and request.GET.get("go") == "1":
            return go(request, f"/customers/{found.rows[0]['id']}")
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in found.rows:
            groups.setdefault(row["found_by"], []).append(row)
        context = {
            "title": self.title, "search_words": found.text, "found": found, "groups": groups, "rows_max": ROWS_MAX,
            "tried": ", ".join(str(FOUND_BY[kind]) for kind in found.kinds), "may_create": self.actor.may("party.create"), **_words(),
        }
        return render(request, self.template, context)


class Suggest(Page):
    """The lines below the header's box while one types."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the lines of the list box; nothing for less than two characters."""
        del kwargs
        asked = _asked(request)
        short = len(asked.strip()) < 2 and asked.isascii()
        found = Found(asked.strip(), (), [], more=False) if short else find(asked, limit=SUGGESTED_MAX, purpose=_purpose(request), by=self.actor)
        return render(request, "search/suggest.html", {"found": found, "asked": asked, **_words()})


class SearchJson(Page):
    """``GET /api/search?q=``: kinds tried, rows found, and whether there are more."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer with the finished rows."""
        del kwargs
        found = find(_asked(request), purpose=_purpose(request), by=self.actor)
        answer = JsonResponse({"kinds": found.kinds, "results": found.rows, "more": found.more}, json_dumps_params={"ensure_ascii": False})
        answer["Cache-Control"] = "no-store"
        return answer
