"""Models, suppliers, stock places and levels: short lists and the forms that record them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries import OnHand
from tongke.areas.resource.states import ItemKind, StockPlaceKind
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit import Ago, Button, ChoiceFilter, Empty, FlagFilter, FormPage, KitForm, Link, Number, State, Tags, Text
from tongke.web.stock.frame import COUNT, MOVE, PAIRS_MAX, ShortList, code_choices, org_choices, place_choices
from tongke.web.stock.words import model_words, row_words

Data = dict[str, Any]


class Models(ShortList):
    """The models that are bought."""

    name, title = "stock-models", _("Models")
    columns = (
        Link(key="name", label=_("Model"), value=model_words, to=lambda m: f"{reverse('stock-items')}?model={m.id}", sub="code", sort="code"),
        State(key="kind", label=_("Kind"), labels=ItemKind, sort="kind"), Text(key="supplier", label=_("Supplier"), value=lambda m: m.supplier.name if m.supplier else ""),
        Number(key="warranty_months", label=_("Warranty (months)")), Text(key="org", label=_("Belongs to"), value=lambda m: staff.org_name(m.org_id)),
    )
    filters = (ChoiceFilter(key="kind", label=_("Kind"), choices=ItemKind.choices, primary=True),)
    sort = "kind"
    empty = Empty(says=_("No model yet"), mend=_("Record what is bought from suppliers"), action=_("New model"), address="/stock/models/new", permission=MOVE, icon="box")
    buttons = (Button(label=_("New model"), address="/stock/models/new", permission=MOVE),)

    @staticmethod
    def whole(actor: Actor, asked: Data) -> Any:
        """Return the models, of one kind if asked."""
        return queries.item_models(kind=asked.get("kind", ""), by=actor)


class Suppliers(ShortList):
    """Who delivers."""

    name, title = "stock-suppliers", _("Suppliers")
    columns = (
        Text(key="name", label=_("Supplier"), sub="code", sort="name", phone="title"), Text(key="contact", label=_("Contact")),
        Number(key="payment_days", label=_("Days to pay")), Text(key="org", label=_("Belongs to"), value=lambda s: staff.org_name(s.org_id)),
    )
    sort = "name"
    empty = Empty(says=_("No supplier yet"), mend=_("Record who delivers SIM cards and devices"), action=_("New supplier"), address="/stock/suppliers/new", permission=MOVE, icon="truck")
    buttons = (Button(label=_("New supplier"), address="/stock/suppliers/new", permission=MOVE),)

    @staticmethod
    def whole(actor: Actor, asked: Data) -> Any:
        """Return the suppliers."""
        del asked
        return queries.suppliers(by=actor)


class Places(ShortList):
    """Where stock lies."""

    name, title = "stock-places", _("Stock places")
    columns = (
        Link(key="name", label=_("Stock place"), to=lambda p: f"{reverse('stock-items')}?place={p.id}", sub="code", sort="code"),
        State(key="kind", label=_("Kind"), labels=StockPlaceKind, sort="kind"), Text(key="org", label=_("Network"), value=lambda p: staff.org_name(p.org_id)),
    )
    filters = (ChoiceFilter(key="kind", label=_("Kind"), choices=StockPlaceKind.choices, primary=True),)
    sort = "name"
    empty = Empty(says=_("No stock place yet"), mend=_("Record a warehouse, a hall's stock, a van or a dealer"), action=_("New stock place"), address="/stock/places/new", permission=MOVE, icon="archive")
    buttons = (Button(label=_("New stock place"), address="/stock/places/new", permission=MOVE),)

    @staticmethod
    def whole(actor: Actor, asked: Data) -> Any:
        """Return the places, of one kind if asked."""
        return [place for place in queries.stock_places(by=actor) if asked.get("kind", place.kind) == place.kind]


@dataclass(frozen=True, slots=True)
class Watched:
    """A level that is watched."""

    id: UUID
    row: OnHand
    available: int
    short: int


class Levels(ShortList):
    """How little is too little, and where it is."""

    name, title = "stock-levels", _("Low stock")
    subtitle = _("From how many on it is too few, and how many there should be")
    columns = (
        Link(key="model", label=_("Model"), value=lambda w: row_words(w.row), to=lambda w: f"{reverse('stock-items')}?place={w.row.stock_place_id}&model={w.row.model_id}", sub="row.model_code"),
        Text(key="place", label=_("Stock place"), value=lambda w: w.row.place_name, sort="row.place_code"), Number(key="available", label=_("Left there"), sort="available"),
        Number(key="low_at", label=_("Low from"), value=lambda w: w.row.low_at), Number(key="target", label=_("There should be"), value=lambda w: w.row.target),
        Number(key="short", label=_("Missing"), sort="short"), Tags(key="state", label=_("State"), value=lambda w: [(_("Runs low"), "warn")] if w.row.is_low else [(_("Enough"), "good")]),
        Ago(key="since", label=_("Since"), value=lambda w: w.row.alarmed_at),
    )
    filters = (FlagFilter(key="low", label=_("Only what runs low"), primary=True), ChoiceFilter(key="place", label=_("Stock place"), choices=place_choices, primary=True),
               ChoiceFilter(key="org", label=_("Organisation"), choices=org_choices, cast=int))
    sort = "-short"
    empty = Empty(says=_("Nothing is watched here"), mend=_("Say from how many on it is too few"), action=_("Watch a model"), address="/stock/levels/new", permission=COUNT, icon="alarm")
    buttons = (Button(label=_("Watch a model"), address="/stock/levels/new", permission=COUNT),)

    @staticmethod
    def whole(actor: Actor, asked: Data) -> Any:
        """Return the watched pairs of place and model."""
        place, org = UUID(asked["place"]) if asked.get("place") else None, asked.get("org")
        rows = [row for row in queries.stock_on_hand(stock_place_id=place, limit=PAIRS_MAX, by=actor) if org in (None, row.org_id)]
        return [Watched(queries.stock_id(row.stock_place_id, row.model_id), row, row.available, max((row.target or 0) - row.available, 0))
                for row in rows if row.low_at is not None and (row.is_low or not asked.get("low"))]


def _code(label: Any = None) -> forms.CharField:
    return forms.CharField(label=label or _("Code"), max_length=40)


class ModelForm(KitForm):
    """A model."""

    code = _code()
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120)
    supplier_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Supplier"), required=False)
    warranty_months = forms.IntegerField(label=_("Warranty (months)"), initial=12, min_value=0, max_value=120)

    def __init__(self, *args: Any, suppliers: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier_id"].choices = [("", "–"), *suppliers]  # type: ignore[attr-defined]  # a ChoiceField


class NewModel(FormPage):
    """Records a model."""

    title, permission, form, template = _("New model"), MOVE, ModelForm, "stock/form.html"
    fields = {"name": "name_zh"}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the suppliers."""
        del kwargs
        return {"suppliers": [(str(s.id), s.name) for s in queries.suppliers(by=self.actor)]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-models")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        services.record_item_model(**data, by=by, at=at)
        return reverse("stock-models")


class SupplierForm(KitForm):
    """A supplier and its terms."""

    code = _code()
    name = forms.CharField(label=_("Name"), max_length=120)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    payment_days = forms.IntegerField(label=_("Days to pay"), initial=30, min_value=0, max_value=365)


class NewSupplier(FormPage):
    """Records a supplier."""

    title, permission, form, template = _("New supplier"), MOVE, SupplierForm, "stock/form.html"

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-suppliers")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        services.record_supplier(**data, by=by, at=at)
        return reverse("stock-suppliers")


class PlaceForm(KitForm):
    """A stock place."""

    code = _code()
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=StockPlaceKind.choices)


