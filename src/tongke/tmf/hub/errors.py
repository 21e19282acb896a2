"""Refusals of the hub."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class CallbackUnfit(Refused):
    """The callback is no address to which events can be sent; ``what`` says which part is wrong."""

    code = "HUB-01"
    says = _("The callback cannot be used: {what}")
    mend = _("Give an http or https address of a host name, without user name, fragment or an unusual way to write numbers")
    status = 400


class CallbackNotAllowed(Refused):
    """The callback leads to a host to which this installation sends nothing."""

    code = "HUB-02"
    says = _("Events are not sent to {host}: it is not on the list of allowed hosts")
    mend = _("Ask the administrator of this installation to allow it: tongke hub allow {host}")
    status = 422


class SubscribedAlready(Refused):
    """The same callback is subscribed to the same events already."""

    code = "HUB-03"
    says = _("This callback is subscribed to these events already")
    mend = _("Keep the subscription {id}, or delete it first")
    status = 409


class TargetUnfit(Refused):
    """What is to be allowed is neither a host nor a network."""

    code = "HUB-04"
    says = _("{target} is no host name and no network that can be allowed")
    mend = _("Write a host (events.example.com), all hosts below one (*.example.com) or a network (10.20.0.0/16)")
    status = 400


class SecretUnfit(Refused):
    """The secret is not of the form in which secrets for signatures are written."""

    code = "HUB-05"
    says = _("The secret cannot be used")
    mend = _("Write whsec_ and 24 to 64 random bytes in base64, or leave it out and take the one you are given")
    status = 400


class EventUnknown(Refused):
    """The query names an event that this API never tells."""

    code = "HUB-06"
    says = _("{name} is no event of this API")
    mend = _("Its events: {known}")
    status = 400


class SubscriptionsMany(Refused):
    """The owner has as many subscriptions as one may have."""

    code = "HUB-07"
    says = _("You have {count} subscriptions; no more can be added")
    mend = _("Delete what is not needed, or let one subscription carry several events")
    status = 422
