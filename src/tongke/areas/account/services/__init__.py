"""Verbs of the account room."""

from tongke.areas.account.services.accounts import change_account, close_account, open_account, remove_account, reopen_account
from tongke.areas.account.services.bills import BillLine, record_bill
from tongke.areas.account.services.means import (
    MeansDraft,
    change_payment_means,
    move_payment_means,
    record_payment_means,
    remove_payment_means,
)
from tongke.areas.account.services.moving import move_accounts
from tongke.areas.account.services.payments import record_payment, reverse_payment
from tongke.areas.account.services.points import (
    GivenBack,
    cancel_earned_points,
    earn_points,
    expire_points,
    give_back_points,
    redeem_points,
)
from tongke.areas.account.services.points_by_paying import earn_by_payment, take_back_by_payment
from tongke.areas.account.services.points_policy import propose_points_policy, set_points_policy

__all__ = [
    "BillLine", "GivenBack", "MeansDraft", "cancel_earned_points", "change_account", "change_payment_means", "close_account",
    "earn_by_payment", "earn_points", "expire_points", "give_back_points", "move_accounts", "move_payment_means", "open_account",
    "propose_points_policy", "record_bill", "record_payment", "record_payment_means", "redeem_points", "remove_account", "remove_payment_means", "reopen_account",
    "reverse_payment", "set_points_policy", "take_back_by_payment",
]
