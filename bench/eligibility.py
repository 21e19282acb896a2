"""Eligibility and price of one customer against 10, 100 and 1,000 offers: how many a second on one core, and whether cost stays linear.

One client in one process asks for one customer after the other, so that a second of the clock holds the application's and the
database's work together: that is one core's. Reference: the same statement for the facts, raw, and every rule looked at anew for
every offer (no index, nothing shared), without a price. "priced afresh" makes every quote anew instead of keeping it for the revision.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.figures import Figure
from bench.ground import FILL, ROLES, Ground, migrated

NAME = "eligibility"
CUSTOMERS, MONTHS = 2_000, 1
OFFERS = (10, 100, 1000)
A_SECOND = 200.0
"""Customers against 100 offers a second and core: the promise."""
LINEAR = 0.8
"""Ten times the offers take at most 10 / 0.8 times as long."""
CHILD = "from bench.eligibility_child import main; main()"


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure on a ground of its own, for the catalogue that it lays cannot be taken back."""
    del clients, ground
    own = migrated(CUSTOMERS, "bench_eligibility")
    own.run(FILL, str(CUSTOMERS), str(MONTHS))
    own.run(ROLES, as_owner=False)
    own.run("from bench.eligibility_child import lay; lay()")
    told: dict[str, Any] = json.loads(own.printed(CHILD).splitlines()[-1])
    out: list[Figure] = []
    for count in OFFERS:
        ours, afresh, plain = (told[side][str(count)] for side in ("ours", "afresh", "plain"))
        # The promise speaks of 100 offers; other counts are held to the same cost for each offer.
        reach = A_SECOND * 100 / count if count >= 100 else A_SECOND
        about: dict[str, Any] = {"size": count, "clients": 1, "unit": "1/s"}
        out.append(Figure(name=f"{NAME} with price", figure=ours, reference=reach, ratio=round(ours / reach, 3), reach=1.0, **about))
        out.append(Figure(name=f"{NAME} with price, of plain reading", figure=ours, reference=plain, ratio=round(ours / plain, 3), reach=1.0 if count >= 100 else 0.5, **about))
        out.append(Figure(name=f"{NAME}, priced afresh", figure=afresh, reference=plain, ratio=round(afresh / plain, 3), reach=0.0, **about))
    for few, many in ((10, 100), (100, 1000)):
        short, long = 1000 / told["ours"][str(few)], 1000 / told["ours"][str(many)]
        out.append(Figure(name=f"{NAME}: {many} offers against {few}", size=many, clients=1, figure=round(long, 3), unit="ms", reference=round(short * 10, 3),
                          ratio=round(short * 10 / long, 3), reach=LINEAR))
    return out
