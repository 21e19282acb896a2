"""What the price engine reads: an offer of one version with its prices, as plain frozen values.

Amounts are Decimals of the offer's currency; unit prices may have six decimals, what is charged has two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from tongke.kernel.period import Period

CENT = Decimal("0.01")
NOTHING = Decimal(0)
ZERO = Decimal("0.00")
MONTHS_OF = {"month": 1, "year": 12}
DAYS_A_MONTH = Decimal(30)
ONE_OFF, RECURRING, USAGE, DEPOSIT, PRESTORE = "one_off", "recurring", "usage", "deposit", "prestore"
UNTAXED = ("", "none")


def cents(amount: Decimal) -> Decimal:
    """Round half-even to the cent, as ``kernel.money`` does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of a tiered price: from more than ``from_quantity`` units on, one unit costs ``amount``."""

    from_quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """One characteristic that a price depends on: one of ``values``, or between ``least`` and ``most``."""

    name: str
    values: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def wanted(self) -> str:
        """What is asked for, as a sentence writes it: ``= 300/500``, ``≥ 300``."""
        if self.values:
            return f"= {'/'.join(self.values)}"
        bounds = [(sign, bound) for sign, bound in (("≥", self.least), ("≤", self.most)) if bound is not None]
        return " ".join(f"{sign} {bound.normalize():f}" for sign, bound in bounds)

    def holds(self, value: object) -> bool:
        """Tell whether the chosen ``value`` meets it; nothing chosen meets nothing."""
        if value is None:
            return False
        if self.values:
            return _text(value) in self.values
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            return False
        return (self.least is None or self.least <= number) and (self.most is None or number <= self.most)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def asked_of(condition: Mapping[str, object]) -> tuple[Asked, ...]:
    """Return a price row's stored condition as what it asks: ``{"speed": [300, 500]}`` or ``{"speed": {"least": 300}}``."""
    out = []
    for name in sorted(condition):
        wanted = condition[name]
        if isinstance(wanted, Mapping):
            least, most = wanted.get("least"), wanted.get("most")
            out.append(Asked(name, (), None if least is None else Decimal(str(least)), None if most is None else Decimal(str(most))))
        else:
            values = wanted if isinstance(wanted, list | tuple) else [wanted]
            out.append(Asked(name, tuple(_text(value) for value in values)))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Price:
    """A price row. ``percent_of_part`` (of a part in a bundle only) prices the part as a percentage of its own price.

    ``period`` is what a recurring ``amount`` is for (month, year, day); ``unit_size`` is how many usage units one
    ``amount`` buys, begun ones counting whole.
    """

    code: str
    kind: str
    amount: Decimal
    charge_type: str = ""
    name_zh: str = ""
    name_en: str = ""
    tax_category: str = ""
    tax_included: bool = True
    period: str = "month"
    proration: str = "daily"
    usage_type: str = ""
    unit: str = ""
    unit_size: Decimal = Decimal(1)
    segment: str = ""
    channel: str = ""
    area_id: int | None = None
    condition: tuple[Asked, ...] = ()
    part_code: str = ""
    percent_of_part: Decimal | None = None
    tier_mode: str = "slab"
    tiers: tuple[Tier, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a price list: ``amount`` replaces the price, ``percent`` makes it that percentage of itself."""

    list_code: str
    priority: int
    price_code: str
    segment: str = ""
    channel: str = ""
    area_id: int | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    valid: Period[datetime] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a period includes: ``amount`` units of a usage type; the rest lives on for ``rollover_months``."""

    usage_type: str
    amount: Decimal
    rollover_months: int = 0
    shared: bool = False
    proration: str = "daily"


@dataclass(frozen=True, slots=True)
class Term:
    """A contract term and what leaving it early costs. ``floor_amount`` is the least monthly spending (保底).

    ``default`` marks the one that holds where none was chosen.
    """

    code: str
    months: int
    default: bool = False
    name_zh: str = ""
    name_en: str = ""
    penalty_kind: str = "none"
    penalty_percent: Decimal = NOTHING
    penalty_amount: Decimal = NOTHING
    floor_amount: Decimal = NOTHING
    prestore_amount: Decimal = NOTHING
    return_months: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """The percentage of a tax category from ``valid.start`` on (dates are local)."""

    category: str
    percent: Decimal
    valid: Period[datetime] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bundle: an offer taken ``least`` to ``most`` times, ``usual`` times where nobody chose."""

    part_code: str
    offering: PricedOffering
    group_code: str = ""
    group_least: int = 0
    group_most: int | None = None
    least: int = 0
    most: int = 1
    usual: int = 0


@dataclass(frozen=True, slots=True)
class PricedOffering:
    """An offer of one version with everything that its price follows from."""

    code: str
    version: int = 1
    id: str = ""
    kind: str = ""
    name_zh: str = ""
    name_en: str = ""
    currency: str = "CNY"
    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    terms: tuple[Term, ...] = ()
    parts: tuple[Part, ...] = ()
    listed: tuple[Listed, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)

    def term(self, code: str) -> Term | None:
        """Return the term of this code; for none asked the default one, if the offer has it."""
        return next((term for term in self.terms if (term.code == code if code else term.default)), None)

    def __hash__(self) -> int:
        return hash((self.code, self.version, self.id))
