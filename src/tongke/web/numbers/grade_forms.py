"""Forms of a draft of the grades: its grades, its patterns in order, and its release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import ORDINARY, PatternKind, ScheduleState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.catalogue.rowforms import RowForm, RowsForm, RowsPage
from tongke.web.kit import AmountField, FormPage, KitForm, MomentInput, formatting
from tongke.web.numbers.grades import DIRECTIONS, PLACES, drafts_of
from tongke.web.numbers.navigation import RUN
from tongke.web.numbers.words import grade_name

Data = dict[str, Any]
K = PatternKind
# Which parameter belongs to which kinds of patterns.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "pattern": (K.LETTERS,), "length": (K.LADDER, K.HEAD_TAIL), "direction": (K.LADDER,), "at": (K.LETTERS, K.LADDER), "form": (K.BIRTHDAY,),
    "year_from": (K.BIRTHDAY,), "year_until": (K.BIRTHDAY,), "mirrored": (K.HEAD_TAIL,), "any_of": (K.ENDS, K.CONTAINS), "digits": (K.WITHOUT,),
    "most": (K.FEW_DIGITS,), "last": (K.WITHOUT, K.FEW_DIGITS),
}


def _whole(label: Any, most: int = 100, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=most)


class GradeRow(RowForm):
    """One grade and its terms."""

    code = forms.CharField(label=_("Code"), max_length=8)
    rank = forms.IntegerField(label=_("Rank (1: the finest)"), min_value=1, max_value=999)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    prestore = AmountField(label=_("Prestore"))
    monthly_floor = AmountField(label=_("Monthly floor"))
    term_months = _whole(_("Term (months)"), 600, required=True)
    penalty_percent = forms.DecimalField(label=_("Penalty (% of the floor)"), min_value=0, max_value=100, decimal_places=2, max_digits=5)
    floor_while_suspended = forms.BooleanField(label=_("Floor also while out of service"), required=False)
    exempt_after_term = forms.BooleanField(label=_("Free of it once the term is over"), required=False)


class GradesForm(RowsForm):
    """The grades of a version."""

    row, row_name, add_name, none_yet = GradeRow, _("Grade"), _("Add a grade"), _("No grade: every number is ordinary")
    name = forms.CharField(label=_("Name of the version"), max_length=100)


class PatternRow(RowForm):
    """One pattern; the first that fits decides."""

    only = {name: ("kind", tuple(str(k) for k in kinds)) for name, kinds in PARAMETERS.items()}
    grade = forms.ChoiceField(label=_("Grade"))
    kind = forms.ChoiceField(label=_("Which pattern"), choices=PatternKind.choices)
    pattern = forms.CharField(label=_("Letters, as AABB"), max_length=11, required=False)
    length = _whole(_("How many digits"), 10)
    direction = forms.ChoiceField(label=_("Direction"), choices=list(DIRECTIONS.items()), required=False, initial="either")
    at = forms.ChoiceField(label=_("Where"), choices=list(PLACES.items()), required=False)
    form = forms.ChoiceField(label=_("Form of the date"), choices=[(f, f) for f in ("YYYYMMDD", "YYMMDD", "MMDD")], required=False)
    year_from = _whole(_("Years from"), 2200)
    year_until = _whole(_("Years until"), 2200)
    mirrored = forms.BooleanField(label=_("Mirrored"), required=False)
    any_of = forms.CharField(label=_("Any of these digits"), max_length=400, required=False, help_text=_("Several with spaces"))
    digits = forms.CharField(label=_("None of these digits"), max_length=9, required=False)
    most = _whole(_("Different digits at most"), 5)
    last = _whole(_("Among the last"), 13)
    about = forms.CharField(label=_("Note"), max_length=100, required=False)

    def __init__(self, *args: Any, grades: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = list(grades)  # type: ignore[attr-defined]  # a choice field


class PatternsForm(RowsForm):
    """The patterns of a version, in their order."""

    row, row_name, add_name, none_yet = PatternRow, _("Which pattern"), _("Add a pattern"), _("No pattern: every number is ordinary")


def parameters_typed(row: Data) -> Data:
    """Return the parameters that belong to a row's kind and were given."""
    out: Data = {name: row[name] for name, kinds in PARAMETERS.items() if row["kind"] in kinds and row.get(name) not in (None, "")}
    if "any_of" in out:
        out["any_of"] = out["any_of"].replace(",", " ").replace("，", " ").split()
    if "pattern" in out:
        out["pattern"] = out["pattern"].upper()
    return out


