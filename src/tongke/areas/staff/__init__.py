"""The operator's own people: organisation, posts, roles, sessions, approvals."""
