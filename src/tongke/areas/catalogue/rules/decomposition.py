"""From what is sold to what is delivered to what it is made of: a graph whose pieces stand in the order of delivery (T7). Pure.

A piece waits for what it consists of and for what its specification says it comes after. Within one product a piece that
several others consist of, with the same values, is delivered once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from tongke.areas.catalogue.rules.content import OfferingContent, RelationContent, SpecificationContent
from tongke.areas.catalogue.rules.specifications import runs_in_no_circle
from tongke.areas.catalogue.states import RelationKind
from tongke.kernel.errors import RulesBroken

PIECES_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the customer chose: values, and for a bundle each taken part; a part that is not named is taken as often as the bundle says."""

    values: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Chosen]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece: a product, service or resource. ``key`` is the same for the same choice; an order's tasks are known by it.

    ``code`` is the specification's (of a product without one, the offering's); ``parents`` consist of this piece, ``depends_on`` are delivered before it.
    """

    key: str
    level: str
    kind: str
    code: str
    offering_code: str
    name_zh: str
    name_en: str
    values: Mapping[str, Any]
    parents: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The pieces, each after all that it depends on."""

    pieces: tuple[Piece, ...]

    def piece(self, key: str) -> Piece:
        """Return a piece by its key; raises ``KeyError``."""
        return next(piece for piece in self.pieces if piece.key == key)

    def of_level(self, level: str) -> tuple[Piece, ...]:
        """Return the pieces of a level in the order of delivery."""
        return tuple(piece for piece in self.pieces if piece.level == level)


@dataclass(slots=True)
class _Draft:
    level: str
    kind: str
    code: str
    offering_code: str
    name_zh: str
    name_en: str
    values: dict[str, Any]
    parents: list[str] = field(default_factory=list)
    awaits: list[str] = field(default_factory=list)


def mapped(relation: RelationContent, theirs: SpecificationContent, ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of what a relation leads to: its defaults, then what the map takes from ours or fixes."""
    values = {c.code: c.default for c in theirs.characteristics if c.default is not None}
    for name, source in relation.characteristic_map.items():
        value = source["value"] if "value" in source else ours.get(str(source.get("from")))
        if value is not None:
            values[name] = value
    return values


@dataclass(slots=True)
class _Making:
    offerings: Mapping[str, OfferingContent]
    specifications: Mapping[str, SpecificationContent]
    drafts: dict[str, _Draft] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)

    def enter(self, code: str) -> None:
        """Step into a code; raises ``RulesBroken`` with the path where it leads back to itself."""
        if code in self.trail:
            path = " → ".join([*self.trail[self.trail.index(code):], code])
            raise RulesBroken([runs_in_no_circle.broken(circle=path)])
        self.trail.append(code)

    def product(self, key: str, code: str, chosen: Chosen) -> None:
        """Make the piece of an offering and all below it."""
        offering = self.offerings[code]
        self.enter(code)
        spec = self.specifications.get(offering.specification or "")
        values = {c.code: c.default for c in spec.characteristics if c.default is not None} if spec else {}
        self.add(key, _Draft("product", offering.kind, offering.specification or code, code, offering.name_zh, offering.name_en,
                             {**values, **offering.characteristics, **chosen.values}))
        for part in offering.parts:
            taken = chosen.parts.get(part.part_code, [Chosen()] * part.quantity_default)
            for n, one in enumerate(taken, 1):
                below = f"{key}/{part.part_code}#{n}"
                self.product(below, part.part_code, one)
                self.join(key, below)
        if spec is not None:
            self.below(key, key, spec)
            self.follow(key)
        self.trail.pop()

    def below(self, product: str, key: str, spec: SpecificationContent) -> None:
        """Make what a specification consists of."""
        for relation in spec.relations:
            theirs = self.specifications.get(relation.other_code)
            if relation.kind != RelationKind.DECOMPOSES or theirs is None:
                continue
            self.enter(relation.other_code)
            values = mapped(relation, theirs, self.drafts[key].values)
            for _one in range(max(relation.quantity_min, 0)):
                self.one(product, key, relation.other_code, theirs, values)
            self.trail.pop()

    def one(self, product: str, key: str, code: str, spec: SpecificationContent, values: dict[str, Any]) -> None:
        """Join an equal piece of the product that is not this one's yet, or make a new one."""
        place = f"{product}/{code}"
        alike = [k for k, d in self.drafts.items() if k.startswith(f"{place}@") and d.code == code]
        shared = next((k for k in alike if self.drafts[k].values == values and key not in self.drafts[k].parents), None)
        if shared is not None:
            self.join(key, shared)
            return
        made = f"{place}@{len(alike) + 1}"
        self.add(made, _Draft(spec.level, spec.kind, code, self.drafts[product].offering_code, spec.name_zh, spec.name_en, values))
        self.join(key, made)
        self.below(product, made, spec)

    def follow(self, product: str) -> None:
        """Let the pieces of a product wait for those that their specifications come after."""
        own = {k: d for k, d in self.drafts.items() if k == product or k.startswith(f"{product}/")}
        for draft in own.values():
            spec = self.specifications.get(draft.code)
            wanted = {r.other_code for r in spec.relations if r.kind == RelationKind.DEPENDS_ON} if spec else set()
            draft.awaits += [k for k, other in own.items() if other.code in wanted and other is not draft and k not in draft.awaits]

    def add(self, key: str, draft: _Draft) -> None:
        """Keep a piece; raises ``RulesBroken`` for a graph without measure."""
        if len(self.drafts) >= PIECES_MAX:
            raise RulesBroken([runs_in_no_circle.broken(circle=f"{key} … > {PIECES_MAX}")])
        self.drafts[key] = draft

    def join(self, whole: str, piece: str) -> None:
        """Say that one piece consists of another and so waits for it."""
        self.drafts[piece].parents.append(whole)
        self.drafts[whole].awaits.append(piece)


def decompose(
    code: str, chosen: Chosen, *, offerings: Mapping[str, OfferingContent], specifications: Mapping[str, SpecificationContent],
) -> Decomposition:
    """Return what an offering is made of, in an order in which it can be delivered; the same for the same input.

    Raises ``KeyError`` for an offering or part that is not given, ``RulesBroken`` (CAT-16) with the path where it runs in a circle.
    """
    making = _Making(offerings, specifications)
    making.product(code, code, chosen)
    graph = {key: sorted(set(draft.awaits)) for key, draft in making.drafts.items()}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as fault:
        raise RulesBroken([runs_in_no_circle.broken(circle=" → ".join(fault.args[1]))]) from fault
    return Decomposition(tuple(
        Piece(key=key, level=str(draft.level), kind=str(draft.kind), code=draft.code, offering_code=draft.offering_code, name_zh=draft.name_zh,
              name_en=draft.name_en, values=draft.values, parents=tuple(draft.parents), depends_on=tuple(graph[key]))
        for key, draft in ((key, making.drafts[key]) for key in order)
    ))
