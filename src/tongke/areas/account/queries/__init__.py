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
from tongke.areas.account.queries.points import (
    DatedFigures,
    LiabilityRow,
    PointsFigures,
    PointsState,
    points_expiring,
    points_figures,
    points_liability,
    points_lots,
    points_moves,
    points_of_customer,
    points_policy,
)

__all__ = [
    "PANELS", "AccountBrief", "DatedFigures", "LiabilityRow", "PointsFigures", "PointsState", "account_brief", "accounts_of_customer", "bill_with_items",
    "bills_of_account", "bills_of_customer", "owed_by_customer", "payments_of_account", "points_expiring", "points_figures", "points_liability",
    "points_lots", "points_moves", "points_of_customer", "points_policy",
]
