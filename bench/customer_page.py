"""The 360 as a page: against the same as JSON, from the same server."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Figure, rate_figure
from bench.ground import Ground
from bench.load import http, interleaved
from bench.servers import server

NAME = "customer-page"
REACH = 0.25
ROUNDS, SECONDS = 5, 2.0


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of clients."""
    ids = [row[0] for row in ground.customers(1500, org=3301)]
    key = ground.people["province"].key
    pages, documents = [f"/customers/{wanted}" for wanted in ids], [f"/api/customers/{wanted}/360" for wanted in ids]
    out = []
    with server(ground) as house:
        for count in clients:
            ours, reference = interleaved(http(house, pages, key), http(house, documents, key), clients=count, rounds=ROUNDS, seconds=SECONDS)
            out.append(rate_figure(NAME, ours, reference, size=ground.size, clients=count, reach=REACH))
    return out
