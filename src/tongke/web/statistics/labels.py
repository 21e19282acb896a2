"""Words for the values that figures are broken down by, and the list where their rows stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

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


def rows_address(metric: Metric, values: Mapping[str, Any]) -> str:
    """The address of the list that shows the rows behind a figure; empty where there is no such list yet
    or it could not be narrowed to exactly these rows."""
    if not metric.page:
        return ""
    query: dict[str, str] = dict(part.split("=", 1) for part in metric.page_filter.split("&") if part)
    for code, value in values.items():
        drill = metric.dimensions[code].drill
        if not drill:
            return ""
        query[drill] = str(value)
    return f"{metric.page}?{urlencode(query)}" if query else metric.page
