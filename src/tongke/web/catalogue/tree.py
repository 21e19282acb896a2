"""The catalogue: its categories as a tree, and the offerings as a list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.states import DRAFTS, LifeCycle, OfferingKind
from tongke.areas.inventory.queries import installed
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.catalogue.words import CHANNELS, KIND_ICONS, SEGMENTS, STATE_TONES
from tongke.web.kit import (
    Amount,
    Ask,
    Button,
    ChoiceFilter,
    Column,
    Day,
    Empty,
    Export,
    Filter,
    FlagFilter,
    Link,
    ListPage,
    Number,
    State,
    Tags,
    Text,
    TextFilter,
    formatting,
)
from tongke.web.kit.rows import Screen, queryset_count, queryset_rows

SHOWN_MAX = 10_000
MAKING = Q(next_id__isnull=False) | Q(state__in=[*DRAFTS, LifeCycle.ACTIVE])


@dataclass(frozen=True, kw_only=True)
class SearchFilter(TextFilter):
    """Any part of a code or a name; the catalogue is small enough to be read through."""

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        return Q(code__icontains=value) | Q(name_zh__icontains=value) | Q(name_en__icontains=value)


@dataclass(frozen=True, kw_only=True)
class CategoryFilter(ChoiceFilter):
    """A category with everything below it."""

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        return Q(code__in=board.codes_in_category(value))


@dataclass(frozen=True, kw_only=True)
class SomewhereFilter(ChoiceFilter):
    """Rows whose list ``lookup`` names the choice, or names none at all: then everything fits."""

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        field = self.lookup or self.key
        return Q(**{field: []}) | Q(**{f"{field}__contains": [value]})


@dataclass(frozen=True, kw_only=True)
class AreaFilter(SomewhereFilter):
    """Offers that are sold in an organisation: by itself or by one above it."""

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        tree = staff.org_labels()
        above, at = [int(value)], tree.get(int(value))
        while at is not None and at.parent_id is not None:
            above.append(at.parent_id)
            at = tree.get(at.parent_id)
        return Q(org_id__in=above) & (Q(sold_in=[]) | Q(sold_in__overlap=above))


def making_of(rows: Any) -> Any:
    """Return the offers that have a version in the making: the one that stands, or one beside it."""
    return rows.filter(MAKING)


@dataclass(frozen=True, kw_only=True)
class MakingFilter(FlagFilter):
    """Only offers with a version in the making."""

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        del value
        return MAKING


def category_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return every category, indented by its depth."""
    out: list[tuple[str, str]] = []

    def walk(branches: Sequence[board.Branch], depth: int) -> None:
        for one in branches:
            out.append((one.code, "\N{EM SPACE}" * depth + formatting.name(one)))
            walk(one.branches, depth + 1)

    for root in board.category_tree(by=actor):
        walk(root.branches, 0)
    return out


def org_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the organisations that keep rows and that the actor sees."""
    return [(org.id, org.name) for org in staff.orgs_offered(by=actor)]


def installed_by_code(codes: Sequence[str], *, by: Actor) -> dict[str, int]:
    """Return how many products of each offering are installed, whatever their version; empty for who may not see products."""
    if not by.may("inventory.view"):
        return {}
    ids = board.version_ids(codes)
    counts = installed.installed_counts([row_id for found in ids.values() for row_id in found], by=by)
    return {code: sum(counts.get(row_id, 0) for row_id in found) for code, found in ids.items()}


def offer_address(row: Any) -> str:
    """Return the page of an offering's version."""
    return reverse("catalogue-offering", args=[row.id])


def waiting_words(row: Any) -> list[tuple[str, str]]:
    """Return the version that waits beside the one on sale, as a badge."""
    if row.next_version is None:
        return []
    return [(f"v{row.next_version} {LifeCycle(row.next_state).label}", STATE_TONES[row.next_state])]


class Installed(Number):
    """How many are installed, leading to them."""

    def cell(self, row: Any) -> Any:
        """Return the number as a link."""
        count = self.raw(row)
        words = formatting.NOTHING if count is None else formatting.bounded(count, SHOWN_MAX)
        return Link(key="installed", label="", to=lambda r: reverse("catalogue-installed", args=[r.code]), value=lambda _r: words).cell(row) if count else words


COLUMNS: tuple[Column, ...] = (
    Link(key="name", label=_("Product offer"), to=offer_address, sub="code", value=formatting.name, sort="code"),
    State(key="kind", label=_("Kind"), labels=OfferingKind, sort="kind"),
    State(key="state", label=_("State"), labels=LifeCycle, tones=STATE_TONES, sort="state"),
    Text(key="version", label=_("Version"), value=lambda o: f"v{o.version}", css="tk-num"),
    Tags(key="waits", label=_("In the making"), value=waiting_words),
    Amount(key="monthly_fee", label=_("A month"), currency="currency", sort="monthly_fee", value=lambda o: o.monthly_fee or None),
    Installed(key="installed", label=_("Installed"), permission="inventory.view"),
    Text(key="org", label=_("Belongs to"), value=lambda o: staff.org_name(o.org_id)),
    Day(key="valid_from", label=_("On sale from"), sort="valid_from", hidden=True),
    Text(key="specification", label=_("Specification"), value=lambda o: o.specification.code if o.specification else None, hidden=True),
)


