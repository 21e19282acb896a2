"""The simulator's columns are those of the rooms' tables."""

from __future__ import annotations

import pytest
from django.db import connection

from tongke.simulator.tables import COLUMNS, GROUND_COLUMNS, MONTHLY

# What else happens to inserted rows: running counts (made anew after the load), the register of street names (made after the load) and the guard of the trees
# (simulated households and groups are one level deep). A trigger that is not known here must be thought about.
# What stands before the load (GROUND_COLUMNS) is written by ordinary statements, its triggers on.
KNOWN_TRIGGERS = {
    ("party_postal_address", "places_of_new"), ("party_relation", "tree_guard_insert"), ("party_customer", "tally_insert"),
    ("resource_number", "tally_insert"), ("resource_port", "tally_insert"), ("resource_stock_item", "tally_insert"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_columns_are_those_of_the_table(table: str) -> None:
    """Every column written exists; every column not written may be empty or fills itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, is_nullable = 'YES' OR column_default IS NOT NULL OR is_generated = 'ALWAYS'"
            " FROM information_schema.columns WHERE table_name = %s", [table])
        found = dict(cursor.fetchall())
    assert set(COLUMNS[table]) <= set(found)
    assert [name for name, may_lack in found.items() if name not in COLUMNS[table] and not may_lack] == []


@pytest.mark.django_db
def test_no_unknown_trigger_is_passed_by() -> None:
    """A load with triggers off leaves out nothing but the audit rows and what is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgtype & 4 > 0 AND c.relname = ANY(%s)", [list(set(COLUMNS) - set(GROUND_COLUMNS))])
        found = {(table, name) for table, name in cursor.fetchall() if name != "audit_insert"}
    assert found <= KNOWN_TRIGGERS


@pytest.mark.django_db
def test_monthly_tables_are_partitioned() -> None:
    """The tables for which months are prepared are those that are partitioned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE c.relname = ANY(%s)", [list(COLUMNS)])
        assert {name for (name,) in cursor.fetchall()} == set(MONTHLY)
