"""Forms of a specification: beginning one, and the sections of its draft."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.states import RelationKind, SpecificationLevel, ValueType
from tongke.kernel import clock
from tongke.kernel.errors import Invalid, NotFound
from tongke.web.catalogue import drafting, forms
from tongke.web.catalogue.offering import may_edit, said
from tongke.web.catalogue.rowforms import RowForm, RowsForm, RowsPage
from tongke.web.catalogue.specifications import NOUN, own_page
from tongke.web.kit import (
    FormPage,
    KitForm,
    Page,
    formatting,
    go,
    toast,
)

Data = dict[str, Any]


class NewForm(KitForm):
    """What a new specification begins with."""

    copy_of = forms.choice(_("Copy of"), (), empty=("", _("nothing: begin empty")))
    code = forms.code()
    level = forms.choice(_("Layer"), SpecificationLevel.choices, empty=None, required=True)
    kind = forms.text(_("Kind"), 20, required=True, help_text=_("Of a product the kind of its offers: mobile, broadband …; else free, e.g. access, sim, port"))
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "copy_of", [("", _("nothing: begin empty")), *known])


class NewSpecification(FormPage):
    """A new specification, empty or with what another says."""

    name, title, permission, form = "catalogue-specification-new", _("New specification"), "catalogue.design", NewForm
    template, submit, done = "catalogue/plain_form.html", _("Begin the draft"), _("The draft was begun")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back to the list."""
        del request, kwargs
        return {"crumbs": [(_("Specifications"), reverse("catalogue-specifications"))]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("catalogue-specifications")

    def form_options(self, **kwargs: Any) -> Data:
        """Offer what may be copied."""
        del kwargs
        return {"known": [(code, f"{formatting.name(s.content)} · {code}") for code, s in contents.newest(NOUN).items()]}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Draft it."""
        del kwargs
        code, copied = data.pop("code"), data.pop("copy_of")
        content = {**(contents.newest(NOUN, [copied])[copied].content.model_dump() if copied else {}), **data, "org_id": by.base_org_id or 1}
        return own_page(design.draft_specification(code=code, content=content, by=by, at=at))


class NextSpecification(Page):
    """The next version begins as the version says that stands."""

    permission = "catalogue.design"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Draft it."""
        version = said(kwargs["specification_id"], noun=NOUN)
        made = design.draft_specification(code=version.code, content=version.content, by=self.actor, at=clock.now())
        toast(request, _("The draft was begun"))
        return go(request, own_page(made))


class _Edit(FormPage):
    """What the forms of a draft share."""

    permission, template, key, watches = "catalogue.design", "catalogue/section.html", "", True

    @property
    def version(self) -> contents.Standing:
        """The draft; raises ``NotFound`` for what is none that the actor may edit."""
        found = said(self.kwargs["specification_id"], noun=NOUN)
        if not may_edit(found, self.actor):
            raise NotFound
        return found

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the sections around this one."""
        del request, kwargs
        version = self.version
        words = (("basics", _("Basics")), ("characteristics", _("Characteristics")), ("relations", _("Relations")))
        return {"title": formatting.name(version.content), "subtitle": f"{version.code} v{version.version}", "following": "",
                "tabs": [(label, reverse(f"catalogue-specification-{key}", args=[version.id]), key == self.key, None) for key, label in words],
                "crumbs": [(_("Specifications"), reverse("catalogue-specifications")), (f"{version.code} v{version.version}", own_page(version.id))]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the draft."""
        return own_page(kwargs["specification_id"])

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Put the section into the draft."""
        drafting.change(self.version, self.changed(data), by=by, at=at)
        return self.cancel_address(**kwargs)

    def changed(self, data: Data) -> Data:
        """Return what of the content changes."""
        return data


class BasicsForm(KitForm):
    """Names and kind."""

    level = forms.choice(_("Layer"), SpecificationLevel.choices, empty=None, required=True)
    kind = forms.text(_("Kind"), 20, required=True)
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    description_zh = forms.text(_("Chinese description"), 4000, rows=2)
    description_en = forms.text(_("English description"), 4000, rows=2)
    note = forms.text(_("Note for colleagues"), 2000, rows=2)


class EditBasics(_Edit):
    """Names and kind."""

    name, key, form = "catalogue-specification-basics", "basics", BasicsForm

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        del kwargs
        content = self.version.content
        return {name: getattr(content, name) for name in BasicsForm.base_fields}


class CharacteristicRow(RowForm):
    """A typed characteristic."""

    only = {"values": ("value_type", ("choice",)), "least": ("value_type", ("integer", "decimal", "text")), "most": ("value_type", ("integer", "decimal", "text")),
            "pattern": ("value_type", ("text",))}
    wide = ("values",)
    code = forms.code(small=True, help_text="")
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    value_type = forms.choice(_("Type"), ValueType.choices, empty=None, required=True)
    unit = forms.text(_("Unit"), 20)
    least = forms.number(_("Least"), digits=6)
    most = forms.number(_("Most"), digits=6)
    pattern = forms.text(_("Pattern"), 200)
    default = forms.text(_("Usual value"), 200)
    cardinality_max = forms.whole(_("Values at most"), least=1, most=1000)
    required = forms.flag(_("Required"))
    configurable = forms.flag(_("Chosen at the sale"))
    values = forms.text(_("Choices"), 4000, rows=3, help_text=_("One a line: value | Chinese name | English name"))


class CharacteristicsForm(RowsForm):
    """All characteristics."""

    row, row_name, add_name, none_yet = CharacteristicRow, _("Characteristic"), _("Add a characteristic"), _("No characteristic yet")


class EditCharacteristics(RowsPage, _Edit):
    """The typed characteristics of a draft."""

    name, key, form, template = "catalogue-specification-characteristics", "characteristics", CharacteristicsForm, "catalogue/section.html"

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Return the characteristics as they stand."""
        del kwargs
        return [one.model_dump(exclude={"values", "default"}) | {
            "values": "\n".join(f"{c.value} | {c.zh} | {c.en}" for c in one.values), "default": "" if one.default is None else _text(one.default)}
            for one in self.version.content.characteristics]

    def changed(self, data: Data) -> Data:
        """Return the characteristics as typed."""
        return {"characteristics": [_characteristic(row, number) for number, row in enumerate(data["rows"])]}


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _characteristic(row: Mapping[str, Any], number: int) -> Data:
    out = drafting.given({name: value for name, value in row.items() if name not in {"values", "default"}})
    values = []
    for line in row["values"].splitlines() if row["value_type"] == ValueType.CHOICE else ():
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if not line.strip():
            continue
        if len(parts) > 3 or not parts[0]:
            raise Invalid(what=f"{_now('Choices')} ({line[:40]})", field=f"characteristics.{number}.values")
        named = [*parts[1:], *[parts[-1]] * (3 - len(parts))]
        values.append({"value": parts[0], "zh": named[0], "en": named[1]})
    out["values"] = values
    if row["default"]:
        out["default"] = drafting.plain_value(row["value_type"], row["default"])
    return out


class RelationRow(RowForm):
    """A relation to another specification."""

    wide = ("characteristic_map",)
    only = {"quantity_min": ("kind", ("decomposes", "requires")), "quantity_max": ("kind", ("decomposes", "requires")),
            "characteristic_map": ("kind", ("decomposes",))}
    kind = forms.choice(_("How"), RelationKind.choices, empty=None, required=True)
    other_code = forms.choice(_("Other specification"), (), required=True)
    quantity_min = forms.whole(_("At least"), most=10_000)
    quantity_max = forms.whole(_("At most"), least=1, most=10_000)
    characteristic_map = forms.text(_("Values handed on"), 2000, rows=2, help_text=_('One a line: theirs = ours, or theirs = "a constant"'))

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "other_code", [("", "–"), *known])


