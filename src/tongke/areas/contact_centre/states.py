"""Enums of the contact centre room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class Channel(models.TextChoices):
    """Where a contact took place."""

    HALL = "hall", _("Business hall")
    HOTLINE = "hotline", _("Hotline")
    WEB = "web", _("Web")
    APP = "app", _("App")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    VISIT = "visit", _("Visit")
    POST = "post", _("Post and fax")


class Direction(models.TextChoices):
    """Who began."""

    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")


class InteractionKind(models.TextChoices):
    """What a contact was about."""

    ENQUIRY = "enquiry", _("Enquiry")
    COMPLAINT = "complaint", _("Complaint")
    FAULT = "fault", _("Fault")
    ORDER = "order", _("Order")
    PAYMENT = "payment", _("Payment")
    MARKETING = "marketing", _("Marketing")
    CARE = "care", _("Care")


class InteractionState(models.TextChoices):
    """States of a contact (TMF683)."""

    OPEN = "open", _("Not taken up yet")
    IN_PROGRESS = "inProgress", _("In progress")
    COMPLETED = "completed", _("Completed")


_S = InteractionState
INTERACTION = Machine("interaction", InteractionState, initial=_S.OPEN, moves={
    "begin": ([_S.OPEN], _S.IN_PROGRESS),
    "complete": ([_S.OPEN, _S.IN_PROGRESS], _S.COMPLETED),
}, words={"begin": _("Take the contact up"), "complete": _("Complete the contact")})
