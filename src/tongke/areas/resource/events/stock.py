"""Facts about stock."""

from __future__ import annotations

from uuid import UUID

from tongke.kernel.outbox import Event


class StockReceived(Event):
    """A supplier's delivery was received; ``subject_id`` is the delivery."""

    stock_place_id: UUID
    model_id: UUID
    quantity: int


class StockItemMoved(Event):
    """An item went to another state or place."""

    verb: str
    from_state: str
    to_state: str
    stock_place_id: UUID
    reference: str


class StockSent(Event):
    """Items are on their way to another stock place; ``subject_id`` is the transfer."""

    number: str
    from_place_id: UUID
    to_place_id: UUID
    quantity: int


class StockArrived(Event):
    """The receiving end took a transfer in; ``missing`` and ``extra`` are the differences."""

    number: str
    to_place_id: UUID
    received: int
    missing: int
    extra: int


class TransferSettled(Event):
    """What was missing from a transfer was found at the sender's, or given up as lost."""

    number: str
    returned: int
    lost: int


class StockCounted(Event):
    """A stocktake was closed by a second person; ``lost`` items were given up, ``surplus`` ones taken in."""

    number: str
    stock_place_id: UUID
    expected: int
    found: int
    lost: int
    surplus: int


class StockWatched(Event):
    """A model is watched at a place from now on; ``stock_id`` is its stock there (``rules.stock.stock_id``)."""

    stock_id: UUID
    stock_place_id: UUID
    model_id: UUID
    low_at: int
    target: int


class StockLow(Event):
    """Of a model too little is left at a place; ``subject_id`` is the alarm's row."""

    stock_id: UUID
    stock_place_id: UUID
    model_id: UUID
    left: int
    low_at: int
    target: int


class StockPlentyAgain(Event):
    """Of a model there is enough at a place again."""

    stock_id: UUID
    stock_place_id: UUID
    model_id: UUID
    left: int
