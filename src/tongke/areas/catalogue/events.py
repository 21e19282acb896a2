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
