"""The tools on standard input and output, for a program that starts ``tongke mcp`` itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import anyio
from mcp.server.stdio import stdio_server

from tongke.kernel.actor import Actor
from tongke.tmf.assistant import server


async def _serve(token: str) -> None:
    async def actor_of(context: Any) -> tuple[Actor, datetime]:
        del context
        return await server.in_thread(server.enter, token, "")

    found = server.build(actor_of, transport="stdio")
    async with stdio_server() as (reading, writing):
        await found.run(reading, writing, found.create_initialization_options())


def serve(token: str) -> None:
    """Serve until the other side closes; the token is asked for anew with every call. Raises ``Refused`` for one that opens nothing."""
    server.enter(token, "")
    anyio.run(_serve, token)
