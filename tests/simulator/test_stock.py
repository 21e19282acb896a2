"""Stock: serials that the stock room accepts, given once, at places that carry such things; repeated and resumed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tongke.areas.resource.rules.serials import ItemDraft, broken_in_item
from tongke.simulator.calendar_months import Span
from tongke.simulator.places import NETWORKS
from tongke.simulator.stock import fill_stock, item_tables
from tongke.simulator.stock_rows import MODELS

Owner = psycopg.Connection[Any]


def test_every_serial_is_valid_and_given_once() -> None:
    """ICCID, IMSI, IMEI, MAC and makers' serials of two operators side by side: accepted by the room's rules, none twice."""
    seen: dict[str, set[str]] = {"serial": set(), "imsi": set(), "mac": set()}
    count = 0
    for seed in (2, 7):
        for network in range(len(NETWORKS)):
            for place, model in enumerate(MODELS):
                for row in item_tables(Span(seed=seed, customers=4000, months=1), network, place)["resource_stock_item"].to_pylist():
                    draft = ItemDraft(serial=row["serial"], imsi=row["imsi"], imei2=row["imei2"], mac=row["mac"])
                    assert broken_in_item(model.kind, draft) == [], row["serial"]
                    for name, known in seen.items():
                        if row[name]:
                            assert row[name] not in known
                            known.add(row[name])
                    count += 1
    assert count > 2000


@pytest.mark.django_db(transaction=True)
def test_stock_is_filled_once(owner_connection: Owner) -> None:
    """Items lie at places of their own network, every one came by a move; a second call does nothing."""
    held = fill_stock(customers=3000, seed=5, workers=1)
    assert held.rows > held.items > 500
    assert fill_stock(customers=3000, seed=5).rows == 0
    for statement in (
        "SELECT count(*) FROM resource_stock_item i JOIN resource_stock_place p ON p.id = i.stock_place_id WHERE p.org_id <> i.org_id",
        "SELECT count(*) FROM resource_stock_item i JOIN resource_stock_place p ON p.id = i.stock_place_id WHERE p.kind = 'van' AND i.kind = 'sim'",
        "SELECT count(*) FROM resource_stock_item i WHERE NOT EXISTS (SELECT FROM resource_stock_move m WHERE m.item_id = i.id AND m.verb = 'receive')",
        "SELECT count(*) FROM resource_stock_item i JOIN resource_item_model m ON m.id = i.model_id WHERE m.kind <> i.kind",
    ):
        row = owner_connection.execute(statement).fetchone()
        assert row == (0,), statement
