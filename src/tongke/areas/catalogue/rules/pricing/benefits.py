"""Promotions and discounts on a quote: what each takes off, which may be combined, and in which order (E10, E11, E14).

Combination: of each stacking group at most one; one that is not stackable stands alone. Under ``best`` the combination that saves
the customer most over the contract (a year without one) is taken, equal ones by points, priority, then code; under ``priority`` the
promotion of the highest priority is taken first and every further one that is still allowed. Those taken are applied in order of
priority, then code, each to what the ones before left; discounts come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, LEVELS, SEGMENTS
from tongke.areas.catalogue.rules.eligibility.words import Coded, Named, Several
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.offer import CENT, NOTHING, RECURRING, ZERO, PricedOffering, cents
from tongke.kernel.period import Period
from tongke.kernel.rules import Broken, Rule, rule

PERCENT_OFF, AMOUNT_OFF, MONTHS_FREE = "percent_off", "amount_off", "months_free"
PRESTORE_RETURN, HANDSET_CONTRACT, GIFT_POINTS = "prestore_return", "handset_contract", "gift_points"
KINDS = (PERCENT_OFF, AMOUNT_OFF, MONTHS_FREE, PRESTORE_RETURN, HANDSET_CONTRACT, GIFT_POINTS)
FEE_BENEFITS = frozenset({PERCENT_OFF, AMOUNT_OFF, MONTHS_FREE})
"""The kinds that lower charges; the others give something beside."""
BEST, PRIORITY = "best", "priority"
COMBINATIONS_MAX = 512
YEAR = 12


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a promotion gives, by its kind.

    percent_off: ``percent`` off charges of ``charge_kinds`` (of ``charge_codes`` only, where given) for ``months`` (0: always). amount_off: ``amount`` off, likewise.
    months_free: ``months`` bills free. prestore_return: ``prestore`` is paid in advance and comes back with a gift of ``amount`` over
    ``return_months``.
    handset_contract: a device of ``device_price`` for ``amount`` less, monthly spending at least ``floor`` for ``months``;
    what is paid in advance beside it (``prestore``) comes back over ``return_months``.
    gift_points: ``points``.
    """

    kind: str
    percent: Decimal = NOTHING
    amount: Decimal = NOTHING
    months: int = 0
    charge_kinds: tuple[str, ...] = (RECURRING,)
    charge_codes: tuple[str, ...] = ()
    device_price: Decimal = NOTHING
    floor: Decimal = NOTHING
    prestore: Decimal = NOTHING
    return_months: int = 0
    device_codes: tuple[str, ...] = ()
    points: int = 0


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion of one version: for whom, when, what it gives, and with which others it may be combined."""

    code: str
    version: int
    benefit: Benefit
    name_zh: str = ""
    name_en: str = ""
    offerings: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    customers: str = "all"
    stacking_group: str = ""
    stackable: bool = True
    priority: int = 0
    valid: Period[datetime] | None = None
    id: str = ""
    quota_total: int | None = None
    quota_per_customer: int | None = None

    @property
    def source(self) -> str:
        """How a line names it."""
        return f"{self.code} v{self.version}"

    @property
    def label(self) -> Coded:
        """How a sentence names it."""
        return Coded(Named(self.name_zh, self.name_en), self.code)


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount that staff gave: ``percent`` or ``amount`` off charges of ``kind``, for ``months`` (0: always)."""

    code: str
    kind: str = RECURRING
    percent: Decimal = NOTHING
    amount: Decimal = NOTHING
    months: int = 0
    reason: str = ""
    given_by: str = ""


@rule("CAT-150", says=_("The promotion {code} is not running at this time"), mend=_("Choose a promotion that runs now"))
def promotion_runs(*, code: str, runs: bool) -> bool:
    """Within its dates."""
    return runs


@rule("CAT-151", says=_("The promotion {code} is not for this offer"), mend=_("It is for {offerings}"))
def promotion_is_for_offering(*, code: str, offering: str, offerings: Sequence[str]) -> bool:
    """No list of offers means all."""
    return not offerings or offering in offerings


@rule("CAT-152", says=_("The promotion {code} is not for this kind of customer"), mend=_("It is for {segments}"))
def promotion_is_for_segment(*, code: str, segment: str, segments: Sequence[str]) -> bool:
    """No list of segments means all."""
    return not segments or segment in segments


