"""Why something may not be ordered, and what would mend it: one code for each reason, the same on every page and API.

Sentences hold what mends and nothing that the reader may have no right to see: no age, no credit class, no limit.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("CAT-50", says=_("{needed} is neither held nor ordered along"), mend=_("Add {needed} first"))
def has_what_it_needs(*, found: int) -> bool:
    """What an offering requires is held, on order or ordered along."""
    return found > 0


@rule("CAT-51", says=_("It does not go together with {other}, which the customer has"), mend=_("End {other} first, or leave this out"))
def nothing_held_excludes_it(*, found: int) -> bool:
    """Nothing that the customer has excludes it."""
    return found == 0


@rule("CAT-52", says=_("It does not go together with {other}, which is on order"), mend=_("Cancel the order of {other}, or leave this out"))
def nothing_on_order_excludes_it(*, found: int) -> bool:
    """Orders in flight count like what is held."""
    return found == 0


@rule("CAT-53", says=_("It does not go together with {other}, which has not quite ended"), mend=_("Wait until {other} has ended"))
def nothing_on_its_way_out_excludes_it(*, found: int) -> bool:
    """What is being ended is there until it has ended."""
    return found == 0


@rule("CAT-54", says=_("It does not go together with {other}, which is ordered along"), mend=_("Order only one of the two"))
def nothing_ordered_along_excludes_it(*, found: int) -> bool:
    """One order does not hold what excludes each other."""
    return found == 0


@rule("CAT-55", says=_("{count} of {most} are taken already, those on order among them ({per})"),
      mend=_("End {over} of them first, or order fewer"))
def quantity_is_left(*, count: int, ordered: int, most: int) -> bool:
    """With those on order and this there are no more than allowed."""
    return count + ordered <= most


@rule("CAT-56", says=_("{total} are fewer than the {least} that there must be"), mend=_("Order {short} more"))
def quantity_is_enough(*, total: int, least: int) -> bool:
    """What is held and ordered reaches the least."""
    return total >= least


@rule("CAT-57", says=_("It is for {allowed} only, the customer is of the segment {actual}"),
      mend=_("Choose an offering for {actual}, or correct the customer's segment"))
def segment_is_allowed(*, segment: str, one_of: Collection[str]) -> bool:
    """The customer's segment is one of those it is for."""
    return segment in one_of


@rule("CAT-58", says=_("It is for the levels {allowed} only, the customer's level is {actual}"),
      mend=_("Choose another offering; the level rises with the customer's value"))
def level_is_allowed(*, level: str, one_of: Collection[str]) -> bool:
    """The customer's level is one of those it is for."""
    return level in one_of


@rule("CAT-59", says=_("It is sold in {allowed} only"), mend=_("Give a place of use in {allowed}, or choose another offering"))
def area_is_allowed(*, orgs: Collection[int], one_of: Collection[int]) -> bool:
    """The place of use lies in one of the areas."""
    return any(org in one_of for org in orgs)


@rule("CAT-60", says=_("It is not sold through this channel ({actual})"), mend=_("Order it through {allowed}"))
def channel_is_allowed(*, channel: str, one_of: Collection[str]) -> bool:
    """The order comes through a channel that sells it."""
    return channel in one_of


@rule("CAT-61", says=_("{product} is under contract until {until}"), mend=_("Wait until {until}, or {way}"))
def contract_has_run_out(*, days_left: int, free_days: int) -> bool:
    """The contract has ended, or its last days that do not count have begun."""
    return days_left <= free_days


@rule("CAT-62", says=_("Credit class {least} or better is needed"),
      mend=_("Pay on time to rise to class {least}, or have the rating reviewed"))
def credit_class_suffices(*, credit_class: str, least: str) -> bool:
    """Classes are letters, A the best."""
    return credit_class <= least


@rule("CAT-63", says=_("What is owed and committed would exceed the credit limit by {over}"),
      mend=_("Pay {over} of what is owed, leave a deposit, or choose a lower fee"))
def exposure_stays_in_limit(*, exposure: Decimal, fee: Decimal, credit_limit: Decimal) -> bool:
    """What is owed, committed and ordered stays within the limit (T17)."""
    return exposure + fee <= credit_limit


