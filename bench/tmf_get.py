"""A customer by id through TMF629, its token checked: against a bare handler returning the same document."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Figure, p99_figure, rate_figure
from bench.ground import Ground
from bench.load import interleaved, request, sending
from bench.machine_clients import tokens
from bench.servers import server
from bench.statements import one_customer

NAME = "tmf-get"
REACH, P99_REACH = 0.35, 1 / 3
ROUNDS, SECONDS = 5, 2.0
PATH = "/tmf-api/customerManagement/v4/customer"


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of clients."""
    with ground.owner() as owner:
        seen = {row[0] for row in owner.execute("SELECT id FROM party_customer WHERE org_id BETWEEN 3301 AND 3399")}
    paths = [f"{PATH}/{row[0]}" for row in ground.customers(2000) if row[0] in seen]
    bearer = f"Authorization: Bearer {tokens(ground)['masked']}"
    # Each process of the server meets the token first through the whole handler, as it would in a day's work.
    ours_requests = [request("GET", path, bearer) for path in paths]
    out: list[Figure] = []
    with server(ground) as house, server(ground, "bench.bare_document:application", TONGKE_BENCH_STATEMENT=one_customer()) as bare:
        for count in clients:
            ours, reference = interleaved(
                sending(house, ours_requests), sending(bare, [request("GET", path) for path in paths]), clients=count, rounds=ROUNDS, seconds=SECONDS)
            about = {"size": ground.size, "clients": count}
            out.append(rate_figure(NAME, ours, reference, reach=REACH, **about))
            out.append(p99_figure(NAME, ours, reference, reach=P99_REACH, **about))
    return out
