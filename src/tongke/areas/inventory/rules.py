"""Rules of the inventory room: pure, each with its code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


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
