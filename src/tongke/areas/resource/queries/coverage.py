"""What can be sold at an address, at what speed, or why not and what would mend it: one round trip to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from tongke.areas.resource.rules import coverage as rules
from tongke.areas.resource.rules.addresses import PlaceWords, read_place
from tongke.areas.resource.states.network import KIND_NAMES, KINDS_AT_PLACE, SERVES, PlaceState, Technology
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor, acting
from tongke.kernel.db.prepared import first_row
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import Broken

CANDIDATES_MAX = 20
WIDE = ("province", "city", "district", "street")
FIBRE_FIRST = ("ftth_xgpon", "ftth_gpon", "lan", "adsl", "copper")


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place of the tree with its whole address in both languages."""

    id: UUID
    org_id: int
    level: str
    full: str
    full_en: str
    state: str = "in_use"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One element on the way from the exchange to the place: a site or a piece of equipment."""

    id: UUID
    kind: str
    code: str
    name: str
    state: str
    technology: str = ""
    split: str = ""
    uplink_mbps: int = 0
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One way in which a place is reached. ``path`` goes from the exchange down to the access point itself.

    ``free_ports`` of ``ports``; 0 Mbit/s is no limit known; ``reasons`` is empty where it can be sold now.
    """

    id: UUID
    equipment_id: UUID
    code: str
    technology: str
    kinds: tuple[str, ...]
    state: str
    planned_on: date | None
    distance_m: int
    max_down_mbps: int
    max_up_mbps: int
    free_ports: int
    ports: Mapping[str, int]
    path: tuple[PathStep, ...]
    reasons: tuple[Broken, ...]

    @property
    def sellable(self) -> bool:
        """Tell whether something can be sold over it now."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """What of one kind of line can be sold at the place: over the best way that is free, or why not."""

    kind: str
    sellable: bool
    technology: str = ""
    max_down_mbps: int = 0
    max_up_mbps: int = 0
    free_ports: int = 0
    equipment_id: UUID | None = None
    planned_on: date | None = None
    reasons: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer for one address. ``place`` is ``None`` where the text names none or several (``candidates``).

    ``exact``: everything that was said was found. ``reasons`` are those that stand against the whole address.
    """

    place: PlaceFound | None
    exact: bool
    candidates: tuple[PlaceFound, ...]
    access: tuple[AccessPoint, ...]
    kinds: Mapping[str, KindCoverage]
    reasons: tuple[Broken, ...]
    at: datetime

    @property
    def place_id(self) -> UUID | None:
        """The place that was found."""
        return self.place.id if self.place else None

    @property
    def sellable_kinds(self) -> tuple[str, ...]:
        """The kinds of lines that can be sold now."""
        return tuple(kind for kind, found in self.kinds.items() if found.sellable)


def coverage_at(
    *, place_id: UUID | None = None, text: str = "", wanted_mbps: int = 0, by: Actor, at: datetime
) -> Coverage:
    """Answer what can be sold at a place, or at the one place that ``text`` names; raises ``NotFound`` for an unknown id.

    ``wanted_mbps`` adds the reason RES-104 where a way is slower than that.
    """
    by.require("resource.view_network")
    with acting(by):
        if place_id is not None:
            found = _asked("SELECT resource_coverage_text(%s)::text", [place_id])
            if found is None:
                raise NotFound
            return _answer(found, exact=True, wanted_mbps=wanted_mbps, by=by, at=at)
        return _by_words(read_place(text), wanted_mbps=wanted_mbps, by=by, at=at)


def _by_words(words: PlaceWords, *, wanted_mbps: int, by: Actor, at: datetime) -> Coverage:
    found = _matched(words) if words.says_something else {"found": []}
    if not found.get("complete") and words.head and _is_vague(found):
        # 市, 区 and 路 were left out: every piece of the text may be a name.
        anew = _matched(words.cut_anew())
        found = anew if anew.get("found") or not _is_vague(anew) else found
    if found.get("coverage"):
        return _answer(found["coverage"], exact=found["complete"], wanted_mbps=wanted_mbps, by=by, at=at)
    candidates = tuple(place_found(row) for row in found.get("found", []))
    reason = rules.is_one_place.broken(count=len(candidates)) if candidates else rules.is_known.broken(found=0)
    return Coverage(None, False, candidates, (), _kinds((), (reason,)), (reason,), at)


def _is_vague(found: Mapping[str, Any]) -> bool:
    """Tell whether nothing nearer than a street was found, or several places."""
    return not found.get("coverage") or found["coverage"]["level"] in WIDE


def _matched(words: PlaceWords) -> dict[str, Any]:
    asked = _asked(
        "SELECT resource_coverage_said(%s::text[], %s::text[], %s, %s, %s, %s, %s)::text",
        [list(words.names), list(words.sure), words.door, words.building, words.unit, words.room, CANDIDATES_MAX],
    )
    return asked or {}


def _asked(statement: str, params: Sequence[Any]) -> dict[str, Any] | None:
    """Return the finished JSON of one statement, prepared once a connection."""
    row = first_row(statement, params)
    return orjson.loads(row[0]) if row and row[0] else None


