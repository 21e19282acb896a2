"""Reads of the dated trees: who stands where at an instant, counts without double count, key persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tongke.areas.party.models import PartyRelation
from tongke.areas.party.states import TreeKind

TREES: tuple[str, ...] = tuple(TreeKind.values)
DEPTH_MAX = 64


@dataclass(slots=True)
class Node:
    """A party in a tree at an instant. ``name`` is masked as the actor's sight asks, and empty where the party
    itself is out of sight (only the membership is not); ``members`` stand directly below; ``below`` counts every party of the branch once, itself left out.
    """

    party_id: UUID
    customer_id: UUID | None
    customer_no: str
    kind: str
    name: str
    membership_id: UUID | None
    role: str
    share_percent: str | None
    since: datetime | None
    until: datetime | None
    members: list[Node] = field(default_factory=list)
    below: int = 0


def overlapping_parents(tree: str, child_id: UUID, valid_from: datetime, valid_until: datetime | None) -> int:
    """Count the memberships of ``child_id`` in ``tree`` that share an instant with the half-open period."""
    rows = PartyRelation.objects.filter(Q(valid_until=None) | Q(valid_until__gt=valid_from), tree=tree, child_id=child_id)
    if valid_until is not None:
        rows = rows.filter(valid_from__lt=valid_until)
    return sum(1 for r in rows if r.valid_until is None or r.valid_until > r.valid_from)


# Upwards from the parent through all that held within the period, narrowing it on the way.
_CIRCLE = """
WITH RECURSIVE up(at_id, since, until, depth) AS (
  SELECT %(parent)s::uuid, %(from)s::timestamptz, %(until)s::timestamptz, 1
  UNION ALL
  SELECT r.parent_id, greatest(up.since, r.valid_from), least(up.until, r.valid_until), up.depth + 1
  FROM up JOIN party_relation r ON r.child_id = up.at_id AND r.tree = %(tree)s
    AND (up.until IS NULL OR r.valid_from < up.until) AND (r.valid_until IS NULL OR r.valid_until > greatest(up.since, r.valid_from))
  WHERE up.at_id <> %(child)s AND up.depth < 64
) SELECT EXISTS (SELECT FROM up WHERE at_id = %(child)s OR depth >= 64)
"""


def would_close_circle(tree: str, parent_id: UUID, child_id: UUID, valid_from: datetime, valid_until: datetime | None) -> bool:
    """Tell whether ``child_id`` under ``parent_id`` would stand above itself at any instant of the period."""
    with connection.cursor() as cursor:
        cursor.execute(_CIRCLE, {"tree": tree, "parent": parent_id, "child": child_id, "from": valid_from, "until": valid_until})
        (found,) = cursor.fetchone()
    return bool(found)


def root_of(tree: str, party_id: UUID, *, on: datetime) -> UUID:
    """Return the top of the tree in which ``party_id`` stands at ``on`` (itself where it has no parent)."""
    at_id = party_id
    for _step in range(DEPTH_MAX):
        parent = (
            PartyRelation.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), tree=tree, child_id=at_id, valid_from__lte=on)
            .values_list("parent_id", flat=True).first()
        )
        if parent is None:
            break
        at_id = parent
    return at_id


_BRANCH = """
WITH RECURSIVE down(id, membership_id, parent_id, role, share_percent, since, until, depth) AS (
  SELECT %(root)s::uuid, NULL::uuid, NULL::uuid, ''::text, NULL::numeric, NULL::timestamptz, NULL::timestamptz, 0
  UNION ALL
  SELECT r.child_id, r.id, r.parent_id, r.role::text, r.share_percent::numeric, r.valid_from, r.valid_until, down.depth + 1
  FROM down JOIN party_relation r ON r.parent_id = down.id AND r.tree = %(tree)s
    AND r.valid_from <= %(on)s AND (r.valid_until IS NULL OR r.valid_until > %(on)s)
  WHERE down.depth < 64
)
SELECT d.id, c.id, coalesce(c.customer_no, ''), coalesce(p.kind, ''), coalesce(tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')), ''),
       d.membership_id, d.role, d.share_percent::text, d.since, d.until, d.parent_id
FROM down d LEFT JOIN party_party p ON p.id = d.id LEFT JOIN party_customer c ON c.party_id = p.id
ORDER BY d.depth, p.kind DESC, p.name_key
"""


def branch(tree: str, root_id: UUID, *, on: datetime) -> Node | None:
    """Return the branch below ``root_id`` at ``on`` as the actor may see it; ``None`` where the root is out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH, {"tree": tree, "root": root_id, "on": on})
        rows = cursor.fetchall()
    nodes: dict[UUID, Node] = {}
    for *values, parent_id in rows:
        node = Node(*values)
        if node.party_id not in nodes:
            nodes[node.party_id] = node
            if parent_id in nodes:
                nodes[parent_id].members.append(node)
    root = nodes.get(root_id)
    if root is None or not root.name:
        return None
    _count(root, set())
    return root


