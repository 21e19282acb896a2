"""Items by serial: the list, one item with its life, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries.stock import items_visible_to
from tongke.areas.resource.states import STOCK_ITEM, ItemKind, ItemState, StockPlaceKind
from tongke.areas.staff import queries as staff
from tongke.kernel.errors import NotFound
from tongke.web.kit import (
    Ago,
    AnyOfFilter,
    Button,
    ChoiceFilter,
    Empty,
    Export,
    FormPage,
    KitForm,
    Link,
    State,
    Text,
    TextFilter,
    formatting,
)
from tongke.web.kit.timeline import Item, by_day
from tongke.web.stock.frame import COUNT, MOVE, VIEW, StockList, StockPage, model_choices, org_choices, place_choices
from tongke.web.stock.words import ITEM_TONES, KIND_SIGNS, MOVES, model_words, row_words

EXPORT_ROWS_MAX = 20_000


class Items(StockList):
    """Every item, by place, model, kind, state and serial."""

    name, title = "stock-items", _("Stock items")
    rows = items_visible_to
    columns = (
        Link(key="serial", label=_("Serial"), to=lambda i: reverse("stock-item", args=[i.id]), css="tk-num", sort="serial"),
        State(key="state", label=_("State"), labels=ItemState, tones=ITEM_TONES),
        Text(key="model", label=_("Model"), value=lambda i: model_words(i.model)),
        State(key="kind", label=_("Kind"), labels=ItemKind, hidden=True),
        Text(key="place", label=_("Stock place"), value=lambda i: i.stock_place.name),
        Text(key="imsi", label=_("IMSI"), css="tk-num", hidden=True), Text(key="mac", label=_("MAC address"), css="tk-num", hidden=True),
        Text(key="service_ref", label=_("Service"), hidden=True), Ago(key="state_at", label=_("Since"), sort="state_at"),
    )
    filters = (
        TextFilter(key="serial", label=_("Serial"), primary=True, placeholder=_("Begins with…")),
        AnyOfFilter(key="state", label=_("State"), choices=ItemState.choices),
        ChoiceFilter(key="kind", label=_("Kind"), choices=ItemKind.choices, primary=True),
        ChoiceFilter(key="place", label=_("Stock place"), choices=place_choices, lookup="stock_place_id"),
        ChoiceFilter(key="place_kind", label=_("Kind of place"), choices=StockPlaceKind.choices, lookup="stock_place__kind"),
        ChoiceFilter(key="model", label=_("Model"), choices=model_choices, lookup="model_id"),
        ChoiceFilter(key="org", label=_("Organisation"), choices=org_choices, lookup="org_id", cast=int),
    )
    sort = "-state_at"
    export = Export(permission=VIEW, rows_max=EXPORT_ROWS_MAX, filename="stock")
    empty = Empty(says=_("No item is like this"), mend=_("Receive what the supplier delivered, or take a filter away"), action=_("Receive"),
                  address="/stock/receive", permission=MOVE, icon="box")
    buttons = (Button(label=_("Receive"), address="/stock/receive", icon="truck", permission=MOVE),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that may be done with an item: the move of its life cycle, the verb, and what the verb asks for."""

    move: str
    label: Any
    sign: str
    permission: str
    verb: Any
    asks: tuple[str, ...] = ("reason",)
    must: tuple[str, ...] = ()
    danger: bool = False


DEEDS = {
    "hand-out": Deed(move="hand_out", label=_("Hand out"), sign="user-check", permission=MOVE, verb=services.hand_out_item,
                     asks=("service_ref", "reason"), must=("service_ref",)),
    "install": Deed(move="install", label=_("Install"), sign="plug", permission=MOVE, verb=services.install_item,
                    asks=("service_ref", "reason"), must=("service_ref",)),
    "take-back": Deed(move="take_back", label=_("Take back"), sign="arrow-back-up", permission=MOVE, verb=services.take_back_item,
                      asks=("stock_place_id", "reason")),
    "restock": Deed(move="restock", label=_("Put back on the shelf"), sign="box", permission=MOVE, verb=services.restock_item),
    "faulty": Deed(move="report_faulty", label=_("Report faulty"), sign="alert-triangle", permission=MOVE, verb=services.report_item_faulty, must=("reason",)),
    "repair": Deed(move="send_to_repair", label=_("Send to be repaired"), sign="tool", permission=MOVE, verb=services.send_item_to_repair, asks=("reference",)),
    "mend": Deed(move="mend", label=_("Mended"), sign="tools", permission=MOVE, verb=services.mend_item),
    "find": Deed(move="find", label=_("Found again"), sign="search", permission=COUNT, verb=services.find_item,
                 asks=("stock_place_id", "reason"), must=("stock_place_id", "reason")),
    "lost": Deed(move="lose", label=_("Report lost"), sign="question-mark", permission=COUNT, verb=services.report_item_lost, must=("reason",), danger=True),
    "scrap": Deed(move="scrap", label=_("Scrap"), sign="trash", permission=COUNT, verb=services.scrap_item, must=("reason",), danger=True),
}


