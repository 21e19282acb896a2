"""Verbs of the staff room."""

from tongke.areas.staff.services.attempts import Source, account_index, wait_seconds
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
from tongke.areas.staff.services.roles import seed_roles
from tongke.areas.staff.services.second_factor import (
    Enrolment,
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
)
from tongke.areas.staff.services.sessions import end_other_sessions, end_session, sign_out, switch_post
from tongke.areas.staff.services.sign_in import Welcome, show_second_factor, sign_in, sign_in_with_identity

__all__ = [
    "Enrolment", "Source", "Welcome", "account_index", "begin_second_factor", "change_own_password", "change_staff",
    "confirm_second_factor", "create_org", "create_staff", "deactivate_org", "deactivate_staff", "end_other_sessions", "end_session",
    "move_org", "reactivate_org", "reactivate_staff", "remove_second_factor", "rename_org", "renew_recovery_codes", "reset_password",
    "seed_roles", "set_preferences", "show_second_factor", "sign_in", "sign_in_with_identity", "sign_out", "switch_post",
    "wait_seconds",
]
