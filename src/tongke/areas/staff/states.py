"""Life cycles of the staff room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class OrgKind(models.TextChoices):
    """Levels of the operator; rows of customers belong to the first three, never to a unit."""

    GROUP = "group", _("Group")
    PROVINCE = "province", _("Province")
    LOCAL_NETWORK = "local_network", _("Local network")
    UNIT = "unit", _("Unit")


class ApprovalState(models.TextChoices):
    """States of a two-person request."""

    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    USED = "used", _("Carried out")


A = ApprovalState
APPROVAL = Machine("approval", ApprovalState, initial=A.REQUESTED, moves={
    "approve": ([A.REQUESTED], A.APPROVED),
    "refuse": ([A.REQUESTED], A.REFUSED),
    "withdraw": ([A.REQUESTED, A.APPROVED], A.WITHDRAWN),
    "use": ([A.APPROVED], A.USED),
}, words={
    "approve": _("Approve"), "refuse": _("Turn the request down"), "withdraw": _("Withdraw the request"), "use": _("Carry it out"),
})


class LookKind(models.TextChoices):
    """Ways in which a customer's data was looked at."""

    VIEW = "view", _("Opened the customer")
    GET = "get", _("Read by a program")
    SEARCH = "search", _("Searched")
    CARD = "card", _("Printed the card")
    EXPORT = "export", _("Exported")
    REVEAL = "reveal", _("Revealed masked data")
    ASSISTANT = "assistant", _("Read by an assistant")
