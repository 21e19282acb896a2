"""Input fields in the kit's look. Forms that derive from ``KitForm`` get them without saying so."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from tongke.kernel.keys import phone_e164

CSS = {
    forms.Select: "form-select", forms.SelectMultiple: "form-select", forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input", forms.CheckboxSelectMultiple: "form-check-input",
}


class KitRenderer(DjangoTemplates):
    """Renders widgets with Django's own widget templates, whatever engine the pages use; the engine is built once and keeps them."""


class KitForm(forms.Form):
    """A form whose fields carry the kit's classes, accessible errors and, where useful, phone keyboards.

    ``rows`` groups fields side by side: a list of lists of names; ``sections`` are (heading, names).
    """

    sections: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the visible fields by section; those of no section come last, under no heading."""
        named = {name for _heading, names in self.sections for name in names}
        groups = [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.sections]
        rest = [field for field in self.visible_fields() if field.name not in named]
        return [*groups, ("", rest)] if rest else groups


def dress(field: forms.Field) -> None:
    """Give a field's widget the kit's classes."""
    widget = field.widget
    css = next((name for kind, name in CSS.items() if isinstance(widget, kind)), "form-control")
    widget.attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()


class DayInput(forms.DateInput):
    """A date by the browser's own calendar."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class MomentInput(forms.DateTimeInput):
    """A date and time by the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs=attrs)


class DayField(forms.DateField):
    """A day."""

    widget = DayInput


class PhoneField(forms.CharField):
    """A phone number; the clean value is E.164."""

    default_error_messages = {"phone": _("This is not a possible phone number. Write it as 138 5710 0001, 0571-88880000 or +44 …")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="tel", autocomplete="off")

    def clean(self, value: Any) -> str:
        """Return the number in E.164; raises ``ValidationError`` for what is no possible number."""
        text: str = super().clean(value)
        if not text:
            return ""
        known = phone_e164(text)
        if known is None:
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return known


class AmountField(forms.DecimalField):
    """An amount in the currency's major unit, two decimals."""

    def __init__(self, *, currency: str = "¥", **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        self.currency = currency
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-amount": currency}), **kwargs)


class FileField(forms.FileField):
    """An upload with a drop zone; ``accept`` as in HTML, ``bytes_max`` is checked here as well."""

    default_error_messages = {"large": _("The file is larger than %(most)s MB")}

    def __init__(self, *, accept: str = "", bytes_max: int = 50 * 1024 * 1024, **kwargs: Any) -> None:
        self.bytes_max = bytes_max
        super().__init__(widget=forms.FileInput(attrs={"accept": accept, "data-drop": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the uploaded file; raises ``ValidationError`` where it is too large."""
        found = super().clean(data, initial)
        if found and found.size > self.bytes_max:
            raise forms.ValidationError(self.error_messages["large"], code="large", params={"most": self.bytes_max // (1024 * 1024)})
        return found
