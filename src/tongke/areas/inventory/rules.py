"""Rules of the inventory room: pure, each with its code."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule

FEE_BEYOND = Decimal(10**12)  # no fee of a month is as high


@rule("INV-01", says=_("The customer was merged, has left or is only suspended"),
      mend=_("Use the customer record that is in force, or resume the customer first"))
def customer_may_hold_lines(*, state: str) -> bool:
    """Lines are installed for customers in force."""
    return state in ("prospect", "active")


@rule("INV-02", says=_("The person or organisation has not been verified (real-name registration)"),
      mend=_("Check the identity document and record the verification first"))
def owner_is_verified(*, party_state: str) -> bool:
    """A line's legal owner is verified (real-name rule, MIIT order 25 of 2013)."""
    return party_state == "validated"


@rule("INV-03", says=_("A {kind} line needs a service number"), mend=_("Give the number or account of the line"), field="service_number")
def has_service_number(*, kind: str, service_number: str) -> bool:
    """Every line is known by a number."""
    return bool(service_number)


@rule("INV-04", says=_("The contract ends {contract_until}, before the product starts {started_on}"),
      mend=_("Give a contract end after the start, or none"), field="contract_until")
def contract_is_forward(*, started_on: date, contract_until: date | None) -> bool:
    """A contract ends after it starts."""
    return contract_until is None or contract_until > started_on


@rule("INV-05", says=_("The line has ended"), mend=_("Choose a line in force"))
def line_is_in_force(*, state: str) -> bool:
    """Products and payers are for lines in force."""
    return state not in ("terminated", "aborted", "cancelled")


@rule("INV-06", says=_("A limit of {limit_amount} is not above zero"), mend=_("Give a limit above zero, or none"), field="limit_amount")
def is_limit(*, limit_amount: Decimal | None) -> bool:
    """A payer pays something or everything."""
    return limit_amount is None or limit_amount > 0


@rule("INV-07", says=_("The account {account_no} is closed"), mend=_("Choose an account in force"), field="account")
def payer_account_is_open(*, account_no: str, state: str) -> bool:
    """Only accounts in force pay."""
    return state == "active"


@rule("INV-08", says=_("A product cannot begin as {state}"), mend=_("Begin it as created, being activated or active"), field="state")
def is_first_state(*, state: str) -> bool:
    """Products begin before or in use, never ended."""
    return state in ("created", "pendingActive", "active")


@rule("INV-09", says=_("A fee of {monthly_fee} cannot be agreed"), mend=_("Give a fee of zero or more, at most two decimals"),
      field="monthly_fee")
def is_agreed_fee(*, monthly_fee: Decimal | None) -> bool:
    """A fee is zero or more, in whole minor units; none means the offering's own."""
    return monthly_fee is None or (0 <= monthly_fee < FEE_BEYOND and monthly_fee == monthly_fee.quantize(Decimal("0.01")))


@rule("INV-11", says=_("The product is {state}: it was in use, or may still be"), mend=_("End it instead; its history stays to be read"))
def never_came_to_life(*, state: str) -> bool:
    """Only what never came to life is taken away."""
    return state in ("created", "cancelled", "aborted")


@rule("INV-12", says=_("The product has ended"), mend=_("Choose a product in force"))
def product_is_in_force(*, state: str) -> bool:
    """What has ended is history and is not changed."""
    return state not in ("terminated", "aborted", "cancelled")


@rule("INV-20", says=_("The line is this customer's already"), mend=_("Choose the customer who takes the line over"), field="to_customer")
def has_another_owner(*, from_customer: UUID, to_customer: UUID) -> bool:
    """A transfer of ownership is between two customers."""
    return from_customer != to_customer


@rule("INV-21", says=_("The line is not in normal use ({state})"), mend=_("Resume the line first; a line that has ended cannot be transferred"))
def line_is_active(*, state: str) -> bool:
    """Only a line in normal use changes hands."""
    return state == "active"


@rule("INV-22", says=_("The present owner has not been verified (real-name registration)"),
      mend=_("Check the present owner's identity document and record the verification first"))
def giver_is_verified(*, giver_state: str) -> bool:
    """Who gives a line away is known by document: a transfer is a verification anew (real-name rule)."""
    return giver_state == "validated"


@rule("INV-23", says=_("The new owner has not been verified (real-name registration)"),
      mend=_("Check the new owner's identity document and record the verification first"), field="to_customer")
def receiver_is_verified(*, receiver_state: str) -> bool:
    """Who receives a line is known by document (real-name rule)."""
    return receiver_state == "validated"


@rule("INV-24", says=_("The line's account {account_no} owes {owed} {currency}"), mend=_("Settle what is owed first"))
def account_owes_nothing(*, account_no: str, owed: Decimal, currency: str) -> bool:
    """Arrears stay with whom they belong to: they are settled before the line goes."""
    return owed <= 0


