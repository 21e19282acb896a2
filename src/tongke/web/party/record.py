"""The customer's record: everything that is kept, each piece with what can be done about it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import queries, services
from tongke.areas.party.queries import CustomerRow
from tongke.areas.party.states import DocumentKind
from tongke.areas.staff import queries as staff_queries
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import Page, formatting
from tongke.web.party import forms
from tongke.web.party.frame import CustomerAct, CustomerForm, CustomerPage
from tongke.web.party.words import FIELD_LABELS, missing_words

Data = dict[str, Any]
# How a document was verified, where a device and not a person says it; people write it in their own words.
VERIFICATIONS: dict[str, Any] = {"card_reader": _("read by the card reader")}


def start_of(day: Any) -> datetime | None:
    """Return the first instant of a day in the organisation's zone, in UTC; nothing for nothing."""
    return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC) if day else None


class Record(CustomerPage):
    """Documents, ways of contact, addresses and data of one customer."""

    template = "party/record.html"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return every piece of the record, those that ended included."""
        del request
        by = self.actor
        managers = staff_queries.staff_names([row.manager_id] if row.manager_id else [])
        renames = queries.name_changes_of(row.id, by=by)
        return {
            "documents": queries.documents_of(row.id, by=by), "media": queries.media_of(row.id, by=by),
            "addresses": queries.addresses_of(row.id, by=by), "renames": renames, "people": staff_queries.names_signed(n.changed_by for n in renames), "verifications": VERIFICATIONS,
            "missing": missing_words(row.missing), "hint": queries.repair_hint(row.id, by=by, at=clock.now()), "manager": managers.get(row.manager_id) if row.manager_id else None,
            "survivor": queries.customer_of_party(queries.surviving_party(row.merged_into), by=by) if row.merged_into else None,
            "today": by.day(clock.now()), "labels": FIELD_LABELS,
        }


class ChangeData(CustomerForm):
    """Sex, birth, nationality, occupation, industry, language."""

    title, permission, form = _("Change data"), "party.change", forms.DataForm

    def initial(self, **kwargs: Any) -> Data:
        """Return the present values; a masked date of birth is not put into the field."""
        row = self.row(kwargs["customer_id"])
        return {"gender": row.gender, "nationality": row.nationality, "occupation": row.occupation, "industry": row.industry,
                "language": row.language, "birth_on": row.birth if self.actor.may("party.see_birth") else None}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Change what differs."""
        values = {name: value for name, value in data.items() if name != "birth_on" or value}
        services.change_customer(kwargs["customer_id"], services.CustomerChange(**values), version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class Rename(CustomerForm):
    """改名: the new name, the document that shows it, the reason."""

    title, permission, form = _("Rename"), "party.rename", forms.RenameForm
    intro = _("The name before stays in the record and is still found by search.")

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the documents in force."""
        held = queries.documents_of(kwargs["customer_id"], by=self.actor)
        return {"documents": [(str(d.id), f"{DocumentKind(d.kind).label} {d.number}") for d in held if d.valid_until is None]}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Rename."""
        evidence = UUID(data["evidence_id"]) if data["evidence_id"] else None
        services.rename_customer(kwargs["customer_id"], name=data["name"], reason=data["reason"], evidence_id=evidence,
                                 version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class SetLevel(CustomerForm):
    """Segment, level and account manager."""

    title, permission, form = _("Level and manager"), "party.change", forms.LevelForm

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the colleagues of the actor's area."""
        row = self.row(kwargs["customer_id"])
        people = [(str(s.id), formatting.name(s)) for s in staff_queries.staff_visible_to(self.actor)[:200]] if self.actor.may("staff.view") else []
        if row.manager_id and str(row.manager_id) not in dict(people):
            people += [(str(i), formatting.name(s)) for i, s in staff_queries.staff_names([row.manager_id]).items()]
        return {"managers": people}

    def initial(self, **kwargs: Any) -> Data:
        """Return the present values."""
        row = self.row(kwargs["customer_id"])
        return {"segment": row.segment, "level": row.level, "manager_id": str(row.manager_id or "")}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Set them."""
        services.set_level(kwargs["customer_id"], segment=data["segment"], level=data["level"],
                           manager_id=UUID(data["manager_id"]) if data["manager_id"] else None, version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class AddDocument(CustomerForm):
    """One more identity document."""

    title, permission, form = _("Add a document"), "party.change", forms.DocumentForm

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Record it."""
        image = data.pop("image")
        services.add_document(kwargs["customer_id"], services.DocumentDraft(**data, image=image.read() if image else None),
                              version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class AddMedium(CustomerForm):
    """One more way to reach the customer."""

    title, permission, form = _("Add a way of contact"), "party.change", forms.MediumForm

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Add it."""
        draft = services.MediumDraft(**{**data, "valid_from": start_of(data["valid_from"])})
        services.add_medium(kwargs["customer_id"], draft, version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class AddAddress(CustomerForm):
    """One more address."""

    title, permission, form = _("Add an address"), "party.change", forms.AddressForm

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Add it."""
        services.add_address(kwargs["customer_id"], services.AddressDraft(**data), version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class ChangeAddress(CustomerForm):
    """An address moves: the one before ends, the new one begins."""

    title, permission, form = _("Change the address"), "party.change", forms.AddressForm
    intro = _("The address before ends today and stays in the history.")

    def initial(self, **kwargs: Any) -> Data:
        """Return the present address where the actor may read it; a masked text is never put into a field."""
        held = next((a for a in queries.addresses_of(kwargs["customer_id"], by=self.actor) if a.id == kwargs["address_id"]), None)
        if held is None:
            return {}
        return {"kind": held.kind, "full": held.full if self.actor.may("party.see_address") else "", "postcode": held.postcode}

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Replace it."""
        services.change_address(kwargs["customer_id"], kwargs["address_id"], services.AddressDraft(**data), version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class Close(CustomerForm):
    """The end of a record."""

    title, permission, form = _("Close the record"), "party.close", forms.ClosingForm
    submit, confirm = _("Close the record"), _("A closed record cannot be changed any more. Close it?")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Close it, or record the death."""
        end = services.record_death if data["how"] == "death" else services.close_customer
        end(kwargs["customer_id"], reason=data["reason"], version=self.version(), by=by, at=at)
        return self.cancel_address(**kwargs)


class ConfirmIdentity(CustomerAct):
    """The identity was looked at again and stands: the day of verification is renewed."""

    permission, done = "party.validate", _("Identity confirmed")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Renew it."""
        del reason
        services.validate_party(kwargs["customer_id"], version=version, by=by, at=at)


class VerifyDocument(CustomerAct):
    """A document was verified."""

    permission, done = "party.validate", _("Verified")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Note it, with how."""
        services.verify_document(kwargs["customer_id"], kwargs["document_id"], how=reason, version=version, by=by, at=at)


class EndDocument(CustomerAct):
    """A document is no longer used."""

    permission, done = "party.change", _("Ended")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """End it."""
        services.end_document(kwargs["customer_id"], kwargs["document_id"], reason=reason, version=version, by=by, at=at)


class PreferMedium(CustomerAct):
    """The customer wants to be reached here."""

    permission = "party.change"

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Prefer it."""
        del reason
        services.prefer_medium(kwargs["customer_id"], kwargs["medium_id"], version=version, by=by, at=at)


class VerifyMedium(CustomerAct):
    """The customer was reached here."""

    permission, done = "party.change", _("Verified")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """Note it."""
        del reason
        services.verify_medium(kwargs["customer_id"], kwargs["medium_id"], version=version, by=by, at=at)


class EndMedium(CustomerAct):
    """The customer is not reached here any more."""

    permission, done = "party.change", _("Ended")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """End it now."""
        del reason
        services.end_medium(kwargs["customer_id"], kwargs["medium_id"], version=version, by=by, at=at)


class EndAddress(CustomerAct):
    """The customer has left this address."""

    permission, done = "party.change", _("Ended")

    def act(self, *, by: Actor, at: datetime, reason: str, version: int | None, **kwargs: Any) -> None:
        """End it now."""
        del reason
        services.end_address(kwargs["customer_id"], kwargs["address_id"], version=version, by=by, at=at)


class DocumentImage(Page):
    """The picture of a document, for a stated purpose."""

    permission = "party.reveal"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Hand the picture out; the trace of the look stands before it leaves."""
        picture, kind = services.reveal_image(
            kwargs["customer_id"], kwargs["document_id"], purpose=request.POST.get("reason", ""), by=self.actor, at=clock.now())
        answer = HttpResponse(picture, content_type=kind)
        answer["Cache-Control"] = "no-store"
        answer["Content-Disposition"] = "inline"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class RevealValue(Page):
    """One masked value of the record in full, for a stated purpose."""

    permission = "party.reveal"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer with the clear text; the trace of the look stands before it leaves."""
        value = services.reveal_value(
            customer_id=kwargs["customer_id"], kind=request.POST.get("kind", ""), row_id=kwargs["row_id"],
            purpose=request.POST.get("purpose", ""), by=self.actor, at=clock.now())
        answer = HttpResponse(value, content_type="text/plain; charset=utf-8")
        answer["Cache-Control"] = "no-store"
        return answer
