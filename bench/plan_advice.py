"""What every plan would have cost on a line's own six months: the whole call with its statements, and how it grows with the plans.

One client in one process asks for one line after the other. Reference: one raw SQL statement that sums the same months under the
same plans (fee, allowance, begun units beyond it; no rollover, no eligibility, no reasons), run between our calls.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.figures import Figure
from bench.ground import FILL, ROLES, Ground, migrated

NAME = "plan-advice"
CUSTOMERS, MONTHS = 2_000, 6
PLANS = (15, 60, 240)
MILLISECONDS = 50.0
"""One customer, sixty plans, six months: the promise."""
LINEAR = 0.8
"""Four times the plans take at most 4 / 0.8 times as long."""
CHILD = "from bench.plan_advice_child import main; main()"


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure on a ground of its own, for the catalogue that it lays cannot be taken back."""
    del clients, ground
    own = migrated(CUSTOMERS, "bench_plan_advice")
    own.run(FILL, str(CUSTOMERS), str(MONTHS))
    own.run(ROLES, as_owner=False)
    own.run("from bench.plan_advice_child import lay; lay()")
    told: dict[str, Any] = json.loads(own.printed(CHILD).splitlines()[-1])
    out: list[Figure] = []
    for count in PLANS:
        about: dict[str, Any] = {"size": count, "clients": 1, "unit": "ms"}
        for share in ("p50", "p99"):
            ours, plain = told["ours"][str(count)][share], told["plain"][str(count)][share]
            # The promise speaks of sixty plans; for other numbers it is held to the cost of each plan, below.
            out.append(Figure(name=f"{NAME} {share}", figure=ours, reference=MILLISECONDS, ratio=round(MILLISECONDS / ours, 3), reach=1.0 if count == 60 else 0.0, **about))
            out.append(Figure(name=f"{NAME} {share}, of raw sums", figure=ours, reference=plain, ratio=round(plain / ours, 3), reach=0.0, **about))
    short, long = (told["ours"][str(count)]["p50"] for count in (60, 240))
    out.append(Figure(
        name=f"{NAME}: 240 plans against 60", size=240, clients=1, figure=long, unit="ms", reference=round(short * 4, 3), ratio=round(short * 4 / long, 3), reach=LINEAR))
    return out
