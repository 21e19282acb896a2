"""The list of pairs that may be one customer, and the search that finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from tongke.areas.party.queries import matching as queries
from tongke.areas.party.services import matching as services
from tongke.jobs.matching import ask_for_duplicates
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound
from tongke.web.kit.bulk import Bulk
from tongke.web.kit.columns import Ago, Column, Link, Share
from tongke.web.kit.filters import ChoiceFilter
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Empty, ListPage
from tongke.web.kit.page import Page, go
from tongke.web.kit.rows import Ask

BANDS = {"suggest": _("Very probably one"), "review": _("Needs a look")}
RUN_STATES = {"waiting": _("Waiting"), "running": _("Searching"), "done": _("Done"), "failed": _("Failed")}


@dataclass(frozen=True, kw_only=True)
class Evidence(Column):
    """The strongest pieces of evidence of a pair, each with its direction."""

    def cell(self, row: Any) -> Markup:
        """Write the three strongest as badges: for, against."""
        marks = [
            Markup('<span class="tk-badge tk-tone-{}">{}</span>').format("good" if p.weight > 0 else "bad", p.says) for p in row.pieces[:3]
        ]
        return Markup('<span class="tk-match-badges">{}</span>').format(Markup(" ").join(marks))

    def export(self, row: Any) -> Any:
        """Write all pieces as words."""
        return "; ".join(f"{p.label}: {p.says} ({p.weight:+.1f})" for p in row.pieces)


def pair_rows(ask: Ask) -> Sequence[queries.PairRow]:
    """Read one screen of open pairs."""
    with acting(ask.actor):
        return queries.pairs_to_review(
            band=ask.filters.get("band", ""), beyond=ask.cursor, falling=ask.falling, limit=ask.limit + 1,
        )


def pair_count(ask: Ask) -> int:
    """Count the open pairs of the band."""
    with acting(ask.actor):
        counts = queries.pair_counts()
    band = ask.filters.get("band", "")
    return counts[band] if band else sum(counts.values())


class Duplicates(ListPage):
    """Pairs to review, the most probable first."""

    name, title, permission = "duplicates", _("Duplicates"), "party.merge"
    subtitle = _("Records that may be one customer. Nothing is merged until somebody decides.")
    template = "matching/duplicates.html"
    fetch = pair_rows
    count = pair_count
    sort = "-probability"
    columns = (
        Link(key="left_name", label=_("Customer"), sub="left_no", to=lambda row: f"/duplicates/{row.id}"),
        Link(key="right_name", label=_("And"), sub="right_no", to=lambda row: f"/duplicates/{row.id}"),
        Share(key="probability", label=_("Probability"), sort="probability", digits=2),
        Evidence(key="pieces", label=_("What speaks for it")),
        Ago(key="found_at", label=_("Found")),
    )
    filters = (ChoiceFilter(key="band", label=_("How sure"), choices=list(BANDS.items()), primary=True),)
    bulk = (Bulk(key="distinct", label=_("Two different customers"), verb=services.decide_distinct, argument="pair_id", icon="users",
                 permission="party.merge", reason=True, confirm=_("No later search brings these pairs up again.")),)
    empty = Empty(
        says=_("No pair waits for a decision"), mend=_("A search compares all customers of your area by name, document, phone, birth and address."),
        icon="circle-check",
    )

    def context_of(self, found: Any) -> dict[str, Any]:
        """Add the search that runs or ran last."""
        with acting(self.actor):
            run = queries.last_duplicate_run(by=self.actor)
        return {**super().context_of(found), "run": run, "run_states": RUN_STATES}


class FindDuplicates(Page):
    """Asks for a full search in the background."""

    permission = "party.merge"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Start the search and go back to the list, where its progress stands."""
        del kwargs
        ask_for_duplicates(by=self.actor)
        toast(request, _("The search runs in the background"), kind="info")
        return go(request, "/duplicates")


class RunProgress(Page):
    """Progress of a search as JSON, for the progress bar."""

    permission = "party.merge"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer done, total, state, text and where the result is."""
        del request
        with acting(self.actor):
            run = queries.duplicate_run(UUID(str(kwargs["job_id"])), by=self.actor)
        if run is None:
            raise NotFound
        return JsonResponse({
            "done": run.read, "total": run.total or 0, "state": {"waiting": "running"}.get(run.state, run.state),
            "text": str(RUN_STATES.get(run.state, run.state)), "failed": run.state == "failed", "result": "/duplicates", "at": clock.now().isoformat(),
        })
