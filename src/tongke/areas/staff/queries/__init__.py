"""Reads of the staff room: who acts, the organisation, people, approvals, trails."""

from tongke.areas.staff.queries.orgs import OrgLabel, base_org_id, branch, org_labels, org_name, orgs_offered, orgs_visible_to, scope_of
from tongke.areas.staff.queries.people import own_posts, posts_of, valid_at
from tongke.areas.staff.queries.sessions import actor_of_document, actor_of_session, own_sessions

__all__ = [
    "OrgLabel", "actor_of_document", "actor_of_session", "base_org_id", "branch", "org_labels", "org_name", "orgs_offered",
    "orgs_visible_to", "own_posts", "own_sessions", "posts_of", "scope_of", "valid_at",
]
