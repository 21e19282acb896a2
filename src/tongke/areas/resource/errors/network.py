"""Refusals of the network, of places and of reservations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class NothingFree(Refused):
    """Every port of the access points asked for is taken, faulty or only planned."""

    code = "RES-90"
    says = _("No port is free at {where}")
    mend = _("Ask for another access point, or ask the network planner for more ports")


class NoneInStock(Refused):
    """No item of the model lies free at the stock place."""

    code = "RES-91"
    says = _("No {model} is in stock at {where}")
    mend = _("Choose another place or model, or ask for a transfer")


class ReservationOver(Refused):
    """The reservation ran out, was released, or is used already."""

    code = "RES-92"
    says = _("The reservation for {order_ref} no longer holds ({state})")
    mend = _("Reserve again; what is free now is given")


class WrongToken(Refused):
    """The token does not open this reservation."""

    code = "RES-93"
    says = _("The reservation is another order's")
    mend = _("Use the token that was given when it was made")
    status = 403


class ExtendedEnough(Refused):
    """The reservation was extended as often as policy allows."""

    code = "RES-94"
    says = _("The reservation was extended {times} times already, no more is allowed")
    mend = _("Let the order be decided, or reserve again when it is")


class ReservedElsewhere(Refused):
    """The order and key belong to a reservation that this actor may not see."""

    code = "RES-95"
    says = _("This order's reservation belongs to another organisation")
    mend = _("Use another key, or ask the organisation that made it")


class NotFreeForYou(Refused):
    """The very port or item that was asked for is not free."""

    code = "RES-96"
    says = _("{what} is not free")
    mend = _("Choose another one, or ask for any")


class LabelTaken(Refused):
    """A code that must be given once is in use."""

    code = "RES-97"
    says = _("The code {given} is in use already")
    mend = _("Give another code")


class AskedOtherwise(Refused):
    """The order and key belong to a reservation of something else, which still holds."""

    code = "RES-99"
    says = _("The order {order_ref} keeps something else under this key")
    mend = _("Release that reservation first, or reserve under another key")
    status = 422


class NotEmpty(Refused):
    """Equipment or a place that still carries something cannot be taken away."""

    code = "RES-98"
    says = _("{what} still serves or holds {count}")
    mend = _("Move them first, then try again")
