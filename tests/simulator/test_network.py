"""The town's network: every access is reached, no port serves two, customers live where they say, and all is as it was."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from tongke.areas.resource import queries
from tongke.areas.resource.rules.addresses import place_key
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Invalid
from tongke.simulator import fill
from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.network_build import NetworkStands, build_network
from tongke.simulator.tables import NETWORK_COLUMNS
from tongke.simulator.town import PREMISES_MAX, buildings_of, quarters

CUSTOMERS, SEED, PREMISES = 1500, 5, 9000
Owner = psycopg.Connection[Any]


def one(owner: Owner, statement: str, *values: Any) -> Any:
    """Return the one value that ``statement`` gives."""
    row = owner.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row[0]


def digests(owner: Owner) -> dict[str, str]:
    """Return a digest of every table's content, independent of the order of its rows."""
    out = {}
    for table, columns in NETWORK_COLUMNS.items():
        kept = ", ".join(f't."{c}"' for c in columns)
        statement = f"SELECT count(*) || coalesce(sum(hashtextextended(row({kept})::text, 0)::numeric), 0)::text FROM {table} t"
        out[table] = hashlib.sha256(one(owner, statement).encode()).hexdigest()
    return out


class CutOff(Exception):
    """The run ends here, as if its process had been killed between two quarters."""


def cut_off(done: int, _total: int, _rows: int) -> None:
    """End the run after some quarters."""
    if done > PREMISES // 3:
        raise CutOff


@pytest.mark.django_db(transaction=True)
def test_a_network_hangs_together(owner_connection: Owner) -> None:
    """Cut off and resumed by two workers, it is what one makes at once; keys lead somewhere, ports serve one line each."""
    owner = owner_connection
    fill(customers=CUSTOMERS, months=1, seed=SEED, workers=1)
    with pytest.raises(CutOff):
        build_network(premises=PREMISES, workers=1, progress=cut_off)
    assert build_network(premises=PREMISES, workers=2).rows > 0
    assert build_network(premises=PREMISES).rows == 0
    with pytest.raises(NetworkStands):
        build_network(premises=PREMISES + 1)
    found = digests(owner)
    owner.execute(f"TRUNCATE {', '.join(NETWORK_COLUMNS)} CASCADE; DELETE FROM kernel_bulk_job WHERE kind = 'simulate_network'".encode())
    build_network(premises=PREMISES, workers=1)
    assert digests(owner) == found

    assert one(owner, "SELECT count(*) FROM resource_place WHERE level = 'room'") >= PREMISES
    for table, column, other in (("place", "parent_id", "place"), ("place", "community_id", "place"), ("place_name", "place_id", "place"), ("site", "place_id", "place"),
                                 ("equipment", "site_id", "site"), ("equipment", "parent_id", "equipment"), ("equipment", "place_id", "place"),
                                 ("port", "equipment_id", "equipment"), ("access", "equipment_id", "equipment"), ("access", "place_id", "place")):
        lost = f"SELECT count(*) FROM resource_{table} t WHERE {column} IS NOT NULL AND NOT EXISTS (SELECT FROM resource_{other} o WHERE o.id = t.{column})"
        assert one(owner, lost) == 0, (table, column)
    assert one(owner, "SELECT count(*) FROM (SELECT FROM resource_port WHERE service_ref <> '' GROUP BY service_ref HAVING count(*) > 1) d") == 0
    wired = "kind IN ('broadband', 'ict') AND state <> 'terminated'"
    served = one(owner, f"SELECT count(*) FROM inventory_subscriber s WHERE {wired} AND EXISTS (SELECT FROM resource_port p WHERE p.service_ref = s.service_number"
                        " AND p.state = 'used' AND p.org_id = s.org_id)")
    assert served > 0.85 * one(owner, f"SELECT count(*) FROM inventory_subscriber WHERE {wired}")
    rise = ("WITH RECURSIVE up AS (SELECT e.id AS leaf, e.* FROM resource_equipment e JOIN resource_access a ON a.equipment_id = e.id UNION ALL"
            " SELECT up.leaf, e.* FROM up JOIN resource_equipment e ON e.id = up.parent_id)"
            " SELECT count(*) FROM resource_access a WHERE NOT EXISTS (SELECT FROM up WHERE up.leaf = a.equipment_id AND up.site_id IS NOT NULL)")
    assert one(owner, rise) == 0
    for level, name, key in owner.execute("SELECT DISTINCT ON (level, left(name, 1)) level, name, key FROM resource_place").fetchall():
        assert place_key(level, name) == key
    _answers_are_given(owner)


def _answers_are_given(owner: Owner) -> None:
    """Customers' own addresses are found as they wrote them; stories' addresses answer as told."""
    by = system_actor("test")
    with acting(by):
        for (full,) in owner.execute("SELECT a.full FROM party_postal_address a ORDER BY a.id LIMIT 25").fetchall():
            answer = queries.coverage_at(text=full, by=by, at=UNTIL)
            assert answer.place is not None, full
            assert answer.exact, full
            assert answer.access, full
        codes = {
            text: {reason.code for access in queries.coverage_at(text=text, by=by, at=UNTIL).access for reason in access.reasons}
            for text in ("杭州市西湖区文三路410号满格公寓1幢1单元101室", "杭州市西湖区文三路805号西湖云城府1幢1单元101室")
        }
        assert [*codes.values()] == [{"RES-102"}, {"RES-101"}]
        village = queries.coverage_at(text="杭州市西湖区文三路806号西湖山前村1幢1单元101室", by=by, at=UNTIL)
        assert [reason.code for reason in village.reasons] == ["RES-100"]


def test_a_town_grows_evenly() -> None:
    """At least as many homes as asked for, every quarter within a building of every other of its kind."""
    for premises in (1, 6000, 100_000, 1_000_000):
        laid = buildings_of(premises)
        assert laid.max() - laid[: len(laid) // 2].min() <= 1 or premises < 100_000
        assert len(laid) == len(quarters())
    with pytest.raises(Invalid):
        buildings_of(PREMISES_MAX + 1)


MEASURE = """
import resource, time
import django; django.setup()
import numpy as np
import pyarrow as pa
from tongke.simulator.calendar_months import Span
from tongke.simulator.network_rows import Homes, quarter_tables
from tongke.simulator.town import buildings_of, quarters
none = np.zeros(0, dtype=np.int64)
homes = Homes(none, none, none, none, none, none, none, pa.array([], type=pa.string()))
laid, rows, began = buildings_of(1_000_000), 0, time.process_time()
for number, quarter in enumerate(quarters()[:200]):
    rows += sum(t.num_rows for t in quarter_tables(quarter, int(laid[quarter.index]), homes, Span(seed=7, customers=1, months=1)).values())
    if number in (19, 99, 199):
        print(number + 1, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, round(time.process_time() - began, 3))
"""


def test_memory_stays_flat_and_time_grows_with_the_rows() -> None:
    """Two hundred quarters of a town of a million homes need no more memory than twenty (within 40 MB), and ten times their time at most twice over."""
    done = subprocess.run([sys.executable, "-c", MEASURE], check=True, capture_output=True, text=True)
    small, _middle, large = ([float(word) for word in line.split()] for line in done.stdout.splitlines())
    assert large[1] > 8 * small[1] > 100_000
    assert large[2] - small[2] < 40
    assert large[3] / large[1] < 2 * small[3] / small[1]
