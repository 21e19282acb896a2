"""Reads of the account room."""

from tongke.areas.account.queries.accounts import (
    AccountBrief,
    account_brief,
    accounts_of_customer,
    bill_with_items,
    bills_of_account,
    bills_of_customer,
    owed_by_customer,
    payments_of_account,
)
from tongke.areas.account.queries.panels import PANELS

__all__ = [
    "PANELS", "AccountBrief", "account_brief", "accounts_of_customer", "bill_with_items", "bills_of_account", "bills_of_customer",
    "owed_by_customer", "payments_of_account",
]
