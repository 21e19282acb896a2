"""Refusals about numbers that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class BlocksOverlap(Refused):
    """Some of the numbers are in another block already; ``other`` names it."""

    code = "RES-01"
    says = _("Numbers {first} to {last} overlap the block {other} ({other_first} to {other_last})")
    mend = _("Choose numbers outside that block, or end it first")


class RangesOverlap(Refused):
    """Some of the numbers were given to another organisation of the level already."""

    code = "RES-02"
    says = _("Numbers {first} to {last} overlap what {other} has ({other_first} to {other_last})")
    mend = _("Take that range back first, or choose other numbers")


class AllotmentsOverlap(Refused):
    """Some of the numbers feed another pool already."""

    code = "RES-03"
    says = _("Numbers {first} to {last} overlap what feeds the pool {other} ({other_first} to {other_last})")
    mend = _("Move them between the pools instead, or choose other numbers")


class CodeTaken(Refused):
    """Another record has the identifier."""

    code = "RES-04"
    says = _("The identifier {taken} is in use already")
    mend = _("Choose another identifier")


class NumberNotFree(Refused):
    """The number is not to be had: ``state`` says why."""

    code = "RES-10"
    says = _("The number {number} is not free: {state}")
    mend = _("Choose another number")


class NoNumberLeft(Refused):
    """None of the numbers asked for is to be had."""

    code = "RES-11"
    says = _("No number that was asked for is free any longer")
    mend = _("Search anew, or ask the number desk to fill the pool")


class WrongChannel(Refused):
    """The pool is not sold through this channel."""

    code = "RES-12"
    says = _("The pool of this number is not sold through the channel {channel}")
    mend = _("Choose a number of a pool for this channel")


class PoolClosed(Refused):
    """The number is in no pool that sells now."""

    code = "RES-13"
    says = _("The number is in no pool from which numbers are sold now")
    mend = _("Choose another number, or ask the number desk")


class ClerkQuotaReached(Refused):
    """The clerk holds as many numbers as one may."""

    code = "RES-14"
    says = _("You hold {most} numbers already: more are not kept for one clerk")
    mend = _("Let go of a number that nobody waits for, or wait until a hold expires")
    status = 422


class PersonQuotaReached(Refused):
    """For this person as many numbers are held as may be."""

    code = "RES-15"
    says = _("{most} numbers are held for this person already: more are not kept for one")
    mend = _("Sell or let go of one of them first")
    status = 422


class HoldTaken(Refused):
    """The hold had expired and somebody else has the number now."""

    code = "RES-16"
    says = _("The hold on {number} expired at {expired_at}, and somebody else has the number now")
    mend = _("Choose another number; what was paid for this one is to be given back")


class HoldOfOtherOrder(Refused):
    """The token belongs to another order."""

    code = "RES-17"
    says = _("This hold belongs to another order")
    mend = _("Hold a number for this order")


class HoldOfColleague(Refused):
    """Somebody else holds the number, and not for the order that is worked on."""

    code = "RES-36"
    says = _("Somebody else holds the number {number}")
    mend = _("Ask whoever holds it, or let the number desk do it")
    status = 403


class HoldEnded(Refused):
    """The hold was let go, or the number was assigned by it already."""

    code = "RES-18"
    says = _("This hold on {number} has ended")
    mend = _("Hold the number anew")


class NumberRegraded(Refused):
    """The hold had expired, and the number was graded anew since."""

    code = "RES-19"
    says = _("The hold on {number} expired, and its grade and price changed since")
    mend = _("Show the customer the new terms and hold the number anew")


class HoldExpired(Refused):
    """The hold is over: it cannot be extended."""

    code = "RES-21"
    says = _("The hold on {number} expired at {expired_at}")
    mend = _("Hold the number anew")


class ExtensionsUsedUp(Refused):
    """The hold was extended as often as it may be."""

    code = "RES-22"
    says = _("The hold on {number} was extended {most} time(s) already")
    mend = _("Finish the order, or let the number go")
    status = 422


class CoolingNotOver(Refused):
    """The number still cools."""

    code = "RES-25"
    says = _("The number {number} cools until {cooling_until}: its former user may still be called on it")
    mend = _("Wait until then; only its former line can have it back before")


class CommitmentRuns(Refused):
    """The term promised for a fine number is not over; leaving costs ``penalty``."""

    code = "RES-26"
    says = _("The term for {number} runs until {ends_on}: leaving now costs {penalty} {currency}")
    mend = _("Charge {penalty} {currency} and say so, or wait until the term is over")
    status = 422


class WishRefused(Refused):
    """A part of the search cannot be understood."""

    code = "RES-27"
    says = _("{why}")
    mend = _("Digits, and * for any digit: 138****8888")
    status = 400


class ScheduleRefused(Refused):
    """The table of grades cannot be kept so; ``why`` says what is wrong."""

    code = "RES-28"
    says = _("The table of grades: {why}")
    mend = _("Correct it and try again")
    status = 422


class ScheduleStays(Refused):
    """A released version does not change."""

    code = "RES-29"
    says = _("This version of the grades has been released: it does not change any more")
    mend = _("Make a new version")


class FigureRefused(Refused):
    """The figure of policy has not its form or range."""

    code = "RES-38"
    says = _("The figure cannot be taken: {why}")
    mend = _("Correct the value and try again")
    status = 422
