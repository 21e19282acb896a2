"""The living style page: every piece of the kit with invented rows, to look at and to test against."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import RulesBroken
from tongke.kernel.rules import Broken
from tongke.web.kit.bulk import Bulk
from tongke.web.kit.chart import Chart, Series
from tongke.web.kit.columns import Ago, Amount, Day, Link, Number, Phone, State, Tags, Text, YesNo
from tongke.web.kit.diff import Change, changes
from tongke.web.kit.export import Export
from tongke.web.kit.filters import AnyOfFilter, ChoiceFilter, DayRangeFilter, FlagFilter, TextFilter
from tongke.web.kit.forms import FormPage
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.page import Page
from tongke.web.kit.rows import COUNT_BOUND, Ask
from tongke.web.kit.timeline import Item, by_day
from tongke.web.kit.widgets import AmountField, DayField, FileField, KitForm, PhoneField

SEEN_BY = "staff.manage_roles"
STATES = [("active", _("Active")), ("suspended", _("Suspended")), ("closed", _("Closed"))]
TONES = {"active": "good", "suspended": "warn", "closed": "off"}
LEVELS = [("gold", _("Gold")), ("silver", _("Silver")), ("plain", _("Standard"))]
NAMES = ["王芳", "李建国", "张伟", "刘洋", "陈静", "杨秀英", "浙江蓝海贸易有限公司", "黄敏", "周杰", "吴秀兰", "John Smith", "孙丽娟"]


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented row."""

    id: int
    number: str
    name: str
    state: str
    level: str
    phone: str
    balance: Decimal
    lines: int
    joined_on: date
    seen_at: datetime
    marks: list[tuple[str, str]]
    vip: bool


