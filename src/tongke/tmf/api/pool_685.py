"""TMF685 Resource Pool, v4: pools of numbers, what is left in them, and reservations of numbers out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.resource import queries, services
from tongke.areas.resource.events import NumberAssigned, NumberHoldEnded
from tongke.areas.resource.queries.records.numbers import HOLDS, POOL_CHANNELS, POOLS
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.kernel.rows import Rows, Walk, instant, integer, key, text
from tongke.tmf.kit import reading
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.kept import KeptDocumentChanged, KeptDocumentCreated, KeptDocumentRemoved, put_down, rewrite, take_away
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj, Sql
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.kit.shapes import instant_text
from tongke.tmf.kit.tasks import task_resource
from tongke.tmf.resource.pool_shapes import NUMBERS_MAX, AvailabilityCheck, PoolMove, Reservation, ReservationItem, ResourcePool
from tongke.tmf.resource.shapes import RelatedEntity

HOLD, RUN = "resource.hold_number", "resource.run_numbers"
MINUTES_MAX = 366 * 24 * 60  # longer than policy allows is not given anyway
TEXT = "({column})::text"


def _capacity(spec: str, column: str) -> Obj:
    """Return how many numbers there are, as the official text; present also where there are none."""
    return Obj({"plannedOrActualCapacity": Const("actual"), "capacityAmount": Obj({"capacityAmount": Sql(column, TEXT)}),
                "capacitySpec": Obj({"id": Const(spec), "name": Const(spec)})})


POOL: dict[str, Node] = {
    "id": Col("id"), "name": Col("name_zh"), "code": Col("code"), "version": Col("version"), "dryBelow": Col("dry_below"), "dryDays": Col("dry_days"),
    "channel": Many(rows=POOL_CHANNELS, on=("pool_id", "id"), parts={"name": Col("channel")}),
    "capacity": Listed((_capacity("numbers.free", "free"), _capacity("numbers.total", "total"))),
    "relatedParty": Obj({"id": Sql("org_id", TEXT), "role": Const("operator"), "@referredType": Const("Organization")}),
    "resourceSpecification": Obj({"id": Col("kind"), "name": Const("number")}),
}


def open_pool(document: ResourcePool, *, by: Actor, at: datetime) -> UUID:
    """Open a pool of the organisation that ``relatedParty`` names, else of the caller's; its kind is the specification's id."""
    org = document.related_party.id if document.related_party else str(by.base_org_id or 1)
    if not org.isdigit() or len(org) > 9:
        raise Invalid(what="relatedParty.id", field="relatedParty.id")
    kind = document.resource_specification.id if document.resource_specification else "mobile"
    if kind not in {"mobile", "fixed", "iot"}:
        raise Invalid(what="resourceSpecification.id (mobile, fixed, iot)", field="resourceSpecification.id")
    return services.open_pool(
        code=str(document.code), name_zh=str(document.name), kind=kind, org_id=int(org), channels=_channels(document), dry_below=document.dry_below or 0,
        dry_days=document.dry_days or 0, by=by, at=at)


def _channels(document: ResourcePool) -> tuple[str, ...]:
    return tuple(str(channel.name or channel.id) for channel in document.channel or ())


def change_pool(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change what a pool is called, sells through and warns at."""
    after: ResourcePool = wanted.after
    new: dict[str, Any] = {
        "name": {"name_zh": after.name or ""}, "channel": {"channels": _channels(after)}, "dryBelow": {"dry_below": after.dry_below or 0},
        "dryDays": {"dry_days": after.dry_days or 0},
    }
    changes = {name: value for attribute in wanted.changed & set(new) for name, value in new[attribute].items()}
    services.change_pool(pool_id=record_id, version=wanted.before.version, change=services.PoolChange(**changes), by=by, at=at)


