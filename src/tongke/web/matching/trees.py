"""Groups, households and key persons: the tree at a day, who joins, moves and leaves, and who pays what."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.inventory.queries.ownership import who_pays
from tongke.areas.party.queries import matching, trees
from tongke.areas.party.services import begin_membership, end_membership, move_member
from tongke.areas.party.states import TreeKind
from tongke.areas.staff.services.looks import record_look
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Invalid, NotFound
from tongke.web.kit.forms import FormPage
from tongke.web.kit.page import Page
from tongke.web.kit.widgets import DayField, KitForm

NODES_DRAWN_MAX = 400


def _midnight(day: Any, actor: Actor) -> datetime:
    """The first instant of a day in the actor's zone."""
    return datetime.combine(day, time.min, ZoneInfo(actor.zone)).astimezone(UTC)


def _party(customer_id: UUID) -> UUID:
    party_id = trees.party_of_customer(customer_id)
    if party_id is None:
        raise NotFound
    return party_id


def _drawn(node: trees.Node, me: UUID) -> dict[str, Any]:
    """A node as the chart draws it."""
    return {
        "name": node.name or _now("outside your area of responsibility"), "below": node.below, "me": node.party_id == me, "link": f"/customers/{node.customer_id}/tree" if node.customer_id else "",
        "children": [_drawn(member, me) for member in node.members],
    }


class DayForm(KitForm):
    """The day at which the tree is shown."""

    on = DayField(required=False, label=_("On"))


class TreePage(Page):
    """The tree of a customer at a day."""

    permission = "party.view"
    template = "matching/tree.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Read the tree, the key persons and the payers."""
        form = DayForm(request.GET if "on" in request.GET else None)
        day = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
        at = _midnight(day, self.actor) if day else clock.now()
        customer_id = kwargs["customer_id"]
        with acting(self.actor):
            me = _party(customer_id)
            side = matching.side(me)
            if side is None:
                raise NotFound
            found = trees.trees_of(me, on=at)
            shown = [t for t in found if t != "key_person"]
            tree = request.GET.get("tree", "")
            if tree not in trees.TREES or tree == "key_person":
                tree = shown[0] if shown else ("legal" if side["kind"] == "organization" else "household")
            root = trees.branch(tree, trees.root_of(tree, me, on=at), on=at) or trees.branch(tree, me, on=at)
            people = trees.branch("key_person", me, on=at)
            memberships = trees.memberships_of(me)
            clear = self.actor.clear_setting.split(",") if self.actor.clear_setting else []
            record_look(
                kind="view", customer_id=customer_id, org_id=side["org_id"], purpose=_now("Looking at the group"), clear=clear,
                by=self.actor, at=clock.now(),
            )
        customers = _customers(root) if root else []
        return {
            "title": side["name"], "side": side, "customer_id": customer_id, "me": me, "tree": tree, "root": root, "on": at, "day": day,
            "labels": dict(TreeKind.choices), "tabs": [(label, f"?tree={key}" + (f"&on={day}" if day else ""), key == tree)
                                                       for key, label in TreeKind.choices if key != "key_person"],
            "found": found, "people": people.members if people else [], "memberships": memberships,
            "drawn": _drawn(root, me) if root and root.below and root.below < NODES_DRAWN_MAX else None,
            "paid": who_pays(customers[:200], at=at, by=self.actor) if customers and self.actor.may("inventory.view") else [],
            "may_change": self.actor.may("party.tree"), "now": clock.now(),
        }


def _customers(node: trees.Node) -> list[UUID]:
    own = [node.customer_id] if node.customer_id else []
    return own + [c for member in node.members for c in _customers(member)]


