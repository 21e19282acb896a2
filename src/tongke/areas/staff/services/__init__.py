"""Verbs of the staff room."""

from tongke.areas.staff.services.approvals import approve, refuse, request_approval, require_approval, use_approval, withdraw
from tongke.areas.staff.services.attempts import Source, account_index, wait_seconds
from tongke.areas.staff.services.clients import (
    NewClient,
    change_client_limits,
    change_client_roles,
    end_client,
    register_client,
    rotate_client_secret,
)
from tongke.areas.staff.services.grants import Outcome, change_post_roles, change_role, end_post, open_post
from tongke.areas.staff.services.looks import checked_purpose, record_look, record_looks, record_reveal
from tongke.areas.staff.services.orgs import create_org, deactivate_org, move_org, reactivate_org, rename_org
from tongke.areas.staff.services.people import (
    change_own_password,
    change_staff,
    create_staff,
    deactivate_staff,
    reactivate_staff,
    reset_password,
    set_preferences,
)
from tongke.areas.staff.services.permits import admit
from tongke.areas.staff.services.personal_tokens import NewKey, make_assistant_key, record_assistant_call, revoke_assistant_key
from tongke.areas.staff.services.policy_figures import set_policy_figure
from tongke.areas.staff.services.restoring import restore
from tongke.areas.staff.services.roles import seed_roles
from tongke.areas.staff.services.second_factor import (
    Enrolment,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from tongke.areas.staff.services.sessions import end_other_sessions, end_session, forget_sign_ins, sign_out, switch_post
from tongke.areas.staff.services.sign_in import Welcome, check_own_password, show_second_factor, sign_in, sign_in_with_identity
from tongke.areas.staff.services.tokens import IssuedToken, identify_client, issue_token, revoke_token
from tongke.areas.staff.services.tray import forget_filter, mark_notifications_read, notify, save_filter

__all__ = [
    "Enrolment",
    "IssuedToken",
    "NewClient",
    "NewKey",
    "Outcome",
    "Source",
    "Welcome",
    "account_index",
    "admit",
    "approve",
    "begin_second_factor",
    "change_client_limits",
    "change_client_roles",
    "change_own_password",
    "change_post_roles",
    "change_role",
    "change_staff",
    "check_own_password",
    "checked_purpose",
    "confirm_second_factor",
    "create_org",
    "create_staff",
    "deactivate_org",
    "deactivate_staff",
    "end_client",
    "end_other_sessions",
    "end_post",
    "end_session",
    "forget_filter",
    "forget_sign_ins",
    "identify_client",
    "issue_token",
    "make_assistant_key",
    "mark_notifications_read",
    "move_org",
    "notify",
    "open_post",
    "reactivate_org",
    "reactivate_staff",
    "record_assistant_call",
    "record_look",
    "record_looks",
    "record_reveal",
    "refuse",
    "register_client",
    "remove_second_factor",
    "rename_org",
    "renew_recovery_codes",
    "request_approval",
    "require_approval",
    "reset_password",
    "restore",
    "revoke_assistant_key",
    "revoke_token",
    "rotate_client_secret",
    "save_filter",
    "seed_roles",
    "set_policy_figure",
    "set_preferences",
    "show_second_factor",
    "sign_in",
    "sign_in_with_identity",
    "sign_out",
    "switch_post",
    "use_approval",
    "wait_seconds",
    "withdraw",
]
