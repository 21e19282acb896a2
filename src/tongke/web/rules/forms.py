"""The form of a rule: what all rules have, and a typed field for each parameter of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries.eligibility import BY_KIND
from tongke.areas.catalogue.services import RuleDraft
from tongke.areas.catalogue.states import OfferingKind, RuleEffect, RuleKind, RuleSubject
from tongke.web.kit import AmountField, DayField, KitForm
from tongke.web.kit.widgets import dress
from tongke.web.party.record import start_of
from tongke.web.rules.words import CHOICES, HINTS, LABELS, PER, WHERE

Choices = Sequence[tuple[Any, Any]]
PARAMETER = "parameter__"
FIRST = ("code", "name_zh", "name_en", "subject_kind", "subject_offering", "subject_category", "subject_of_kind")
LAST = ("effect", "valid_from", "valid_until", "org_id")
WORDS = ("says_zh", "says_en", "mend_zh", "mend_en", "note")


class RuleForm(KitForm):
    """A version of a rule. ``kind`` decides which parameters are asked for; ``offers`` and ``categories`` are (code, words).

    ``only`` names fields that are asked for where another has one of some values.
    """

    only: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "subject_offering": ("subject_kind", (RuleSubject.OFFERING,)), "subject_category": ("subject_kind", (RuleSubject.CATEGORY,)),
        "subject_of_kind": ("subject_kind", (RuleSubject.KIND,)), f"{PARAMETER}deposit": ("effect", (RuleEffect.DEPOSIT,)),
    }
    wide: ClassVar[tuple[str, ...]] = ()

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Capitals, digits, - and _; a code has many versions"))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=100, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)
    subject_kind = forms.ChoiceField(label=_("Is about"), choices=RuleSubject.choices, help_text=_("Then choose which one"))
    subject_offering = forms.ChoiceField(label=_("Offering"), required=False)
    subject_category = forms.ChoiceField(label=_("Category"), required=False)
    subject_of_kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", "–"), *OfferingKind.choices])
    effect = forms.ChoiceField(label=_("Where it does not hold"), choices=RuleEffect.choices)
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from when it is put in force"))
    valid_until = DayField(label=_("Until"), required=False, help_text=_("That day no longer; empty: without end"))
    org_id = forms.TypedChoiceField(label=_("Binds in"), coerce=int)
    says_zh = forms.CharField(label=_("Reason in Chinese"), max_length=300, required=False, help_text=_("Empty: the kind's own sentence, which names the concrete thing"))
    says_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False)
    mend_zh = forms.CharField(label=_("What would mend it, in Chinese"), max_length=300, required=False)
    mend_en = forms.CharField(label=_("What would mend it, in English"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(
        self, *args: Any, kind: str, offers: Choices = (), categories: Choices = (), orgs: Choices = (), fixed_code: bool = False, **kwargs: Any
    ) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)
        none = [("", "–")]
        for name, choices in (("subject_offering", [*none, *offers]), ("subject_category", [*none, *categories]), ("org_id", list(orgs))):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        if fixed_code:
            self.fields["code"].disabled = True
        lists = {"offerings": offers, "categories": categories, "one_of": orgs}
        own: dict[str, forms.Field] = {}
        for name, info in BY_KIND[kind].model_fields.items():
            if name == "deposit" and kind not in {RuleKind.CREDIT, RuleKind.ARREARS, RuleKind.TENURE}:
                continue
            field = field_of(kind, name, info.annotation, required=info.is_required(), lists=lists)
            field.initial = self.initial.get(PARAMETER + name, _opening(info))
            dress(field)
            own[PARAMETER + name] = field
        self.fields = {**{n: self.fields[n] for n in FIRST}, **own, **{n: self.fields[n] for n in (*LAST, *WORDS)}}
        self.sections = (
            (_("The rule"), FIRST), (RuleKind(kind).label, tuple(own)), (_("What follows, when and where"), LAST), (_("Own words"), WORDS),
        )

    def parameters(self) -> dict[str, Any]:
        """Return the parameters as they were given; what was left empty is left out."""
        out = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(PARAMETER) and value not in (None, "", [], ()):
                plain = name.removeprefix(PARAMETER)
                out[plain] = [w.strip() for w in value.split(",") if w.strip()] if plain == "features" else str(value) if isinstance(value, Decimal) else value
        return out

    def draft(self) -> RuleDraft:
        """Return what was typed as a draft."""
        data = self.cleaned_data
        subject = {"offering": "subject_offering", "category": "subject_category", "kind": "subject_of_kind"}.get(data["subject_kind"])
        return RuleDraft(
            code=data["code"].strip().upper(), kind=self.kind, name_zh=data["name_zh"], name_en=data["name_en"], parameters=self.parameters(),
            subject_kind=data["subject_kind"], subject_code=data[subject] if subject else "", effect=data["effect"], org_id=data["org_id"],
            **{name: data[name].strip() for name in WORDS}, valid_from=start_of(data["valid_from"]), valid_until=start_of(data["valid_until"]),
        )


def _opening(info: Any) -> Any:
    """Return what a parameter's field opens with: its default, where it has one."""
    found = info.get_default(call_default_factory=True) if not info.is_required() else None
    return list(found) if isinstance(found, tuple) else found


def field_of(kind: str, name: str, annotation: Any, *, required: bool, lists: dict[str, Choices]) -> forms.Field:
    """Return the field that asks for one parameter."""
    about: dict[str, Any] = {"label": LABELS[name], "required": False, "help_text": HINTS.get(name, "")}
    known: Any = CHOICES.get((kind, name))
    if name in {"where", "per", "class_least"}:
        choices: Any = {"where": WHERE, "per": PER}.get(name) or [("", "–"), *(known or ())]
        return forms.ChoiceField(choices=choices, **about)
    if known is not None or name == "kinds":
        return forms.MultipleChoiceField(choices=known or OfferingKind.choices, widget=forms.CheckboxSelectMultiple, **about)
    if name in lists:
        coerce = int if name == "one_of" else str
        return forms.TypedMultipleChoiceField(choices=lists[name], coerce=coerce, widget=forms.CheckboxSelectMultiple, **about)
    plain: type[forms.Field] = {bool: forms.BooleanField}.get(annotation, forms.IntegerField)
    if name == "features":
        plain = forms.CharField
    elif _is_amount(annotation):
        plain = AmountField
    return plain(**about | {"required": required and plain is forms.IntegerField})


def _is_amount(annotation: Any) -> bool:
    return any(one is Decimal or Decimal in get_args(one) for one in (annotation, *get_args(annotation)))


def opened(row: Any) -> dict[str, Any]:
    """Return the values that a form opens with for a rule that is recorded."""
    subject = {"offering": "subject_offering", "category": "subject_category", "kind": "subject_of_kind"}.get(row.subject_kind)
    out = {name: getattr(row, name) for name in ("code", "name_zh", "name_en", "subject_kind", "effect", "org_id", *WORDS)}
    out |= {subject: row.subject_code} if subject else {}
    out |= {"valid_from": _day(row.valid_from), "valid_until": _day(row.valid_until)}
    shaped = BY_KIND[row.kind].model_validate(row.parameters).model_dump(mode="json")
    out |= {PARAMETER + name: ", ".join(value) if name == "features" else value for name, value in shaped.items()}
    return out


def _day(moment: datetime | None) -> Any:
    from django.utils import timezone  # noqa: PLC0415 - the zone of the page is the reader's

    return timezone.localtime(moment).date() if moment else None
