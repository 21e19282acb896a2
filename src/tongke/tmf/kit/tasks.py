"""Tasks: resources that do something when they are created, and whose document tells afterwards what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.tmf.kit.declared import Resource, Told
from tongke.tmf.kit.kept import KEPT, KeptDocumentCreated, put_down
from tongke.tmf.kit.shapes import Shape, instant_text

# run(document, *, by, at) -> what of the document it answers; everything else stays as it was sent.
Run = Callable[..., Mapping[str, Any]]
DONE = "done"


def task_resource(
    name: str, document: type[Shape], *, about: str, run: Run, view: str, may_run: str, required: tuple[str, ...] = (),
    server_set: frozenset[str] = frozenset(), created: str = "creationDate", completed: str = "", state_attribute: str = "state",
    told: tuple[str, ...] = (), after: Callable[..., None] | None = None, **more: Any,
) -> Resource:
    """Declare a task of an official file: POST runs it in the same transaction, GET reads what came of it.

    ``run`` asks the verbs of rooms, which check the actor's permission beside ``may_run``; what it refuses undoes the task.
    ``created`` and ``completed`` name the attributes of its instants, empty where there are none. ``told`` are the
    endings of its official events that are told when it is done (Create, StateChange). ``after(id, *, by)`` is called once the document
    is kept, by tasks that are worked off later.
    """
    type_ = name[0].upper() + name[1:]
    made: Resource

    def create(shape: Shape, *, by: Actor, at: datetime) -> UUID:
        sent = {key: value for key, value in shape.document().items() if key not in {"id", "href"}}
        stamps = {attribute: instant_text(at) for attribute in (created, completed) if attribute}
        record_id = put_down(made, sent | stamps | {state_attribute: DONE} | dict(run(shape, by=by, at=at)), by=by, at=at)
        if after is not None:
            after(record_id, by=by)
        return record_id

    def of_this(payload: Mapping[str, Any]) -> bool:
        return bool(payload.get("resource") == made.stored_as)

    stamped = frozenset({attribute for attribute in (created, completed) if attribute})
    made = Resource(
        name=name, type=type_, document=document, rows=KEPT, attributes={}, view=view, about=about, create=create, required=required, kept=True,
        server_set=frozenset({"id", "href", state_attribute}) | stamped | server_set, methods=("GET", "POST"), may_create=may_run,
        state_attribute=state_attribute, told=tuple(Told(event=KeptDocumentCreated, type=f"{type_}{word}Event", when=of_this) for word in told), **more,
    )
    return made
