"""Pages for those who connect other systems: the Open APIs to browse and try, and every refusal with what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View

from tongke.kernel.errors import Refused
from tongke.kernel.rules import all_rules
from tongke.web.kit.layout import layout
from tongke.web.kit.page import Page, render

SLUG = re.compile(r"[A-Za-z0-9]{1,60}")
LANGUAGES = ("en", "zh-hans")
# What the viewer says in English only; its words are exchanged for ours on the page.
WORDS = (
    _("Authorize"), _("Available authorizations"), _("Cancel"), _("Clear"), _("Close"), pgettext_lazy("interface", "Code"), _("Description"), pgettext_lazy("interface", "Details"), _("Download"),
    _("Edit Value"), _("Example Value"), _("Execute"), _("Filter by tag"), _("Headers"), _("Links"), pgettext_lazy("interface", "Loading"), _("Logout"), _("Media type"),
    _("Name"), _("No links"), _("No parameters"), _("No response headers"), _("Parameter content type"), _("Parameters"), _("Request URL"),
    _("Request body"), _("Request duration"), _("Reset"), _("Response body"), _("Response content type"), _("Response headers"), _("Responses"),
    _("Schema"), _("Schemas"), _("Scopes"), _("Send empty value"), _("Server response"), _("Servers"), _("Try it out"), _("Undocumented"),
    _("Controls Accept header."), _("Webhooks"), _("Expand all"), _("Collapse all"), _("Copy to clipboard"), _("required"), _("Token URL:"), _("Flow:"),
    _("client_id:"), _("client_secret:"), _("select all"), _("select none"), _("Value:"), _("Add string item"), _("Failed to load API definition."),
)


class Developers(Page):
    """Every Open API with its resources and operations."""

    title = _("Open APIs")
    permission: ClassVar[str | tuple[str, ...]] = "integration.view"
    template = "integration/developers.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the frame; the list is filled from the APIs' own description of themselves."""
        del kwargs
        return render(request, self.template, {"title": self.title, "host": f"{request.scheme}://{request.get_host()}"})


class ApiPage(Page):
    """One Open API to browse and try, as the signed-in person or with a token."""

    title = _("Open API")
    permission: ClassVar[str | tuple[str, ...]] = "integration.view"
    template = "integration/api.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the viewer on the API's document."""
        base, version = kwargs["base"], kwargs["version"]
        if not (SLUG.fullmatch(base) and SLUG.fullmatch(version)):
            raise Http404
        with override("en"):
            said = [str(one) for one in WORDS]
        return render(request, self.template, {
            "title": self.title, "document": f"/tmf-api/{base}/{version}/openapi.json", "words": dict(zip(said, map(str, WORDS), strict=True)),
        })


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as the page tells it: sentence and mend in the reader's language, and in the other one."""

    code: str
    status: int
    says: str
    mend: str
    says_else: str
    mend_else: str


def _told(code: str, status: int, says: Any, mend: Any, other: str) -> Told:
    mine = _written(says), _written(mend)
    with override(other):
        return Told(code, status, *mine, _written(says), _written(mend))


def _written(sentence: Any) -> str:
    """Return a sentence with its places to fill as they are named; a brace that stands for itself stands once."""
    return str(sentence).replace("{{", "{").replace("}}", "}")


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def refusals(*, other: str) -> list[Told]:
    """Return every named refusal and rule by code, each code once; ``other`` is the second language."""
    found: dict[str, Told] = {}
    kinds: list[type[Refused]] = [Refused, *_below(Refused)]
    for kind in kinds:
        if kind.__module__.startswith("tongke."):
            found.setdefault(kind.code, _told(kind.code, kind.status, kind.says, kind.mend, other))
    for rule in all_rules():
        if rule.holds.__module__.startswith("tongke."):
            found.setdefault(rule.code, _told(rule.code, 422, rule.says, rule.mend, other))
    return [found[code] for code in sorted(found)]


class Errors(View):
    """Every code of a refusal; anybody may read it, because errors of the interfaces lead here."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the codes by their beginning."""
        frame = layout(request)["layout"]
        other = next(code for code in LANGUAGES if code != frame.language.lower())
        groups: dict[str, list[Told]] = {}
        for one in refusals(other=other):
            groups.setdefault(one.code.split("-")[0], []).append(one)
        return render(request, "integration/errors.html", {
            "title": gettext("Codes of refusals"), "groups": groups, "other": other,
            "frame": "kit/base.html" if frame.signed_in else "kit/bare.html",
        })
