"""A pool's page and its forms: what feeds it, how many of which grade, opening, changing, closing, filling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import ORDINARY, NumberKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import FormPage, KitForm, Page, formatting, go, toast
from tongke.web.kit.chart import Chart, Series
from tongke.web.numbers.board import BAR, gauge_of
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.words import CHANNELS, PARTS, grade_choices, org_choices, pool_address, range_words, rows_address

Data = dict[str, Any]


def by_grade(pool_id: UUID, *, by: Actor) -> tuple[Chart, list[tuple[str, str, int, int, str]]]:
    """Return a pool's numbers by grade and part as a chart, and as rows: code, words, free, all, address of the free ones."""
    counts = queries.number_counts(pool_id=pool_id, by=by)
    words = {code: str(name) for code, name in grade_choices(by)}
    codes = [code for code in words if any(c.grade == code for c in counts)] + sorted({c.grade for c in counts} - set(words))
    fine = [code for code in codes if code != ORDINARY]

    def many(code: str, states: Sequence[str]) -> int:
        return sum(c.count for c in counts if c.grade == code and c.state in states)

    series = [Series(label, [many(code, states) for code in fine]) for _key, label, states in PARTS]
    chart = Chart(kind="stacked", categories=[words.get(code, code) for code in fine], series=[s for s in series if any(s.values)], label=_("Grade"), height="low",
                  links=[rows_address(pool=pool_id, grade=code) for code in fine], mend=_("Grades single out fine numbers once a table of grades is in force"))
    rows = [(code, words.get(code, code), many(code, ("free",)), sum(c.count for c in counts if c.grade == code), rows_address(pool=pool_id, grade=code, state="free")) for code in codes]
    return chart, rows


class PoolPage(Page):
    """One pool."""

    permission, template = SEE, "numbers/pool.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return its gauge, its grades, and what feeds it."""
        del request
        by, at = self.actor, clock.now()
        found = next((g for g in queries.pool_gauges(past=True, by=by, at=at) if g.id == kwargs["pool_id"]), None)
        if found is None:
            raise NotFound
        gauge = gauge_of(found)
        chart, grades = by_grade(found.id, by=by)
        return {
            "title": gauge.name, "g": gauge, "pool": found, "chart": chart, "grades": grades, "bar": BAR, "at": at,
            "facts": [(_("Code"), found.code), (_("Organisation"), gauge.org), (_("Kind"), gauge.kind), (_("Sold through"), gauge.channels),
                      (_("Warns below"), ngettext("%(n)s free number", "%(n)s free numbers", found.dry_below) % {"n": formatting.number(found.dry_below)}),
                      (_("Warns when it lasts less than"), ngettext("%(n)s day", "%(n)s days", found.dry_days) % {"n": found.dry_days} if found.dry_days else None),
                      (_("Taken a day lately"), formatting.number(found.taken_per_day, 1)), (_("Last looked at"), formatting.moment(found.gauged_at)),
                      (_("Open from"), formatting.moment(found.valid_from)), (_("Closed"), formatting.moment(found.valid_until))],
            "feeds": [(a, range_words(a.first, a.last), a.last - a.first + 1) for a in queries.allotments_of_pool(found.id, by=by)],
            "may_run": by.may(RUN) and by.sees(found.org_id), "open": found.valid_until is None or found.valid_until > at,
            "crumbs": [(_("Number pools"), reverse("numbers"))],
        }


