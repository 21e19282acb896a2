"""Verbs of the account room."""

from tongke.areas.account.services.accounts import change_account, close_account, open_account, remove_account, reopen_account
from tongke.areas.account.services.bills import BillLine, record_bill
from tongke.areas.account.services.moving import move_accounts
from tongke.areas.account.services.payments import record_payment, reverse_payment

__all__ = [
    "BillLine", "change_account", "close_account", "move_accounts", "open_account", "record_bill", "record_payment", "remove_account",
    "reopen_account", "reverse_payment",
]
