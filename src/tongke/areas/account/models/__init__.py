"""Records of the account room, by noun."""

from tongke.areas.account.models.accounts import Bill, BillingAccount, BillItem, Payment, PaymentAllocation
from tongke.areas.account.models.means import MeansAccount, PaymentMeans

__all__ = ["Bill", "BillItem", "BillingAccount", "MeansAccount", "Payment", "PaymentAllocation", "PaymentMeans"]
