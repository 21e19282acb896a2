"""What is wrong with a rule book as a whole: circles, contradictions, and what can never be fulfilled.

**Circle.** An offering that requires another can be ordered once the other can. Offerings that wait for one another in a
circle can never be ordered, unless one bundle that is sold has all of them as parts, for its parts are ordered together.
A requirement with alternatives is a circle only where every alternative leads back.

**Contradiction.** An offering must have what it requires, and what that requires, and so on (where there are alternatives:
what they all need). It is a contradiction if two of these, the offering among them, exclude each other: between customers'
products anyhow, on one line only where the whole way of requirements stays on one line. A bundle on sale has the parts that
always belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tongke.areas.catalogue.rules.eligibility.book import Offer, OfferIndex, RuleVersion
from tongke.areas.catalogue.rules.eligibility.checks import Meaning
from tongke.areas.catalogue.states import RuleKind

EXCLUDES = "×"
"""Stands in a path between two ways whose ends exclude each other."""
Ancestry = Callable[[int], Sequence[int]]
"""Gives the organisations from the group down to one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong: ``kind`` (circle, contradiction, never_sold, nothing_left, quantity), the way to it, the rules in it."""

    kind: str
    path: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Need:
    """A requirement of one offering: any of ``options``; ``line`` where it is for the same line."""

    rule: str
    options: frozenset[str]
    line: bool


def flaws_of(rules: Iterable[RuleVersion], offers: Iterable[Offer], *, ancestry: Ancestry = lambda org: (org,)) -> frozenset[Flaw]:
    """Return everything that is wrong with rules that are in force together."""
    known = {offer.code: offer for offer in offers}
    index = OfferIndex(known.values())
    ordered = sorted(rules, key=lambda rule: (rule.code, rule.version))
    needs: dict[str, list[_Need]] = {code: [] for code in known}
    for rule in ordered:
        if rule.kind == RuleKind.REQUIRES and rule.effect == "refuse":
            options = index.targets(rule.parameters).codes
            for code in index.subject(rule).codes & known.keys():
                needs[code].append(_Need(rule.code, options, rule.parameters.where == "line"))
    found = _never_sold(needs, known)
    found |= _circles(needs, known)
    found |= _contradictions(_with_parts(needs, known), ordered, index)
    found |= _nothing_left(ordered, known, index, ancestry)
    found |= _quantities(ordered, known, index)
    return frozenset(found)


def _never_sold(needs: Mapping[str, Sequence[_Need]], known: Mapping[str, Offer]) -> set[Flaw]:
    """Requirements of which no alternative is sold, by itself or as a part of a bundle that is."""
    sold = {code for code, offer in known.items() if offer.on_sale}
    sold |= {part for code in sold for part in known[code].parts}
    out = set()
    for code, wanted in needs.items():
        if code in sold:
            out |= {Flaw(kind="never_sold", path=(code, *sorted(n.options)[:3]), rules=(n.rule,)) for n in wanted if not n.options & sold}
    return out


def _orderable(needs: Mapping[str, Sequence[_Need]], known: Mapping[str, Offer]) -> set[str]:
    """The offerings that can be ordered at all: the least set that grows from those that need nothing.

    A bundle that is sold brings its parts in together, once what its parts need from outside is there.
    """
    there: set[str] = {code for code in needs if not needs[code]}
    bundles = [frozenset(offer.parts) for offer in known.values() if offer.parts and offer.on_sale]
    grown = True
    while grown:
        more = {code for code in needs if code not in there and all(n.options & there for n in needs[code])}
        for parts in bundles:
            if not parts <= there and all(n.options & (there | parts) for part in parts for n in needs.get(part, ())):
                more |= parts - there
        there |= more
        grown = bool(more)
    return there


def _circles(needs: Mapping[str, Sequence[_Need]], known: Mapping[str, Offer]) -> set[Flaw]:
    """Walk from what can never be ordered along what it waits for until the way closes."""
    there = _orderable(needs, known)
    stuck = {code for code in needs if code not in there}
    found = set()
    for start in sorted(stuck):
        way, rules, here = [start], [], start
        while True:
            unmet = [n for n in needs[here] if not n.options & there]
            need = next((n for n in unmet if n.options & stuck), unmet[0])
            onward = sorted(need.options & stuck)
            rules.append(need.rule)
            if not onward:
                break  # what it needs is not known or never sold: told as such
            here = onward[0]
            if here in way:
                found.add(_closed(way[way.index(here):], rules[way.index(here):]))
                break
            way.append(here)
    return found


def _closed(way: list[str], rules: list[str]) -> Flaw:
    """Return a circle, beginning at its first code, so that each is told once wherever the walk entered it."""
    first = way.index(min(way))
    turned = way[first:] + way[:first]
    return Flaw(kind="circle", path=(*turned, turned[0]), rules=tuple(sorted(set(rules))))


def _musts(needs: Mapping[str, Sequence[_Need]], *, line: bool) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each offering what it must have, with the way of requirements to it.

    With alternatives, what all of them are or must have. ``line`` follows requirements on one line only.
    """
    musts: dict[str, dict[str, tuple[str, ...]]] = {code: {code: (code,)} for code in needs}
    grown = True
    while grown:
        grown = False
        for code, wanted in needs.items():
            for need in wanted:
                options = sorted(need.options & musts.keys())
                if not options or len(options) < len(need.options) or (line and not need.line):
                    continue
                for shared in set.intersection(*(set(musts[option]) for option in options)) - musts[code].keys():
                    musts[code][shared] = (code, *musts[options[0]][shared])
                    grown = True
    return musts


