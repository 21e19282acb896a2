"""The address tree: recording, renaming and giving up places, and the names under which they are found."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongke.areas.resource.errors.network import LabelTaken, NotEmpty
from tongke.areas.resource.events import network as events
from tongke.areas.resource.models import Access, Place, PlaceName
from tongke.areas.resource.rules import network as rules
from tongke.areas.resource.rules.addresses import door_key, keys_of, latin_key, name_key, place_key
from tongke.areas.resource.rules.numbers import org_in_sight
from tongke.areas.resource.states.network import PlaceLevel, PlaceState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

NUMBERED = (PlaceLevel.BUILDING, PlaceLevel.UNIT, PlaceLevel.ROOM)
WIDE = (PlaceLevel.PROVINCE, PlaceLevel.CITY, PlaceLevel.DISTRICT, PlaceLevel.STREET)
PLAN = "resource.plan_network"
INSIDE = """
WITH RECURSIVE inside AS (
  SELECT p.id FROM resource_place p WHERE p.id = %s
  UNION ALL SELECT p.id FROM inside JOIN resource_place p ON p.parent_id = inside.id AND p.state <> 'gone')
SELECT id FROM inside
"""


@verb(PLAN)
def record_place(
    *, level: str, name: str, parent_id: UUID | None = None, name_en: str = "", door: str = "", code: str = "", postcode: str = "",
    latitude: Decimal | None = None, longitude: Decimal | None = None, state: str = PlaceState.IN_USE, org_id: int | None = None,
    by: Actor, at: datetime,
) -> UUID:
    """Put a place into the tree and return its id; one that stands there already is returned as it is, one that is gone is back.

    It belongs to ``org_id``, else to its parent's organisation if the actor may write there, else to the actor's. Raises
    ``NotFound`` (the parent) and RES-30, -113, -114, -115, -125, -126.
    """
    parent = Place.objects.filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise NotFound
    key = place_key(level, name)
    require(collect(
        (rules.lies_in_a_larger, {"level": rules.worded(PlaceLevel, level), "parent_level": rules.worded(PlaceLevel, parent.level if parent else "")}), _is_there(parent),
        (rules.place_has_a_name, {"name": name, "key": key}), (rules.is_a_point, {"latitude": latitude, "longitude": longitude}), _may_stand(level, key, by=by),
        (org_in_sight, {"seen": org_id is None or by.sees(org_id)}),
    ))
    owner = org_id or (parent.org_id if parent and by.sees(parent.org_id) else by.base_org_id) or 1
    community = parent.id if parent and parent.level == PlaceLevel.COMMUNITY else parent.community_id if parent else None
    row = Place(
        org_id=owner, parent=parent, level=level, name=name.strip(), name_en=name_en.strip(), key=key, door=door_key(door) if door else "",
        code=code, postcode=postcode, latitude=latitude, longitude=longitude, community_id=community, state=state, created_at=at, changed_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "place_named_once" not in str(clash):
            raise
        there = Place.objects.get(parent=parent, level=level, key=key)
        if there.state == PlaceState.GONE and by.sees(there.org_id):
            change_place_state(place_id=there.id, state=state, by=by, at=at)
        return there.id
    _name(row)
    publish(events.PlaceRecorded(subject_id=row.id, org_id=owner, level=level, name=row.name), by=by, at=at)
    return row.id


def _is_there(parent: Place | None) -> Any:
    """Return the rule that the parent is not gone, with its facts."""
    return parent and (rules.parent_is_there, {"name": parent.name, "gone": parent.state == PlaceState.GONE})


def _may_stand(level: str, key: str, *, by: Actor) -> Any:
    """Return the rule that provinces are the group's, for one that is not in the tree yet: whoever names one that stands there gets it."""
    if level != PlaceLevel.PROVINCE or Place.objects.filter(parent=None, level=level, key=key).exists():
        return None
    return rules.province_is_the_groups, {"level": level, "group_wide": by.scope is None}


