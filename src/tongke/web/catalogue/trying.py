"""The price simulator: an offer as somebody would configure it, itemised with the rule behind each line, and whether they may have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.queries.plans import Configuration
from tongke.areas.catalogue.states import LifeCycle, Proration
from tongke.areas.inventory import queries as inventory
from tongke.areas.ordering import queries as ordering
from tongke.areas.ordering.queries.trial import qualify_version
from tongke.areas.party import queries as parties
from tongke.areas.party.queries import finding
from tongke.areas.resource import queries as resource
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.catalogue import drafting, forms, quotes
from tongke.web.catalogue.offering import part_names, said
from tongke.web.catalogue.tree import org_choices
from tongke.web.catalogue.words import CHANNELS, LEVELS, SEGMENTS
from tongke.web.kit import DayField, KitForm, Page, formatting, is_part, render
from tongke.web.kit.refusals import lines_of

Data = dict[str, Any]
LINES_SHOWN = 8
PART = "part_"


def offered_versions(by: Actor) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return every version that may be tried: those on sale, then those in the making."""
    on_sale: list[tuple[str, str]] = []
    making: list[tuple[str, str]] = []
    for row in board.offerings_board(by).order_by("kind", "code"):
        words = f"{formatting.name(row)} · {row.code} v{row.version}"
        (on_sale if row.state == LifeCycle.LAUNCHED else making).append((str(row.id), words))
        if row.next_id:
            making.append((str(row.next_id), f"{formatting.name(row)} · {row.code} v{row.next_version}"))
    return [(_("On sale"), on_sale), (_("In the making"), making)]


class TryForm(KitForm):
    """What is tried: the offer as configured, for whom, from when."""

    offering = django_forms.ChoiceField(label=_("Product offer"), required=False)
    customer = forms.text(_("Customer"), 60, help_text=_("Number, phone or name of a real customer; empty: as supposed below"))
    segment = forms.choice(_("Segment"), SEGMENTS)
    level = forms.choice(_("Level"), LEVELS)
    org_id = forms.choice(_("Area"), ())
    channel = forms.choice(_("Channel"), CHANNELS)
    place = forms.text(_("Address of use"), 200, help_text=_("For what needs a line to the place"))
    on = DayField(label=_("Starts on"), required=False)
    quantity = forms.whole(_("How many"), least=1, most=10_000)
    term = forms.choice(_("Term"), ())
    late_choice = forms.choice(_("After the 15th"), [("now", _("from this month")), ("next", _("from the next month"))], empty=None)
    grade = forms.choice(_("Grade of the number"), ())
    promotion = forms.several(_("Promotions"), (), help_text=_("None ticked: the best of all that run"))
    discount_price = forms.choice(_("Discount on"), ())
    discount_percent = forms.number(_("Percent off"))
    discount_months = forms.whole(_("Months of discount"), most=120)

    def __init__(self, *args: Any, actor: Actor, content: Any = None, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "offering", [("", "–"), *offered_versions(actor)])
        forms.offer(self, "org_id", [("", "–"), *org_choices(actor)])
        forms.offer(self, "grade", [("", "–"), *grade_choices(actor)])
        if content is None:
            for name in ("term", "late_choice", "promotion", "discount_price", "discount_percent", "discount_months", "quantity", "grade"):
                del self.fields[name]
        else:
            self._configure(content, code)
        if not actor.may("resource.view_network"):
            del self.fields["place"]

    def _configure(self, content: Any, code: str) -> None:
        forms.offer(self, "term", [("", _("the usual one")), *((t.code, formatting.name(t)) for t in content.terms)])
        forms.offer(self, "promotion", [(p.code, formatting.name(p)) for p in catalogue.promotions_running(code, at=clock.now())])
        forms.offer(self, "discount_price", [("", "–"), *{p.code: formatting.name(p) for p in content.prices}.items()])
        if not content.terms:
            del self.fields["term"]
        if not any(p.proration == Proration.AFTER_15TH for p in content.prices):
            del self.fields["late_choice"]
        if not self.fields["promotion"].choices:  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
            del self.fields["promotion"]
        if content.kind not in {"mobile", "fixed", "bundle"}:
            del self.fields["grade"]
        specification = contents.newest("specifications", [content.specification]).get(content.specification) if content.specification else None
        for one in specification.content.characteristics if specification else ():
            if one.configurable and one.code not in content.characteristics:
                self.fields[drafting.PREFIX + one.code] = drafting.input_of(one, asked=True)
        names = part_names(content)
        for part in content.parts:
            beside = [names.get(one.part_code, one.part_code) for one in content.parts if one.group_code == part.group_code and one is not part]
            hint = _now("Together with %(others)s") % {"others": formatting.listed(beside)} if part.group_code and beside else ""
            number = forms.whole(names.get(part.part_code, part.part_code), least=part.quantity_min, most=part.quantity_max, help_text=hint)
            number.initial = part.quantity_default
            self.fields[f"{PART}{part.part_code}"] = number
        for field in self.fields.values():
            if "class" not in field.widget.attrs:
                drafting.dressed(field)
        self._begin_with_what_is_usual()

    def _begin_with_what_is_usual(self) -> None:
        """Fill in what is usual where the answer was asked before the offer, and with it these fields, was chosen."""
        if not self.is_bound:
            return
        fresh = {name: field.initial for name, field in self.fields.items()
                 if name.startswith((drafting.PREFIX, PART)) and name not in self.data and field.initial is not None
                 and not isinstance(field, django_forms.BooleanField)}
        sent: Any = self.data
        self.data = sent.copy()
        self.data.update(fresh)  # type: ignore[attr-defined]  # the copy of a query can be changed

    def groups(self) -> list[tuple[Any, list[Any], bool]]:
        """Return the fields in groups: heading, fields, whether it stands open."""
        who = ("customer", "segment", "level", "org_id", "channel", "place")
        chosen = [name for name in self.fields if name.startswith((drafting.PREFIX, PART))]
        what = ("on", "quantity", "term", *chosen, "late_choice", "grade")
        off = ("promotion", "discount_price", "discount_percent", "discount_months")
        found = [(_("Who may have it"), who, True), (_("Configuration"), what, True), (_("Promotions and discount"), off, False)]
        return [(words, [self[n] for n in names if n in self.fields], is_open) for words, names, is_open in found if any(n in self.fields for n in names)]