def _row(n: int, at: datetime) -> Sample:
    return Sample(
        id=n, number=f"CU{3301000000 + n * 7}", name=NAMES[n % len(NAMES)], state=STATES[(n // 3) % 3][0] if n % 4 else "active",
        level=LEVELS[n % 3][0], phone=f"+86138****{n:04}", balance=Decimal(n * 3731 % 90000 - 12000) / 100, lines=n % 5 + 1,
        joined_on=date(2019, 1, 1) + timedelta(days=n * 2), seen_at=at - timedelta(minutes=n * n // 2),
        marks=[(str(_("Key account")), "info")] if n % 5 == 0 else [], vip=n % 6 == 0,
    )


def _fits(row: Sample, asked: dict[str, Any]) -> bool:
    return (
        asked.get("state") in {None, row.state} and (not asked.get("level") or row.level in asked["level"])
        and row.name.startswith(asked.get("name", "")) and (not asked.get("vip") or row.vip)
    )


def sample_rows(ask: Ask) -> list[Sample]:
    """Return invented rows as a data source would: sorted, beyond the cursor, one more than asked."""
    at = clock.now()
    field = ask.sort or "id"
    rows = sorted((r for r in (_row(n, at) for n in range(1, 1301)) if _fits(r, ask.filters)), key=lambda r: (getattr(r, field), r.id))
    if ask.falling:
        rows.reverse()
    if ask.cursor is not None:
        passed = itertools.dropwhile(lambda r: r.id != ask.cursor[1], rows)  # type: ignore[index]  # only asked with a cursor
        rows = list(passed)[1:]
    return rows[: ask.limit + 1]


def sample_count(ask: Ask) -> int:
    """Count invented rows up to the bound."""
    at = clock.now()
    return min(sum(_fits(_row(n, at), ask.filters) for n in range(1, 1301)), COUNT_BOUND + 1)


def assign_sample(*, sample_id: int, by: Actor, at: datetime) -> None:
    """Pretend to assign a row; every seventh is refused."""
    del by, at
    if sample_id % 7 == 0:
        raise RulesBroken([Broken(code="WEB-91", says=_("The row is with a colleague"), mend=_("Ask the colleague to release it"), field="", values={})])


class SampleList(ListPage):
    """A list with everything on."""

    name = "kit-sample"
    title = _("Sample list")
    permission = SEEN_BY
    fetch = sample_rows
    count = sample_count
    sort = "-joined"
    columns = (
        Link(key="name", label=_("Customer"), to=lambda r: f"/kit?row={r.id}", sub="number", sort="name"),
        State(key="state", label=_("State"), labels=STATES, tones=TONES, sort="state"),
        Phone(key="phone", label=_("Phone")),
        Text(key="level", label=_("Level"), value=lambda r: dict(LEVELS)[r.level]),
        Number(key="lines", label=_("Lines"), sort="lines"),
        Amount(key="balance", label=_("Balance"), sort="balance"),
        Tags(key="marks", label=_("Marks")),
        YesNo(key="vip", label=_("VIP"), phone="hidden"),
        Day(key="joined", label=_("Joined"), value=lambda r: r.joined_on, sort="joined_on"),
        Ago(key="seen_at", label=_("Last contact"), sort="seen_at"),
        Text(key="number", label=_("Number"), hidden=True),
    )
    filters = (
        TextFilter(key="name", label=_("Name"), primary=True, placeholder=_("Begins with…")),
        ChoiceFilter(key="state", label=_("State"), choices=STATES, primary=True),
        AnyOfFilter(key="level", label=_("Level"), choices=LEVELS),
        DayRangeFilter(key="joined", label=_("Joined"), of_days=True),
        FlagFilter(key="vip", label=_("VIP only")),
    )
    bulk = (
        Bulk(key="assign", label=_("Assign to me"), verb=assign_sample, argument="sample_id", icon="user-check", cast=int),
        Bulk(key="close", label=_("Close"), verb=assign_sample, argument="sample_id", icon="lock", cast=int, danger=True,
             confirm=_("Close the marked rows? This cannot be taken back.")),
    )
    export = Export(permission=SEEN_BY, rows_max=500, filename="sample")
    empty = Empty(says=_("No customer yet"), mend=_("Import a file, or create the first one"), action=_("Import"), address="/kit/form")
    buttons = (Button(label=_("New customer"), address="/kit/form", icon="user-plus"),)


class SampleFields(KitForm):
    """Every kind of field."""

    sections = (
        (_("Who"), ("name", "kind", "phone", "born_on")),
        (_("What"), ("amount", "channels", "level", "note", "file", "agreed")),
    )
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As in the document"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), ("person", _("Person")), ("company", _("Company"))])
    phone = PhoneField(label=_("Phone"))
    born_on = DayField(label=_("Born on"), required=False)
    amount = AmountField(label=_("Deposit"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Channels"), required=False, widget=forms.CheckboxSelectMultiple, choices=[("sms", _("SMS")), ("call", _("Call")), ("mail", _("E-mail"))],
    )
    level = forms.ChoiceField(label=_("Level"), required=False, widget=forms.RadioSelect, choices=LEVELS)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    file = FileField(label=_("Document"), required=False, accept=".pdf,image/*")
    agreed = forms.BooleanField(label=_("The customer has agreed to the terms"), required=False)


class SampleForm(FormPage):
    """A form with every kind of field; a name of one letter breaks two rules."""

    title = _("Sample form")
    permission = SEEN_BY
    form = SampleFields
    name = "kit-sample"

    def cancel_address(self, **kwargs: Any) -> str:
        """Return where the Cancel button leads."""
        del kwargs
        return "/kit"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Refuse one-letter names with two broken rules; else go to the style page."""
        del by, at, kwargs
        if len(data["name"]) < 2:
            raise RulesBroken([
                Broken(code="WEB-92", says=_("A name has at least two characters"), mend=_("Write the name as in the document"), field="name", values={}),
                Broken(code="WEB-93", says=_("The customer is on the blacklist"), mend=_("Ask the supervisor for a release"), field="", values={}),
            ])
        return "/kit"


class StylePage(Page):
    """Every piece on one page."""

    title = _("Style page")
    permission = SEEN_BY
    template = "kit/style.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the invented rows and charts."""
        del request, kwargs
        return {"charts": sample_charts(), "days": by_day(sample_items(clock.now())), "changes": sample_changes()}


def sample_charts() -> dict[str, Chart]:
    """One chart of each family."""
    months = [f"2026-{m:02}" for m in range(1, 13)]
    levels = [str(words) for _key, words in LEVELS]
    return {
        "bar": Chart(
            kind="stacked", label=_("Month"), categories=months, links=["/kit/list"] * 12,
            series=[Series(_("Person"), [320 + 17 * (m % 5) for m in range(12)]), Series(_("Company"), [40 + 9 * (m % 4) for m in range(12)])],
        ),
        "pie": Chart(kind="pie", label=_("Level"), categories=levels, series=[Series(_("Customers"), [1200, 5400, 18200])], links=["/kit/list"] * 3),
        "funnel": Chart(
            kind="funnel", label=_("Step"), categories=[_("Lead"), _("Offer"), _("Order"), _("Line")], series=[Series(_("Customers"), [900, 520, 310, 280])],
        ),
        "line": Chart(
            kind="area", label=_("Month"), height="low", categories=months,
            series=[Series(_("Call"), [800 - 30 * m for m in range(12)]), Series(_("App"), [120 + 60 * m for m in range(12)])],
        ),
    }


def sample_items(at: datetime) -> list[Item]:
    """A few happenings of three days."""
    hour = timedelta(hours=1)
    return [
        Item(at=at - hour, title=_("Call about the bill"), text=_("The customer asked about roaming fees; explained, content."), who="周洁 · 10000", sign="phone-incoming", tone="info"),
        Item(at=at - 3 * hour, title=_("Payment received"), text="¥100.00 · Alipay", sign="cash", tone="good", marks=[(str(_("settled")), "good")]),
        Item(at=at - 26 * hour, title=_("Bill made"), text="¥129.00", sign="receipt", address="/kit"),
        Item(at=at - 80 * hour, title=_("Complaint: slow broadband"), text=_("Engineer sent, line replaced."), who="李敏", sign="alert-triangle", tone="bad"),
    ]


def sample_changes() -> list[Change]:
    """A change of three fields."""
    labels = {"name": _("Name"), "address": _("Address"), "email": _("E-mail")}
    return changes({"name": "王方", "address": "文三路 1 号", "email": ""}, {"name": "王芳", "address": "文三路 100 号", "email": "w***@example.cn"}, labels)


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """Answer an invented clear value, as a real reveal address does; the purpose must be said."""
    if not request.POST.get("purpose", "").strip():
        raise RulesBroken([Broken(code="WEB-94", says=_("Say what the value is needed for"), mend=_("Write the purpose"), field="purpose", values={})])
    return HttpResponse("138 5710 0001", content_type="text/plain; charset=utf-8")


def progress(request: HttpRequest) -> JsonResponse:
    """Answer how far an invented job is: it moves with the clock and ends every two minutes."""
    del request
    second = int(clock.now().timestamp()) % 120
    return JsonResponse({"done": second * 1000, "total": 120000, "state": "running", "text": ""})


reveal.permission = progress.permission = SEEN_BY  # type: ignore[attr-defined]  # functions carry it like views of a class


