"""Transfers: sent at one place, received at the other with what is missing or was not on the list, differences settled."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import ItemState, TransferFinding, TransferState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import (
    Ago,
    AnyOfFilter,
    Button,
    ChoiceFilter,
    Empty,
    FormPage,
    KitForm,
    Link,
    Number,
    Signed,
    State,
    Text,
    formatting,
    go,
    render,
    toast,
)
from tongke.web.kit.refusals import lines_of
from tongke.web.stock.frame import COUNT, MOVE, StockList, StockPage, code_choices, place_choices
from tongke.web.stock.words import FINDING_TONES, TRANSFER_TONES

SERIALS_MAX = 500
LOST = "lost"


class Transfers(StockList):
    """What goes from place to place."""

    name, title = "stock-transfers", _("Transfers")
    rows = queries.transfers_visible_to
    columns = (
        Link(key="number", label=_("Transfer no."), to=lambda t: reverse("stock-transfer", args=[t.id]), css="tk-num", sort="number"),
        State(key="state", label=_("State"), labels=TransferState, tones=TRANSFER_TONES, sort="state"),
        Text(key="from_place", label=_("From"), value=lambda t: t.from_place.name), Text(key="to_place", label=_("To"), value=lambda t: t.to_place.name),
        Number(key="quantity", label=_("Items"), sort="quantity"), Signed(key="sent_by", label=_("Sent by")), Text(key="note", label=_("Note")),
        Ago(key="sent_at", label=_("Sent"), sort="sent_at"), Ago(key="received_at", label=_("Received"), hidden=True),
    )
    filters = (AnyOfFilter(key="state", label=_("State"), choices=TransferState.choices),
               ChoiceFilter(key="from", label=_("From"), choices=place_choices, lookup="from_place_id", primary=True),
               ChoiceFilter(key="to", label=_("To"), choices=place_choices, lookup="to_place_id", primary=True))
    sort = "-sent_at"
    empty = Empty(says=_("No transfer yet"), mend=_("Send items from one place to another"), action=_("New transfer"), address="/stock/transfers/new", permission=MOVE, icon="transfer")
    buttons = (Button(label=_("New transfer"), address="/stock/transfers/new", icon="transfer", permission=MOVE),)


def serials_in(text: str) -> list[str]:
    """Return the serials in a text, one a line or apart by blanks and commas, each once."""
    return list(dict.fromkeys(part for part in re.split(r"[,;\s]+", text) if part))


class SendForm(KitForm):
    """From where to where, and what: so many of a model, or the very serials."""

    sections = ((_("From where to where"), ("from_place_id", "to_place_id")), (_("So many of a model"), ("model_code", "quantity")),
                (_("Or these very items"), ("serials", "note")))
    from_place_id = forms.TypedChoiceField(coerce=UUID, label=_("From"))
    to_place_id = forms.TypedChoiceField(coerce=UUID, label=_("To"))
    model_code = forms.ChoiceField(label=_("Model"), required=False)
    quantity = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=SERIALS_MAX, help_text=_("Those that lie there longest go first"))
    serials = forms.CharField(label=_("Serials"), required=False, max_length=40_000, help_text=_("Scan them one after another, a line each"),
                              widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, places: Any = (), everywhere: Any = (), models: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_place_id"].choices = places  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["to_place_id"].choices = [("", "–"), *everywhere]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["model_code"].choices = [("", "–"), *models]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_serials(self) -> list[str]:
        """Return the serials; raises ``ValidationError`` for too many."""
        found = serials_in(self.cleaned_data["serials"])
        if len(found) > SERIALS_MAX:
            raise forms.ValidationError(_("Not more than %(most)s items at once"), params={"most": SERIALS_MAX})
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for a model with a number, or for serials."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("serials") and not (data.get("model_code") and data.get("quantity")) and not self.errors:
            raise forms.ValidationError(_("Say how many of which model, or scan the serials"))
        if data.get("from_place_id") and data.get("from_place_id") == data.get("to_place_id"):
            self.add_error("to_place_id", _("The items lie there already"))
        return data


def chosen_items(data: dict[str, Any], *, by: Actor) -> list[UUID]:
    """Return the items that are meant; the verb says which of them cannot be sent."""
    ids: list[UUID] = []
    if data["model_code"] and data["quantity"]:
        model = next(m for m in queries.item_models(by=by) if m.code == data["model_code"])
        rows = queries.items_of_place(data["from_place_id"], model_id=model.id, state=ItemState.IN_STOCK, limit=data["quantity"], by=by)
        ids.extend(row.id for row in rows)
    for serial in data["serials"]:
        ids.extend(row.id for row in queries.items_by_serial(serial, limit=1, by=by))
    return list(dict.fromkeys(ids))


class Send(FormPage):
    """Sends items to another place."""

    title, permission, form, template = _("New transfer"), MOVE, SendForm, "stock/form.html"
    submit, done = _("Send the items"), _("Sent")
    fields = {"count": "quantity"}

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the own places to send from, and everybody's to send to."""
        del kwargs
        places = sorted(queries.stock_places(everywhere=True, by=self.actor), key=lambda place: (not self.actor.sees(place.org_id), place.code))
        everywhere = [(str(place.id), place.name) for place in places]
        return {"places": place_choices(self.actor), "everywhere": everywhere, "models": code_choices(self.actor)}

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Open with what the address names."""
        del kwargs
        asked = self.request.GET
        return {"from_place_id": asked.get("from", ""), "to_place_id": asked.get("to", ""), "model_code": asked.get("model", ""), "quantity": asked.get("quantity", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("stock-transfers")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Say which serials nobody knows and what there is too few of, before anything is sent."""
        form = self.build(request, **kwargs)
        if form.is_valid():
            data = form.cleaned_data
            unknown = [serial for serial in data["serials"] if not queries.items_by_serial(serial, limit=1, by=self.actor)]
            if unknown:
                form.add_error("serials", _now("Nobody knows these serials: %(serials)s") % {"serials": formatting.listed(unknown[:5])})
            if data["quantity"] and data["model_code"]:
                there = len(chosen_items({**data, "serials": []}, by=self.actor))
                if there < data["quantity"]:
                    form.add_error("quantity", _now("Only %(n)s can be had there") % {"n": there})
            if form.errors:
                lines = [{"code": "WEB-01", "says": str(error), "mend": "", "field": name} for name, errors in form.errors.items() for error in errors]
                return self.show(form, lines, status=422, **kwargs)
        return super().post(request, **kwargs)

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Send them."""
        del kwargs
        sent = services.send_transfer(from_place_id=data["from_place_id"], to_place_id=data["to_place_id"], item_ids=chosen_items(data, by=by), note=data["note"], by=by, at=at)
        return reverse("stock-transfer", args=[sent])


class TransferPage(StockPage):
    """One transfer with its serials; the receiving end says what arrived, a second person settles what did not."""

    template = "stock/transfer.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the paper, its lines and what may be done."""
        del request
        return self.shown(kwargs["transfer_id"])

    def shown(self, transfer_id: UUID, **more: Any) -> dict[str, Any]:
        """Return what the page shows; raises ``NotFound``."""
        found = queries.transfers_visible_to(self.actor).filter(id=transfer_id).first()
        if found is None:
            raise NotFound
        lines = queries.transfer_lines(found.id, by=self.actor)
        state = TransferState(found.state)
        people = staff.names_signed([found.sent_by, found.received_by, found.settled_by])
        facts = [
            (_("From"), found.from_place.name), (_("To"), found.to_place.name), (_("How many"), found.quantity), (_("Note"), found.note),
            (_("Sent"), _signed(found.sent_at, people[found.sent_by])), (_("Received"), _signed(found.received_at, people[found.received_by])),
            (_("Settled"), _signed(found.settled_at, people[found.settled_by])),
        ]
        receives = self.actor.may(MOVE) and self.actor.sees(found.to_org_id) and state == TransferState.SENT
        settles = self.actor.may(COUNT) and state == TransferState.DIFFERENT
        return self.get_context(**{
            "title": f"{found.from_place.name} → {found.to_place.name}", "paper": found, "state": (state.label, TRANSFER_TONES[state]),
            "facts": [(label, value) for label, value in facts if value not in ("", None)], "rows": [self.line(line) for line in lines], "receives": receives,
            "settles": settles, "missing": [line.serial for line in lines if line.finding == TransferFinding.MISSING],
            "counts": [(TransferFinding(key).label, n, FINDING_TONES[TransferFinding(key)]) for key in TransferFinding.values
                       if (n := sum(line.finding == key for line in lines))], "lines": [],
            "involved": self.actor.name in (found.sent_by, found.received_by), **more,
        })

    def line(self, line: Any) -> dict[str, Any]:
        """Return one serial with what is said of it."""
        finding = TransferFinding(line.finding)
        return {"serial": line.serial, "item_id": line.item_id, "finding": finding.label, "tone": FINDING_TONES[finding]}


