"""Money: a Decimal with its currency, rounded half-even at the currency's minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

MINOR_DIGITS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "JPY": 0}


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met in one sum."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in one currency. Arithmetic between currencies raises ``CurrencyMismatch``."""

    amount: Decimal
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def rounded(self) -> Money:
        """Round half-even to the currency's minor unit."""
        unit = Decimal(1).scaleb(-MINOR_DIGITS.get(self.currency, 2))
        return Money(self.amount.quantize(unit, rounding=ROUND_HALF_EVEN), self.currency)

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Split by ``weights``; the parts are rounded and the last bears the residual, so they sum to the whole."""
        if not weights or sum(weights) <= 0:
            raise ValueError("weights must sum to more than zero")
        total = Decimal(sum(weights))
        whole = self.rounded()
        parts = [Money(whole.amount * Decimal(w) / total, self.currency).rounded() for w in weights[:-1]]
        rest = whole.amount - sum((p.amount for p in parts), Decimal(0))
        return [*parts, Money(rest, self.currency)]
