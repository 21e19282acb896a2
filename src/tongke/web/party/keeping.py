"""Consents, credit and history of one customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.queries import CustomerRow, HistoryRow
from tongke.areas.party.states import ConsentPurpose, ConsentState, ContactChannel, CreditClass
from tongke.areas.staff import queries as staff_queries
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import AmountField, DayField, KitForm
from tongke.web.party import forms
from tongke.web.party.frame import CustomerAct, CustomerForm, CustomerPage
from tongke.web.party.record import start_of
from tongke.web.party.words import CONSENT_TONES, CREDIT_TONES, FACTORS, OPS

Data = dict[str, Any]
HISTORY_ROWS = 100
SAME_ACT = timedelta(milliseconds=500)


class Consents(CustomerPage):
    """What the customer allows: every purpose on every channel, and each earlier answer."""

    template, tab = "party/consents.html", "customer-consents"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return the table of answers in force and the answers before."""
        del request
        answers = queries.consents_of(row.id, by=self.actor)
        held = {(c.purpose, c.channel): c for c in answers if c.valid_until is None}
        table = [(purpose, label, [(channel, held.get((purpose, channel))) for channel in ContactChannel.values])
                 for purpose, label in ConsentPurpose.choices]
        return {
            "table": table, "channels": ContactChannel.choices, "tones": CONSENT_TONES, "states": dict(ConsentState.choices),
            "earlier": [c for c in answers if c.valid_until is not None], "purposes": dict(ConsentPurpose.choices),
            "channel_words": dict(ContactChannel.choices),
        }


class RecordConsent(CustomerForm):
    """One more answer."""

    title, permission, form, back = _("Record a consent"), "party.consent", forms.ConsentForm, "customer-consents"

    def initial(self, **kwargs: Any) -> Data:
        """Start with the purpose and channel that were clicked."""
        del kwargs
        return {"purpose": self.request.GET.get("purpose", ""), "channel": self.request.GET.get("channel", "any")}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Record it."""
        services.record_consent(kwargs["customer_id"], services.ConsentDraft(**data), version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class WithdrawConsent(CustomerAct):
    """The customer takes a consent back."""

    permission, back, done = "party.consent", "customer-consents", _("Withdrawn")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Withdraw it."""
        services.withdraw_consent(kwargs["customer_id"], purpose=self.request.POST.get("purpose", "")[:12],
                                  channel=self.request.POST.get("channel", "any")[:8], evidence=reason, version=version, by=by, at=at)


class Credit(CustomerPage):
    """The rating in force with each factor's points, and every rating before."""

    template, permission, tab = "party/credit.html", "party.credit_view", "customer-credit"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return the ratings, the factors in words, and the actor's own approved request if one stands."""
        del request
        ratings = queries.ratings_of(row.id, by=self.actor)
        now = ratings[0] if ratings and ratings[0].valid_until is None else None
        factors = [(label, now.factors[name]) for name, label in FACTORS.items() if name in now.factors] if now else []
        approved = services.approved_override(row.customer_no, by=self.actor, at=clock.now()) if self.actor.may("party.credit_override") else None
        waiting = list(staff_queries.approvals_visible_to(self.actor).filter(subject=row.customer_no, state="requested")[:5])
        return {"now": now, "ratings": ratings, "factors": factors, "tones": CREDIT_TONES, "classes": dict(CreditClass.choices),
                "approved": approved, "waiting": waiting}


class RatingForm(KitForm):
    """The facts that a rating is reckoned from, as far as the room does not know them itself."""

    bills = django_forms.IntegerField(label=_("Bills of the last 24 months"), min_value=0, max_value=1000, initial=0)
    bills_paid_on_time = django_forms.IntegerField(label=_("Of these paid on time"), min_value=0, max_value=1000, initial=0)
    arrears_months = django_forms.IntegerField(label=_("Months in arrears"), min_value=0, max_value=600, initial=0)
    fraud_cases = django_forms.IntegerField(label=_("Fraud cases"), min_value=0, max_value=100, initial=0)
    deposit = AmountField(label=_("Deposit held"), min_value=0, initial=0)


class Rate(CustomerForm):
    """Reckon the rating anew."""

    title, permission, form, back = _("Reckon the rating"), "party.credit_rate", RatingForm, "customer-credit"
    submit = _("Reckon")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Rate; the tenure is the record's own."""
        row = self.row(kwargs["customer_id"])
        months = (at.date().year - row.since_on.year) * 12 + at.date().month - row.since_on.month
        services.rate_customer(row.id, services.CreditFacts(tenure_months=max(months, 0), **data), version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class OverrideForm(KitForm):
    """A rating by hand."""

    credit_class = forms.choice(_("Credit class"), CreditClass.choices)
    credit_limit = AmountField(label=_("Credit limit"), min_value=0)
    expires_on = DayField(label=_("Holds until"), required=True)
    reason = django_forms.CharField(label=_("Reason"), widget=django_forms.Textarea(attrs={"rows": 3}), max_length=1000)


class AskOverride(CustomerForm):
    """Ask a second person for a rating by hand."""

    title, permission, form, back = _("Rating by hand"), "party.credit_override", OverrideForm, "customer-credit"
    submit, done = _("Ask for approval"), _("Asked. A second person decides; then put it in force here")
    intro = _("A second person must approve. Nothing changes before.")
    fields = {"expires_at": "expires_on"}

    def initial(self, **kwargs: Any) -> Data:
        """Start with the present class and ninety days."""
        row = self.row(kwargs["customer_id"])
        return {"credit_class": row.credit_class, "credit_limit": row.credit_limit, "expires_on": (clock.now() + timedelta(days=90)).date()}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Ask."""
        ends = start_of(data["expires_on"]) or at
        services.ask_override(kwargs["customer_id"], credit_class=data["credit_class"], credit_limit=data["credit_limit"], expires_at=ends,
                              reason=data["reason"], by=by, at=at)
        return self.cancel_address(**kwargs)


class ApplyOverride(CustomerAct):
    """Put an approved rating by hand in force."""

    permission, back, done = "party.credit_override", "customer-credit", _("The rating by hand is in force")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Use the approval."""
        del reason
        services.apply_override(kwargs["customer_id"], kwargs["approval_id"], version=version, by=by, at=at)


def together(changes: list[HistoryRow]) -> list[list[HistoryRow]]:
    """Return the changes in groups: what one person changed within a second was one act."""
    groups: list[list[HistoryRow]] = []
    for change in changes:
        last = groups[-1][-1] if groups else None
        if last is not None and last.actor == change.actor and last.at - change.at < SAME_ACT:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


class History(CustomerPage):
    """Every change of the record, before and after, from the database's own trail."""

    template, tab = "party/history.html", "customer-history"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return a page of changes and where the next one begins."""
        given = request.GET.get("before", "")
        try:
            asked = parse_datetime(given)
        except ValueError:
            asked = None
        before = asked if asked is not None and timezone.is_aware(asked) else datetime(9999, 1, 1, tzinfo=UTC)
        changes = queries.customer_history(row.id, before=before, limit=HISTORY_ROWS, by=self.actor)
        return {"groups": together(changes), "ops": OPS, "older": changes[-1].at.isoformat() if len(changes) >= HISTORY_ROWS else ""}
