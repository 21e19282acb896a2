"""A draft's prices from one writing to the next: a price keeps its id, and what became of each is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import events
from tongke.areas.catalogue.models import Offering, Price
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish

Facts = Mapping[UUID, Mapping[str, Any]]


def _key(price: Price) -> tuple[Any, ...]:
    """What tells one price of a version from the others."""
    return price.code, price.part_code, price.segment, price.channel or "", price.area_id, json.dumps(price.condition, sort_keys=True, default=str)


def keep_ids(before: Sequence[Price], after: Sequence[Price]) -> None:
    """Give prices that are about to be written the ids of those that they stand for: by what tells them apart, else by their place."""
    left = {_key(price): price.id for price in before}
    taken: set[UUID] = set()
    for price in after:
        found = left.get(_key(price))
        if found is not None and found not in taken:
            price.id = found
            taken.add(found)
    if len(before) == len(after):
        known = {price.id for price in before}
        for old, new in zip(before, after, strict=True):
            if new.id not in known and old.id not in taken:
                new.id = old.id
                taken.add(old.id)


def tell_prices(offering_id: UUID, org_id: int, before: Facts, after: Facts, *, by: Actor, at: datetime) -> None:
    """Tell of each price what became of it."""
    for price_id, said in after.items():
        fact = events.PriceAdded if price_id not in before else events.PriceChanged
        if before.get(price_id) != said:
            publish(fact(subject_id=price_id, org_id=org_id, offering_id=offering_id, code=said["code"]), by=by, at=at)
    for price_id, said in before.items():
        if price_id not in after:
            publish(events.PriceRemoved(subject_id=price_id, org_id=org_id, offering_id=offering_id, code=said["code"]), by=by, at=at)


def tell_moved(row: Offering, before: str, *, by: Actor, at: datetime) -> None:
    """Tell that a version's prices went along with it to another state."""
    for price_id in Price.objects.filter(offering_id=row.id).order_by("position", "id").values_list("id", flat=True):
        publish(events.PriceMoved(subject_id=price_id, org_id=row.org_id, offering_id=row.id, from_state=before, to_state=row.state), by=by, at=at)
