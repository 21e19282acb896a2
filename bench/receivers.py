"""Receivers of events for the hub's benchmark: ``python -m bench.receivers COUNT PORTS [FILE]``.

Listens on so many free ports of loopback and one more that never answers, and prints the ports. Whenever COUNT posts
came to each of the answering ports, prints the moment (seconds of the machine's steady clock) of the last. FILE keeps
the bodies that the first port gets first.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Book:
    """Counts what came, all ports together."""

    def __init__(self, count: int, ports: int, file: Path | None) -> None:
        self.whole, self.seen, self.count, self.file = count * ports, 0, count, file
        self.kept: list[bytes] = []

    def take(self, port: int, body: bytes) -> None:
        """Note one post."""
        self.seen += 1
        if self.file is not None and port == 0 and len(self.kept) < self.count:
            self.kept.append(body)
            if len(self.kept) == self.count:
                self.file.write_bytes(b"\n".join(self.kept))
        if self.seen == self.whole:
            self.seen = 0
            print(time.monotonic(), flush=True)


class Receiver(asyncio.Protocol):
    """One connection: takes posts with a length, answers 204."""

    def __init__(self, book: Book, port: int) -> None:
        self.book, self.port, self.held = book, port, b""
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every post that is whole."""
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end].lower()
            at = head.index(b"content-length:") + 15
            length = int(head[at:].split(b"\r\n", 1)[0])
            if len(self.held) < end + 4 + length:
                return
            body, self.held = self.held[end + 4:end + 4 + length], self.held[end + 4 + length:]
            if self.port >= 0 and self.transport is not None:
                self.book.take(self.port, body)
                self.transport.write(ANSWER)


async def serve(count: int, ports: int, file: Path | None) -> None:
    """Listen until the process is ended."""
    book, loop = Book(count, ports, file), asyncio.get_running_loop()
    servers = [await loop.create_server(lambda port=port: Receiver(book, port), "127.0.0.1", 0) for port in (*range(ports), -1)]  # type: ignore[misc]  # mypy cannot type a default
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None))
