"""TMF683 Party Interaction, v4: contacts with customers, those that are over and those that go on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from tongke.areas.contact_centre import events, services
from tongke.areas.contact_centre.queries.records import INTERACTIONS, with_customer
from tongke.areas.contact_centre.states import Channel, InteractionKind
from tongke.areas.inventory import queries as inventory
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Listed, Node, Obj, Sql, api_root
from tongke.tmf.kit.references import customer_among, customer_parts, known, record_of
from tongke.tmf.kit.shapes import Attachment, Entity, Instant, Note, Ref, RelatedParty, Shape, Text, TimePeriod

Subject = Annotated[str, StringConstraints(max_length=200, strict=True)]
MOVES = {
    ("open", "inProgress"): services.begin_interaction, ("open", "completed"): services.complete_interaction,
    ("inProgress", "completed"): services.complete_interaction,
}
# No resource of its own stands behind a channel: its address is the list of what happened on it.
CHANNEL_LIST = f"'{api_root()}/tmf-api/partyInteraction/v4/partyInteraction?channel.id=' || {{column}}"


class RelatedChannel(Ref):
    """The channel of a contact, in a role."""

    role: Text | None = None


class RelatedEntity(Entity):
    """What an item is about, by reference or by value."""

    name: Text | None = None
    role: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class InteractionItem(Shape):
    """One matter of a contact."""

    id: Text | None = None
    creation_date: Instant | None = None
    reason: Text | None = None
    resolution: Text | None = None
    attachment: list[Attachment] | None = None
    channel: list[RelatedChannel] | None = None
    item: RelatedEntity | None = None
    item_date: TimePeriod | None = None
    note: list[Note] | None = None
    related_party: list[RelatedParty] | None = None


class InteractionRelationship(Shape):
    """How two contacts belong together."""

    id: Text | None = None
    href: Text | None = None
    relationship_type: Text | None = None


class PartyInteraction(Entity):
    """A contact with a customer. ``kind``, ``service``, ``servedBy`` and ``reference`` go beyond the official attributes."""

    reason: Subject | None = Field(None, description="What it was about, in a few words")
    description: Text | None = Field(None, description="What was said")
    direction: Literal["inbound", "outbound"] | None = None
    status: Literal["open", "inProgress", "completed"] | None = None
    creation_date: Instant | None = Field(None, description="When it was recorded; set by the server")
    status_change_date: Instant | None = Field(None, description="Set by the server")
    interaction_date: TimePeriod | None = None
    channel: list[RelatedChannel] | None = Field(None, description="One of: hall, hotline, web, app, sms, email, chat, visit, post")
    attachment: list[Attachment] | None = None
    interaction_item: list[InteractionItem] | None = None
    interaction_relationship: list[InteractionRelationship] | None = None
    note: list[Note] | None = None
    related_party: list[RelatedParty] | None = None
    kind: Text | None = Field(None, description="enquiry, complaint, fault, order, payment, marketing or care")
    service: Ref | None = Field(None, description="The line it was about")
    served_by: Text | None = Field(None, description="Who served; set by the server")
    reference: Annotated[str, StringConstraints(max_length=80, strict=True)] | None = Field(None, description="Number of the case or order")


ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "reason": Col("subject"), "description": Col("body"), "direction": Col("direction"), "status": Col("state"),
    "creationDate": Col("created_at"), "statusChangeDate": Col("state_at"),
    "interactionDate": Obj({"startDateTime": Col("occurred_at"), "endDateTime": Col("ended_at")}),
    "channel": Listed((Obj({"id": Col("channel"), "name": Col("channel", loose=True), "href": Sql("channel", CHANNEL_LIST),
                            "@referredType": Const("Channel")}),)),
    "relatedParty": Listed((Obj(customer_parts()),), open=True),
    "kind": Col("kind"), "servedBy": Col("staff_name"), "reference": Col("reference"),
    "service": Obj({"id": Col("subscriber_id"), "@referredType": Const("Service")}),
}


def _word(value: str | None, words: list[str], path: str) -> str:
    if value not in words:
        raise Invalid(what=f"{path} ({', '.join(words)})", field=path)
    return str(value)


def create(document: PartyInteraction, *, by: Actor, at: datetime) -> UUID:
    """Record a contact with the customer among the related parties."""
    customer = customer_among(document.related_party)
    channels = document.channel or []
    channel = _word(channels[0].id if channels else None, list(Channel.values), "channel.id")
    kind = _word(document.kind or "enquiry", list(InteractionKind.values), "kind")
    period = document.interaction_date or TimePeriod()
    line = record_of(document.service.id, "service.id") if document.service else None
    if line is not None:
        known("service.id", line, lambda: inventory.line_brief(line, by=by))
    return known("relatedParty.id", customer, lambda: services.record_interaction(
        customer_id=customer, channel=channel, direction=str(document.direction), kind=kind, subject=document.reason or "",
        body=document.description or "", occurred_at=period.start_date_time, ended_at=period.end_date_time, subscriber_id=line,
        reference=document.reference or "", state=str(document.status), by=by, at=at))


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Correct what was noted, and take the contact up or complete it."""
    after: PartyInteraction = wanted.after
    changes: dict[str, Any] = {}
    if "reason" in wanted.changed:
        changes["subject"] = after.reason or ""
    if "description" in wanted.changed:
        changes["body"] = after.description or ""
    if "reference" in wanted.changed:
        changes["reference"] = after.reference or ""
    if "interactionDate" in wanted.changed:
        changes["ended_at"] = after.interaction_date.end_date_time if after.interaction_date else None
    if changes:
        services.correct_interaction(interaction_id=record_id, changes=changes, by=by, at=at)
    if "status" in wanted.changed:
        before = str(wanted.before.status)
        verb = MOVES.get((before, str(after.status)))
        if verb is None:
            possible = ", ".join(end for start, end in MOVES if start == before)
            raise IllegalMove(verb=after.status, state=before, possible=possible or "-", field="status")
        verb(interaction_id=record_id, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a contact away that nobody took up."""
    services.remove_interaction(interaction_id=record_id, by=by, at=at)


def _told(event: Any, word: str, **more: Any) -> Told:
    return Told(event=event, type=f"PartyInteraction{word}Event", **more)


INTERACTION = Resource(
    name="partyInteraction", type="PartyInteraction", document=PartyInteraction, rows=INTERACTIONS, attributes=ATTRIBUTES,
    view="contact_centre.view", customer="customer_id", about="Contacts with customers: record, read, correct and complete them",
    required=("interactionDate", "reason", "status", "direction", "channel", "relatedParty"), create=create, change=change, remove=remove,
    may_create="contact_centre.record", may_change="contact_centre.record", may_remove="contact_centre.record",
    server_set=frozenset({"id", "href", "creationDate", "statusChangeDate", "servedBy"}), fixed=frozenset({"direction", "channel", "kind", "service"}),
    seeks={"relatedParty.id": with_customer},
    told=(
        _told(events.ContactRecorded, "Create"), _told(events.ContactChanged, "AttributeValueChange"),
        _told(events.ContactStateChanged, "StatusChange"), _told(events.ContactRemoved, "Delete", removes=True),
    ),
)
APIS = [
    Api(number="683", version="v4", base="partyInteraction", title="Party Interaction", resources=(INTERACTION,),
        about="Contacts with customers on every channel"),
]
