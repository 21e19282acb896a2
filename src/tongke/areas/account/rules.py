"""Rules of the account room: pure, each with its code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule

CYCLE_DAY_LAST = 28
POINTS_MAX = 100_000_000
T = TypeVar("T")


@rule("ACC-01", says=_("The billing day {cycle_day} is not a day that every month has"),
      mend=_("Choose a day from 1 to 28"), field="cycle_day")
def is_cycle_day(*, cycle_day: int) -> bool:
    """A billing day that exists in February too."""
    return 1 <= cycle_day <= CYCLE_DAY_LAST


@rule("ACC-02", says=_("The account still owes {owed}"), mend=_("Settle what is owed first"))
def nothing_owed(*, owed: Decimal) -> bool:
    """A closed account owes nothing."""
    return owed == 0


@rule("ACC-03", says=_("The account still holds {balance} of the customer's money"),
      mend=_("Pay the balance back or move it to another account first"))
def nothing_held(*, balance: Decimal) -> bool:
    """A closed account holds nothing."""
    return balance == 0


@rule("ACC-04", says=_("The items sum to {sum}, the bill says {total}"),
      mend=_("Correct the items or the total in the billing system and send the bill again"), field="total")
def items_make_the_total(*, sum: Decimal, total: Decimal) -> bool:  # noqa: A002 - the sentence's own word
    """A bill's total is the sum of its items."""
    return sum == total


@rule("ACC-05", says=_("The bill's period ends {until}, not after its start {start}"),
      mend=_("Give a period that ends after it starts"), field="period_until")
def period_is_forward(*, start: date, until: date) -> bool:
    """A bill is for at least one day."""
    return until > start


@rule("ACC-06", says=_("A payment of {amount} cannot be recorded"), mend=_("Give an amount above zero, at most two decimals"),
      field="amount")
def is_payable(*, amount: Decimal) -> bool:
    """A payment is above zero and in whole minor units."""
    return amount > 0 and amount == amount.quantize(Decimal("0.01"))


@rule("ACC-07", says=_("The account is closed"), mend=_("Reopen it, or use another account of the customer"))
def account_is_open(*, state: str) -> bool:
    """Only an open account takes bills."""
    return state == "active"


@rule("ACC-08", says=_("The customer was merged or has left"), mend=_("Use the customer record that is in force"))
def customer_may_have_accounts(*, state: str) -> bool:
    """Accounts are opened for customers in force."""
    return state in ("prospect", "active", "suspended")


@rule("ACC-09", says=_("The account was used already: bills, payments or lines hang on it"),
      mend=_("Close it instead; what was booked stays to be read"))
def account_is_unused(*, used: bool) -> bool:
    """Only an account that nothing was ever booked on is taken away."""
    return not used


@rule("ACC-30", says=_("{number} is not a card number: its check digit is wrong"), mend=_("Read the number from the card again"), field="number")
def is_card_number(*, number: str, digits: str) -> bool:
    """A card number has 12 to 19 digits and passes the check of ISO/IEC 7812-1 (Luhn)."""
    if not 12 <= len(digits) <= 19 or not digits.isascii() or not digits.isdigit():
        return False
    weighed = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in weighed) % 10 == 0


@rule("ACC-31", says=_("The security code of a card is never taken or kept"), mend=_("Leave the security code out"), field="security_code")
def has_no_security_code(*, security_code: str | None) -> bool:
    """Not even sealed: PCI DSS requirement 3.3 forbids keeping it after authorisation."""
    return not security_code


@rule("ACC-32", says=_("{number} is not the number of a bank account"), mend=_("Give 6 to 34 digits or letters, as on the bank's paper"), field="number")
def is_bank_account_number(*, number: str, digits: str) -> bool:
    """National account numbers and IBAN (ISO 13616: at most 34 signs)."""
    return 6 <= len(digits) <= 34 and digits.isascii() and digits.isalnum()


@rule("ACC-33", says=_("The payment method has ended"), mend=_("Record it anew"))
def means_is_in_force(*, state: str) -> bool:
    """What has ended is history."""
    return state != "ended"


@rule("ACC-34", says=_("The account {account_no} is another customer's"), mend=_("Choose an account of the same customer"), field="accounts")
def account_is_the_customers(*, account_no: str, account_customer: object, customer: object) -> bool:
    """A payment method pays accounts of its own customer; one without a customer pays those named."""
    return customer is None or account_customer == customer


@rule("ACC-36", says=_("The payment method would end at {valid_until}, not after it begins at {valid_from}"), mend=_("Give an end after the beginning, or none"),
      field="valid_until")
def means_ends_after_it_begins(*, valid_from: datetime, valid_until: datetime | None) -> bool:
    """A payment method is in force for some time."""
    return valid_until is None or valid_until > valid_from


