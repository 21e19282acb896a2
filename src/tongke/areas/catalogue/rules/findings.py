"""Broken rules with the place that they are at: a path into the content, which a file turns into a line and a page into a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tongke.areas.catalogue.rules.content import CatalogueContent
from tongke.areas.catalogue.rules.eligibility.words import UNNAMED, Coded, Named
from tongke.kernel.rules import Broken, Rule

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule and where: ``("offerings", "M-59", "prices", 0, "amount")``."""

    path: Path
    broken: Broken

    def under(self, *above: str | int) -> Finding:
        """Return the finding with its path below another."""
        return Finding((*above, *self.path), self.broken)

    def as_field(self) -> Broken:
        """Return the broken rule, its field named by the path: what a form shows."""
        return replace(self.broken, field=path_text(self.path))


def path_text(path: Path) -> str:
    """Write a path as people read it: ``offerings.M-59.prices[0].amount``."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def at(*path: str | int) -> Finder:
    """Return a finder of broken rules at a path."""
    return Finder(path)


@dataclass(slots=True)
class Finder:
    """Collects broken rules at a place."""

    path: Path
    found: list[Finding] = field(default_factory=list)

    def ask(self, rule: Rule, *below: str | int, **facts: Any) -> bool:
        """Run a rule; keep it with the path where it does not hold. Tells whether it held."""
        if rule(**facts):
            return True
        self.found.append(Finding((*self.path, *below), rule.broken(**facts)))
        return False

    def below(self, *path: str | int) -> Finder:
        """Return a finder of a place below that collects into the same list."""
        return Finder((*self.path, *path), self.found)

    def take(self, findings: Iterable[Finding]) -> None:
        """Keep findings of places below."""
        self.found += [finding.under(*self.path) for finding in findings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a version is checked against: what every code stands for, and which organisations lie within which.

    ``within`` is empty where organisations are not known; then nothing is asked of them. ``orgs`` are their names.
    """

    catalogue: CatalogueContent = field(default_factory=CatalogueContent)
    within: Mapping[int, frozenset[int]] = field(default_factory=dict)
    orgs: Mapping[int, Named] = field(default_factory=dict)

    def org(self, org_id: int) -> Coded:
        """Return an organisation as a sentence names it."""
        return Coded(self.orgs.get(org_id, UNNAMED), str(org_id))

    def offering(self, code: str) -> Coded:
        """Return an offering as a sentence names it."""
        return Coded.of(self.catalogue.offerings.get(code), code)

    def specification(self, code: str) -> Coded:
        """Return a specification as a sentence names it."""
        return Coded.of(self.catalogue.specifications.get(code), code)

    def lies_within(self, org_id: int, owner: int) -> bool:
        """Tell whether the organisation is the owner or below it."""
        return not self.within or org_id in self.within.get(owner, frozenset())
