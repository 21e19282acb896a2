"""The price of anything for anybody, as plain data with words in the reader's language: for the price simulator and the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from tongke.areas.account import queries as accounts
from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries import Configuration, Discount, Promotion, Quote, QuoteLine
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who would buy: a customer, or what is supposed of one. ``account_id`` names the account whose cycle day counts."""

    customer_id: UUID | None = None
    account_id: UUID | None = None
    segment: str = ""
    level: str = ""
    org_id: int | None = None
    channel: str = ""
    new_customer: bool = True
    cycle_day: int = 1


def simulate_price(
    offering: UUID | str, *, buyer: Buyer, configuration: Configuration | None = None, promotions: Sequence[str] | None = None,
    discounts: Sequence[Discount] = (), with_promised: bool = True, choose: str = "best", on: date | None = None, by: Actor, at: datetime,
) -> dict[str, Any]:
    """Return the price of an offer (code: the version on sale; id: that version, a draft too) for a buyer, as plain data.

    ``configuration`` says what was chosen; who buys is taken from ``buyer``. ``promotions`` are codes to try (``None``: all that
    run); the best or, by ``choose="priority"``, the first combination is applied. Discounts that were promised to the customer are
    applied unless ``with_promised`` is false. Needs ``ordering.price``. Raises ``NotFound``, ``UnknownOffering``.
    """
    by.require("ordering.price")
    known = _known(buyer, by=by)
    asked = replace(
        configuration or Configuration(), segment=known.segment, level=known.level, areas=catalogue.areas_of(known.org_id or by.base_org_id),
        channel=known.channel, new_customer=known.new_customer)
    priced = catalogue.priced_offering(offering, at=at)
    running = catalogue.promotions_running(priced.code, at=at)
    tried = [p for p in running if promotions is None or p.code in promotions]
    promised = [catalogue.as_discount(g, at=at) for g in catalogue.discounts_promised(
        known.customer_id, offering_code=priced.code, at=at)] if with_promised and known.customer_id else []
    quote = catalogue.quote(
        priced, configuration=asked, promotions=tried, discounts=[*promised, *discounts], choose=choose, cycle_day=known.cycle_day,
        zone=by.zone, on=on, at=at)
    return quote_as_data(quote) | {"promotions": [_promotion(p, quote, asked, priced, at=at) for p in running]}


def _known(buyer: Buyer, *, by: Actor) -> Buyer:
    """The buyer with what the records say of the customer; what was supposed beside it does not count then."""
    if buyer.customer_id is None:
        return buyer
    customer = parties.customer_brief(buyer.customer_id)
    held = accounts.accounts_of_customer(customer.id, by=by) if by.may("account.view") else []
    chosen = next((a for a in held if a.id == buyer.account_id), held[0] if held else None)
    return replace(
        buyer, segment=customer.segment, level=customer.level, org_id=customer.org_id, new_customer=customer.state == "prospect",
        cycle_day=chosen.cycle_day if chosen else buyer.cycle_day)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _name(zh: str, en: str, code: str = "") -> str:
    return (en if _english() and en else zh) or en or code


def quote_as_data(quote: Quote) -> dict[str, Any]:
    """Return a quote as plain data: amounts stay decimals, every sentence is in the active language."""
    return {
        "offering": quote.offering, "version": quote.version, "name": _name(quote.name_zh, quote.name_en, quote.offering),
        "currency": quote.currency, "starts_on": quote.starts_on, "period_start": quote.period_start, "period_end": quote.period_end,
        "now": _due(quote.now), "first_bill": _due(quote.first_bill), "monthly": _due(quote.monthly), "at_end": _due(quote.at_end),
        "months": list(quote.months(max(MONTHS_SHOWN, quote.term.months if quote.term else 0))), "lines": [_line(line) for line in quote.lines],
        "allowances": [
            {"usage_type": a.usage_type, "amount": a.amount, "first": first.amount, "rollover_months": a.rollover_months, "shared": a.shared}
            for a, first in zip(quote.allowances, quote.first_allowances, strict=True)
        ],
        "term": None if quote.term is None else {
            "code": quote.term.code, "name": _name(quote.term.name_zh, quote.term.name_en, quote.term.code), "months": quote.term.months,
            "penalty_kind": quote.term.penalty_kind, "floor_amount": quote.term.floor_amount,
        },
        "returned": [{"code": r.code, "parts": list(r.parts), "total": sum(r.parts, Decimal(0))} for r in quote.returned],
        "gifts": [{"code": g.code, "name": _name(g.name_zh, g.name_en, g.code), "kind": g.kind, "amount": g.amount} for g in quote.gifts],
        "broken": [{"code": b.code, "message": b.message, "advice": b.advice, "field": b.field} for b in quote.broken],
    }


def _due(due: Any) -> dict[str, Decimal]:
    return {"total": due.total, "tax": due.tax, "net": due.total - due.tax}


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "code": line.code, "kind": line.kind, "name": _name(line.name_zh, line.name_en, line.code), "part_code": line.part_code,
        "quantity": line.quantity, "unit": line.unit, "unit_size": line.unit_size, "unit_amount": line.unit_amount, "before": line.before,
        "net": line.net, "tax_category": line.tax_category, "tax_percent": line.tax_percent, "tax_included": line.tax_included, "tax": line.tax,
        "total": line.total, "period": line.period, "first": line.first, "first_tax": line.first_tax, "tiers": list(line.tiers),
        "tier_mode": line.tier_mode if line.tiers else "",
        "reductions": [
            {"code": r.code, "name": _name(r.name_zh, r.name_en, r.code), "amount": r.amount, "since": r.since, "months": r.months, "rule": r.trace.code,
             "says": r.trace.says, "source": r.trace.source} for r in line.reductions
        ],
        "rules": [{"code": t.code, "says": t.says, "source": t.source} for t in line.traces],
    }


def _promotion(
    promotion: Promotion, quote: Quote, asked: Configuration, offering: catalogue.PricedOffering, *, at: datetime,
) -> dict[str, Any]:
    """A running promotion: whether it was applied, and what stands against it where it cannot be."""
    against = catalogue.promotion_objections(promotion, offering, asked, at=at)
    return {
        "code": promotion.code, "version": promotion.version, "name": _name(promotion.name_zh, promotion.name_en, promotion.code),
        "kind": promotion.benefit.kind, "applied": promotion.code in quote.promotions, "priority": promotion.priority,
        "stacking_group": promotion.stacking_group, "against": [{"code": b.code, "message": b.message, "advice": b.advice} for b in against],
    }
