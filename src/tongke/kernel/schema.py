"""Migration operations for what the ORM does not know: row-level security, audit, partitions."""

from __future__ import annotations

from collections.abc import Sequence

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


def written_in_scope(table: str, *, org: str = "org_id") -> migrations.RunSQL:
    """Put row-level security on ``table``: everybody reads its rows, each writes those of the organisations in scope.

    For what has no secrets between organisations (the catalogue), but has owners.
    """
    condition = ORG_POLICY.format(org=org)
    return sql(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_by_all ON {table} FOR SELECT USING (true);
        CREATE POLICY scope_of_actor ON {table} USING ({condition}) WITH CHECK ({condition});
        """,
        f"DROP POLICY scope_of_actor ON {table}; DROP POLICY read_by_all ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
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


def tallied(table: str, columns: Sequence[str]) -> migrations.RunSQL:
    """Keep running counts of ``table`` by organisation and ``columns`` in ``<table>_tally``: exact, and free to read.

    Every statement adds what it changed (never updates a shared row, so that writers do not wait for one another);
    ``tongke_fold_tally`` folds the additions together. Read it as sum(n). Rows are scoped like the table's own.
    """
    names = ", ".join(columns)
    sums = f"SELECT org_id, {names}, sum(n) FROM ({{}}) d GROUP BY org_id, {names} HAVING sum(n) <> 0"
    new, old = (f"SELECT org_id, {names}, {sign} AS n FROM {rows}" for sign, rows in ((1, "fresh"), (-1, "gone")))
    function = """
        CREATE FUNCTION {table}_tally_{word}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        BEGIN INSERT INTO {table}_tally (org_id, {names}, n) {sums}; RETURN NULL; END $body$;
        CREATE TRIGGER tally_{word} AFTER {word} ON {table} REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION {table}_tally_{word}();
    """
    made = "".join(
        function.format(table=table, word=word, names=names, sums=sums.format(rows), seen=seen) for word, rows, seen in (
            ("insert", new, "NEW TABLE AS fresh"), ("delete", old, "OLD TABLE AS gone"),
            ("update", f"{new} UNION ALL {old}", "OLD TABLE AS gone NEW TABLE AS fresh"),
        )
    )
    condition = ORG_POLICY.format(org="org_id")
    return sql(
        f"""
        CREATE TABLE {table}_tally AS SELECT org_id, {names}, count(*)::bigint AS n FROM {table} GROUP BY org_id, {names};
        CREATE INDEX {table}_tally_place ON {table}_tally (org_id, {names});
        ALTER TABLE {table}_tally ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope_of_actor ON {table}_tally FOR SELECT USING ({condition});
        REVOKE INSERT, UPDATE, DELETE ON {table}_tally FROM tongke_app;
        {made}
        CREATE FUNCTION {table}_tally_fold() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        DECLARE folded bigint;
        BEGIN
          IF NOT pg_try_advisory_xact_lock(hashtext('{table}_tally')) THEN RETURN 0; END IF;
          WITH gone AS (DELETE FROM {table}_tally RETURNING *), kept AS (
            INSERT INTO {table}_tally (org_id, {names}, n) SELECT org_id, {names}, sum(n) FROM gone GROUP BY org_id, {names} HAVING sum(n) <> 0
            RETURNING 1)
          SELECT count(*) INTO folded FROM kept;
          RETURN folded;
        END $body$;
        """,
        "".join(f"DROP TRIGGER tally_{word} ON {table}; DROP FUNCTION {table}_tally_{word}();" for word in ("insert", "update", "delete"))
        + f"DROP FUNCTION {table}_tally_fold(); DROP TABLE {table}_tally;",
    )