def _name(place: Place) -> None:
    """Write the names under which a place is found wherever it lies; numbered parts are found below their parents only."""
    if place.level in NUMBERED and place.name[:1].isdigit():
        return
    PlaceName.objects.bulk_create(
        (PlaceName(org_id=place.org_id, place=place, kind=kind, name=said[:120], key=key[:120])
         for kind, said, key in keys_of(place.level, place.name, place.name_en)),
        update_conflicts=True, unique_fields=["place", "key"], update_fields=["kind", "name"],
    )


@verb(PLAN)
def rename_place(*, place_id: UUID, name: str, name_en: str = "", by: Actor, at: datetime) -> None:
    """Give a place another name; under the old one it is still found. Raises ``LabelTaken`` where its neighbour has the name."""
    place = locked_place(place_id, by=by)
    key = place_key(place.level, name)
    require(collect((rules.place_has_a_name, {"name": name, "key": key})))
    place.name, place.name_en, place.key, place.changed_at = name.strip(), name_en.strip(), key, at
    try:
        with transaction.atomic():
            place.save(update_fields=["name", "name_en", "key", "changed_at"])
    except IntegrityError as clash:
        if "place_named_once" in str(clash):
            raise LabelTaken(given=name) from clash
        raise
    PlaceName.objects.filter(place=place, kind="official").update(kind="alias")
    _name(place)
    publish(events.PlaceChanged(subject_id=place.id, org_id=place.org_id, fields=["name"]), by=by, at=at)


@verb(PLAN)
def add_place_name(*, place_id: UUID, name: str, by: Actor, at: datetime) -> None:
    """Let a place be found under another name too: an old one, or what people call it."""
    place = locked_place(place_id, by=by)
    require(collect((rules.place_has_a_name, {"name": name, "key": name_key(name)})))
    PlaceName.objects.bulk_create(
        (PlaceName(org_id=place.org_id, place=place, kind="alias", name=name.strip(), key=key[:120]) for key in {name_key(name), latin_key(name)}),
        ignore_conflicts=True,
    )
    publish(events.PlaceChanged(subject_id=place.id, org_id=place.org_id, fields=["names"]), by=by, at=at)


@verb(PLAN)
def change_place_state(*, place_id: UUID, state: str, by: Actor, at: datetime) -> None:
    """Say that a place is planned, in use or gone. What is gone takes with it all that lies in it, up to a community.

    Raises ``NotEmpty`` where the network still reaches it, or where a street or more still has something in it; RES-125.
    """
    place = locked_place(place_id, by=by)
    if place.state == PlaceState(state):
        return
    if state == PlaceState.GONE:
        for one in _gone_with(place, by=by, at=at):
            publish(events.PlaceGone(subject_id=one.id, org_id=one.org_id, name=one.name), by=by, at=at)
    else:
        require(collect(_is_there(place.parent)))
        Place.objects.filter(id=place.id).update(state=state, changed_at=at)
    publish(events.PlaceChanged(subject_id=place.id, org_id=place.org_id, fields=["state"]), by=by, at=at)


def _gone_with(place: Place, *, by: Actor, at: datetime) -> list[Place]:
    """Say of a place and of all that lies in it that it is gone, and return what is gone now, the place first."""
    with connection.cursor() as cursor:
        cursor.execute(INSIDE, [place.id])
        inside = [row[0] for row in cursor.fetchall()]
    others = Place.objects.filter(id__in=inside).exclude(id=place.id)
    stays = [one.id for one in others if place.level in WIDE or not by.sees(one.org_id)]
    if stays or (reached := Access.objects.filter(place_id__in=inside).exclude(state="retired").count()):
        raise NotEmpty(what=place.name, count=len(stays) or reached)
    Place.objects.filter(id__in=inside).update(state=PlaceState.GONE, changed_at=at)
    return [place, *others]


def locked_place(place_id: UUID, *, by: Actor) -> Place:
    """Return the place, locked, to be changed; raises ``NotFound``, also where others keep it (everybody reads places, each
    writes its own), and RES-126.
    """
    place = Place.objects.select_for_update().filter(id=place_id).first()
    if place is None:
        raise NotFound
    require(collect((rules.province_is_the_groups, {"level": place.level, "group_wide": by.scope is None})))
    return place
