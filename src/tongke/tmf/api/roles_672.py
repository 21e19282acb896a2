"""TMF672 User Roles and Permissions, v4: a role of the house is a userRole, a post with its roles is a permission.

Whatever gives or takes a sensitive permission waits for a second person, and the official API knows no answer for that:
it is refused (SEC-08), to be asked for on the page of roles or people. Everything else is done at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.events import PostChanged, RoleChanged
from tongke.areas.staff.queries.records import ENTITLEMENTS, POSTS, RIGHTS_OF_POSTS, ROLES, ROLES_OF_POSTS, role_key
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.kernel.permissions import all_permissions
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.errors import AlreadyThere, UnknownReference
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj, Sql
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.kit.shapes import Entity, Instant, Ref, RelatedParty, Shape, Text, TimePeriod

SLACK = timedelta(days=1)  # a grant begins when it is made: so far may the sender's clock and day differ


class Entitlement(Shape):
    """What a role allows: a function of the house and the action on it. The id is both, joined by a dot."""

    id: Text | None = None
    action: Text | None = None
    function: Text | None = None


def _in_order(entitlements: list[Entitlement] | None) -> list[Entitlement] | None:
    """Return each entitlement once, named in full, by id."""
    found: dict[str, Entitlement] = {}
    for one in entitlements or ():
        one.id = one.id or f"{one.function}.{one.action}"
        one.function, one.action = (part or None for part in one.id.partition(".")[::2])
        found.setdefault(one.id, one)
    return None if entitlements is None else [found[code] for code in sorted(found)]


class UserRole(Entity):
    """A role: a named set of entitlements."""

    involvement_role: Text | None = Field(None, description="The role's code: 3 to 40 small letters, digits, dot, dash or underline")
    entitlement: Annotated[list[Entitlement] | None, AfterValidator(_in_order)] = None


class AssetUserRole(Shape):
    """A role held at an organisation."""

    manageable_asset: Ref
    user_role: Ref


def _by_role(held: list[AssetUserRole] | None) -> list[AssetUserRole] | None:
    """Return the roles by their ids, which is how they are given back."""
    return None if held is None else sorted(held, key=lambda one: one.user_role.id)


class Privilege(Shape):
    """What the user may do at an organisation."""

    id: Text | None = None
    action: Text | None = None
    function: Text | None = None
    manageable_asset: Ref | None = None


class Permission(Entity):
    """A post: roles that a user holds at an organisation, for a period."""

    creation_date: Instant | None = Field(None, description="Set by the server")
    description: Text | None = None
    asset_user_role: Annotated[list[AssetUserRole] | None, AfterValidator(_by_role)] = None
    granter: RelatedParty | None = Field(None, description="Kept in the audit trail; set by the server")
    privilege: list[Privilege] | None = Field(None, description="All that follows from the roles; set by the server")
    user: RelatedParty | None = None
    valid_for: TimePeriod | None = None


ROLE: dict[str, Node] = {
    "id": Col("id"), "involvementRole": Col("code"),
    "entitlement": Many(ENTITLEMENTS, on=("role", "code"), parts={"id": Col("id"), "function": Col("function"), "action": Col("action")}),
}
ASSET: dict[str, Node] = {"id": Col("org_id"), "@referredType": Const("Organization")}
POST: dict[str, Node] = {
    "id": Col("id"), "creationDate": Col("valid_from"),
    "user": Obj({"id": Col("staff_id"), "name": Col("staff_name", loose=True), "@referredType": Sql("staff_id", "CASE WHEN {column} IS NOT NULL THEN 'Individual' END")}),
    "validFor": Obj({"startDateTime": Col("valid_from", loose=True), "endDateTime": Col("valid_until", loose=True)}),
    "assetUserRole": Many(ROLES_OF_POSTS, on=("post_id", "id"), parts={
        "manageableAsset": Obj({**ASSET, "name": Col("org_name", loose=True)}),
        "userRole": Obj({"id": Col("role_id"), "name": Col("role", loose=True), "href": Href("userrolepermission/v4/userRole", "role_id"),
                         "@referredType": Const("UserRole")})}),
    "privilege": Many(RIGHTS_OF_POSTS, on=("post_id", "id"), parts={
        "id": Col("id"), "function": Col("function"), "action": Col("action"), "manageableAsset": Obj(ASSET)}),
}


def _refuse_sensitive(codes: Iterable[str]) -> None:
    """Raise ``ApprovalNeeded`` where one of the permissions is given and taken by two persons only."""
    declared = all_permissions()
    if any(code in declared and declared[code].sensitive for code in codes):
        raise ApprovalNeeded


def _codes(role: UserRole) -> list[str]:
    return [str(one.id) for one in role.entitlement or ()]


def create_role(document: UserRole, *, by: Actor, at: datetime) -> UUID:
    """Make a role of permissions that are not sensitive."""
    code, wanted = str(document.involvement_role), _codes(document)
    if queries.roles().filter(code=code).exists():
        raise AlreadyThere(what=code, field="involvementRole")
    _refuse_sensitive(wanted)
    services.change_role(code=code, permissions=wanted, name_zh=code, name_en=code, reason="TMF672", by=by, at=at)
    return role_key(code)


def change_role(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Give a role exactly the entitlements named, as long as no sensitive one comes or goes."""
    del record_id
    held = queries.role_by_code(wanted.before.involvement_role)
    permissions = _codes(wanted.after)
    _refuse_sensitive(set(permissions) ^ set(held.permissions))
    services.change_role(code=held.code, permissions=permissions, name_zh=held.name_zh, name_en=held.name_en, home=held.home, reason="TMF672",
                         by=by, at=at)


