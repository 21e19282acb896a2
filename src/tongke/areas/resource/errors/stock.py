"""Refusals of stock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class SerialTaken(Refused):
    """An item with this serial, IMSI or MAC address is recorded already."""

    code = "RES-67"
    says = _("An item with the number {serial} is recorded already")
    mend = _("Look at its history; if it came back, take it back instead")


class ItemElsewhere(Refused):
    """Items are not where, or not in the state, that the verb asks for."""

    code = "RES-68"
    says = _("{count} item(s) are not ready for this: {serials}")
    mend = _("Look at where they are; only items free at the sending place can be sent")


class CountRunning(Refused):
    """The place is being counted: nothing else may be opened, and its stock stands still."""

    code = "RES-69"
    says = _("{place} is being counted ({number})")
    mend = _("Finish or cancel the count first")


class SecondPersonNeeded(Refused):
    """Losses are approved by somebody who did not count, send or receive."""

    code = "RES-70"
    says = _("Losses are approved by a second person")
    mend = _("Ask a colleague who did not count, send or receive")
    status = 403


class OtherEndSays(Refused):
    """One end of a transfer says what only the other may: the receiver what arrived, the sender what never left or is lost, for it is still the sender's."""

    code = "RES-82"
    says = _("Only the receiving end can say what arrived, and only the sending end what never left or is lost")
    mend = _("Let somebody of the other end, or of the organisation above both, settle it")
    status = 403
