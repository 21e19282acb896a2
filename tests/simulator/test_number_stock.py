"""Numbers: one line each and one number for each line, the same however they are made, graded as the number desk grades."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import psycopg
import pytest

from tongke.areas.resource import queries
from tongke.areas.resource.rules.grades import Grader, Pattern
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Invalid
from tongke.simulator import fill
from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.draw import digits
from tongke.simulator.number_codes import NUMBERS_MAX, codes_of, line_codes, named_codes, stock_code
from tongke.simulator.number_ground import GRADES, ORDINARY, graded
from tongke.simulator.number_plan import CODE_NUMBERS
from tongke.simulator.number_stock import stock_numbers
from tongke.simulator.tables import NUMBER_COLUMNS

CUSTOMERS, SEED = 5200, 5
Owner = psycopg.Connection[Any]


def one(owner: Owner, statement: str, *values: Any) -> Any:
    """Return the one value that ``statement`` gives."""
    row = owner.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row[0]


def digests(owner: Owner) -> dict[str, str]:
    """Return a digest of every table's content, independent of the order of its rows."""
    out = {}
    for table, columns in NUMBER_COLUMNS.items():
        kept = ", ".join(f't."{c}"' for c in columns)
        statement = f"SELECT count(*) || coalesce(sum(hashtextextended(row({kept})::text, 0)::numeric), 0)::text FROM {table} t"
        out[table] = hashlib.sha256(one(owner, statement).encode()).hexdigest()
    return out


class CutOff(Exception):
    """The run ends here, as if its process had been killed between two codes."""


def cut_off(done: int, _total: int, _rows: int) -> None:
    """End the run after its third code."""
    if done == 3 * CODE_NUMBERS:
        raise CutOff


@pytest.mark.django_db(transaction=True)
def test_numbers_agree_with_the_lines(owner_connection: Owner) -> None:
    """Every running line has its number in its own network, every assigned number its line; cut off and resumed, the same as at once."""
    owner = owner_connection
    fill(customers=CUSTOMERS, months=2, seed=SEED, workers=1)
    with pytest.raises(CutOff):
        stock_numbers(customers=CUSTOMERS, seed=SEED, workers=1, progress=cut_off)
    resumed = stock_numbers(customers=CUSTOMERS, seed=SEED, workers=2)
    assert resumed.rows > 0
    assert stock_numbers(customers=CUSTOMERS, seed=SEED).rows == 0
    assert one(owner, "SELECT count(*) FROM resource_number") == resumed.numbers == len(line_codes(CUSTOMERS, SEED)) * CODE_NUMBERS

    running = "s.kind IN ('mobile', 'fixed') AND s.state <> 'terminated'"
    assert one(owner, f"SELECT count(*) FROM inventory_subscriber s WHERE {running} AND NOT EXISTS (SELECT FROM resource_number n WHERE n.number ="
                      " s.service_number AND n.assigned_to = s.id AND n.org_id = s.org_id AND (n.state = 'suspended') = (s.state = 'suspended'))") == 0
    assert one(owner, "SELECT count(*) FROM resource_number n WHERE n.assigned_to IS NOT NULL AND NOT EXISTS (SELECT FROM inventory_subscriber s"
                      f" WHERE s.id = n.assigned_to AND s.service_number = n.number AND {running})") == 0
    assert one(owner, "SELECT count(*) FROM inventory_subscriber s JOIN resource_number n ON n.number = s.service_number"
                      " WHERE s.state = 'terminated' AND n.state NOT IN ('cooling', 'ported_out', 'free')") == 0
    assert one(owner, "SELECT count(*) FROM resource_number WHERE state = 'cooling' AND cooling_until <= %s", UNTIL) == 0
    assert one(owner, "SELECT count(*) FROM resource_number n WHERE NOT EXISTS (SELECT FROM resource_number_allotment a WHERE a.pool_id = n.pool_id"
                      " AND substr(n.number, 2)::bigint BETWEEN a.first AND a.last)") == 0
    assert one(owner, "SELECT count(DISTINCT state) FROM resource_number") >= 8
    assert one(owner, "SELECT count(*) FROM resource_number n WHERE (n.state = 'held') <> EXISTS (SELECT FROM resource_number_hold h WHERE h.id = n.hold_id)") == 0
    assert one(owner, "SELECT count(*) FROM resource_number_commitment c JOIN resource_number n ON n.id = c.number_id AND n.assigned_to = c.assigned_to") > 0
    assert one(owner, "SELECT coalesce(sum(n), 0) FROM resource_number_tally") == resumed.numbers

    found = digests(owner)
    owner.execute("TRUNCATE resource_number, resource_number_hold, resource_number_commitment; DELETE FROM kernel_bulk_job WHERE kind = 'simulate_numbers'")
    stock_numbers(customers=CUSTOMERS, seed=SEED, workers=1)
    assert digests(owner) == found
    by = system_actor("test")
    with acting(by):
        sample = owner.execute("SELECT number, grade FROM resource_number WHERE grade <> '0' ORDER BY hashtext(number) LIMIT 40").fetchall()
        for number, grade in sample:
            assert queries.grade_of(number, org_id=3301, by=by, at=UNTIL).grade == grade


def test_grades_are_those_of_the_number_desk() -> None:
    """Graded column by column or number by number: the same grade for each of a code's ten thousand, and for others."""
    grader = Grader([Pattern(g.code, kind, parameters) for g in GRADES for kind, parameters, _words in g.patterns])
    values = np.concatenate([8_618_957_108_000 + np.arange(2000), 8_618_957_120_000 + np.arange(0, 10_000, 7), 8_618_912_345_678 + np.arange(-50, 50)])
    found = graded(digits(values, 8) - 48)
    for value, place in zip(values.tolist(), found.tolist(), strict=True):
        assert grader.grade_of(f"+{value}") == (GRADES[place].code if place >= 0 else ORDINARY), value


def test_codes_never_overlap() -> None:
    """Eight seeds beside one another, the largest operators and the named people: no number stands in two codes."""
    firsts = [code.first for seed in range(8) for code in line_codes(2_000_000, seed)] + [code.first for code in named_codes()]
    firsts += [stock_code(seed, place).first for seed in range(8) for place in (0, 1, 9, 10, 3749)]
    assert len(set(firsts)) == len(firsts)
    assert len(codes_of(100_000, 7, 10_000_000)) == 1000
    with pytest.raises(Invalid):
        codes_of(10, 7, NUMBERS_MAX + 1)
