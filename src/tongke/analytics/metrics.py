"""The metric dictionary (口径): every figure of every report is declared here once, with its definition.

A metric is an aggregate over one published view (``export_*``), the rows it counts, and the dimensions by
which it may be broken down. Reports name metrics by code, so two reports cannot count differently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to break a figure down: ``sql`` over the metric's view; ``drill`` the list filter that shows the rows."""

    code: str
    label: Any
    sql: str
    drill: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One agreed figure. ``sql`` is the aggregate, ``where`` the rows that count, ``page`` the list of its rows."""

    code: str
    name: Any
    definition: Any
    unit: Any
    view: str
    sql: str
    where: str = "true"
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    page: str = ""
    page_filter: str = ""


def _dims(*dimensions: Dimension) -> dict[str, Dimension]:
    return {d.code: d for d in dimensions}


ORG = Dimension("org", _("Local network"), "v.org_id", "org")
_CUSTOMER = _dims(
    ORG,
    Dimension("segment", _("Segment"), "v.segment", "segment"),
    Dimension("level", _("Level"), "v.level", "level"),
    Dimension("state", _("State"), "v.state", "state"),
    Dimension("credit_class", _("Credit class"), "v.credit_class"),
)
_LINE = _dims(ORG, Dimension("kind", _("Kind of line"), "v.kind"), Dimension("state", _("State"), "v.state"))

METRICS: dict[str, Metric] = {m.code: m for m in (
    Metric("CUS-01", _("Customers in force"), _("Customers whose state is active or suspended; merged records count once, with their survivor"),
           _("customers"), "export_customer", "count(*)", "v.state IN ('active', 'suspended')", _CUSTOMER, "/customers", "state=active&state=suspended"),
    Metric("CUS-02", _("Customers"), _("All customer records in any state, merged records counted once, with their survivor"),
           _("customers"), "export_customer", "count(*)", "true", _CUSTOMER, "/customers"),
    Metric("CUS-03", _("New customers"), _("Customers by the month in which they became one"),
           _("customers"), "export_customer", "count(*)", "true",
           _CUSTOMER | _dims(Dimension("month", _("Month"), "to_char(v.since_on, 'YYYY-MM')", "since")), "/customers"),
    Metric("CUS-04", _("Customers who left"), _("Customers by the month in which they left"),
           _("customers"), "export_customer", "count(*)", "v.left_on IS NOT NULL",
           _CUSTOMER | _dims(Dimension("month", _("Month"), "to_char(v.left_on, 'YYYY-MM')")), "/customers", "state=left"),
    Metric("LIN-01", _("Lines in force"), _("Lines whose state is active or suspended"),
           _("lines"), "export_line", "count(*)", "v.state IN ('active', 'suspended')", _LINE),
    Metric("LIN-02", _("Lines ended"), _("Lines by the month in which they ended"),
           _("lines"), "export_line", "count(*)", "v.ended_on IS NOT NULL",
           _LINE | _dims(Dimension("month", _("Month"), "to_char(v.ended_on, 'YYYY-MM')"))),
    Metric("ACC-01", _("Amount owed"), _("Sum of what billing accounts in force owe; open bills less payments"),
           _("CNY"), "export_account", "sum(v.owed)", "v.state = 'active'",
           _dims(ORG, Dimension("payment_kind", _("Way of paying"), "v.payment_kind"))),
    Metric("BIL-01", _("Billed amount"), _("Sum of bill totals by the month in which the billed period starts"),
           _("CNY"), "export_bill", "sum(v.total)", "true",
           _dims(ORG, Dimension("month", _("Month"), "to_char(v.period_from, 'YYYY-MM')"), Dimension("state", _("State"), "v.state"))),
    Metric("CON-01", _("Contacts"), _("Recorded contacts by channel, kind and month"),
           _("contacts"), "export_interaction", "count(*)", "true",
           _dims(ORG, Dimension("channel", _("Channel"), "v.channel"), Dimension("kind", _("Kind of contact"), "v.kind"),
                 Dimension("month", _("Month"), "to_char(v.occurred_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"))),
    Metric("PTY-01", _("Completeness of records"), _("Mean completeness score of parties, 0 to 100"),
           _("points"), "export_party", "round(avg(v.completeness), 1)", "true",
           _dims(ORG, Dimension("kind", _("Kind of party"), "v.kind"))),
    Metric("BLK-01", _("Blacklist entries in force"), _("Entries that are in force or appealed"),
           _("entries"), "export_blacklist", "count(*)", "v.state IN ('active', 'appealed')",
           _dims(ORG, Dimension("cause", _("Cause"), "v.cause"), Dimension("effect", _("Effect"), "v.effect")), "/blacklist"),
)}
