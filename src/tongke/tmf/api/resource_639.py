"""TMF639 Resource Inventory, v4: numbers, SIMs and devices by serial, equipment and ports as one inventory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import events as number_events
from tongke.areas.resource import queries, services
from tongke.areas.resource.events import network as network_events
from tongke.areas.resource.events import stock as stock_events
from tongke.areas.resource.queries.records.resources import RESOURCES
from tongke.areas.resource.states.network import EquipmentKind, PortKind, Technology
from tongke.areas.resource.states.stock import ItemKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, Refused
from tongke.kernel.machine import IllegalMove
from tongke.tmf.kit import reading
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Node, Obj, Pairs
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.resource.resource_shapes import Resource as Document

ROOT = "resourceInventoryManagement/v4/resource"
ITEMS = tuple(ItemKind.values)
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "@type": Col("class"), "category": Col("category"), "name": Col("name", loose=True), "value": Col("value", loose=True),
    "serialNumber": Col("serial", loose=True), "startOperatingDate": Col("started_at", loose=True), "administrativeState": Col("administrative"),
    "operationalState": Col("operational"), "usageState": Col("usage"), "resourceStatus": Col("status"),
    "resourceSpecification": Obj({"id": Col("model_id"), "name": Col("model_name", loose=True), "@referredType": Const("ResourceSpecification")}),
    "place": Obj({
        "id": Col("place_key"), "name": Col("place_name", loose=True), "role": Col("place_role", loose=True), "@referredType": Col("place_kind", loose=True),
    }),
    "resourceCharacteristic": Pairs("more", fixed={"state": Col("state")}),
    "resourceRelationship": Listed((
        Obj({"relationshipType": Const("isContainedIn"), "resource": Obj({
            "id": Col("parent_id"), "href": Href(ROOT, "parent_id"), "name": Col("parent_name", loose=True)})}),
    ), open=True),
}


class StaysInInventory(Refused):
    """Resources of this category come and go by verbs of their own."""

    code = "TMF-16"
    says = _("A resource of the category {category} is not created or taken away one by one over this interface")
    mend = _("Numbers come with their block and go to cooling; ports go with their equipment")
    status = 409


def _values(document: Document) -> dict[str, Any]:
    return {item.name: item.value for item in document.resource_characteristic or ()}


def _word(values: Mapping[str, Any], name: str, words: tuple[str, ...], default: str = "") -> str:
    """Return a characteristic that is one of some words. Raises ``Invalid``."""
    given = str(values.get(name) or default)
    if given not in words:
        raise Invalid(what=f"{name} ({', '.join(words)})", field=f"resourceCharacteristic.{name}")
    return given


def _whole(values: Mapping[str, Any], name: str) -> int:
    given = values.get(name, 0)
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise Invalid(what=name, field=f"resourceCharacteristic.{name}")
    return given


def _parent(document: Document) -> UUID | None:
    """Return the resource that this one is contained in, where one is named."""
    for tie in document.resource_relationship or ():
        if tie.relationship_type == "isContainedIn" and tie.resource is not None:
            return record_of(tie.resource.id, "resourceRelationship.resource.id")
    return None


def _code_of(found: Mapping[UUID, str], ident: UUID, path: str) -> str:
    if ident not in found:
        raise UnknownReference(path=path, value=str(ident), field=path)
    return found[ident]


def _item(document: Document, *, by: Actor, at: datetime) -> UUID:
    """Receive one SIM or device of a model at a stock place."""
    model = record_of(document.resource_specification.id if document.resource_specification else None, "resourceSpecification.id")
    place = record_of(document.place.id if document.place else None, "place.id")
    values = _values(document)
    row = services.ItemRow(
        model=_code_of({one.id: one.code for one in queries.item_models(kind=str(document.category), by=by)}, model, "resourceSpecification.id"),
        stock_place=_code_of({one.id: one.code for one in queries.stock_places(by=by)}, place, "place.id"),
        serial=document.serial_number or str(document.name), imsi=str(values.get("imsi") or ""), mac=str(values.get("mac") or ""),
    )
    return services.receive_item(row, by=by, at=at)


def _equipment(document: Document, *, by: Actor, at: datetime) -> UUID:
    values = _values(document)
    place = record_of(document.place.id, "place.id") if document.place and document.place.id else None
    parent = _parent(document)
    return known("resourceRelationship.resource.id", parent or place, lambda: services.record_equipment(
        code=str(document.name), kind=_word(values, "kind", tuple(EquipmentKind.values)), technology=_word(values, "technology", tuple(Technology.values)),
        parent_id=parent, place_id=place, split=str(values.get("split") or ""), max_down_mbps=_whole(values, "maxDownMbps"),
        max_up_mbps=_whole(values, "maxUpMbps"), uplink_mbps=_whole(values, "uplinkMbps"),
        planned_on=by.day(at) if document.operational_state == "disable" else None, by=by, at=at))


def _port(document: Document, *, by: Actor, at: datetime) -> UUID:
    parent = _parent(document)
    if parent is None:
        raise Invalid(what="resourceRelationship (isContainedIn)", field="resourceRelationship")
    values = _values(document)
    kind = _word(values, "kind", ("", *PortKind.values))
    return known("resourceRelationship.resource.id", parent, lambda: services.add_ports(
        equipment_id=parent, count=1, kind=kind, label=str(values.get("label") or ""), by=by, at=at))[0]


def create(document: Document, *, by: Actor, at: datetime) -> UUID:
    """Record a resource by its category: receive an item, build equipment, add a port."""
    category = str(document.category)
    if category in ITEMS:
        return _item(document, by=by, at=at)
    if category in {"equipment", "port"}:
        return (_equipment if category == "equipment" else _port)(document, by=by, at=at)
    if category == "number":
        raise StaysInInventory(category=category, field="category")
    raise Invalid(what=f"category (equipment, port, {', '.join(ITEMS)})", field="category")


def _reason(document: Document) -> str:
    """Return why a state changes: the last remark that was sent along."""
    texts = [note.text for note in document.note or () if note.text]
    return texts[-1] if texts else "TMF639"


Move = Callable[..., Any]
# Category, our state (empty: any), the attribute that is set and its value → what is done.
MOVES: dict[tuple[str, str, str, str], Move] = {
    ("number", "assigned", "resourceStatus", "suspended"): services.suspend_number, ("number", "suspended", "resourceStatus", "reserved"): services.resume_number,
    ("number", "free", "administrativeState", "locked"): services.block_number, ("number", "blocked", "administrativeState", "unlocked"): services.unblock_number,
    ("number", "reserved", "administrativeState", "unlocked"): services.unreserve_number, ("number", "", "operationalState", "disable"): services.report_number_fault,
    ("number", "faulty", "operationalState", "enable"): services.mend_number,
    ("item", "", "operationalState", "disable"): services.report_item_faulty, ("item", "faulty", "operationalState", "enable"): services.mend_item,
    ("item", "repair", "operationalState", "enable"): services.mend_item,
    ("port", "", "operationalState", "disable"): services.report_port_faulty, ("port", "faulty", "operationalState", "enable"): services.mend_port,
    ("port", "planned", "operationalState", "enable"): services.commission_port,
}
EQUIPMENT_MOVES = {
    ("planned", "operationalState", "enable"): "commission", ("in_service", "operationalState", "disable"): "report_faulty",
    ("faulty", "operationalState", "enable"): "mend",
}
STATES = {"resourceStatus": "resource_status", "administrativeState": "administrative_state", "operationalState": "operational_state"}


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Move a resource along its life: suspended, locked, out of order, in order; what is taken away is deleted."""
    before, after = wanted.before, wanted.after
    state = str(_values(before).get("state"))
    for attribute in sorted(wanted.changed & set(STATES)):
        _move(record_id, before, state, attribute, str(getattr(after, STATES[attribute])), reason=_reason(after), by=by, at=at)