@rule("ACC-37", says=_("A payment method needs a name"), mend=_("Say what it is called, as the customer knows it"), field="name")
def means_has_a_name(*, name: str | None) -> bool:
    """The number is hidden: the name is how people tell them apart."""
    return bool(name and name.strip())


def allocate(amount: Decimal, open_amounts: Sequence[Decimal]) -> tuple[list[Decimal], Decimal]:
    """Spread ``amount`` over open bills, oldest first; returns (part for each, rest for the balance)."""
    parts: list[Decimal] = []
    for due in open_amounts:
        part = min(amount, due)
        parts.append(part)
        amount -= part
    return parts, amount


@rule("ACC-50", says=_("{points} points cannot be booked"), mend=_("Give a whole number above zero"), field="points")
def points_can_be(*, points: int) -> bool:
    """Bookings move whole points."""
    return 0 < points <= POINTS_MAX


@rule("ACC-51", says=_("{points} points are asked for, {usable} can be redeemed"), mend=_("Redeem fewer points"), field="points")
def points_suffice(*, points: int, usable: int) -> bool:
    """Nobody redeems what is not there, or what has expired."""
    return points <= usable


@rule("ACC-52", says=_("The customer owes {owed}, more than the {owed_max} with which points can be redeemed"),
      mend=_("Settle what is owed; the points stay and are earned on meanwhile"))
def points_are_not_frozen(*, owed: Decimal, owed_max: Decimal) -> bool:
    """Debt freezes redeeming, never earning."""
    return owed <= owed_max


@rule("ACC-53", says=_("At least {redeem_min} points are redeemed at once"), mend=_("Redeem more points at once"), field="points")
def points_reach_least(*, points: int, redeem_min: int) -> bool:
    """Small redemptions cost more than they are worth."""
    return points >= redeem_min


@rule("ACC-54", says=_("Under the key {key} nothing was redeemed that could go back"), mend=_("Check the key of the redemption"), field="key")
def points_were_redeemed(*, key: str, found: bool) -> bool:
    """Only what was redeemed goes back."""
    return found


@rule("ACC-55", says=_("Under the key {key} other points were booked: {booked}"), mend=_("Use a new key for another booking"), field="key")
def points_key_is_same(*, key: str, points: int, booked: int) -> bool:
    """A repeated booking says the same."""
    return points == booked


@rule("ACC-60", says=_("A change of the figures needs a reason"), mend=_("Say why"), field="reason")
def points_figures_have_reason(*, reason: str) -> bool:
    """What the operator owes hangs on them."""
    return len(reason.strip()) >= 2


@rule("ACC-59", says=_("What was redeemed under the key {key} was given back since"), mend=_("Use a new key for another booking"), field="key")
def points_stay_redeemed(*, key: str, returned: bool) -> bool:
    """A redemption that was given back is over: whoever takes it for paid would give goods for nothing."""
    return not returned


@rule("ACC-56", says=_("These figures of points cannot be"), mend=_("Give 1 to 240 months of life, amounts of zero or more, at most 1000 points for a yuan and at least one point redeemed"))
def points_figures_can_be(*, life_months: int, owed_max: Decimal, yuan_per_point: Decimal, redeem_min: int, points_per_yuan: Decimal) -> bool:
    """Figures in their bounds."""
    return 1 <= life_months <= 240 and owed_max >= 0 and yuan_per_point >= 0 and redeem_min >= 1 and 0 <= points_per_yuan <= 1000


@rule("ACC-57", says=_("A booking by hand needs a reason"), mend=_("Say why"), field="reason")
def points_have_reason(*, source: str, reason: str) -> bool:
    """Goodwill is explained."""
    return source != "goodwill" or len(reason.strip()) >= 2


@rule("ACC-58", says=_("The figures of points begin at {valid_from}, which is over"), mend=_("Choose now or a later time"), field="valid_from")
def points_figures_begin_later(*, valid_from: datetime, at: datetime) -> bool:
    """Figures are never set backwards."""
    return valid_from >= at


def points_expire_on(earned_on: date, life_months: int) -> date:
    """Return the first day on which points earned on a day are gone: the month after ``life_months`` full months."""
    months = earned_on.year * 12 + earned_on.month + life_months
    return date(months // 12, months % 12 + 1, 1)


def points_for(amount: Decimal, points_per_yuan: Decimal) -> int:
    """Return how many points an amount of money earns: whole ones, never more than it comes to."""
    return int((amount * points_per_yuan).to_integral_value(rounding=ROUND_FLOOR))


def first_expiring(lots: Sequence[tuple[T, int]], points: int) -> list[tuple[T, int]]:
    """Return how many points each lot gives, the lots in the order in which they expire; together ``points``, or all there is."""
    out = []
    for lot, rest in lots:
        if points <= 0:
            break
        part = min(rest, points)
        if part:
            out.append((lot, part))
            points -= part
    return out
