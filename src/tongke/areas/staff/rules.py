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


@rule("SEC-44", says=_("A key for an assistant lives between 1 and {most} days"), mend=_("Choose fewer days; where none are allowed, ask the administrator"),
      field="days")
def assistant_key_is_short_lived(*, days: int, most: int) -> bool:
    """Policy bounds the life of a key; nought days allow none."""
    return 1 <= days <= most


@rule("SEC-45", says=_("You hold {count} keys for assistants already"), mend=_("Take back one that you no longer use"))
def assistant_keys_are_few(*, count: int) -> bool:
    """Nobody keeps an eye on more than twenty keys."""
    return count < 20


@rule("SEC-46", says=_("The key needs a name of at most 60 characters"), mend=_("Name the program that is to use it"), field="name")
def assistant_key_is_named(*, name: str) -> bool:
    """A list of keys without names could not be tidied."""
    return 0 < len(name.strip()) <= 60


@rule("SEC-50", says=_("A client's name may hold small letters, digits, dot, dash and underline, 3 to 60 of them"),
      mend=_("Choose another name"), field="name")
def client_name_is_plain(*, name: str) -> bool:
    """Names of clients stand in the audit trail and in row-level settings: they stay plain."""
    plain = set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    return 3 <= len(name) <= 60 and set(name) <= plain and name[0].isalnum()


@rule("SEC-51", says=_("There is a client named {name} already"), mend=_("Choose another name"), field="name")
def client_name_is_free(*, name: str, taken: bool) -> bool:
    """A name stands for one client, for ever."""
    return not taken


@rule("SEC-52", says=_("{network} is not a network"), mend=_("Write networks like 10.1.2.0/24 or 2001:db8::/32"), field="networks")
def network_is_written_well(*, network: str, readable: bool) -> bool:
    """Networks are written as CIDR."""
    return readable


@rule("SEC-53", says=_("A rate lies between 0 (no limit) and {most} requests a minute"), mend=_("Correct the rate"), field="per_minute")
def rate_is_possible(*, per_minute: int, most: int) -> bool:
    """Rates are whole numbers within bounds."""
    return 0 <= per_minute <= most


@rule("SEC-54", says=_("The scope word {word} names no permission"),
      mend=_("Write a permission (party.view), an area (party.*), or read, write, party:read, party:write"), field="scopes")
def scope_word_is_known(*, word: str, known: bool) -> bool:
    """Every word of a scope names at least one declared permission."""
    return known


@rule("SEC-55", says=_("The client {name} has ended"), mend=_("Register a new one"), field="client_id")
def client_is_alive(*, name: str, valid_until: datetime | None, at: datetime) -> bool:
    """What has ended does not change any more."""
    return valid_until is None or valid_until > at


@rule("SEC-56", says=_("The organisation {org_id} is a unit and keeps no records of its own"),
      mend=_("Choose the local network, province or group above it"), field="org_id")
def org_keeps_rows(*, org_id: int, kind: str) -> bool:
    """A client works on rows, and no row belongs to a unit."""
    return kind != OrgKind.UNIT


@rule("SEC-57", says=_("A client needs at least one role"), mend=_("Choose a role; to stop a client, end it"), field="roles")
def client_has_role(*, roles: list[str]) -> bool:
    """A client without a role could do nothing."""
    return bool(roles)
