"""The Jinja2 environment of every page: escaping on, Django's translations, the kit's filters and globals."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from tongke.web.kit import formatting

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    found: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str:
    """Return the address of a bundled file, e.g. ``asset("main.css")``; raises ``FileNotFoundError`` before the first build.

    A process keeps to the bundle that it began with, as its static files do: a new one takes a restart.
    """
    return f"{settings.STATIC_URL}dist/{_manifest()[name]}"


def icon(name: str, *, label: str = "", css: str = "") -> Markup:
    """Return one icon of the sprite (names as in assets/icons.txt). Without ``label`` it is decoration only."""
    return _icon(asset("icons.svg"), name, label, css)


@lru_cache(maxsize=2000)
def _icon(sprite: str, name: str, label: str, css: str) -> Markup:
    spoken = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="tk-icon %s" %s><use href="%s#%s"></use></svg>') % (css, spoken, sprite, name)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page; ``query`` (a mapping) becomes the query string."""
    query = kwargs.pop("query", None)
    return reverse(name, args=args, kwargs=kwargs, query=query)


def attributes(values: dict[str, Any]) -> Markup:
    """Write a mapping as HTML attributes; false and ``None`` leave one out, true writes its bare name."""
    parts = [escape(k) if v is True else Markup('{}="{}"').format(k, v) for k, v in values.items() if v is not None and v is not False]
    return Markup(" ").join(parts)


def environment(**options: Any) -> Environment:
    """Build the environment; Django calls this once, with its own options."""
    options.setdefault("undefined", StrictUndefined)
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = Environment(**options)  # noqa: S701 - Django's engine passes autoescape=True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # brought by the extension
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext, npgettext=translation.npgettext,
    )
    made.globals.update(asset=asset, icon=icon, url=url, attributes=attributes, get_language=translation.get_language)
    made.filters.update(formatting.FILTERS)
    return made
