"""Resources whose documents are kept whole, for which no room has records of its own: a shape and a name are enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import Event, publish
from tongke.kernel.rows import Rows, Walk, instant, integer, key, text
from tongke.kernel.verb import verb
from tongke.tmf.kit.declared import Change, Resource, Told
from tongke.tmf.kit.shapes import Shape

WRITE = "integration.documents"
KEPT = Rows(
    source="tmf_document t", key="t.id", org="t.org_id", walks={"created_at": Walk(org="t.org_id", sql="t.created_at", tie="t.id")},
    columns={"id": key("t.id"), "org_id": integer("t.org_id"), "created_at": instant("t.created_at"), "changed_at": instant("t.changed_at"),
             "resource": text("t.resource"), "state": text("t.state")},
)


class KeptDocumentCreated(Event):
    """A document that is kept whole was created."""

    resource: str


class KeptDocumentChanged(Event):
    """A document that is kept whole was changed; ``moved`` tells that its state is another."""

    resource: str
    moved: bool


class KeptDocumentRemoved(Event):
    """A document that is kept whole was removed."""

    resource: str


class AttributesKept(Event):
    """Nothing but what a document carries beyond its record's columns changed; ``resource`` is the word it is kept under."""

    resource: str


class MoveNotAllowed(Refused):
    """The life cycle has no such move."""

    code = "TMF-14"
    says = _("{resource} cannot go from {before} to {after}")
    mend = _("Possible from here: {possible}")
    status = 409


class NoHome(Refused):
    """The actor's post belongs to no organisation that could keep the document."""

    code = "TMF-15"
    says = _("Your post names no organisation that could keep this")
    mend = _("Ask your administrator for a client or post at a group, province or local network")
    status = 422


def _state(resource: Resource, document: Mapping[str, Any]) -> str:
    return str(document.get(resource.state_attribute) or "")[:40]


@verb(WRITE)
def keep_document(resource: Resource, document: Mapping[str, Any], *, by: Actor, at: datetime) -> UUID:
    """Keep a new document; raises ``NoHome``, and ``MoveNotAllowed`` where it does not begin at its first state."""
    content = dict(document)
    if resource.start_state:
        state = content.setdefault(resource.state_attribute, resource.start_state)
        first = (resource.start_state, *resource.moves.get("", ()))
        if state not in first:
            raise MoveNotAllowed(resource=resource.name, before="-", after=state, possible=", ".join(first), field=resource.state_attribute)
    return put_down(resource, content, by=by, at=at)


def put_down(resource: Resource, content: Mapping[str, Any], *, by: Actor, at: datetime) -> UUID:
    """Write a new document that was judged already, and return its id; raises ``NoHome``."""
    if by.base_org_id is None:
        raise NoHome
    made = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tmf_document (id, org_id, resource, content, state, version, created_by, created_at, changed_at)"
            " VALUES (%s, %s, %s, %s::jsonb, %s, 1, %s, %s, %s)",
            [made, by.base_org_id, resource.stored_as, json.dumps(content), _state(resource, content), by.name, at, at])
    publish(KeptDocumentCreated(subject_id=made, org_id=by.base_org_id, resource=resource.stored_as), by=by, at=at)
    return made


@verb(WRITE)
def change_document(resource: Resource, record_id: UUID, document: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Put new content in place of a document's, its state moved only along its life cycle. Raises ``MoveNotAllowed``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM tmf_document WHERE id = %s FOR UPDATE", [record_id])
        (before,) = cursor.fetchone()
    after = _state(resource, document)
    possible = resource.moves.get(before, ())
    if resource.moves and after != before and after not in possible:
        raise MoveNotAllowed(resource=resource.name, before=before, after=after or "-", possible=", ".join(possible) or "-",
                             field=resource.state_attribute)
    rewrite(resource, record_id, document, moved=after != before, by=by, at=at)


def rewrite(resource: Resource, record_id: UUID, document: Mapping[str, Any], *, moved: bool, by: Actor, at: datetime) -> None:
    """Write content that was judged already in place of a document's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tmf_document SET content = %s::jsonb, state = %s, version = version + 1, changed_at = %s WHERE id = %s RETURNING org_id",
            [json.dumps(dict(document)), _state(resource, document), at, record_id])
        (org_id,) = cursor.fetchone()
    publish(KeptDocumentChanged(subject_id=record_id, org_id=org_id, resource=resource.stored_as, moved=moved), by=by, at=at)


@verb(WRITE)
def remove_document(resource: Resource, record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Remove a document; the audit trail keeps it."""
    take_away(resource, record_id, by=by, at=at)


def take_away(resource: Resource, record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Remove a document whose removal was judged already."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tmf_document WHERE id = %s RETURNING org_id", [record_id])
        (org_id,) = cursor.fetchone()
    publish(KeptDocumentRemoved(subject_id=record_id, org_id=org_id, resource=resource.stored_as), by=by, at=at)


def holding(store: str, pattern: Callable[[str], Any], values: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that a kept document holds one of the values, by an index; for a resource's ``seeks``.

    ``pattern`` makes of a value the part of a document that must be there.
    """
    return "t.id IN (SELECT tmf_documents_holding(%s, %s::jsonb[]))", [store, [json.dumps(pattern(value)) for value in values]]


def kept_resource(
    name: str, document: type[Shape], *, about: str, view: str = "integration.view", required: tuple[str, ...] = (),
    server_set: frozenset[str] = frozenset(), state_attribute: str = "status", state_word: str = "State", start_state: str = "",
    moves: Mapping[str, tuple[str, ...]] | None = None, methods: tuple[str, ...] = ("GET", "POST", "PATCH", "DELETE"), told: bool = True,
) -> Resource:
    """Declare a resource whose documents are kept whole.

    ``moves`` is its life cycle: from each state the states that may follow; from the empty one, those at which a document
    may begin besides ``start_state``. ``state_word`` is State or Status, as its
    official events say; ``told`` is false where the official file has no events for it.
    """
    type_ = name[0].upper() + name[1:]
    made: Resource

    def content(shape: Shape) -> dict[str, Any]:
        return {key_: value for key_, value in shape.document().items() if key_ not in {"id", "href"}}

    def create(shape: Shape, *, by: Actor, at: datetime) -> UUID:
        return keep_document(made, content(shape), by=by, at=at)

    def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
        change_document(made, record_id, content(wanted.after), by=by, at=at)

    def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
        remove_document(made, record_id, by=by, at=at)

    def of_this(payload: Mapping[str, Any]) -> bool:
        return bool(payload.get("resource") == made.stored_as)

    events = (
        Told(event=KeptDocumentCreated, type=f"{type_}CreateEvent", when=of_this),
        Told(event=KeptDocumentChanged, type=f"{type_}{state_word}ChangeEvent", when=lambda payload: of_this(payload) and payload["moved"]),
        Told(event=KeptDocumentChanged, type=f"{type_}AttributeValueChangeEvent", when=lambda payload: of_this(payload) and not payload["moved"]),
        Told(event=KeptDocumentRemoved, type=f"{type_}DeleteEvent", when=of_this, removes=True),
    )
    made = Resource(
        name=name, type=type_, document=document, rows=KEPT, attributes={}, view=view, about=about, create=create,
        change=change if "PATCH" in methods else None, remove=remove if "DELETE" in methods else None, required=required, kept=True,
        server_set=frozenset({"id", "href"}) | server_set, told=events if told else (), start_state=start_state, moves=moves or {},
        state_attribute=state_attribute, methods=methods, may_create=WRITE, may_change=WRITE, may_remove=WRITE,
    )
    return made
