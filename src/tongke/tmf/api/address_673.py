"""TMF673 Geographic Address, v4: the address tree down to the room, and which of its addresses somebody means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.resource import queries, services
from tongke.areas.resource.events import network as events
from tongke.areas.resource.queries.records.places import PLACES
from tongke.areas.resource.states.network import PlaceLevel
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.rows import Rows
from tongke.tmf.kit import reading
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Listed, Node, Obj, api_root, literal
from tongke.tmf.kit.shapes import instant_text
from tongke.tmf.kit.tasks import task_resource
from tongke.tmf.resource.place_shapes import GeographicAddress, GeographicAddressValidation, Location, SubAddress

ALTERNATIVES_MAX, DOOR_MAX = 10, 30
PLAN = "resource.plan_network"
POINT: dict[str, Node] = {"@type": Const("GeoJsonPoint"), "geoJson": Obj({"type": Const("Point"), "coordinates": Col("point")})}
INSIDE: dict[str, Node] = {
    "privateStreetName": Col("community"), "buildingName": Col("building"),
    "subUnit": Listed((Obj({"subUnitType": Const("unit"), "subUnitNumber": Col("unit")}), Obj({"subUnitType": Const("room"), "subUnitNumber": Col("room")}))),
}
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "name": Col("line", loose=True), "geographicAddressType": Col("level", loose=True), "country": Col("country"),
    "stateOrProvince": Col("province", loose=True), "city": Col("city", loose=True), "locality": Col("district", loose=True),
    "streetName": Col("street", loose=True), "streetNr": Col("door", loose=True), "postcode": Col("postcode"),
    "geographicLocation": Obj(POINT), "geographicSubAddress": Listed((Obj(INSIDE),)),
}


@dataclass(frozen=True, slots=True)
class Below:
    """The address of a part below the address that it lies in."""

    def sql(self, rows: Rows) -> str:
        """Return the path through the parent."""
        parent, own = rows.column("parent_id").sql, rows.column("id").sql
        return f"{literal(api_root() + '/tmf-api/geographicAddressManagement/v4/geographicAddress/')} || {parent} || '/geographicSubAddress/' || {own}"


SUB_ATTRIBUTES: dict[str, Node] = {"id": Col("id"), "href": Below(), "name": Col("own_name"), "subAddressType": Col("level"), **INSIDE}
UNITS = {"unit": PlaceLevel.UNIT, "room": PlaceLevel.ROOM}


def parts(document: GeographicAddress) -> list[tuple[str, str]]:
    """Return (level, name) of everything that a document says of the tree, from the province down."""
    said: list[tuple[str, str | None]] = [
        (PlaceLevel.PROVINCE, document.state_or_province), (PlaceLevel.CITY, document.city), (PlaceLevel.DISTRICT, document.locality),
        (PlaceLevel.STREET, document.street_name),
    ]
    for inside in (document.geographic_sub_address or ())[:1]:
        units = {unit.sub_unit_type: unit.sub_unit_number for unit in inside.sub_unit or ()}
        if set(units) - set(UNITS):
            raise Invalid(what="subUnitType (unit, room)", field="geographicSubAddress.subUnit.subUnitType")
        said += [(PlaceLevel.COMMUNITY, inside.private_street_name), (PlaceLevel.BUILDING, inside.building_name),
                 *((level, units.get(word)) for word, level in UNITS.items())]
    return [(level, name.strip()) for level, name in said if name and name.strip()]


def _point(location: Location | None) -> tuple[Decimal | None, Decimal | None]:
    """Return latitude and longitude of a GeoJSON point. Raises ``Invalid`` for other shapes."""
    if location is None:
        return None, None
    shape = location.geo_json if isinstance(location.geo_json, dict) else {"type": location.type, "coordinates": location.coordinates}
    place = shape.get("coordinates")
    if shape.get("type") != "Point" or not isinstance(place, list) or len(place) < 2 or not all(type(n) in {int, float} for n in place[:2]):
        raise Invalid(what="geographicLocation (a GeoJSON Point: longitude, latitude)", field="geographicLocation")
    return Decimal(str(place[1])), Decimal(str(place[0]))


def create(document: GeographicAddress, *, by: Actor, at: datetime) -> UUID:
    """Put an address into the tree, and what lies above it where that is missing; return the id of its last part."""
    said = parts(document)
    if not said:
        raise Invalid(what="stateOrProvince, city, locality, streetName, geographicSubAddress", field="stateOrProvince")
    latitude, longitude = _point(document.geographic_location)
    door_at = next((level for level, _name in said if level in {PlaceLevel.COMMUNITY, PlaceLevel.BUILDING}), None)
    if document.street_nr and door_at is None and said[-1][0] == PlaceLevel.STREET:
        said.append((PlaceLevel.BUILDING, document.street_nr))  # a house that has no name but its number
    place_id: UUID | None = None
    for level, name in said:
        last = level == said[-1][0]
        place_id = services.record_place(
            level=level, name=name, parent_id=place_id, door=(document.street_nr or "") if level == door_at else "",
            postcode=(document.postcode or "") if last else "", latitude=latitude if last else None, longitude=longitude if last else None,
            by=by, at=at)
    assert place_id is not None  # noqa: S101 - something was said
    return place_id


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Rename the address's own part, and say its postcode and where it is on the map."""
    before, after = dict(parts(wanted.before)), dict(parts(wanted.after))
    own = str(wanted.before.geographic_address_type)
    different = {level for level in before.keys() | after.keys() if before.get(level) != after.get(level)}
    if different - {own} or (own in different and own not in after):
        # What lies above is an address of its own, with an id of its own.
        raise Invalid(what=f"geographicAddressType {own}", field="geographicAddressType")
    if own in different:
        services.rename_place(place_id=record_id, name=after[own], by=by, at=at)
    elif "name" in wanted.changed:
        raise Invalid(what="name (it follows from the parts)", field="name")
    if wanted.changed & {"postcode", "geographicLocation", "streetNr"}:
        latitude, longitude = _point(wanted.after.geographic_location)
        door = _door(record_id, wanted.after.street_nr or "", by=by) if "streetNr" in wanted.changed else None
        services.describe_place(
            place_id=record_id, postcode=wanted.after.postcode or "", door=door, latitude=latitude, longitude=longitude, nowhere=latitude is None, by=by, at=at)


