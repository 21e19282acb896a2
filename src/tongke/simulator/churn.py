"""Why customers leave, as a law that is known: later steps measure their models against it.

Each month every line leaves with the probability ``1 / (1 + exp(-z))`` where ``z`` is ``BASE`` plus the
effects below times what the line met in that month. All of it can be seen in the simulated records.
"""

from __future__ import annotations

import numpy as np

from tongke.simulator.draw import Floats, Ints

BASE = -4.6
EFFECTS = {
    "price": 1.1,
    "fault": 0.45,
    "contract_end": 1.3,
    "competitor": 0.7,
    "tenure": -0.45,
}
"""Change of the log odds by one unit of: the logarithm of what the month cost over the market's price; a fault
(four at most); the contract ending in this or the month before; a rival's network in the community; the
natural logarithm of one plus the years on the network."""
CAUSES = ("price", "fault", "contract_end", "competitor", "other")
OTHER_WEIGHT = 0.6
"""Share of causes that lie outside: moving house, death, taste; weighed against the positive effects."""
FAULTS_MAX = 4


def covariates(
    *, paid_cents: Ints, market_cents: Ints, faults: Ints, month_day: Ints, next_month_day: Ints, contract_day: Ints, rival: Ints, active_day: Ints,
) -> Floats:
    """Return what each line met, one column for each of ``EFFECTS`` in order. Days since 1970, no contract is below zero."""
    ending = (contract_day >= month_day - 31) & (contract_day < next_month_day)
    return np.stack([
        np.log(np.maximum(paid_cents, 100) / market_cents),
        np.minimum(faults, FAULTS_MAX),
        ending,
        rival,
        np.log1p(np.maximum(month_day - active_day, 0) / 365.25),
    ], axis=1).astype(np.float64)


def probability(met: Floats) -> Floats:
    """Return the probability to leave in the month."""
    return np.asarray(1.0 / (1.0 + np.exp(-(BASE + met @ np.array(list(EFFECTS.values()))))), dtype=np.float64)


def causes(random: np.random.Generator, met: Floats) -> Ints:
    """Draw the true cause of each leaver by what pushed it: places in ``CAUSES``."""
    push = np.maximum(met[:, :4] * np.array(list(EFFECTS.values()))[:4], 0.0)
    weights = np.cumsum(np.concatenate([push, np.full((len(met), 1), OTHER_WEIGHT)], axis=1), axis=1)
    drawn = random.random(len(met)) * weights[:, -1]
    return np.asarray((drawn[:, None] >= weights).sum(axis=1), dtype=np.int64)
