"""The hub's reference: a bare loop for each receiver that posts the bodies of FILE one after the other: ``python -m bench.posting FILE PORT...``.

The same client and one kept connection each, like the hub; no database, no signature, no allow-list. Prints the moment
(seconds of the machine's steady clock) at which it began.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import aiohttp

HEADERS = {"Content-Type": "application/json"}


async def post_all(bodies: list[bytes], port: str) -> None:
    """Post every body to one receiver."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for body in bodies:
            async with session.post(f"http://127.0.0.1:{port}/listener", data=body, headers=HEADERS, allow_redirects=False) as answer:
                await answer.read()


async def main(bodies: list[bytes], ports: list[str]) -> None:
    """Post to all receivers side by side."""
    print(time.monotonic(), flush=True)
    await asyncio.gather(*(post_all(bodies, port) for port in ports))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes().split(b"\n"), sys.argv[2:]))
