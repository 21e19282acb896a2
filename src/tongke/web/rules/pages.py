"""The rules: the list with each as a sentence, one rule with its versions, drafting, putting in force and ending."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.queries.eligibility import Named
from tongke.areas.catalogue.queries.rule_book import category_names, offers_known
from tongke.areas.catalogue.states import LifeCycle, RuleEffect, RuleKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import Button, ChoiceFilter, DayField, Empty, FormPage, KitForm, Link, ListPage, Moment, Page, State, Text, go, toast
from tongke.web.party.record import start_of
from tongke.web.rules.forms import RuleForm, opened
from tongke.web.rules.words import EFFECT_TONES, KIND_ASKS, KIND_SIGNS, KINDS, STANDING, STANDING_LABELS, STANDING_TONES, STATES

Data = dict[str, Any]


def rule_name(row: Any) -> str:
    """Return a rule's name in the reader's language."""
    return str(Named(row.name_zh, row.name_en))


def all_rules(actor: Actor) -> Any:
    """Return every version of every rule."""
    return queries.rule_rows(by=actor)


def standing(row: Any, at: datetime) -> str:
    """Tell how a version stands: draft, planned, in_force, ended, given_up."""
    if queries.is_draft(row):
        return "draft"
    if row.state != LifeCycle.LAUNCHED:
        return "given_up" if row.state == LifeCycle.REJECTED else "ended"
    if row.valid_until is not None and row.valid_until <= at:
        return "ended"
    return "planned" if row.valid_from > at else "in_force"


def stands_now(row: Any) -> str:
    """Tell how a version stands now."""
    return standing(row, clock.now())


def sentence(row: Any) -> str:
    """Return what a rule says as one sentence."""
    return queries.sentences_of([row], at=clock.now())[row.id].sentence


class Rules(ListPage):
    """Every version of every rule: what it is about, since when, and how it stands."""

    name, title, permission = "catalogue-rules", _("Eligibility rules"), "catalogue.view"
    rows = all_rules
    columns = (
        Link(key="code", label=_("Rule"), to=lambda r: reverse("catalogue-rule", args=[r.id]), value=rule_name, sub="code", sort="code"),
        Text(key="says", label=_("What the rule says"), value=sentence, phone="block"),
        State(key="effect", label=_("Where it does not hold"), labels=RuleEffect, tones=EFFECT_TONES),
        State(key="stands", label=_("State"), labels=STANDING_LABELS, tones=STANDING_TONES, value=stands_now),
        Text(key="version", label=_("Version"), value=lambda r: f"v{r.version}", css="tk-num", phone="hidden"),
        Moment(key="valid_from", label=_("From"), sort="valid_from"),
        Moment(key="valid_until", label=_("Until"), phone="hidden", hidden=True),
        State(key="kind", label=_("Kind"), labels=RuleKind, hidden=True),
        Text(key="name", label=_("Name"), value=rule_name, hidden=True),
        Text(key="org", label=_("Binds in"), value=lambda r: staff.org_name(r.org_id), hidden=True),
    )
    filters = (
        ChoiceFilter(key="kind", label=_("Kind"), choices=RuleKind.choices, primary=True),
        ChoiceFilter(key="state", label=_("State"), choices=STATES, primary=True),
        ChoiceFilter(key="effect", label=_("Where it does not hold"), choices=RuleEffect.choices),
    )
    sort = "code"
    empty = Empty(says=_("No rule yet"), mend=_("Without rules everybody may order everything that is on sale."), icon="checklist")
    buttons = (
        Button(label=_("Try on a customer"), address="/catalogue/rules/try", icon="user-search", permission="ordering.qualify", primary=False),
        Button(label=_("New rule"), address="/catalogue/rules/new", permission="catalogue.rules"),
    )


class RulePage(Page):
    """One version of a rule as a sentence, its own words, its other versions, and what may be done with it."""

    permission, template = "catalogue.view", "rules/rule.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the rule in words and how it stands."""
        del request
        at, row = clock.now(), queries.rule_row(kwargs["rule_id"], by=self.actor)
        versions = queries.rule_versions_of(row.code, by=self.actor)
        told = queries.sentences_of(versions, at=at)
        return {
            "title": rule_name(row), "rule": row, "told": told[row.id], "standing": standing(row, at), "standings": STANDING, "kinds": KINDS, "sign": KIND_SIGNS[row.kind],
            "versions": [(v, told[v.id], standing(v, at)) for v in versions], "tones": EFFECT_TONES, "effects": dict(RuleEffect.choices),
            "org": staff.org_name(row.org_id), "mine": row.created_by == self.actor.name, "drafter": staff.names_signed([row.created_by])[row.created_by],
        }


class ChooseKind(Page):
    """The first step of a new rule: what it asks for."""

    title, permission, template = _("New rule"), "catalogue.rules", "rules/kinds.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the kinds with what each asks."""
        del request, kwargs
        return {"kinds": [(kind, label, KIND_SIGNS[kind]) for kind, label in KINDS.items()], "asks": KIND_ASKS}


