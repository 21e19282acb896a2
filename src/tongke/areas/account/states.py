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
})


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
})
