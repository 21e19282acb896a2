"""Recording contacts, and those that go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.contact_centre import events, rules
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.contact_centre.states import INTERACTION, Channel, Direction, InteractionKind, InteractionState
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

CORRECTABLE = ("subject", "body", "reference", "ended_at")
SECONDS_MAX = 2**31 - 1
WORDS = {"channel": Channel, "direction": Direction, "kind": InteractionKind, "state": InteractionState}


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from ``start`` to ``end``, as many as the column holds at most."""
    return min(int((end - start).total_seconds()), SECONDS_MAX)


def _refuse_unknown(**words: str) -> None:
    """Raise ``Invalid`` for a word that is none of its kind: the timeline, the API and the figures know only these."""
    for name, value in words.items():
        if value not in WORDS[name].values:
            raise Invalid(what=f"{value} ({', '.join(WORDS[name].values)})", field=name)


def locked_interaction(interaction_id: UUID) -> Interaction:
    """Return the contact within the actor's scope, locked; raises ``NotFound``."""
    found = Interaction.objects.select_for_update(of=("self",)).filter(id=interaction_id).first()
    if found is None:
        raise NotFound
    return found


@verb("contact_centre.record")
def record_interaction(
    *, customer_id: UUID, channel: str, direction: str, kind: str, subject: str, body: str = "",
    occurred_at: datetime | None = None, subscriber_id: UUID | None = None, reference: str = "",
    duration_seconds: int | None = None, ended_at: datetime | None = None, state: str = "completed", by: Actor, at: datetime,
) -> UUID:
    """Record a contact that took place at ``occurred_at`` (else now) and return its id. It is over unless ``state`` says
    that it goes on; ``ended_at`` tells how long it took, where ``duration_seconds`` does not. Raises ``Invalid`` and
    ``RulesBroken``, and ``NotFound`` for a customer out of sight.
    """
    _refuse_unknown(channel=channel, direction=direction, kind=kind, state=state)
    customer = parties.customer_brief(customer_id)
    happened = occurred_at or at
    require(collect(
        (rules.has_subject, {"subject": subject}), (rules.is_past, {"occurred_at": happened, "at": at}),
        (rules.ends_after_it_began, {"occurred_at": happened, "ended_at": ended_at}),
    ))
    if ended_at is not None and duration_seconds is None:
        duration_seconds = seconds_between(happened, ended_at)
    row = Interaction.objects.create(
        occurred_at=happened, org_id=customer.org_id, customer_id=customer.id, subscriber_id=subscriber_id, channel=channel,
        direction=direction, kind=kind, subject=subject.strip(), body=body, staff_id=by.staff_id, staff_name=by.display,
        reference=reference, duration_seconds=duration_seconds, ended_at=ended_at, state=state, created_at=at, state_at=at,
    )
    publish(events.ContactRecorded(
        subject_id=row.id, customer_id=customer.id, org_id=customer.org_id, channel=channel, direction=direction, kind=kind,
    ), by=by, at=at)
    return row.id


@verb("contact_centre.record")
def correct_interaction(*, interaction_id: UUID, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Change what of ``changes`` differs (``CORRECTABLE`` fields only) of a contact that goes on: channel, direction, time
    and customer stay.
    """
    row = locked_interaction(interaction_id)
    require(collect(
        (rules.still_goes_on, {"state": row.state}),
        (rules.has_subject, {"subject": changes.get("subject", row.subject)}),
        (rules.ends_after_it_began, {"occurred_at": row.occurred_at, "ended_at": changes.get("ended_at")}),
    ))
    different = [name for name in CORRECTABLE if name in changes and changes[name] != getattr(row, name)]
    if not different:
        return
    values = {name: changes[name] for name in different}
    if "ended_at" in values:
        ended = values["ended_at"]
        values["duration_seconds"] = None if ended is None else seconds_between(row.occurred_at, ended)
    Interaction.objects.filter(pk=row.pk).update(**values)
    publish(events.ContactChanged(subject_id=row.id, customer_id=row.customer_id, org_id=row.org_id, fields=different), by=by, at=at)


def _moved(interaction_id: UUID, move: str, *, by: Actor, at: datetime) -> None:
    row = locked_interaction(interaction_id)
    before = row.state
    INTERACTION.move(row, move, by=by, at=at)
    Interaction.objects.filter(pk=row.pk).update(state_at=at)
    publish(events.ContactStateChanged(
        subject_id=row.id, customer_id=row.customer_id, org_id=row.org_id, from_state=before, to_state=row.state,
    ), by=by, at=at)


@verb("contact_centre.record")
def begin_interaction(*, interaction_id: UUID, by: Actor, at: datetime) -> None:
    """Take an open contact up."""
    _moved(interaction_id, "begin", by=by, at=at)


@verb("contact_centre.record")
def complete_interaction(*, interaction_id: UUID, by: Actor, at: datetime) -> None:
    """Complete a contact that is open or in progress."""
    _moved(interaction_id, "complete", by=by, at=at)


@verb("contact_centre.record")
def remove_interaction(*, interaction_id: UUID, by: Actor, at: datetime) -> None:
    """Take a contact away that nobody took up; raises ``RulesBroken`` for all others."""
    row = locked_interaction(interaction_id)
    require(collect((rules.nobody_took_it_up, {"state": row.state})))
    Interaction.objects.filter(pk=row.pk).delete()
    publish(events.ContactRemoved(subject_id=row.id, customer_id=row.customer_id, org_id=row.org_id, channel=row.channel), by=by, at=at)
