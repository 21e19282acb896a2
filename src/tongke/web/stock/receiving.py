"""Deliveries: the list, and receiving by hand, line by line; suppliers' files are in ``files``."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.services import ItemDraft
from tongke.web.kit import Ago, Button, Empty, FormPage, KitForm, Link, Signed, Text
from tongke.web.stock.frame import MOVE, StockList, code_choices, place_choices

# What stands behind the serial on a line, by kind of item.
FURTHER = {
    "sim": ("imsi",), "esim": ("activation_code", "eid"), "handset": ("imei2",), "ont": ("mac",), "set_top": ("mac",), "router": ("mac",),
}
LINES_MAX = 1_000


class Deliveries(StockList):
    """What suppliers delivered."""

    name, title = "stock-deliveries", _("Deliveries")
    rows = queries.deliveries_visible_to
    columns = (
        Link(key="number", label=_("Delivery"), to=lambda d: f"{reverse('stock-items')}?place={d.stock_place_id}", sort="number"),
        Text(key="place", label=_("Stock place"), value=lambda d: d.stock_place.name), Text(key="supplier", label=_("Supplier"), value=lambda d: d.supplier.name if d.supplier else ""),
        Signed(key="received_by", label=_("Received by")), Text(key="note", label=_("Note")), Ago(key="received_at", label=_("Received"), sort="received_at"),
    )
    sort = "-received_at"
    empty = Empty(says=_("No delivery yet"), mend=_("Receive what the supplier delivered"), action=_("Receive"), address="/stock/receive", permission=MOVE, icon="truck")
    buttons = (Button(label=_("From a file"), address="/stock/files", icon="file-import", permission=MOVE, primary=False),
               Button(label=_("Receive"), address="/stock/receive", icon="truck", permission=MOVE))


class ReceiveForm(KitForm):
    """Items of one model for one place."""

    sections = ((_("What and where"), ("stock_place_id", "model_code", "supplier_id", "delivery_no")), (_("Items"), ("lines", "note")))
    stock_place_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Stock place"))
    model_code = forms.ChoiceField(label=_("Model"))
    supplier_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Supplier"), required=False, help_text=_("Empty: the model's own"))
    delivery_no = forms.CharField(label=_("Delivery note"), max_length=40, required=False)
    lines = forms.CharField(label=_("Serials"), max_length=120_000, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
                            help_text=_("One item a line; behind the serial, with a comma or blank: IMSI of a SIM card, MAC address of a terminal, second IMEI of a handset, activation code of an eSIM"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, places: Any = (), models: Any = (), suppliers: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stock_place_id"].choices = places  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["model_code"].choices = models  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["supplier_id"].choices = [("", "–"), *suppliers]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_lines(self) -> list[list[str]]:
        """Return the numbers of each line; raises ``ValidationError`` for too many."""
        rows = [[part for part in re.split(r"[,;\s]+", line.strip()) if part] for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(rows) > LINES_MAX:
            raise forms.ValidationError(_("Not more than %(most)s items at once; take a file for more"), params={"most": LINES_MAX})
        return rows


class Receive(FormPage):
    """Receives items by hand, all or none."""

    title, permission, form, template = _("Receive a delivery"), MOVE, ReceiveForm, "stock/form.html"
    submit, done = _("Receive"), _("Received")
    fields = {"serial": "lines", "imsi": "lines", "mac": "lines", "eid": "lines", "activation_code": "lines", "count": "lines"}

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer places, models and suppliers."""
        del kwargs
        return {"places": place_choices(self.actor), "models": code_choices(self.actor), "suppliers": [(str(s.id), s.name) for s in queries.suppliers(by=self.actor)]}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Open with what the address names."""
        del kwargs
        return {"stock_place_id": self.request.GET.get("place", ""), "model_code": self.request.GET.get("model", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the deliveries."""
        del kwargs
        return reverse("stock-deliveries")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Receive them."""
        del kwargs
        kind = next((m.kind for m in queries.item_models(by=by) if m.code == data["model_code"]), "")
        names = ("serial", *FURTHER.get(kind, ()))
        items = [ItemDraft(**dict(zip(names, row, strict=False))) for row in data["lines"]]
        services.receive_items(stock_place_id=data["stock_place_id"], model_code=data["model_code"], items=items, delivery_no=data["delivery_no"],
                               supplier_id=data["supplier_id"], note=data["note"], by=by, at=at)
        return f"{reverse('stock-items')}?place={data['stock_place_id']}"
