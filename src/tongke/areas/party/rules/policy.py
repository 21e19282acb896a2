"""Rules of policy on three levels: who may set a figure, and where (T33)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule

POLICY_ORGS = ("group", "province", "local_network")


@rule("PTY-84", says=_("Figures of policy are set for the group, a province or a local network that is open"),
      mend=_("Choose one of these, not a unit"), field="org_id")
def org_sets_policy(*, org_kind: str) -> bool:
    """A figure hangs on an organisation that keeps rows; an empty kind is none that is open."""
    return org_kind in POLICY_ORGS


@rule("PTY-85", says=_("The organisation lies outside your area of responsibility"),
      mend=_("Ask the level above to set the figure"), field="org_id")
def policy_org_in_sight(*, seen: bool) -> bool:
    """Who sets a figure answers for the organisation that it is set at."""
    return seen


@rule("PTY-86", says=_("{level} lets no level below set its own figure"),
      mend=_("Ask {level} to permit it, or leave the figure as it is"), field="name")
def levels_above_permit(*, locks: int | None, level: str) -> bool:
    """Every level above that set the figure permits that lower levels set their own."""
    return locks is None


@rule("PTY-87", says=_("This organisation has no figure of its own that could be withdrawn"),
      mend=_("The group's figures are changed, others are inherited already"), field="name")
def own_figure_to_withdraw(*, own: int, is_group: bool) -> bool:
    """An override is withdrawn; the group has nothing above it to inherit from."""
    return own > 0 and not is_group
