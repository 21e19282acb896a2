"""Who acts in a request: from the session cookie (or an interface's bearer token) to the actor, the language, the time zone and the posts.

Every address needs a signed-in person unless its view says ``public = True``; a view's ``permission`` is
asked for before the view runs, so that one forgotten check opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation

from tongke.areas.staff import queries
from tongke.areas.staff.errors import PasswordOwed, SignInNeeded
from tongke.kernel import clock
from tongke.kernel.actor import NOBODY, Actor, NotPermitted, acting
from tongke.kernel.errors import Refused
from tongke.web import bearer
from tongke.web.kit.navigation import may_any
from tongke.web.kit.page import SIGN_IN, go
from tongke.web.kit.refusals import is_interface, refusal_page, wants_json
from tongke.web.staff.doors import address_of

PURPOSE_HEADER = "X-Purpose"
PURPOSE_FIELD = "purpose"
PURPOSE_LENGTH_MAX = 60
SECOND_FACTOR_PAGES = ("account", "sign-out", "preferences", "posts")
SECOND_FACTOR_PAGE = "/account/second-factor"
PASSWORD_PAGE = "/account/password"  # noqa: S105 - an address, no password


def session_key(request: HttpRequest) -> str:
    """Return the session key of the browser, or nothing."""
    return request.COOKIES.get(settings.STAFF_COOKIE, "")


def is_program(request: HttpRequest) -> bool:
    """Tell whether a program asks, which wants 401 and JSON where a person is sent to the sign-in page."""
    return is_interface(request.path) or wants_json(request)


def view_facts(view: Any) -> tuple[bool, str | tuple[str, ...] | None]:
    """Return whether a view is public, and the permission it declares: ``None`` where it declares nothing."""
    shown, given = getattr(view, "view_class", view), getattr(view, "view_initkwargs", {})
    return bool(getattr(shown, "public", False)), given.get("permission", getattr(shown, "permission", None))


def purpose_of(request: HttpRequest) -> str:
    """Return what the person says the data is needed for: the header's word, else the form's or the address's."""
    said = request.headers.get(PURPOSE_HEADER) or request.GET.get(PURPOSE_FIELD, "")
    if not said and request.method == "POST" and request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        said = request.POST.get(PURPOSE_FIELD, "")
    return said[:PURPOSE_LENGTH_MAX]


class ActorMiddleware:
    """Puts the actor on the request and lets the database enforce the actor's scope while it is answered.

    Sets ``request.actor``, ``request.at`` (the instant of the request), ``request.address`` (whence it comes), ``request.posts`` (what the person may
    switch to, read when asked for) and ``request.purpose`` (a function, because a form's body is read late).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request as whoever its session names, or its token where an interface is called with one."""
        at = clock.now()
        token = bearer.bearer_of(request)
        key = session_key(request) if token is None else ""
        try:
            actor = bearer.client_of(request, token, at=at) if token is not None else queries.actor_of_session(key, at=at) if key else NOBODY
        except Refused as fault:
            return bearer.refusal(fault)
        self._furnish(request, actor, at)
        with acting(actor):
            try:
                answer = self.get_response(request)
            finally:
                timezone.deactivate()
        if isinstance(answer, StreamingHttpResponse) and not answer.is_async:
            answer.streaming_content = _streamed_as(actor, answer.streaming_content)  # type: ignore[arg-type]  # a synchronous answer streams synchronously
        if key and actor is NOBODY and settings.STAFF_COOKIE not in answer.cookies:
            answer.delete_cookie(settings.STAFF_COOKIE, samesite="Lax")
        return answer

    @staticmethod
    def _furnish(request: HttpRequest, actor: Actor, at: datetime) -> None:
        request.actor = actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        request.at = at  # type: ignore[attr-defined]  # set by ActorMiddleware
        request.address = address_of(request)  # type: ignore[attr-defined]  # set by ActorMiddleware
        request.posts = lambda: queries.own_posts(by=actor, at=at)  # type: ignore[attr-defined]  # set by ActorMiddleware
        request.purpose = lambda: purpose_of(request)  # type: ignore[attr-defined]  # set by ActorMiddleware
        if actor is NOBODY:
            return
        timezone.activate(actor.zone)
        # A machine is answered in the language that its request asks for.
        language = actor.extra.get("locale")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuse strangers, sessions that still owe a password or a second factor, and posts without the permission."""
        del args, kwargs
        public, permission = view_facts(view)
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if public:
            return None
        if actor is NOBODY:
            if is_program(request):
                return refusal_page(request, SignInNeeded())
            return go(request, f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else SIGN_IN)
        owed = _still_owed(actor, request.path)
        if owed is not None:
            fault, page = owed
            return refusal_page(request, fault) if is_program(request) else go(request, page)
        if permission and not may_any(actor, permission):
            return refusal_page(request, NotPermitted(permission=permission))
        return None


def _still_owed(actor: Actor, path: str) -> tuple[Refused, str] | None:
    """Return what a session owes before it may open ``path``, and the page where it is settled; ``None`` for nothing."""
    if not actor.extra["restricted"]:
        return None
    if actor.extra["password_owed"]:
        return None if path.rstrip("/") == PASSWORD_PAGE else (PasswordOwed(), PASSWORD_PAGE)
    return None if path.split("/")[1] in SECOND_FACTOR_PAGES else (SignInNeeded(), SECOND_FACTOR_PAGE)


def _streamed_as(actor: Actor, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Make each chunk as the actor: a stream is written after the middlewares have ended."""
    source = iter(chunks)
    while True:
        with acting(actor):
            chunk = next(source, None)
        if chunk is None:
            return
        yield chunk
