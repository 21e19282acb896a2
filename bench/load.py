"""The load generator: as many clients as asked, on keep-alive connections, the same for both sides of a comparison.

Clients are spread over processes so that Python's lock does not decide the figure. A round lasts a fixed time;
every answer is read whole and must carry the expected status.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from bench.figures import Timing

Call = Callable[[], None]
Maker = Callable[[int], Call]
"""Makes one client's call (given the client's number): each call is one request, timed as a whole."""

_CONTEXT = multiprocessing.get_context("fork")
CORES = len(os.sched_getaffinity(0))


class BadAnswer(RuntimeError):
    """The server answered with another status than the benchmark counts on."""


class HttpCall:
    """One client on one keep-alive connection, sending ``requests`` in turn; ``fine`` are the statuses it counts on."""

    fine: tuple[bytes, ...] = (b"200", b"201", b"206")

    def __init__(self, port: int, requests: Sequence[bytes], start: int) -> None:
        self.requests = requests
        self.port, self.at = port, start % len(self.requests)
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __call__(self) -> None:
        """Ask for the next path and read the whole answer; raises ``BadAnswer``."""
        self.connection.sendall(self.requests[self.at])
        self.at = (self.at + 1) % len(self.requests)
        got = self.connection.recv(65536)
        head, mark, body = got.partition(b"\r\n\r\n")
        while not mark:
            more = self.connection.recv(65536)
            if not more:
                raise BadAnswer("the server closed the connection")
            got += more
            head, mark, body = got.partition(b"\r\n\r\n")
        if head[9:12] not in self.fine:
            raise BadAnswer(f"{head[:80]!r} for {self.requests[self.at - 1][:120]!r}")
        length = _length(head)
        if length is None:  # sent in chunks: the last one is empty
            while not body.endswith(b"0\r\n\r\n"):
                body = body[-8:] + self.connection.recv(262144)
            return
        left = length - len(body)
        while left > 0:
            left -= len(self.connection.recv(min(left, 262144)))


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n")[1:]:
        key, _colon, value = line.partition(b":")
        if key.strip().lower() == b"content-length":
            return int(value)
    return None


def http(port: int, paths: Sequence[str], key: str) -> Maker:
    """Return the maker of clients that ask one server for ``paths`` as a signed-in person, each beginning elsewhere."""
    return sending(port, [request("GET", path, f"Cookie: tongke_session={key}") for path in paths])


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """Return one HTTP request as it is sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: */*", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def sending(port: int, requests: Sequence[bytes]) -> Maker:
    """Return the maker of clients that send ``requests`` to one server, each beginning elsewhere."""
    return lambda number: HttpCall(port, requests, number * 97)


@dataclass
class _Round:
    """What the threads of one process share: when a round ends, what it brought, and whether there is another."""

    barrier: threading.Barrier
    times: list[list[float]]
    until: float = 0.0
    going: bool = True
    faults: list[str] = field(default_factory=list)


def _client(make: Maker, number: int, shared: _Round) -> None:
    """One client: connects, makes one unmeasured call, then takes part in every round until one is the last."""
    clock, mine = time.perf_counter, shared.times[number]
    try:
        call = make(number)
        call()
        while True:
            shared.barrier.wait()
            if not shared.going:
                return
            begun = clock()
            while begun < shared.until:
                call()
                ended = clock()
                mine.append(ended - begun)
                begun = ended
            shared.barrier.wait()
    except threading.BrokenBarrierError:
        return
    except Exception as fault:  # noqa: BLE001 - told to the parent, which raises
        shared.faults.append(f"{type(fault).__name__}: {fault}")
        shared.barrier.abort()


def _work(pipe: Connection, make: Maker, numbers: Sequence[int]) -> None:
    """One process with its clients as threads; runs a round for every number of seconds that the pipe brings."""
    shared = _Round(threading.Barrier(len(numbers) + 1), [[] for _ in range(max(numbers) + 1)])
    for number in numbers:
        threading.Thread(target=_client, args=(make, number, shared), daemon=True).start()
    while (seconds := pipe.recv()) is not None:
        for one in shared.times:
            one.clear()
        try:
            begun = time.perf_counter()
            shared.until = begun + seconds
            shared.barrier.wait()
            shared.barrier.wait()
        except threading.BrokenBarrierError:
            pipe.send((None, shared.faults))
            return
        pipe.send(([s for one in shared.times for s in one], time.perf_counter() - begun))
    shared.going = False
    shared.barrier.abort()


class Clients:
    """A side of a comparison: its clients wait, connected, for the next round."""

    def __init__(self, make: Maker, count: int) -> None:
        processes = min(count, max(2, CORES))
        self.pipes: list[Connection] = []
        self.processes: list[Any] = []
        for first in range(processes):
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_work, args=(theirs, make, range(first, count, processes)), daemon=True)
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)

    def round(self, seconds: float) -> Timing:
        """Let every client ask for so many seconds; raises ``BadAnswer``."""
        for pipe in self.pipes:
            pipe.send(seconds)
        times: list[float] = []
        wall = 0.0
        for pipe in self.pipes:
            got, rest = pipe.recv()
            if got is None:
                raise BadAnswer("; ".join(rest) or "a client failed")
            times.extend(got)
            wall = max(wall, rest)
        return Timing(times, wall)

    def close(self) -> None:
        """End the clients."""
        for pipe in self.pipes:
            try:
                pipe.send(None)
            except (BrokenPipeError, OSError):
                continue
        for process in self.processes:
            process.join(5)
            if process.is_alive():
                process.kill()


@contextmanager
def sides(*makers: Maker, clients: int) -> Iterator[list[Clients]]:
    """Hold the clients of several sides inside the block."""
    made = [Clients(make, clients) for make in makers]
    try:
        yield made
    finally:
        for one in made:
            one.close()


def interleaved(*makers: Maker, clients: int, rounds: int, seconds: float, warm: float = 0.7) -> list[list[Timing]]:
    """Run the sides in turn, A B A B …, after one unmeasured round of ``warm`` seconds each; return each side's rounds."""
    with sides(*makers, clients=clients) as made:
        for side in made:
            side.round(warm)
        out: list[list[Timing]] = [[] for _ in made]
        for _round in range(rounds):
            for at, side in enumerate(made):
                out[at].append(side.round(seconds))
        return out