class NewPlace(FormPage):
    """Records a warehouse, a hall's stock, a van or a dealer of the actor's network."""

    title, permission, form, template = _("New stock place"), MOVE, PlaceForm, "stock/form.html"

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-places")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        services.record_stock_place(**data, by=by, at=at)
        return reverse("stock-places")


class LevelForm(KitForm):
    """From how many on a model at a place is too few."""

    stock_place_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Stock place"))
    model_code = forms.ChoiceField(label=_("Model"))
    low_at = forms.IntegerField(label=_("Low from"), min_value=0, max_value=1_000_000, help_text=_("The alarm goes off once so many are left"))
    target = forms.IntegerField(label=_("There should be"), min_value=0, max_value=1_000_000)

    def __init__(self, *args: Any, places: Any = (), models: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stock_place_id"].choices = places  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["model_code"].choices = models  # type: ignore[attr-defined]  # a ChoiceField


class SetLevel(FormPage):
    """Says how little is too little; said again it changes the figures."""

    title, permission, form, template = _("Watch a model"), COUNT, LevelForm, "stock/form.html"

    def form_options(self, **kwargs: Any) -> Data:
        """Offer places and models."""
        del kwargs
        return {"places": place_choices(self.actor), "models": code_choices(self.actor)}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what the address names."""
        del kwargs
        return {"stock_place_id": self.request.GET.get("place", ""), "model_code": self.request.GET.get("model", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-levels")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Set it."""
        del kwargs
        services.set_stock_level(**data, by=by, at=at)
        return reverse("stock-levels")
