"""The table of grades: its versions, what each grade asks, which pattern gives it, and trying a number out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import ORDINARY, PatternKind, ScheduleState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import Page, go, toast
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.words import SCHEDULE_TONES, grade_name, number_words

Data = dict[str, Any]
PLACES = {"tail": _("at the end"), "anywhere": _("anywhere")}
DIRECTIONS = {"up": _("climbing"), "down": _("falling"), "either": _("climbing or falling")}


def pattern_words(kind: str, p: Data) -> str:
    """Return a pattern in words."""
    made: dict[str, Any] = {
        PatternKind.LETTERS: lambda: f"{p.get('pattern')} {PLACES.get(p.get('at', 'tail'), '')}",
        PatternKind.LADDER: lambda: _now("%(n)s digits %(how)s %(where)s") % {
            "n": p.get("length"), "how": DIRECTIONS.get(p.get("direction", "either"), ""), "where": PLACES.get(p.get("at", "tail"), "")},
        PatternKind.BIRTHDAY: lambda: _now("a date as %(form)s, years %(first)s to %(last)s") % {"form": p.get("form"), "first": p.get("year_from"), "last": p.get("year_until")},
        PatternKind.HEAD_TAIL: lambda: (_now("the first %(n)s digits mirrored at the end") if p.get("mirrored") else _now("the first %(n)s digits again at the end")) % {"n": p.get("length")},
        PatternKind.ENDS: lambda: _now("ends in %(digits)s") % {"digits": " · ".join(p.get("any_of", ()))},
        PatternKind.CONTAINS: lambda: _now("contains %(digits)s") % {"digits": " · ".join(p.get("any_of", ()))},
        PatternKind.WITHOUT: lambda: _now("none of %(digits)s among the last %(n)s") % {"digits": p.get("digits"), "n": p.get("last")},
        PatternKind.FEW_DIGITS: lambda: _now("at most %(most)s different digits among the last %(n)s") % {"most": p.get("most"), "n": p.get("last")},
    }
    return str(made[kind]()) if kind in made else str(p)


def tried(text: str, *, schedule_id: int | None, by: Actor) -> Data:
    """Return which grade a number has and why: every pattern that fits, the deciding one first."""
    if not text.strip():
        return {"text": ""}
    at = clock.now()
    answer = queries.grade_by(text, schedule_id=schedule_id, by=by) if schedule_id else queries.grade_of(text, org_id=by.base_org_id or 1, by=by, at=at)
    terms = answer.terms
    return {"text": text, "answer": answer, "number": number_words(answer.number), "grade": grade_name(answer.grade, terms.name_zh if terms else None, terms.name_en if terms else None),
            "fine": answer.grade != ORDINARY, "terms": terms, "fitting": [(rule, pattern_words(rule.kind, rule.parameters)) for rule in answer.fitting]}


class Grades(Page):
    """All versions, and the tester."""

    title, permission, template = _("Grades of fine numbers"), SEE, "numbers/grades.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the versions by organisation, and what was tried."""
        del kwargs
        at = clock.now()
        mine = queries.schedule_at(at, self.actor.base_org_id or 1)
        rows = [(row, staff.org_name(row.org_id), (ScheduleState(row.state).label, SCHEDULE_TONES[row.state])) for row in queries.schedules(by=self.actor)]
        return {"subtitle": _("Which pattern makes a number fine, and what a fine number costs"), "rows": rows, "mine": mine, "at": at, "may_run": self.actor.may(RUN),
                "tried": tried(request.GET.get("number", ""), schedule_id=None, by=self.actor)}


class SchedulePage(Page):
    """One version: its grades, its patterns in order, and the tester over it."""

    permission, template = SEE, "numbers/schedule.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return all of it."""
        found = queries.schedule_seen(kwargs["schedule_id"], by=self.actor)
        grades = list(queries.grades_of(found.id, by=self.actor))
        names = {g.code: grade_name(g.code, g.name_zh, g.name_en) for g in grades}
        rules = [(rule, names.get(rule.grade_code, grade_name(rule.grade_code, None, None)), PatternKind(rule.kind).label, pattern_words(rule.kind, rule.parameters))
                 for rule in queries.grade_rules_of(found.id, by=self.actor)]
        at = clock.now()
        mine = self.actor.may(RUN) and self.actor.sees(found.org_id)
        return {
            "title": found.name or f"v{found.version}", "schedule": found, "maker": staff.names_signed([found.made_by])[found.made_by], "org": staff.org_name(found.org_id), "grades": grades, "rules": rules,
            "state": (ScheduleState(found.state).label, SCHEDULE_TONES[found.state]), "may_edit": mine and found.state == ScheduleState.DRAFT, "may_begin": self.actor.may(RUN),
            "may_withdraw": mine and (found.state == ScheduleState.DRAFT or (found.state == ScheduleState.RELEASED and found.valid_from is not None and found.valid_from > at)),
            "tried": tried(request.GET.get("number", ""), schedule_id=found.id, by=self.actor), "crumbs": [(_("Grades of fine numbers"), reverse("number-grades"))],
        }


class NextSchedule(Page):
    """Draft the next version of the actor's organisation as a copy of one that stands."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Draft it and open it."""
        found = queries.schedule_seen(kwargs["schedule_id"], by=self.actor)
        org_id = found.org_id if self.actor.sees(found.org_id) else self.actor.base_org_id or 1
        grades, rules = drafts_of(found.id, by=self.actor)
        made = services.draft_schedule(org_id=org_id, name=found.name, grades=grades, rules=rules, by=self.actor, at=clock.now())
        toast(request, _("The draft was begun"))
        return go(request, reverse("number-schedule", args=[made]))


def drafts_of(schedule_id: int, *, by: Actor) -> tuple[list[services.GradeDraft], list[services.RuleDraft]]:
    """Return what a version says as drafts, to be written anew."""
    grades = [services.GradeDraft(**{name: getattr(g, name) for name in services.GradeDraft.__slots__}) for g in queries.grades_of(schedule_id, by=by)]
    rules = [services.RuleDraft(grade=r.grade_code, kind=r.kind, parameters=r.parameters, about=r.about) for r in queries.grade_rules_of(schedule_id, by=by)]
    return grades, rules


class ScheduleAct(Page):
    """Withdraw a version that has not begun to hold."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Withdraw it."""
        if kwargs["deed"] != "withdraw":
            raise NotFound(field="deed")
        services.withdraw_schedule(schedule_id=kwargs["schedule_id"], by=self.actor, at=clock.now())
        toast(request, _("The version was withdrawn"))
        return go(request, reverse("number-schedule", args=[kwargs["schedule_id"]]))
