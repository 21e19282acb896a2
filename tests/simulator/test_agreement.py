"""A small city whole: every running line has its number, its card, its terminal and its port; nothing serves a line that is not there."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
import pytest

from tongke.areas.resource.rules.serials import ItemDraft, broken_in_item
from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.simulator.operator import make_operator
from tongke.simulator.stock import fill_stock
from tongke.simulator.tables import STOCK_COLUMNS

CUSTOMERS, PREMISES, SEED = 1500, 4000, 5
HOME = r"(a.place || a.detail) ~ '^[^0-9]+[0-9]{1,2}幢[1-7]单元[0-9]{3,4}室$'"
RUNS = "s.state <> 'terminated'"
THING = "i.service_ref <> '' AND i.service_ref = s.service_number AND i.org_id = s.org_id AND i.state IN ('handed_out', 'installed')"
Owner = psycopg.Connection[Any]
# What may not be: a statement that counts the rows for which it is so.
WRONG = {
    "a telephone without its number": f"""SELECT count(*) FROM inventory_subscriber s WHERE s.kind IN ('mobile', 'fixed') AND {RUNS} AND NOT EXISTS (
        SELECT FROM resource_number n WHERE n.number = s.service_number AND n.assigned_to = s.id AND n.org_id = s.org_id AND (n.state = 'suspended') = (s.state = 'suspended'))""",
    "a number that serves nobody": f"""SELECT count(*) FROM resource_number n WHERE n.state IN ('assigned', 'suspended') AND NOT EXISTS (
        SELECT FROM inventory_subscriber s WHERE s.id = n.assigned_to AND s.service_number = n.number AND {RUNS})""",
    "a mobile line without its one card": f"""SELECT count(*) FROM inventory_subscriber s WHERE s.kind = 'mobile' AND {RUNS}
        AND (SELECT count(*) FROM resource_stock_item i WHERE {THING} AND i.kind = 'sim') <> 1""",
    "a broadband line without its one terminal": f"""SELECT count(*) FROM inventory_subscriber s WHERE s.kind = 'broadband' AND {RUNS}
        AND (SELECT count(*) FROM resource_stock_item i WHERE {THING} AND i.kind = 'ont') <> 1""",
    "a television line without its one box": f"""SELECT count(*) FROM inventory_subscriber s WHERE s.kind = 'tv' AND {RUNS}
        AND (SELECT count(*) FROM resource_stock_item i WHERE {THING} AND i.kind = 'set_top') <> 1""",
    "a thing that serves nobody": f"""SELECT count(*) FROM resource_stock_item i WHERE (i.service_ref <> '') <> EXISTS (
        SELECT FROM inventory_subscriber s WHERE s.service_number = i.service_ref AND {RUNS})""",
    "a thing given out and serving nobody": """SELECT count(*) FROM resource_stock_item WHERE (state IN ('handed_out', 'installed')) <> (service_ref <> '')""",
    "a terminal of another technology than its box": """SELECT count(*) FROM resource_stock_item i JOIN resource_item_model m ON m.id = i.model_id
        JOIN resource_port p ON p.service_ref = i.service_ref JOIN resource_equipment e ON e.id = p.equipment_id
        WHERE i.kind = 'ont' AND i.service_ref <> '' AND (m.code = 'ONT-XGPON') <> (e.technology = 'ftth_xgpon')""",
    "a wire without a port at a home that is known": f"""SELECT count(*) FROM inventory_subscriber s JOIN party_customer c ON c.id = s.customer_id
        JOIN party_postal_address a ON a.party_id = c.party_id AND a.valid_until IS NULL
        WHERE s.kind IN ('broadband', 'fixed', 'ict') AND {RUNS} AND {HOME} AND NOT EXISTS (
          SELECT FROM inventory_subscriber o JOIN party_customer oc ON oc.id = o.customer_id JOIN party_postal_address oa ON oa.party_id = oc.party_id
          JOIN resource_port p ON p.service_ref = o.service_number AND p.state = 'used' AND p.org_id = o.org_id
          WHERE oa.full = a.full AND (o.id = s.id OR s.kind = 'fixed'))""",
    "a port that serves nobody of this city's numbers": f"""SELECT count(*) FROM resource_port p WHERE p.service_ref ~ '^([+]86|kd|ict)' AND NOT EXISTS (
        SELECT FROM inventory_subscriber s WHERE s.service_number = p.service_ref AND {RUNS})""",
    "a port with two lines, a line with two ports": """SELECT count(*) FROM (
        SELECT FROM resource_port WHERE service_ref <> '' GROUP BY service_ref HAVING count(*) > 1) twice""",
    "a thing before its delivery": """SELECT count(*) FROM resource_stock_item i JOIN resource_delivery d ON d.id = i.delivery_id
        WHERE i.created_at < d.received_at OR i.state_at < i.created_at OR d.org_id <> i.org_id""",
    "a thing whose last move says something else": """SELECT count(*) FROM resource_stock_item i LEFT JOIN LATERAL (
        SELECT * FROM resource_stock_move m WHERE m.item_id = i.id ORDER BY m.moved_at DESC, m.id DESC LIMIT 1) m ON true
        WHERE m.to_state IS DISTINCT FROM i.state OR m.moved_at IS DISTINCT FROM i.state_at OR m.to_place_id IS DISTINCT FROM i.stock_place_id""",
    "a move that begins where the one before did not end": """SELECT count(*) FROM (
        SELECT from_state, coalesce(lag(to_state) OVER (PARTITION BY item_id ORDER BY moved_at, id), '') AS before FROM resource_stock_move) m WHERE from_state <> before""",
    "a tally that is not the count": """SELECT count(*) FROM (SELECT stock_place_id, model_id, state, count(*) FROM resource_stock_item GROUP BY 1, 2, 3
        EXCEPT SELECT stock_place_id, model_id, state, sum(n) FROM resource_stock_item_tally GROUP BY 1, 2, 3) t""",
}


def one(owner: Owner, statement: str) -> Any:
    """Return the one value that ``statement`` gives."""
    row = owner.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def digests(owner: Owner) -> list[str]:
    """Return a digest of the stock's items and moves, independent of the order of their rows."""
    out = []
    for table in ("resource_stock_item", "resource_stock_move"):
        kept = ", ".join(f't."{c}"' for c in STOCK_COLUMNS[table])
        out.append(hashlib.sha256(one(owner, f"SELECT count(*) || sum(hashtextextended(row({kept})::text, 0)::numeric)::text FROM {table} t").encode()).hexdigest())
    return out


