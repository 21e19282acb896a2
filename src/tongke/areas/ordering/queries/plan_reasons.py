"""Why a plan costs what it costs on a line's own usage: sentences with their values, said in the reader's language when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from tongke.areas.catalogue.queries.eligibility import Amount
from tongke.areas.catalogue.queries.plans import MonthCost, UsagePlan
from tongke.areas.ordering.queries.plan_promotions import Promoted

ZERO = Decimal("0.00")
KINDS: Mapping[str, Any] = {
    "data_mb": gettext_lazy("data"), "voice_minute": gettext_lazy("calls"), "sms": gettext_lazy("text messages"),
    "data_roaming_mb": gettext_lazy("data abroad"), "voice_roaming_minute": gettext_lazy("calls abroad"),
}
LESS = gettext_noop("{amount} less a month than the present plan")
MORE = gettext_noop("{amount} more a month than the present plan")
COVERED = gettext_noop("all usage of these months is covered by what is included")
BEYOND = gettext_noop("{count} of {months} months went beyond what is included, for {amount} in all")
PENALTY = gettext_noop("leaving the present contract costs {amount} once")
FEE_ONLY = gettext_noop("no month of usage is known: compared by the monthly fee")
CARRIES_NOT = gettext_noop("the line uses {kinds}, which this plan does not carry")
NO_RATE = gettext_noop("for {kinds} beyond what is included the plan has no rate: it is not in the figures")
SHARED = gettext_noop("{kinds}: {lines} lines of the customer share what is included, an equal part is counted for this one")
FOR_MONTHS = gettext_noop("with a promotion that may be taken now, {fee} instead of {usual} a month for the first {months} months: {promotions}")
FOR_GOOD = gettext_noop("with a promotion that may be taken now, {fee} instead of {usual} a month for as long as the plan is kept: {promotions}")


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence with its values: what speaks for or against a plan. A tuple among the values names kinds of use."""

    says: str
    values: Mapping[str, Any]

    @property
    def message(self) -> str:
        """The sentence in the active language."""
        return _(self.says).format(**{name: _listed(value) if isinstance(value, tuple) else value for name, value in self.values.items()})


def _listed(kinds: Sequence[str]) -> str:
    stop = "、" if (get_language() or "").startswith("zh") else ", "
    return stop.join(str(KINDS.get(kind, kind)) for kind in kinds)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known of one plan's months: ``saved`` a month against the present plan (``None``: there is none), ``sharing`` lines."""

    plan: UsagePlan
    months: Sequence[MonthCost]
    saved: Decimal | None
    penalty: Decimal
    unpriced: tuple[str, ...]
    sharing: int
    promoted: Promoted | None


def reasons(one: Compared) -> tuple[Why, ...]:
    """Return what explains the plan's figures, in the order in which they are read."""
    out = [*_of_usage(one)] if one.months else [Why(FEE_ONLY, {})]
    if one.sharing > 1:
        out.append(Why(SHARED, {"kinds": one.plan.shared, "lines": one.sharing}))
    if one.penalty and one.months:
        out.append(Why(PENALTY, {"amount": Amount(one.penalty)}))
    if one.promoted:
        bargain = one.promoted
        out.append(Why(FOR_GOOD if bargain.months is None else FOR_MONTHS, {
            "fee": Amount(bargain.fee), "usual": Amount(one.plan.fee), "months": bargain.months, "promotions": bargain.names}))
    return tuple(out)


def _of_usage(one: Compared) -> list[Why]:
    out = []
    if one.saved:
        out.append(Why(LESS if one.saved > 0 else MORE, {"amount": Amount(abs(one.saved))}))
    beyond = [m for m in one.months if m.overage]
    if beyond:
        out.append(Why(BEYOND, {"count": len(beyond), "months": len(one.months), "amount": Amount(sum((m.overage for m in beyond), ZERO))}))
    elif one.plan.included and not one.unpriced:
        out.append(Why(COVERED, {}))
    if one.unpriced:
        out.append(Why(NO_RATE, {"kinds": one.unpriced}))
    return out
