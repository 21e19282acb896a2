"""Large exports: a second person approves exactly this list with exactly these filters, and the file is made once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import services
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.states import LookKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit.export import Export

KIND = "bulk_export"
GROUP = 1


class ReasonNeeded(Refused):
    """A large export is asked for without a reason."""

    code = "SEC-13"
    says = _("Say what the export is for")
    mend = _("Give a reason that the second person can judge")
    status = 422


def subject(list_name: str, address: str) -> str:
    """Return what the request is about: the list, and a digest that holds its filters fast."""
    return f"{list_name} #{hashlib.sha256(address.encode()).hexdigest()[:12]}"


def _org_of(by: Actor) -> int:
    return int(by.extra.get("base_org_id") or by.org_id or GROUP)


def ask(list_name: str, address: str, reason: str, *, by: Actor, at: datetime) -> str:
    """Ask a second person for the export of a list as ``address`` narrows it; return the request's page. Raises ``ReasonNeeded``."""
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    asked = services.request_approval(
        kind=KIND, subject=subject(list_name, address), org_id=_org_of(by), reason=reason, payload={"address": address}, by=by, at=at,
    )
    return f"/approvals/{asked.id}"


def granted(approval: str, list_name: str, address: str, *, by: Actor, at: datetime) -> bool:
    """Use an approval up for this very list and these filters; tell whether there was one."""
    try:
        services.use_approval(
            kind=KIND, subject=subject(list_name, address), payload={"address": address}, approval_id=UUID(approval), by=by, at=at,
        )
    except (ApprovalNeeded, ValueError):
        return False
    return True


def logged(list_name: str, count: int, *, by: Actor, at: datetime) -> None:
    """Leave the trace of an export before its first byte leaves; ``count`` stops one above the limit."""
    services.record_look(
        kind=LookKind.EXPORT, customer_id=None, org_id=_org_of(by), purpose=KIND, clear=[k for k in by.clear_setting.split(",") if k],
        detail={"list": list_name, "rows": count}, by=by, at=at,
    )


def controlled_export(permission: str, filename: str, *, rows_max: int = 1000) -> Export:
    """Declare a list's export: up to ``rows_max`` rows at once, more after a second person's approval; each leaves a trace."""
    return Export(permission=permission, rows_max=rows_max, filename=filename, approve=ask, approved=granted, logged=logged)
