"""Language and appearance: kept in cookies at once, and on the profile of whoever is signed in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tongke.areas.staff import services
from tongke.kernel import clock
from tongke.web.kit.layout import THEME_COOKIE, THEMES, actor_of
from tongke.web.kit.page import Page

YEAR_SECONDS = 365 * 24 * 3600


class PersonMenu(Page):
    """What drops down under the person's name: posts, language, appearance, account; fetched when it is opened."""

    permission = "staff.own"
    template = "kit/person_menu.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the address to come back to."""
        del kwargs
        asked = urlsplit(request.headers.get("HX-Current-URL", "/"))
        return {"back": (asked.path or "/") + (f"?{asked.query}" if asked.query else "")}


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language or theme and go back to the page; unknown choices change nothing."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    answer = HttpResponseRedirect(back)
    chosen = {
        settings.LANGUAGE_COOKIE_NAME: request.POST.get("language", "") if request.POST.get("language") in dict(settings.LANGUAGES) else "",
        THEME_COOKIE: request.POST.get("theme", "") if request.POST.get("theme") in THEMES else "",
    }
    actor = actor_of(request)
    if actor.staff_id is not None:
        language, theme = chosen.values()
        services.set_preferences(locale=language, theme=theme, by=actor, at=clock.now())
    for name, value in chosen.items():
        if value:
            answer.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer


choose.public = True  # type: ignore[attr-defined]  # the sign-in page has the switch as well