@rule("CAT-64", says=_("The blacklist stands against the customer{cause}"), mend=_("{how}"))
def blacklist_is_silent(*, hits: int) -> bool:
    """No entry that counts is in force."""
    return hits == 0


@rule("CAT-65", says=_("The customer's identity is not verified"), mend=_("Check the identity document and record the verification"))
def identity_is_verified(*, verified: bool) -> bool:
    """Real-name registration (MIIT order 25 of 2013)."""
    return verified


@rule("CAT-66", says=_("None of these documents is in force: {allowed}"), mend=_("Record a valid document: {allowed}"))
def document_is_accepted(*, documents: Collection[str], allowed_kinds: Collection[str]) -> bool:
    """One of the kinds of documents that are taken is in force."""
    return any(kind in allowed_kinds for kind in documents)


@rule("CAT-67", says=_("{count} lines run or are on order under this identity document; {most} are allowed"),
      mend=_("End {over} of these lines first, or register the new one to another person"))
def document_has_lines_left(*, count: int, ordered: int, most: int) -> bool:
    """No more lines under one identity document than allowed, in the whole operator and with orders in flight (T15)."""
    return count + ordered <= most


@rule("CAT-68", says=_("Account {account} owes {owed}"), mend=_("Pay {owed} owed on account {account}"))
def account_owes_no_more(*, owed: Decimal, above: Decimal) -> bool:
    """No account owes more than what is overlooked."""
    return owed <= above


@rule("CAT-69", says=_("The network does not reach {place} with {wanted}{why}"),
      mend=_("Choose an offering for what reaches {place}, or register interest for its planning"))
def place_is_reached(*, technologies: Collection[str], found: Collection[str]) -> bool:
    """One of the technologies reaches the place."""
    return bool(found) and (not technologies or any(t in technologies for t in found))


@rule("CAT-70", says=_("{place} is reached with {actual} Mbit/s at most; {wanted} are needed"), mend=_("Choose an offering of up to {actual} Mbit/s"))
def place_is_fast_enough(*, actual: int, wanted: int) -> bool:
    """The line at the place carries the speed."""
    return actual >= wanted


@rule("CAT-71", says=_("The customer is younger than {least}"), mend=_("Choose an offer without such an age limit; for a minor a legal guardian may order it"))
def is_old_enough(*, age: int, least: int) -> bool:
    """The person has reached the age."""
    return age >= least


@rule("CAT-72", says=_("The customer is older than {most}"), mend=_("Choose an offering without an age limit"))
def is_young_enough(*, age: int, most: int) -> bool:
    """The person is not beyond the age."""
    return age <= most


@rule("CAT-73", says=_("{least} months as a customer are needed, {actual} have passed"), mend=_("Wait {short} months more"))
def is_long_enough_a_customer(*, months: int, least: int) -> bool:
    """The customer has been one for long enough."""
    return months >= least


@rule("CAT-74", says=_("The device cannot do {missing}"), mend=_("Choose a device that can do {missing}"))
def device_is_able(*, missing: Collection[str]) -> bool:
    """The device can do all that is asked of it."""
    return not missing


@rule("CAT-75", says=_("{what} is not known yet"), mend=_("{how}"))
def fact_is_known(*, known: bool) -> bool:
    """What a rule asks about is known."""
    return known


@rule("CAT-76", says=_("The customer is not in force"), mend=_("Resume the customer, or use the record in force"))
def customer_is_in_force(*, state: str) -> bool:
    """Orders are taken from customers in force and from prospects."""
    return state in ("prospect", "active")


@rule("CAT-77", says=_("No offering {offering} is on sale here and now"), mend=_("Choose an offering of the catalogue"))
def is_on_sale(*, on_sale: bool) -> bool:
    """The offering is on sale by itself, here and at this instant."""
    return on_sale


@rule("CAT-79", says=_("{offering} is on sale only from {since}"), mend=_("Order it then, or choose another offering"))
def is_on_sale_already(*, since: object) -> bool:
    """Its first sale is not still ahead."""
    return since is None