class PoolForm(KitForm):
    """A pool."""

    sections = ((_("Pool"), ("code", "kind", "org_id", "name_zh", "name_en")), (_("Where it is sold"), ("channels",)), (_("When the desk is warned"), ("dry_below", "dry_days")))
    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=NumberKind.choices)
    org_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int, help_text=_("It sells what its own ranges have"))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)
    channels = forms.MultipleChoiceField(label=_("Channels"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all"))
    dry_below = forms.IntegerField(label=_("Fewer free numbers than"), min_value=0, max_value=10**8, initial=0)
    dry_days = forms.IntegerField(label=_("Lasts fewer days than"), min_value=0, max_value=3650, initial=0, help_text=_("0: not watched"))

    def __init__(self, *args: Any, by: Actor, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field
        if known:
            for name in ("code", "kind", "org_id"):
                del self.fields[name]


class NewPool(FormPage):
    """Open a pool."""

    name, title, permission, form, template = "number-pool-new", _("Open a pool"), RUN, PoolForm, "numbers/plain_form.html"
    submit, done = _("Open the pool"), _("The pool is open; allot numbers to it")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back."""
        del request, kwargs
        return {"crumbs": [(_("Number pools"), reverse("numbers"))]}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the actor's own organisation."""
        del kwargs
        return {"org_id": self.actor.base_org_id, "kind": NumberKind.MOBILE}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the board."""
        del kwargs
        return reverse("numbers")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Open it."""
        del kwargs
        return pool_address(services.open_pool(**data, by=by, at=at))


class ChangePool(FormPage):
    """Change what a pool is called, sells through and warns at."""

    name, permission, form, template, watches = "number-pool-edit", RUN, PoolForm, "numbers/plain_form.html", True

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the pool."""
        del request
        pool = queries.pool_seen(kwargs["pool_id"], by=self.actor)
        return {"title": _now("Change %(name)s") % {"name": formatting.name(pool)}, "crumbs": [(_("Number pools"), reverse("numbers")), (formatting.name(pool), pool_address(pool.id))]}

    def form_options(self, **kwargs: Any) -> Data:
        """What a pool is stays."""
        del kwargs
        return {"by": self.actor, "known": True}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        pool = queries.pool_seen(kwargs["pool_id"], by=self.actor)
        return {name: getattr(pool, name) for name in ("name_zh", "name_en", "channels", "dry_below", "dry_days")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the pool."""
        return pool_address(kwargs["pool_id"])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Change it."""
        pool = queries.pool_seen(kwargs["pool_id"], by=by)
        change = services.PoolChange(**{**data, "channels": tuple(data["channels"])})
        services.change_pool(pool_id=pool.id, version=pool.version, change=change, by=by, at=at)
        return pool_address(pool.id)


class PoolAct(Page):
    """Close a pool, grade its free numbers anew, or take a part of its numbers out."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it and show the pool."""
        pool, deed, at = queries.pool_seen(kwargs["pool_id"], by=self.actor), kwargs["deed"], clock.now()
        if deed == "close":
            services.close_pool(pool_id=pool.id, by=self.actor, at=at)
            said = _now("The pool is closed: nothing more is sold from it")
        elif deed == "regrade":
            count = services.regrade_pool(pool_id=pool.id, by=self.actor, at=at)
            said = ngettext("%(n)s number changed its grade", "%(n)s numbers changed their grade", count) % {"n": formatting.number(count)}
        else:
            raise NotFound(field="deed")
        toast(request, said)
        return go(request, pool_address(pool.id))


class EndAllotment(Page):
    """Take numbers out of their pool."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it and show the pool."""
        services.end_allotment(allotment_id=kwargs["allotment_id"], by=self.actor, at=clock.now())
        toast(request, _("These numbers are in no pool any more"))
        return go(request, pool_address(kwargs["pool_id"]))


class RangeForm(KitForm):
    """The ends of what is meant."""

    first = forms.CharField(label=_("First number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))
    last = forms.CharField(label=_("Last number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))


class AllotRange(FormPage):
    """Let numbers feed a pool: from the organisation's own range, or from another of its pools."""

    name, permission, form, template = "number-allot", RUN, RangeForm, "numbers/plain_form.html"
    submit, done = _("Allot"), _("The numbers feed the pool now")
    moves = False

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the pool."""
        del request
        pool = queries.pool_seen(kwargs["pool_id"], by=self.actor)
        words = _now("Move numbers to %(name)s") if self.moves else _now("Allot numbers to %(name)s")
        intro = _("Numbers that feed another pool of the same organisation go over with their states; one on hold keeps its hold.") if self.moves else _(
            "Numbers of the organisation's own ranges; each is entered and graded at once.")
        return {"title": words % {"name": formatting.name(pool)}, "intro": intro, "crumbs": [(_("Number pools"), reverse("numbers")), (formatting.name(pool), pool_address(pool.id))],
                "org": staff.org_name(pool.org_id)}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what the address says."""
        del kwargs
        return {"first": self.request.GET.get("first", ""), "last": self.request.GET.get("last", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the pool."""
        return pool_address(kwargs["pool_id"])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Allot or move them."""
        verb = services.move_range if self.moves else services.allot_range
        verb(pool_id=kwargs["pool_id"], **data, by=by, at=at)
        return pool_address(kwargs["pool_id"])
