"""Facts that the inventory room announces."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from tongke.kernel.outbox import Event


class LineInstalled(Event):
    """A line was installed for a customer."""

    kind: str


class LineStateChanged(Event):
    """A line was suspended, resumed or ended."""

    from_state: str
    to_state: str
    reason: str


class ProductInstalled(Event):
    """A customer holds a product from now on."""

    offering_code: str
    offering_version: int
    subscriber_id: UUID | None


class ProductEnded(Event):
    """A product ended."""

    offering_code: str
    reason: str


class ProductStateChanged(Event):
    """A product went to another state of its life; ``with_line``: because its line did, like the line's other products."""

    from_state: str
    to_state: str
    reason: str
    with_line: bool = False


class ProductChanged(Event):
    """The fee, the contract or the characteristics of a product changed."""

    fields: list[str]


class ProductMigrated(Event):
    """A product is of another version of its offering, or of another offering, from now on; the customer's choice stays (X2)."""

    from_offering_id: UUID
    offering_id: UUID
    offering_code: str
    offering_version: int
    from_version: int
    fee_before: Decimal
    fee_after: Decimal
    reason: str


class ProductRemoved(Event):
    """A product that never came to life was taken away."""

    offering_code: str


class PayerAssigned(Event):
    """Another account pays charges of a line from now on."""

    account_id: UUID
    charge_type: str


class LineGiven(Event):
    """The customer gave a line to another (过户)."""

    to_customer_id: UUID
    reason: str
    evidence: str


class LineReceived(Event):
    """The customer took a line over from another (过户)."""

    from_customer_id: UUID
    reason: str
    evidence: str
