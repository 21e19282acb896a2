"""Every kind of search at this size: its 99th percentile against the same kind of search at 10,000 customers.

Both sides are asked every text once before they are timed: what is compared is the work of a search, and not how long a
disk takes to bring pages that nobody has looked at yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from bench.figures import Figure, p99_figure
from bench.ground import Ground
from bench.ground import ground as ground_of
from bench.load import http, interleaved
from bench.servers import server
from bench.terms import terms_of

NAME = "customer-search"
REACH = 0.5
SMALL = 10_000
SCOPES = ("group", "province", "network")
ROUNDS, SECONDS = 8, 0.4


def ask_once(port: int, texts: Sequence[str], key: str) -> None:
    """Ask for every text once, as the widest scope."""
    call = http(port, [f"/api/search?q={quote(text)}" for text in texts], key)(0)
    for _text in texts:
        call()


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure every kind for every width of scope."""
    small = ground_of(SMALL)
    out: list[Figure] = []
    here, there = terms_of(ground), terms_of(small)
    with server(ground) as large_port, server(small) as small_port:
        for kind, texts in here.items():
            ask_once(large_port, texts, ground.people["group"].key)
            ask_once(small_port, there[kind], small.people["group"].key)
            for scope in SCOPES:
                for count in clients:
                    ours, reference = interleaved(
                        http(large_port, [f"/api/search?q={quote(text)}" for text in texts], ground.people[scope].key),
                        http(small_port, [f"/api/search?q={quote(text)}" for text in there[kind]], small.people[scope].key),
                        clients=count, rounds=ROUNDS, seconds=SECONDS)
                    out.append(p99_figure(f"{NAME} {kind} ({scope})", ours, reference, size=ground.size, clients=count, reach=REACH))
    return out