def place_found(row: Mapping[str, Any]) -> PlaceFound:
    """Return the place of a JSON row."""
    return PlaceFound(UUID(row["id"]), row["org_id"], row["level"], row["full"], row["full_en"], row["state"])


def _answer(found: Mapping[str, Any], *, exact: bool, wanted_mbps: int, by: Actor, at: datetime) -> Coverage:
    place = place_found(found)
    reasons: list[Broken] = []
    if not rules.is_of_your_network(network="", seen=by.sees(place.org_id)):
        reasons.append(rules.is_of_your_network.broken(network=staff.org_name(place.org_id), seen=False))
    if not rules.is_inhabited(state=place.state):
        reasons.append(rules.is_inhabited.broken(state=PlaceState(place.state).label))
    accesses = tuple(_access(row, wanted_mbps=wanted_mbps, on=by.day(at)) for row in found["accesses"])
    if not accesses and not reasons:
        reasons.append(rules.is_covered.broken(accesses=0))
    unclear = () if exact else (rules.is_whole.broken(full=place.full, complete=False),)
    kinds = _kinds(accesses, tuple(reasons))
    return Coverage(place, exact, (), accesses, kinds, (*reasons, *unclear), at)


def _access(row: Mapping[str, Any], *, wanted_mbps: int, on: date) -> AccessPoint:
    down, up = rules.speeds_of(row)
    path = row["path"] or []
    counts = {state: found["count"] for state, found in row["ports"].items()}
    return AccessPoint(
        id=UUID(row["id"]), equipment_id=UUID(row["equipment_id"]), code=path[-1]["code"] if path else "", technology=row["technology"],
        kinds=SERVES.get(row["technology"], ()), state=row["state"], planned_on=_day(row["planned_on"]), distance_m=row["distance_m"],
        max_down_mbps=down, max_up_mbps=up, free_ports=counts.get("free", 0), ports=counts, path=_path(path),
        reasons=tuple(rules.broken_at_access(row, wanted_mbps=wanted_mbps, on=on)),
    )


def _path(steps: Sequence[Mapping[str, Any]]) -> tuple[PathStep, ...]:
    """Return the way from the exchange down: each site stands before the first equipment in it."""
    out: list[PathStep] = []
    for step in steps:
        site = step["site"]
        if site and all(str(known.id) != site["id"] for known in out):
            out.append(PathStep(UUID(site["id"]), site["kind"], site["code"], site["name"], site["state"]))
        out.append(PathStep(
            UUID(step["id"]), step["kind"], step["code"], step["name"], step["state"], step["technology"], step["split"], step["uplink_mbps"],
            _day(step["planned_on"]),
        ))
    return tuple(out)


def _kinds(accesses: Sequence[AccessPoint], against: tuple[Broken, ...]) -> dict[str, KindCoverage]:
    return {kind: _kind(kind, accesses, against) for kind in KINDS_AT_PLACE}


def _kind(kind: str, accesses: Sequence[AccessPoint], against: tuple[Broken, ...]) -> KindCoverage:
    ways = [access for access in accesses if kind in access.kinds]
    best = min((way for way in ways if way.sellable), key=_rank, default=None)
    if best is not None and not against:
        return KindCoverage(kind, True, best.technology, best.max_down_mbps, best.max_up_mbps, best.free_ports, best.equipment_id)
    if ways:
        nearest = min(ways, key=_rank)
        reasons = tuple(dict.fromkeys((r.code, r.message) for way in ways for r in way.reasons))
        told = {(r.code, r.message): r for way in ways for r in way.reasons}
        return KindCoverage(
            kind, False, nearest.technology, nearest.max_down_mbps, nearest.max_up_mbps, 0, nearest.equipment_id, _planned(ways),
            (*against, *(told[key] for key in reasons)),
        )
    carried = tuple(
        rules.carries.broken(technology=Technology(access.technology).label, kind=KIND_NAMES[kind], carried=access.kinds) for access in accesses
    )
    return KindCoverage(kind, False, reasons=(*against, *carried[:1]))


def _rank(way: AccessPoint) -> tuple[int, int, int]:
    """Order ways by technology, speed (no limit known is fast) and distance."""
    place = FIBRE_FIRST.index(way.technology) if way.technology in FIBRE_FIRST else len(FIBRE_FIRST)
    return place, -(way.max_down_mbps or 1_000_000), way.distance_m


def _planned(ways: Sequence[AccessPoint]) -> date | None:
    days = [way.planned_on for way in ways if way.planned_on] + [
        step.planned_on for way in ways for step in way.path if step.planned_on and step.state == "planned"]
    return min(days, default=None)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def coverage_read(found: Mapping[str, Any], *, by: Actor, at: datetime) -> Coverage:
    """Return the answer from what the database function ``resource_coverage`` gave to a statement that asked for more at once."""
    return _answer(found, exact=True, wanted_mbps=0, by=by, at=at)
