"""What the frame around every page shows; reaches the templates as ``layout``, each part made when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation
from markupsafe import Markup

from tongke.kernel.actor import NOBODY, Actor
from tongke.web.kit import navigation
from tongke.web.kit.environment import asset

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "tongke_theme"
SIDE_COOKIE = "tongke_side"
TOASTS = "toasts"
PIECES_MAX = 2000
_pieces: dict[tuple[Any, ...], Markup] = {}


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request; ``NOBODY`` before sign-in."""
    actor = getattr(request, "actor", NOBODY)
    return actor if isinstance(actor, Actor) else NOBODY


def toast(request: HttpRequest, text: Any, *, kind: str = "success") -> None:
    """Show ``text`` once on the next page: ``kind`` is success, info, warning or danger."""
    session = getattr(request, "session", None)
    if session is not None:
        session[TOASTS] = [*session.get(TOASTS, []), {"text": str(text), "kind": kind}]


class Layout:
    """The frame of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return actor_of(self.request)

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.actor is not NOBODY and self.actor.kind != "nobody"

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """The menu's groups and entries that the actor may open."""
        return navigation.menu(self.actor, self.request.path) if self.signed_in else []

    @property
    def side(self) -> Markup:
        """The menu at the side, made once for all who may open the same and stand at the same entry."""
        active = navigation.active_address(self.actor, self.request.path) if self.signed_in else ""
        key = (self.actor.permissions if self.signed_in else frozenset(), active, self.side_narrow)
        return self._piece("kit/side.html", key)

    @property
    def dialogs(self) -> Markup:
        """Palette, help and question: the same for everybody."""
        return self._piece("kit/dialogs.html", ())

    @property
    def tray(self) -> Markup:
        """The bell: the same for everybody until it is opened."""
        return self._piece("kit/tray.html", ())

    def _piece(self, template: str, key: tuple[Any, ...]) -> Markup:
        whole = (template, self.language, asset("icons.svg"), *key)
        found = _pieces.get(whole)
        if found is None:
            if len(_pieces) >= PIECES_MAX:
                _pieces.clear()
            found = _pieces[whole] = Markup(render_to_string(template, {"layout": self}))  # noqa: S704 - our own template, escaped there
        return found

    @cached_property
    def csrf(self) -> str:
        """A form token for a browser that has none yet; scripts read the cookie that comes with it."""
        return "" if settings.CSRF_COOKIE_NAME in self.request.COOKIES else get_token(self.request)

    @cached_property
    def language(self) -> str:
        """The page's language: zh-hans or en."""
        return "zh-hans" if (translation.get_language() or "zh").startswith("zh") else "en"

    @cached_property
    def html_language(self) -> str:
        """The language as HTML writes it."""
        return "zh-Hans" if self.language == "zh-hans" else "en"

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and own names of the languages."""
        return list(settings.LANGUAGES)

    @cached_property
    def theme(self) -> str:
        """auto, light or dark: the cookie's, else the profile's."""
        chosen = self.request.COOKIES.get(THEME_COOKIE) or self.actor.extra.get("theme", "auto")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def side_narrow(self) -> bool:
        """Whether the menu is folded to its icons."""
        return self.request.COOKIES.get(SIDE_COOKIE) == "narrow"

    @cached_property
    def posts(self) -> list[dict[str, Any]]:
        """The posts the person may switch to: id, label, current."""
        found = getattr(self.request, "posts", None)
        return list(found() if callable(found) else found or [])

    @cached_property
    def post_label(self) -> str:
        """The post signed in at, e.g. 武林营业厅 · 营业员."""
        return self.actor.extra.get("post", "")

    @cached_property
    def may_search(self) -> bool:
        """Whether the search box is of use to the actor."""
        return self.signed_in and self.actor.may("party.view")

    @cached_property
    def toasts(self) -> list[dict[str, str]]:
        """The messages left for this page, taken away by reading."""
        session = getattr(self.request, "session", None)
        if session is None or TOASTS not in session:
            return []
        return list(session.pop(TOASTS))


def layout(request: HttpRequest) -> dict[str, Any]:
    """Give every template its ``layout`` (a context processor)."""
    return {"layout": Layout(request), "request": request, "actor": actor_of(request)}