def grade_choices(by: Actor) -> list[tuple[str, str]]:
    """Return the grades of fine numbers that hold in the actor's organisation."""
    return [(grade.code, formatting.name(grade)) for grade in _grades(by)]


def _grades(by: Actor) -> list[Any]:
    if not by.may("resource.view_numbers"):
        return []
    schedule = resource.schedule_at(clock.now(), by.base_org_id or 1)
    return [] if schedule is None else list(resource.grades_of(schedule, by=by))


def configuration_of(data: Mapping[str, Any], content: Any, by: Actor) -> Configuration:
    """Return what was chosen in the words of the price engine."""
    known = contents.newest("specifications", [content.specification]).get(content.specification) if content.specification else None
    chosen = drafting.as_values(known.content.characteristics if known else (), data)
    parts = {name.removeprefix(PART): catalogue.PartChoice(value) for name, value in data.items() if name.startswith(PART) and value is not None}
    grade = next((g for g in _grades(by) if g.code == data.get("grade")), None)
    return Configuration(
        quantity=data.get("quantity") or 1, characteristics=chosen, parts=parts or None, term_code=data.get("term") or "",
        grade=None if grade is None else catalogue.NumberGrade(grade.code, grade.prestore, grade.monthly_floor, grade.term_months, grade.name_zh, grade.name_en),
        late_choice=data.get("late_choice") or "now",
    )


def discounts_of(data: Mapping[str, Any], content: Any) -> list[Any]:
    """Return the discount that is tried, if one is."""
    if not data.get("discount_price") or not data.get("discount_percent"):
        return []
    kind = next((p.kind for p in content.prices if p.code == data["discount_price"]), "recurring")
    return [catalogue.Discount(data["discount_price"], kind=str(kind), percent=data["discount_percent"], months=data.get("discount_months") or 0)]


