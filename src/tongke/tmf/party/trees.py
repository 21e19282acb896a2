"""Where organisations stand in the legal tree, from their documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import queries, services
from tongke.kernel.actor import Actor
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.party.reading import engaged

TREE = "legal"
PATH = "organizationParentRelationship.organization"


def settle_parent(record_id: UUID, relationship: Any, *, by: Actor, at: datetime) -> None:
    """Let an organisation stand below the parent that its document names, or below none. Raises ``UnknownReference``."""
    held = queries.parent_membership(record_id, tree=TREE, by=by)
    reference = relationship.organization if relationship is not None else None
    if reference is None:
        if held is not None:
            services.end_membership(membership_id=held[0], ends_at=at, by=by, at=at)
        return
    parent = engaged(reference, PATH, by=by)
    if parent is None:
        raise UnknownReference(path=f"{PATH}.id", value=reference.id, field=f"{PATH}.id")
    if held is None:
        services.begin_membership(tree=TREE, parent_id=parent.party_id, child_id=record_id, valid_from=at, by=by, at=at)
    elif held[1] != parent.party_id:
        services.move_member(membership_id=held[0], parent_id=parent.party_id, moves_at=at, by=by, at=at)
