"""The next chunk is looked up while the present one is written: what comes out is what comes out chunk after chunk."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.exchange.conftest import FAMILIES, HEAD, Load, Loaded
from tests.factories.staff import TESTER
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db(transaction=True)
WITH_HEAD = HEAD.replace("balance", "balance,head")  # it stands in an earlier row: often in the chunk before
TABLES = """
SELECT 'line', s.service_number, p.name, a.account_no, a.balance::text FROM inventory_subscriber s JOIN party_customer c ON c.id = s.customer_id
JOIN party_party p ON p.id = c.party_id JOIN inventory_payer y ON y.subscriber_id = s.id JOIN account_billing_account a ON a.id = y.account_id
UNION ALL SELECT 'relation', h.name, p.name, k.key, '' FROM party_relation r JOIN party_party h ON h.id = r.parent_id JOIN party_party p ON p.id = r.child_id
JOIN party_source_key k ON k.subject_id = r.id UNION ALL SELECT 'key', noun, key, '', '' FROM party_source_key ORDER BY 1, 2, 3, 4
"""


def rows(draw: random.Random, count: int) -> Iterator[str]:
    """Write people of whom some take a neighbour's phone or name a head that was refused, and a few are refused themselves."""
    for number in range(1, count + 1):
        phone = 13_900_000_000 + (number if draw.random() < 0.9 else number - draw.randint(0, 12))
        name = "" if draw.random() < 0.06 else f"王{chr(0x4E00 + number)}"
        head = number - draw.randint(1, 9) if number > 9 and draw.random() < 0.5 else ""
        yield f"{number},{name},{phone},{number}.50,{head}"


@pytest.fixture
def outcome(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Any, ...]]:
    """Return a call that imports lines in chunks of seven and gives counts, rejects and tables; in turn it keeps nothing."""
    monkeypatch.setattr("tongke.exchange.services.CHUNK_ROWS", 7)

    def told(done: Loaded) -> tuple[Any, ...]:
        with acting(TESTER), connection.cursor() as cursor:
            cursor.execute(TABLES)
            return done.counts, done.rejects, done.outcome.sums, done.outcome.records, cursor.fetchall()

    def run(*lines: str, in_turn: bool) -> tuple[Any, ...]:
        file = tmp_path / "people.csv"
        file.write_text(WITH_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
        if not in_turn:
            return told(load(file, mapping=FAMILIES))
        with transaction.atomic():  # within one transaction nothing is looked up ahead
            found = told(load(file, mapping=FAMILIES))
            transaction.set_rollback(True)
        return found

    return run


@pytest.mark.parametrize("seed", range(4))
def test_ahead_gives_what_in_turn_gives(outcome: Callable[..., tuple[Any, ...]], seed: int) -> None:
    """References, values that are taken and rejected rows across chunks: the same records, rejects and sums either way."""
    lines = list(rows(random.Random(seed), 90))
    in_turn = outcome(*lines, in_turn=True)
    assert in_turn[0][4] > 3
    assert outcome(*lines, in_turn=False) == in_turn


def test_ahead_sees_what_is_changed_and_refused(outcome: Callable[..., tuple[Any, ...]]) -> None:
    """A second file that changes records and brings rings of heads, which only the database refuses."""
    first = [f"{n},王{chr(0x4E00 + n)},139{n:08d},1.00," for n in range(1, 41)]
    assert outcome(*first, in_turn=False)[0] == (40, 40, 0, 0, 0)
    # A ring is refused by the tree's guard alone: its chunk is not written as it was resolved.
    second = [
        *(f"{n},王{chr(0x4E00 + n)},139{n:08d},{2 if n % 3 == 0 else 1}.00,{n + 1 if n % 2 else ''}" for n in range(1, 41)),
        *(f"{n},李{chr(0x4E00 + n)},139{n:08d},1.00,{n - 1}" for n in range(41, 61)), "61,赵六,13900000061,1.00,61",
    ]
    in_turn = outcome(*second, in_turn=True)
    assert in_turn[0][2] > 0
    assert in_turn[0][4] > 0
    assert outcome(*second, in_turn=False) == in_turn
