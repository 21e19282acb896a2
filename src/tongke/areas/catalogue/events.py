"""Facts that the catalogue room announces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

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


class ShelfAdded(Event):
    """There is a new catalogue or category; ``noun`` is its block in the file (catalogues, categories)."""

    noun: str
    code: str


class ShelfChanged(Event):
    """A catalogue or category says something else, or other offerings stand in it."""

    noun: str
    code: str


class ShelfMoved(Event):
    """A catalogue or category went to another state of its life."""

    noun: str
    code: str
    from_state: str
    to_state: str


class ShelfRemoved(Event):
    """A catalogue or category was taken away."""

    noun: str
    code: str


class PriceAdded(Event):
    """A draft of an offering has a new price."""

    offering_id: UUID
    code: str


class PriceChanged(Event):
    """A price of a draft says something else."""

    offering_id: UUID
    code: str


class PriceMoved(Event):
    """A price went to another state together with its offering's version."""

    offering_id: UUID
    from_state: str
    to_state: str


class PriceRemoved(Event):
    """A price was taken from a draft, or went away with it."""

    offering_id: UUID
    code: str


class CatalogueImported(Event):
    """A file that speaks of a catalogue was imported: ``changed`` of its entries made a difference."""

    mode: str
    changed: int


class VersionMoved(Event):
    """A version went to another state of its life; ``valid_from`` and ``valid_until`` say when it holds."""

    noun: str
    code: str
    number: int
    from_state: str
    to_state: str
    valid_from: datetime
    valid_until: datetime | None