# A reservation is a kept document whose numbers are on hold under a reference made of its id.
REFERENCE = "TMF685/"
# Why such a hold was let go through the API, where the reservation itself tells of it.
BY_API = "TMF685"
# The official state of what is held: open holds wait to be used, confirmed ones are.
ITEM_STATES = {"open": "inProgress", "confirmed": "completed", "released": "cancelled", "expired": "failed"}
_ITEM_STATE = Col("state", values=ITEM_STATES).sql(HOLDS)
_OF_HOLDS = f"(SELECT {{}} FROM {HOLDS.source} WHERE {HOLDS.column('order_ref').sql} = '{REFERENCE}' || t.id::text)"
RESERVED = Rows(
    source="tmf_document t", key="t.id", org="t.org_id", walks={"created_at": Walk(org="t.org_id", sql="t.created_at", tie="t.id")},
    columns={
        "id": key("t.id"), "org_id": integer("t.org_id"), "created_at": instant("t.created_at"), "changed_at": instant("t.changed_at"),
        "resource": text("t.resource"), "reference": text(f"('{REFERENCE}' || t.id::text)"),
        "state": text(_OF_HOLDS.format(f"CASE WHEN count(DISTINCT {_ITEM_STATE}) = 1 THEN min({_ITEM_STATE}) ELSE 'partial' END")),
        "until": instant(_OF_HOLDS.format(f"max({HOLDS.column('expires_at').sql})")),
        "moved_at": instant(_OF_HOLDS.format(f"max(coalesce({HOLDS.column('ended_at').sql}, {HOLDS.column('held_at').sql}))")),
    },
)
HELD: dict[str, Node] = {
    "state": Col("state"), "stateChangeDate": Col("moved_at"), "validFor": Obj({"endDateTime": Col("until")}),
    "reservationItem": Many(rows=HOLDS, on=("order_ref", "reference"), parts={
        "id": Col("id"), "quantity": Const(1), "action": Const("add"), "state": Col("state", values=ITEM_STATES),
        "reservationPeriod": Obj({"startDateTime": Col("held_at"), "endDateTime": Col("expires_at")}),
        "relatedEntity": Listed((
            Obj({"id": Col("number_id"), "href": Href("resourceInventoryManagement/v4/resource", "number_id"), "name": Col("number"), "role": Const("reserved"),
                 "@referredType": Const("Resource")}),
            Obj({"id": Col("pool_id"), "href": Href("resourcePoolManagement/v4/resourcePool", "pool_id"), "role": Const("pool"),
                 "@referredType": Const("ResourcePool")}),
        )),
    }),
}


def _holds(reservation: UUID, document: Reservation, *, by: Actor, at: datetime) -> None:
    """Hold what every item asks for: named numbers, or so many of a pool. All or none."""
    person = document.related_party[0].id if document.related_party else ""
    facts: dict[str, Any] = {
        "order_ref": f"{REFERENCE}{reservation}", "person_key": person, "minutes": _minutes(document, at), "by": by, "at": at,
        "channel": str(document.channel.name or document.channel.id) if document.channel else "hall",
    }
    wanted = sum(len(_entities(item, "Resource")) or item.quantity or 1 for item in document.reservation_item or ())
    if not 1 <= wanted <= NUMBERS_MAX:
        raise Invalid(what=f"reservationItem.quantity (1 to {NUMBERS_MAX} in all)", field="reservationItem.quantity")
    for place, item in enumerate(document.reservation_item or ()):
        _hold_item(item, f"reservationItem[{place}]", facts)


def _entities(item: ReservationItem, kind: str) -> list[RelatedEntity]:
    return [entity for entity in item.related_entity or () if entity.at_referred_type == kind]


def _hold_item(item: ReservationItem, path: str, facts: dict[str, Any]) -> None:
    named, pools = _entities(item, "Resource"), _entities(item, "ResourcePool")
    where = f"{path}.relatedEntity.id"
    if named:
        for entity in named:
            number = queries.number_of(record_of(entity.id, where)) if queries.is_number_id(record_of(entity.id, where)) else ""
            known(where, entity.id, lambda number=number: services.hold_number(number or "+0", **facts))  # type: ignore[misc]  # bound at once
    elif pools:
        pool = record_of(pools[0].id, where)
        for _time in range(item.quantity or 1):
            known(where, pool, lambda: services.hold_number(pool_id=pool, **facts))
    else:
        raise Invalid(what=f"{path}.relatedEntity (Resource, ResourcePool)", field=f"{path}.relatedEntity")


