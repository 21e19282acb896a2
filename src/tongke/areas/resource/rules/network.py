"""Rules of places, sites, equipment and ports."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource.states.network import EquipmentKind, PlaceLevel, Technology
from tongke.kernel.rules import rule

LEVELS = tuple(PlaceLevel.values)
MBPS_MAX = 400_000
# Which equipment may stand above which, towards the exchange; splitters cascade.
ABOVE: dict[str, tuple[str, ...]] = {
    EquipmentKind.OLT: (), EquipmentKind.DSLAM: (), EquipmentKind.SWITCH: (EquipmentKind.OLT, EquipmentKind.SWITCH),
    EquipmentKind.SPLITTER: (EquipmentKind.OLT, EquipmentKind.SPLITTER), EquipmentKind.CABINET: (EquipmentKind.DSLAM, EquipmentKind.CABINET),
    EquipmentKind.BOX: (EquipmentKind.SPLITTER, EquipmentKind.OLT, EquipmentKind.CABINET, EquipmentKind.DSLAM, EquipmentKind.SWITCH),
}
STEPS_MAX = 8


class Worded(str):
    """A code that is compared as itself and stands in sentences in the reader's words."""

    __slots__ = ("label",)
    label: Any

    def __format__(self, spec: str) -> str:
        """Return the words."""
        return format(str(self.label), spec)


def worded(words: type[models.TextChoices], code: str) -> str:
    """Return a code so that a rule's sentence says it in words; what is none of ``words`` stays as it is."""
    if code not in words.values:
        return code
    made = Worded(code)
    made.label = words(code).label
    return made


@rule("RES-113", says=_("“{level}” cannot lie directly in “{parent_level}”"), mend=_("Choose a parent of a higher level"), field="parent")
def lies_in_a_larger(*, level: str, parent_level: str) -> bool:
    """A place lies in one of a higher level; levels may be left out, only the province lies in nothing."""
    if not parent_level:
        return level == PlaceLevel.PROVINCE
    return level in LEVELS and parent_level in LEVELS and LEVELS.index(level) > LEVELS.index(parent_level)


@rule("RES-114", says=_("The name is empty or longer than 100 signs"), mend=_("Give the name as it stands on the sign"), field="name")
def place_has_a_name(*, name: str, key: str) -> bool:
    """A place has a name of its own."""
    return bool(key) and len(name) <= 100 and len(key) <= 100


@rule("RES-115", says=_("{latitude}, {longitude} is no point on the earth"), mend=_("Give degrees: latitude -90 to 90, longitude -180 to 180"), field="latitude")
def is_a_point(*, latitude: Decimal | None, longitude: Decimal | None) -> bool:
    """Both degrees or none."""
    if latitude is None or longitude is None:
        return latitude is None and longitude is None
    return abs(latitude) <= 90 and abs(longitude) <= 180


@rule("RES-116", says=_("“{kind}” cannot hang on “{parent_kind}”"), mend=_("Choose the next element towards the exchange"), field="parent")
def may_hang_on(*, kind: str, parent_kind: str) -> bool:
    """Equipment hangs on what can feed it; the head of a tree on nothing."""
    if not parent_kind:
        return kind != EquipmentKind.SPLITTER
    return parent_kind in ABOVE.get(kind, ())


@rule("RES-117", says=_("The way to the exchange would run in a circle: {circle}"), mend=_("Choose another parent"), field="parent")
def runs_to_the_exchange(*, circle: str) -> bool:
    """No element stands above itself."""
    return not circle


@rule("RES-118", says=_("The way to the exchange would have more than {most} steps"), mend=_("Hang it nearer to the exchange"), field="parent")
def is_near_enough(*, steps: int, most: int) -> bool:
    """Splitters cascade only so far: light fades."""
    return steps <= most


@rule("RES-119", says=_("{mbps} Mbit/s cannot be"), mend=_("Give whole megabits from 0 (no limit) to 400,000"), field="max_down_mbps")
def is_a_speed(*, mbps: int) -> bool:
    """A speed in Mbit/s."""
    return 0 <= mbps <= MBPS_MAX


@rule("RES-120", says=_("A code is missing or longer than {most} signs"), mend=_("Give the code that stands on the label"), field="code")
def has_a_code(*, code: str, most: int) -> bool:
    """Everything in the network is known by a code."""
    return bool(code.strip()) and len(code) <= most


@rule("RES-121", says=_("{count} ports cannot be made at once"), mend=_("Give 1 to 4,096"), field="count")
def is_a_count_of_ports(*, count: int) -> bool:
    """How many ports are made at once."""
    return 1 <= count <= 4096


@rule("RES-122", says=_("What is planned needs a day"), mend=_("Give the day on which it will be in service"), field="planned_on")
def plan_has_a_day(*, state: str, has_day: bool) -> bool:
    """Customers are told when, so a plan has a day."""
    return state != "planned" or has_day


@rule("RES-123", says=_("“{technology}” does not run over “{kind}”"), mend=_("Choose the technology of the equipment"), field="technology")
def runs_over(*, technology: str, kind: str, offered: Sequence[str]) -> bool:
    """The coverage's technology is one that the equipment gives."""
    del technology, kind
    return bool(offered)


@rule("RES-124", says=_("{code} is out of service for good"), mend=_("Choose equipment that stands"), field="equipment")
def stands(*, code: str, retired: bool) -> bool:
    """Nothing new is hung on, or reached over, what was taken away."""
    del code
    return not retired


@rule("RES-125", says=_("{name} is gone: nothing lies in it any more"), mend=_("Choose another parent, or bring it back first"), field="parent")
def parent_is_there(*, name: str, gone: bool) -> bool:
    """A place lies in one that is there."""
    del name
    return not gone


@rule("RES-126", says=_("Provinces stand in the address tree of everybody: only the group records and changes them"),
      mend=_("Ask a planner of the group"), field="level")
def province_is_the_groups(*, level: str, group_wide: bool) -> bool:
    """What everybody finds under a province's name is not one province's to say."""
    return level != PlaceLevel.PROVINCE or group_wide


def offered_by(technology: str) -> tuple[str, ...]:
    """Return the technologies that equipment of one technology gives at a place: over a DSL line a telephone works too."""
    return {Technology.FTTH_XGPON: (Technology.FTTH_XGPON, Technology.FTTH_GPON), Technology.ADSL: (Technology.ADSL, Technology.COPPER)}.get(
        Technology(technology), (Technology(technology),))
