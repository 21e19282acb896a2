"""Parties in roles other than customer: begun, renamed, suspended, taken up again and ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events import PartyRoleBegun, PartyRoleChanged
from tongke.areas.party.models import PartyRole
from tongke.areas.party.rules.customers import changes_something, org_is_ones_own, others_are_read_only, role_is_named
from tongke.areas.party.rules.media import starts_by_now
from tongke.areas.party.services.records import open_record
from tongke.areas.party.states import PARTY_ROLE
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("party.create")
def begin_role(party_id: UUID | None, *, role: str, valid_from: datetime | None = None, by: Actor, at: datetime) -> UUID:
    """Let a party take a role from now, or from the earlier ``valid_from``; returns the role's id.

    ``None`` is a party that is not known yet: the actor's organisation keeps the role. Raises ``NotFound`` and
    ``RulesBroken`` (PTY-103: no name, or the role of customer, which has a verb of its own).
    """
    record = open_record(party_id, version=None) if party_id is not None else None
    org_id = record.org_id if record else by.base_org_id
    require(collect(
        (role_is_named, {"role": role}), (starts_by_now, {"valid_from": valid_from, "at": at}),
        (org_is_ones_own, {"sees_org": org_id is not None and by.sees(org_id)}),
        (others_are_read_only, {"own_rows_only": by.own_rows_of is not None and (record is None or record.customer is None)}),
    ))
    assert org_id is not None  # noqa: S101 - PTY-02 has just made sure
    made = PartyRole.objects.create(org_id=org_id, party_id=record.party_id if record else None, role=role.strip(), valid_from=valid_from or at)
    publish(PartyRoleBegun(subject_id=made.id, customer_id=record.id if record else None, org_id=org_id, party_id=made.party_id, role=made.role,
                           begun_at=made.valid_from), by=by, at=at)
    return made.id


def _locked(role_id: UUID, version: int | None) -> PartyRole:
    found = PartyRole.objects.select_for_update(no_key=True).filter(id=role_id).first()
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise Conflict
    return found


def _left(found: PartyRole, before: str, fields: tuple[str, ...], *, by: Actor, at: datetime) -> int:
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    publish(PartyRoleChanged(subject_id=found.id, org_id=found.org_id, party_id=found.party_id, role=found.role, before=before,
                             state=found.state, changed_at=at), by=by, at=at)
    return found.version


@verb("party.change")
def rename_role(role_id: UUID, *, role: str, version: int | None = None, by: Actor, at: datetime) -> int:
    """Give a role another name; returns its new version. Raises ``NotFound``, ``Conflict``, ``RulesBroken``."""
    found = _locked(role_id, version)
    require(collect((role_is_named, {"role": role}), (changes_something, {"changes": int(found.role != role.strip())})))
    found.role = role.strip()
    return _left(found, found.state, ("role",), by=by, at=at)


@verb("party.change")
def suspend_role(role_id: UUID, *, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> int:
    """Suspend a role; returns its new version. Raises ``IllegalMove`` where it is not active."""
    return _moved(role_id, "suspend", reason, version, by=by, at=at)


@verb("party.change")
def activate_role(role_id: UUID, *, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> int:
    """Take a suspended role up again; returns its new version. Raises ``IllegalMove``."""
    return _moved(role_id, "activate", reason, version, by=by, at=at)


@verb("party.change")
def end_role(role_id: UUID, *, reason: str = "", version: int | None = None, by: Actor, at: datetime) -> int:
    """End a role for good; it stays in the history. Returns its new version. Raises ``IllegalMove``."""
    return _moved(role_id, "terminate", reason, version, by=by, at=at)


def _moved(role_id: UUID, move: str, reason: str, version: int | None, *, by: Actor, at: datetime) -> int:
    found = _locked(role_id, version)
    before = found.state
    PARTY_ROLE.move(found, move, by=by, at=at, reason=reason.strip())
    found.valid_until = at if found.state == "terminated" else None
    return _left(found, before, ("state", "valid_until"), by=by, at=at)
