"""Rules of moving a customer to another organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("PTY-90", says=_("Customers are kept by a local network, a province or the group"),
      mend=_("Choose one of these that is open, not a unit"), field="to_org")
def destination_keeps_customers(*, kind: str) -> bool:
    """Rows of customers never belong to a unit."""
    return kind in ("group", "province", "local_network")


@rule("PTY-91", says=_("The customer belongs to this organisation already"), mend=_("Choose another organisation"), field="to_org")
def destination_is_another(*, from_org: int, to_org: int) -> bool:
    """A move goes somewhere else."""
    return from_org != to_org


@rule("PTY-92", says=_("The organisation lies outside your area of responsibility"),
      mend=_("Ask the level above both organisations to move the customer"), field="to_org")
def destination_in_sight(*, seen: bool) -> bool:
    """Who moves a customer answers for both ends (T33)."""
    return seen


@rule("PTY-93", says=_("A move needs a reason"), mend=_("Say why the customer changes the organisation"), field="reason")
def reason_for_move(*, reason: str) -> bool:
    """Moves are told to the auditor."""
    return bool(reason.strip())
