"""Priced offerings and quotes: the catalogue read once for each revision, the pure engine on top (docs/pricing.md).

The engine's own words (``Configuration``, ``Quote`` and the others) are offered here: the front door of the room.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from threading import Lock
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue.errors import UnknownOffering
from tongke.areas.catalogue.queries.price_rows import PriceRows, Version, read_price_rows, resolved
from tongke.areas.catalogue.queries.revision import Revision, catalogue_revision
from tongke.areas.catalogue.rules.pricing import engine
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import BEST, Discount, Promotion
from tongke.areas.catalogue.rules.pricing.compiled import PriceBook
from tongke.areas.catalogue.rules.pricing.offer import PricedOffering
from tongke.areas.catalogue.rules.pricing.quoting import Quote

_lock = Lock()
_kept: list[tuple[str, PriceRows, dict[int, PriceBook]]] = []
BOOKS_KEPT = 4


def price_book(*, known: Revision | None = None, at: datetime) -> PriceBook:
    """Return all offers as they are sold at ``at`` with what was quoted of them; made once for each revision of the catalogue.

    ``known`` is the revision where the caller has read it already: then the database is not asked.
    """
    rows, books = _rows_in_force(known)
    era = bisect_right(rows.edges, at)
    found = books.get(era)
    if found is None:
        found = books[era] = _book(rows, at)
    return found


def _rows_in_force(known: Revision | None = None) -> tuple[PriceRows, dict[int, PriceBook]]:
    revision = known or catalogue_revision()
    database = str(connection.settings_dict["NAME"])
    for name, rows, books in _kept:
        if name == database and rows.revision == revision:
            return rows, books
    rows = read_price_rows()
    with _lock:
        made: dict[int, PriceBook] = {}
        _kept.insert(0, (database, rows, made))
        del _kept[BOOKS_KEPT:]
    return rows, made


def _in_force(rows: PriceRows, code: str, at: datetime) -> Version | None:
    """The version that holds at ``at``: the newest whose time covers it, whether or not it is sold by itself."""
    return next((v for v in reversed(rows.by_code.get(code, ())) if v.valid.covers(at)), None)


def _book(rows: PriceRows, at: datetime) -> PriceBook:
    def find(code: str) -> Version | None:
        return _in_force(rows, code, at)

    found = {code: version for code in rows.by_code if (version := find(code)) is not None}
    offerings = {code: resolved(version, find) for code, version in found.items()}
    on_sale = {code: offering for code, offering in offerings.items() if found[code].on_sale}
    return PriceBook(rows.revision[0], offerings, on_sale, rows.taxes, rows.promotions, rows.edges)


def priced_offerings(codes: Iterable[str] | None = None, *, at: datetime) -> dict[str, PricedOffering]:
    """Return offers in force at ``at`` with everything their price follows from, by code; ``None``: all. Unknown codes are left out."""
    offerings = price_book(at=at).offerings
    return dict(offerings) if codes is None else {code: offerings[code] for code in codes if code in offerings}


def priced_offering(offering: UUID | str, *, at: datetime) -> PricedOffering:
    """Return one offer: by code the version in force at ``at``, by id that very version (a draft, one that a customer keeps).

    Raises ``UnknownOffering``.
    """
    if isinstance(offering, str):
        found = price_book(at=at).offerings.get(offering)
        if found is None:
            raise UnknownOffering(offering=offering)
        return found
    rows, _books = _rows_in_force()
    version = rows.by_id.get(str(offering))
    if version is None:
        rows = read_price_rows([offering])
        version = rows.by_id.get(str(offering))
    if version is None:
        raise UnknownOffering(offering=offering)
    return resolved(version, lambda code: _in_force(rows, code, at))


def quote(
    offering: UUID | str | PricedOffering, *, configuration: Configuration, promotions: Sequence[Promotion] = (),
    discounts: Sequence[Discount] = (), choose: str = BEST, cycle_day: int = 1, zone: str = "Asia/Shanghai", on: date | None = None, at: datetime,
) -> Quote:
    """Return the itemised price of a configuration; arguments as of ``rules.pricing.engine.quote``. Raises ``UnknownOffering``."""
    book = price_book(at=at)
    if isinstance(offering, str) and not promotions and not discounts:
        if offering not in book.offerings:
            raise UnknownOffering(offering=offering)
        return book.quote(offering, configuration, cycle_day=cycle_day, zone=zone, on=on, at=at)
    priced = offering if isinstance(offering, PricedOffering) else priced_offering(offering, at=at)
    return engine.quote(
        priced, configuration=configuration, promotions=promotions, discounts=discounts, taxes=book.taxes, choose=choose,
        cycle_day=cycle_day, zone=zone, on=on, at=at,
    )


def quote_many(
    codes: Iterable[str] | None = None, *, configuration: Configuration, cycle_day: int = 1, zone: str = "Asia/Shanghai", on: date | None = None,
    at: datetime,
) -> dict[str, Quote]:
    """Return the prices of many offers (``None``: all) as they are, for one buyer, by code; kept until the catalogue changes."""
    book = price_book(at=at)
    wanted = book.offerings if codes is None else codes
    if configuration.usual:
        return book.quote_many(wanted, configuration, cycle_day=cycle_day, zone=zone, on=on, at=at)
    return {
        code: book.quote(code, configuration, cycle_day=cycle_day, zone=zone, on=on, at=at) for code in wanted if code in book.offerings
    }


def promotions_running(offering_code: str = "", *, at: datetime) -> list[Promotion]:
    """Return launched promotions whose time covers ``at``, those for one offer where given, by priority."""
    return sorted(
        (p for p in price_book(at=at).promotions
         if (p.valid is None or p.valid.covers(at)) and (not offering_code or not p.offerings or offering_code in p.offerings)),
        key=lambda p: (-p.priority, p.code, p.version),
    )
