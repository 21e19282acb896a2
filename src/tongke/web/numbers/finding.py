"""Finding a free number that pleases, and keeping it with one key: what somebody wishes, what fits, what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.queries import FoundNumber, NumberWish
from tongke.areas.resource.states import ORDINARY, NumberKind, NumberState
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit import KitForm, Page, is_part, render
from tongke.web.kit.refusals import lines_of
from tongke.web.numbers.words import CHANNELS, STATE_TONES, english, grade_choices, grade_name, marked, number_words, pool_choices

FOUND_SHOWN = 30
MARKS = "*?_xX×＊？"
NATIONAL = 11
UNREADABLE = "RES-27"


class WishForm(KitForm):
    """What somebody wishes of a number; ``q`` takes whatever people write."""

    q = forms.CharField(label=_("Number or pattern"), required=False, max_length=40, widget=forms.TextInput(attrs={
        "autocomplete": "off", "inputmode": "text", "autofocus": True, "spellcheck": "false", "placeholder": "138****8888", "data-number-q": True}))
    birthday = forms.CharField(label=_("Birthday at the end"), required=False, max_length=10,
                               widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "0821 · 900821 · 19900821"}))
    no_four = forms.BooleanField(label=_("No 4 among the last eight"), required=False)
    plain = forms.BooleanField(label=_("No digit twice in a row"), required=False)
    date = forms.BooleanField(label=_("Ends in a date"), required=False)
    grade = forms.MultipleChoiceField(label=_("Grade"), required=False, widget=forms.CheckboxSelectMultiple)
    prestore_max = forms.IntegerField(label=_("Prestore at most (¥)"), required=False, min_value=0, max_value=10**7)
    floor_max = forms.IntegerField(label=_("Monthly floor at most (¥)"), required=False, min_value=0, max_value=10**7)
    prestore_min = forms.IntegerField(label=_("Prestore at least (¥)"), required=False, min_value=0, max_value=10**7)
    pool = forms.ChoiceField(label=_("Pool"), required=False)
    channel = forms.ChoiceField(label=_("Sold through"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *NumberKind.choices])

    def __init__(self, data: Any = None, *, by: Actor) -> None:
        super().__init__(data)
        self.fields["grade"].choices = grade_choices(by)  # type: ignore[attr-defined]  # a choice field
        self.fields["pool"].choices = [("", _("Every pool")), *pool_choices(by)]  # type: ignore[attr-defined]  # a choice field
        self.fields["channel"].choices = [("", _("Any channel")), *CHANNELS]  # type: ignore[attr-defined]  # a choice field


def pattern_of(text: str) -> dict[str, Any]:
    """Return the parts of a wish that a pattern asks for.

    ``138****8888`` is the whole number, ``138*`` how it begins, ``*888`` how it ends, bare digits stand anywhere; several
    words hold together.
    """
    asked: dict[str, Any] = {}
    inner: list[str] = []
    text = normalize("NFKC", text)  # digits and stars as a Chinese keyboard may give them
    for word in text.replace("，", " ").replace(",", " ").split() if not re.fullmatch(r"[\d\s-]{11,}", text) else [re.sub(r"[\s-]", "", text)]:
        bare = word.strip(MARKS)
        marks = any(c in MARKS for c in bare)
        stars = len(word) - len(bare)
        if marks or (stars and len(word) >= NATIONAL) or (not stars and len(bare.lstrip("0")) >= NATIONAL):
            asked["mask"] = word.removeprefix("+86")
        elif stars and word[0] not in MARKS:
            asked["head"] = bare
        elif stars and word[-1] not in MARKS:
            asked["tail"] = bare
        else:
            inner.append(bare)
    if inner:
        asked["contains"] = tuple(inner)
    return asked


def wish_of(data: dict[str, Any]) -> NumberWish:
    """Return what the form asks for."""
    return NumberWish(
        **pattern_of(data["q"].strip()), without="4" if data["no_four"] else "", birthday="any" if data["date"] else data["birthday"].strip(),
        plain=data["plain"], grades=tuple(data["grade"]), prestore_max=data["prestore_max"], prestore_min=data["prestore_min"],
        floor_max=data["floor_max"], kind=data["kind"])


@dataclass(frozen=True, slots=True)
class Offered:
    """A found number as the page shows it."""

    row: FoundNumber
    words: Any
    grade: str
    fine: bool
    pool: str


def runs_of(number: str, wish: NumberWish) -> list[tuple[int, int]]:
    """Return which digits of the national number the wish asked for."""
    digits = number.removeprefix("+86")
    runs = [(m.start(), m.end()) for part in wish.contains for m in re.finditer(re.escape(part), digits)]
    tail = wish.tail or (wish.birthday if wish.birthday.isdigit() else "")
    if tail and digits.endswith(tail):
        runs.append((len(digits) - len(tail), len(digits)))
    if wish.head and digits.startswith(wish.head.lstrip("0")):
        runs.append((0, len(wish.head.lstrip("0"))))
    if len(wish.mask) == len(digits):
        runs += [(at, at + 1) for at, c in enumerate(wish.mask) if c.isdigit()]
    shown = number_words(number)
    # Fixed numbers are written with a 0 in front, numbers of things with their country.
    shift = 3 if shown.startswith("+") else 1 if shown.startswith("0") else 0
    return [(start + shift, end + shift) for start, end in runs]


def offered(row: FoundNumber, wish: NumberWish) -> Offered:
    """Return a found number ready to show."""
    return Offered(row, marked(row.number, runs_of(row.number, wish)), grade_name(row.grade, row.grade_name_zh, row.grade_name_en), row.grade != ORDINARY,
                   row.pool_name_zh if not row.pool_name_en or not english() else row.pool_name_en)


class Find(Page):
    """The search page; htmx asks only for what was found."""

    title, permission, template = _("Find a number"), "resource.view_numbers", "numbers/find.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the form, what fits, and the actor's own holds."""
        del kwargs
        context = found_context(request.GET, self.actor)
        if is_part(request, "found"):
            return render(request, "numbers/found.html", context)
        return render(request, self.template, {
            "title": self.title, "subtitle": _("By what a number looks like, what it costs and where it is sold"), **context, **mine_context(self.actor)})


