"""A customer by id and by phone, as JSON: against a bare handler on the same server settings, pool and row, without rights."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from bench.figures import Figure, p99_figure, rate_figure
from bench.ground import Ground
from bench.load import http, interleaved
from bench.servers import BARE, server

NAME = "customer-get"
RATE_REACH, P99_REACH = 0.35, 1 / 3
ROUNDS, SECONDS = 5, 2.0


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure both keys for every number of clients."""
    found = ground.customers(2000)
    key = ground.people["province"].key
    with ground.owner() as owner:
        seen = {row[0] for row in owner.execute("SELECT id FROM party_customer WHERE org_id BETWEEN 3301 AND 3399")}
    found = [row for row in found if row[0] in seen]
    kinds = {"by id": [f"/api/customers/{row[0]}" for row in found], "by phone": [f"/api/customers?phone={quote(row[1])}" for row in found]}
    out: list[Figure] = []
    with server(ground) as house, server(ground, BARE) as bare:
        for kind, paths in kinds.items():
            for count in clients:
                ours, reference = interleaved(http(house, paths, key), http(bare, paths, key), clients=count, rounds=ROUNDS, seconds=SECONDS)
                about = {"size": ground.size, "clients": count}
                out.append(rate_figure(f"{NAME} {kind}", ours, reference, reach=RATE_REACH, **about))
                out.append(p99_figure(f"{NAME} {kind}", ours, reference, reach=P99_REACH, **about))
    return out