def _with_parts(needs: Mapping[str, Sequence[_Need]], known: Mapping[str, Offer]) -> dict[str, Sequence[_Need]]:
    """Return the requirements, a bundle's parts among what it must have; no rule asks for those."""
    return {
        code: [*wanted, *(_Need("", frozenset({part}), line=False) for part in known[code].always)] if known[code].on_sale else wanted
        for code, wanted in needs.items()
    }


def _contradictions(needs: Mapping[str, Sequence[_Need]], rules: Sequence[RuleVersion], index: OfferIndex) -> set[Flaw]:
    anyhow, on_line = _musts(needs, line=False), _musts(needs, line=True)
    found = set()
    for rule in rules:
        if rule.kind != RuleKind.EXCLUDES or rule.effect != "refuse":
            continue
        subject, targets = index.subject(rule).codes, index.targets(rule.parameters).codes
        for has in (on_line if rule.parameters.where == "line" else anyhow).values():
            # One without the other: what has no requirement cannot contradict itself.
            for one, other in sorted((a, b) for a in has.keys() & subject for b in has.keys() & targets if a != b)[:1]:
                there, back = sorted((has[one], has[other]), key=len, reverse=True)
                rules_met = (*_rules_on(there, needs), *_rules_on(back, needs), rule.code)
                found.add(Flaw(kind="contradiction", path=(*there, EXCLUDES, *back), rules=tuple(dict.fromkeys(filter(None, rules_met)))))
    return found


def _rules_on(way: Sequence[str], needs: Mapping[str, Sequence[_Need]]) -> tuple[str, ...]:
    return tuple(next(n.rule for n in needs[a] if b in n.options) for a, b in pairwise(way))


_SETS = (RuleKind.SEGMENT, RuleKind.LEVEL, RuleKind.CHANNEL, RuleKind.AREA)


def _nothing_left(
    rules: Sequence[RuleVersion], known: Mapping[str, Offer], index: OfferIndex, ancestry: Ancestry,
) -> set[Flaw]:
    """Offerings whose rules together allow no segment, level, channel or area at all."""
    found = set()
    for kind in _SETS:
        allowing = [(r, index.subject(r).codes) for r in rules if r.kind == kind and r.effect == "refuse"]
        if not allowing:
            continue
        for code, offer in known.items():
            mine = [(r.code, tuple(r.parameters.one_of)) for r, codes in allowing if code in codes]
            own = {RuleKind.SEGMENT: offer.segments, RuleKind.CHANNEL: offer.channels, RuleKind.AREA: offer.sold_in}.get(kind, ())
            if mine and own:
                mine.append(("", tuple(own)))
            if len(mine) > 1 and not _shared([values for _rule, values in mine], ancestry if kind == RuleKind.AREA else None):
                found.add(Flaw(kind="nothing_left", path=(code,), rules=tuple(rule for rule, _values in mine if rule)))
    return found


def _shared(sets: Sequence[tuple[Any, ...]], ancestry: Ancestry | None) -> bool:
    if ancestry is None:
        return bool(set.intersection(*(set(values) for values in sets)))
    # The lowest of the areas decides: it must lie within one area of every set.
    return any(all(set(ancestry(org)) & set(values) for values in sets) for org in {o for values in sets for o in values})


def _quantities(rules: Sequence[RuleVersion], known: Mapping[str, Offer], index: OfferIndex) -> set[Flaw]:
    """A least of one rule above the most of another for the same offering and the same count."""
    found = set()
    counted = [(r, index.subject(r)) for r in rules if r.kind == RuleKind.QUANTITY and r.effect == "refuse"]
    for low, below in counted:
        for high, above in counted:
            if low is high or low.parameters.least is None or high.parameters.most is None or low.parameters.per != high.parameters.per:
                continue
            # What counts for the least counts for the most too only where the most's subject covers it.
            if low.parameters.least > high.parameters.most and _covers(above, below) and below.codes & known.keys():
                found.add(Flaw(kind="quantity", path=(min(below.codes & known.keys()),), rules=(low.code, high.code)))
    return found


def _covers(whole: Meaning, part: Meaning) -> bool:
    return whole.all or part.codes <= whole.codes
