"""Records of the account room, by noun."""

from tongke.areas.account.models.accounts import Bill, BillingAccount, BillItem, Payment, PaymentAllocation
from tongke.areas.account.models.means import MeansAccount, PaymentMeans
from tongke.areas.account.models.points import PointsAccount, PointsLot, PointsMove, PointsPolicy

__all__ = [
    "Bill", "BillItem", "BillingAccount", "MeansAccount", "Payment", "PaymentAllocation", "PaymentMeans", "PointsAccount", "PointsLot",
    "PointsMove", "PointsPolicy",
]