def _move(
    record_id: UUID, before: Document, state: str, attribute: str, value: str, *, reason: str, by: Actor, at: datetime,
) -> None:
    category = "item" if before.category in ITEMS else str(before.category)
    if value == "shutdown" and category in {"item", "equipment"}:
        # What is taken away is found no more, so the answer to a PATCH could not tell of it.
        raise IllegalMove(verb=f"{attribute} = {value}", state=state, possible="DELETE", field=attribute)
    if category == "equipment":
        move = EQUIPMENT_MOVES.get((state, attribute, value))
        if move:
            services.change_equipment_state(equipment_id=record_id, move=move, reason=reason, by=by, at=at)
            return
    done = MOVES.get((category, state, attribute, value)) or MOVES.get((category, "", attribute, value))
    if done is None or category == "equipment":
        raise IllegalMove(verb=f"{attribute} = {value}", state=state, possible="-", field=attribute)
    if category == "number":
        done(number=str(before.name), reason=reason, by=by, at=at)
    elif category == "item":
        done(item_id=record_id, reason=reason, by=by, at=at)
    elif done is services.commission_port:
        done(port_id=record_id, by=by, at=at)
    else:
        done(port_id=record_id, note=reason, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take equipment out of service for good, or scrap an item; numbers and ports stay."""
    category = reading.documents(APIS[0], RESOURCE, [record_id], by=by)[record_id]["category"]
    if category in {"number", "port"}:
        raise StaysInInventory(category=category)
    if category == "equipment":
        services.change_equipment_state(equipment_id=record_id, move="retire", reason="TMF639", by=by, at=at)
    else:
        services.scrap_item(item_id=record_id, reason="TMF639", by=by, at=at)


def _state_changes() -> tuple[Told, ...]:
    moved = (
        number_events.NumberHeld, number_events.NumberHoldEnded, number_events.NumberAssigned, number_events.NumberSuspended,
        number_events.NumberResumed, number_events.NumberReleased, number_events.NumberCooling, number_events.NumberFreed, number_events.NumberKept,
        number_events.NumberPortedOut, number_events.NumberCameBack, number_events.NumberPortedIn, number_events.NumberReturned,
        stock_events.StockItemMoved, network_events.PortReserved, network_events.PortUsed, network_events.PortFreed, network_events.PortStateChanged,
    )
    return tuple(Told(event=event, type="ResourceStateChangeEvent") for event in moved)


def _is_move(payload: Mapping[str, Any]) -> bool:
    return bool(payload["from_state"] != payload["to_state"])


RESOURCE = Resource(
    name="resource", type="Resource", document=Document, rows=RESOURCES, attributes=ATTRIBUTES, where="rre.state NOT IN ('scrapped', 'retired')",
    view="resource.view_network", about="Numbers, SIMs and devices by serial, equipment and ports", required=("name", "category"), create=create,
    change=change, remove=remove, may_create="resource.view_network", may_change="resource.view_network", may_remove="resource.view_network",
    server_set=frozenset({"id", "href", "startOperatingDate", "usageState"}),
    fixed=frozenset({"name", "category", "value", "serialNumber", "@type", "place", "resourceSpecification", "resourceCharacteristic"}),
    example={
        "name": "OLT-WL-01", "category": "equipment",
        "resourceCharacteristic": [{"name": "kind", "value": "olt"}, {"name": "technology", "value": "ftth_gpon"}],
    },
    told=(
        Told(event=network_events.EquipmentRecorded, type="ResourceCreateEvent"),
        Told(event=network_events.EquipmentStateChanged, type="ResourceStateChangeEvent", when=_is_move),
        Told(event=network_events.EquipmentStateChanged, type="ResourceAttributeValueChangeEvent", when=lambda payload: not _is_move(payload)),
        Told(event=network_events.EquipmentStateChanged, type="ResourceDeleteEvent", when=lambda payload: payload["to_state"] == "retired", removes=True),
        Told(event=stock_events.StockItemMoved, type="ResourceDeleteEvent", when=lambda payload: payload["to_state"] == "scrapped", removes=True),
        Told(event=number_events.NumberPassedOn, type="ResourceAttributeValueChangeEvent"),
        *_state_changes(),
    ),
)
APIS = [
    Api(number="639", version="v4", base="resourceInventoryManagement", title="Resource Inventory", resources=(RESOURCE,),
        about="Everything that is sold with, each by its own identity: numbers, cards and devices, equipment and ports"),
]