def _door(record_id: UUID, given: str, *, by: Actor) -> str:
    """Return the street number that is set. Raises ``Invalid`` where it is that of what the place lies in."""
    place = queries.place_seen(record_id, by=by)
    above = place.parent.level if place.parent else ""
    if place.level != PlaceLevel.COMMUNITY and not (place.level == PlaceLevel.BUILDING and above != PlaceLevel.COMMUNITY):
        raise Invalid(what="streetNr (that of the community or house)", field="streetNr")
    if len(given) > DOOR_MAX:
        raise Invalid(what="streetNr", field="streetNr")
    return given


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Say that the address is gone: it is found no more, and what was there is still told of."""
    services.change_place_state(place_id=record_id, state="gone", by=by, at=at)


def one_line(document: GeographicAddress) -> str:
    """Return what was submitted as people write it: its name, or its parts from the province down."""
    if document.name and document.name.strip():
        return document.name.strip()
    said = parts(document)
    inside = {PlaceLevel.COMMUNITY, PlaceLevel.BUILDING, *UNITS.values()}
    return "".join([*(name for level, name in said if level not in inside), document.street_nr or "", *(name for level, name in said if level in inside)])


def _documents(ids: Iterable[UUID], *, by: Actor) -> list[dict[str, Any]]:
    wanted = list(ids)
    found = reading.documents(APIS[0], ADDRESS, wanted, by=by)
    return [found[ident] for ident in wanted if ident in found]


def validate(document: GeographicAddressValidation, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Answer which address of the tree is meant: ``success`` with the one, ``partial`` with what may be meant, ``fails``."""
    assert document.submitted_geographic_address is not None  # noqa: S101 - required
    text = one_line(document.submitted_geographic_address)
    if not text:
        raise Invalid(what="submittedGeographicAddress", field="submittedGeographicAddress")
    found = queries.coverage_at(text=text, by=by, at=at)
    answer: dict[str, Any] = {"validationDate": instant_text(at), "validationResult": "fails"}
    others = [place.id for place in found.candidates]
    if found.place is not None and found.exact:
        answer |= {"validationResult": "success", "validGeographicAddress": _documents([found.place.id], by=by)[0]}
    elif found.place is not None or others:
        answer["validationResult"] = "partial"
        others = others or [found.place.id]  # type: ignore[union-attr]  # one or the other was found
    else:
        others = [place.id for place in queries.find_places(text, limit=ALTERNATIVES_MAX, by=by)]
    if document.provide_alternative and answer["validationResult"] != "success" and others:
        answer["alternateGeographicAddress"] = _documents(others[:ALTERNATIVES_MAX], by=by)
    return answer


ADDRESS = Resource(
    name="geographicAddress", type="GeographicAddress", document=GeographicAddress, rows=PLACES, attributes=ATTRIBUTES, where="rpl.state <> 'gone'",
    view="resource.view_network", about="Addresses of the standard tree, from the province down to the room", create=create, change=change,
    remove=remove, may_create=PLAN, may_change=PLAN, may_remove=PLAN,
    example={
        "stateOrProvince": "浙江省", "city": "杭州市", "locality": "西湖区", "streetName": "文三路", "streetNr": "90号", "postcode": "310012",
        "geographicSubAddress": [{"privateStreetName": "东部软件园", "buildingName": "1幢"}],
    },
    told=(
        Told(event=events.PlaceRecorded, type="GeographicAddressCreateEvent"), Told(event=events.PlaceChanged, type="GeographicAddressAttributeValueChangeEvent"),
        Told(event=events.PlaceGone, type="GeographicAddressDeleteEvent", removes=True),
    ),
)
SUB_ADDRESS = Resource(
    name="geographicSubAddress", type="GeographicSubAddress", document=SubAddress, rows=PLACES, attributes=SUB_ATTRIBUTES, where="rpl.state <> 'gone'",
    view="resource.view_network", about="What lies directly within an address", methods=("GET",),
    within="geographicAddress/(?P<geographicAddressId>[^/]{1,200})/", narrowed="parent_id",
)
VALIDATION = task_resource(
    "geographicAddressValidation", GeographicAddressValidation, about="The question which address of the tree is meant", run=validate,
    view="resource.view_network", may_run="resource.view_network", required=("submittedGeographicAddress", "provideAlternative"), created="",
    server_set=frozenset({"validationDate", "validationResult", "validGeographicAddress", "alternateGeographicAddress"}), told=("Create", "StateChange"),
    example={"provideAlternative": True, "submittedGeographicAddress": {"name": "杭州市西湖区文三路90号东部软件园1幢"}},
)
APIS = [
    Api(number="673", version="v4", base="geographicAddressManagement", title="Geographic Address", resources=(VALIDATION, ADDRESS, SUB_ADDRESS),
        about="The standard address tree, and which address somebody means"),
]
