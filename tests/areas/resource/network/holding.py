"""What must hold of ports, items and reservations at any instant, whoever did what; read as the owner reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Refused

BREACHES = """
SELECT 'reserved port without a reservation that holds', p.id FROM resource_port p LEFT JOIN resource_reservation r ON r.id = p.reservation_id
  WHERE p.state = 'reserved' AND r.state IS DISTINCT FROM 'held'
UNION ALL SELECT 'reserved item without a reservation that holds', i.id FROM resource_stock_item i LEFT JOIN resource_reservation r ON r.id = i.reservation_id
  WHERE i.reservation_id IS NOT NULL AND r.state IS DISTINCT FROM 'held'
UNION ALL SELECT 'a reservation holds a port that does not know it', l.port_id FROM resource_reservation_line l JOIN resource_reservation r ON r.id = l.reservation_id
  JOIN resource_port p ON p.id = l.port_id WHERE l.freed_at IS NULL AND r.state = 'held' AND p.reservation_id IS DISTINCT FROM r.id
UNION ALL SELECT 'a reservation holds an item that does not know it', l.item_id FROM resource_reservation_line l JOIN resource_reservation r ON r.id = l.reservation_id
  JOIN resource_stock_item i ON i.id = l.item_id WHERE l.freed_at IS NULL AND r.state = 'held' AND i.reservation_id IS DISTINCT FROM r.id
UNION ALL SELECT 'a port is held twice', port_id FROM resource_reservation_line WHERE freed_at IS NULL AND port_id IS NOT NULL GROUP BY port_id HAVING count(*) > 1
UNION ALL SELECT 'an item is held twice', item_id FROM resource_reservation_line WHERE freed_at IS NULL AND item_id IS NOT NULL GROUP BY item_id HAVING count(*) > 1
UNION ALL SELECT 'an ended reservation still holds', r.id FROM resource_reservation r JOIN resource_reservation_line l ON l.reservation_id = r.id
  WHERE r.state IN ('released', 'expired') AND l.freed_at IS NULL
UNION ALL SELECT 'a used port that nobody uses', p.id FROM resource_port p WHERE p.state = 'used' AND p.service_ref = ''
UNION ALL SELECT 'a free port that somebody uses', p.id FROM resource_port p WHERE p.state = 'free' AND p.service_ref <> ''
UNION ALL SELECT 'counts of stock differ', NULL FROM (
    SELECT stock_place_id, model_id, state, sum(n) AS n FROM (
      SELECT stock_place_id, model_id, state, n FROM resource_stock_item_tally
      UNION ALL SELECT stock_place_id, model_id, state, -1 FROM resource_stock_item) b GROUP BY 1, 2, 3) d WHERE d.n <> 0
"""


def breaches() -> list[Any]:
    """Return everything that does not hold."""
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(BREACHES)
        return list(cursor.fetchall())


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every act on a connection of its own, all starting together; a refusal is an answer, anything else is raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=240)
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
