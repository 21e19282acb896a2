"""Counting tries to sign in, so that guessing is slow and nobody can lock a colleague out.

Failures count for one account from one source: a known browser (device cookie) or else an address. So a
stranger's guesses slow the stranger, never the owner's own browser. User names are kept as keyed digests:
people type passwords into the wrong field.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction

from tongke.areas.staff.errors import TooManyTries
from tongke.areas.staff.models import SignInAttempt
from tongke.areas.staff.policy import figures
from tongke.kernel.sealing import blind_index


@dataclass(frozen=True, slots=True)
class Source:
    """Where a try comes from: the client's address, its user agent, and the device cookie's id if it knows the account."""

    address: str
    agent: str = ""
    device: str = ""

    @property
    def neighbourhood(self) -> str:
        """The address as it is counted: a whole IPv6 /64 is one source, because one client owns it."""
        try:
            found = ipaddress.ip_address(self.address)
        except ValueError:
            return "address:unknown"
        if found.version == 6:
            return f"address:{ipaddress.ip_network((found, 64), strict=False)}"
        return f"address:{found}"


def account_index(username: str) -> str:
    """Return the digest under which tries at an account are counted, whether it exists or not."""
    return blind_index(username.strip().lower(), field="staff.attempt").hex()


def wait_seconds(failures: int, *, free: int, base: int, most: int) -> int:
    """Return how long to wait after so many failures: nothing at first, then doubling up to ``most`` seconds."""
    if failures < free:
        return 0
    return int(min(base * 2 ** min(failures - free, 30), most))


def begin_attempt(*, account: str, source: Source, kind: str = "", at: datetime) -> SignInAttempt:
    """Record a try before the secret is looked at, so that parallel tries count too; raises ``TooManyTries``.

    ``kind`` keeps the tries of the second factor (``code:``) apart from those of the password.
    """
    index, where = account, kind + (f"device:{source.device}" if source.device else source.neighbourhood)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{index}|{where}"])
        policy = figures(at=at)
        since = at - timedelta(minutes=policy["attempt_window_minutes"])
        most = policy["attempt_wait_seconds_max"]
        base = policy["attempt_wait_seconds_base"]
        tries = SignInAttempt.objects.filter(at__gt=since, at__lte=at, succeeded=False)
        mine = list(tries.filter(username_index=index, source=where).order_by("-at").values_list("at", flat=True)[:40])
        success = SignInAttempt.objects.filter(username_index=index, source=where, succeeded=True, at__gt=since).order_by("-at").first()
        failed = [moment for moment in mine if success is None or moment > success.at]
        _wait_or_pass(failed, policy["attempts_free"], base=base, most=most, at=at)
        if not source.device and not kind:
            spray = list(tries.filter(source=where).order_by("-at").values_list("at", flat=True)[: policy["source_attempts_free"] + 20])
            _wait_or_pass(spray, policy["source_attempts_free"], base=base, most=most, at=at)
        if kind:
            codes = list(tries.filter(username_index=index, source__startswith=kind).order_by("-at").values_list("at", flat=True)[:60])
            _wait_or_pass(codes, policy["code_attempts_free"], base=base, most=most, at=at)
        return SignInAttempt.objects.create(
            username_index=index, source=where, known_device=bool(source.device), succeeded=False, reason="begun", at=at,
        )


def _wait_or_pass(failed: list[datetime], free: int, *, base: int, most: int, at: datetime) -> None:
    wait = wait_seconds(len(failed), free=free, base=base, most=most)
    if failed and wait:
        left = (failed[0] + timedelta(seconds=wait) - at).total_seconds()
        if left > 0:
            raise TooManyTries(seconds=ceil(left))


def end_attempt(attempt: SignInAttempt, *, succeeded: bool, reason: str = "") -> None:
    """Write down how the try ended."""
    SignInAttempt.objects.filter(id=attempt.id).update(succeeded=succeeded, reason=reason)


def _where(source: Source, kind: str) -> str:
    return kind + (f"device:{source.device}" if source.device else source.neighbourhood)


def require_calm(*, account: str, source: Source, kind: str, at: datetime) -> None:
    """Raise ``TooManyTries`` where the failures of this account from this source ask for a wait.

    For secrets that nobody can guess (tokens of machines): a client that starts ten processes at once makes ten tries
    at once, which are no failures before they have failed.
    """
    policy = figures(at=at)
    since = at - timedelta(minutes=policy["attempt_window_minutes"])
    failed = list(SignInAttempt.objects.filter(
        username_index=account, source=_where(source, kind), succeeded=False, at__gt=since, at__lte=at,
    ).order_by("-at").values_list("at", flat=True)[:40])
    _wait_or_pass(failed, policy["attempts_free"], base=policy["attempt_wait_seconds_base"], most=policy["attempt_wait_seconds_max"], at=at)


def note_failure(*, account: str, source: Source, kind: str, at: datetime) -> None:
    """Write a failure down after the fact."""
    SignInAttempt.objects.create(
        username_index=account, source=_where(source, kind), known_device=False, succeeded=False, reason="secret", at=at,
    )