def found_context(query: QueryDict, by: Actor) -> dict[str, Any]:
    """Return what fits the query, or why it cannot be read."""
    form, lines, rows, whole = WishForm(query or None, by=by), [], [], None
    form_ok = not query or form.is_valid()
    channel = query.get("channel", "")
    if not form_ok:
        lines = [{"code": "WEB-01", "says": f"{form.fields[name].label}: {text}", "mend": "", "field": name} for name, texts in form.errors.items() for text in texts]
    else:
        wish = wish_of(form.cleaned_data) if query else NumberWish(kind="mobile")
        pool = form.cleaned_data["pool"] if query else ""
        try:
            rows = [offered(row, wish) for row in queries.find_numbers(
                wish, pool_id=UUID(pool) if pool else None, channel=channel if query and form.cleaned_data["channel"] else "", most=FOUND_SHOWN, by=by, at=clock.now())]
        except Refused as fault:
            lines = [{**line, "says": str(_("The pattern cannot be read")) if line["code"] == UNREADABLE else line["says"]} for line in lines_of(fault)]
        whole = queries.number_written(query.get("q", ""), by=by) if wish.mask and wish.mask.isdigit() else None
    return {"form": form, "lines": lines, "rows": rows, "whole": whole, "whole_state": (NumberState(whole.state).label, STATE_TONES[whole.state]) if whole else None,
            "asked": bool(query), "channel": channel or "hall", "may_hold": by.may("resource.hold_number"), "shown_max": FOUND_SHOWN}


def mine_context(by: Actor) -> dict[str, Any]:
    """Return the actor's own running holds."""
    at = clock.now()
    return {"mine": queries.own_holds(by=by, at=at), "at": at, "may_assign": by.may("resource.assign_number"), "may_hold": by.may("resource.hold_number")}
