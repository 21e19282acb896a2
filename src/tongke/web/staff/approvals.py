"""The inbox of the two-person rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.areas.staff.states import ApprovalState
from tongke.kernel.errors import NotFound
from tongke.web.kit import formatting
from tongke.web.kit.columns import Link, Moment, State, Text
from tongke.web.kit.filters import ChoiceFilter
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Empty, ListPage
from tongke.web.kit.rows import Ask
from tongke.web.staff import exporting
from tongke.web.staff.frame import Door
from tongke.web.staff.requests import Teller, kind_label

TONES = {"requested": "warn", "approved": "info", "refused": "bad", "withdrawn": "off", "used": "good"}


def download_of(asked: Any) -> str:
    """Return where the file of an approved export is made, once; empty for other requests."""
    if asked.kind != exporting.KIND:
        return ""
    address = str(asked.payload["address"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'export': 'csv', 'approval': asked.id})}"


class Approvals(ListPage):
    """What waits for me, and what I asked for."""

    name, title, permission = "approvals", _("Approvals"), "staff.own"
    subtitle = _("What needs two persons: one asks, another decides")
    rows = queries.approvals_visible_to
    columns = (
        Link(key="headline", label=_("What for"), to=lambda a: f"/approvals/{a.id}"),
        Text(key="kind", label=_("Kind"), value=lambda a: kind_label(a.kind)),
        State(key="state", label=_("State"), labels=ApprovalState, tones=TONES),
        Text(key="requested_by", label=_("Asked by"), value=lambda a: formatting.name(a.asker)),
        Moment(key="requested_at", label=_("Asked"), sort="requested_at"),
        Moment(key="expires_at", label=_("Stands until")),
        Text(key="decided_by", label=_("Decided by"), value=lambda a: formatting.name(a.decider) if a.decider else None),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=ApprovalState.choices, primary=True),)
    sort = "-requested_at"
    empty = Empty(says=_("Nothing waits for a second person"), mend=_("Requests appear here when somebody asks for a right or a large export"))

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read the rows, each with its line in words."""
        found = super().read_rows(ask)
        teller = Teller(found, by=ask.actor)
        for asked in found:
            asked.headline = teller.headline(asked)
        return found


class Approval(Door):
    """One request: what exactly is asked, and the decision."""

    template = "staff/approval.html"
    title = _("Request for approval")

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the request and what the actor may do with it."""
        del request
        asked = queries.approval_visible(approval_id=kwargs["approval_id"], by=self.actor)
        mine = asked.requested_by_id == self.actor.staff_id
        stands = asked.expires_at > self.at
        waits = asked.state == ApprovalState.REQUESTED
        return {
            "asked": asked, "told": Teller([asked], whole=True, by=self.actor).tell(asked), "kind": kind_label(asked.kind), "org": queries.org_name(asked.org_id), "stands": stands,
            "state": (ApprovalState(asked.state).label, TONES[asked.state]),
            "may_decide": waits and stands and not mine and self.actor.may(asked.permission),
            "may_withdraw": mine and asked.state in {ApprovalState.REQUESTED, ApprovalState.APPROVED},
            "download": download_of(asked) if mine and stands and asked.state == ApprovalState.APPROVED else "",
        }

    def post(self, request: HttpRequest, approval_id: UUID) -> HttpResponseBase:
        """Decide as the form's button says."""
        verb: Any = {"approve": services.approve, "refuse": services.refuse}.get(request.POST.get("decision", ""))
        if verb is not None:
            verb(approval_id=approval_id, note=request.POST.get("note", "")[:500], by=self.actor, at=self.at)
        elif request.POST.get("decision") == "withdraw":
            services.withdraw(approval_id=approval_id, by=self.actor, at=self.at)
        else:
            raise NotFound(field="decision")
        toast(request, _("Your decision is recorded"))
        return HttpResponseRedirect("/approvals")
