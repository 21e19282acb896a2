"""Dated memberships of parties in groups, households and as key persons."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from tongke.areas.party.events import matching as events
from tongke.areas.party.models import Party, PartyRelation
from tongke.areas.party.queries import trees as queries
from tongke.areas.party.rules import trees as rules
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, Invalid, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb


@verb("party.tree")
def begin_membership(
    *, tree: str, parent_id: UUID, child_id: UUID, valid_from: datetime, valid_until: datetime | None = None,
    role: str = "", share_percent: Decimal | None = None, by: Actor, at: datetime,
) -> UUID:
    """Let ``child_id`` belong to ``parent_id`` in ``tree`` over the half-open period; returns the membership's id.

    Raises ``RulesBroken`` with every reason, ``Conflict`` where somebody else placed either of them meanwhile.
    """
    parent, child = _party(parent_id), _party(child_id)
    require(_objections(tree, parent, child, valid_from=valid_from, valid_until=valid_until, share=share_percent))
    try:
        with transaction.atomic():
            relation = PartyRelation.objects.create(
                org_id=parent.org_id, tree=tree, parent=parent, child=child, role=role.strip(), share_percent=share_percent,
                valid_from=valid_from, valid_until=valid_until,
            )
    except IntegrityError as fault:
        raise Conflict from fault
    publish(events.MembershipBegun(
        subject_id=relation.id, org_id=relation.org_id, tree=tree, parent_id=parent.id, child_id=child.id, valid_from=valid_from,
    ), by=by, at=at)
    return relation.id


@verb("party.tree")
def end_membership(*, membership_id: UUID, ends_at: datetime, by: Actor, at: datetime) -> None:
    """End a membership at ``ends_at``, excluded: any instant within it, the middle of a month too."""
    relation = _running(membership_id, ends_at)
    relation.valid_until = ends_at
    relation.save(update_fields=["valid_until"])
    _announce_end(relation, ends_at, by=by, at=at)


@verb("party.tree")
def move_member(*, membership_id: UUID, parent_id: UUID, moves_at: datetime, by: Actor, at: datetime) -> UUID:
    """Let a member leave its parent and join another at the same instant; returns the new membership's id."""
    relation = _running(membership_id, moves_at)
    until = relation.valid_until
    relation.valid_until = moves_at
    relation.save(update_fields=["valid_until"])
    _announce_end(relation, moves_at, by=by, at=at)
    return begin_membership(
        tree=relation.tree, parent_id=parent_id, child_id=relation.child_id, valid_from=moves_at, valid_until=until,
        role=relation.role, share_percent=relation.share_percent, by=by, at=at,
    )


def _party(party_id: UUID) -> Party:
    """The party, held against a merge until the caller commits (but open to other memberships)."""
    party = Party.objects.select_for_update(of=("self",), no_key=True).filter(id=party_id).first()
    if party is None:
        raise NotFound
    return party


def _running(membership_id: UUID, ends_at: datetime) -> PartyRelation:
    relation = PartyRelation.objects.select_for_update(of=("self",)).filter(id=membership_id).first()
    if relation is None:
        raise NotFound
    require(collect((rules.is_running, {
        "valid_from": relation.valid_from, "valid_until": relation.valid_until, "ends_at": ends_at,
    })))
    return relation


def _objections(
    tree: str, parent: Party, child: Party, *, valid_from: datetime, valid_until: datetime | None, share: Decimal | None
) -> list[Broken]:
    if tree not in queries.TREES:
        raise Invalid(what="tree", field="tree")
    broken = collect(
        (rules.is_not_itself, {"parent": parent.id, "child": child.id}),
        (rules.runs_forward, {"valid_from": valid_from, "valid_until": valid_until}),
        (rules.is_not_merged, {"merged": parent.merged_into_id is not None or child.merged_into_id is not None}),
        (rules.key_person_is_a_person, {"tree": tree, "parent_kind": parent.kind, "child_kind": child.kind}),
        (rules.legal_tree_of_organisations, {"tree": tree, "parent_kind": parent.kind, "child_kind": child.kind}),
        (rules.share_is_percent, {"share": share}),
    )
    if tree == "key_person":
        return broken
    return broken + collect(
        (rules.has_no_other_parent, {"overlapping": queries.overlapping_parents(tree, child.id, valid_from, valid_until)}),
        (rules.closes_no_circle, {"cyclic": queries.would_close_circle(tree, parent.id, child.id, valid_from, valid_until)}),
    )


def _announce_end(relation: PartyRelation, ends_at: datetime, *, by: Actor, at: datetime) -> None:
    publish(events.MembershipEnded(
        subject_id=relation.id, org_id=relation.org_id, tree=relation.tree, parent_id=relation.parent_id,
        child_id=relation.child_id, valid_until=ends_at,
    ), by=by, at=at)