class RelationsForm(RowsForm):
    """All relations."""

    row, row_name, add_name, none_yet = RelationRow, _("Relation"), _("Add a relation"), _("It consists of nothing and needs nothing")


class EditRelations(RowsPage, _Edit):
    """What a draft consists of, requires, excludes and follows."""

    name, key, form, template = "catalogue-specification-relations", "relations", RelationsForm, "catalogue/section.html"

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Return the relations as they stand."""
        del kwargs
        return [one.model_dump(exclude={"characteristic_map"}) | {"characteristic_map": "\n".join(_mapped(one.characteristic_map))}
                for one in self.version.content.relations]

    def row_options(self, **kwargs: Any) -> Data:
        """Offer every other specification."""
        del kwargs
        own = self.version.code
        return {"known": [(code, f"{formatting.name(s.content)} · {code}") for code, s in contents.newest(NOUN).items() if code != own]}

    def changed(self, data: Data) -> Data:
        """Return the relations as typed."""
        return {"relations": [
            drafting.given({**row, "characteristic_map": ""}) | {"characteristic_map": _read_map(row["characteristic_map"], n)} for n, row in enumerate(data["rows"])
        ]}


def _mapped(found: Mapping[str, Any]) -> list[str]:
    return [f"{theirs} = {source['from'] if 'from' in source else json.dumps(source.get('value'), ensure_ascii=False)}" for theirs, source in found.items()]


def _read_map(text: str, number: int) -> Data:
    out: Data = {}
    for line in text.splitlines():
        theirs, found, source = (part.strip() for part in line.partition("="))
        if not theirs and not found:
            continue
        if not theirs or not source:
            raise Invalid(what=f"{_now('Values handed on')} ({line[:40]})", field=f"relations.{number}.characteristic_map")
        try:
            out[theirs] = {"value": json.loads(source)}
        except ValueError:
            out[theirs] = {"from": source}
    return out
