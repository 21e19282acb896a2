"""Bearer tokens on the addresses of the Open APIs: from the header to the machine client that acts.

A token is honoured on the interfaces' own addresses only, never on a page; and where one is shown, the cookie counts
for nothing. So no form token is asked for: no browser sends a bearer by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import TokenRefused, TooManyRequests
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit.refusals import interface_refusal, is_interface
from tongke.web.staff.doors import address_of

# Set by a read that was answered ahead of Django's handler and then left to it: its permit is spent already.
ADMITTED = "tongke.admitted"


def bearer_of(request: HttpRequest) -> str | None:
    """Return the bearer token that a request to an interface shows, perhaps empty; ``None`` where it shows none."""
    if not is_interface(request.path):
        return None
    scheme, _blank, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def client_of(request: HttpRequest, token: str, *, at: datetime) -> Actor:
    """Return the machine client that shows the token, one of its permits spent.

    Raises ``TokenRefused`` for a token that is not valid (any more), ``TooManyRequests``.
    """
    actor = queries.actor_of_token(token, address=address_of(request), at=at)
    if actor is None:
        raise TokenRefused
    if not request.META.get(ADMITTED):
        wait = services.admit(UUID(actor.extra["client_id"]), at=at)
        if wait is not None:
            raise TooManyRequests(seconds=wait, limit=int(actor.extra["per_minute"]))
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001 - how Django itself lets a checker say so
    return actor


def refusal(fault: Refused) -> HttpResponse:
    """Return the answer to a token that was not taken, in the interfaces' own form."""
    answer = interface_refusal(fault)
    if isinstance(fault, TooManyRequests):
        answer["Retry-After"] = answer["RateLimit-Reset"] = str(fault.values["seconds"])
        answer["RateLimit-Limit"] = f"{fault.values['limit']}"
        answer["RateLimit-Policy"] = f"{fault.values['limit']};w=60"
        answer["RateLimit-Remaining"] = "0"
    return answer
