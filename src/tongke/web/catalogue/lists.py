"""Price lists and tax rates: their lists, one price list's version, and their forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.services import shelves
from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import drafting, forms, reading
from tongke.web.catalogue.offering import said
from tongke.web.catalogue.rowforms import RowForm, RowsForm, RowsPage
from tongke.web.catalogue.tree import org_choices
from tongke.web.catalogue.versions import BY_NAME, BY_STATE, IN_THE_MAKING, OWNER, STATE, VERSION, NextVersionOf, OfDraft, version_context
from tongke.web.catalogue.words import CHANNELS, EVERYBODY, SEGMENTS
from tongke.web.kit import (
    Button,
    Day,
    DayField,
    Empty,
    FormPage,
    KitForm,
    Link,
    ListPage,
    Number,
    Page,
    Tags,
    formatting,
)

Data = dict[str, Any]
NOUN = "price_lists"


def start_of(day: Any) -> datetime | None:
    """Return the first instant of a day in the organisation's zone; nothing for none."""
    return None if day is None else datetime.combine(day, time.min, tzinfo=formatting.zone()).astimezone(UTC)


def day_of(instant: datetime | None) -> Any:
    """Return the day of an instant in the organisation's zone."""
    return None if instant is None else formatting.local(instant).date()


def own_page(version_id: Any) -> str:
    """Return the page of a price list's version."""
    return reverse("catalogue-price-list", args=[version_id])


class PriceLists(ListPage):
    """Other prices for a segment, a channel or an area."""

    name, title, permission = "price-lists", _("Price lists"), "catalogue.view"
    subtitle = _("Other prices for a segment, a channel or an area; of several the one of the highest priority holds")
    rows = board.price_lists_board
    columns = (
        Link(key="name", label=_("Price list"), to=lambda p: own_page(p.id), sub="code", value=formatting.name, sort="code"),
        STATE, VERSION, IN_THE_MAKING,
        Tags(key="for", label=_("Who may have it"), value=lambda p: [(word, "info") for word in reading.narrowing(p)]),
        Number(key="priority", label=_("Priority"), sort="priority"), OWNER,
        Day(key="valid_from", label=_("From"), sort="valid_from"), Day(key="valid_until", label=_("Until")),
    )
    filters = (BY_NAME, BY_STATE)
    sort = "-priority"
    empty = Empty(says=_("No price list yet"), mend=_("Offers cost everybody what they say themselves"), action=_("New price list"), address="/catalogue/price-lists/new",
                  permission="catalogue.design", icon="list-numbers")
    buttons = (Button(label=_("New price list"), address="/catalogue/price-lists/new", permission="catalogue.design"),)


class EntryRow(RowForm):
    """One price on a list."""

    offering_code = forms.choice(_("Product offer"), (), required=True)
    price_code = forms.code(_("Price"), small=True, help_text="")
    amount = forms.number(_("Amount (¥)"), digits=6)
    percent = forms.number(_("or percent of the offer's own"))

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "offering_code", [("", "–"), *offers])


class PriceListForm(RowsForm):
    """A price list's version."""

    row, row_name, add_name, none_yet = EntryRow, _("Entry"), _("Add an entry"), _("No entry yet")
    sections = ((_("Price list"), ("code", "name_zh", "name_en", "priority")), (_("Who may have it"), ("segment", "channel", "area_id")),
                (_("From when"), ("valid_from", "valid_until", "note")))
    code = forms.code()
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    priority = forms.whole(_("Priority"), least=-1000, most=1000, help_text=_("Higher wins"))
    segment = forms.choice(_("Segment"), SEGMENTS, empty=EVERYBODY)
    channel = forms.choice(_("Channel"), CHANNELS, empty=("", _("Every channel")))
    area_id = forms.choice(_("Area"), (), empty=("", _("Everywhere")))
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from the launch on"))
    valid_until = DayField(label=_("Until (that day no longer)"), required=False)
    note = forms.text(_("Note for colleagues"), 2000, rows=2)

    def __init__(self, *args: Any, areas: Sequence[tuple[Any, str]] = (), known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "area_id", [("", _("Everywhere")), *areas])
        if known:
            del self.fields["code"]


