"""What each kind of rule may be told: typed parameters, checked when a rule is saved and when it is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongke.areas.catalogue.states import OfferingKind, RuleEffect, RuleKind, SalesChannel

Code = Annotated[str, Field(min_length=1, max_length=40)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]


class Parameters(BaseModel):
    """What all kinds share: ``deposit`` is what is asked for where the effect is a deposit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deposit: Money | None = None


class Targets(Parameters):
    """Offerings meant by code, by kind or by category; any of them."""

    offerings: tuple[Code, ...] = ()
    kinds: tuple[OfferingKind, ...] = ()
    categories: tuple[Code, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether no offering is meant."""
        return not (self.offerings or self.kinds or self.categories)


class Meant(Targets):
    """Targets of which there must be some."""

    @model_validator(mode="after")
    def _some(self) -> Meant:
        if self.is_empty:
            raise ValueError(_("name an offering, a kind or a category"))
        return self


class Requires(Meant):
    """One of the targets is held, on order or ordered along: by the customer, or on the same line."""

    where: Literal["customer", "line"] = "customer"


class Excludes(Meant):
    """None of the targets is held or on order; ``mutual``: nor may the subject be added to them."""

    where: Literal["customer", "line"] = "customer"
    mutual: bool = True


class Quantity(Parameters):
    """How many of the subject there may be, with those on order, and how many are ordered at a time at least."""

    most: Whole | None = None
    least: Whole | None = None
    per: Literal["customer", "account", "line", "document"] = "customer"

    @model_validator(mode="after")
    def _in_order(self) -> Quantity:
        if self.most is None and self.least is None:
            raise ValueError(_("give a most or a least"))
        if self.most is not None and self.least is not None and self.least > self.most:
            raise ValueError(_("the least {least} is above the most {most}").format(least=self.least, most=self.most))
        return self


class Segments(Parameters):
    """The customer is of one of these segments."""

    one_of: tuple[Literal["residential", "business", "key_account"], ...] = Field(min_length=1)


class Levels(Parameters):
    """The customer is of one of these levels."""

    one_of: tuple[Literal["standard", "silver", "gold", "diamond"], ...] = Field(min_length=1)


class Areas(Parameters):
    """It is used in one of these organisations' areas, or below them."""

    one_of: tuple[int, ...] = Field(min_length=1)


class Channels(Parameters):
    """It is ordered through one of these channels."""

    one_of: tuple[SalesChannel, ...] = Field(min_length=1)


class Contract(Targets):
    """No contract runs on the targets (none named: on anything); its last ``free_days`` days do not count."""

    where: Literal["customer", "line"] = "line"
    free_days: int = Field(default=0, ge=0, le=366)


class Credit(Parameters):
    """The credit class is ``class_least`` or better; ``within_limit``: what is owed and committed, with this, stays in the limit."""

    class_least: Literal["A", "B", "C", "D"] | None = None
    within_limit: bool = False

    @model_validator(mode="after")
    def _something(self) -> Credit:
        if self.class_least is None and not self.within_limit:
            raise ValueError(_("ask for a class or for the limit"))
        return self


class Blacklist(Parameters):
    """No entry of these effects, of ``level_least`` or above, stands against the customer; the entry's effect is the verdict's."""

    effects: tuple[Literal["refuse", "review", "deposit"], ...] = ("refuse", "review", "deposit")
    level_least: int = Field(default=1, ge=1, le=5)


class RealName(Parameters):
    """Identity verified, by one of ``documents`` (none named: any), with no more than ``lines_most`` lines under the document."""

    verified: bool = True
    documents: tuple[Code, ...] = ()
    lines_most: Whole | None = None
    line_kinds: tuple[Literal["mobile", "fixed", "broadband", "tv", "ict"], ...] = ("mobile",)


class Arrears(Parameters):
    """No account owes more than ``above``; ``overdue_only`` counts what is past its due date."""

    above: Money = Decimal(0)
    overdue_only: bool = True


class Coverage(Parameters):
    """The place is reached by one of ``technologies`` (none named: any) at ``mbps`` down or more."""

    technologies: tuple[Code, ...] = ()
    mbps: Whole = 0


class Age(Parameters):
    """The customer, where a person, is between ``least`` and ``most`` years old, both included."""

    least: int | None = Field(default=None, ge=0, le=150)
    most: int | None = Field(default=None, ge=0, le=150)

    @model_validator(mode="after")
    def _in_order(self) -> Age:
        if self.least is None and self.most is None:
            raise ValueError(_("give a least or a most age"))
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(_("the least age {least} is above the most {most}").format(least=self.least, most=self.most))
        return self


class Tenure(Parameters):
    """A customer for ``months_least`` whole months or longer."""

    months_least: int = Field(ge=1, le=1200)


class Device(Parameters):
    """The device on the line can do all of ``features``."""

    features: tuple[Code, ...] = Field(min_length=1)


BY_KIND: dict[str, type[Parameters]] = {
    RuleKind.REQUIRES: Requires, RuleKind.EXCLUDES: Excludes, RuleKind.QUANTITY: Quantity, RuleKind.SEGMENT: Segments,
    RuleKind.LEVEL: Levels, RuleKind.AREA: Areas, RuleKind.CHANNEL: Channels, RuleKind.CONTRACT: Contract, RuleKind.CREDIT: Credit,
    RuleKind.BLACKLIST: Blacklist, RuleKind.REAL_NAME: RealName, RuleKind.ARREARS: Arrears, RuleKind.COVERAGE: Coverage,
    RuleKind.AGE: Age, RuleKind.TENURE: Tenure, RuleKind.DEVICE: Device,
}


def parameters_of(kind: str, given: object, *, effect: str = RuleEffect.REFUSE) -> Parameters:
    """Return the parameters of a rule of ``kind``; raises ``ValueError`` (pydantic's too) where they have not their shape."""
    found = BY_KIND[kind].model_validate(given)
    if effect == RuleEffect.DEPOSIT and not found.deposit:
        raise ValueError(_("deposit: a rule that asks for a deposit names its amount"))
    return found
