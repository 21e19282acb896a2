"""The reference: a bare WSGI handler that returns the same document by the same statement, without token, rights, masks or log."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from psycopg_pool import ConnectionPool

STATEMENT = os.environ["TONGKE_BENCH_STATEMENT"]
_pool = ConnectionPool(
    os.environ["TONGKE_DATABASE_URL"], min_size=1, max_size=int(os.environ.get("TONGKE_HOT_CONNECTIONS", "4")),
    kwargs={"autocommit": True, "prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan"}, open=True,
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the document of the id at the end of the path, or 404."""
    path: str = environ["PATH_INFO"]
    if path == "/healthz":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]
    with _pool.connection() as connection:
        row = connection.execute(STATEMENT.encode(), (path.rpartition("/")[2],), binary=True).fetchone()
    if row is None:
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b"{}"]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [row[0].encode()]