def _minutes(document: Reservation, at: datetime) -> int | None:
    until = document.reservation_period.end_date_time if document.reservation_period else None
    if until is None:
        return None
    if until <= at:
        raise Invalid(what="reservationPeriod.endDateTime", field="reservationPeriod.endDateTime")
    return min(max(1, int((until - at).total_seconds() // 60)), MINUTES_MAX)


def _content(document: Reservation) -> dict[str, Any]:
    """Return what is kept of a document: all but what follows from the holds."""
    return {name: value for name, value in document.document().items() if name not in {"id", "href", *HELD}}


def reserve(document: Reservation, *, by: Actor, at: datetime) -> UUID:
    """Reserve numbers for a party."""
    made = put_down(RESERVATION, _content(document) | {"creationDate": instant_text(at)}, by=by, at=at)
    _holds(made, document, by=by, at=at)
    return made


def _tokens(document: Reservation, *states: str) -> list[UUID]:
    return [UUID(str(item.id)) for item in document.reservation_item or () if item.state in states]


def _let_go(document: Reservation, *, reason: str, by: Actor, at: datetime) -> None:
    for token in _tokens(document, "inProgress"):
        services.release_hold(token=token, reason=reason, by=by, at=at)


def change_reservation(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Cancel a reservation, keep it longer (``reservationPeriod``), or say something else of it."""
    before, after = wanted.before, wanted.after
    content = _content(after)
    if "reservationItem" in wanted.changed or "validFor" in wanted.changed:
        raise Invalid(what="reservationItem", field="reservationItem")
    if "state" in wanted.changed:
        if after.state != "cancelled" or before.state not in {"inProgress", "partial"}:
            raise IllegalMove(verb=str(after.state), state=str(before.state), possible="cancelled" if before.state == "inProgress" else "-", field="state")
        reason = after.cancellation_reason or BY_API
        _let_go(before, reason=BY_API if reason == BY_API else f"{BY_API}: {reason}", by=by, at=at)
        content |= {"cancellationDate": instant_text(at), "cancellationReason": reason}
    elif "reservationPeriod" in wanted.changed:
        _minutes(after, at)  # what is over by now is no time to keep it
        for token in _tokens(before, "inProgress"):
            services.extend_hold(token=token, by=by, at=at)
    rewrite(RESERVATION, record_id, content, moved="state" in wanted.changed, by=by, at=at)


def remove_reservation(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Let what is reserved go and take the reservation away."""
    (found,) = _shown(record_id, by=by)
    _let_go(found, reason=BY_API, by=by, at=at)
    take_away(RESERVATION, record_id, by=by, at=at)


def _shown(record_id: UUID, *, by: Actor) -> list[Reservation]:
    return [Reservation.model_validate(document) for document in reading.documents(APIS[0], RESERVATION, [record_id], by=by).values()]


def _pool_of(document: AvailabilityCheck | PoolMove) -> UUID:
    return record_of(document.resource_pool.id if document.resource_pool else None, "resourcePool.id")


def check(document: AvailabilityCheck, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Answer how many numbers of a pool, or of one of its grades, are free."""
    pool = _pool_of(document)
    if all(seen.id != pool for seen in queries.pool_gauges(by=by, at=at)):
        raise UnknownReference(path="resourcePool.id", value=str(pool), field="resourcePool.id")
    free = sum(found.count for found in queries.number_counts(pool_id=pool, by=by) if found.state == "free" and document.grade in {None, found.grade})
    return {"availableQuantity": free, "available": free >= (document.quantity or 1)}


def _each(document: PoolMove, do: Callable[[str], None]) -> Mapping[str, Any]:
    if not document.resource:
        raise Invalid(what="resource", field="resource")
    for reference in document.resource:
        ident = record_of(reference.id, "resource.id")
        known("resource.id", ident, lambda ident=ident: do(queries.number_of(ident) if queries.is_number_id(ident) else "+0"))  # type: ignore[misc]  # bound at once
    return {}


def extract(document: PoolMove, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Take numbers out of the sale: the desk keeps them back."""
    _pool_of(document)
    return _each(document, lambda number: services.reserve_number(number=number, reason=document.reason or "TMF685", by=by, at=at))


def push(document: PoolMove, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Put numbers that were kept back into the sale of a pool."""
    pool = _pool_of(document)

    def put(number: str) -> None:
        services.unreserve_number(number=number, reason=document.reason or "TMF685", by=by, at=at)
        services.move_range(first=number, last=number, pool_id=pool, by=by, at=at)

    return _each(document, put)


def _of_reservations(payload: Mapping[str, Any]) -> bool:
    return bool(payload["resource"] == "reservation")


def _in_house(payload: Mapping[str, Any]) -> bool:
    """Tell whether a hold of a reservation was used, let go or ran out elsewhere than through this API."""
    return str(payload["order_ref"]).startswith(REFERENCE) and not str(payload.get("reason", "")).startswith(BY_API)


def _reservation_of(payload: Mapping[str, Any]) -> str:
    """Return the id of the reservation that a hold's reference was made of; empty where it is made of none."""
    found = str(payload["order_ref"]).removeprefix(REFERENCE)
    try:
        return str(UUID(found))
    except ValueError:
        return ""


RESOURCE_POOL = Resource(
    name="resourcePool", type="ResourcePool", document=ResourcePool, rows=POOLS, attributes=POOL, view="resource.view_numbers",
    about="Pools of numbers by organisation and channel", create=open_pool, change=change_pool, may_create=RUN, may_change=RUN, required=("name", "code"),
    methods=("GET", "POST", "PATCH"), server_set=frozenset({"id", "href", "version", "capacity"}),
    fixed=frozenset({"code", "relatedParty", "resourceSpecification"}),
    example={"code": "HZ-WEB", "name": "杭州网厅", "channel": [{"name": "web"}], "relatedParty": {"id": "3301", "@referredType": "Organization"}},
)
RESERVATION = Resource(
    name="reservation", type="Reservation", document=Reservation, rows=RESERVED, attributes=HELD, kept=True, view=HOLD, create=reserve,
    change=change_reservation, remove=remove_reservation, may_create=HOLD, may_change=HOLD, may_remove=HOLD, required=("relatedParty", "reservationItem"),
    about="Numbers reserved for somebody until they are used, let go or run out", state_attribute="state",
    server_set=frozenset({"id", "href", "creationDate", "stateChangeDate", "cancellationDate", "validFor"}),
    example={
        "relatedParty": [{"id": "party-17", "role": "buyer"}],
        "reservationItem": [{"quantity": 1, "relatedEntity": [{"id": "01890000-0000-7000-8000-000000000000", "role": "pool", "@referredType": "ResourcePool"}]}],
    },
    told=(
        Told(event=KeptDocumentCreated, type="ReservationCreationEvent", when=_of_reservations),
        Told(event=KeptDocumentChanged, type="ReservationStateChangeEvent", when=lambda payload: _of_reservations(payload) and payload["moved"]),
        *(Told(event=event, type="ReservationStateChangeEvent", record=_reservation_of, when=_in_house) for event in (NumberAssigned, NumberHoldEnded)),
        Told(event=KeptDocumentRemoved, type="ReservationRemoveEvent", when=_of_reservations, removes=True),
    ),
)
POOL_REF = {"id": "01890000-0000-7000-8000-000000000000"}
APIS = [
    Api(number="685", version="v4", base="resourcePoolManagement", title="Resource Pool", about="Pools of numbers and reservations out of them", resources=(
        RESERVATION, RESOURCE_POOL,
        task_resource("availabilityCheck", AvailabilityCheck, about="How many numbers of a pool are free", run=check, view="resource.view_numbers",
                      may_run="resource.view_numbers", server_set=frozenset({"available", "availableQuantity"}), example={"resourcePool": POOL_REF, "quantity": 5}),
        task_resource("push", PoolMove, about="Put numbers that were kept back into a pool's sale", run=push, view="resource.view_numbers", may_run=RUN,
                      example={"resourcePool": POOL_REF, "resource": [POOL_REF]}),
        task_resource("extract", PoolMove, about="Take numbers out of a pool's sale", run=extract, view="resource.view_numbers", may_run=RUN,
                      example={"resourcePool": POOL_REF, "resource": [POOL_REF]}),
    )),
]
