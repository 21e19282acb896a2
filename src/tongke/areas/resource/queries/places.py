"""Reads of the address tree: everybody may read where streets are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.resource.models import Place, PlaceName
from tongke.areas.resource.queries.coverage import PlaceFound, place_found
from tongke.areas.resource.rules.addresses import name_key, read_place
from tongke.areas.resource.rules.network import province_is_the_groups
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PlaceBelow:
    """A place among those of one parent, with how many lie below it."""

    id: UUID
    org_id: int
    level: str
    name: str
    name_en: str
    door: str
    state: str
    below: int


MATCH = "SELECT resource_places_shown(ARRAY(SELECT m.place_id FROM resource_place_match(%s::text[], %s::text[], %s, %s, %s, %s, %s) m))::text"
# By the beginning of a name: COLLATE "C" and a range, so that the index serves.
BEGINNING = """
SELECT resource_places_shown(ARRAY(
  SELECT f.place_id FROM (SELECT DISTINCT ON (n.place_id) n.place_id, n.key FROM resource_place_name n
    WHERE n.key >= %(lo)s AND n.key < %(hi)s ORDER BY n.place_id) f ORDER BY length(f.key), f.key, f.place_id LIMIT %(most)s))::text
"""
BELOW = """
SELECT p.id, p.org_id, p.level, p.name, p.name_en, p.door, p.state, (SELECT count(*) FROM resource_place c WHERE c.parent_id = p.id)
FROM resource_place p WHERE p.parent_id IS NOT DISTINCT FROM %(parent)s ORDER BY p.level, length(p.key), p.key LIMIT %(limit)s OFFSET %(offset)s
"""


def find_places(text: str, *, limit: int = 20, by: Actor) -> list[PlaceFound]:
    """Return the places that a text may mean, best first: by all its words, else by how a name begins."""
    by.require("resource.view_network")
    words = read_place(text)
    with acting(by):
        found: list[Any] = []
        if words.says_something:
            found = _shown(MATCH, _said(words, limit)) or (_shown(MATCH, _said(words.cut_anew(), limit)) if words.head else [])
        beginning = name_key(text)
        if not found and beginning:
            found = _shown(BEGINNING, {"lo": beginning, "hi": beginning + "\U0010ffff", "most": limit})
    return [place_found(row) for row in found]


def _said(words: Any, limit: int) -> Sequence[Any]:
    return [list(words.names), list(words.sure), words.door, words.building, words.unit, words.room, limit]


def _shown(statement: str, params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(orjson.loads(cursor.fetchone()[0]))


def place_brief(place_id: UUID, *, by: Actor) -> PlaceFound:
    """Return one place with its whole address; raises ``NotFound``."""
    by.require("resource.view_network")
    with acting(by):
        found = _shown("SELECT resource_places_shown(ARRAY[%s]::uuid[])::text", [place_id])
    if not found:
        raise NotFound
    return place_found(found[0])


def place_seen(place_id: UUID, *, by: Actor) -> Place:
    """Return one place with its own parts; raises ``NotFound``."""
    by.require("resource.view_network")
    with acting(by):
        found = Place.objects.select_related("parent").filter(id=place_id).first()
    if found is None:
        raise NotFound
    return found


def may_write_place(level: str, org_id: int | None = None, *, by: Actor) -> bool:
    """Tell whether the actor may change a place of ``level`` that is ``org_id``'s (``None``: one that is to be recorded)."""
    own = org_id is None or by.sees(org_id)
    return own and by.may("resource.plan_network") and province_is_the_groups(level=level, group_wide=by.scope is None)


def place_names(place_id: UUID, *, by: Actor) -> list[PlaceName]:
    """Return the names under which a place is found wherever it lies, the official ones first; none for numbered parts."""
    by.require("resource.view_network")
    with acting(by):
        rank = {"official": 0, "latin": 1, "alias": 2}
        return sorted(PlaceName.objects.filter(place_id=place_id), key=lambda row: (rank.get(row.kind, 3), row.name, row.key))


def places_above(place_id: UUID, *, by: Actor) -> list[PlaceFound]:
    """Return a place's ancestors from the province down, itself last."""
    by.require("resource.view_network")
    with acting(by):
        found = _shown("SELECT resource_places_shown(ARRAY(SELECT u.id FROM resource_place_up(%s) u ORDER BY u.depth DESC))::text", [place_id])
    return [place_found(row) for row in found]


def places_below(place_id: UUID | None, *, offset: int = 0, limit: int = 200, by: Actor) -> list[PlaceBelow]:
    """Return the places directly below one (``None``: the provinces), with how many lie below each."""
    by.require("resource.view_network")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(BELOW, {"parent": place_id, "limit": limit, "offset": offset})
        return [PlaceBelow(*row) for row in cursor.fetchall()]
