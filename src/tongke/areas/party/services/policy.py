"""Changing the figures of policy: dated, from now or a later day on, never backwards; for the group or a level below (T33)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from pydantic import ValidationError

from tongke.areas.party.errors import PastPolicy, PolicyRefused
from tongke.areas.party.models import PolicyFigure
from tongke.areas.party.policy import GROUP, LABELS, LOCKED, locked_by, policy_at
from tongke.areas.party.queries.policy import figures_in_force, levels_of
from tongke.areas.party.rules.customers import reason_is_given
from tongke.areas.party.rules.policy import levels_above_permit, org_sets_policy, own_figure_to_withdraw, policy_org_in_sight
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb


@verb("party.policy")
def set_policy(
    name: str, value: Any, *, valid_from: datetime | None = None, reason: str, org_id: int = GROUP, may_override: bool | None = None,
    by: Actor, at: datetime,
) -> None:
    """Set a figure for an organisation and all below it from ``valid_from`` (``None``: now) on; the organisation's own
    one before ends there, a planned later one is replaced.

    ``may_override`` says whether lower levels may set their own; ``None`` keeps what the organisation's figure said, for a
    first one the default of the figure (``policy.LOCKED``). Raises ``PolicyRefused`` where the figure has not its form or
    range, ``PastPolicy`` for a start that is over, ``RulesBroken`` (PTY-23, PTY-84 to PTY-86).
    """
    starts = _start(name, valid_from, at=at)
    broken = [*_broken_at(org_id, reason=reason, by=by), *_locked(name, org_id, on=starts)]
    fault = _misformed(name, value, org_id=org_id, on=starts)
    if fault and not broken:
        raise PolicyRefused(field="value", why=fault)
    if fault:
        broken.append(Broken(PolicyRefused.code, PolicyRefused.says, PolicyRefused.mend, "value", {"why": fault}))
    require(broken)
    own = _own_figures(name, org_id)
    if may_override is None:
        held = figures_in_force(own, at=starts).first()
        may_override = held.may_override if held else name not in LOCKED
    _end_at(own, starts)
    PolicyFigure.objects.create(org_id=org_id, name=name, value=value, may_override=may_override, valid_from=starts,
                                reason=reason.strip(), set_by=by.name)


@verb("party.policy")
def withdraw_policy(name: str, *, org_id: int, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw an organisation's own figure from ``valid_from`` (``None``: now) on, a planned one too: what the level above
    has holds again. Raises ``PolicyRefused``, ``PastPolicy``, ``RulesBroken`` (PTY-23, PTY-84, PTY-85, PTY-87).
    """
    starts = _start(name, valid_from, at=at)
    own = _own_figures(name, org_id)
    standing = own.exclude(valid_until__lte=starts)
    require([*_broken_at(org_id, reason=reason, by=by),
             *collect((own_figure_to_withdraw, {"own": standing.count(), "is_group": org_id == GROUP}))])
    standing.filter(valid_from__lt=starts).update(withdrawn_reason=reason.strip(), withdrawn_by=by.name)
    _end_at(own, starts)


def _start(name: str, valid_from: datetime | None, *, at: datetime) -> datetime:
    if valid_from is not None and valid_from < at:
        raise PastPolicy(field="valid_from")
    if name not in LABELS:
        raise PolicyRefused(field="name", why=name)
    return valid_from or at


def _broken_at(org_id: int, *, reason: str, by: Actor) -> list[Broken]:
    org = staff.org_labels().get(org_id)
    return collect(
        # The group's figures stand before any organisation is planted.
        (org_sets_policy, {"org_kind": org.kind if org and org.active else "group" if org is None and org_id == GROUP else ""}),
        (policy_org_in_sight, {"seen": by.sees(org_id)}),
        (reason_is_given, {"reason": reason}),
    )


def _locked(name: str, org_id: int, *, on: datetime) -> list[Broken]:
    above = levels_of(org_id)[:-1]
    figures = figures_in_force(PolicyFigure.objects.filter(name=name, org_id__in=above), at=on)
    locks = locked_by(dict(figures.values_list("org_id", "may_override")), above)
    return collect((levels_above_permit, {"locks": locks, "level": staff.org_name(locks)}))


def _misformed(name: str, value: Any, *, org_id: int, on: datetime) -> str:
    policy = policy_at(on, org_id)
    try:
        policy.model_validate({**policy.model_dump(mode="json"), name: value})
    except ValidationError as fault:
        return "; ".join(error["msg"] for error in fault.errors())[:300]
    return ""


def _own_figures(name: str, org_id: int) -> QuerySet[PolicyFigure]:
    """Return the organisation's own figures of this name, which none else changes until the verb ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('party_policy'), hashtext(%s))", [name])
    return PolicyFigure.objects.filter(name=name, org_id=org_id)


def _end_at(own: QuerySet[PolicyFigure], ends: datetime) -> None:
    own.filter(valid_from__gte=ends).delete()
    own.filter(valid_until=None).update(valid_until=ends)
    own.filter(valid_from__lt=ends, valid_until__gt=ends).update(valid_until=ends)
