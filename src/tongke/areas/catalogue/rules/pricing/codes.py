"""Why a line of a quote says what it says: one pure function a rule, each with its code.

Unlike rules that forbid, these tell which way an amount was found; a quote's line names the codes it followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import Rule, rule

HALF_MONTH_DAYS = 15


@dataclass(frozen=True, slots=True)
class Trace:
    """One step on the way to an amount: the rule that was followed and the row that it took (``M-59 v3: monthly``)."""

    rule: Rule
    source: str

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def says(self) -> str:
        """The rule's sentence in the active language."""
        return str(self.rule.says)


@rule("CAT-100", says=_("The offer's own price"))
def is_own_price(*, area_id: int | None, segment: str, condition: Sequence[object]) -> bool:
    """A price row for everybody, everywhere."""
    return area_id is None and not segment and not condition


@rule("CAT-101", says=_("Of several prices the most exact one holds: characteristics before area, the nearest area before a wider one, area before segment, segment before channel"))
def is_most_exact(*, exactness: tuple[int, ...], others: Sequence[tuple[int, ...]]) -> bool:
    """No other fitting row is as exact."""
    return all(exactness > other for other in others)


@rule("CAT-102", says=_("The price list of the highest priority that names this price replaces it"))
def is_listed(*, priority: int, others: Sequence[int]) -> bool:
    """The entry of the list that comes first."""
    return all(priority >= other for other in others)


@rule("CAT-103", says=_("In this bundle the part has a price of its own"))
def is_part_price(*, part_code: str) -> bool:
    """A bundle's price row that names a part."""
    return bool(part_code)


@rule("CAT-104", says=_("In this bundle the part costs a percentage of its own price"))
def is_part_percent(*, part_code: str, percent: Decimal | None) -> bool:
    """A bundle's price row that prices a part by its own price."""
    return bool(part_code) and percent is not None


@rule("CAT-105", says=_("Graduated price: each part of the quantity is priced at its own step"))
def is_graduated(*, mode: str) -> bool:
    """Slab tiers."""
    return mode == "slab"


@rule("CAT-106", says=_("Volume price: the whole quantity is priced at the step that it reaches"))
def is_by_volume(*, mode: str) -> bool:
    """Volume tiers."""
    return mode == "volume"


@rule("CAT-107", says=_("Amount for one, times the quantity"))
def is_counted(*, quantity: Decimal) -> bool:
    """More or less than one."""
    return quantity != 1


@rule("CAT-108", says=_("The number's grade asks for money paid in advance"))
def grade_asks_prestore(*, prestore: Decimal) -> bool:
    """A fine number comes with a prestore."""
    return prestore > 0


@rule("CAT-109", says=_("What is missing to the least monthly spending that was agreed"))
def is_below_floor(*, monthly: Decimal, floor: Decimal) -> bool:
    """The month's charges stay below the floor."""
    return monthly < floor


@rule("CAT-110", says=_("A deposit is given back at the end and bears no tax"))
def is_given_back(*, kind: str) -> bool:
    """Deposits are the customer's own money."""
    return kind == "deposit"


@rule("CAT-111", says=_("By the day: the amount times the days in force over the days of the billing period"))
def is_daily(*, policy: str) -> bool:
    """Charged for each day."""
    return policy == "daily"


@rule("CAT-112", says=_("By the half month: 15 days from the period's start are its first half, the rest the second; each half is charged whole"))
def is_by_half_month(*, policy: str) -> bool:
    """Charged for each half (上/下半月)."""
    return policy == "half_month"


@rule("CAT-113", says=_("Whole period: whoever is in force for a day pays for all of it"))
def is_whole_period(*, policy: str) -> bool:
    """Charged for the period however short."""
    return policy == "full"


@rule("CAT-114", says=_("Until the 15th day the whole period is charged; after it the customer chooses: half of it now, or nothing until the next"))
def is_after_15th_choice(*, policy: str) -> bool:
    """Late starters choose."""
    return policy == "after_15th"


@rule("CAT-115", says=_("Begins with the next billing period: what is left of this one is not charged"))
def is_next_cycle(*, policy: str) -> bool:
    """Only whole periods count."""
    return policy == "next_cycle"


@rule("CAT-116", says=_("Not prorated: who is in force on the period's last day pays for all of it, nobody else pays"))
def is_unprorated(*, policy: str) -> bool:
    """All or nothing."""
    return policy == "none"


@rule("CAT-117", says=_("The price includes the tax, which is taken out of it"))
def is_tax_included(*, tax_included: bool) -> bool:
    """Prices to persons are said with tax."""
    return tax_included


@rule("CAT-118", says=_("Tax comes on top of the price"))
def is_tax_added(*, tax_included: bool) -> bool:
    """Prices to companies may be said without tax."""
    return not tax_included


@rule("CAT-119", says=_("Two prices {code} hold for the same customers: {first} and {second}"),
      mend=_("Give one of them another area, segment or characteristic, or take it away"))
