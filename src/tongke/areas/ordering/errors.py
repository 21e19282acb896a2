"""Refusals of the ordering room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class NothingToJudge(Refused):
    """No offering was named, and none is on sale here."""

    code = "ORD-01"
    says = _("There is no offering to judge")
    mend = _("Name at least one offering, or put one on sale here")
    status = 422


class UnknownOffering(Refused):
    """An offering that was named was never in the catalogue."""

    code = "ORD-02"
    says = _("The catalogue does not know {offering}")
    mend = _("Choose an offering of the catalogue")
    status = 422


class LineOfAnother(Refused):
    """The line that is to bear the offering is none of the customer's."""

    code = "ORD-03"
    says = _("The line is none of this customer's lines in force")
    mend = _("Choose one of the customer's lines, or a new one")
    status = 422


class PlaceNotFound(Refused):
    """No place with this id is in the address tree."""

    code = "ORD-04"
    says = _("The address is not in the address tree")
    mend = _("Search the address again and choose one of those found")
    status = 422


class NotOnSaleYet(Refused):
    """An offering that was named is still being made: no version of it was ever launched."""

    code = "ORD-05"
    says = _("{offering} is not on sale yet: its version is {state}")
    mend = _("Ask again once it is launched, or choose an offering that is on sale")
    status = 422
