"""Pages of the staff room: sign-in, one's own account, organisation, people, roles, approvals, trails."""
