"""Recording a new customer: one page, checked while it is filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.states import BlacklistEffect
from tongke.areas.staff import queries as staff_queries
from tongke.areas.staff import services as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.web.kit import FormPage, Page, render
from tongke.web.party import forms
from tongke.web.party.frame import PURPOSE
from tongke.web.party.words import EFFECT_TONES, WORDS

Data = dict[str, Any]
CONSENTS = {"consent_marketing": "marketing", "consent_profiling": "profiling", "consent_third_party": "third_party"}


def draft_of(data: Data, *, image: bytes | None = None) -> services.CustomerDraft:
    """Build the draft of a new customer from the form's values; empty pieces are left out."""
    documents = (services.DocumentDraft(
        kind=data["document_kind"], number=data["number"], issuer=data["issuer"], expires_on=data["expires_on"], image=image,
    ),) if data["number"] else ()
    media = [services.MediumDraft(kind=kind, given=data[kind], preferred=kind == "mobile") for kind in ("mobile", "email") if data[kind]]
    if data["wechat"]:
        media.append(services.MediumDraft(kind="wechat", given=data["wechat"], consent=data["wechat_consent"]))
    address = (services.AddressDraft(full=data["address"], kind=data["address_kind"]),) if data["address"] else ()
    consents = tuple(services.ConsentDraft(purpose=purpose, state=data[field], source="counter")
                     for field, purpose in CONSENTS.items() if data[field])
    return services.CustomerDraft(
        name=data["name"], kind=data["kind"], org_id=data["org_id"], gender=data["gender"], birth_on=data["birth_on"],
        nationality=data["nationality"] or "CN", industry=data["industry"], segment=data["segment"], documents=documents,
        media=tuple(media), addresses=address, consents=consents,
    )


class NewCustomer(FormPage):
    """The form of a new customer, with a column of live checks beside it."""

    title, permission, form = _("New customer"), "party.create", forms.NewCustomerForm
    name, template, done = "customer-new", "party/new.html", _("The customer is recorded")
    fields = {"full": "address", "consent": "wechat_consent", "phone": "mobile", "web_id": "wechat"}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations that the actor may record customers for."""
        del kwargs
        return {"orgs": [(o.id, o.name) for o in staff_queries.orgs_offered(by=self.actor)]}

    def initial(self, **kwargs: Any) -> Data:
        """Start with the actor's own local network. Nothing is taken from the address: personal data stands in none."""
        del kwargs
        return {"org_id": self.actor.base_org_id, "kind": "individual", "segment": "residential", "document_kind": "resident_id", "nationality": "CN"}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list of customers."""
        del kwargs
        return reverse("customers")

    def objections(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> list[Any]:
        """Check the whole draft though a field is still missing."""
        del kwargs
        return services.new_customer_objections(draft_of(data), by=by, at=at)

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Record the customer and open it."""
        del kwargs
        image = data["image"].read() if data["image"] else None
        made = services.create_customer(draft_of(data, image=image), by=by, at=at)
        return reverse("customer", args=[made.customer_id])


class Checks(Page):
    """What is already wrong or known while the form is filled: document, likely duplicates, blacklist."""

    permission, template = "party.create", "party/checks.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the column of checks for what was typed so far."""
        del kwargs
        typed, at = request.POST, clock.now()
        number, name, phone = (typed.get(key, "").strip()[:200] for key in ("number", "name", "mobile"))
        document = services.DocumentDraft(kind=typed.get("document_kind", ""), number=number, expires_on=_day(typed.get("expires_on")))
        broken = services.document_objections(
            document, party_kind=typed.get("kind", ""), birth_on=_day(typed.get("birth_on")), gender=typed.get("gender", ""), on=self.actor.day(at),
        ) if number else []
        with acting(self.actor):
            likely = queries.likely_duplicates(queries.DuplicateFacts(
                name=name, birth_on=_day(typed.get("birth_on")), documents=((document.kind, number),) if number else (),
                phones=(phone,) if phone else (), addresses=(typed["address"][:400],) if typed.get("address") else (),
            ), at=at, limit=5) if name or number or phone else []
        for one in likely:  # what a hint shows of others is a look at them
            if one.customer_id:
                staff.record_look(kind="search", customer_id=one.customer_id, org_id=self.actor.base_org_id, purpose=PURPOSE, by=self.actor, at=at,
                                  clear=[kind for kind in ("name",) if self.actor.may("party.see_name")])
        listed = queries.consult_blacklist(
            id_numbers=(number,) if number else (), phones=(phone,) if phone else (), by=self.actor, at=at) if number or phone else None
        return render(request, self.template, {
            "words": WORDS, "number": number, "broken": broken, "likely": likely, "listed": listed if listed and listed.effect else None,
            "effect": BlacklistEffect(listed.effect).label if listed and listed.effect else "",
            "tone": EFFECT_TONES.get(listed.effect or "", "info") if listed else "info", "asked": bool(name or number or phone),
        })


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None