def _roles_and_org(document: Permission) -> tuple[list[str], int]:
    """Return the codes of the roles and the one organisation they are held at. Raises ``Invalid``, ``UnknownReference``."""
    codes = {role_key(role.code): role.code for role in queries.roles()}
    held = document.asset_user_role or []
    roles: list[str] = []
    for one in held:
        code = codes.get(record_of(one.user_role.id, "assetUserRole.userRole.id"))
        if code is None:
            raise UnknownReference(path="assetUserRole.userRole.id", value=one.user_role.id[:60], field="assetUserRole.userRole.id")
        roles.append(code)
    places = {one.manageable_asset.id for one in held}
    if len(places) != 1:
        raise Invalid(what="assetUserRole.manageableAsset (one organisation)", field="assetUserRole.manageableAsset")
    (place,) = places
    if not (place.isascii() and place.isdigit() and len(place) < 10):
        raise UnknownReference(path="assetUserRole.manageableAsset.id", value=place[:60], field="assetUserRole.manageableAsset.id")
    return roles, int(place)


def _permissions_of(roles: Iterable[str]) -> set[str]:
    return {code for role in queries.roles().filter(code__in=list(roles)) for code in role.permissions}


def create_post(document: Permission, *, by: Actor, at: datetime) -> UUID:
    """Give a person a post with roles that carry nothing sensitive."""
    user = record_of(document.user.id if document.user else None, "user.id")
    roles, org = _roles_and_org(document)
    period = document.valid_for or TimePeriod()
    if period.start_date_time is not None and abs(period.start_date_time - at) > SLACK:
        raise Invalid(what="validFor.startDateTime", field="validFor.startDateTime")
    _refuse_sensitive(_permissions_of(roles))
    outcome = known("user.id", user, lambda: services.open_post(
        staff_id=user, org_id=org, roles=roles, valid_until=period.end_date_time, reason="TMF672", by=by, at=at))
    if outcome.post_id is None:
        raise ApprovalNeeded
    return outcome.post_id


def change_post(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Give a post other roles, or end it now."""
    before: Permission = wanted.before
    after: Permission = wanted.after
    held, org = _roles_and_org(before) if before.asset_user_role else ([], None)
    if before.valid_for and before.valid_for.end_date_time is not None and before.valid_for.end_date_time <= at:
        raise IllegalMove(verb="PATCH", state="ended", possible="-", field="validFor")
    if "assetUserRole" in wanted.changed:
        roles, there = _roles_and_org(after)
        if org is not None and there != org:
            raise Invalid(what="assetUserRole.manageableAsset", field="assetUserRole.manageableAsset")
        _refuse_sensitive(_permissions_of(set(roles) ^ set(held)))
        services.change_post_roles(post_id=record_id, roles=roles, reason="TMF672", by=by, at=at)
        held = roles
    if "validFor" in wanted.changed:
        end = after.valid_for.end_date_time if after.valid_for else None
        if end is None or abs(end - at) > SLACK:
            raise Invalid(what="validFor.endDateTime", field="validFor.endDateTime")
        _refuse_sensitive(_permissions_of(held))
        services.end_post(post_id=record_id, reason="TMF672", by=by, at=at)


METHODS = ("GET", "POST", "PATCH")
USER_ROLE = Resource(
    name="userRole", type="UserRole", document=UserRole, rows=ROLES, attributes=ROLE, view="staff.view",
    about="Roles: named sets of entitlements", required=("involvementRole", "entitlement"), create=create_role, change=change_role,
    may_create="staff.manage_roles", may_change="staff.manage_roles", fixed=frozenset({"involvementRole"}), methods=METHODS,
    told=(
        Told(event=RoleChanged, type="UserRoleCreateEvent", when=lambda payload: payload["what"] == "made"),
        Told(event=RoleChanged, type="UserRoleAttributeValueChangeEvent", when=lambda payload: payload["what"] == "changed"),
        # Roles are neither closed nor removed so far.
        Told(event=RoleChanged, type="UserRoleStateChangeEvent", when=lambda payload: payload["what"] in {"closed", "reopened"}),
        Told(event=RoleChanged, type="UserRoleDeleteEvent", when=lambda payload: payload["what"] == "removed", removes=True),
    ),
)
PERMISSION = Resource(
    name="permission", type="Permission", document=Permission, rows=POSTS, attributes=POST, view="staff.view",
    about="Posts: the roles that people hold at organisations", required=("user", "validFor", "assetUserRole"), create=create_post,
    change=change_post, may_create="staff.grant_roles", may_change="staff.grant_roles", methods=METHODS,
    server_set=frozenset({"id", "href", "creationDate", "granter", "privilege"}), fixed=frozenset({"user"}),
    told=(
        Told(event=PostChanged, type="PermissionCreateEvent", when=lambda payload: payload["what"] == "opened"),
        Told(event=PostChanged, type="PermissionAttributeValueChangeEvent", when=lambda payload: payload["what"] == "roles_changed"),
        Told(event=PostChanged, type="PermissionStateChangeEvent", when=lambda payload: payload["what"] == "ended"),
        Told(event=PostChanged, type="PermissionDeleteEvent", when=lambda payload: payload["what"] == "removed", removes=True),
    ),
)
APIS = [
    Api(number="672", version="v4", base="userrolepermission", title="User Roles and Permissions", resources=(USER_ROLE, PERMISSION),
        aliases=("userrolepermission/v4",), about="Who may do what, where, and for how long"),
]
