"""Named refusals of the party room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class ImageRefused(Refused):
    """The file is no picture of a kind that is taken, or it is too large."""

    code = "PTY-95"
    says = _("The image cannot be taken: {why}")
    mend = _("Take a JPEG, PNG or WebP picture of up to {megabytes} MB")
    status = 400


class ApprovalMissing(Refused):
    """The second person has not approved, or approved something else."""

    code = "PTY-96"
    says = _("The approval is missing or belongs to another request")
    mend = _("Ask for approval, and let a second person approve it")
    status = 403


class PolicyRefused(Refused):
    """A policy figure has not the form or range that it must have."""

    code = "PTY-97"
    says = _("The figure cannot be taken: {why}")
    mend = _("Correct the figure")
    status = 400


class PastPolicy(Refused):
    """Policy is changed from now on, never backwards: decisions were taken by it."""

    code = "PTY-98"
    says = _("A policy figure cannot be changed for the past")
    mend = _("Choose a start from now on")
    status = 422


class CustomerInForce(Refused):
    """A party's own record is closed only where no customer hangs on it."""

    code = "PTY-102"
    says = _("This person or organisation is a customer still ({state})")
    mend = _("Close the customer first")
    status = 409


class NumberTaken(Refused):
    """The customer number that came with a new customer belongs to another."""

    code = "PTY-99"
    says = _("The customer number {customer_no} belongs to another customer")
    mend = _("Leave the number empty to be given one, or correct it")
    status = 409
