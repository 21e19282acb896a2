"""Desk work on one customer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongke.areas.contact_centre import services
from tongke.areas.party import queries as parties
from tongke.web.desk.forms import ContactForm, MoveForm
from tongke.web.kit.forms import FormPage


class OnCustomer(FormPage):
    """A form about one customer; leads back to the customer's page."""

    def cancel_address(self, **kwargs: Any) -> str:
        """Return to the customer."""
        return f"/customers/{kwargs['customer_id']}"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Refuse customers out of sight before anything is typed."""
        del request
        parties.customer_brief(kwargs["customer_id"])
        return {}


class RecordContact(OnCustomer):
    """Record what was said with a customer (A10)."""

    name = "record-contact"
    title = _("Record a contact")
    permission = "contact_centre.record"
    form = ContactForm
    done = _("The contact is on the timeline")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        services.record_interaction(customer_id=kwargs["customer_id"], **data, by=by, at=at)
        return self.cancel_address(**kwargs)


class MoveCustomer(OnCustomer):
    """Hand a customer with everything of theirs to another organisation (T33)."""

    name = "move-customer"
    title = _("Move to another organisation")
    intro = _("Accounts, lines and contacts go along. From then on only the new organisation sees the customer.")
    permission = "party.move"
    form = MoveForm
    submit = _("Move")
    done = _("The customer was moved")
    confirm = _("Move this customer with everything of theirs?")

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Offer only organisations in sight."""
        del kwargs
        return {"actor": self.actor}

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Move the customer."""
        services.move_customer(customer_id=kwargs["customer_id"], **data, by=by, at=at)
        return self.cancel_address(**kwargs)
