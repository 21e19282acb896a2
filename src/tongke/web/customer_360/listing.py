"""The list of customers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.queries.lists import CustomerFilter, CustomerLine, customer_count, customer_lines
from tongke.areas.party.states import CustomerState, Level, PartyKind, Segment
from tongke.areas.staff.queries import orgs_offered, staff_visible_to
from tongke.kernel.actor import Actor
from tongke.web.customer_360.words import TONES
from tongke.web.kit import formatting
from tongke.web.kit.columns import Amount, Day, Link, Number, Phone, State, Text
from tongke.web.kit.filters import AnyOfFilter, ChoiceFilter, DayRangeFilter
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.rows import Ask
from tongke.web.staff.exporting import controlled_export

MANAGERS_MAX = 200


def _org_choices(actor: Actor) -> list[tuple[Any, Any]]:
    return [(org.id, org.name) for org in orgs_offered(by=actor)]


def _manager_choices(actor: Actor) -> list[tuple[Any, Any]]:
    people = staff_visible_to(actor).filter(is_active=True).order_by("username")[:MANAGERS_MAX]
    return [(person.id, formatting.name(person)) for person in people]


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _manager(row: CustomerLine) -> str | None:
    return row.manager_zh if _chinese() else row.manager_en or row.manager_zh


class Customers(ListPage):
    """Customers in sight, narrowed, sorted, fifty at a time; the count stops at a thousand."""

    name, title, permission = "customers", _("Customers"), "party.view"
    columns = (
        Link(key="name", label=_("Name"), sub="customer_no", to=lambda row: f"/customers/{row.id}", sort="name_key"),
        Phone(key="phone", label=_("Phone")),
        State(key="state", label=_("State"), labels=CustomerState, tones=TONES),
        State(key="segment", label=_("Segment"), labels=Segment),
        State(key="level", label=_("Level"), labels=Level, tones={"gold": "warn", "diamond": "info"}),
        State(key="kind", label=_("Kind"), labels=PartyKind, hidden=True),
        Text(key="org_id", label=_("Organisation"), value=lambda row: row.org_zh if _chinese() else row.org_en or row.org_zh),
        Text(key="manager_zh", label=_("Account manager"), hidden=True, value=_manager),
        Number(key="completeness", label=_("Complete"), unit="%", sort="completeness"),
        Amount(key="value", label=_("Value"), sort="value", value=lambda row: row.value or None),
        Day(key="since_on", label=_("Customer since")),
        Day(key="created_at", label=_("Entered"), sort="created_at"),
    )
    filters = (
        ChoiceFilter(key="org", label=_("Organisation"), choices=_org_choices, cast=int, primary=True),
        AnyOfFilter(key="segment", label=_("Segment"), choices=Segment.choices),
        AnyOfFilter(key="level", label=_("Level"), choices=Level.choices),
        AnyOfFilter(key="state", label=_("State"), choices=CustomerState.choices),
        ChoiceFilter(key="manager", label=_("Account manager"), choices=_manager_choices, cast=UUID),
        DayRangeFilter(key="since", label=_("Customer since"), of_days=True),
    )
    sort = "-created_at"
    export = controlled_export("party.export", "customers")
    buttons = (Button(label=_("New customer"), address="/customers/new", icon="user-plus", permission="party.create"),)
    empty = Empty(
        says=_("No customer in your area of responsibility yet"), mend=_("Create one, or load a file"), action=_("New customer"),
        address="/customers/new", permission="party.create", icon="users",
    )

    @cached_property
    def wanted(self) -> CustomerFilter:
        """The filters, as the party room takes them."""
        values = self.values
        org = values.get("org")
        return CustomerFilter(
            orgs=() if org is None else (org,), states=values.get("state", ()), segments=values.get("segment", ()),
            levels=values.get("level", ()), manager_id=values.get("manager"), since=values.get("since", (None, None)),
        )

    @cached_property
    def bounded_count(self) -> int:
        """How many match, at most one above the bound; asked once."""
        return customer_count(self.wanted, by=self.actor)

    def read_count(self, ask: Ask) -> int:
        """Count what matches, bounded."""
        del ask
        return self.bounded_count

    def read_rows(self, ask: Ask) -> Sequence[CustomerLine]:
        """Read one screen."""
        return customer_lines(
            self.wanted, sort=ask.sort or "created_at", falling=ask.falling, after=ask.cursor, limit=ask.limit + 1,
            count=self.bounded_count, by=ask.actor,
        )
