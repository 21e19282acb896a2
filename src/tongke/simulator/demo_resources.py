"""The demo's stories of numbers, stock and network: numbers, cards and terminals of the named people, a fine number on hold, a pool running dry,
another operator's block from which numbers are ported in, a parcel with a gap.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db import connection

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import BlockSource
from tongke.kernel.actor import Actor
from tongke.simulator.stock_in_use import card_serials, home_serials
from tongke.simulator.stock_rows import MODELS, ONT_GPON, ONT_XGPON, SET_TOP, SIM

GOLDEN = "+8613857105555"
"""The fine number that a customer of 李敏 thinks about."""
CAMPUS = (8_613_857_109_700, 8_613_857_109_999)
"""What 许亮 gave the pool for new students: by far too few."""
OTHERS = (8_613_557_100_000, 8_613_557_109_999)
"""Numbers of an operator that does not exist, for whoever tries porting in."""
PARCEL = 8
HOME_KEY = 2_097_000
"""Devices of the named people are counted from here: above every simulated customer."""
_BARE = """SELECT s.service_number, s.kind, s.org_id, s.created_at, coalesce(e.technology, '') FROM inventory_subscriber s
LEFT JOIN resource_port p ON p.service_ref = s.service_number AND p.service_ref <> '' AND p.state = 'used' LEFT JOIN resource_equipment e ON e.id = p.equipment_id
WHERE s.kind IN ('mobile', 'broadband', 'tv') AND s.state <> 'terminated' AND s.customer_id IN (SELECT id FROM party_customer WHERE customer_no LIKE 'CU%')
  AND NOT EXISTS (SELECT FROM resource_stock_item i WHERE i.service_ref = s.service_number AND i.service_ref <> '') ORDER BY s.service_number"""


def give_numbers(*, by: Actor, at: datetime) -> int:
    """Give every line of the named people its number, as at the counter on the day it was installed; returns how many.

    ``at`` is not asked: each line has its own day.
    """
    del at
    with connection.cursor() as cursor:
        cursor.execute("SELECT s.id, s.service_number, s.created_at, s.state, s.changed_at FROM inventory_subscriber s JOIN resource_number n ON n.number = s.service_number"
                       " WHERE n.assigned_to IS NULL AND s.state <> 'terminated' AND s.kind IN ('mobile', 'fixed') AND n.state = 'free'"
                       " AND s.customer_id IN (SELECT id FROM party_customer WHERE customer_no LIKE 'CU%') ORDER BY s.service_number")
        lines = cursor.fetchall()
    for line, number, since, state, changed in lines:
        services.claim_number(assigned_to=line, number=number, channel="hall", by=by, at=since)
        if state == "suspended":
            services.suspend_number(number=number, reason="欠费停机", by=by, at=changed)
    return len(lines)


def give_cards(*, seed: int, by: Actor, at: datetime) -> int:
    """Give every line of the named people its card or terminal, as at the counter on the day it was installed; returns how many.

    ``at`` is not asked: each line has its own day.
    """
    del at
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        lines = cursor.fetchall()
    for place, (number, kind, org, since, technology) in enumerate(lines):
        if kind == "mobile":
            model, shelf, serials = SIM, "YYT", card_serials(np.array([int(number[-11:])]))
        else:
            model = SET_TOP if kind == "tv" else ONT_XGPON if technology == "ftth_xgpon" else ONT_GPON
            shelf, serials = "CL1", home_serials(kind, seed, np.array([HOME_KEY + place]))
        row = services.ItemRow(model=MODELS[model].code, stock_place=f"{org}-{shelf}", **{name: column[0].as_py() for name, column in serials.items()})
        item = services.receive_item(row, by=by, at=since - timedelta(days=1))
        give = services.hand_out_item if kind == "mobile" else services.install_item
        give(item_id=item, service_ref=number, by=by, at=since)
    return len(lines)


def golden_number(clerk: Actor, *, at: datetime) -> None:
    """李敏 holds a fine number for a customer who will decide within the half hour."""
    services.hold_number(GOLDEN, channel="hall", order_ref="客户考虑中", by=clerk, at=at - timedelta(minutes=2))


def dry_pool(desk: Actor, *, at: datetime) -> UUID:
    """许亮 opened a pool for new students with 300 numbers, to be warned below 500: it is dry from the first day. Returns the pool."""
    pool = services.open_pool(code="CAMPUS", name_zh="校园迎新号池", name_en="New students", kind="mobile", org_id=3301, channels=("hall", "app"), dry_below=500,
                              by=desk, at=at - timedelta(days=10))
    services.move_range(first=CAMPUS[0], last=CAMPUS[1], pool_id=pool, by=desk, at=at - timedelta(days=10))
    services.gauge_pools(by=desk, at=at - timedelta(hours=6))
    return pool


def others_block(*, by: Actor, at: datetime) -> UUID:
    """A block of another operator is recorded, so that its users can bring their numbers along. Returns the block."""
    return services.record_block(code="BLUESKY-1355710", kind="mobile", first=OTHERS[0], last=OTHERS[1], org_id=1, source=BlockSource.DONOR, donor="蓝天移动 BlueSky",
                                 document="携号转网号段公告（模拟）", by=by, at=at - timedelta(days=300))


def parcel_with_a_gap(keeper: Actor, *, at: datetime) -> None:
    """唐蕾 sent eight SIM cards to the hall and another parcel of ten is still on its way; of the first, one did not arrive."""
    places = {place.code: place.id for place in queries.stock_places(by=keeper)}
    store, hall = places["3301-CK"], places["3301-YYT"]
    sims = [item for item in queries.items_of_place(store, state="in_stock", limit=500, by=keeper) if item.kind == "sim"]
    first, second = sims[:PARCEL], sims[PARCEL:PARCEL + 10]
    sent = services.send_transfer(from_place_id=store, to_place_id=hall, item_ids=[item.id for item in first], note="营业厅补货", by=keeper,
                                  at=at - timedelta(days=2))
    services.receive_transfer(transfer_id=sent, serials=[item.serial for item in first[:-1]], by=keeper, at=at - timedelta(days=1))
    services.send_transfer(from_place_id=store, to_place_id=hall, item_ids=[item.id for item in second], note="周末备货", by=keeper,
                           at=at - timedelta(hours=4))