class EditPriceList(OfDraft, RowsPage):
    """A new price list, or the draft of one."""

    name, noun, permission, form, template, watches = "catalogue-price-list-edit", NOUN, "catalogue.design", PriceListForm, "catalogue/rows.html", True

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the list."""
        del request, kwargs
        version = self.version
        return {"title": formatting.name(version.content) if version else _("New price list"), "crumbs": [(_("Price lists"), reverse("catalogue-price-lists"))]}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        del kwargs
        if self.version is None:
            return {"priority": 0}
        found = self.version.content.model_dump(exclude={"entries"})
        return {**found, "valid_from": day_of(found["valid_from"]), "valid_until": day_of(found["valid_until"])}

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Return the entries."""
        del kwargs
        return [] if self.version is None else [entry.model_dump() for entry in self.version.content.entries]

    def row_options(self, **kwargs: Any) -> Data:
        """Offer every offer."""
        del kwargs
        return {"offers": drafting.offer_choices(self.actor)}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the areas; a known list keeps its code."""
        return super().form_options(**kwargs) | {"areas": org_choices(self.actor), "known": self.version is not None}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the version, or the list."""
        return own_page(kwargs["version_id"]) if "version_id" in kwargs else reverse("catalogue-price-lists")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Draft it, or put it into the draft."""
        del kwargs
        code = data.pop("code", "")
        fields = drafting.given({name: value for name, value in data.items() if name != "rows"})
        content = {**fields, "valid_from": start_of(data["valid_from"]), "valid_until": start_of(data["valid_until"]), "entries": [drafting.given(row) for row in data["rows"]]}
        version = self.version
        if version is None:
            return own_page(design.draft_version(noun=NOUN, code=code, content={**content, "org_id": by.base_org_id or 1}, by=by, at=at))
        design.edit_version(noun=NOUN, version_id=version.id, content={**content, "org_id": version.content.org_id}, seen_at=version.changed_at, by=by, at=at)
        return own_page(version.id)


class NextPriceList(NextVersionOf):
    """The next version of a price list."""

    noun = NOUN


class PriceListPage(Page):
    """A version of a price list with its entries."""

    permission, template = "catalogue.view", "catalogue/price_list.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return its entries beside the offers' own prices."""
        del request
        version = said(kwargs["version_id"], noun=NOUN)
        known = contents.newest("offerings", [entry.offering_code for entry in version.content.entries])
        return {**version_context(version, self), "entries": [entry_line(entry, known) for entry in version.content.entries],
                "for_whom": reading.narrowing(version.content), "edit": reverse("catalogue-price-list-edit", args=[version.id]),
                "next": reverse("catalogue-price-list-next", args=[version.id])}


def entry_line(entry: Any, known: Any) -> Data:
    """Return an entry beside the offer's own price."""
    offer = known.get(entry.offering_code)
    own = next((p for p in offer.content.prices if p.code == entry.price_code), None) if offer else None
    new = entry.amount if entry.amount is not None else own.amount * entry.percent / Decimal(100) if own is not None else None
    return {"code": entry.offering_code, "offer": formatting.name(offer.content) if offer else entry.offering_code, "price": formatting.name(own) if own else entry.price_code,
            "own": reading.amount_words(own.amount) if own else None, "new": reading.amount_words(new) if new is not None else None,
            "percent": None if entry.percent is None else f"{entry.percent.normalize():f}%"}


class TaxRates(Page):
    """Tax categories with their rates over time."""

    title, permission, template = _("Tax rates"), "catalogue.view", "catalogue/taxes.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return every category, the rate in force marked."""
        del request, kwargs
        at = clock.now()
        return {"taxes": [(code, tax, tax.percent_at(at)) for code, tax in contents.tax_rates().items()], "at": at, "may_change": self.actor.may("catalogue.publish"),
                "subtitle": _("A rate that has begun stands; another one begins on a day that is ahead")}


class RateForm(KitForm):
    """A rate from a day on."""

    category = forms.text(_("Tax category"), 20, required=True, help_text=_("Small letters, digits and _"))
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    percent = forms.number(_("Percent"), required=True)
    valid_from = DayField(label=_("From"))

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["category"]


class ChangeRate(FormPage):
    """A new category, or another rate of a known one."""

    name, title, permission, form, template = "catalogue-tax-rate", _("Tax rate"), "catalogue.publish", RateForm, "catalogue/plain_form.html"
    fields = {"rates": "valid_from", "code": "category"}

    @property
    def known(self) -> Any:
        """What the category says; ``None`` for a new one. Raises ``NotFound``."""
        if "category" not in self.kwargs:
            return None
        found = contents.tax_rates().get(self.kwargs["category"])
        if found is None:
            raise NotFound
        return found

    def initial(self, **kwargs: Any) -> Data:
        """Open with the names."""
        del kwargs
        return {} if self.known is None else {"name_zh": self.known.name_zh, "name_en": self.known.name_en}

    def form_options(self, **kwargs: Any) -> Data:
        """A known category keeps its code."""
        del kwargs
        return {"known": self.known is not None}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back."""
        del request, kwargs
        return {"crumbs": [(_("Tax rates"), reverse("catalogue-taxes"))]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the rates."""
        del kwargs
        return reverse("catalogue-taxes")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Write the rate behind those that stand."""
        begins = start_of(data["valid_from"])
        before = [] if self.known is None else [rate.model_dump() for rate in self.known.rates if rate.valid_from != begins]
        rates = sorted([*before, {"valid_from": begins, "percent": data["percent"]}], key=lambda rate: rate["valid_from"])
        org_id = by.base_org_id or 1 if self.known is None else self.known.org_id
        shelves.set_tax_rates(category=data.get("category") or self.kwargs["category"], by=by, at=at, content={
            "org_id": org_id, "name_zh": data["name_zh"], "name_en": data["name_en"], "rates": rates})
        return self.cancel_address(**kwargs)