@rule("CAT-153", says=_("The promotion {code} is not given in this channel"), mend=_("It is given in {channels}"))
def promotion_is_in_channel(*, code: str, channel: str, channels: Sequence[str]) -> bool:
    """No list of channels means all."""
    return not channels or channel in channels


@rule("CAT-154", says=_("The promotion {code} is for others: new customers, or those who are customers already"), mend=_("Choose another promotion"))
def promotion_is_for_customer(*, code: str, customers: str, new: bool) -> bool:
    """New customers, those who are already customers, or all."""
    return customers == "all" or (customers == "new") == new


@rule("CAT-155", says=_("The promotion {code} is not given here"), mend=_("Choose a promotion of this province or local network"))
def promotion_is_in_area(*, code: str, areas: Sequence[int], here: Sequence[int]) -> bool:
    """No list of areas means everywhere."""
    return not areas or not set(areas).isdisjoint(here)


@rule("CAT-156", says=_("The promotion {code} is not for customers of this level"), mend=_("It is for {levels}"))
def promotion_is_for_level(*, code: str, level: str, levels: Sequence[str]) -> bool:
    """No list of levels means all."""
    return not levels or level in levels


@rule("CAT-160", says=_("A promotion takes a percentage off"))
def takes_percent(*, kind: str) -> bool:
    """percent_off."""
    return kind == PERCENT_OFF


@rule("CAT-161", says=_("A promotion takes an amount off"))
def takes_amount(*, kind: str) -> bool:
    """amount_off."""
    return kind == AMOUNT_OFF


@rule("CAT-162", says=_("A promotion gives months free"))
def gives_months(*, kind: str) -> bool:
    """months_free."""
    return kind == MONTHS_FREE


@rule("CAT-163", says=_("A prestore campaign: paid in advance, it comes back month by month"))
def returns_prestore(*, kind: str) -> bool:
    """prestore_return."""
    return kind == PRESTORE_RETURN


@rule("CAT-164", says=_("A contract handset: the device costs less against a least monthly spending for the contract's months"))
def gives_handset(*, kind: str) -> bool:
    """handset_contract."""
    return kind == HANDSET_CONTRACT


@rule("CAT-165", says=_("A promotion gives points"))
def gives_points(*, kind: str) -> bool:
    """gift_points."""
    return kind == GIFT_POINTS


@rule("CAT-166", says=_("A discount within the giver's authority, or approved by a second person"))
def is_discounted(*, percent: Decimal, amount: Decimal) -> bool:
    """Something is taken off by hand."""
    return percent > 0 or amount > 0


@rule("CAT-167", says=_("The benefit of promotion {code} cannot be: {why}"), mend=_("Correct the benefit's figures"), field="benefit")
def benefit_can_be(*, code: str, why: str) -> bool:
    """The figures of a benefit make sense for its kind."""
    return not why


RULE_OF: dict[str, Rule] = {
    PERCENT_OFF: takes_percent, AMOUNT_OFF: takes_amount, MONTHS_FREE: gives_months, PRESTORE_RETURN: returns_prestore,
    HANDSET_CONTRACT: gives_handset, GIFT_POINTS: gives_points,
}


def objections(promotion: Promotion, offering: PricedOffering, asked: Configuration, *, at: datetime) -> list[Broken]:
    """Return everything that stands against giving the promotion to this buyer for this offer (quota aside)."""
    code = promotion.code
    checks: list[tuple[Rule, dict[str, Any]]] = [
        (promotion_runs, {"runs": promotion.valid is None or promotion.valid.covers(at)}),
        (promotion_is_for_offering, {"offering": offering.code, "offerings": promotion.offerings}),
        (promotion_is_for_segment, {"segment": asked.segment, "segments": promotion.segments}),
        (promotion_is_for_level, {"level": asked.level, "levels": promotion.levels}),
        (promotion_is_in_channel, {"channel": asked.channel, "channels": promotion.channels}),
        (promotion_is_for_customer, {"customers": promotion.customers, "new": asked.new_customer}),
        (promotion_is_in_area, {"areas": promotion.areas, "here": asked.areas}),
    ]
    return [
        rule_.broken(code=promotion.label, **{k: Several(tuple(_WORDS.get(k, {}).get(one, one) for one in v)) if isinstance(v, tuple) else v for k, v in facts.items()})
        for rule_, facts in checks if not rule_(code=code, **facts)
    ]


