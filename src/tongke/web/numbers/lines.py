"""Which line somebody means: by its present service number or its id."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.inventory import queries as inventory
from tongke.areas.inventory.queries import LineBrief
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.keys import phone_e164


class LineUnknown(Refused):
    """No line in scope is known by what was typed."""

    code = "WEB-70"
    says = _("There is no line {line} within your area")
    mend = _("Give the service number that the line has now, or its id")
    status = 422


def line_meant(text: str, *, by: Actor) -> LineBrief:
    """Return the line that somebody names. Raises ``LineUnknown``."""
    given = text.strip()
    try:
        return inventory.line_brief(UUID(given), by=by)
    except ValueError:
        found = inventory.line_with_number(phone_e164(given) or given, by=by)
    except NotFound:
        found = None
    if found is None:
        raise LineUnknown(line=given, field="line")
    return found


def customer_of(line_id: UUID, *, by: Actor) -> UUID | None:
    """Return whose line it is, where the actor may see lines and this one is within scope."""
    if not by.may("inventory.view"):
        return None
    try:
        return inventory.line_brief(line_id, by=by).customer_id
    except NotFound:
        return None