def _signed(at: Any, who: str) -> str:
    return f"{formatting.moment(at)} · {who}" if at else ""


class ReceiveTransfer(TransferPage):
    """Says what arrived."""

    permission = MOVE

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Receive the ticked serials and those scanned besides."""
        serials = [*request.POST.getlist("serial")[:10_000], *serials_in(request.POST.get("extra", "")[:40_000])]
        try:
            state = services.receive_transfer(transfer_id=kwargs["transfer_id"], serials=serials, by=self.actor, at=clock.now())
        except Refused as fault:
            return render(request, self.template, self.shown(kwargs["transfer_id"], lines=lines_of(fault)), status=fault.status)
        toast(request, TransferState(state).label, kind="success" if state == TransferState.RECEIVED else "warning")
        return go(request, reverse("stock-transfer", args=[kwargs["transfer_id"]]))


class SettleTransfer(TransferPage):
    """Settles what is missing, serial by serial."""

    permission = COUNT

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take in, send back or write off."""
        said: dict[str, list[str]] = {"arrived": [], "returned": [], LOST: []}
        for name, value in request.POST.items():
            if name.startswith("serial-") and str(value) in said:
                said[str(value)].append(name.removeprefix("serial-"))
        try:
            lost = services.settle_transfer(transfer_id=kwargs["transfer_id"], arrived=said["arrived"], returned=said["returned"],
                                            reason=request.POST.get("reason", "").strip()[:200], by=self.actor, at=clock.now())
        except Refused as fault:
            more = {"lines": lines_of(fault), "said": {serial: key for key, serials in said.items() for serial in serials}, "reason": request.POST.get("reason", "")}
            return render(request, self.template, self.shown(kwargs["transfer_id"], **more), status=fault.status)
        toast(request, _now("Settled; %(n)s lost") % {"n": lost} if lost else _now("Settled; nothing is lost"))
        return go(request, reverse("stock-transfer", args=[kwargs["transfer_id"]]))
