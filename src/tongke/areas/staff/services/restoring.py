"""Restoring a staff account or a role to what the audit trail says it was (X18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.staff.errors import NotRestorable
from tongke.areas.staff.models import Role, Staff
from tongke.areas.staff.queries.orgs import within_scope
from tongke.areas.staff.queries.trail import TrailKey, trail_row
from tongke.areas.staff.services.grants import Outcome, change_role
from tongke.areas.staff.services.sessions import end_sessions_of
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb

STAFF_FIELDS = ("name_zh", "name_en", "email", "phone", "locale", "oidc_issuer", "oidc_subject", "is_active")


@verb("staff.restore")
def restore(*, key: TrailKey, by: Actor, at: datetime) -> Outcome:
    """Bring a staff account or a role back to the state before the trail's entry ``key``.

    The restoration is itself a change in the trail; a role with sensitive permissions waits for a second person.
    Raises ``NotFound``, ``NotRestorable``.
    """
    row = trail_row(key=key, by=by)
    if row.before is None:
        raise NotRestorable
    if row.table_name == "staff_staff":
        return _restore_staff(UUID(row.row_id), row.before, by=by)
    if row.table_name == "staff_role":
        return _restore_role(row.before, by=by, at=at)
    raise NotRestorable


def _restore_staff(staff_id: UUID, before: dict[str, Any], *, by: Actor) -> Outcome:
    staff = Staff.objects.select_for_update(of=("self",)).select_related("org").filter(id=staff_id).first()
    if staff is None or not within_scope(staff.org, by=by) or staff.id == by.staff_id:
        raise NotFound
    for name in STAFF_FIELDS:
        if name in before:
            setattr(staff, name, before[name])
    staff.save(update_fields=list(STAFF_FIELDS))
    if not staff.is_active:
        end_sessions_of(staff.id)
    return Outcome(done=True)


def _restore_role(before: dict[str, Any], *, by: Actor, at: datetime) -> Outcome:
    if not Role.objects.filter(code=before["code"]).exists():
        raise NotFound
    return change_role(
        code=before["code"], permissions=before["permissions"], name_zh=before["name_zh"], name_en=before["name_en"],
        home=before["home"], by=by, at=at,
    )
