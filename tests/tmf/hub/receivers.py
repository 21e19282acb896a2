"""Receivers of events for tests: a real HTTP server on loopback whose manners can be chosen."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WAIT_SECONDS_MAX = 240.0
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass(frozen=True)
class Received:
    """One POST as it came."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        """The event."""
        made: dict[str, Any] = json.loads(self.body)
        return made


Manner = Callable[[int, Received], "bytes | str"]


@dataclass
class Receiver:
    """A server: ``manner`` gets the number of the request (from 0) and returns the answer's bytes, or hang, drip, huge, close."""

    manner: Manner = lambda _number, _received: OK
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def url(self) -> str:
        """Where events are to be posted."""
        return f"http://127.0.0.1:{self.port}/listener"

    @property
    def ids(self) -> list[str]:
        """The events' ids in the order in which they came."""
        return [one.headers["webhook-id"] for one in self.received]

    def wait(self, count: int, *, seconds: float = WAIT_SECONDS_MAX) -> list[Received]:
        """Wait until so many requests came; fails when they do not."""
        self.wait_for(lambda: len(self.received) >= count, f"{count} requests", seconds=seconds)
        return self.received

    def wait_for(self, condition: Callable[[], bool], what: str, *, seconds: float = WAIT_SECONDS_MAX) -> None:
        """Wait until ``condition`` holds, looked at after each request."""
        with self.changed:
            if not self.changed.wait_for(condition, seconds):
                raise AssertionError(f"{what} did not come: {len(self.received)} requests")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                one = Received(headers, body, time.monotonic())
                said = self.manner(len(self.received), one)
                with self.changed:
                    self.received.append(one)
                    self.changed.notify_all()
                await self._say(said, writer)
                if said == "close":
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    @staticmethod
    async def _say(said: bytes | str, writer: asyncio.StreamWriter) -> None:
        if isinstance(said, bytes):
            writer.write(said)
        elif said == "hang":
            await asyncio.Event().wait()
        elif said == "drip":  # one byte now and then, never an end
            for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000:
                writer.write(bytes((letter,)))
                await writer.drain()
                await asyncio.sleep(0.05)
        elif said.startswith("huge"):
            writer.write(f"HTTP/1.1 {said.split()[1]} X\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
            while True:
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                await writer.drain()
        await writer.drain()


@contextmanager
def receiver(manner: Manner = lambda _number, _received: OK, *, port: int = 0) -> Iterator[Receiver]:
    """Run a receiver inside the block."""
    made = Receiver(manner)
    started = threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made._serve, "127.0.0.1", port)
        made.port = server.sockets[0].getsockname()[1]
        started.set()
        await server.serve_forever()

    def run() -> None:
        task = made._loop.create_task(serve())
        made._loop.run_forever()
        task.cancel()
        for left in asyncio.all_tasks(made._loop):
            left.cancel()
        made._loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(made._loop), return_exceptions=True))
        made._loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(WAIT_SECONDS_MAX)
    try:
        yield made
    finally:
        made._loop.call_soon_threadsafe(made._loop.stop)
        thread.join(WAIT_SECONDS_MAX)
