"""The small ASGI process: live streams tell signed-in people of their notifications, and assistants find their tools.

One connection listens to the database for all streams; ``NOTIFY tongke_notification, '<staff id>'`` makes
the pages of that person fetch what is new. A stream carries no data of its own.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongke.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 - only after Django is set up
from django.conf import settings  # noqa: E402 - only after Django is set up
from django.db import connection  # noqa: E402 - only after Django is set up

from tongke.areas.staff import queries  # noqa: E402 - only after Django is set up
from tongke.config.faults import is_lost_connection  # noqa: E402 - only after Django is set up
from tongke.kernel.clock import now  # noqa: E402 - only after Django is set up
from tongke.tmf.assistant import http as assistant  # noqa: E402 - only after Django is set up

CHANNEL = "tongke_notification"
HEARTBEAT_SECONDS = 20
QUEUE_MAX = 16

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Listener:
    """Hears the database's notifications and hands them to the open streams of each person."""

    def __init__(self) -> None:
        self.open: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self.task: asyncio.Task[None] | None = None

    def ensure(self) -> None:
        """Start listening with the first stream, and again should it ever have ended."""
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        wait = 0.5
        while True:
            try:
                parameters = await sync_to_async(connection.get_connection_params)()
                wanted = {k: v for k, v in parameters.items() if k in {"dbname", "user", "password", "host", "port", "options"} and v}
                async with await psycopg.AsyncConnection.connect(**wanted, autocommit=True) as heard:
                    await heard.execute(f"LISTEN {CHANNEL}")
                    wait = 0.5
                    self._tell_all()  # whatever came while nobody listened
                    async for note in heard.notifies():
                        self.tell(note.payload)
            except psycopg.OperationalError:
                await asyncio.sleep(wait)  # the database is being restarted: ask again, ever more rarely
                wait = min(wait * 2, 10)

    def tell(self, staff_id: str) -> None:
        """Wake the streams of one person; a stream that is full already knows."""
        for queue in self.open.get(staff_id, ()):
            if not queue.full():
                queue.put_nowait("notification")

    def _tell_all(self) -> None:
        for staff_id in list(self.open):
            self.tell(staff_id)


listener = Listener()
door = assistant.Door()


def _staff_of(cookies: str) -> str | None:
    """Return the staff id of the session that the cookie names, or ``None``."""
    morsel = SimpleCookie(cookies).get(settings.STAFF_COOKIE)
    if morsel is None:
        return None
    try:
        found = queries.actor_of_session(morsel.value, at=now()).staff_id
    except Exception as fault:
        if not is_lost_connection(fault):
            raise
        connection.close()  # the database was restarted since this process last asked: once more, on a new connection
        found = queries.actor_of_session(morsel.value, at=now()).staff_id
    return str(found) if found else None


async def _refuse(send: Send, status: int, words: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": words})


def _allowed_origin(headers: dict[bytes, bytes]) -> bytes | None:
    """Return the page's origin where it is this very host on another port, or one that was named as trusted."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0]
    if origin in settings.CSRF_TRUSTED_ORIGINS or (origin and origin.split("://")[-1].rsplit(":", 1)[0] == host):
        return origin.encode("latin-1")
    return None


async def _stream(staff_id: str, origin: bytes | None, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    if origin:
        headers += [(b"access-control-allow-origin", origin), (b"access-control-allow-credentials", b"true"), (b"vary", b"Origin")]
    queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_MAX)
    listener.open[staff_id].add(queue)
    listener.ensure()
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while not gone.done():
            news = asyncio.ensure_future(queue.get())
            await asyncio.wait({news, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            body = f"event: {news.result()}\ndata: {{}}\n\n".encode() if news.done() else b": still here\n\n"
            news.cancel()
            if not gone.done():
                await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        gone.cancel()
        listener.open[staff_id].discard(queue)
        if not listener.open[staff_id]:
            del listener.open[staff_id]


async def _until_gone(receive: Receive) -> None:
    """Wait until the browser has left."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def _live(receive: Receive, send: Send) -> None:
    """Keep the door of the assistants open from the process's start to its end."""
    await receive()
    async with door.open():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve ``GET /streams/notifications`` and the tools of assistants; everything else is not here."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    if scope["type"] == "http" and assistant.is_ours(scope["path"]):
        await door(scope, receive, send)
        return
    if scope["type"] != "http" or scope["path"] != "/streams/notifications" or scope["method"] != "GET":
        await _refuse(send, 404, b"Not here\n")
        return
    headers = dict(scope["headers"])
    staff_id = await sync_to_async(_staff_of)(headers.get(b"cookie", b"").decode("latin-1"))
    if staff_id is None:
        await _refuse(send, 401, b"Sign in first\n")
        return
    await _stream(staff_id, _allowed_origin(headers), receive, send)
