"""Events and reactions. ``publish`` writes the fact and defers each reaction in the same transaction.

Reactions run at least once and take effect once: the run row is locked, the reaction's work and the
row's ``done`` are one transaction, and ``(event_id, reaction)`` is unique.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from pydantic import BaseModel, ConfigDict

from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.models import OutboxEvent, ReactionRun
from tongke.kernel.verb import verb

_events: dict[str, type[Event]] = {}
_reactions: dict[str, list[tuple[str, Callable[..., None]]]] = {}


class Event(BaseModel):
    """A fact announced by an area: frozen, keyword-only, past tense.

    The wire name is ``<area>.<snake_case_of_class>.v<version>``, derived from where the class lives.
    ``subject_id``, ``customer_id`` and ``org_id`` place the event on timelines and in scopes.
    """

    model_config = ConfigDict(frozen=True)
    version: ClassVar[int] = 1
    wire: ClassVar[str] = ""

    subject_id: UUID
    customer_id: UUID | None = None
    org_id: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # The room's name, also where its events are split by noun into a folder.
        words = cls.__module__.split(".")
        area = words[words.index("areas") + 1] if "areas" in words[:-1] else words[-2]
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.wire = f"{area}.{snake}.v{cls.version}"
        _events[cls.wire] = cls


def reaction(event: type[Event]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a function of ``reactions/<area>.py`` as a reaction to ``event``.

    It is called as ``f(event=..., by=..., at=...)`` where ``at`` is when the event occurred.
    """

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        name = f"{function.__module__.split('.')[-1]}.{function.__name__}"
        _reactions.setdefault(event.wire, []).append((name, function))
        return function

    return declare


def publish(event: Event, *, by: Actor, at: datetime) -> UUID:
    """Write ``event`` to the outbox and defer its reactions; must run inside the business transaction."""
    row = outbox_row(event, by=by, at=at)
    OutboxEvent.objects.create(**row)
    defer_reactions(row)
    event_id: UUID = row["id"]
    return event_id


def outbox_row(event: Event, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return the outbox row of ``event``, for a verb that writes it within a statement of its own.

    Such a verb calls ``defer_reactions`` with the row in the same transaction; all others call ``publish``.
    """
    return {
        "id": uuid7(), "occurred_at": at, "name": event.wire, "org_id": event.org_id, "customer_id": event.customer_id,
        "subject_id": event.subject_id, "actor": by.name, "payload": event.model_dump(mode="json"),
    }


def has_reactions(event: type[Event]) -> bool:
    """Tell whether any reaction to ``event`` is declared."""
    return event.wire in _reactions


def defer_reactions(row: dict[str, Any]) -> None:
    """Note every reaction to a written event as waiting and put it into the queue."""
    waiting = _reactions.get(row["name"], [])
    if waiting:
        ReactionRun.objects.bulk_create(
            ReactionRun(event_id=row["id"], event_at=row["occurred_at"], reaction=name, created_at=row["occurred_at"]) for name, _f in waiting
        )
        for name, _f in waiting:
            _defer(row["id"], name)


def _defer(event_id: UUID, name: str) -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415 - the queue needs Django's apps loaded

    app.configure_task("tongke.react").defer(event_id=str(event_id), reaction=name)


def run_reaction(*, event_id: UUID, reaction: str) -> bool:
    """Run one reaction unless it is done; returns whether it did anything.

    The run row stays locked while the work is done, so a second worker waits and then finds it done.
    A failure is recorded on the row (visible on the reactions page) and raised for the queue to retry.
    """
    by = system_actor(f"reaction.{reaction}")
    with acting(by):
        try:
            with transaction.atomic():
                run = ReactionRun.objects.select_for_update().get(event_id=event_id, reaction=reaction)
                if run.state == "done":
                    return False
                row = OutboxEvent.objects.get(id=event_id, occurred_at=run.event_at)
                function = dict(_reactions.get(row.name, []))[reaction]
                function(event=_events[row.name].model_validate(row.payload), by=by, at=row.occurred_at)
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE kernel_reaction_run SET state = 'done', done_at = now(), attempts = attempts + 1, error = ''"
                        " WHERE id = %s", [run.id],
                    )
        except Exception as fault:
            ReactionRun.objects.filter(event_id=event_id, reaction=reaction).exclude(state="done").update(
                state="failed", error=f"{type(fault).__name__}: {fault}"[:2000],
            )
            raise
    return True


def open_reactions(actor: Actor) -> QuerySet[ReactionRun]:
    """Reactions that are not done, failed ones among them; needs ``operations.view``."""
    actor.require("operations.view")
    return ReactionRun.objects.exclude(state="done")


@verb("operations.retry")
def retry_reaction(*, run_id: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the frame of a verb asks for it
    """Put a reaction that failed back into the queue; raises ``NotFound`` where it is done or unknown."""
    del at
    run = ReactionRun.objects.select_for_update().exclude(state="done").filter(id=run_id).first()
    if run is None:
        raise NotFound
    ReactionRun.objects.filter(id=run.id).update(state="waiting")
    _defer(run.event_id, run.reaction)


def all_events() -> dict[str, type[Event]]:
    """Every declared event by wire name."""
    return dict(sorted(_events.items()))


def all_reactions() -> dict[str, list[str]]:
    """Names of the reactions of every event."""
    return {wire: [name for name, _f in found] for wire, found in sorted(_reactions.items())}