class _RuleFormPage(FormPage):
    """What the pages that write a rule share: the form of a kind with what the catalogue offers to choose."""

    permission, form, template = "catalogue.rules", RuleForm, "rules/form.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the kind and where the form belongs."""
        del request
        crumbs: list[tuple[Any, str]] = [(_("Eligibility rules"), reverse("catalogue-rules"))]
        if "rule_id" in kwargs:
            row = queries.rule_row(kwargs["rule_id"], by=self.actor)
            crumbs.append((f"{row.code} v{row.version}", reverse("catalogue-rule", args=[row.id])))
        return {"subtitle": KINDS[self.kind(**kwargs)], "crumbs": crumbs}

    def kind(self, **kwargs: Any) -> str:
        """Return the kind of the rule."""
        raise NotImplementedError

    def form_options(self, **kwargs: Any) -> Data:
        """Give the form the kind and the lists to choose from."""
        at = clock.now()
        return {
            "kind": self.kind(**kwargs), "offers": [(o.code, f"{o.code} {o.name}") for o in offers_known((), at=at)],
            "categories": [(code, str(name)) for code, name in category_names().items()],
            "orgs": [(org.id, org.name) for org in staff.orgs_offered(by=self.actor)],
        }

    def _once(self, request: HttpRequest, form: django_forms.Form, **kwargs: Any) -> str:
        self.typed = form
        return super()._once(request, form, **kwargs)

    def drafted(self) -> services.RuleDraft:
        """Return the draft that was typed."""
        assert isinstance(self.typed, RuleForm)  # noqa: S101 - the page's own form
        return self.typed.draft()


class NewRule(_RuleFormPage):
    """Draft a rule of a kind."""

    title, name, submit, done = _("New rule"), "rule-new", _("Save as draft"), _("Drafted")

    def kind(self, **kwargs: Any) -> str:
        """Return the kind named in the address; raises ``NotFound`` for none such."""
        if kwargs["kind"] not in KINDS:
            raise NotFound
        return str(kwargs["kind"])

    def initial(self, **kwargs: Any) -> Data:
        """Begin at the actor's own level."""
        del kwargs
        return {"subject_kind": "offering", "org_id": self.actor.base_org_id or 1}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the choice of kinds."""
        del kwargs
        return reverse("catalogue-rule-new")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Draft it."""
        del data, kwargs
        return reverse("catalogue-rule", args=[services.draft_rule(draft=self.drafted(), by=by, at=at)])


class _OfRule(_RuleFormPage):
    """A form over a rule that is recorded."""

    def kind(self, **kwargs: Any) -> str:
        """Return the rule's kind."""
        return str(queries.rule_row(kwargs["rule_id"], by=self.actor).kind)

    def initial(self, **kwargs: Any) -> Data:
        """Open with what the rule says."""
        return opened(queries.rule_row(kwargs["rule_id"], by=self.actor))

    def form_options(self, **kwargs: Any) -> Data:
        """The code stays."""
        return {**super().form_options(**kwargs), "fixed_code": True}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the rule."""
        return reverse("catalogue-rule", args=[kwargs["rule_id"]])


class ChangeDraft(_OfRule):
    """Change a version that is still a draft."""

    title, name, watches = _("Change the draft"), "rule-change", True

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Change it."""
        del data
        services.change_draft(rule_id=kwargs["rule_id"], draft=self.drafted(), by=by, at=at)
        return self.cancel_address(**kwargs)


class NextVersion(_OfRule):
    """Draft the next version of a rule, beginning with what this one says."""

    title, name, submit, done = _("Next version"), "rule-next", _("Save as draft"), _("Drafted")
    intro = _("The version in force stays as it is until the new one begins.")

    def initial(self, **kwargs: Any) -> Data:
        """Open with what the rule says, from when it is put in force and without end."""
        return {**super().initial(**kwargs), "valid_from": None, "valid_until": None}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Draft it."""
        del data, kwargs
        return reverse("catalogue-rule", args=[services.draft_rule(draft=self.drafted(), by=by, at=at)])


class EndForm(KitForm):
    """From when on a rule binds no longer."""

    valid_until = DayField(label=_("Ends on"), required=False, help_text=_("Empty: now; that day it binds no longer"))


class EndRule(FormPage):
    """End a version in force or planned."""

    title, permission, form, name, submit, done = _("End the rule"), "catalogue.approve", EndForm, "rule-end", _("End"), _("Ended")
    intro = _("What was decided by the rule stays decided.")

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the rule."""
        return reverse("catalogue-rule", args=[kwargs["rule_id"]])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """End it."""
        services.end_rule(rule_id=kwargs["rule_id"], valid_until=start_of(data["valid_until"]), by=by, at=at)
        return self.cancel_address(**kwargs)


class PutInForce(Page):
    """Put a draft in force: the second person's button."""

    permission, done = "catalogue.approve", _("The rule is in force from its begin")

    def post(self, request: HttpRequest, *, rule_id: UUID) -> HttpResponseBase:
        """Do it."""
        services.put_rule_in_force(rule_id=rule_id, by=self.actor, at=clock.now())
        toast(request, self.done)
        return go(request, reverse("catalogue-rule", args=[rule_id]))


class Discard(Page):
    """Give a draft up."""

    permission = "catalogue.rules"

    def post(self, request: HttpRequest, *, rule_id: UUID) -> HttpResponseBase:
        """Do it."""
        services.discard_draft(rule_id=rule_id, by=self.actor, at=clock.now())
        toast(request, _("Not pursued"))
        return go(request, reverse("catalogue-rule", args=[rule_id]))
