"""Fifty customers with a filter and a sort through TMF629: against the same statements run raw under the same role and scope,
and its 99th percentile against the same list at 10,000 customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from bench.figures import Figure, p99_figure, rate_figure
from bench.ground import Ground
from bench.ground import ground as ground_of
from bench.load import Call, interleaved, request, sending
from bench.machine_clients import tokens
from bench.servers import server
from bench.statements import ListStatements, customer_list

NAME = "tmf-list"
RATE_REACH, P99_REACH = 0.4, 0.5
SMALL = 10_000
ROUNDS, SECONDS, WARM = 5, 2.0, 4.0
PATH = "/tmf-api/customerManagement/v4/customer"
QUERIES = {
    "active newest": "status=active&limit=50", "active by name": "status=active&sort=name&limit=50",
    "not left, name down": "status.ne=left&sort=-name&limit=50", "since 2024 newest": "validFor.startDateTime.gte=2024-01-01&limit=50",
}


@dataclass
class Raw:
    """One client of the reference: a connection of the application's role, standing as the API's client does."""

    url: str
    statements: ListStatements
    scope: str

    def __call__(self, _number: int) -> Call:
        """Connect and return the call."""
        connection = psycopg.connect(self.url, autocommit=True)
        connection.execute("SELECT tongke_enter('bench', %s, '', '')", [self.scope])
        return self.statements.on(connection)


def _scope(ground: Ground) -> list[int]:
    with ground.owner() as owner:
        return [row[0] for row in owner.execute("SELECT id FROM staff_org WHERE kind <> 'unit' AND path ^@ '/1/33/' ORDER BY id")]


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure every query for every number of clients."""
    small = ground_of(SMALL)
    orgs = _scope(ground)
    headers = {size: f"Authorization: Bearer {tokens(stage)['masked']}" for size, stage in (("large", ground), ("small", small))}
    out: list[Figure] = []
    with server(ground) as large_port, server(small) as small_port:
        for name, query in QUERIES.items():
            raw = Raw(ground.app_url, customer_list(query, orgs, few=False), ",".join(map(str, orgs)))
            for count in clients:
                ours, at_small, reference = interleaved(
                    sending(large_port, [request("GET", f"{PATH}?{query}", headers["large"])]),
                    sending(small_port, [request("GET", f"{PATH}?{query}", headers["small"])]), raw, clients=count, rounds=ROUNDS, seconds=SECONDS, warm=WARM)
                about = {"size": ground.size, "clients": count}
                out.append(rate_figure(f"{NAME} {name}", ours, reference, reach=RATE_REACH, **about))
                out.append(p99_figure(f"{NAME} {name} against {SMALL:,}", ours, at_small, reach=P99_REACH, **about))
    return out
