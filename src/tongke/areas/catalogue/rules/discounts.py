"""Rules of discounts by hand and of promotions' shares: authority, reasons, promises used once, quotas (E10, E11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Authority:
    """How much somebody may take off one charge by themselves, and for how many days such a promise stands."""

    percent_max: Decimal = Decimal(0)
    amount_max: Decimal = Decimal(0)
    promise_days: int = 30


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """One row in force: what an organisation lets a role take off."""

    org_id: int
    role_code: str
    percent_max: Decimal
    amount_max: Decimal
    promise_days: int


def authority_of(rows: Iterable[AuthorityRow], levels: Sequence[int]) -> Authority:
    """Return the widest authority that any of a person's roles has at ``levels`` (the group first).

    Of one role each level can only narrow what the levels above it gave; a role without a row at any level has none.
    """
    by_role: dict[str, list[AuthorityRow]] = {}
    for row in rows:
        if row.org_id in levels:
            by_role.setdefault(row.role_code, []).append(row)
    found = [
        Authority(min(r.percent_max for r in held), min(r.amount_max for r in held), min(r.promise_days for r in held))
        for held in by_role.values()
    ]
    return max(found, key=lambda a: (a.percent_max, a.amount_max), default=Authority())


def taken_off(list_amount: Decimal, *, percent: Decimal | None, amount: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return a discount of one charge as (percent of the list amount, amount)."""
    if percent is not None:
        return percent, list_amount * percent / HUNDRED
    taken = amount or Decimal(0)
    return (taken * HUNDRED / list_amount if list_amount > 0 else HUNDRED), taken


@rule("CAT-140", says=_("Your authority is {percent_max} % and {amount_max}; this takes {percent} % and {amount} off"),
      mend=_("Stay within it, or ask a second person for approval"))
def discount_is_within_authority(*, percent: Decimal, amount: Decimal, percent_max: Decimal, amount_max: Decimal) -> bool:
    """Both the share and the sum of money stay within what the role may take off."""
    return percent <= percent_max and amount <= amount_max


@rule("CAT-141", says=_("A discount needs a reason"), mend=_("Say why the customer gets it"), field="reason")
def discount_has_reason(*, reason: str) -> bool:
    """Whoever looks later can read why."""
    return len(reason.strip()) >= 2


@rule("CAT-142", says=_("Such a discount cannot be: {percent} % / {amount}"),
      mend=_("Give either a percentage above 0 and at most 100, or an amount above 0 with at most two decimals"), field="amount")
def discount_can_be(*, percent: Decimal | None, amount: Decimal | None) -> bool:
    """One way, above nothing, at most everything."""
    if (percent is None) == (amount is None):
        return False
    if percent is not None:
        return 0 < percent <= HUNDRED
    return amount is not None and amount > 0 and amount == amount.quantize(Decimal("0.01"))


@rule("CAT-143", says=_("{offering} has no price {price}"), mend=_("Choose one of its prices"), field="price_code")
def price_is_of_offering(*, offering: str, price: str, known: Sequence[str]) -> bool:
    """Discounts are given on a price that is."""
    return price in known


@rule("CAT-144", says=_("The discount was used already, or its time is over"), mend=_("Promise a new one"))
def discount_stands(*, state: str, expires_at: datetime, at: datetime) -> bool:
    """A promise is used once, within its time."""
    return state == "held" and at < expires_at


@rule("CAT-145", says=_("The level above gives this role {percent_max} % and {amount_max}"), mend=_("A lower level can only narrow it"), field="percent_max")
def authority_is_narrower(*, percent: Decimal, amount: Decimal, percent_max: Decimal, amount_max: Decimal) -> bool:
    """What a province gives lies within what the group gives."""
    return percent <= percent_max and amount <= amount_max


@rule("CAT-146", says=_("An authority of {percent} % and {amount} for {days} days cannot be"),
      mend=_("Give 0 to 100 %, an amount of 0 or more and 1 to 365 days"), field="percent_max")
def authority_can_be(*, percent: Decimal, amount: Decimal, days: int) -> bool:
    """Figures in their bounds."""
    return 0 <= percent <= HUNDRED and amount >= 0 and 1 <= days <= 365


@rule("CAT-147", says=_("What is set begins at {valid_from}, which is over"), mend=_("Choose now or a later time"), field="valid_from")
def begins_now_or_later(*, valid_from: datetime, at: datetime) -> bool:
    """Figures are never set backwards."""
    return valid_from >= at


@rule("CAT-170", says=_("The promotion {code} is used up"), mend=_("Choose another promotion"))
def quota_is_left(*, code: str, outcome: str) -> bool:
    """The quota of all customers together."""
    return outcome != "sold_out"


@rule("CAT-171", says=_("The customer had the promotion {code} as often as it may be given"), mend=_("Choose another promotion"))
def customer_quota_is_left(*, code: str, outcome: str) -> bool:
    """The quota of one customer."""
    return outcome != "customer_full"


@rule("CAT-172", says=_("The key {key} holds another customer's share"), mend=_("Use one key for one order"))
def share_key_is_own(*, key: str, outcome: str) -> bool:
    """A key names one share of one customer."""
    return outcome != "key_taken"


@rule("CAT-173", says=_("The promotion's share was held until {expires_at}, which is over"), mend=_("Hold it again and confirm in time"))
def share_stands(*, expires_at: datetime, at: datetime) -> bool:
    """A share is confirmed before its time is over."""
    return at < expires_at


@rule("CAT-174", says=_("The share of the promotion was given back"), mend=_("Hold it again"))
def share_is_not_released(*, state: str) -> bool:
    """What was given back cannot be used."""
    return state != "released"


@rule("CAT-175", says=_("A promotion's quota of {total} and {each} for one customer cannot be"), mend=_("Give 1 or more, or no total quota"), field="quota_total")
def quota_can_be(*, total: int | None, each: int) -> bool:
    """Quotas count whole shares."""
    return (total is None or total >= 1) and each >= 1


@rule("CAT-176", says=_("The version {version} of promotion {code} stands: {state}"), mend=_("Make a new version"))
def promotion_is_draft(*, code: str, version: int, state: str) -> bool:
    """Only drafts are changed."""
    return state in ("in_study", "in_design", "in_test")


@rule("CAT-177", says=_("The promotion ends at {until}, not after its start {start}"), mend=_("Give an end after the start"), field="valid_until")
def promotion_ends_later(*, start: datetime, until: datetime | None) -> bool:
    """A promotion runs for some time."""
    return until is None or until > start


@rule("CAT-178", says=_("Only for new customers and only for existing ones cannot both be"), mend=_("Choose one, or neither"), field="new_customers_only")
def customers_do_not_contradict(*, new: bool, existing: bool) -> bool:
    """Somebody is left who may have it."""
    return not (new and existing)
