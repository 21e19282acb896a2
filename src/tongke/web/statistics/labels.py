"""Words for the values that figures are broken down by, and the list where their rows stand."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tongke.analytics.metrics import Metric
from tongke.areas.account.states import BillState, PaymentKind
from tongke.areas.contact_centre.states import Channel, InteractionKind
from tongke.areas.inventory.states import ProductState, SubscriberKind
from tongke.areas.party.states import (
    BlacklistCause,
    BlacklistEffect,
    CreditClass,
    CustomerState,
    Level,
    PartyKind,
    Segment,
)
from tongke.areas.staff import queries as staff

_WORDS: dict[tuple[str, str], Any] = {
    ("export_customer", "segment"): Segment, ("export_customer", "level"): Level, ("export_customer", "state"): CustomerState,
    ("export_customer", "credit_class"): CreditClass, ("export_line", "kind"): SubscriberKind, ("export_line", "state"): ProductState,
    ("export_account", "payment_kind"): PaymentKind, ("export_bill", "state"): BillState, ("export_interaction", "channel"): Channel,
    ("export_interaction", "kind"): InteractionKind, ("export_party", "kind"): PartyKind, ("export_blacklist", "cause"): BlacklistCause,
    ("export_blacklist", "effect"): BlacklistEffect,
}


def words(metric: Metric, dimension: str, value: Any) -> str:
    """The word for a dimension's value in the active language; the value itself where it has none."""
    if dimension == "org":
        return staff.org_name(value)
    labels = _WORDS.get((metric.view, dimension))
    return str(dict(labels.choices).get(value, value)) if labels else str(value if value is not None else "–")


def _month(drill: str, month: str) -> list[tuple[str, str]]:
    """A month as the list's first and last day."""
    year, number = map(int, month.split("-"))
    return [(f"{drill}_from", f"{month}-01"), (f"{drill}_to", f"{month}-{monthrange(year, number)[1]:02d}")]


def rows_address(metric: Metric, values: Mapping[str, Any]) -> str:
    """The address of the list that shows the rows behind a figure; empty where there is no such list yet
    or it could not be narrowed to exactly these rows.
    """
    if not metric.page:
        return ""
    query: list[tuple[str, str]] = parse_qsl(metric.page_filter)
    for code, value in values.items():
        drill = metric.dimensions[code].drill
        if not drill:
            return ""
        # What the mark says replaces what the metric itself keeps: "suspended" is within "in force".
        query = [(key, held) for key, held in query if key != drill]
        query += _month(drill, str(value)) if code == "month" else [(drill, str(value))]
    return f"{metric.page}?{urlencode(query)}" if query else metric.page
