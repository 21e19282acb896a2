"""From what reaches a place to what can be sold there: pure, each reason with its code and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import Broken, rule

UNLIMITED = 0


@rule("RES-100", says=_("The address is not covered"), mend=_("Record the wish: the network planners see where customers wait"))
def is_covered(*, accesses: int) -> bool:
    """Something of the network reaches the place."""
    return accesses > 0


@rule("RES-101", says=_("Coverage by {code} is planned for {planned_on}"), mend=_("Offer it from that day on, or a mobile solution until then"))
def is_built(*, code: str, planned_on: date | None, planned: bool) -> bool:
    """What reaches the place is in service, not only planned."""
    del code, planned_on
    return not planned


@rule("RES-102", says=_("All {total} ports of {code} are taken"), mend=_("Offer another way that reaches the address, or ask the network planner for more ports"))
def has_free_port(*, code: str, total: int, free: int) -> bool:
    """A port of the access point is free."""
    del code, total
    return free > 0


@rule("RES-103", says=_("{code} is out of order"), mend=_("Wait for the repair, or choose another way to reach the address"))
def is_in_order(*, code: str, faulty: bool) -> bool:
    """Everything on the way to the exchange works."""
    del code
    return not faulty


@rule("RES-104", says=_("{code} carries {max_down_mbps} Mbit/s here, {wanted_mbps} are asked for"), mend=_("Offer a plan up to {max_down_mbps} Mbit/s"))
def is_fast_enough(*, code: str, max_down_mbps: int, wanted_mbps: int) -> bool:
    """The way to the exchange carries the speed that is asked for."""
    del code
    return max_down_mbps == UNLIMITED or max_down_mbps >= wanted_mbps


@rule("RES-105", says=_("The address belongs to another local network"), mend=_("Ask the local network {network}, or let it take the order"))
def is_of_your_network(*, network: str, seen: bool) -> bool:
    """The network at the place is within the actor's scope; ``network`` is its name."""
    del network
    return seen


@rule("RES-106", says=_("Nobody lives there yet, or any more ({state})"), mend=_("Check the address; a planned building is served when it is in use"))
def is_inhabited(*, state: str) -> bool:
    """The place exists."""
    return state == "in_use"


@rule("RES-107", says=_("{code} has no free line left that works: {faulty} out of order"), mend=_("Have a line repaired"))
def has_working_port(*, code: str, faulty: int, free: int) -> bool:
    """Where nothing is free, it is not because lines are broken."""
    del code
    return free > 0 or faulty == 0


@rule("RES-108", says=_("The address could be {count} places"), mend=_("Choose one of the candidates"))
def is_one_place(*, count: int) -> bool:
    """The text names one place."""
    return count <= 1


@rule("RES-109", says=_("No such address is known"), mend=_("Write street and community, or have the address put into the tree"))
def is_known(*, found: int) -> bool:
    """The text names a place of the tree."""
    return found > 0


@rule("RES-110", says=_("{technology} does not carry {kind}"), mend=_("Offer what this technology carries, or plan fibre"))
def carries(*, technology: str, kind: str, carried: Sequence[str]) -> bool:
    """The technology at the place carries this kind of line."""
    del technology
    return kind in carried


@rule("RES-111", says=_("Not everything of the address was found: the answer is for {full}"), mend=_("Check building, unit and room, or have them put into the tree"))
def is_whole(*, full: str, complete: bool) -> bool:
    """Everything that the text says was found in the tree."""
    del full
    return complete


@rule("RES-112", says=_("{code} has no free DSL port"), mend=_("Offer a telephone line only, or ask the network planner for more DSL ports"))
def has_free_dsl(*, code: str, free: int | None) -> bool:
    """Over copper, the DSLAM has a port for the pair."""
    del code
    return free is None or free > 0


def narrowest(limits: Iterable[int | None]) -> int:
    """Return the least of several limits in Mbit/s, where 0 and ``None`` limit nothing; 0 where nothing limits."""
    return min((limit for limit in limits if limit), default=UNLIMITED)


def speeds_of(access: Mapping[str, Any]) -> tuple[int, int]:
    """Return (down, up) in Mbit/s that the best free port of an access carries at the place; 0 is no limit known."""
    path = access["path"] or []
    free = access["ports"].get("free") or {}
    down = narrowest([access["max_down_mbps"], free.get("down"), *(step["max_down_mbps"] for step in path), *(step["uplink_mbps"] for step in path)])
    up = narrowest([access["max_up_mbps"], free.get("up"), *(step["max_up_mbps"] for step in path), *(step["uplink_mbps"] for step in path)])
    return down, up


def broken_at_access(access: Mapping[str, Any], *, wanted_mbps: int, on: date) -> list[Broken]:
    """Return every reason why an access of a place cannot be sold now."""
    path: Sequence[Mapping[str, Any]] = access["path"] or []
    counts = {state: found["count"] for state, found in access["ports"].items()}
    code = path[-1]["code"] if path else ""
    out: list[Broken] = []
    planned = [a for a in (access, *path) if a["state"] == "planned"]
    if planned or (not counts.get("free") and counts.get("planned") and not counts.get("used") and not counts.get("reserved")):
        days = [_day(a["planned_on"]) for a in planned] + [_day(access["ports"].get("planned", {}).get("planned_on"))]
        known = [day for day in days if day is not None]
        out.append(is_built.broken(code=code, planned_on=max(known) if known else "?", planned=True))
    out += [is_in_order.broken(code=step.get("code", code), faulty=True) for step in (*path, access) if step["state"] in ("faulty", "retired")]
    if not out:
        out += _without_port(code, counts, path, access["technology"])
    down, _up = speeds_of(access)
    if wanted_mbps and not is_fast_enough(code=code, max_down_mbps=down, wanted_mbps=wanted_mbps):
        out.append(is_fast_enough.broken(code=code, max_down_mbps=down, wanted_mbps=wanted_mbps))
    del on
    return out


def _without_port(code: str, counts: Mapping[str, int], path: Sequence[Mapping[str, Any]], technology: str) -> list[Broken]:
    free, faulty, total = counts.get("free", 0), counts.get("faulty", 0), sum(counts.values())
    if not free:
        if faulty and not has_working_port(code=code, faulty=faulty, free=free):
            return [has_working_port.broken(code=code, faulty=faulty, free=free)]
        return [has_free_port.broken(code=code, total=total, free=free)]
    if technology == "adsl":
        return [has_free_dsl.broken(code=step["code"], free=step["free_dsl"]) for step in path if not has_free_dsl(code=step["code"], free=step["free_dsl"])]
    return []


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
