"""Rules of the dated trees in which parties stand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("PTY-70", says=_("A party cannot be its own member"), mend=_("Choose another party"), field="child")
def is_not_itself(*, parent: UUID, child: UUID) -> bool:
    """A membership is of two."""
    return parent != child


@rule("PTY-71", says=_("The membership would end before it begins"), mend=_("Give an end after {valid_from}"), field="valid_until")
def runs_forward(*, valid_from: datetime, valid_until: datetime | None) -> bool:
    """A membership lasts for some time."""
    return valid_until is None or valid_until > valid_from


@rule("PTY-72", says=_("In this tree the party already belongs to another parent in that time"),
      mend=_("End the other membership first, or move the member"), field="valid_from")
def has_no_other_parent(*, overlapping: int) -> bool:
    """One parent at a time in each tree (key persons may serve several)."""
    return overlapping == 0


@rule("PTY-73", says=_("This would close a circle: the parent stands below the member"), mend=_("Choose a parent outside this branch"),
      field="parent")
def closes_no_circle(*, cyclic: bool) -> bool:
    """A tree is a tree at every instant."""
    return not cyclic


@rule("PTY-74", says=_("Only people are key persons, and only of an organisation"), mend=_("Choose an organisation and a person"))
def key_person_is_a_person(*, tree: str, parent_kind: str, child_kind: str) -> bool:
    """A key person is a human being whom an organisation names."""
    return tree != "key_person" or (parent_kind == "organization" and child_kind == "individual")


@rule("PTY-75", says=_("The trees of organisations hold organisations only"), mend=_("Use the household or key-person tree for people"))
def legal_tree_of_organisations(*, tree: str, parent_kind: str, child_kind: str) -> bool:
    """Legal and sales trees are of organisations; billing and closed user groups take members of both kinds."""
    return tree not in ("legal", "sales") or (parent_kind == "organization" and child_kind == "organization")


@rule("PTY-76", says=_("The share {share} is not a percentage"), mend=_("Give a share above 0 and up to 100"), field="share_percent")
def share_is_percent(*, share: Decimal | None) -> bool:
    """A share lies above 0 and up to 100."""
    return share is None or 0 < share <= 100


@rule("PTY-77", says=_("The membership is not running at that time"), mend=_("Choose a time between its begin and its end"), field="at")
def is_running(*, valid_from: datetime, valid_until: datetime | None, ends_at: datetime) -> bool:
    """Only what runs can end: after it began and before it ends anyway."""
    return valid_from < ends_at and (valid_until is None or ends_at < valid_until)


@rule("PTY-78", says=_("A merged record cannot join a tree"), mend=_("Use the record into which it was merged"))
def is_not_merged(*, merged: bool) -> bool:
    """Trees hold living records."""
    return not merged
