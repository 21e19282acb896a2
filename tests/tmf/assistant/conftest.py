"""The web process and the process of the tools, running; keys of people; the official client."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CallToolResult

from tests.factories import staff as make
from tests.plugins import places
from tests.plugins.database import test_database
from tests.plugins.site import Site, free_port, wait_until_up
from tongke.areas.staff import services
from tongke.areas.staff.models import Staff
from tongke.config.runtime import embedded_url
from tongke.kernel import clock


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process on this worker's database."""
    database = test_database()
    return os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", database), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", database), **more,
    }


def _granian(folder: Path, name: str, interface: str, target: str, port: int, **more: str) -> Site:
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws",
             target], env=environment(**more), stdout=out, stderr=subprocess.STDOUT,
        )
    site = Site(f"http://127.0.0.1:{port}", log, process)
    wait_until_up(site.url + "/healthz", process, log)
    return site


@pytest.fixture(scope="module")
def both(django_db_setup: None) -> Iterator[tuple[Site, Site]]:
    """Run the web process and the process of the tools for the tests of one file; the database changes under their feet."""
    with places.made() as folder:
        tools = _granian(folder, "streams", "asgi", "tongke.config.streams:application", free_port())
        port = tools.url.rpartition(":")[2]
        web = _granian(folder, "web", "wsgi", "tongke.config.server:application", free_port(), TONGKE_STREAMS_PORT=port)
        yield web, tools
        for site in (web, tools):
            site.process.terminate()
        for site in (web, tools):
            site.process.wait(60)


@pytest.fixture
def web(both: tuple[Site, Site], transactional_db: None) -> Site:
    """Give the web process, on a fresh database."""
    return both[0]


def key(staff: Staff, *, writing: bool = False, days: int = 30) -> str:
    """Make a key for an assistant, as the person does on the page."""
    return services.make_assistant_key(name="desk", days=days, writing=writing, by=make.actor(staff), at=clock.now()).token


def alone(work: Any) -> Any:
    """Run a coroutine in a thread of its own: a browser used before in this process keeps its loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(timeout=600)


async def _with(token: str, url: str, mode: str, do: Any) -> Any:
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    async with http, Client(streamable_http_client(url + "/mcp", http_client=http), mode=mode) as client:
        return await do(client)


def over_http(web: Site, token: str, do: Any, *, mode: str = "auto") -> Any:
    """Let the official client talk to the running server and return what ``do`` gives."""
    return alone(_with(token, web.url, mode, do))


def call(web: Site, token: str, tool: str, **arguments: Any) -> CallToolResult:
    """Call one tool over HTTP."""
    found: CallToolResult = over_http(web, token, lambda client: client.call_tool(tool, arguments))
    return found


def said(result: CallToolResult) -> Any:
    """Return the structured answer of a call that was not refused."""
    assert not result.is_error, result.structured_content
    return result.structured_content


def refused(result: CallToolResult) -> Any:
    """Return what a refused call says."""
    assert result.is_error, result.structured_content
    return result.structured_content["error"]


def over_stdio(token: str, do: Any) -> Any:
    """Let the official client start ``tongke mcp`` and return what ``do`` gives."""
    program = StdioServerParameters(command=sys.executable, args=["-m", "tongke.cli.main", "mcp"], env=environment(TONGKE_TOKEN=token))

    async def talk() -> Any:
        async with Client(program) as client:
            return await do(client)

    return alone(talk())


def logged(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the committed rows as their owner."""
    with psycopg.connect(embedded_url("postgres", test_database())) as owner:
        return owner.execute(statement, values).fetchall()
