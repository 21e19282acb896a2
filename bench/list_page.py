"""The list of customers, fifty rows with filter and sort: its 99th percentile against the same list at 10,000 customers."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Figure, p99_figure
from bench.ground import Ground
from bench.ground import ground as ground_of
from bench.load import http, interleaved
from bench.servers import server

NAME = "list-page"
REACH = 0.5
SMALL = 10_000
SCOPES = ("group", "province", "network")
ROUNDS, SECONDS = 8, 0.4
VIEWS = {
    "newest": "/customers", "by name": "/customers?sort=name&segment=residential", "gold by completeness": "/customers?level=gold&sort=-completeness",
    "business by value": "/customers?segment=business&state=active&sort=-value",
}


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure every view for every width of scope."""
    small = ground_of(SMALL)
    out: list[Figure] = []
    with server(ground) as large_port, server(small) as small_port:
        for view, path in VIEWS.items():
            for scope in SCOPES:
                for count in clients:
                    ours, reference = interleaved(
                        http(large_port, [path], ground.people[scope].key), http(small_port, [path], small.people[scope].key),
                        clients=count, rounds=ROUNDS, seconds=SECONDS)
                    out.append(p99_figure(f"{NAME} {view} ({scope})", ours, reference, size=ground.size, clients=count, reach=REACH))
    return out
