"""Between the forms of a draft and what a version says: values read, written back, and the rules that stand against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.states import OfferingKind, SpecificationLevel, ValueType
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.rules import Broken
from tongke.web.catalogue import forms
from tongke.web.catalogue.words import unit_words
from tongke.web.kit import DayField, KitForm, formatting
from tongke.web.kit.widgets import dress

Data = dict[str, Any]
NOUN = "offerings"
PREFIX = "value_"
TAX_OF_KIND = {OfferingKind.VALUE_ADDED: "value_added_telecom", OfferingKind.DEVICE: "goods", OfferingKind.MOBILE: "basic_telecom"}


def change(version: contents.Standing, changes: Mapping[str, Any], *, by: Actor, at: Any) -> None:
    """Put changed fields into a draft of an offering; what is not finished yet may be missing until the test."""
    content = {**version.content.model_dump(), **changes}
    design.edit_version(noun=version.noun, version_id=version.id, content=content, seen_at=version.changed_at, unfinished=True, by=by, at=at)


def copied(content: Any, fresh: Mapping[str, Any]) -> Data:
    """Return what an offer says, for another of these names; values of another specification are left behind."""
    out = {**content.model_dump(), **fresh, "note": ""}
    if fresh["specification"] != content.specification:
        out["characteristics"] = {}
    return out


def given(row: Mapping[str, Any]) -> Data:
    """Return the fields of a row that hold something: what is left empty takes what the shape says."""
    return {name: value for name, value in row.items() if value not in (None, "")}


def findings_by_section(version: contents.Standing, section_of: Callable[[str], str], *, by: Actor) -> dict[str, list[Broken]]:
    """Return the rules that stand against a draft, by the section that mends each."""
    del by
    out: dict[str, list[Broken]] = defaultdict(list)
    for broken in board.stands_against(version):
        out[section_of(broken.field)].append(broken)
    return out


def offer_choices(by: Actor) -> list[tuple[str, str]]:
    """Return every offer by code and name."""
    return [(o.code, f"{formatting.name(o)} · {o.code}") for o in board.offerings_board(by).order_by("kind", "code")]


def product_specifications() -> list[tuple[str, str]]:
    """Return the specifications of products by code and name."""
    known = contents.newest("specifications")
    return [(code, f"{formatting.name(s.content)} · {code}") for code, s in known.items() if s.content.level == SpecificationLevel.PRODUCT]


def tax_choices() -> list[tuple[str, str]]:
    """Return the tax categories by name and rate."""
    return [*((code, formatting.name(tax)) for code, tax in contents.tax_rates().items()), ("none", str(_("Not taxed")))]


def usual_tax(kind: str) -> str:
    """Return the tax category that prices of a kind usually have, if it is known; else the first."""
    known = [code for code, _words in tax_choices()]
    return next((code for code in (TAX_OF_KIND.get(OfferingKind(kind), "basic_telecom"), *known) if code in known), "none")


# -- what a price asks of characteristics ---------------------------------------------------------


def condition_text(condition: Mapping[str, Any]) -> str:
    """Write a condition as the form takes it: speed=300/500, seats>=5."""
    out = []
    for name, wanted in condition.items():
        if isinstance(wanted, Mapping):
            out += [f"{name}>={wanted['least']}"] if wanted.get("least") is not None else []
            out += [f"{name}<={wanted['most']}"] if wanted.get("most") is not None else []
        else:
            out.append(f"{name}={'/'.join(str(v) for v in (wanted if isinstance(wanted, list | tuple) else [wanted]))}")
    return ", ".join(out)


def read_condition(text: str) -> Data:
    """Read a condition as it was typed; raises ``Invalid`` for what is none."""
    out: Data = {}
    for part in text.replace("，", ",").replace("≥", ">=").replace("≤", "<=").split(","):
        if not part.strip():
            continue
        for sign, edge in ((">=", "least"), ("<=", "most")):
            name, found, value = part.partition(sign)
            if found:
                out.setdefault(name.strip(), {})[edge] = _number(value)
                break
        else:
            name, found, value = part.partition("=")
            values = [v.strip() for v in value.split("/") if v.strip()]
            if not found or not name.strip() or not values:
                raise Invalid(what=str(_("Only if")), field="condition")
            out[name.strip()] = values[0] if len(values) == 1 else values
    return out


def _number(text: str) -> str:
    try:
        return str(Decimal(text.strip()))
    except InvalidOperation as fault:
        raise Invalid(what=str(_("Only if")), field="condition") from fault


def price_of(data: Mapping[str, Any]) -> Data:
    """Return a price of the content from its form; what does not belong to its kind is left out."""
    kind = data["kind"]
    out = given({name: value for name, value in data.items() if name not in {"rows", "condition", "period", "proration", "usage_type", "unit_size", "tier_mode"}})
    out["condition"] = read_condition(data["condition"])
    out["tax_included"] = data["tax_included"]
    out["tiers"] = [given(row) for row in data["rows"]]
    if kind == "recurring":
        out |= given({"period": data["period"], "proration": data["proration"]})
    if kind == "usage":
        out |= given({"usage_type": data["usage_type"], "unit_size": data["unit_size"], "tier_mode": data["tier_mode"]})
    return out


# -- characteristics in inputs of their type ------------------------------------------------------


def characteristics_form(known: Iterable[Any]) -> type[KitForm]:
    """Return a form with one input of the right type for each characteristic."""
    fields = {PREFIX + one.code: input_of(one) for one in known}
    return type("CharacteristicsForm", (KitForm,), fields)


def dressed(field: django_forms.Field) -> None:
    """Give a field that was added to a form the kit's look."""
    dress(field)