@rule("INV-25", says=_("The blacklist stands against the new owner"), mend=_("Have the entry decided first, or choose another owner"),
      field="to_customer")
def receiver_is_not_refused(*, effect: str | None) -> bool:
    """Nobody who is refused, or must be reviewed first, takes a line over."""
    return effect not in ("refuse", "review")


@rule("INV-26", says=_("The line is under contract until {contract_until}"),
      mend=_("Settle the contract first, or let the new owner take it over"), field="take_over_contract")
def contract_is_free_or_taken_over(*, contract_until: date | None, taken_over: bool) -> bool:
    """A contract ends, is settled, or goes with the line by the new owner's word."""
    return contract_until is None or taken_over


@rule("INV-27", says=_("The new owner is not a customer in force ({receiver_customer_state})"), mend=_("Choose a customer in force"),
      field="to_customer")
def receiver_is_in_force(*, receiver_customer_state: str) -> bool:
    """Lines go to customers in force."""
    return receiver_customer_state in ("prospect", "active")


@rule("INV-28", says=_("The account {account_no} is not the new owner's, or is closed"), mend=_("Choose an open account of the new owner"),
      field="account")
def account_is_the_receivers(*, account_no: str, owner: UUID, to_customer: UUID, account_state: str) -> bool:
    """The new owner's own open account pays from then on."""
    return owner == to_customer and account_state == "active"


@rule("INV-29", says=_("Reason and evidence are needed"), mend=_("Name why the line changes hands and which papers were seen"), field="evidence")
def transfer_is_explained(*, reason: str, evidence: str) -> bool:
    """A transfer says why, and which papers both parties showed."""
    return bool(reason.strip()) and bool(evidence.strip())


@rule("INV-30", says=_("The present owner owns the line only since {since}"), mend=_("Give a time after that"), field="at")
def transfer_is_after_the_last(*, since: datetime, at: datetime) -> bool:
    """Owners follow each other in time: at each instant there is exactly one."""
    return at > since


@rule("INV-31", says=_("The new owner belongs to another local network"), mend=_("Move the customer to the line's local network first"),
      field="to_customer")
def receiver_is_of_the_network(*, line_org: int, receiver_org: int) -> bool:
    """A line stays in its local network."""
    return line_org == receiver_org


@rule("INV-40", says=_("The target is of another kind ({target_kind} for {kind}) or priced in another currency"), mend=_("Choose a version of the same kind and currency"), field="target")
def target_is_alike(*, kind: str, target_kind: str, currency: str, target_currency: str) -> bool:
    """A migration keeps what the product is; everything else is an order."""
    return kind == target_kind and currency == target_currency


@rule("INV-41", says=_("Version {version} of {code} was never sold ({state})"), mend=_("Launch it first, or choose another version"), field="target")
def target_was_sold(*, code: str, version: int, state: str) -> bool:
    """Nobody is moved to a draft."""
    return state in ("launched", "retired")


@rule("INV-42", says=_("The contract runs until {contract_until}"), mend=_("Wait for its end, or let the migration keep running contracts"), field="contract")
def contract_lets_go(*, contract_until: date | None, on: date, keeps: bool) -> bool:
    """What was agreed for a term is not changed within it, unless the list says that contracts go on as they are."""
    return keeps or contract_until is None or contract_until <= on


@rule("INV-43", says=_("{code} is not sold in the product's area"), mend=_("Leave the product out, or choose a version that is sold there"), field="target")
def target_is_sold_there(*, code: str, sold_there: bool) -> bool:
    """An offer of a province stays in the province."""
    return sold_there


@rule("INV-44", says=_("{code} is not for {segment} customers"), mend=_("Leave the product out, or choose a version for them"), field="target")
def target_is_for_customer(*, code: str, segment: str, segments: tuple[str, ...]) -> bool:
    """A version is for the segments that it names."""
    return not segments or segment in segments


@rule("INV-45", says=_("What the customer chose does not fit the target: {misfits}"), mend=_("Change the product's values first, or choose another version"), field="target")
def choice_fits_target(*, misfits: str) -> bool:
    """The values that the customer chose are values of the target's specification."""
    return not misfits


@rule("INV-46", says=_("The list names nothing that can be migrated"), mend=_("Give product ids or service numbers that hold {code}, one a line"), field="rows")
def list_names_products(*, code: str, count: int) -> bool:
    """A migration has something to do."""
    return count > 0


@rule("INV-32", says=_("{count} lines run or are on order under the new owner's identity document; {most} are allowed"),
      mend=_("End one of these lines first, or let another person take this one over"), field="to_customer")
def receiver_has_lines_left(*, count: int, most: int | None) -> bool:
    """A transfer is a registration anew: no more lines under one document than the rule book allows, in the whole operator (T15)."""
    return most is None or count + 1 <= most
