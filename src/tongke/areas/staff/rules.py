"""Rules of the staff room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.staff.states import OrgKind
from tongke.kernel.rules import rule

LEVELS = {OrgKind.GROUP: 0, OrgKind.PROVINCE: 1, OrgKind.LOCAL_NETWORK: 2, OrgKind.UNIT: 3}


@rule("SEC-20", says=_("A {kind} cannot stand below a {parent_kind}"),
      mend=_("Provinces stand below the group, local networks below a province, units below any of them"), field="parent_id")
def kind_nests(*, kind: str, parent_kind: str) -> bool:
    """Levels grow downwards; units stand anywhere below a level, and below other units."""
    if kind == OrgKind.UNIT:
        return parent_kind in LEVELS
    return kind in LEVELS and parent_kind in LEVELS and LEVELS[OrgKind(kind)] == LEVELS[OrgKind(parent_kind)] + 1


@rule("SEC-21", says=_("An organisation cannot be moved below itself"), mend=_("Choose a parent outside its own branch"), field="parent_id")
def no_cycle(*, path: str, parent_path: str) -> bool:
    """The new parent's path does not run through the moved node."""
    return not parent_path.startswith(path)


@rule("SEC-22", says=_("{count} valid post(s) or active organisation(s) are still below it"),
      mend=_("End or move them first"))
def branch_is_empty(*, count: int) -> bool:
    """Only an organisation without people and without active children is closed."""
    return count == 0


@rule("SEC-23", says=_("Your own rights are changed by somebody else"), mend=_("Ask another administrator"))
def not_for_oneself(*, staff_id: UUID, actor_id: UUID | None) -> bool:
    """Nobody gives himself rights."""
    return staff_id != actor_id


@rule("SEC-24", says=_("Whoever asked cannot approve"), mend=_("Another person with the right to approve must decide"))
def takes_two(*, requested_by: UUID, actor_id: UUID | None) -> bool:
    """Two persons means two persons; a process without a person is none."""
    return actor_id is not None and requested_by != actor_id


@rule("SEC-25", says=_("The request has expired"), mend=_("Ask again"))
def still_stands(*, expires_at: datetime, at: datetime) -> bool:
    """A request holds for a while only."""
    return at < expires_at


@rule("SEC-26", says=_("The user name may hold small letters, digits, dot, dash and underline, 3 to 40 of them"),
      mend=_("Choose another user name"), field="username")
def username_is_plain(*, username: str) -> bool:
    """User names appear in the audit trail and in row-level settings: they stay plain."""
    plain = set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    return 3 <= len(username) <= 40 and set(username) <= plain and username[0].isalnum()


@rule("SEC-27", says=_("The role {role} does not exist or is closed"), mend=_("Choose a role from the list"), field="role")
def role_is_known(*, role: str, known: list[str]) -> bool:
    """Posts carry known roles only."""
    return role in known


@rule("SEC-28", says=_("Unknown permission: {permission}"), mend=_("Choose permissions from the list"), field="permissions")
def permission_is_known(*, permission: str, known: list[str]) -> bool:
    """Roles carry declared permissions only."""
    return permission in known


@rule("SEC-29", says=_("The figure {code} cannot have this value"), mend=_("Enter a value between {least} and {most}"), field="value")
def figure_fits(*, code: str, fits: bool, least: int, most: int) -> bool:
    """A policy figure is of its kind and within its bounds."""
    del code, least, most
    return fits


@rule("SEC-30", says=_("The end lies before the beginning"), mend=_("Correct the dates"), field="valid_until")
def period_runs_forward(*, valid_from: datetime, valid_until: datetime | None) -> bool:
    """A post ends after it began."""
    return valid_until is None or valid_until > valid_from


@rule("SEC-31", says=_("The organisation {org_id} lies outside your area of responsibility"),
      mend=_("Ask an administrator of that organisation or of a level above it"), field="org_id")
def org_within_scope(*, org_id: int, inside: bool) -> bool:
    """Rights are managed within one's own branch of the tree."""
    del org_id
    return inside


@rule("SEC-32", says=_("The organisation {org_id} is closed"), mend=_("Choose an open one"), field="org_id")
def org_is_open(*, org_id: int, active: bool) -> bool:
    """Nothing new begins at a closed organisation."""
    del org_id
    return active


@rule("SEC-33", says=_("You are the last person who can manage roles"), mend=_("Give the right to somebody else first"))
def somebody_remains(*, others: int) -> bool:
    """The house never loses its last administrator."""
    return others > 0
