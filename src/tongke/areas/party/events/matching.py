"""Facts about duplicates, merges and the trees of parties."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class PartiesMerged(Event):
    """Two records became one: ``subject_id`` survives, ``absorbed_id`` points to it from now on."""

    merge_id: UUID
    absorbed_id: UUID
    absorbed_customer_id: UUID | None = None


class PartiesSeparated(Event):
    """A merge was undone: ``absorbed_id`` is a party of its own again."""

    merge_id: UUID
    absorbed_id: UUID
    absorbed_customer_id: UUID | None = None


class DuplicateDecided(Event):
    """A person decided that a pair is two different parties; ``subject_id`` is the pair."""

    left_id: UUID
    right_id: UUID


class MembershipBegun(Event):
    """A party joined a parent in one tree; ``subject_id`` is the membership."""

    tree: str
    parent_id: UUID
    child_id: UUID
    valid_from: datetime


class MembershipEnded(Event):
    """A membership ends at ``valid_until`` (excluded)."""

    tree: str
    parent_id: UUID
    child_id: UUID
    valid_until: datetime
