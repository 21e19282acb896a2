"""Rules of specifications: characteristics with types that hold, and graphs without circles. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import re2
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.content import CharacteristicContent, RelationContent, SpecificationContent
from tongke.areas.catalogue.rules.eligibility.words import Coded, Named, Several, Way
from tongke.areas.catalogue.rules.findings import Finder, Finding, Surroundings, at
from tongke.areas.catalogue.states import OfferingKind, RelationKind, SpecificationLevel, ValueType
from tongke.kernel.rules import rule

LEVELS = (SpecificationLevel.PRODUCT, SpecificationLevel.SERVICE, SpecificationLevel.RESOURCE)
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL)


@rule("CAT-13", says=_("{value} is no value of {characteristic}: {wanted}"), mend=_("Give a value of the type and within the bounds of the specification"),
      field="characteristics")
def value_fits(*, characteristic: str, value: object, wanted: str, fits: bool) -> bool:
    """A characteristic's value is of its type, in its bounds, one of its choices."""
    return fits


@rule("CAT-14", says=_("{characteristic} is no characteristic of {specification}"), mend=_("Use one of {known}, or add the characteristic to the specification"),
      field="characteristics")
def characteristic_is_known(*, characteristic: str, specification: str, known: str, is_known: bool) -> bool:
    """Only what the specification names can be said."""
    return is_known


@rule("CAT-15", says=_("{characteristic} is needed and has no value"), mend=_("Give its value: the customer does not choose it"), field="characteristics")
def fixed_value_is_given(*, characteristic: str, given: bool) -> bool:
    """What the customer does not choose is fixed by the offering."""
    return given


@rule("CAT-16", says=_("{circle} runs in a circle"), mend=_("Take one of these relations away"), field="relations")
def runs_in_no_circle(*, circle: Way) -> bool:
    """Nothing consists of itself or waits for itself, however far around."""
    return not circle


@rule("CAT-17", says=_("There is no {noun} {other}"), mend=_("Correct the code, or add it first"), field="relations")
def code_is_known(*, noun: str, other: str, is_known: bool) -> bool:
    """What is named exists."""
    return is_known


@rule("CAT-18", says=_("A {whole} cannot consist of a {part} ({other})"), mend=_("Let products consist of services, services of resources"),
      field="relations")
def decomposes_downwards(*, level: str, other_level: str, **_words: object) -> bool:
    """Decomposition goes from what is sold to what is delivered to what it is made of."""
    step = LEVELS.index(SpecificationLevel(other_level)) - LEVELS.index(SpecificationLevel(level))
    return step in (0, 1)


@rule("CAT-19", says=_("{what} stands twice"), mend=_("Keep one of them"), field="code")
def stands_once(*, what: str, often: int) -> bool:
    """Codes within a version are unique."""
    return often == 1


@rule("CAT-20", says=_("{characteristic}: {reason}"), mend=_("Correct the characteristic's bounds, choices or pattern"), field="characteristics")
def characteristic_is_sound(*, characteristic: str, reason: str) -> bool:
    """A characteristic's own words fit together."""
    return not reason


@rule("CAT-21", says=_("{least} to {most} is no range"), mend=_("Give a least that is not above the most"), field="quantity_min")
def range_is_forward(*, least: object, most: object, fits: bool) -> bool:
    """The least is not above the most."""
    return fits


@rule("CAT-78", says=_("Usually {usual} is not between {least} and {most}"), mend=_("Say how many are usually taken, from the least to the most"), field="quantity_default")
def usual_is_in_range(*, usual: int, least: int, most: int, fits: bool) -> bool:
    """What is usually taken of a part may be taken."""
    return fits


@rule("CAT-22", says=_("{kind} is no kind of product"), mend=_("Use one of {known}"), field="kind")
def product_kind_is_known(*, kind: str, known: str) -> bool:
    """A product's specification is of a kind that is sold."""
    return kind in OfferingKind.values


@rule("CAT-23", says=_("The map of {characteristic} says neither from where nor which value"), mend=_("Write {{from: ours}} or {{value: constant}}"),
      field="characteristic_map")
def map_says_whence(*, characteristic: str, words: Sequence[str]) -> bool:
    """An entry of the map names its source."""
    return list(words) in (["from"], ["value"])


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _integer(value: object) -> bool:
    number = _number(value)
    return number is not None and number == number.to_integral_value()


