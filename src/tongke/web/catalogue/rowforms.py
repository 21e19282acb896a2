"""Forms with rows: a section of a draft whose prices, tiers or parts are a list of alike forms on one page.

Rows are added, moved and taken away in the browser; whatever is sent comes back as it was typed if anything is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import HttpResponse

from tongke.web.kit import FormPage, KitForm

ROWS_MAX = 200
PLACE = re.compile(r"rows-(\d+)-(\w+)")
PATH = re.compile(r"\[(\d+)\]")


class RowForm(KitForm):
    """One row. ``only`` shows a field where another holds one of some values: {"period": ("kind", ("recurring",))}."""

    only: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = {}
    wide: ClassVar[tuple[str, ...]] = ()


class RowSet(BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """The rows of a form, in the order in which they were sent."""

    def filled(self) -> list[dict[str, Any]]:
        """Return the clean values of the rows that are kept; an added row that was left empty is none."""
        kept = [form for form in self.forms if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [{name: value for name, value in form.cleaned_data.items() if name != "DELETE"} for form in kept]

    def kept_places(self) -> list[int]:
        """Return the places of the rows of ``filled`` among all that were sent."""
        return [n for n, form in enumerate(self.forms) if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")]


class RowsForm(KitForm):
    """A form with rows below its own fields; ``cleaned_data["rows"]`` holds them.

    ``rows_only`` asks for rows where a field has one of some values, as ``only`` does for fields; rows that are there stay in sight.
    """

    only: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = {}
    wide: ClassVar[tuple[str, ...]] = ()
    rows_only: ClassVar[tuple[str, tuple[str, ...]] | None] = None
    row: ClassVar[type[RowForm]]
    row_name: ClassVar[Any] = ""
    add_name: ClassVar[Any] = ""
    none_yet: ClassVar[Any] = ""

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]] = (), row_options: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = formset_factory(self.row, formset=RowSet, extra=0, can_delete=True, max_num=ROWS_MAX, absolute_max=ROWS_MAX)
        # What was sent is not compared with what stands: a row that was left as it was is still a row.
        before = None if self.is_bound else [dict(row) for row in rows]
        self.rows: Any = made(self.data if self.is_bound else None, initial=before, prefix="rows", form_kwargs=dict(row_options or {}))

    def is_valid(self) -> bool:
        """Tell whether the form's own fields and every row can be read."""
        own, below = super().is_valid(), self.rows.is_valid()
        if below and own:
            self.cleaned_data["rows"] = self.rows.filled()
        return own and below


class RowsPage(FormPage):
    """A form page whose form has rows. A rule's field ``name[2].amount`` (rows counted from 0) stands at that row's field."""

    template = "catalogue/rows.html"

    def rows(self, **kwargs: Any) -> Sequence[Mapping[str, Any]]:
        """Return the rows that the form opens with."""
        del kwargs
        return ()

    def opening(self, **kwargs: Any) -> Any:
        """Return the form's own values and its rows."""
        return super().opening(**kwargs), [dict(row) for row in self.rows(**kwargs)]

    def field_of(self, field: str) -> str:
        """Return the form's field for a rule's path: ``name.2.amount`` for a field of a row."""
        return dotted(field)

    def row_options(self, **kwargs: Any) -> dict[str, Any]:
        """Return further arguments of each row's constructor."""
        del kwargs
        return {}

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form its rows."""
        return {"rows": self.rows(**kwargs), "row_options": self.row_options(**kwargs)}

    def show(self, form: forms.Form, lines: list[dict[str, str]], *, status: int = 200, **kwargs: Any) -> HttpResponse:
        """Show the form with what is wrong in it and in its rows."""
        assert isinstance(form, RowsForm)  # noqa: S101 - a programming error, never an input
        placed = [{**line, "field": place_of(form, self.field_of(line["field"]))} for line in lines]
        mark_rows(form, placed)
        return super().show(form, [*placed, *row_lines(form)], status=status, **kwargs)


def dotted(field: str) -> str:
    """Return a path in a content with its places between dots: ``tiers[2].amount`` is ``tiers.2.amount``."""
    return PATH.sub(r".\1", field)


def place_of(form: RowsForm, field: str) -> str:
    """Return the field of a row that a rule means by ``list.2.amount``; a field of the form itself as it is."""
    words = field.split(".")
    if len(words) < 2 or not words[1].isdecimal() or not form.rows.is_bound:
        return field
    places = form.rows.kept_places()
    number = int(words[1])
    if number >= len(places):
        return field
    # What is said of a row as a whole stands at its first field.
    return f"rows-{places[number]}-{words[2] if len(words) > 2 and words[2] in form.row.base_fields else next(iter(form.row.base_fields))}"


def mark_rows(form: RowsForm, lines: Sequence[Mapping[str, str]]) -> None:
    """Put each broken rule beside the field of the row that it names."""
    for line in lines:
        found = PLACE.fullmatch(line["field"])
        if found is None or int(found[1]) >= len(form.rows.forms):
            continue
        row = form.rows.forms[int(found[1])]
        if found[2] in row.fields:
            row.add_error(found[2], f"{line['says']} ({line['code']})")
            row.refused = True


def row_lines(form: RowsForm) -> list[dict[str, str]]:
    """Return what the rows themselves complain of, as lines like those of broken rules."""
    if not form.rows.is_bound:
        return []
    lines = [{"code": "WEB-01", "says": str(text), "mend": "", "field": ""} for text in form.rows.non_form_errors()]
    for number, row in enumerate(form.rows.forms):
        if getattr(row, "refused", False):  # told of by the rule already
            continue
        for name, errors in row.errors.items():
            label = str(row.fields[name].label or name) if name in row.fields else ""
            lines.extend({"code": "WEB-01", "says": f"{form.row_name} {number + 1} · {label}: {text}", "mend": "", "field": f"rows-{number}-{name}"} for text in errors)
    return lines
