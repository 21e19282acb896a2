"""What the staff room offers other channels to read of roles and posts, column by column."""

from __future__ import annotations

import hashlib
from uuid import UUID

from tongke.kernel.rows import Rows, boolean, instant, integer, key, text
from tongke.kernel.schema import ORG_POLICY

ROLE_KEY = "md5('staff_role:' || {})::uuid"

# Roles hold in the whole house: they are the group's.
ROLES = Rows(
    source="staff_role sr", key=ROLE_KEY.format("sr.code"), org="1",
    columns={"id": key(ROLE_KEY.format("sr.code")), "code": text("sr.code"), "name_zh": text("sr.name_zh"), "name_en": text("sr.name_en"),
             "active": boolean("sr.active")},
)
ENTITLEMENTS = Rows(
    source="staff_role er CROSS JOIN LATERAL unnest(er.permissions) ep(code)", key="ep.code", org="1",
    columns={"role": text("er.code"), "id": text("ep.code"), "function": text("split_part(ep.code, '.', 1)"),
             "action": text("split_part(ep.code, '.', 2)")},
)
POSTS = Rows(
    source="staff_post sp JOIN staff_post_right pr ON pr.post_id = sp.id JOIN staff_staff su ON su.id = sp.staff_id", key="sp.id",
    org="pr.base_org_id", where=f"({ORG_POLICY.format(org='pr.base_org_id')})",
    columns={
        "id": key("sp.id"), "base_org_id": integer("pr.base_org_id"), "staff_id": key("sp.staff_id"), "staff_name": text("su.name_zh"),
        "title": text("nullif(sp.title, '')"), "valid_from": instant("sp.valid_from"), "valid_until": instant("sp.valid_until"),
    },
)
ROLES_OF_POSTS = Rows(
    source="staff_post ap JOIN staff_org ao ON ao.id = ap.org_id CROSS JOIN LATERAL unnest(ap.roles) au(code)",
    key=ROLE_KEY.format("au.code"), org="ap.org_id",
    columns={"post_id": key("ap.id"), "role_id": key(ROLE_KEY.format("au.code")), "role": text("au.code"), "org_id": text("ap.org_id::text"),
             "org_name": text("ao.name_zh")},
)
RIGHTS_OF_POSTS = Rows(
    source="staff_post_right gr CROSS JOIN LATERAL unnest(gr.permissions) gp(code)", key="gp.code", org="gr.base_org_id",
    columns={"post_id": key("gr.post_id"), "id": text("gp.code"), "function": text("split_part(gp.code, '.', 1)"),
             "action": text("split_part(gp.code, '.', 2)"), "org_id": text("gr.base_org_id::text")},
)


def role_key(code: str) -> UUID:
    """Return the id by which other systems know a role; roles themselves are known by their codes."""
    return UUID(hashlib.md5(f"staff_role:{code}".encode(), usedforsecurity=False).hexdigest())
