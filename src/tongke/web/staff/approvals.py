"""The inbox of the two-person rule."""

from __future__ import annotations

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
from tongke.web.staff import exporting
from tongke.web.staff.frame import Door

KINDS: dict[str, Any] = {
    "staff.open_post": _("Open a post"), "staff.change_post_roles": _("Change the roles of a post"), "staff.end_post": _("End a post"),
    "staff.change_role": _("Change a role"), "bulk_export": _("Bulk export"), "credit_override": _("Credit rating by hand"),
}
FACTS: dict[str, Any] = {
    "address": _("List and its filters"), "staff_id": _("Staff member"), "post_id": _("Post"), "org_id": _("Organisation"), "roles": _("Roles"), "from": _("So far"), "title": _("Title"),
    "own_rows_only": _("Sees only the customers that the person keeps"), "valid_until": _("Until"), "code": _("Code"),
    "permissions": _("Permissions"), "name_zh": _("Chinese name"), "name_en": _("English name"), "home": _("Home page"),
}
TONES = {"requested": "warn", "approved": "info", "refused": "bad", "withdrawn": "off", "used": "good"}


def kind_label(kind: str) -> str:
    """Return what a kind of request is called; the kind itself where no name is known."""
    return str(KINDS.get(kind, kind))


def fact(name: str, value: Any) -> tuple[str, Any]:
    """Return one line of what exactly is asked, in words."""
    label = str(FACTS.get(name, name))
    if name == "org_id":
        return label, queries.org_name(value)
    if name == "staff_id":
        found = queries.staff_names([UUID(value)]).get(UUID(value))
        return label, f"{formatting.name(found)} ({found.username})" if found else value
    if isinstance(value, bool):
        return label, _("yes") if value else _("no")
    return label, ", ".join(map(str, value)) if isinstance(value, list) else value


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
        Link(key="subject", label=_("What for"), to=lambda a: f"/approvals/{a.id}"),
        Text(key="kind", label=_("Kind"), value=lambda a: kind_label(a.kind)),
        State(key="state", label=_("State"), labels=ApprovalState, tones=TONES),
        Text(key="requested_by", label=_("Asked by"), value=lambda a: a.requested_by.name_zh),
        Moment(key="requested_at", label=_("Asked"), sort="requested_at"),
        Moment(key="expires_at", label=_("Stands until")),
        Text(key="decided_by", label=_("Decided by"), value=lambda a: a.decided_by.name_zh if a.decided_by else None),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=ApprovalState.choices, primary=True),)
    sort = "-requested_at"
    empty = Empty(says=_("Nothing waits for a second person"), mend=_("Requests appear here when somebody asks for a right or a large export"))


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
            "asked": asked, "kind": kind_label(asked.kind), "org": queries.org_name(asked.org_id), "stands": stands,
            "state": (ApprovalState(asked.state).label, TONES[asked.state]),
            "may_decide": waits and stands and not mine and self.actor.may(asked.permission),
            "may_withdraw": mine and asked.state in {ApprovalState.REQUESTED, ApprovalState.APPROVED},
            "download": download_of(asked) if mine and stands and asked.state == ApprovalState.APPROVED else "",
            "facts": [fact(name, value) for name, value in asked.payload.items()],
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
