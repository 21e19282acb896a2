"""The reference: a bare WSGI handler on the same server, pool and row, without log-in, rights, masks or log."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from psycopg_pool import ConnectionPool

_COLUMNS = """json_build_object('id', c.id, 'customer_no', c.customer_no, 'state', c.state, 'segment', c.segment, 'level', c.level,
 'org_id', c.org_id, 'since_on', c.since_on, 'party_id', p.id, 'kind', p.kind, 'name', p.name, 'credit_class', c.credit_class,
 'completeness', p.completeness, 'merged_into', p.merged_into_id, 'changed_at', greatest(c.changed_at, p.changed_at), 'version', c.version)::text"""
BY_ID = f"SELECT {_COLUMNS} FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = %s"
BY_PHONE = (
    f"SELECT {_COLUMNS} FROM inventory_subscriber s JOIN party_customer c ON c.id = s.customer_id JOIN party_party p ON p.id = c.party_id"
    " WHERE s.service_number = %s LIMIT 1"
)

_pool = ConnectionPool(
    os.environ["TONGKE_DATABASE_URL"], min_size=1, max_size=int(os.environ.get("TONGKE_HOT_CONNECTIONS", "4")),
    kwargs={"autocommit": True, "prepare_threshold": 1}, open=True,
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with one row as JSON, or 404."""
    path: str = environ["PATH_INFO"]
    query: str = environ.get("QUERY_STRING", "")
    if path == "/healthz":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]
    with _pool.connection() as connection:
        if query:
            row = connection.execute(BY_PHONE, (unquote(query.removeprefix("phone=")),), binary=True).fetchone()
        else:
            row = connection.execute(BY_ID, (path.rpartition("/")[2],), binary=True).fetchone()
    if row is None:
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b"{}"]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [row[0].encode()]