def _date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str | date)


_OF_TYPE: Mapping[str, Callable[[object], bool]] = {
    ValueType.TEXT: lambda value: isinstance(value, str), ValueType.CHOICE: lambda value: isinstance(value, str | int | float) and not isinstance(value, bool),
    ValueType.BOOLEAN: lambda value: isinstance(value, bool), ValueType.INTEGER: _integer, ValueType.DECIMAL: lambda value: _number(value) is not None,
    ValueType.DATE: _date,
}


def _in_bounds(spec: CharacteristicContent, size: Decimal) -> bool:
    return (spec.least is None or spec.least <= size) and (spec.most is None or size <= spec.most)


def one_value_fits(spec: CharacteristicContent, value: object) -> bool:
    """Tell whether one value is of the characteristic's type, in its bounds, and one of its choices."""
    if not _OF_TYPE[spec.value_type](value):
        return False
    if spec.value_type in NUMBERS:
        return _in_bounds(spec, Decimal(str(value)))
    if spec.value_type == ValueType.CHOICE:
        return str(value) in {choice.value for choice in spec.values}
    if spec.value_type == ValueType.TEXT:
        text = str(value)
        return _in_bounds(spec, Decimal(len(text))) and (not spec.pattern or (_reads(spec.pattern) and re2.fullmatch(spec.pattern, text) is not None))
    return True


def fits(spec: CharacteristicContent, value: object) -> bool:
    """Tell whether ``value``, a list where several may be given, fits the characteristic."""
    if isinstance(value, list | tuple):
        return spec.cardinality_min <= len(value) <= spec.cardinality_max and all(one_value_fits(spec, item) for item in value)
    return one_value_fits(spec, value)


def wanted_of(spec: CharacteristicContent) -> Way | Several:
    """Say in words what a characteristic takes."""
    if spec.value_type == ValueType.CHOICE:
        return Several(tuple(Coded(Named(choice.zh, choice.en), choice.value) for choice in spec.values))
    least, most = ("" if bound is None else f"{bound.normalize():f}" for bound in (spec.least, spec.most))
    bounds = f"{least}…{most}" if least or most else ""
    return Way(tuple(word for word in (ValueType(spec.value_type).label, bounds, spec.unit, spec.pattern) if word), between=" ")


def characteristics_of(specification: SpecificationContent) -> Several:
    """Return the characteristics of a specification as a sentence names them."""
    return Several(tuple(Coded.of(one, one.code) for one in specification.characteristics) or ("-",))


def value_findings(
    specification: SpecificationContent, code: str, values: Mapping[str, Any], finder: Finder, *, fixed: bool,
) -> None:
    """Check values against a specification; ``fixed``: they are an offering's, so what the customer does not choose must be there."""
    known = {c.code: c for c in specification.characteristics}
    for name, value in values.items():
        spec = known.get(name)
        there = finder.ask(characteristic_is_known, name, characteristic=name, specification=Coded.of(specification, code), known=characteristics_of(specification),
                           is_known=spec is not None)
        if there and spec is not None and value is not None:
            finder.ask(value_fits, name, characteristic=Coded.of(spec, name), value=value, wanted=wanted_of(spec), fits=fits(spec, value))
    if fixed:
        for spec in specification.characteristics:
            if spec.required and not spec.configurable and spec.default is None:
                finder.ask(fixed_value_is_given, characteristic=Coded.of(spec, spec.code), given=values.get(spec.code) is not None)


def _reads(pattern: str) -> bool:
    try:
        re2.compile(pattern)
    except re2.error:
        return False
    return True


def _unsound(spec: CharacteristicContent) -> str:
    """Say what does not fit together in a characteristic; empty where all does."""
    is_choice = spec.value_type == ValueType.CHOICE
    reasons = (
        (is_choice != bool(spec.values), _("a choice needs values, and only a choice has some")),
        (len({choice.value for choice in spec.values}) != len(spec.values), _("a value of the choice stands twice")),
        (spec.least is not None and spec.most is not None and spec.least > spec.most, _("its least is above its most")),
        (spec.cardinality_min > spec.cardinality_max, _("it may be given less often than it must")),
        (bool(spec.pattern) and spec.value_type != ValueType.TEXT, _("only a text has a pattern")),
        (not _reads(spec.pattern), _("its pattern cannot be read")),
        (spec.default is not None and not fits(spec, spec.default), _("its default does not fit it")),
    )
    return next((str(says) for holds, says in reasons if holds), "")