@pytest.mark.django_db(transaction=True)
def test_customers_numbers_stock_and_network_agree(owner_connection: Owner) -> None:
    """Nothing of ``WRONG`` is so; serials are such as the stock room takes; the same stock comes from a second making."""
    owner = owner_connection
    make_operator(customers=CUSTOMERS, months=2, seed=SEED, premises=PREMISES, workers=1)
    kinds = dict(owner.execute("SELECT kind, count(*) FROM inventory_subscriber WHERE state <> 'terminated' GROUP BY kind").fetchall())
    assert min(kinds[kind] for kind in ("mobile", "fixed", "broadband", "tv", "ict")) > 10
    assert {what: count for what, statement in WRONG.items() if (count := one(owner, statement))} == {}

    legal = {(verb, start, end) for verb, (starts, end) in STOCK_ITEM.moves.items() for start in starts} | {("receive", "", STOCK_ITEM.initial)}
    made = set(owner.execute("SELECT DISTINCT verb, from_state, to_state FROM resource_stock_move").fetchall())
    assert made <= legal
    assert {verb for verb, _start, _end in made} >= {"receive", "hand_out", "install", "take_back", "report_faulty", "send_to_repair", "lose"}
    for kind, serial, imsi, imei2, mac in owner.execute("SELECT kind, serial, imsi, imei2, mac FROM resource_stock_item WHERE service_ref <> ''").fetchall():
        assert broken_in_item(kind, ItemDraft(serial=serial, imsi=imsi, imei2=imei2, mac=mac)) == [], serial

    found = digests(owner)
    assert fill_stock(customers=CUSTOMERS, seed=SEED, workers=1).rows == 0
    owner.execute("TRUNCATE resource_stock_item, resource_stock_move CASCADE; DELETE FROM kernel_bulk_job WHERE kind = 'simulate_stock'")
    fill_stock(customers=CUSTOMERS, seed=SEED, workers=2)
    assert digests(owner) == found
