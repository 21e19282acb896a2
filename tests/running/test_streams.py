"""Live streams: a notification reaches the open page of its person, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.factories.staff import person, session_key, tree
from tests.plugins.database import test_database
from tongke.config import streams
from tongke.config.runtime import embedded_url
from tongke.kernel.clock import now

pytestmark = pytest.mark.fault
SECONDS_MAX = 600


def run_alone(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser used before in this process keeps its loop in the main one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result()


class Page:
    """A browser's end of one stream."""

    def __init__(self, path: str = "/streams/notifications", **headers: str) -> None:
        self.scope: dict[str, Any] = {
            "type": "http", "path": path, "method": "GET",
            "headers": [(name.encode(), value.encode()) for name, value in ({"host": "crm.example:8001"} | headers).items()],
        }
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """Say nothing until the page leaves."""
        await self.left.wait()
        return {"type": "http.disconnect"}

    def open(self) -> asyncio.Task[None]:
        """Ask for the stream."""
        return asyncio.get_running_loop().create_task(streams.application(self.scope, self.receive, self.sent.put))

    async def next(self) -> dict[str, Any]:
        """Return the next message that the server sent."""
        return await asyncio.wait_for(self.sent.get(), SECONDS_MAX)


@pytest.fixture(autouse=True)
def listener() -> Iterator[streams.Listener]:
    """Give each test a listener of its own event loop."""
    held, streams.listener = streams.listener, streams.Listener()
    yield streams.listener
    streams.listener = held


def signed_in_page(staff: Any, **headers: str) -> Page:
    """Return a page of somebody who is signed in."""
    return Page(cookie=f"{settings.STAFF_COOKIE}={session_key(staff, at=now())}", **headers)


def notify(person: str) -> None:
    """Announce that ``person`` has news, as the staff room does."""
    with psycopg.connect(embedded_url("postgres", test_database()), autocommit=True) as owner:
        owner.execute("SELECT pg_notify(%s, %s)", [streams.CHANNEL, person])


async def _two_pages(mine: Page, other: Page, person: str) -> tuple[list[dict[str, Any]], int]:
    tasks = [mine.open(), other.open()]
    heard = [await mine.next(), await mine.next()]
    heard_other = [await other.next(), await other.next()]
    # Listening begins with a word to everybody, for what came before; then only the person's own news.
    heard.append(await mine.next())
    heard_other.append(await other.next())
    await asyncio.to_thread(notify, person)
    heard.append(await mine.next())
    for page in (mine, other):
        page.left.set()
    await asyncio.wait_for(asyncio.gather(*tasks), SECONDS_MAX)
    task = streams.listener.task
    if task is not None:
        task.cancel()
    assert dict(heard_other[0]["headers"]).get(b"access-control-allow-origin") is None
    return heard, other.sent.qsize()


@pytest.mark.django_db(transaction=True)
def test_news_reach_the_person_and_nobody_else() -> None:
    """The person's page hears; another's does not; a foreign page gets no leave to read."""
    tree()
    limin, zhaolei = person("limin", roles=("clerk",)), person("zhaolei", roles=("clerk",))
    mine, other = signed_in_page(limin, origin="http://crm.example:8000"), signed_in_page(zhaolei, origin="http://evil.example")
    heard, others = run_alone(_two_pages(mine, other, str(limin.id)))
    headers = dict(heard[0]["headers"])
    assert headers[b"content-type"] == b"text/event-stream"
    assert headers[b"access-control-allow-origin"] == b"http://crm.example:8000"
    assert heard[3]["body"].startswith(b"event: notification")
    assert others == 0
    assert not streams.listener.open


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "cookie", "status"), [
    ("/streams/notifications", "", 401), ("/streams/notifications", f"{settings.STAFF_COOKIE}=nobody-has-this-one", 401), ("/elsewhere", "", 404),
])
def test_nobody_else_gets_a_stream(path: str, cookie: str, status: int) -> None:
    """Without a living session there is no stream, and nothing else is served here."""

    async def ask() -> int:
        page = Page(path, cookie=cookie)
        await asyncio.wait_for(page.open(), SECONDS_MAX)
        return int((await page.next())["status"])

    assert run_alone(ask()) == status
