"""Migration operations for what the ORM does not know: row-level security, audit, partitions."""

from __future__ import annotations

from django.db import migrations

ORG_POLICY = "((SELECT tongke_sees_all()) OR {org} = ANY ((SELECT tongke_scope())::int[]))"


def sql(forward: str, backward: str = "") -> migrations.RunSQL:
    """Return a migration operation of raw SQL; ``backward`` empty means nothing to undo."""
    return migrations.RunSQL(forward, backward or migrations.RunSQL.noop)


def scoped(table: str, *, org: str = "org_id", own: str = "") -> migrations.RunSQL:
    """Put row-level security on ``table``: rows of the actor's organisations, and only their own if so narrowed.

    ``own`` is an SQL condition over the row that holds for the manager ``(SELECT tongke_own())``.
    """
    condition = ORG_POLICY.format(org=org)
    if own:
        condition = f"{condition} AND ((SELECT tongke_own()) IS NULL OR {own})"
    return sql(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope_of_actor ON {table} USING ({condition}) WITH CHECK ({condition});
        """,
        f"DROP POLICY scope_of_actor ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def audited(table: str) -> migrations.RunSQL:
    """Let the database write the audit trail of ``table`` (before, after, hash chain)."""
    return sql(f"SELECT tongke_audit_table('{table}');", f"SELECT tongke_unaudit_table('{table}');")


def partitioned(table: str, columns: str, *, by: str) -> migrations.RunSQL:
    """Create ``table`` partitioned by month on the timestamp column ``by``, with a default partition."""
    return sql(
        f"""
        CREATE TABLE {table} ({columns}) PARTITION BY RANGE ({by});
        CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
        REVOKE ALL ON {table}_default FROM tongke_app;
        SELECT tongke_ensure_month('{table}', date_trunc('month', now()) + make_interval(months => m))
        FROM generate_series(-1, 3) m;
        """,
        f"DROP TABLE {table};",
    )