class EditDraft(RowsPage):
    """What the two pages of a draft share."""

    permission, template, watches = RUN, "catalogue/rows.html", True

    def draft(self) -> Any:
        """Return the draft; raises ``NotFound`` for what has been released."""
        found = queries.schedule_seen(self.kwargs["schedule_id"], by=self.actor)
        if found.state != ScheduleState.DRAFT or not self.actor.sees(found.org_id):
            raise NotFound
        return found

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the version."""
        return reverse("number-schedule", args=[kwargs["schedule_id"]])

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the version."""
        del request
        found = self.draft()
        return {"crumbs": [(_("Grades of fine numbers"), reverse("number-grades")), (found.name or f"v{found.version}", self.cancel_address(**kwargs))]}


class EditGrades(EditDraft):
    """The grades of a draft."""

    name, title, form = "number-schedule-grades", _("What each grade asks"), GradesForm
    fields = {"grades": "rows-0-code"}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the name."""
        del kwargs
        return {"name": self.draft().name}

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Return the grades."""
        return [{name: getattr(g, name) for name in GradeRow.base_fields} for g in drafts_of(kwargs["schedule_id"], by=self.actor)[0]]

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Write the grades anew; the patterns stay."""
        found = self.draft()
        rules = drafts_of(found.id, by=by)[1]
        services.redraft_schedule(schedule_id=found.id, name=data["name"], grades=[services.GradeDraft(**row) for row in data["rows"]], rules=rules, by=by, at=at)
        return self.cancel_address(**kwargs)


class EditPatterns(EditDraft):
    """The patterns of a draft."""

    name, title, form = "number-schedule-patterns", _("Patterns in their order"), PatternsForm
    fields = {"rules": "rows-0-grade"}
    intro = _("A number gets the grade of the first pattern that fits; one that fits none is ordinary.")

    def row_options(self, **kwargs: Any) -> Data:
        """Offer the version's grades."""
        grades = [(g.code, f"{g.code} · {grade_name(g.code, g.name_zh, g.name_en)}") for g in drafts_of(kwargs["schedule_id"], by=self.actor)[0]]
        return {"grades": [*grades, (ORDINARY, _("Ordinary"))]}

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Return the patterns."""
        out = []
        for rule in drafts_of(kwargs["schedule_id"], by=self.actor)[1]:
            given = dict(rule.parameters)
            if "any_of" in given:
                given["any_of"] = " ".join(given["any_of"])
            out.append({"grade": rule.grade, "kind": rule.kind, "about": rule.about, **given})
        return out

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Write the patterns anew; the grades stay."""
        found = self.draft()
        rules = [services.RuleDraft(grade=row["grade"], kind=row["kind"], parameters=parameters_typed(row), about=row["about"]) for row in data["rows"]]
        services.redraft_schedule(schedule_id=found.id, name=found.name, grades=drafts_of(found.id, by=by)[0], rules=rules, by=by, at=at)
        return self.cancel_address(**kwargs)


class ReleaseForm(KitForm):
    """From when it holds."""

    valid_from = forms.DateTimeField(label=_("Holds from"), required=False, widget=MomentInput(), help_text=_("Empty: from now on. What was sold keeps its terms in any case."))


class ReleaseSchedule(FormPage):
    """Let a version hold from an instant on."""

    name, title, permission, form, template = "number-schedule-release", _("Release this version"), RUN, ReleaseForm, "numbers/plain_form.html"
    submit, done = _("Release"), _("The version is released; grade the pools anew once it holds")
    confirm = _("Release it? It does not change any more then.")

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the version."""
        return reverse("number-schedule", args=[kwargs["schedule_id"]])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Release it."""
        starts = data["valid_from"]
        if starts is not None:
            starts = starts.replace(tzinfo=formatting.zone())
        services.release_schedule(schedule_id=kwargs["schedule_id"], valid_from=starts, by=by, at=at)
        return self.cancel_address(**kwargs)