_WORDS: dict[str, Mapping[Any, Any]] = {"segments": SEGMENTS, "channels": CHANNELS, "levels": LEVELS}


_POSITIVE: dict[str, tuple[str, ...]] = {
    PERCENT_OFF: ("percent",), AMOUNT_OFF: ("amount",), MONTHS_FREE: ("months",), PRESTORE_RETURN: ("prestore", "return_months"),
    HANDSET_CONTRACT: ("device_price", "months"), GIFT_POINTS: ("points",),
}


def why_impossible(benefit: Benefit) -> str:
    """Return what is wrong with a benefit's figures, in English words for the designer; empty for nothing."""
    if benefit.kind not in KINDS:
        return f"{benefit.kind} is no kind of benefit"
    lacking = [name for name in _POSITIVE[benefit.kind] if getattr(benefit, name) <= 0]
    if lacking:
        return f"{', '.join(lacking)} must be above zero"
    if benefit.percent > 100:
        return "percent is above 100"
    if benefit.kind == HANDSET_CONTRACT and benefit.amount > benefit.device_price:
        return "amount is above device_price"
    if benefit.prestore > 0 and benefit.return_months <= 0:
        return "return_months must be above zero where prestore is"
    money = (benefit.amount, benefit.device_price, benefit.floor, benefit.prestore)
    return "" if all(amount >= 0 and amount == amount.quantize(CENT) for amount in money) else "amounts have at most two decimals"


def combined(
    promotions: Iterable[Promotion], saving: Callable[[Sequence[Promotion]], Decimal], *, choose: str = BEST,
) -> tuple[Promotion, ...]:
    """Return the promotions to apply, in the order of their application. ``saving`` says what a combination saves the customer."""
    ordered = sorted(promotions, key=lambda p: (-p.priority, p.code, p.version))
    if choose == PRIORITY:
        return _by_priority(ordered)
    place = {promotion: n for n, promotion in enumerate(ordered)}
    options = [[*group, None] for group in _looked_at([p for p in ordered if p.stackable], saving)]
    # What a combination saves depends on the order of its application.
    sets = [tuple(sorted((p for p in picked if p is not None), key=place.__getitem__)) for picked in product(*options)]
    sets += [(alone,) for alone in ordered if not alone.stackable]
    return min(sets, key=lambda chosen: (
        -saving(chosen), -sum(p.benefit.points for p in chosen), [(-p.priority, p.code) for p in chosen] or [(1, "")]))


def _looked_at(stackable: Sequence[Promotion], saving: Callable[[Sequence[Promotion]], Decimal]) -> list[list[Promotion]]:
    """The groups of which combinations are tried; where those are too many, without the promotions that save least by themselves."""
    groups = _groups(stackable)
    if _count(groups) <= COMBINATIONS_MAX:
        return groups
    for weakest in sorted(stackable, key=lambda p: (saving((p,)), p.benefit.points, p.priority, p.code)):
        groups = [left for group in groups if (left := [p for p in group if p is not weakest])]
        if _count(groups) <= COMBINATIONS_MAX:
            break
    return groups


def _count(groups: Sequence[Sequence[Promotion]]) -> int:
    """How many combinations there are: of each group one or none."""
    return prod(len(group) + 1 for group in groups)


def _groups(ordered: Sequence[Promotion]) -> list[list[Promotion]]:
    groups: dict[str, list[Promotion]] = {}
    for promotion in ordered:
        groups.setdefault(promotion.stacking_group or f"\0{promotion.code}", []).append(promotion)
    return list(groups.values())


def _by_priority(ordered: Sequence[Promotion]) -> tuple[Promotion, ...]:
    taken: list[Promotion] = []
    groups: set[str] = set()
    for promotion in ordered:
        group = promotion.stacking_group or f"\0{promotion.code}"
        if group in groups or (taken and not (promotion.stackable and taken[0].stackable)):
            continue
        taken.append(promotion)
        groups.add(group)
    return tuple(taken)


def reduction_of(kind: str, *, percent: Decimal, amount: Decimal, left: Decimal) -> Decimal:
    """Return what a benefit of this kind takes off ``left``, in cents, never more than is left."""
    if kind == MONTHS_FREE:
        return left
    taken = cents(left * percent / 100) if percent else amount
    return max(min(taken, left), ZERO)