class Catalogue(ListPage):
    """Everything that is, was or will be sold."""

    name, title, permission = "catalogue", _("Catalogue"), "catalogue.view"
    template = "catalogue/tree.html"
    rows = board.offerings_board
    columns = COLUMNS
    filters: ClassVar[Sequence[Filter]] = (
        SearchFilter(key="q", label=_("Name or code"), primary=True),
        ChoiceFilter(key="kind", label=_("Kind"), choices=OfferingKind.choices, primary=True),
        ChoiceFilter(key="state", label=_("State"), choices=LifeCycle.choices, primary=True),
        CategoryFilter(key="category", label=_("Category"), choices=category_choices),
        MakingFilter(key="making", label=_("With a version in the making")),
        AreaFilter(key="area", label=_("Sold in"), choices=org_choices),
        SomewhereFilter(key="channel", label=_("Channel"), choices=CHANNELS, lookup="channels"),
        SomewhereFilter(key="segment", label=_("Segment"), choices=SEGMENTS, lookup="segments"),
    )
    sort = "name"
    size = 50
    export = Export(permission="catalogue.view", rows_max=5000, filename="catalogue")
    empty = Empty(says=_("The catalogue is empty"), mend=_("Begin an offer, or load a catalogue file"), action=_("New offer"),
                  address="/catalogue/offerings/new", permission="catalogue.design", icon="packages")
    buttons = (
        Button(label=_("Try a price"), address="/catalogue/prices/try", icon="calculator", permission="ordering.price", primary=False),
        Button(label=_("New offer"), address="/catalogue/offerings/new", permission="catalogue.design"),
    )

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read the rows, each with how many are installed."""
        found = super().read_rows(ask)
        counts = installed_by_code([row.code for row in found], by=ask.actor)
        for row in found:
            row.installed = counts.get(row.code)
        return found

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Add the tree of categories."""
        return {**super().context_of(found), "roots": board.category_tree(by=self.actor), "chosen": self.values.get("category", ""),
                "kind_icons": KIND_ICONS}


class InstalledProducts(ListPage):
    """The products that customers hold of one offering, in any of its versions or in one."""

    name, permission = "catalogue-installed", "inventory.view"
    template = "catalogue/installed.html"
    columns = (
        Link(key="shown", label=_("Line"), to=lambda p: f"/customers/{p.customer_id}", sort="started_on",
             value=lambda p: formatting.phone(p.shown) if p.shown else p.customer.customer_no),
        Text(key="customer", label=_("Customer"), value=lambda p: p.customer.customer_no, css="tk-num"),
        Text(key="version", label=_("Version"), value=lambda p: f"v{p.offering.version}", css="tk-num"),
        Amount(key="monthly_fee", label=_("A month"), currency="currency"),
        Day(key="started_on", label=_("Since"), sort="started_on"),
        Day(key="contract_until", label=_("Contract until")),
        Text(key="org", label=_("Local network"), value=lambda p: staff.org_name(p.org_id)),
    )
    sort = "-started_on"
    empty = Empty(says=_("Nobody holds this offer"), mend=_("Products appear here once they are installed"), icon="package")

    @cached_property
    def versions(self) -> list[Any]:
        """Every version of the offering in the address; raises ``NotFound`` for a code that is not known."""
        found = board.versions_of(str(self.kwargs["code"]), by=self.actor)
        if not found:
            raise NotFound
        return found

    def narrowed(self, ask: Ask) -> Any:
        """Return the products of the versions asked for."""
        asked = self.query.get("version", "")
        ids = [v.id for v in self.versions if not asked or str(v.version) == asked]
        return installed.products_installed(ids, by=ask.actor)

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read the rows."""
        return queryset_rows(self.narrowed(ask), ask)

    def read_count(self, ask: Ask) -> int:
        """Count the rows."""
        return queryset_count(self.narrowed(ask))

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Name the offering and offer its versions."""
        newest, asked = self.versions[0], self.query.get("version", "")
        tabs: list[tuple[Any, str, bool]] = [(_("All versions"), self.request.path, not asked)]
        tabs += [(f"v{v.version}", f"{self.request.path}?version={v.version}", str(v.version) == asked) for v in self.versions]
        return {**super().context_of(found), "title": formatting.name(newest), "subtitle": _("Installed products"), "tabs": tabs,
                "crumbs": [(_("Catalogue"), reverse("catalogue")), (newest.code, offer_address(newest))]}
