"""What the customer is and chose: the other half of what a price follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing.offer import NOTHING

NOW, NEXT = "now", "next"


@dataclass(frozen=True, slots=True)
class NumberGrade:
    """A fine number's terms as they stood at the sale: prestore, least monthly spending, months bound."""

    code: str
    prestore: Decimal = NOTHING
    floor: Decimal = NOTHING
    months: int = 0
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PartChoice:
    """A part of a bundle as chosen; ``quantity`` 0 leaves it out."""

    quantity: int = 1
    characteristics: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Who buys and what was chosen. ``areas`` are organisation ids, the nearest first (3301, 33, 1).

    ``quantities`` count single prices by code (extra addresses, seats); ``parts`` not given takes the bundle's usual
    parts; ``late_choice`` is what a customer who starts after the 15th chose where the price lets choose: now or next.
    """

    segment: str = ""
    level: str = ""
    areas: tuple[int, ...] = ()
    channel: str = ""
    quantity: int = 1
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    characteristics: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[str, PartChoice] | None = None
    term_code: str = ""
    grade: NumberGrade | None = None
    late_choice: str = NOW
    new_customer: bool = True

    @property
    def usual(self) -> bool:
        """Tell whether nothing was chosen: the offer as it is, for this buyer."""
        return not (
            self.quantities or self.characteristics or self.parts is not None or self.term_code or self.grade
        ) and self.quantity == 1 and self.late_choice == NOW
