"""What every page of one customer shares: the customer read once, the trace of the look, the head and the tabs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from tongke.areas.party import queries
from tongke.areas.party.queries import CustomerRow
from tongke.areas.party.states import CustomerState, PartyState
from tongke.areas.staff import services as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import FormPage, Page, go, toast
from tongke.web.party.words import CUSTOMER_TONES, PARTY_TONES, WORDS

PURPOSE = "service"


def leave_trace(row: CustomerRow, *, purpose: str, by: Actor) -> None:
    """Write the look at a customer before its data leaves; unmasked kinds are named."""
    staff.record_look(
        kind="view", customer_id=row.id, org_id=by.base_org_id or row.org_id, purpose=purpose or PURPOSE, clear=[k for k in by.clear_setting.split(",") if k],
        by=by, at=clock.now(),
    )


def tabs_of(row: CustomerRow, active: str, actor: Actor) -> list[tuple[str, str, bool]]:
    """Return the tabs of a customer's pages that the actor may open."""
    wanted = [
        ("customer", _("Overview"), "party.view"), ("customer-record", _("Record"), "party.view"),
        ("customer-consents", _("Consents"), "party.view"), ("customer-credit", _("Credit"), "party.credit_view"),
        ("customer-offers", _("Orderable offers"), "ordering.qualify"), ("customer-points", _("Points"), "account.view"),
        ("customer-history", _("History"), "party.view"),
    ]
    return [(label, reverse(name, args=[row.id]), name == active) for name, label, permission in wanted if actor.may(permission)]


def head_of(row: CustomerRow, active: str, actor: Actor) -> dict[str, Any]:
    """Return what the head of a customer's page shows."""
    marks = [] if row.party_state == PartyState.VALIDATED else [(PartyState(row.party_state).label, PARTY_TONES[PartyState(row.party_state)])]
    return {
        "words": WORDS, "row": row, "tabs": tabs_of(row, active, actor), "state": (CustomerState(row.state).label, CUSTOMER_TONES[CustomerState(row.state)]),
        "marks": marks, "crumbs": [(_("Customers"), reverse("customers"))],
        "sign": "building" if row.kind == "organization" else "user", "is_open": row.party_state in {"initialized", "validated"} and not row.merged_into,
    }


class CustomerPage(Page):
    """A page of one customer; ``tab`` is its URL name among the tabs."""

    permission = "party.view"
    tab = "customer-record"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Read the customer, leave the trace, and add what the page itself shows."""
        row = queries.customer(kwargs["customer_id"], by=self.actor)
        leave_trace(row, purpose=PURPOSE, by=self.actor)
        return {**head_of(row, self.tab, self.actor), "title": row.name, **self.details(request, row)}

    def details(self, request: HttpRequest, row: CustomerRow) -> dict[str, Any]:
        """Return what this page shows beside the head."""
        del request, row
        return {}


class CustomerForm(FormPage):
    """A form about one customer: carries the version that was read, goes back to ``back`` afterwards."""

    back = "customer-record"
    template = "party/customer_form.html"

    def row(self, customer_id: UUID) -> CustomerRow:
        """Return the customer, read once a request."""
        if not hasattr(self, "_row"):
            self._row = queries.customer(customer_id, by=self.actor)
            leave_trace(self._row, purpose=PURPOSE, by=self.actor)
        return self._row

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the crumbs and the version for the hidden field: the one first read, also after a refusal."""
        row = self.row(kwargs["customer_id"])
        posted = request.POST.get("version", "")
        return {
            "row": row, "version": posted if posted.isdecimal() else row.version,
            "crumbs": [(_("Customers"), reverse("customers")), (row.name, reverse(self.back, args=[row.id]))],
        }

    def version(self) -> int | None:
        """Return the version that the user had read."""
        given = self.request.POST.get("version", "")
        return int(given) if given.isdecimal() and len(given) < 10 else None

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the customer's page that the form belongs to."""
        return reverse(self.back, args=[kwargs["customer_id"]])


class CustomerAct(Page):
    """A button on a customer's page: a POST that calls one verb and goes back."""

    back = "customer-record"
    done: Any = ""

    def act(self, *, by: Actor, at: Any, reason: str, version: int | None, **kwargs: Any) -> None:
        """Call the verb."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Lead who opens the address by hand to the page with the button."""
        return go(request, reverse(self.back, args=[kwargs["customer_id"]]))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it, say so, and go back."""
        given = request.POST.get("version", "")
        self.act(by=self.actor, at=clock.now(), reason=request.POST.get("reason", "")[:1000],
                 version=int(given) if given.isdecimal() and len(given) < 10 else None, **kwargs)
        toast(request, self.done or _("Saved"))
        return go(request, reverse(self.back, args=[kwargs["customer_id"]]))
