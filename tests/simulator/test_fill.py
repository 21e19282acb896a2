"""A filled database: whole, in scope, resumable, and mixed with nothing unasked."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
import pytest
from django.db import connection

from tongke.areas.party import services as parties
from tongke.kernel import audit
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import Invalid
from tongke.simulator import fill
from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.load import HoldsCustomers, SeedTaken
from tongke.simulator.tables import CUSTOMER_COLUMNS as COLUMNS

CUSTOMERS, MONTHS, SEED = 10_500, 2, 5
SEALED = {"number_cipher", "number_index"}
Owner = psycopg.Connection[Any]


def one(owner: Owner, statement: str, *values: Any) -> Any:
    """Return the one value that ``statement`` gives."""
    row = owner.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row[0]


def digests(owner: Owner) -> dict[str, str]:
    """Return a digest of every simulated table's content, independent of the order of its rows."""
    out = {}
    for table, columns in COLUMNS.items():
        kept = ", ".join(f't."{c}"' for c in columns if c not in SEALED)
        statement = f"SELECT count(*) || coalesce(sum(hashtextextended(row({kept})::text, 0)::numeric), 0)::text FROM {table} t"
        out[table] = hashlib.sha256(one(owner, statement).encode()).hexdigest()
    return out


class CutOff(Exception):
    """The run ends here, as if its process had been killed between two blocks."""


def cut_off(done: int, total: int, _rows: int) -> None:
    """End the run after its first block."""
    if done < total:
        raise CutOff


@pytest.mark.django_db(transaction=True)
def test_one_or_many_workers_or_a_resumed_run_make_the_same(owner_connection: Owner) -> None:
    """Cut off after the first block and continued by two workers: every table as a straight run makes it."""
    with pytest.raises(CutOff):
        fill(customers=CUSTOMERS, months=MONTHS, seed=SEED, workers=1, progress=cut_off)
    assert one(owner_connection, "SELECT count(*) FROM party_customer") == 5000
    resumed = fill(customers=CUSTOMERS, months=MONTHS, seed=SEED, workers=2)
    assert resumed.rows > 0
    assert one(owner_connection, "SELECT count(*) FROM party_customer") == CUSTOMERS
    again = fill(customers=CUSTOMERS, months=MONTHS, seed=SEED)
    assert again.rows == 0
    found = digests(owner_connection)
    truncate = ", ".join(COLUMNS)
    owner_connection.execute(f"TRUNCATE {truncate}, party_place_name, kernel_bulk_job CASCADE".encode())
    told: list[tuple[int, int, int]] = []
    straight = fill(customers=CUSTOMERS, months=MONTHS, seed=SEED, workers=1, progress=lambda *now: told.append(now))
    assert digests(owner_connection) == found
    assert told[-1] == (CUSTOMERS, CUSTOMERS, straight.rows)
    assert straight.rows == sum(one(owner_connection, f"SELECT count(*) FROM {name}") for name in COLUMNS)


@pytest.fixture
def filled(owner_connection: Owner) -> Owner:
    """Give a database with 5,500 simulated customers and three months."""
    fill(customers=5500, months=3, seed=SEED, workers=2)
    return owner_connection


@pytest.mark.django_db(transaction=True)
def test_everything_hangs_together(filled: Owner) -> None:
    """No reference leads nowhere, sums agree, completeness is what the party room reckons, the trail tells of the load."""
    references = filled.execute(
        "SELECT c.conname, c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)", [list(COLUMNS)]).fetchall()
    assert len(references) > 20
    for name, table, column, other, key in references:
        lost = f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {other} o WHERE o.{key} = t.{column})"
        assert one(filled, lost) == 0, name
    for table, column, other in (("inventory_usage_month", "subscriber_id", "inventory_subscriber"), ("account_bill_item", "subscriber_id", "inventory_subscriber"),
                                 ("contact_centre_interaction", "customer_id", "party_customer")):
        assert one(filled, f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL AND t.{column} NOT IN (SELECT id FROM {other})") == 0
    assert one(filled, "SELECT count(*) FROM account_bill b WHERE total <> (SELECT sum(amount) FROM account_bill_item i WHERE i.bill_id = b.id)") == 0
    assert one(filled, "SELECT count(*) FROM account_bill b WHERE paid <> coalesce((SELECT sum(amount) FROM account_payment_allocation p WHERE p.bill_id = b.id), 0)") == 0
    assert one(filled, "SELECT count(*) FROM account_billing_account a WHERE owed <> coalesce((SELECT sum(total - paid) FROM account_bill b WHERE b.account_id = a.id), 0)") == 0
    assert one(filled, "SELECT count(*) FROM inventory_subscriber s WHERE 1 <> (SELECT count(*) FROM inventory_subscriber_role r"
                       " WHERE r.subscriber_id = s.id AND r.role = 'legal_owner' AND r.valid_until IS NULL)") == 0
    assert one(filled, "SELECT count(*) FROM kernel_audit_row WHERE table_name = 'kernel_bulk_job' AND actor = 'system:simulator'") >= 1
    assert one(filled, "SELECT count(*) FROM party_place_name") > 0
    by = system_actor("test")
    with acting(by):
        before = {row[0]: row[1:] for row in filled.execute("SELECT id, completeness, missing FROM party_party").fetchall()}
        parties.settle_completeness(by=by, at=UNTIL)
        after = {row[0]: row[1:] for row in filled.execute("SELECT id, completeness, missing FROM party_party").fetchall()}
    assert before == after
    assert 0.02 < sum(score < 80 for score, _missing in after.values()) / len(after) < 0.10


@pytest.mark.django_db(transaction=True)
def test_each_sees_their_own_network(filled: Owner) -> None:
    """Under row-level security every local network shows its own customers and lines, nobody sees none."""

    def counted(table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])

    for table in ("party_customer", "party_party", "inventory_subscriber", "inventory_usage_month", "account_bill", "contact_centre_interaction"):
        assert counted(table) == 0
        for org in (3301, 3302, 3303, 3201):
            with acting(Actor(name="clerk", org_id=org, scope=(org,))):
                mine = counted(table)
            assert mine == one(filled, f"SELECT count(*) FROM {table} WHERE org_id = %s", org)
            assert mine > 0


@pytest.mark.django_db(transaction=True)
def test_the_trail_verifies_after_a_load(filled: Owner) -> None:
    """Rows loaded without a trail of their own break no chain."""
    assert one(filled, "SELECT count(*) FROM kernel_audit_link") > 0
    with acting(system_actor("test")):
        assert not list(audit.verify().findings)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_mixed_unasked(owner_connection: Owner) -> None:
    """Another simulation beside the first is refused, and so is a seed of the same numbers; on purpose it works."""
    fill(customers=50, months=1, seed=5)
    with pytest.raises(HoldsCustomers) as refused:
        fill(customers=50, months=1, seed=6)
    assert refused.value.code == "OPS-60"
    with pytest.raises(SeedTaken):
        fill(customers=50, months=1, seed=13, force=True)
    fill(customers=70, months=1, seed=6, force=True)
    assert one(owner_connection, "SELECT count(*) FROM party_customer") == 120


@pytest.mark.parametrize(("name", "value"), [("customers", 0), ("customers", 2_000_001), ("months", 0), ("months", 121), ("seed", -1), ("seed", 2**31)])
def test_figures_out_of_range_are_refused(name: str, value: int) -> None:
    """Before anything is touched."""
    with pytest.raises(Invalid) as refused:
        fill(**{"customers": 10, "months": 1, "seed": 1, name: value})
    assert refused.value.field == name
