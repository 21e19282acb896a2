"""Charts of the role homes, fetched after the page so that a large operator's figures never hold it up."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import Actor
from tongke.web.kit.cards import Card, Drawing
from tongke.web.statistics.figures import chart

WATCHES = ("analyst", "supervisor")
MORE = (_("Statistics"), "/statistics")


def new_customers(actor: Actor, at: datetime) -> Drawing:
    """New customers of the last months."""
    del at
    return Drawing(chart=chart("CUS-03", by=("month",), kind="bar", actor=actor, height="low"), more=MORE)


def customers_by_segment(actor: Actor, at: datetime) -> Drawing:
    """Customers in force by segment."""
    del at
    return Drawing(chart=chart("CUS-01", by=("segment",), kind="bar_lying", actor=actor, height="low"), more=MORE)


def contacts_by_channel(actor: Actor, at: datetime) -> Drawing:
    """Contacts of the last months by channel."""
    del at
    return Drawing(chart=chart("CON-01", by=("month", "channel"), kind="stacked", actor=actor, height="low"), more=MORE)


CHARTS = [
    Card(key="chart-new", label=_("New customers by month"), homes=WATCHES, build=new_customers, permission="analytics.view", icon="chart-bar", order=31, lazy=True),
    Card(key="chart-segment", label=_("Customers by segment"), homes=WATCHES, build=customers_by_segment, permission="analytics.view", icon="chart-pie", order=32, lazy=True),
    Card(key="chart-contacts", label=_("Contacts by channel"), homes=WATCHES, build=contacts_by_channel, permission="analytics.view", icon="phone", order=33, lazy=True),
]
