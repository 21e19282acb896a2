"""Enums and life cycles of the inventory room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class SubscriberKind(models.TextChoices):
    """What a line is."""

    MOBILE = "mobile", _("Mobile line")
    FIXED = "fixed", _("Fixed line")
    BROADBAND = "broadband", _("Broadband line")
    TV = "tv", _("Television line")
    ICT = "ict", _("Company service")


class ProductState(models.TextChoices):
    """States of an installed product and of a line (TMF637)."""

    CREATED = "created", _("Created")
    PENDING_ACTIVE = "pendingActive", _("Being activated")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    PENDING_TERMINATE = "pendingTerminate", _("Being ended")
    TERMINATED = "terminated", _("Ended")
    ABORTED = "aborted", _("Aborted")
    CANCELLED = "cancelled", _("Cancelled")


S = ProductState
ENDED = (S.TERMINATED, S.ABORTED, S.CANCELLED)
_MOVES = {
    "prepare": ([S.CREATED], S.PENDING_ACTIVE),
    "activate": ([S.CREATED, S.PENDING_ACTIVE], S.ACTIVE),
    "abort": ([S.PENDING_ACTIVE], S.ABORTED),
    "cancel": ([S.PENDING_ACTIVE], S.CANCELLED),
    "suspend": ([S.ACTIVE], S.SUSPENDED),
    "resume": ([S.SUSPENDED], S.ACTIVE),
    "begin_termination": ([S.ACTIVE], S.PENDING_TERMINATE),
    "terminate": ([S.ACTIVE, S.SUSPENDED, S.PENDING_TERMINATE], S.TERMINATED),
}
_WORDS = {
    "prepare": _("Begin the installation"), "activate": _("Put into use"), "abort": _("Break the installation off"),
    "cancel": _("Cancel the installation"), "suspend": _("Suspend the service"), "resume": _("Resume the service"),
    "begin_termination": _("Begin the termination"), "terminate": _("Terminate"),
}
PRODUCT = Machine("product", ProductState, initial=S.CREATED, moves=_MOVES, words=_WORDS)
SUBSCRIBER = Machine("subscriber", ProductState, initial=S.CREATED, moves=_MOVES, words=_WORDS)


class SubscriberRoleKind(models.TextChoices):
    """What a party is to a line; exactly one legal owner at any time (T12)."""

    LEGAL_OWNER = "legal_owner", _("Legal owner")
    HOLDER = "holder", _("Holder (user)")


class MigrationRowState(models.TextChoices):
    """What became of one product of a migration's list."""

    WAITING = "waiting", _("Waiting")
    MOVED = "moved", _("Moved")
    UNCHANGED = "unchanged", _("Was so already")
    REJECTED = "rejected", _("Left as it is")
