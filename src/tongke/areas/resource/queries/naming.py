"""How a name would stand in the address tree: what it is compared as, and which places have it already."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongke.areas.resource.models import Place, PlaceName
from tongke.areas.resource.queries.coverage import PlaceFound
from tongke.areas.resource.queries.places import place_brief, places_above
from tongke.areas.resource.rules.addresses import keys_of, place_key
from tongke.areas.resource.states.network import PlaceLevel
from tongke.kernel.actor import Actor, acting

NUMBERED = (PlaceLevel.BUILDING, PlaceLevel.UNIT, PlaceLevel.ROOM)
ALIKE_MAX = 5


@dataclass(frozen=True, slots=True)
class NameReading:
    """``key`` is what the name is compared as below its parent, ``search_keys`` by what it is found anywhere.

    ``same`` has this name there already, written the same way or another; ``alike`` have it elsewhere in the same district.
    """

    key: str
    search_keys: tuple[str, ...]
    same: PlaceFound | None
    alike: tuple[PlaceFound, ...]


def read_name(*, level: str, name: str, name_en: str = "", parent_id: UUID | None = None, but_not: UUID | None = None, by: Actor) -> NameReading:
    """Return how a name would stand below ``parent_id``; ``but_not`` is the place that has it now."""
    by.require("resource.view_network")
    key = place_key(level, name)
    numbered = level in NUMBERED and name.strip()[:1].isdigit()
    keys = () if numbered or not name.strip() else tuple(dict.fromkeys(found for _kind, _said, found in keys_of(level, name, name_en)))
    with acting(by):
        same = Place.objects.filter(parent_id=parent_id, level=level, key=key).values_list("id", flat=True).first() if key else None
        same = None if same == but_not else same
        named = PlaceName.objects.filter(key__in=keys, place__level=level).exclude(place__state="gone").exclude(place_id__in=[same, but_not])
        others = list(dict.fromkeys(named.values_list("place_id", flat=True)[: ALIKE_MAX * 10]))
    home = _district(parent_id, by=by) if parent_id else None
    near = [ident for ident in others if home is not None and _district(ident, by=by) == home][:ALIKE_MAX]
    return NameReading(key, keys, place_brief(same, by=by) if same else None, tuple(place_brief(ident, by=by) for ident in near))


def _district(place_id: UUID, *, by: Actor) -> UUID | None:
    """Return the district that a place lies in, or is."""
    return next((one.id for one in places_above(place_id, by=by) if one.level == PlaceLevel.DISTRICT), None)
