"""Forms of the customer's record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import states
from tongke.web.kit import DayField, FileField, KitForm
from tongke.web.party.words import GENDERS, LANGUAGES, optional

IMAGES = "image/jpeg,image/png,image/webp"
IMAGE_BYTES_MAX = 16 * 1024 * 1024
GRANTS = [("", _("Not asked")), ("granted", _("Yes")), ("denied", _("No"))]


def text(label: Any, *, size: int = 60, required: bool = False, **more: Any) -> forms.CharField:
    """Return a line of text that the browser does not complete: the next customer is another one."""
    field = forms.CharField(label=label, max_length=size, required=required, **more)
    field.widget.attrs.setdefault("autocomplete", "off")
    return field


def choice(label: Any, choices: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    """Return a choice of one word of a list."""
    return forms.ChoiceField(label=label, choices=choices, required=required, **more)


class NewCustomerForm(KitForm):
    """Everything of a new customer on one page; what is left empty is asked for at a later contact."""

    sections = (
        (_("Who it is"), ("kind", "name", "gender", "birth_on", "nationality", "industry", "org_id", "segment")),
        (_("Identity document"), ("document_kind", "number", "issuer", "expires_on", "image")),
        (_("Contact"), ("mobile", "email", "wechat", "wechat_consent")),
        (_("Address"), ("address_kind", "address")),
        (_("Consents"), ("consent_marketing", "consent_profiling", "consent_third_party")),
    )
    kind = choice(_("Kind"), states.PartyKind.choices)
    name = text(_("Name"), size=200, required=True, help_text=_("As the document shows it"))
    gender = choice(_("Sex"), GENDERS, required=False)
    birth_on = DayField(label=_("Date of birth"), required=False, help_text=_("Read from an identity card where left empty"))
    nationality = text(_("Nationality"), size=2, initial="CN", help_text=_("Two letters, e.g. CN"))
    industry = text(_("Industry"), help_text=_("Of an organisation"))
    org_id = forms.TypedChoiceField(label=_("Local network"), coerce=int)
    segment = choice(_("Segment"), states.Segment.choices)
    document_kind = choice(_("Kind of document"), states.DocumentKind.choices)
    number = text(_("Document number"), size=40)
    issuer = text(_("Issuer"), size=100)
    expires_on = DayField(label=_("Expires on"), required=False, help_text=_("Empty: does not expire"))
    image = FileField(label=_("Picture of the document"), required=False, accept=IMAGES, bytes_max=IMAGE_BYTES_MAX)
    mobile = text(_("Mobile phone"), size=40)
    email = text(_("E-mail"), size=200)
    wechat = text(_("WeChat"), size=40)
    wechat_consent = text(_("How the customer agreed to be known by it"), size=200)
    address_kind = choice(_("Purpose of the address"), states.AddressKind.choices)
    address = text(_("Address"), size=400, help_text=_("From province to room; the parts are read from it"))
    consent_marketing = choice(_("Marketing"), GRANTS, required=False)
    consent_profiling = choice(_("Usage analysis"), GRANTS, required=False)
    consent_third_party = choice(_("Passing on to partners"), GRANTS, required=False)

    def __init__(self, *args: Any, orgs: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = list(orgs)  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["mobile"].widget.attrs["inputmode"] = "tel"
        self.fields["email"].widget.attrs["inputmode"] = "email"


class DataForm(KitForm):
    """The data of the party itself; a date of birth left empty stays as it is, for it may not be shown."""

    gender = choice(_("Sex"), GENDERS, required=False)
    birth_on = DayField(label=_("Date of birth"), required=False, help_text=_("Empty: stays as it is"))
    nationality = text(_("Nationality"), size=2, required=True)
    occupation = text(_("Occupation"))
    industry = text(_("Industry"))
    language = choice(_("Language of letters"), LANGUAGES)


class RenameForm(KitForm):
    """A new name with its reason and the document that shows it."""

    name = text(_("New name"), size=200, required=True)
    evidence_id = choice(_("Document that shows it"), (), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, documents: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence_id"].choices = optional(documents)  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class LevelForm(KitForm):
    """Segment, level and manager."""

    segment = choice(_("Segment"), states.Segment.choices)
    level = choice(_("Level"), states.Level.choices)
    manager_id = choice(_("Account manager"), (), required=False)

    def __init__(self, *args: Any, managers: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager_id"].choices = optional(managers)  # type: ignore[attr-defined]  # the stubs know a field, not of which kind


class DocumentForm(KitForm):
    """An identity document."""

    kind = choice(_("Kind of document"), states.DocumentKind.choices)
    number = text(_("Document number"), size=40, required=True)
    issuer = text(_("Issuer"), size=100)
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(label=_("Expires on"), required=False, help_text=_("Empty: does not expire"))
    verification = text(_("Verified by"), size=40, help_text=_("Card reader, face check, registry …; empty: not yet verified"))
    image = FileField(label=_("Picture of the document"), required=False, accept=IMAGES, bytes_max=IMAGE_BYTES_MAX)


class MediumForm(KitForm):
    """A way to reach the customer."""

    kind = choice(_("Kind"), states.MediumKind.choices)
    given = text(_("Number, address or name"), size=200, required=True)
    valid_from = DayField(label=_("The customer's since"), required=False, help_text=_("Empty: since now. Phone numbers are given to others"))
    preferred = forms.BooleanField(label=_("Preferred of its kind"), required=False)
    consent = text(_("How the customer agreed"), size=200, help_text=_("Needed for WeChat and online identities"))


class AddressForm(KitForm):
    """An address: one line of text; the parts may be given where they are known better."""

    sections = ((_("Address"), ("kind", "full", "postcode")), (_("Parts, where known better"), ("province", "city", "district", "street", "place", "detail")))
    kind = choice(_("Purpose of the address"), states.AddressKind.choices)
    full = text(_("Address"), size=400, required=True, help_text=_("From province to room; the parts are read from it"))
    postcode = text(_("Postcode"), size=12)
    province = text(_("Province"), size=40)
    city = text(_("City"), size=40)
    district = text(_("District"), size=40)
    street = text(_("Street and number"), size=100)
    place = text(_("Community or building"), size=100)
    detail = text(_("Block, unit, room"), size=100)


class ConsentForm(KitForm):
    """An answer to one purpose on one channel."""

    purpose = choice(_("Purpose"), states.ConsentPurpose.choices)
    channel = choice(_("Channel"), states.ContactChannel.choices)
    state = choice(_("Answer"), [("granted", _("Granted")), ("denied", _("Denied"))])
    source = text(_("Where it was given"), help_text=_("Hall, call, app …"))
    evidence = text(_("Evidence"), size=400, help_text=_("Form number, recording …"))


class ReasonForm(KitForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


class ClosingForm(ReasonForm):
    """How a record ends, and why."""

    how = choice(_("What happened"), [("close", _("The relation ended")), ("death", _("The person has died"))])