class Try(Page):
    """The simulator. Asked by POST, for a customer's number is in no address; an address may name an offer and a customer by id."""

    title, permission, template = _("Try a price"), "ordering.price", "catalogue/try.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the form, and the answer for what the address names."""
        del kwargs
        version = self.version_of(request.GET.get("offering", ""))
        at = clock.now()
        first = {"offering": str(version.id) if version else "", "on": formatting.local(at).date(), "org_id": self.actor.base_org_id, "channel": "hall"}
        customer = self.brief(request.GET.get("customer", ""))
        form = self.form_of(version, initial=first | ({"customer": customer["customer_no"]} if customer else {}))
        if version is None:
            return self.answer(form, None)
        data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        return self.answer(form, self.tried(version, data, [customer] if customer else [], at=at))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the answer for what the form says."""
        del kwargs
        version = self.version_of(request.POST.get("offering", ""))
        form = self.form_of(version, data=request.POST)
        if version is None or not form.is_valid():
            return self.answer(form, None, status=200 if version is None else 422)
        typed = form.cleaned_data["customer"]
        found = finding.find(typed, limit=LINES_SHOWN, purpose=_now("Trying a price"), by=self.actor).rows if typed else []
        return self.answer(form, self.tried(version, form.cleaned_data, found, typed=typed, at=clock.now()))

    def version_of(self, text: str) -> contents.Standing | None:
        """Return the version that is tried; none where none is named."""
        try:
            return said(UUID(text)) if text else None
        except (ValueError, Refused):
            return None

    def brief(self, text: str) -> Data | None:
        """Return the customer whom the address names by id, found as by the search box, so that the look is logged."""
        try:
            number = str(parties.customer(UUID(text), by=self.actor).customer_no) if text else ""
        except (ValueError, Refused):
            return None
        rows = finding.find(number, limit=1, purpose=_now("Trying a price"), by=self.actor).rows if number else []
        return rows[0] if rows else None

    def form_of(self, version: contents.Standing | None, **options: Any) -> TryForm:
        """Return the form that fits the offer."""
        content, code = (version.content, version.code) if version else (None, "")
        return TryForm(actor=self.actor, content=content, code=code, **options)

    def tried(self, version: contents.Standing, data: Mapping[str, Any], found: Sequence[Data], *, typed: str = "", at: Any) -> Data:
        """Return the quote, the eligibility, and what was not understood."""
        customer = found[0] if len(found) == 1 else None
        customer_id = UUID(customer["id"]) if customer else None
        out: Data = {"version": version, "customer": customer, "candidates": found if len(found) > 1 else [], "unknown": typed if typed and not found else ""}
        place = self.place(data, out)
        org_id = int(data["org_id"]) if data.get("org_id") else None
        buyer = ordering.Buyer(customer_id=customer_id, segment=data.get("segment") or "", level=data.get("level") or "", org_id=org_id, channel=data.get("channel") or "")
        try:
            quote = ordering.simulate_price(
                version.id, buyer=buyer, configuration=configuration_of(data, version.content, self.actor), promotions=data.get("promotion") or None,
                discounts=discounts_of(data, version.content), on=data.get("on"), by=self.actor, at=at)
            out |= {"quote": quotes.read_quote(quote, version.content), "charts": quotes.charts(quote)}
        except Refused as fault:
            out["refused"] = lines_of(fault)
        return out | self.judged(version, data, customer_id, place, at=at)

    def place(self, data: Mapping[str, Any], out: Data) -> UUID | None:
        """Return the place that the address means; says which, or that none was found."""
        if not data.get("place"):
            return None
        places = resource.find_places(data["place"], limit=1, by=self.actor)
        out["place"] = places[0] if places else None
        out["no_place"] = "" if places else data["place"]
        return places[0].id if places else None

    def judged(self, version: contents.Standing, data: Mapping[str, Any], customer_id: UUID | None, place: UUID | None, *, at: Any) -> Data:
        """Return what the rules say, and the customer's lines for advice."""
        if not self.actor.may("ordering.qualify"):
            return {"judged": None}
        wanted = ordering.Wanted(place_id=place, channel=data.get("channel") or None, quantity=data.get("quantity") or 1)
        org_id = int(data["org_id"]) if data.get("org_id") else None
        prospect = ordering.Prospect(segment=data.get("segment") or None, org_id=org_id)
        try:
            judged = qualify_version(version.id, version.code, customer_id, wanted=wanted, prospect=None if customer_id else prospect, by=self.actor, at=at)
        except Refused as fault:
            return {"judged": None, "judge_refused": lines_of(fault)}
        lines = inventory.lines_shown(customer_id, limit=LINES_SHOWN, by=self.actor) if customer_id and self.actor.may("inventory.view") else []
        return {"judged": quotes.read_judgement(judged), "lines": [line for line in lines if line.kind == version.content.kind and line.ended_on is None]}

    def answer(self, form: TryForm, tried: Data | None, *, status: int = 200) -> HttpResponseBase:
        """Render the page, or for htmx its inside."""
        context = {"title": self.title, "form": form, "tried": tried, "page": self,
                   "subtitle": _("What it costs whom, when, by which rule, and whether they may have it")}
        return render(self.request, "catalogue/try_inside.html" if is_part(self.request, "try") else self.template, context, status=status)
