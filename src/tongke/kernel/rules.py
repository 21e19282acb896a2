"""Business rules as pure functions with a code, a sentence and what would mend a breach.

A rule takes keyword arguments and returns true where it holds. ``check`` runs many and raises once
with every broken one, so that a user mends all in one go.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tongke.kernel.errors import RulesBroken

_registry: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One pure rule; calling it tells whether it holds."""

    code: str
    says: Any
    mend: Any
    holds: Callable[..., bool]
    field: str
    file: str
    line: int

    def __call__(self, **facts: Any) -> bool:
        """Tell whether the rule holds for the facts."""
        return self.holds(**facts)

    def broken(self, **values: Any) -> Broken:
        """Return the breach of this rule, its sentences filled with ``values``."""
        return Broken(code=self.code, says=self.says, mend=self.mend, field=self.field, values=values)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that did not hold, with the values that fill its sentences."""

    code: str
    says: Any
    mend: Any
    field: str
    values: dict[str, Any]

    @property
    def message(self) -> str:
        """What was wrong, in the active language."""
        return str(self.says).format(**self.values)

    @property
    def advice(self) -> str:
        """What would mend it, in the active language."""
        return str(self.mend).format(**self.values)


def rule(code: str, *, says: Any, mend: Any = "", field: str = "") -> Callable[[Callable[..., bool]], Rule]:
    """Declare a function as the rule ``code``; a code is used once in the whole house.

    ``field`` names the form field that is to blame where the broken rule is shown.
    """

    def declare(function: Callable[..., bool]) -> Rule:
        if code in _registry:
            raise ValueError(f"rule code {code} is used twice")
        _, line = inspect.getsourcelines(function)
        made = Rule(code, says, mend, function, field, inspect.getsourcefile(function) or "", line)
        _registry[code] = made
        return made

    return declare


def all_rules() -> list[Rule]:
    """Every declared rule of the imported modules, by code."""
    return [_registry[code] for code in sorted(_registry)]


def collect(*checks: tuple[Rule, dict[str, Any]] | Broken | None) -> list[Broken]:
    """Run rules over their facts and return the broken ones, in order."""
    out: list[Broken] = []
    for check_ in checks:
        if check_ is None:
            continue
        if isinstance(check_, Broken):
            out.append(check_)
            continue
        rule_, facts = check_
        if not rule_(**facts):
            out.append(rule_.broken(**facts))
    return out


def require(broken: Iterable[Broken]) -> None:
    """Raise ``RulesBroken`` with all of ``broken`` if there is any."""
    found = list(broken)
    if found:
        raise RulesBroken(found)