class MemberForm(KitForm):
    """A new membership."""

    tree = forms.ChoiceField(label=_("Tree"), choices=TreeKind.choices)
    as_parent = forms.ChoiceField(
        label=_("Which way"), choices=[("down", _("The other customer belongs to this one")), ("up", _("This customer belongs to the other one"))],
        widget=forms.RadioSelect, initial="down",
    )
    customer_no = forms.CharField(label=_("The other customer's number"), max_length=40)
    role = forms.CharField(label=_("Role"), max_length=60, required=False, help_text=_("e.g. general manager, head of household"))
    share_percent = forms.DecimalField(label=_("Share in percent"), required=False, max_digits=5, decimal_places=2)
    valid_from = DayField(label=_("First day"))
    valid_until = DayField(label=_("Until (that day no longer)"), required=False)


class AddMember(FormPage):
    """Lets a customer join a tree."""

    name, title, permission = "tree-add", _("New membership"), "party.tree"
    form = MemberForm
    fields = {"child": "customer_no", "parent": "customer_no"}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Open with today and the tree that was looked at."""
        del kwargs
        return {"valid_from": clock.now().astimezone(ZoneInfo(self.actor.zone)).date(), "tree": self.request.GET.get("tree", "household")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Go back to the tree."""
        tree = self.request.POST.get("tree") or self.request.GET.get("tree", "")
        return f"/customers/{kwargs['customer_id']}/tree" + (f"?tree={tree}" if tree in trees.TREES and tree != "key_person" else "")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Begin the membership."""
        with acting(by):
            me, other = _party(kwargs["customer_id"]), trees.party_by_number(data["customer_no"])
        if other is None:
            raise Invalid(what=str(_("The other customer's number")), field="customer_no")
        parent, child = (me, other) if data["as_parent"] == "down" else (other, me)
        begin_membership(
            tree=data["tree"], parent_id=parent, child_id=child, valid_from=_midnight(data["valid_from"], by),
            valid_until=_midnight(data["valid_until"], by) if data["valid_until"] else None, role=data["role"],
            share_percent=data["share_percent"], by=by, at=at,
        )
        return self.cancel_address(**kwargs)


class _Membership(FormPage):
    """What moving and ending a membership share: the address names the membership."""

    permission = "party.tree"
    fields = {"at": "day", "parent": "customer_no", "valid_from": "day"}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Open with today."""
        del kwargs
        return {"day": clock.now().astimezone(ZoneInfo(self.actor.zone)).date()}

    def cancel_address(self, **kwargs: Any) -> str:
        """Go back to the tree of the parent, or of the member where the parent is no customer."""
        with acting(self.actor):
            found = trees.membership(kwargs["membership_id"])
            if found is None:
                raise NotFound
            customer = matching.customer_of_party(found.parent_id) or matching.customer_of_party(found.child_id)
        return f"/customers/{customer}/tree?tree={found.tree}"


class MoveForm(KitForm):
    """Where a member moves and when."""

    customer_no = forms.CharField(label=_("Customer number of the new parent"), max_length=40)
    day = DayField(label=_("First day"))


class MoveMember(_Membership):
    """Lets a member leave one parent and join another at the same instant."""

    name, title = "membership-move", _("Move the member")
    form = MoveForm
    intro = _("The old membership ends and the new one begins at the first instant of that day: no gap, no overlap.")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Move."""
        with acting(by):
            parent = trees.party_by_number(data["customer_no"])
        if parent is None:
            raise Invalid(what=str(_("Customer number of the new parent")), field="customer_no")
        move_member(membership_id=kwargs["membership_id"], parent_id=parent, moves_at=_midnight(data["day"], by), by=by, at=at)
        return self.cancel_address(**kwargs)


class EndForm(KitForm):
    """When a membership ends."""

    day = DayField(label=_("Ends on (that day no longer)"))


class EndMembership(_Membership):
    """Ends a membership."""

    name, title = "membership-end", _("End the membership")
    form = EndForm

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """End."""
        end_membership(membership_id=kwargs["membership_id"], ends_at=_midnight(data["day"], by), by=by, at=at)
        return self.cancel_address(**kwargs)
