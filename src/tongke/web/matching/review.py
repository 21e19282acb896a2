"""Two records side by side: the evidence, which survives, which value stays; or the decision that they are two."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.party.queries import matching as queries
from tongke.areas.party.queries import trees
from tongke.areas.party.services import matching as services
from tongke.areas.staff.services.looks import record_look
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit.layout import toast
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of
from tongke.web.matching import comparing


class _Comparison(Page):
    """What both ways to the comparison share."""

    permission = "party.merge"
    template = "matching/review.html"
    title = _("Same customer?")

    def _sides(self, left_id: UUID, right_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
        with acting(self.actor):
            left, right = queries.side(left_id), queries.side(right_id)
        if left is None or right is None:
            raise NotFound
        for side in (left, right):
            clear = self.actor.clear_setting.split(",") if self.actor.clear_setting else []
            record_look(
                kind="view", customer_id=UUID(side["customer_id"]) if side["customer_id"] else None, org_id=side["org_id"],
                purpose=_now("Comparing duplicates"), clear=clear, by=self.actor, at=clock.now(),
            )
        return left, right

    def _show(
        self, left_id: UUID, right_id: UUID, pair: queries.PairRow | None, *, lines: list[dict[str, str]] | None = None, status: int = 200
    ) -> HttpResponse:
        left, right = self._sides(left_id, right_id)
        posted = self.request.POST
        survivor = posted.get("survivor", "")
        if survivor not in ("left", "right"):
            survivor = comparing.likely_survivor(left, right)
        chosen = {name: posted[f"field_{name}"] for name in comparing.FIELDS if posted.get(f"field_{name}") in ("left", "right")}
        with acting(self.actor):
            nearby = [p.id for p in queries.pairs_to_review(limit=200)] if pair else []
        place = nearby.index(pair.id) if pair and pair.id in nearby else -1
        return render(self.request, self.template, {
            "title": self.title, "pair": pair, "left": comparing.worded(left), "right": comparing.worded(right), "survivor": survivor,
            "rows": comparing.field_rows(left, right, survivor=survivor, chosen=chosen),
            "held": {"left": comparing.holdings(left, by=self.actor), "right": comparing.holdings(right, by=self.actor)},
            "lines": lines or [], "reason": posted.get("reason", ""),
            "previous": nearby[place - 1] if place > 0 else None,
            "following": nearby[place + 1] if 0 <= place < len(nearby) - 1 else None,
        }, status=status)

    def _merge(self, left_id: UUID, right_id: UUID) -> UUID:
        posted = self.request.POST
        survivor_is_left = posted.get("survivor") != "right"
        survivor, absorbed = (left_id, right_id) if survivor_is_left else (right_id, left_id)
        mine = "left" if survivor_is_left else "right"
        chosen = {
            name: "survivor" if posted[f"field_{name}"] == mine else "absorbed"
            for name in comparing.FIELDS if posted.get(f"field_{name}") in ("left", "right")
        }
        read = {party: int(text) for party, word in ((left_id, "left_version"), (right_id, "right_version")) if (text := posted.get(word, "")).isdecimal()}
        return merge_customers(
            survivor_id=survivor, absorbed_id=absorbed, chosen=chosen, reason=posted.get("reason", ""), read=read,
            by=self.actor, at=clock.now(),
        )

    def _posted(self, left_id: UUID, right_id: UUID, pair: queries.PairRow | None) -> HttpResponseBase:
        try:
            merge_id = self._merge(left_id, right_id)
        except NotFound:
            raise
        except Refused as fault:
            return self._show(left_id, right_id, pair, lines=lines_of(fault), status=422)
        toast(self.request, _("Merged. It can be taken back on this page."))
        return go(self.request, f"/merges/{merge_id}")


class ReviewPair(_Comparison):
    """A pair that the search found."""

    def _pair(self, kwargs: dict[str, Any]) -> queries.PairRow:
        with acting(self.actor):
            found = queries.pair(kwargs["pair_id"])
        if found is None:
            raise NotFound
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the two records."""
        del request
        pair = self._pair(kwargs)
        return self._show(pair.left_id, pair.right_id, pair)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Merge as decided."""
        del request
        pair = self._pair(kwargs)
        return self._posted(pair.left_id, pair.right_id, pair)


class DecideDistinct(Page):
    """The decision that a pair is two different customers."""

    permission: ClassVar[str] = "party.merge"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Keep the decision and go to the next pair."""
        services.decide_distinct(pair_id=kwargs["pair_id"], reason=request.POST.get("reason", ""), by=self.actor, at=clock.now())
        toast(request, _("Kept as two different customers"))
        with acting(self.actor):
            rest = queries.pairs_to_review(limit=1)
        return go(request, f"/duplicates/{rest[0].id}" if rest else "/duplicates")


class CompareCustomers(_Comparison):
    """Two customers whom somebody believes to be one, found by the search or not."""

    def _ids(self, kwargs: dict[str, Any]) -> tuple[UUID, UUID]:
        with acting(self.actor):
            left, right = trees.party_of_customer(kwargs["customer_id"]), trees.party_of_customer(kwargs["other_id"])
        if left is None or right is None or left == right:
            raise NotFound
        return left, right

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the two records."""
        del request
        left, right = self._ids(kwargs)
        with acting(self.actor):
            pair = queries.pair_of(left, right)
        return self._show(left, right, pair)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Merge as decided."""
        del request
        return self._posted(*self._ids(kwargs), None)
