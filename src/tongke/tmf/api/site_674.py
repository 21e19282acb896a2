"""TMF674 Geographic Site, v4: exchanges, cabinets and other places where equipment of the network stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.resource import services
from tongke.areas.resource.events import network as events
from tongke.areas.resource.queries.records.places import SITES
from tongke.areas.resource.states.network import SiteKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Node, Obj
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.resource.place_shapes import GeographicSite

PLAN = "resource.plan_network"
STATES = {"planned": "planned", "in_service": "active", "faulty": "inactive", "retired": "former"}
# From each official state those that may follow, and the move that leads there.
MOVES = {("planned", "active"): "commission", ("active", "inactive"): "report_faulty", ("inactive", "active"): "mend"}
KINDS = {"exchange": "Exchange", "cabinet": "StreetCabinet", "building": "EquipmentRoom", "tower": "Tower"}
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "code": Col("code"), "name": Col("name"), "status": Col("state", values=STATES), "@type": Col("kind", values=KINDS, loose=True),
    "place": Listed((Obj({
        "id": Col("place_id"), "href": Href("geographicAddressManagement/v4/geographicAddress", "place_id"), "name": Col("place_line", loose=True),
        "@referredType": Const("GeographicAddress"),
    }),), open=True),
}


def _place(document: GeographicSite) -> UUID | None:
    """Return the address that the site stands at, where one of the tree is named."""
    return next((record_of(place.id, "place.id") for place in document.place or () if place.id), None)


def create(document: GeographicSite, *, by: Actor, at: datetime) -> UUID:
    """Record a site; planned or in service as its status says."""
    if document.status not in {None, "planned", "active"}:
        raise Invalid(what="status (planned, active)", field="status")
    kinds = {word: ours for ours, word in KINDS.items()}
    if document.at_type is not None and document.at_type not in {*kinds, "GeographicSite"}:
        raise Invalid(what=f"@type ({', '.join(kinds)})", field="@type")
    place = _place(document)
    return known("place.id", place, lambda: services.record_site(
        code=str(document.code), name=document.name or str(document.code), kind=kinds.get(document.at_type or "", SiteKind.EXCHANGE), place_id=place,
        planned_on=by.day(at) if document.status == "planned" else None, by=by, at=at))


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change the site's name and place, then move it along its life."""
    before, after = wanted.before, wanted.after
    if wanted.changed & {"name", "place"}:
        place = _place(after)
        known("place.id", place, lambda: services.describe_site(site_id=record_id, name=after.name, place_id=place, by=by, at=at))
    if "status" in wanted.changed:
        move = MOVES.get((str(before.status), str(after.status)))
        if move is None:
            # A former site is found no more, so it is deleted: the answer to a PATCH could not tell of it.
            possible = ", ".join([*(end for start, end in MOVES if start == before.status), "DELETE"])
            raise IllegalMove(verb=str(after.status), state=str(before.status), possible=possible, field="status")
        services.change_site_state(site_id=record_id, move=move, reason="TMF674", by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a site out of service for good; one with equipment in service stays."""
    services.change_site_state(site_id=record_id, move="retire", reason="TMF674", by=by, at=at)


SITE = Resource(
    name="geographicSite", type="GeographicSite", document=GeographicSite, rows=SITES, attributes=ATTRIBUTES, view="resource.view_network",
    where="rst.state <> 'retired'", about="Exchanges, cabinets and other places where equipment stands", required=("code",), create=create,
    change=change, remove=remove, may_create=PLAN, may_change=PLAN, may_remove=PLAN, fixed=frozenset({"code", "@type"}),
    example={"code": "HZ-WL", "name": "武林局", "status": "active", "description": "Central exchange"},
    told=(
        Told(event=events.SiteRecorded, type="GeographicSiteCreateEvent"), Told(event=events.SiteChanged, type="GeographicSiteAttributeValueChangeEvent"),
        Told(event=events.SiteStateChanged, type="GeographicSiteStatusChangeEvent"),
        Told(event=events.SiteStateChanged, type="GeographicSiteDeleteEvent", when=lambda payload: payload["to_state"] == "retired", removes=True),
    ),
)
APIS = [
    Api(number="674", version="v4", base="geographicSiteManagement", title="Geographic Site", resources=(SITE,), about="Where equipment of the network stands"),
]
