"""Enums and life cycles of the account room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class AccountState(models.TextChoices):
    """States of a billing account."""

    ACTIVE = "active", _("Active")
    CLOSED = "closed", _("Closed")


A = AccountState
ACCOUNT = Machine("billing_account", AccountState, initial=A.ACTIVE, moves={
    "close": ([A.ACTIVE], A.CLOSED),
    "reopen": ([A.CLOSED], A.ACTIVE),
}, words={"close": _("Close the account"), "reopen": _("Open the account again")})


class PaymentKind(models.TextChoices):
    """When an account pays."""

    PREPAID = "prepaid", _("Prepaid")
    POSTPAID = "postpaid", _("Postpaid")


class BillState(models.TextChoices):
    """States of a bill (TMF678 values)."""

    NEW = "new", _("New")
    SENT = "sent", _("Sent")
    PARTIALLY_PAID = "partiallyPaid", _("Partly paid")
    SETTLED = "settled", _("Settled")


class PaymentMethod(models.TextChoices):
    """How a payment came."""

    CASH = "cash", _("Cash")
    CARD = "card", _("Bank card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    BANK_DEBIT = "bank_debit", _("Bank debit")
    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    VOUCHER = "voucher", _("Top-up voucher")


class PaymentState(models.TextChoices):
    """States of a payment."""

    DONE = "done", _("Done")
    CANCELED = "canceled", _("Reversed")


PAYMENT = Machine("payment", PaymentState, initial=PaymentState.DONE, moves={
    "cancel": ([PaymentState.DONE], PaymentState.CANCELED),
}, words={"cancel": _("Reverse the payment")})


class MeansKind(models.TextChoices):
    """Kinds of payment methods (the words of TMF670)."""

    CASH = "cash", _("Cash")
    BANK_CARD = "bankCard", _("Bank card")
    TOKENIZED_CARD = "tokenizedCard", _("Card by token")
    BANK_ACCOUNT_DEBIT = "bankAccountDebit", _("Bank debit")
    BANK_ACCOUNT_TRANSFER = "bankAccountTransfer", _("Bank transfer")
    DIRECT_DEBIT = "directDebit", _("Direct debit by mandate")
    DIGITAL_WALLET = "digitalWallet", _("Digital wallet")
    VOUCHER = "voucher", _("Top-up voucher")
    CHECK = "check", _("Cheque")
    BUCKET = "bucketPaymentMethod", _("Prepaid bucket")
    ACCOUNT = "accountPaymentMethod", _("Account")
    LOYALTY = "loyaltyPaymentMethod", _("Points")


class MeansState(models.TextChoices):
    """States of a payment method."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


M = MeansState
PAYMENT_MEANS = Machine("payment_means", MeansState, initial=M.ACTIVE, moves={
    "suspend": ([M.ACTIVE], M.SUSPENDED), "resume": ([M.SUSPENDED], M.ACTIVE), "end": ([M.ACTIVE, M.SUSPENDED], M.ENDED),
}, words={
    "suspend": _("Suspend the payment method"), "resume": _("Put the payment method in force again"), "end": _("End the payment method"),
})


class PointsMoveKind(models.TextChoices):
    """What happened to a lot of points."""

    EARN = "earn", _("Earned")
    USE = "use", _("Redeemed")
    RETURN = "return", _("Given back")
    CANCEL = "cancel", _("Earned in error, taken back")
    EXPIRE = "expire", _("Expired")


class PointsSource(models.TextChoices):
    """What points are earned for."""

    BILL = "bill", _("Bill paid")
    PROMOTION = "promotion", _("Promotion")
    TENURE = "tenure", _("Loyalty")
    GOODWILL = "goodwill", _("Goodwill")
    IMPORT = "import", _("Taken over")
