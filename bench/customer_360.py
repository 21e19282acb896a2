"""All panels of a customer as JSON: against a psycopg loop that runs the very same statement with as many clients."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from bench.figures import Figure, rate_figure
from bench.ground import Ground
from bench.load import Call, http, interleaved
from bench.servers import server

NAME = "customer-360"
REACH = 0.5
ROUNDS, SECONDS = 5, 2.0
STATEMENT = "SELECT tongke_customer_read(%s, %s, %s, %s, %s, %s)"


def statement_loop(url: str, key: str, ids: Sequence[UUID]) -> Callable[[int], Call]:
    """Return the maker of clients that run the statement of the 360 without any web server."""
    digest = hashlib.sha256(key.encode()).hexdigest()

    def make(number: int) -> Call:
        connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
        position = number * 97

        def call() -> None:
            nonlocal position
            position += 1
            wanted = ids[position % len(ids)]
            row = connection.execute(STATEMENT, (digest, datetime.now(UTC), "360", wanted, None, "service"), binary=True).fetchone()
            if row is None or row[0] is None:
                raise RuntimeError("the statement found no customer")

        return call

    return make


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of clients."""
    ids = [row[0] for row in ground.customers(1500, org=3301)]
    key = ground.people["province"].key
    paths = [f"/api/customers/{wanted}/360" for wanted in ids]
    out = []
    with server(ground) as house:
        for count in clients:
            ours, reference = interleaved(
                http(house, paths, key), statement_loop(ground.app_url, key, ids), clients=count, rounds=ROUNDS, seconds=SECONDS)
            out.append(rate_figure(NAME, ours, reference, size=ground.size, clients=count, reach=REACH))
    return out