def price_is_unambiguous(*, code: str, first: str, second: str, same: bool) -> bool:
    """No two rows of one price are equally exact for the same buyer."""
    return not same


@rule("CAT-120", says=_("{part} is no part of {bundle}"), mend=_("Choose from the bundle's parts"), field="parts")
def part_is_of_bundle(*, part: str, bundle: str, known: Sequence[str]) -> bool:
    """Only the bundle's own parts can be chosen."""
    return part in known


@rule("CAT-121", says=_("{part}: {quantity} cannot be taken; {least} to {most} is possible"), mend=_("Choose a quantity within the bounds"), field="parts")
def part_quantity_fits(*, part: str, quantity: int, least: int, most: int) -> bool:
    """A part is taken as often as the bundle says."""
    return least <= quantity <= most


@rule("CAT-122", says=_("{term} is no contract term of {offering}"), mend=_("Choose one of the terms that the offer has, or none"), field="term")
def term_is_of_offering(*, term: str, offering: str, known: Sequence[str]) -> bool:
    """A term is one of the offer's."""
    return not term or term in known


@rule("CAT-123", says=_("No tax rate of the category {category} is in force on {on}"), mend=_("Enter the rate with the day from which it holds"))
def tax_rate_is_known(*, category: str, on: date, known: bool) -> bool:
    """Every taxed line has a rate on its day."""
    return known


@rule("CAT-124", says=_("Early end: a percentage of the monthly amount for the months that were left"))
def is_remaining_months(*, kind: str) -> bool:
    """Penalty by months left."""
    return kind == "remaining_months"


@rule("CAT-125", says=_("Early end: a fixed amount"))
def is_fixed_penalty(*, kind: str) -> bool:
    """Penalty by a fixed amount."""
    return kind == "fixed"


@rule("CAT-126", says=_("Early end: the benefits received are given back in proportion to the months that were left"))
def is_giving_back(*, kind: str) -> bool:
    """Penalty by benefits received."""
    return kind == "give_back"


@rule("CAT-127", says=_("The contract may be ended at any time without a fee"))
def is_free_to_leave(*, kind: str, months_left: int) -> bool:
    """No penalty, or nothing left of the term."""
    return kind == "none" or months_left == 0


@rule("CAT-128", says=_("Money paid in advance comes back in equal monthly parts, the last with what rounding left over"))
def is_returned_monthly(*, months: int) -> bool:
    """Prestore return schedule."""
    return months > 0


@rule("CAT-129", says=_("An upgrade begins a new term and never shortens the lock that stands"))
def lock_never_shortens(*, until_before: date, until_after: date) -> bool:
    """The lock after an upgrade ends no earlier."""
    return until_after >= until_before


@rule("CAT-130", says=_("Several contracts on one line: it is locked until the last ends, each is left by its own terms, oldest first"))
def is_locked(*, until: date, on: date) -> bool:
    """The line is bound on the day."""
    return on < until


@rule("CAT-131", says=_("What was billed in advance for days after the change is credited"))
def is_credited(*, billed: Decimal, due: Decimal) -> bool:
    """More was billed than is due."""
    return billed > due


@rule("CAT-132", says=_("A closed period stays as it was billed; the difference is a line of the next bill"))
def is_adjustment(*, billed: Decimal, due: Decimal) -> bool:
    """The closed period was billed differently."""
    return billed != due


@rule("CAT-133", says=_("The steps of price {code} do not rise from 0: {steps}"), mend=_("Begin at 0 and give each step a larger quantity than the one before"))
def tiers_rise_from_zero(*, code: str, steps: str, froms: Sequence[Decimal]) -> bool:
    """Tiers cover every quantity once."""
    return bool(froms) and froms[0] == 0 and all(a < b for a, b in pairwise(froms))


@rule("CAT-134", says=_("Covered by the plan's allowance"))
def is_within_allowance(*, used: Decimal, allowance: Decimal) -> bool:
    """Usage that costs nothing more."""
    return used <= allowance


@rule("CAT-135", says=_("Allowance left over from an earlier month is used first"))
def is_rolled_over(*, months: int) -> bool:
    """Rollover."""
    return months > 0


@rule("CAT-136", says=_("Usage beyond the allowance is charged at the plan's rate"))
def is_overage(*, used: Decimal, allowance: Decimal) -> bool:
    """Usage beyond the allowance."""
    return used > allowance


@rule("CAT-137", says=_("The contract term asks for money paid in advance"))
def term_asks_prestore(*, prestore: Decimal) -> bool:
    """A term with a prestore."""
    return prestore > 0


@rule("CAT-138", says=_("{group}: {chosen} chosen, {least} to {most} is possible"), mend=_("Choose as many of the group as the bundle asks for"), field="parts")
def group_is_filled(*, group: str, chosen: int, least: int, most: int) -> bool:
    """Of a bundle's group as many parts are chosen as its least and most say."""
    return least <= chosen <= most