def _count(node: Node, seen: set[UUID]) -> set[UUID]:
    own: set[UUID] = set()
    for member in node.members:
        if member.party_id not in seen:
            own |= {member.party_id} | _count(member, seen | {member.party_id})
    node.below = len(own)
    return own


def members_at(tree: str, root_id: UUID, *, on: datetime) -> list[UUID]:
    """Ids of every party of the branch at ``on``, the root first, each once."""
    out: list[UUID] = []
    waiting = [root_id]
    while waiting and len(out) < 1_000_000:
        out += [p for p in waiting if p not in out]
        waiting = [
            p for p in PartyRelation.objects.filter(
                Q(valid_until=None) | Q(valid_until__gt=on), tree=tree, parent_id__in=waiting, valid_from__lte=on,
            ).values_list("child_id", flat=True) if p not in out
        ]
    return out


def trees_of(party_id: UUID, *, on: datetime) -> list[str]:
    """The trees in which the party stands at ``on``, as parent or as member, in their usual order."""
    rows = PartyRelation.objects.filter(
        Q(parent_id=party_id) | Q(child_id=party_id), Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on,
    ).values_list("tree", flat=True)
    found = set(rows)
    return [t for t in TREES if t in found]


def memberships_of(party_id: UUID) -> list[dict[str, Any]]:
    """Every membership of the party, past and to come too: tree, the other party, which side, role, period."""
    rows = PartyRelation.objects.filter(Q(parent_id=party_id) | Q(child_id=party_id)).order_by("tree", "-valid_from")
    names = masked_names({r.child_id if r.parent_id == party_id else r.parent_id for r in rows})
    out = []
    for r in rows:
        other = r.child_id if r.parent_id == party_id else r.parent_id
        if other in names:
            out.append({
                "id": r.id, "tree": r.tree, "tree_label": TreeKind(r.tree).label, "is_parent": r.parent_id == party_id,
                "other_id": other, "other_name": names[other], "role": r.role, "share_percent": r.share_percent,
                "valid_from": r.valid_from, "valid_until": r.valid_until,
            })
    return out


def masked_names(party_ids: set[UUID]) -> dict[UUID, str]:
    """Names by party id, masked as the actor's sight asks; organisations' names are public."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tongke_mask_name(name, kind = 'organization' OR tongke_clear('name')) FROM party_party WHERE id = ANY(%s)",
            [list(party_ids)],
        )
        return dict(cursor.fetchall())


def party_of_customer(customer_id: UUID) -> UUID | None:
    """The party behind a customer, after any merge; ``None`` where it is out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(p.merged_into_id, p.id) FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = %s", [customer_id],
        )
        row = cursor.fetchone()
    return row[0] if row is not None else None


def party_by_number(customer_no: str) -> UUID | None:
    """The party behind a customer number, after any merge; ``None`` where none is in sight."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(p.merged_into_id, p.id) FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.customer_no = %s",
            [customer_no.strip()],
        )
        row = cursor.fetchone()
    return row[0] if row is not None else None


def membership(membership_id: UUID) -> PartyRelation | None:
    """One membership within the actor's scope."""
    return PartyRelation.objects.filter(id=membership_id).first()