def repeated(codes: Iterable[str]) -> dict[int, tuple[str, int]]:
    """Return, by position, the codes that stood before already, and how often they stand by then."""
    seen: dict[str, int] = {}
    out = {}
    for position, code in enumerate(codes):
        seen[code] = seen.get(code, 0) + 1
        if seen[code] > 1:
            out[position] = (code, seen[code])
    return out


def circle(start: str, graph: Callable[[str], Sequence[str]]) -> list[str]:
    """Return a path from ``start`` back to itself along the graph, ends included; empty where there is none."""
    trail: list[str] = [start]
    branches = [iter(graph(start))]
    done: set[str] = set()
    while branches:
        step = next(branches[-1], None)
        if step is None:
            branches.pop()
            done.add(trail.pop())
        elif step == start:
            return [*trail, start]
        elif step not in done and step not in trail:
            trail.append(step)
            branches.append(iter(graph(step)))
    return []


def _relation(found: Finder, position: int, own: SpecificationContent, relation: RelationContent, around: Surroundings) -> None:
    here = found.below("relations", position)
    other = around.catalogue.specifications.get(relation.other_code)
    here.ask(range_is_forward, "quantity_min", least=relation.quantity_min, most=relation.quantity_max, fits=relation.quantity_min <= relation.quantity_max)
    if not here.ask(code_is_known, "other_code", noun=_("specification"), other=relation.other_code, is_known=other is not None) or other is None:
        return
    if relation.kind == RelationKind.DECOMPOSES:
        here.ask(decomposes_downwards, "other_code", level=own.level, other_level=other.level, other=Coded.of(other, relation.other_code),
                 whole=SpecificationLevel(own.level).label, part=SpecificationLevel(other.level).label)
    for theirs, source in relation.characteristic_map.items():
        place = here.below("characteristic_map", theirs)
        spec = other.characteristic(theirs)
        place.ask(characteristic_is_known, characteristic=theirs, specification=Coded.of(other, relation.other_code), known=characteristics_of(other),
                  is_known=spec is not None)
        if not place.ask(map_says_whence, characteristic=Coded.of(spec, theirs), words=list(source)):
            continue
        if "from" in source:
            ours = str(source["from"])
            place.ask(characteristic_is_known, "from", characteristic=ours, specification=_("this specification"),
                      known=characteristics_of(own), is_known=own.characteristic(ours) is not None)
        elif spec is not None:
            place.ask(value_fits, "value", characteristic=Coded.of(spec, theirs), value=source["value"], wanted=wanted_of(spec), fits=fits(spec, source["value"]))


def specification_findings(code: str, own: SpecificationContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of a specification's version, paths within it."""
    found = at()
    if own.level == SpecificationLevel.PRODUCT:
        found.ask(product_kind_is_known, "kind", kind=own.kind, known=Several(tuple(Coded(label, kind) for kind, label in OfferingKind.choices)))
    for position, (name, often) in repeated(c.code for c in own.characteristics).items():
        found.ask(stands_once, "characteristics", position, "code", what=Coded.of(own.characteristics[position], name), often=often)
    for position, spec in enumerate(own.characteristics):
        found.ask(characteristic_is_sound, "characteristics", position, characteristic=Coded.of(spec, spec.code), reason=_unsound(spec))
    for position, (_name, often) in repeated(f"{r.kind} {r.other_code}" for r in own.relations).items():
        relation = own.relations[position]
        what = Way((RelationKind(relation.kind).label, around.specification(relation.other_code)), between=": ")
        found.ask(stands_once, "relations", position, "other_code", what=what, often=often)
    for position, relation in enumerate(own.relations):
        _relation(found, position, own, relation, around)
    known = {**around.catalogue.specifications, code: own}
    trail = circle(code, lambda name: _awaited(known[name]) if name in known else ())
    found.ask(runs_in_no_circle, "relations", circle=Way(tuple(Coded.of(known.get(step), step) for step in trail)))
    return found.found


def _awaited(own: SpecificationContent) -> list[str]:
    """Return what must be delivered before a specification is: what it consists of, and what it comes after."""
    return [r.other_code for r in own.relations if r.kind in (RelationKind.DECOMPOSES, RelationKind.DEPENDS_ON)]
