"""What is said of a place or site beyond its standing: postcode, point on the map, name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.resource.events import network as events
from tongke.areas.resource.models import Place, Site
from tongke.areas.resource.rules import network as rules
from tongke.areas.resource.rules.addresses import door_key
from tongke.areas.resource.services.places import PLAN, locked_place
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb(PLAN)
def describe_place(
    *, place_id: UUID, postcode: str | None = None, door: str | None = None, latitude: Decimal | None = None, longitude: Decimal | None = None,
    nowhere: bool = False, by: Actor, at: datetime,
) -> None:
    """Say a place's postcode, its number in the street and where it is on the map; what is ``None`` stays, unless it is ``nowhere``.

    Raises ``NotFound``, RES-115, RES-126.
    """
    place = locked_place(place_id, by=by)
    facts = {"postcode": postcode, "door": door_key(door) if door else door, "latitude": latitude, "longitude": longitude}
    changed: dict[str, Any] = {name: value for name, value in facts.items() if value is not None and value != getattr(place, name)}
    if nowhere and place.latitude is not None:
        changed |= {"latitude": None, "longitude": None}
    after = {name: changed.get(name, getattr(place, name)) for name in ("latitude", "longitude")}
    require(collect((rules.is_a_point, after)))
    if not changed:
        return
    Place.objects.filter(id=place.id).update(**changed, changed_at=at)
    publish(events.PlaceChanged(subject_id=place.id, org_id=place.org_id, fields=sorted(changed)), by=by, at=at)


@verb(PLAN)
def describe_site(
    *, site_id: UUID, name: str | None = None, place_id: UUID | None = None, latitude: Decimal | None = None, longitude: Decimal | None = None,
    by: Actor, at: datetime,
) -> None:
    """Say a site's name, its place and where it is on the map; what is ``None`` stays. Raises ``NotFound``."""
    site = Site.objects.select_for_update(of=("self",)).filter(id=site_id).first()
    if site is None or (place_id is not None and not Place.objects.filter(id=place_id).exists()):
        raise NotFound
    facts = {"name": name.strip() if name else None, "place_id": place_id, "latitude": latitude, "longitude": longitude}
    changed: dict[str, Any] = {field: value for field, value in facts.items() if value is not None and value != getattr(site, field)}
    after = {field: changed.get(field, getattr(site, field)) for field in ("latitude", "longitude")}
    require(collect((rules.is_a_point, after)))
    if not changed:
        return
    Site.objects.filter(id=site.id).update(**changed, changed_at=at)
    publish(events.SiteChanged(subject_id=site.id, org_id=site.org_id, fields=sorted(changed)), by=by, at=at)
