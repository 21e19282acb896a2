"""Forms of an offering's sections: basics, where sold, prices with tiers, allowances, terms, parts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import OfferingKind, PenaltyKind, Period, PriceKind, Proration, TierMode, UsageType
from tongke.web.catalogue.rowforms import RowForm, RowsForm
from tongke.web.catalogue.words import CHANNELS, EVERYBODY, SEGMENTS
from tongke.web.kit import AmountField, KitForm

Choices = Iterable[tuple[Any, Any]]
NONE = ("", "–")
CODE_WORD = _("Code")
CODE_HELP = _("2 to 40 capital letters, digits, - or _")
SMALL_HELP = _("Letters, digits, dot, - or _, at most 40")
CODE, SMALL = r"^[A-Z0-9][A-Z0-9_-]{1,39}$", r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$"


def text(label: Any, size: int, *, required: bool = False, rows: int = 0, help_text: Any = "") -> forms.CharField:
    """Return a field for text of at most ``size`` characters; with ``rows`` over several lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=size, required=required, widget=widget, help_text=help_text)


class CodeField(forms.RegexField):
    """A code as it is typed and spoken; ``small`` ones stand within a version and may have small letters."""

    def __init__(self, *, small: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", SMALL_HELP if small else CODE_HELP)
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(SMALL if small else CODE, max_length=40, widget=widget, error_messages={"invalid": SMALL_HELP if small else CODE_HELP}, **kwargs)
        self.small = small

    def to_python(self, value: Any) -> str:
        """Return the code; capitals are made where only capitals are allowed."""
        text = str(super().to_python(value) or "")
        return text if self.small else text.upper()


def code(label: Any = CODE_WORD, *, small: bool = False, required: bool = True, **options: Any) -> CodeField:
    """Return a field for a code."""
    return CodeField(label=label, small=small, required=required, **options)


def choice(label: Any, choices: Choices, *, required: bool = False, empty: tuple[str, Any] | None = NONE, help_text: Any = "") -> forms.ChoiceField:
    """Return a field to choose one; ``empty`` stands first where nothing need be chosen."""
    offered = [*([] if empty is None else [empty]), *choices]
    return forms.ChoiceField(label=label, choices=offered, required=required, help_text=help_text)


def several(label: Any, choices: Choices, *, help_text: Any = "") -> forms.MultipleChoiceField:
    """Return a field to choose any number; none means all."""
    return forms.MultipleChoiceField(label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text)


def whole(label: Any, *, required: bool = False, least: int = 0, most: int = 32767, help_text: Any = "") -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(label=label, required=required, min_value=least, max_value=most, help_text=help_text)


class PlainNumberField(forms.DecimalField):
    """A decimal number that opens as it would be typed: 30, not 30.00."""

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the field."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else super().prepare_value(value)


def number(label: Any, *, required: bool = False, digits: int = 2, help_text: Any = "") -> forms.DecimalField:
    """Return a field for a decimal number of at most ``digits`` places."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return PlainNumberField(label=label, required=required, max_digits=18, decimal_places=digits, widget=widget, help_text=help_text)


def flag(label: Any, *, initial: bool = False, help_text: Any = "") -> forms.BooleanField:
    """Return a tick."""
    return forms.BooleanField(label=label, required=False, initial=initial, help_text=help_text)


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give the field ``name`` its choices, known only when the page is asked for."""
    if name in form.fields:
        form.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class NewOfferForm(KitForm):
    """What a new offer begins with: a kind and names, or a copy of another."""

    sections = ((_("Begin with"), ("copy_of",)), (_("The new offer"), ("code", "kind", "specification", "name_zh", "name_en")))
    copy_of = choice(_("Copy of"), (), help_text=_("Prices, allowances, terms and parts are taken over and can then be changed."), empty=("", _("nothing: begin empty")))
    code = code()
    kind = choice(_("Kind"), OfferingKind.choices, empty=None, required=True)
    specification = choice(_("Specification"), (), help_text=_("What it consists of; may be chosen later"))
    name_zh = text(_("Chinese name"), 100, required=True)
    name_en = text(_("English name"), 100, required=True)

    def __init__(self, *args: Any, offers: Choices = (), specifications: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "copy_of", [("", _("nothing: begin empty")), *offers])
        offer(self, "specification", [NONE, *specifications])


class BasicsForm(KitForm):
    """Names, description and what it is made of."""

    sections = (
        (_("Name"), ("name_zh", "name_en", "description_zh", "description_en")),
        (_("What it is"), ("kind", "specification", "sellable")),
        (_("For colleagues"), ("note",)),
    )
    name_zh = text(_("Chinese name"), 100, required=True)
    name_en = text(_("English name"), 100, required=True)
    description_zh = text(_("Chinese description"), 4000, rows=2)
    description_en = text(_("English description"), 4000, rows=2)
    kind = choice(_("Kind"), OfferingKind.choices, empty=None, required=True)
    specification = choice(_("Specification"), (), help_text=_("Its characteristics are typed in the next section"))
    sellable = flag(_("Sold by itself"), help_text=_("Off: only as a part of a bundle"))
    note = text(_("Note for colleagues"), 2000, rows=2)

    def __init__(self, *args: Any, specifications: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "specification", [NONE, *specifications])


class SoldForm(KitForm):
    """To whom, where and by which channel it is sold; nothing chosen means all."""

    segments = several(_("Segments"), SEGMENTS, help_text=_("None ticked: all"))
    channels = several(_("Channels"), CHANNELS, help_text=_("None ticked: all"))
    sold_in = several(_("Sold in"), (), help_text=_("An organisation stands for all below it. None ticked: wherever the offer's owner reaches"))
    categories = several(_("Categories"), (), help_text=_("Where it is found in the catalogue"))

    def __init__(self, *args: Any, orgs: Choices = (), categories: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sold_in", orgs)
        offer(self, "categories", categories)


class TierRow(RowForm):
    """A step of a tiered price."""

    from_units = number(_("From units"), required=True, help_text=_("The first tier begins at 0"))
    amount = number(_("Price a step"), required=True, digits=6)


class PriceForm(RowsForm):
    """One price with its tiers."""

    row, row_name, add_name, none_yet = TierRow, _("Tier"), _("Add a tier"), _("No tiers: the amount above holds for any quantity")
    sections = (
        (_("Price"), ("kind", "code", "name_zh", "name_en", "amount", "period", "proration")),
        (_("Usage"), ("usage_type", "unit_size", "tier_mode")),
        (_("Who may have it"), ("segment", "channel", "area_id", "part_code", "percent_of_part", "condition")),
        (_("Tax and bill"), ("tax_category", "tax_included", "charge_type")),
    )
    only = {"period": ("kind", ("recurring",)), "proration": ("kind", ("recurring",)), "usage_type": ("kind", ("usage",)),
            "unit_size": ("kind", ("usage",)), "tier_mode": ("kind", ("usage",))}
    rows_only = ("kind", ("usage",))
    kind = choice(_("When is it due?"), PriceKind.choices, empty=None, required=True)
    code = code(small=True, help_text=_("Prices of one code are alternatives: the most fitting counts"))
    name_zh = text(_("Chinese name"), 100, required=True)
    name_en = text(_("English name"), 100, required=True)
    amount = number(_("Amount (¥)"), digits=6, help_text=_("0 if it costs nothing; may stay empty where tiers or a part's price say it"))
    period = choice(_("Charged for"), Period.choices)
    proration = choice(_("Part of a period"), Proration.choices, empty=None)
    usage_type = choice(_("Usage"), UsageType.choices)
    unit_size = number(_("Units in a step"), help_text=_("Begun steps count whole"))
    tier_mode = choice(_("How tiers are read"), TierMode.choices, empty=None)
    segment = choice(_("Segment"), SEGMENTS, empty=EVERYBODY)
    channel = choice(_("Channel"), CHANNELS, empty=("", _("Every channel")))
    area_id = choice(_("Area"), (), empty=("", _("Everywhere")))
    part_code = choice(_("Part of the bundle"), ())
    percent_of_part = number(_("Percent of the part's own price"))
    condition = text(_("Only if"), 400, help_text=_("Values of characteristics, e.g. speed=1000 or speed>=300; several with commas"))
    tax_category = choice(_("Tax category"), (), empty=None)
    tax_included = flag(_("Tax is included in the amount"), initial=True)
    charge_type = text(_("Charge type on the bill"), 20, help_text=_("Empty: named as the kind of price"))

    def __init__(self, *args: Any, areas: Choices = (), parts: Choices = (), taxes: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area_id", [("", _("Everywhere")), *areas])
        offer(self, "part_code", [NONE, *parts])
        offer(self, "tax_category", taxes)
        if not list(parts):
            del self.fields["part_code"], self.fields["percent_of_part"]

    def clean(self) -> dict[str, Any]:
        """Ask for the amount where nothing else says it: what was forgotten is not free."""
        data = super().clean() or self.cleaned_data
        if "amount" not in self.errors and data.get("amount") is None:
            if not self.rows.total_form_count() and data.get("percent_of_part") is None:
                self.add_error("amount", forms.ValidationError(self.fields["code"].error_messages["required"], code="required"))
            data["amount"] = Decimal(0)
        return data


class AllowanceRow(RowForm):
    """What is included each month."""

    usage_type = choice(_("Usage"), UsageType.choices, required=True)
    amount = number(_("Included a month"), required=True)
    rollover_months = whole(_("Carried over (months)"), most=24)
    proration = choice(_("In a part of a month"), Proration.choices, empty=None)
    shared = flag(_("Shared by all lines"))


class AllowancesForm(RowsForm):
    """All allowances."""

    row, row_name, add_name, none_yet = AllowanceRow, _("Allowance"), _("Add an allowance"), _("Nothing is included")


class TermRow(RowForm):
    """A contract term."""

    only = {"penalty_percent": ("penalty_kind", ("remaining_months", "give_back")), "penalty_amount": ("penalty_kind", ("fixed", "give_back"))}
    code = code(small=True, help_text="")
    name_zh = text(_("Chinese name"), 100, required=True)
    name_en = text(_("English name"), 100, required=True)
    months = whole(_("Months"), required=True, most=120)
    penalty_kind = choice(_("Leaving early costs"), PenaltyKind.choices, empty=None)
    penalty_percent = number(_("Penalty in percent"))
    penalty_amount = AmountField(label=_("Penalty amount"), required=False)
    floor_amount = AmountField(label=_("Least spend a month"), required=False)
    prestore_amount = AmountField(label=_("Prestored"), required=False)
    return_months = whole(_("Returned over (months)"), most=120)
    notice_days = whole(_("Notice (days)"), most=366)
    default = flag(_("Usual unless chosen otherwise"))


class TermsForm(RowsForm):
    """All contract terms."""

    row, row_name, add_name, none_yet = TermRow, _("Term"), _("Add a term"), _("No term: the customer may leave at any time")


class PartRow(RowForm):
    """A part of a bundle."""

    part_code = choice(_("Product offer"), (), required=True)
    quantity_min = whole(_("At least"), most=999)
    quantity_max = whole(_("At most"), least=1, most=999)
    quantity_default = whole(_("Usually"), most=999)
    group_code = code(_("Group of parts"), small=True, required=False, help_text=_("Parts of a group are alternatives"))
    group_min = whole(_("Group at least"), most=999)
    group_max = whole(_("Group at most"), least=1, most=999)

    def __init__(self, *args: Any, offers: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "part_code", [NONE, *offers])


class PartsForm(RowsForm):
    """All parts of a bundle."""

    row, row_name, add_name, none_yet = PartRow, _("Part"), _("Add a part"), _("A bundle has parts")
