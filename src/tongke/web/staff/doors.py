"""The signed cookies around a sign-in: the session, known browsers, and the step between password and code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.http import url_has_allowed_host_and_scheme

from tongke.areas.staff.services import Source, Welcome, account_index
from tongke.kernel.errors import Refused

DEVICE_COOKIE = "tongke_device"
DEVICE_DAYS = 365
DEVICE_ACCOUNTS_MAX = 20
STEP_COOKIE = "tongke_step"
STEP_SECONDS_MAX = 300
LANGUAGE_DAYS = 365


def address_of(request: HttpRequest) -> str:
    """Return the client's address; behind our own proxy the one that the proxy saw."""
    if settings.HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def signed_cookie(request: HttpRequest, name: str, seconds_max: int) -> dict[str, Any]:
    """Return what a signed cookie says, or an empty mapping where it is absent, old or forged."""
    try:
        found = signing.loads(request.COOKIES.get(name, ""), salt=name, max_age=seconds_max)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def source_of(request: HttpRequest, *, account: str) -> Source:
    """Return where the request comes from, as a known browser if it has signed in to this account before."""
    device = signed_cookie(request, DEVICE_COOKIE, DEVICE_DAYS * 86400)
    known = account in device.get("accounts", ())
    return Source(address=address_of(request), agent=request.headers.get("User-Agent", ""), device=device.get("id", "") if known else "")


def source_for(request: HttpRequest, username: str) -> Source:
    """Return where a try at ``username`` comes from."""
    return source_of(request, account=account_index(username))


def keep(answer: HttpResponseBase, name: str, value: str, seconds: int | None) -> None:
    """Give the browser a cookie that scripts cannot read and other sites do not send."""
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.HTTPS)


def local_address(address: str, fallback: str = "/") -> str:
    """Return ``address`` if it lies in this house, else ``fallback``: a sign-in never leads a person elsewhere."""
    inside = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if inside and not address.startswith("/sign-") else fallback


def admit(request: HttpRequest, welcome: Welcome, *, onward: str) -> HttpResponseBase:
    """Send the person on with the new session's cookie; the browser is known from now on."""
    answer = HttpResponseRedirect(local_address(onward))
    rotate_token(request)
    # No lifetime: the browser forgets it when it closes, the server keeps both limits.
    keep(answer, settings.STAFF_COOKIE, welcome.key, None)
    device = signed_cookie(request, DEVICE_COOKIE, DEVICE_DAYS * 86400)
    accounts: Sequence[str] = [a for a in device.get("accounts", ()) if a != welcome.account][-(DEVICE_ACCOUNTS_MAX - 1):]
    known = {"id": device.get("id") or uuid4().hex, "accounts": [*accounts, welcome.account]}
    keep(answer, DEVICE_COOKIE, signing.dumps(known, salt=DEVICE_COOKIE), DEVICE_DAYS * 86400)
    answer.delete_cookie(STEP_COOKIE, samesite="Lax")
    answer["Cache-Control"] = "no-store"
    return answer


def ask_second_factor(welcome: Welcome, *, onward: str, at: datetime) -> HttpResponseBase:
    """Send the person to the second step; the signed cookie vouches for the password for five minutes."""
    answer = HttpResponseRedirect("/sign-in/code")
    step = {"staff": str(welcome.staff_id), "account": welcome.account, "next": local_address(onward),
            "until": (at + timedelta(seconds=STEP_SECONDS_MAX)).timestamp()}
    keep(answer, STEP_COOKIE, signing.dumps(step, salt=STEP_COOKIE), STEP_SECONDS_MAX)
    return answer


def second_step(request: HttpRequest, *, at: datetime) -> tuple[UUID, str, str] | None:
    """Return person, account digest and onward address of a sign-in that waits for its code, if there is one."""
    step = signed_cookie(request, STEP_COOKIE, STEP_SECONDS_MAX)
    if not step or step["until"] < at.timestamp():
        return None
    return UUID(step["staff"]), step["account"], step["next"]


def problem(fault: Refused) -> dict[str, str]:
    """Return what a form page shows of a refusal."""
    return {"code": fault.code, "says": fault.message, "mend": fault.advice}
