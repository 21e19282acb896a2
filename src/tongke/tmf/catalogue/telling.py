"""Which official events the catalogue's own facts are told as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tongke.areas.catalogue import events
from tongke.tmf.kit.declared import Told

Payload = Mapping[str, Any]


def _of(noun: str) -> Callable[[Payload], bool]:
    return lambda payload: payload["noun"] == noun


def of_versions(type_: str, noun: str, when: Callable[[Payload], bool] | None = None) -> tuple[Told, ...]:
    """Return the events of something with versions; ``when`` narrows them further."""
    right = when or _of(noun)
    return (
        Told(event=events.VersionDrafted, type=f"{type_}CreateEvent", when=right),
        Told(event=events.VersionChanged, type=f"{type_}AttributeValueChangeEvent", when=right),
        Told(event=events.VersionMoved, type=f"{type_}StateChangeEvent", when=right),
        Told(event=events.VersionDiscarded, type=f"{type_}DeleteEvent", when=right, removes=True),
    )


def of_shelves(type_: str, noun: str) -> tuple[Told, ...]:
    """Return the events of catalogues and categories, which are changed in place."""
    right = _of(noun)
    return (
        Told(event=events.ShelfAdded, type=f"{type_}CreateEvent", when=right),
        Told(event=events.ShelfChanged, type=f"{type_}AttributeValueChangeEvent", when=right),
        Told(event=events.ShelfMoved, type=f"{type_}StateChangeEvent", when=right),
        Told(event=events.ShelfRemoved, type=f"{type_}DeleteEvent", when=right, removes=True),
    )


OF_PRICES = (
    Told(event=events.PriceAdded, type="ProductOfferingPriceCreateEvent"),
    Told(event=events.PriceChanged, type="ProductOfferingPriceAttributeValueChangeEvent"),
    Told(event=events.PriceMoved, type="ProductOfferingPriceStateChangeEvent"),
    Told(event=events.PriceRemoved, type="ProductOfferingPriceDeleteEvent", removes=True),
)
BATCH = Told(event=events.CatalogueImported, type="CatalogBatchEvent")
