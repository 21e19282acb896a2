"""The page every other page is built on: sign-in, permission, rendering, no caching of personal data."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.views import View

from tongke.kernel.actor import NOBODY, Actor, NotPermitted
from tongke.web.kit.layout import actor_of
from tongke.web.kit.navigation import may_any

SIGN_IN = "/sign-in"


def render(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render a page that no cache may keep; htmx and plain requests are told apart by caches."""
    answer = HttpResponse(render_to_string(template, context, request), status=status)
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Cookie, HX-Request"
    return answer


def is_part(request: HttpRequest, target: str = "") -> bool:
    """Tell whether htmx asks for a part of the page (for ``target``, if named), not for the whole of it."""
    if request.headers.get("HX-Request") != "true" or request.headers.get("HX-History-Restore-Request") == "true":
        return False
    return not target or request.headers.get("HX-Target") == target


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to ``address``, out of an htmx request as well."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


class Page(View):
    """A page for people who are signed in. Raises ``NotPermitted`` without ``permission`` (one, or any of several)."""

    title: ClassVar[Any] = ""
    permission: ClassVar[str | tuple[str, ...]] = ""
    template: ClassVar[str] = ""

    @property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return actor_of(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send strangers to the sign-in page and refuse whose post lacks the permission."""
        actor = actor_of(request)
        if actor is NOBODY or actor.kind == "nobody":
            return go(request, f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}")
        if not may_any(actor, self.permission):
            raise NotPermitted(permission=self.permission)
        return super().dispatch(request, *args, **kwargs)

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return what the template shows; pages override this."""
        del request, kwargs
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the page; what is only done by a button has none."""
        if not self.template:
            return HttpResponseNotAllowed([m.upper() for m in self.http_method_names if m != "get" and hasattr(self, m)])
        return render(request, self.template, {"title": self.title, **self.context(request, **kwargs)})
