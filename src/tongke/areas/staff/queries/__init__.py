"""Reads of the staff room: who acts, the organisation, people, approvals, trails."""

from tongke.areas.staff.queries.approvals import approval_visible, approvals_to_decide, approvals_visible_to, granted_approval
from tongke.areas.staff.queries.clients import (
    ClientRow,
    actor_of_token,
    client_by_id,
    client_by_name,
    client_known_by,
    clients_visible_to,
    token_hash,
    with_use,
)
from tongke.areas.staff.queries.orgs import (
    OrgLabel,
    base_org_id,
    branch,
    org_labels,
    org_name,
    orgs_offered,
    orgs_visible_to,
    scope_of,
    within_scope,
)
from tongke.areas.staff.queries.people import (
    own_account,
    own_posts,
    posts_of,
    recovery_codes_left,
    role_by_code,
    roles,
    roles_held,
    staff_by_id,
    staff_by_username,
    staff_counts,
    staff_names,
    staff_visible_to,
    valid_at,
)
from tongke.areas.staff.queries.policy_figures import FigureRow, policy_figures
from tongke.areas.staff.queries.sessions import actor_of_session, own_sessions
from tongke.areas.staff.queries.trail import TrailKey, TrailRow, audited_tables, looks, looks_page, trail, trail_entry, trail_row
from tongke.areas.staff.queries.tray import TrayLine, notifications, notifications_unread, saved_filters

__all__ = [
    
    "ClientRow",
    "FigureRow",
    "OrgLabel",
    
    "TrailKey",
    "TrailRow",
    "TrayLine",
    
    "actor_of_session",
    "actor_of_token",
    "approval_visible",
    "approvals_to_decide",
    "approvals_visible_to",
    
    
    "audited_tables",
    "base_org_id",
    "branch",
    "client_by_id",
    "client_by_name",
    "client_known_by",
    "clients_visible_to",
    "granted_approval",
    "looks",
    "looks_page",
    "notifications",
    "notifications_unread",
    "org_labels",
    "org_name",
    "orgs_offered",
    "orgs_visible_to",
    "own_account",
    "own_posts",
    "own_sessions",
    
    "policy_figures",
    "posts_of",
    "recovery_codes_left",
    "role_by_code",
    "roles",
    "roles_held",
    "saved_filters",
    "scope_of",
    "staff_by_id",
    "staff_by_username",
    "staff_counts",
    "staff_names",
    "staff_visible_to",
    "token_hash",
    "trail",
    "trail_entry",
    "trail_row",
    "valid_at",
    "with_use",
    "within_scope",
]
