"""Permission codes of the staff room. Every person who is signed in holds ``staff.own`` by the database's own doing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("staff.own", _("Look after one's own profile, sessions and second factor")),
    Permission("staff.view", _("See the organisation and colleagues")),
    Permission("staff.manage_orgs", _("Change the organisation tree"), sensitive=True),
    Permission("staff.manage_staff", _("Create and end staff accounts and posts"), sensitive=True),
    Permission("staff.manage_roles", _("Change what roles may do"), sensitive=True),
    Permission("staff.grant_roles", _("Ask for roles to be granted and take them away"), sensitive=True),
    Permission("staff.approve", _("Approve rights as the second person"), sensitive=True),
    Permission("staff.policy", _("Change the figures of sign-in policy"), sensitive=True),
    Permission("staff.view_audit", _("See the audit trail")),
    Permission("staff.audit_clear", _("Read personal data in the audit trail unmasked"), sensitive=True),
    Permission("staff.view_looks", _("See who looked at whose data")),
    Permission("staff.restore", _("Restore records from the audit trail"), sensitive=True),
)
# What other systems do here: the machine clients themselves, and what their callers subscribe to and leave.
INTEGRATION = declare(
    Permission("integration.view", _("See interfaces, machine clients and subscriptions")),
    Permission("integration.clients", _("Register and end machine clients and their secrets"), sensitive=True),
    Permission("integration.subscribe", _("Subscribe to events")),
    Permission("integration.replay", _("Send failed event deliveries again")),
    Permission("integration.documents", _("Keep reference documents of other systems")),
)
