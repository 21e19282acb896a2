"""What the pages of every noun with versions share: columns and filters of their lists, a version's own page, its draft, its next version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.states import DRAFTS, LifeCycle
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import moving
from tongke.web.catalogue.offering import life_steps, may_edit, said
from tongke.web.catalogue.tree import SearchFilter, waiting_words
from tongke.web.catalogue.words import STATE_TONES, shown_state
from tongke.web.kit import ChoiceFilter, Page, State, Tags, Text, formatting, go, toast

Data = dict[str, Any]

STATE = State(key="state", label=_("State"), labels=LifeCycle, tones=STATE_TONES, sort="state")
VERSION = Text(key="version", label=_("Version"), value=lambda row: f"v{row.version}", css="tk-num")
IN_THE_MAKING = Tags(key="waits", label=_("In the making"), value=waiting_words)
OWNER = Text(key="org", label=_("Belongs to"), value=lambda row: staff.org_name(row.org_id))
BY_NAME = SearchFilter(key="q", label=_("Name or code"), primary=True)
BY_STATE = ChoiceFilter(key="state", label=_("State"), choices=LifeCycle.choices, primary=True)


class OfDraft(Page):
    """A form of a price list or a promotion: a new one, or the draft whose version the address names."""

    noun: ClassVar[str]

    @property
    def version(self) -> contents.Standing | None:
        """The draft; ``None`` for a new one. Raises ``NotFound`` for what is no draft or belongs to others."""
        if "version_id" not in self.kwargs:
            return None
        found = said(self.kwargs["version_id"], noun=self.noun)
        if not may_edit(found, self.actor):
            raise NotFound
        return found


class NextVersionOf(Page):
    """The next version of a price list or a promotion begins as the version says that stands."""

    permission = "catalogue.design"
    noun: ClassVar[str]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Draft it."""
        version = said(kwargs["version_id"], noun=self.noun)
        content = version.content.model_copy(update={"valid_from": None})
        made = design.draft_version(noun=self.noun, code=version.code, content=content, by=self.actor, at=clock.now())
        toast(request, _("The draft was begun"))
        return go(request, moving.page_of(self.noun, made))


def nowhere(name: str) -> tuple[str, Any]:
    """Lead nowhere: the whole version is mended in one form."""
    del name
    return "", ""


def version_context(version: contents.Standing, page: Page, *, mended: Callable[[str], tuple[str, Any]] = nowhere) -> Data:
    """Return what the page of a version shows of any noun: state, life, versions, what may be done.

    ``mended(field)`` tells where a field that stands against the version is mended: (address, words).
    """
    at = clock.now()
    versions = board.versions_said(version.noun, version.code)
    before = next((found for found in versions if found[1] < version.version), None)
    mine = page.actor.may("catalogue.design") and page.actor.sees(version.content.org_id)
    lived = board.life_of(version.id)
    return {
        "title": formatting.name(version.content), "version": version, "content": version.content, "state": shown_state(version, at),
        "steps": life_steps(version.state), "versions": versions, "states": dict(LifeCycle.choices), "tones": STATE_TONES, "noun": version.noun,
        "life": lived, "people": staff.names_signed([version.created_by, *(move.actor for move in lived)]),
        "moves": moving.offered(version, by=page.actor, at=at), "waiting": moving.request_waiting(version, by=page.actor, at=at),
        "may_edit": may_edit(version, page.actor), "may_begin": mine and not any(state in (*DRAFTS, LifeCycle.ACTIVE) for _id, _n, state in versions),
        "compared": reverse("catalogue-compare-any", args=[version.noun, before[0], version.id]) if before else "",
        "missing": moving.missing(version, mended) if version.state in DRAFTS else [], "org": staff.org_name(version.content.org_id),
        "crumbs": [(moving.LISTS[version.noun][0], reverse(moving.LISTS[version.noun][1]))], "page_name": moving.PAGES[version.noun],
    }
