"""The linkage model: m and u of every comparison by which two parties are judged to be one or not.

m is the probability that two records of ONE party agree like this, u that records of two parties do. They are
fixed, not learned: one local network has tens of true pairs, too few for expectation maximisation, which then
drifts to whatever splits the data best (sex, city). The values are set from the frequencies below and stay the
same between runs, so that a probability means the same next month; only the frequency of a name is taken from the
data, and only where there are enough parties to count names at all (``NAMES_COUNTED_FROM``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement of a comparison, with its m and u."""

    code: str
    label: Any
    m: float
    u: float

    @property
    def weight(self) -> float:
        """log2(m / u): how much this agreement speaks for one party (below zero: against)."""
        return log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing compared, its levels from the strongest down; what is unknown on a side weighs nothing."""

    code: str
    label: Any
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level:
        """Return the level of that code."""
        return next(level for level in self.levels if level.code == code)


MODEL: tuple[Comparison, ...] = (
    # Identity documents are the strong key: shared by two people only through abuse or a slip. Two numbers of the
    # same kind speak for two people (a typo or a renewed passport is the rest); different kinds say little.
    Comparison("document", _("Identity document"), (
        Level("shared", _("Same number"), 0.95, 0.000001),
        Level("other_number", _("Same kind, other number"), 0.03, 0.95),
        Level("other_kind", _("Documents of other kinds"), 0.02, 0.05),
    )),
    # About one pair in 2,000 of Chinese people shares the full name; three times as many the reading.
    Comparison("name", _("Name"), (
        Level("same", _("Same name"), 0.75, 0.0005),
        Level("sound", _("Sounds the same"), 0.08, 0.0015),
        Level("order", _("Same characters in another order"), 0.03, 0.0003),
        Level("near", _("Nearly the same"), 0.08, 0.01),
        Level("other", _("Other name"), 0.06, 0.9877),
    )),
    # 60 birth years of 365 days; one slip of a digit reaches about 40 other dates.
    Comparison("birth", _("Date of birth"), (
        Level("same", _("Same date of birth"), 0.93, 0.00005),
        Level("near", _("Date of birth off by a digit, or day and month swapped"), 0.05, 0.002),
        Level("other", _("Other date of birth"), 0.02, 0.99795),
    )),
    # Families share phones, and the blocking brings them together: u is far above chance. A number that both had,
    # but one after the other, is most likely recycled: it weighs next to nothing.
    Comparison("phone", _("Phone"), (
        Level("together", _("Same number at the same time"), 0.55, 0.0002),
        Level("apart", _("Same number, but at other times (recycled)"), 0.05, 0.02),
        Level("other", _("Other numbers"), 0.40, 0.9798),
    )),
    Comparison("address", _("Address"), (
        Level("same", _("Same address"), 0.5, 0.002),
        Level("other", _("Other address"), 0.5, 0.998),
    )),
)
COMPARISONS: Mapping[str, Comparison] = {c.code: c for c in MODEL}

# Two in a hundred parties are expected to have a second record.
DUPLICATES_EXPECTED = 0.02
SUGGEST_FROM = 0.95
REVIEW_FROM = 0.5
# Below this many parties the frequency of a name is noise, and a planted pair would spoil its own weight.
NAMES_COUNTED_FROM = 20_000


def prior(parties: int) -> float:
    """The probability that two parties picked at random among ``parties`` are one, at most 1 in 1,000."""
    return min(0.001, 2 * DUPLICATES_EXPECTED / max(parties, 2))


def probability(weights: Sequence[float], *, parties: int) -> float:
    """The probability that two records are one party, from the weights of the comparisons that can be made."""
    first = prior(parties)
    odds = first / (1 - first) * 2 ** min(sum(weights), 500)
    return odds / (1 + odds)


def band(probability: float) -> str:
    """``suggest`` (merge suggested), ``review`` (a person must look) or ``none``; nothing is ever merged unasked."""
    if probability >= SUGGEST_FROM:
        return "suggest"
    return "review" if probability >= REVIEW_FROM else "none"
