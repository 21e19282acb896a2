"""Facts that the catalogue room announces."""

from __future__ import annotations

from datetime import datetime

from tongke.kernel.outbox import Event


class OfferingPublished(Event):
    """A version of an offering can be sold from ``valid_from`` on."""

    code: str
    number: int
    valid_from: datetime


class EligibilityRuleLaunched(Event):
    """A version of an eligibility rule binds from ``valid_from`` on."""

    code: str
    number: int
    valid_from: datetime


class EligibilityRuleEnded(Event):
    """A version of an eligibility rule binds no longer from ``valid_until`` on."""

    code: str
    number: int
    valid_until: datetime


class VersionDrafted(Event):
    """A new version of something in the catalogue is being designed; ``noun`` is its block in the file (specifications, offerings …)."""

    noun: str
    code: str
    number: int


class VersionChanged(Event):
    """A draft says something else."""

    noun: str
    code: str
    number: int


class VersionDiscarded(Event):
    """A draft was taken away."""

    noun: str
    code: str
    number: int


class VersionMoved(Event):
    """A version went to another state of its life; ``valid_from`` and ``valid_until`` say when it holds."""

    noun: str
    code: str
    number: int
    from_state: str
    to_state: str
    valid_from: datetime
    valid_until: datetime | None
