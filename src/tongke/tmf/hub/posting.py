"""One receiver's door: a connection that is kept, leads only where the allow-list lets it, and never waits for long.

The address is judged where the socket is made, so what was judged is what is connected to: a name that resolves to
another address a moment later changes nothing. Redirects are never followed, no proxy and no cookie is taken, and of an
answer no more is read than a reason.
"""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver

from tongke.tmf.hub.addresses import AllowList, Callback, read_address
from tongke.tmf.hub.policy import Policy
from tongke.tmf.hub.signing import signed_headers
from tongke.tmf.hub.verdict import Cause, Fault, cause_of

REASON_BYTES_MAX: Final = 300
DRAINED_BYTES_MAX: Final = 65_536
DRAIN_SECONDS_MAX: Final = 1.0
AGENT: Final = "Tongke-Hub/1"


class NotAdmitted(OSError):
    """The address that the callback leads to is not one to which events may be sent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: ``fault`` is ``None`` where the event was delivered."""

    fault: Fault | None
    status: int | None = None
    reason: str = ""


@dataclass(slots=True)
class Door:
    """The way to one callback under one allow-list. ``resolver`` takes the system's place where one is given."""

    callback: Callback
    allowed: AllowList
    policy: Policy
    resolver: AbstractResolver | None = None
    used: float = field(default_factory=time.monotonic)
    _stale: bool = False
    _session: aiohttp.ClientSession | None = None

    def _socket(self, found: Any) -> socket.socket:
        """Make the socket for an address, if it may be connected to."""
        family, kind, protocol, _name, address = found
        if not self.allowed.admits(read_address(str(address[0])), host=self.callback.host):
            raise NotAdmitted(f"{address[0]} is not an address to which events may be sent")
        return socket.socket(family, kind, protocol)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=1, use_dns_cache=False, resolver=self.resolver, socket_factory=self._socket, keepalive_timeout=60, happy_eyeballs_delay=None,
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False,
                timeout=aiohttp.ClientTimeout(total=self.policy.total_seconds, sock_connect=self.policy.connect_seconds),
                headers={"User-Agent": AGENT, "Content-Type": "application/json", "Accept": "application/json"},
            )
        return self._session

    def readmit(self, allowed: AllowList) -> None:
        """Take another allow-list from the next event on; a connection made under the old one is not used again."""
        self.allowed, self._stale = allowed, True

    async def post(self, body: bytes, *, message_id: str, key: bytes, timestamp: int) -> Outcome:
        """Send one event and judge the answer; never raises over what the other side does."""
        self.used = time.monotonic()
        if self._stale:
            self._stale = False
            await self.close()
        headers = signed_headers(key, message_id=message_id, timestamp=timestamp, body=body)
        try:
            async with self._opened().post(self.callback.url, data=body, headers=headers, allow_redirects=False) as answer:
                return await _judged(answer)
        except NotAdmitted as fault:
            return Outcome(Fault(Cause.UNREACHED), reason=str(fault))
        except TimeoutError:
            return Outcome(Fault(Cause.UNREACHED), reason=f"no answer within {self.policy.total_seconds:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            await self.close()
            return Outcome(Fault(Cause.UNREACHED), reason=_words(fault))

    async def close(self) -> None:
        """Close the connection; the next event opens another."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _words(fault: BaseException) -> str:
    inner = fault.__cause__ or fault
    return f"{type(fault).__name__}: {inner}"[:REASON_BYTES_MAX]


async def _judged(answer: aiohttp.ClientResponse) -> Outcome:
    cause = cause_of(answer.status)
    if cause is None:
        await _drain(answer)
        return Outcome(None, answer.status)
    said = await _beginning(answer)
    answer.close()
    return Outcome(Fault(cause, _retry_after(answer.headers.get("Retry-After", ""))), answer.status, f"HTTP {answer.status} {said}".strip())


async def _drain(answer: aiohttp.ClientResponse) -> None:
    """Read what little an acknowledgement says, so that the connection can be used again; else hang up."""
    if answer.content.at_eof():
        return
    read = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS_MAX):
            while chunk := await answer.content.readany():
                read += len(chunk)
                if read > DRAINED_BYTES_MAX:
                    answer.close()
                    return
    except (TimeoutError, aiohttp.ClientError, OSError):
        answer.close()  # the event was acknowledged: how the rest fares is the receiver's own affair


async def _beginning(answer: aiohttp.ClientResponse) -> str:
    """Return the first words of a refusal as plain text."""
    try:
        async with asyncio.timeout(DRAIN_SECONDS_MAX):
            raw = await answer.content.read(REASON_BYTES_MAX)
    except (TimeoutError, aiohttp.ClientError, OSError):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in raw.decode("utf-8", "replace")).strip()


def _retry_after(text: str) -> float:
    """Return the seconds that the receiver asks for, given as seconds or as a date; 0 where it asks for nothing readable."""
    if text.isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0
