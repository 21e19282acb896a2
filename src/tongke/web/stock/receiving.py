"""Deliveries: received by hand, line by line, or from the supplier's file with the rows that could not be taken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.services import ItemDraft, ItemRow
from tongke.kernel import clock
from tongke.kernel.bulk import SourceRow
from tongke.web.kit import Ago, Button, Empty, FileField, FormPage, KitForm, Link, Text, render
from tongke.web.stock.frame import MOVE, StockList, StockPage, code_choices, place_choices

# What stands behind the serial on a line, by kind of item.
FURTHER = {
    "sim": ("imsi",), "esim": ("activation_code", "eid"), "handset": ("imei2",), "ont": ("mac",), "set_top": ("mac",), "router": ("mac",),
}
LINES_MAX, FILE_ROWS_MAX, FILE_BYTES_MAX, SHOWN_MAX = 1_000, 5_000, 2 * 1024 * 1024, 200
COLUMNS = tuple(ItemRow.model_fields)


class Deliveries(StockList):
    """What suppliers delivered."""

    name, title = "stock-deliveries", _("Deliveries")
    rows = queries.deliveries_visible_to
    columns = (
        Link(key="number", label=_("Delivery"), to=lambda d: f"{reverse('stock-items')}?place={d.stock_place_id}", sort="number"),
        Text(key="place", label=_("Stock place"), value=lambda d: d.stock_place.name), Text(key="supplier", label=_("Supplier"), value=lambda d: d.supplier.name if d.supplier else ""),
        Text(key="received_by", label=_("Received by")), Text(key="note", label=_("Note")), Ago(key="received_at", label=_("Received"), sort="received_at"),
    )
    sort = "-received_at"
    empty = Empty(says=_("No delivery yet"), mend=_("Receive what the supplier delivered"), action=_("Receive"), address="/stock/receive", permission=MOVE, icon="truck")
    buttons = (Button(label=_("From a file"), address="/stock/receive/file", icon="file-import", permission=MOVE, primary=False),
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


class FileForm(KitForm):
    """Which file."""

    file = FileField(label=_("Supplier's file"), accept=".csv,.txt", bytes_max=FILE_BYTES_MAX,
                     help_text=_("CSV with a first line of column names: model, stock_place, serial, and where there is one imsi, imei2, mac, eid, activation_code, delivery_no"))


def rows_of(text: str, name: str) -> Iterator[SourceRow]:
    """Return the rows of a CSV text; the delimiter is found out from its first line."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    reader.fieldnames = [(column or "").strip().lower() for column in reader.fieldnames or []]
    for number, row in enumerate(reader, start=2):
        yield SourceRow(source=name, number=number, values={key: (row.get(key) or "").strip() for key in COLUMNS if key in (reader.fieldnames or [])})


def rejects_text(rejects: list[Any]) -> str:
    """Return the rejected rows as CSV: their values, and why they were not taken; formulas are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "line", "code", "reason"])
    by_row: dict[int, list[Any]] = {}
    for reject in rejects:
        by_row.setdefault(reject.row.number, []).append(reject)
    for number, faults in by_row.items():
        values = [str(faults[0].row.values.get(column, "")) for column in COLUMNS]
        safe = [f"'{value}" if value.startswith(("=", "+", "-", "@")) else value for value in values]
        writer.writerow([*safe, number, " ".join(f.code for f in faults), " ".join(f.reason for f in faults)])
    return out.getvalue()


class ReceiveFile(StockPage):
    """Receives a supplier's file: what is right is taken, the rest is told row by row."""

    title, permission, template = _("Receive from a file"), MOVE, "stock/receive_file.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the empty upload."""
        del request, kwargs
        return self.answer(FileForm())

    def answer(self, form: FileForm, **found: Any) -> dict[str, Any]:
        """Return what the page shows."""
        return self.get_context(title=self.title, form=form, **{"result": None, "rejects": [], "rejects_text": "", "rejected_rows": 0, **found})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take the rows of the file."""
        del kwargs
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, self.template, self.answer(form), status=422)
        upload = form.cleaned_data["file"]
        rows = list(rows_of(upload.read().decode("utf-8-sig", "replace"), str(upload.name)))
        if not rows or len(rows) > FILE_ROWS_MAX:
            form.add_error("file", _now("The file has no rows, or more than %(most)s") % {"most": FILE_ROWS_MAX})
            return render(request, self.template, self.answer(form), status=422)
        result = services.receive_item_row.take(rows, by=self.actor, at=clock.now())
        numbers = {reject.row.number for reject in result.rejects}
        return render(request, self.template, self.answer(
            FileForm(), result=result, rejects=result.rejects[:SHOWN_MAX], rejected_rows=len(numbers), rejects_text=rejects_text(result.rejects) if numbers else ""))


class RejectedRows(StockPage):
    """The rejected rows as a file, to be mended and given again."""

    permission = MOVE

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Give the file back that the page made."""
        del kwargs
        answer = HttpResponse("\ufeff" + request.POST.get("rows", "")[: FILE_BYTES_MAX], content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="rejected.csv"'
        answer["Cache-Control"] = "no-store"
        return answer