def input_of(one: Any, *, asked: bool = False) -> django_forms.Field:
    """Return the input of a characteristic's type; ``asked`` is at the sale, where its usual value stands in it."""
    field = _input(one, asked=asked)
    if asked and one.default is not None:
        field.initial = as_typed([one], {one.code: one.default})[PREFIX + one.code]
    return field


def _input(one: Any, *, asked: bool) -> django_forms.Field:
    hint = unit_words(one.unit)
    if one.configurable and not asked:
        hint = " · ".join(part for part in (hint, str(_("may be chosen at the sale"))) if part)
    label = formatting.name(one)
    if one.cardinality_max > 1:
        return forms.text(label, 400, help_text=f"{hint} · {_('several, with commas')}".strip(" ·"))
    if one.value_type == ValueType.CHOICE or one.values:
        return forms.choice(label, [(c.value, formatting.name(_Names(c))) for c in one.values], help_text=hint)
    if one.value_type == ValueType.BOOLEAN:
        return forms.choice(label, [("true", _("yes")), ("false", _("no"))], help_text=hint)
    plain: dict[str, Callable[[], django_forms.Field]] = {
        ValueType.INTEGER: lambda: django_forms.IntegerField(label=label, required=False, help_text=hint),
        ValueType.DECIMAL: lambda: forms.number(label, digits=6, help_text=hint), ValueType.DATE: lambda: DayField(label=label, required=False, help_text=hint),
    }
    return plain.get(one.value_type, lambda: forms.text(label, 400, help_text=hint))()


class _Names:
    """A choice's names as ``formatting.name`` reads them."""

    def __init__(self, choice: Any) -> None:
        self.name_zh, self.name_en = choice.zh, choice.en


def as_typed(known: Iterable[Any], values: Mapping[str, Any]) -> Data:
    """Return the values as the form's inputs show them."""
    out = {}
    for one in known:
        value = values.get(one.code)
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, list | tuple):
            value = ", ".join(str(v) for v in value)
        out[PREFIX + one.code] = value
    return out


def as_values(known: Iterable[Any], data: Mapping[str, Any]) -> Data:
    """Return what was typed as values of the content; what was left empty is no value."""
    out: Data = {}
    for one in known:
        value = data.get(PREFIX + one.code)
        if value in (None, ""):
            continue
        if one.cardinality_max > 1:
            out[one.code] = [_plain(one, part.strip()) for part in str(value).replace("，", ",").split(",") if part.strip()]
        else:
            out[one.code] = _plain(one, value)
    return out


def _plain(one: Any, value: Any) -> Any:
    return plain_value(one.value_type, value)


def plain_value(value_type: str, value: Any) -> Any:
    """Return a value as JSON keeps it; what cannot be read stays as typed and the rules tell of it."""
    if value_type == ValueType.BOOLEAN:
        return value == "true" if value in {"true", "false"} else value
    if value_type == ValueType.INTEGER:
        text = str(value).strip()
        return int(text) if text.lstrip("-").isdecimal() else text
    if value_type in {ValueType.DECIMAL, ValueType.DATE}:
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    return str(value)
