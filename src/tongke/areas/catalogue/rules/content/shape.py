"""What all shapes share: words, amounts, and how a value that stands for nothing is left out."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

CODE_PATTERN = r"^[A-Z0-9][A-Z0-9_-]{1,39}$"
SMALL_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$"
# What a file or a page may give as a number: more digits than the database keeps are refused, never rounded.
LARGEST = Decimal(10) ** 12


def _no_float(value: Any) -> Any:
    return str(value) if isinstance(value, float) else value


def plain(value: Decimal) -> Decimal:
    """Return the number without trailing zeros beyond two decimals, so that equal amounts are written alike."""
    two = value.quantize(Decimal("0.01")) if abs(value) < LARGEST else value
    return two if two == value else value.normalize()


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def jsonable(value: Any, *, depth: int = 0) -> Any:
    """Return a free value as JSON keeps it; raises ``ValueError`` for what JSON cannot hold or is deeper than eight levels."""
    if depth > 8:
        raise ValueError("nested too deeply")
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no number")
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [jsonable(item, depth=depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(name): jsonable(item, depth=depth + 1) for name, item in value.items()}
    raise ValueError("no value of a kind that can be kept")


Code = Annotated[str, Field(pattern=CODE_PATTERN)]
"""A code of something with versions: 2 to 40 capitals, digits, - or _."""
Small = Annotated[str, Field(pattern=SMALL_PATTERN)]
"""A code within a version: a price's, a term's, a characteristic's."""
Name = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(max_length=4000)]
Sentence = Annotated[str, Field(max_length=300)]
Money = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, lt=LARGEST, decimal_places=2), AfterValidator(plain)]
UnitPrice = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, lt=LARGEST, decimal_places=6), AfterValidator(plain)]
Percent = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, le=100, decimal_places=2), AfterValidator(plain)]
PercentOf = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, le=1000, decimal_places=2), AfterValidator(plain)]
Quantity = Annotated[Decimal, BeforeValidator(_no_float), Field(ge=0, lt=LARGEST, decimal_places=2), AfterValidator(plain)]
Bound = Annotated[Decimal, BeforeValidator(_no_float), Field(gt=-LARGEST, lt=LARGEST, decimal_places=6), AfterValidator(plain)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Months = Annotated[int, Field(ge=0, le=120)]
OrgId = Annotated[int, Field(ge=1, le=2_000_000_000)]
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
Json = Annotated[Any, AfterValidator(jsonable)]


class Content(BaseModel):
    """A shape: frozen, no unknown words, equal where it says the same."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def spoken(self) -> dict[str, Any]:
        """Return what differs from the defaults, in the order of the fields: what the file and the comparison show."""
        return self.model_dump(exclude_defaults=True)
