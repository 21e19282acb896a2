"""The tester: a real customer (or a prospect), a place, a channel, a day: each offer with every reason and the rule behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.states import LifeCycle, OfferingKind, SalesChannel
from tongke.areas.ordering import queries as ordering
from tongke.areas.ordering.queries import Prospect, Qualification, Wanted
from tongke.areas.party.queries.finding import find
from tongke.areas.party.states import Segment
from tongke.areas.resource.queries import find_places
from tongke.areas.staff.services.looks import record_look
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused
from tongke.web.kit import DayField, FormPage, KitForm, formatting, render
from tongke.web.kit.refusals import lines_of
from tongke.web.party.record import start_of
from tongke.web.rules.words import EFFECT_TONES, EFFECTS, OUTCOME_SIGNS, OUTCOME_TONES, OUTCOMES

Data = dict[str, Any]
WEIGHT = {"eligible": 0, "conditional": 1, "refused": 2}


class TryForm(KitForm):
    """Whom, where, through which channel and when."""

    customer = forms.CharField(label=_("Customer"), required=False, max_length=60, help_text=_("Customer number, phone or account; empty: a prospect"))
    segment = forms.ChoiceField(label=_("Segment of the prospect"), required=False, choices=[("", "–"), *Segment.choices])
    address = forms.CharField(label=_("Address of use"), required=False, max_length=200, help_text=_("Empty: no address is judged"))
    channel = forms.ChoiceField(label=_("Sales channel"), required=False, choices=[("", _("Any channel")), *SalesChannel.choices])
    kind = forms.ChoiceField(label=_("Kind of offering"), required=False, choices=[("", _("All kinds")), *OfferingKind.choices])
    on = DayField(label=_("On"), required=False, help_text=_("Empty: now"))
    as_if = forms.ChoiceField(label=_("As if this draft were in force"), required=False)

    def __init__(self, *args: Any, drafts: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].widget.attrs["autocomplete"] = "off"
        if drafts:
            self.fields["as_if"].choices = [("", "–"), *drafts]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        else:
            del self.fields["as_if"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, found in the house; ``wrong`` maps a field to what is wrong with it."""

    customer_id: UUID | None
    wanted: Wanted
    prospect: Prospect | None
    place: str
    wrong: dict[str, str]


class TryRules(FormPage):
    """Judge every offer for one customer, by the rules in force or as if a draft were. Asked by POST: no address holds a number."""

    title, permission, form, template = _("Try the rules"), "ordering.qualify", TryForm, "rules/try.html"
    submit, name = _("Judge"), "rules-try"

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the drafts to whoever may set rules."""
        del kwargs
        if not (self.actor.may("catalogue.rules") and self.actor.may("catalogue.view")):
            return {}
        drafts = catalogue.rule_rows(by=self.actor).filter(state__in=[LifeCycle.IN_STUDY, LifeCycle.IN_DESIGN, LifeCycle.IN_TEST])
        return {"drafts": [(str(row.id), f"{formatting.name(row)} · {row.code} v{row.version}") for row in drafts]}

    def initial(self, **kwargs: Any) -> Data:
        """Open as if the draft named in the address were in force."""
        del kwargs
        return {"as_if": self.request.GET.get("as_if", ""), "channel": "hall"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Nothing was judged yet."""
        del request, kwargs
        return {"said": None}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("catalogue-rules") if self.actor.may("catalogue.view") else "/"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Judge and show it below the form."""
        form = self.build(request, **kwargs)
        if not form.is_valid():
            return self.show(form, [], status=422, **kwargs)
        at = start_of(form.cleaned_data["on"]) or clock.now()
        asked = self._asked(form.cleaned_data)
        for field, words in asked.wrong.items():
            form.add_error(field, words)
        if asked.wrong:
            return self.show(form, [], status=422, **kwargs)
        try:
            said = self._judged(form.cleaned_data, asked, at=at)
        except Refused as fault:
            return self.show(form, lines_of(fault), status=fault.status if fault.status in {403, 404} else 422, **kwargs)
        return render(request, self.template, self._answer(form, asked, said))

    def _judged(self, data: Data, asked: Asked, *, at: datetime) -> list[Qualification]:
        about: Data = {"wanted": asked.wanted, "prospect": asked.prospect, "by": self.actor, "at": at}
        if data.get("as_if"):
            said = ordering.qualify_as_if(UUID(data["as_if"]), asked.customer_id, **about)
        else:
            said = ordering.qualify(asked.customer_id, **about)
        if asked.customer_id is not None:
            record_look(kind="view", customer_id=asked.customer_id, org_id=self.actor.base_org_id, purpose=_now("Trying the rules"), by=self.actor,
                        at=clock.now())
        kept = [q for q in said if not data["kind"] or (q.offer is not None and q.offer.kind == data["kind"])]
        return sorted(kept, key=lambda q: (WEIGHT[q.outcome], q.code))

    def _asked(self, data: Data) -> Asked:
        wrong: dict[str, str] = {}
        customer_id, place_id, place = None, None, ""
        if data["customer"].strip():
            with acting(self.actor):
                rows = find(data["customer"], limit=2, purpose=_now("Trying the rules"), by=self.actor).rows
            customers = {row["id"] for row in rows}
            if len(customers) == 1:
                customer_id = UUID(customers.pop())
            else:
                wrong["customer"] = _now("Several customers are found by this: give the number whole") if customers else _now(
                    "No customer with this number in your area of responsibility")
        if data["address"].strip():
            found = find_places(data["address"], limit=5, by=self.actor)
            if len(found) == 1:
                place_id, place = found[0].id, found[0].full
            else:
                wrong["address"] = _now("Which one? {places}").format(places="; ".join(p.full for p in found)) if found else _now("No such address is known")
        prospect = Prospect(segment=data["segment"] or None, org_id=self.actor.base_org_id) if customer_id is None else None
        return Asked(customer_id, Wanted(place_id=place_id, channel=data["channel"] or None), prospect, place, wrong)

    def _answer(self, form: forms.Form, asked: Asked, said: list[Qualification]) -> Data:
        rules = {row.code: row for row in catalogue.rule_rows(by=self.actor).filter(state=LifeCycle.LAUNCHED)} if self.actor.may("catalogue.view") else {}
        counts = Counter(q.outcome for q in said)
        return {
            "title": self.title, "form": form, "page": self, "lines": [], "submit": self.submit, "intro": self.intro, "token": "",
            "cancel": self.cancel_address(), "multipart": False, "said": said, "asked": asked, "rules": rules, "outcomes": OUTCOMES,
            "tones": OUTCOME_TONES, "signs": OUTCOME_SIGNS, "effects": EFFECTS, "effect_tones": EFFECT_TONES, "kinds": dict(OfferingKind.choices),
            "counts": [(key, OUTCOMES[key], counts.get(key, 0)) for key in WEIGHT], "fingerprint": said[0].fingerprint if said else "",
        }