class ItemPage(StockPage):
    """One item: what it is, where it is, what happened to it and what may be done."""

    template = "stock/item.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return facts, life and deeds; raises ``NotFound``."""
        del request
        item = queries.item_seen(kwargs["item_id"], by=self.actor)
        state = ItemState(item.state)
        facts = [
            (_("Model"), f"{row_words(item)} · {item.model_code}"), (_("Kind"), ItemKind(item.kind).label), (_("Stock place"), item.place_name),
            (_("State since"), formatting.moment(item.state_at)), (_("Warranty until"), formatting.day(item.warranty_until) if item.warranty_until else ""),
            (_("IMSI"), item.imsi), (_("MAC address"), item.mac), (_("Service"), item.service_ref), (_("For the order"), item.order_ref), (_("Transfer no."), item.transfer_no),
        ]
        own = self.actor.sees(item.org_id)
        possible = STOCK_ITEM.possible(item.state) if own else []
        return self.get_context(
            title=item.serial, item=item, state=(state.label, ITEM_TONES[state]), sign=KIND_SIGNS[ItemKind(item.kind)], name=row_words(item),
            facts=[(label, value) for label, value in facts if value], days=by_day(self.life(item.id)),
            deeds=[(reverse("stock-item-deed", args=[item.id, key]), deed) for key, deed in DEEDS.items()
                   if deed.move in possible and self.actor.may(deed.permission) and not (deed.move in {"hand_out", "install", "lose"} and item.order_ref)],
        )

    def life(self, item_id: Any) -> list[Item]:
        """Return what happened to the item as a timeline."""
        out, moves = [], queries.item_history(item_id, by=self.actor)
        people = staff.names_signed(move.moved_by for move in moves)
        for move in moves:
            label, sign, tone = MOVES.get(move.verb, (move.verb, "point", "neutral"))
            place = move.to_place.name if move.from_place is None or move.from_place_id == move.to_place_id else f"{move.from_place.name} → {move.to_place.name}"
            text = " · ".join(part for part in (place, move.reference, move.reason) if part)
            out.append(Item(at=move.moved_at, title=label, text=text, who=people[move.moved_by], sign=sign, tone=tone))
        return out


class DeedForm(KitForm):
    """What a deed with an item asks for."""

    service_ref = forms.CharField(label=_("Service or order"), max_length=80)
    stock_place_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Stock place"), required=False)
    reference = forms.CharField(label=_("Repair order"), max_length=80, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, asks: tuple[str, ...] = (), must: tuple[str, ...] = (), places: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in asks]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in must
        if "stock_place_id" in self.fields:
            self.fields["stock_place_id"].choices = [("", "–"), *places]  # type: ignore[attr-defined]  # a ChoiceField


class DoDeed(FormPage):
    """Asks what a deed needs, and does it."""

    permission, form, template = (MOVE, COUNT), DeedForm, "stock/form.html"

    def deed(self, **kwargs: Any) -> Deed:
        """Return the deed of the address; raises ``NotFound``, and ``NotPermitted`` for whom may not do it."""
        found = DEEDS.get(kwargs["deed"])
        if found is None:
            raise NotFound
        self.actor.require(found.permission)
        return found

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the fields of the deed."""
        deed = self.deed(**kwargs)
        return {"asks": deed.asks, "must": deed.must, "places": place_choices(self.actor)}

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Name the item."""
        del request
        deed, item = self.deed(**kwargs), queries.item_seen(kwargs["item_id"], by=self.actor)
        return {"title": deed.label, "submit": deed.label, "subtitle": f"{row_words(item)} · {item.serial} · {item.place_name}"}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the item."""
        return reverse("stock-item", args=[kwargs["item_id"]])

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Do it."""
        self.deed(**kwargs).verb(item_id=kwargs["item_id"], **data, by=by, at=at)
        return self.cancel_address(**kwargs)
