"""What the engine is told of whoever orders. ``None`` means: not known. The engine asks nobody and looks at no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from tongke.areas.catalogue.rules.eligibility.words import Named

Phase = Literal["held", "coming", "ending", "along", "replaced"]
"""A product is held, on order, on its way out, ordered along with what is judged, or ended by the same order (only its contract counts then)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One product of the customer. ``penalty`` is what ending it today costs; ``line`` and ``account`` are ids as text."""

    id: str
    code: str
    kind: str
    name: Named
    version: int = 1
    phase: Phase = "held"
    line: str = ""
    account: str = ""
    contract_until: date | None = None
    penalty: Decimal = Decimal(0)
    currency: str = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What one account owes; ``overdue`` of it is past its due date."""

    account_no: str
    owed: Decimal
    overdue: Decimal
    currency: str = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry of the blacklist in force; ``cause`` is empty, and ``debt`` false, for whoever may not see reasons."""

    effect: str
    level: int
    cause: Any = ""
    debt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the network offers at the place: (technology, down in Mbit/s), best first; ``why_not`` where it offers nothing."""

    place: Named
    lines: tuple[tuple[str, int], ...] = ()
    why_not: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that rules may ask about, at one instant.

    ``orgs`` are the organisations from the group down to the place of use. ``exposure`` is unpaid, unbilled and committed
    together. ``lines_on_document`` counts lines in force and on order by kind under the customer's identity documents in
    the whole operator. ``line`` and ``account`` name what the order is for (empty: a new one), ``quantity`` how many
    are ordered, ``together`` the codes ordered along.
    """

    on: date
    known: bool = True
    customer_state: str = "active"
    party_kind: str = "individual"
    segment: str | None = None
    level: str | None = None
    orgs: tuple[int, ...] | None = None
    channel: str | None = None
    age: int | None = None
    tenure_months: int | None = None
    credit_class: str | None = None
    credit_limit: Decimal | None = None
    exposure: Decimal = Decimal(0)
    currency: str = "CNY"
    listed: tuple[Listed, ...] = ()
    verified: bool | None = None
    documents: tuple[str, ...] = ()
    lines_on_document: tuple[tuple[str, int], ...] = ()
    debts: tuple[Debt, ...] = ()
    held: tuple[Held, ...] = ()
    reach: Reach | None = None
    features: tuple[str, ...] | None = None
    line: str = ""
    account: str = ""
    quantity: int = 1
    together: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A digest of every fact: where it is the same, so is the verdict under the same rules."""
        words = "|".join(f"{name}={_written(getattr(self, name))}" for name in self.__dataclass_fields__)
        return sha256(words.encode()).hexdigest()

    @property
    def digests(self) -> dict[str, str]:
        """A short digest of each fact by itself: two of them side by side tell which changed, and nothing else."""
        return {name: sha256(f"{name}={_written(getattr(self, name))}".encode()).hexdigest()[:16] for name in self.__dataclass_fields__}


def _written(value: Any) -> str:
    """Return a fact as text that is the same in every language and in any order of its parts."""
    if isinstance(value, Held):
        return f"{value.id}:{value.code}:{value.version}:{value.kind}:{value.phase}:{value.line}:{value.account}:{value.contract_until}:{value.penalty}"
    if isinstance(value, Listed):
        return f"{value.effect}:{value.level}"
    if isinstance(value, Reach):
        return f"{value.place.zh}:{value.lines}"
    if isinstance(value, tuple):
        return ",".join(sorted(_written(item) for item in value))
    return str(value)
