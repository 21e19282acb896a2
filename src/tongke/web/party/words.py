"""Tones of states, and choices of forms, as these pages show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.states import (
    AddressKind,
    BlacklistCause,
    BlacklistState,
    CustomerState,
    DocumentKind,
    Level,
    MediumKind,
    PartyKind,
    PartyState,
    Segment,
)

Choices = list[tuple[str, Any]]

CUSTOMER_TONES: dict[str, str] = {
    CustomerState.PROSPECT: "info", CustomerState.ACTIVE: "good", CustomerState.SUSPENDED: "warn", CustomerState.LEFT: "off",
    CustomerState.MERGED: "off",
}
PARTY_TONES: dict[str, str] = {
    PartyState.INITIALIZED: "warn", PartyState.VALIDATED: "good", PartyState.DECEASED: "off", PartyState.CLOSED: "off",
}
BLACKLIST_TONES: dict[str, str] = {
    BlacklistState.ACTIVE: "bad", BlacklistState.APPEALED: "warn", BlacklistState.LIFTED: "good", BlacklistState.EXPIRED: "off",
}
EFFECT_TONES = {"refuse": "bad", "review": "warn", "deposit": "warn", "no_marketing": "info"}
CONSENT_TONES = {"granted": "good", "denied": "bad", "withdrawn": "warn"}
CREDIT_TONES = {"A": "good", "B": "good", "C": "info", "D": "warn", "E": "bad"}
GENDERS: Choices = [("", _("Not known")), ("male", _("Male")), ("female", _("Female")), ("other", _("Other"))]
LANGUAGES: Choices = [("zh-hans", _("Chinese")), ("en", _("English"))]
FACTORS = {
    "start": _("Start"), "tenure": _("Years as a customer"), "payments": _("Bills paid on time"), "arrears": _("Months in arrears"),
    "fraud": _("Fraud cases"), "deposit": _("Deposit held"),
}
FIELD_LABELS = {
    "name": _("Name"), "birth_on": _("Date of birth"), "gender": _("Sex"), "document": _("Identity document"),
    "document_current": _("Document not expired"), "document_verified": _("Document verified"), "phone": _("Phone number"),
    "address": _("Address"), "email": _("E-mail"), "consent": _("Consents asked"), "industry": _("Industry"),
    "occupation": _("Occupation"), "key_person": _("Key person"),
}
OPS = {"I": _("added"), "U": _("changed"), "D": _("removed")}
CLEARED = {"lifted": _("Lifted"), "rejected": _("Rejected")}

# The words of coded values, by what they are of, for templates.
WORDS: dict[str, dict[str, Any]] = {
    "documents": dict(DocumentKind.choices), "media": dict(MediumKind.choices), "addresses": dict(AddressKind.choices),
    "kinds": dict(PartyKind.choices), "segments": dict(Segment.choices), "levels": dict(Level.choices), "genders": dict(GENDERS),
    "languages": dict(LANGUAGES), "causes": dict(BlacklistCause.choices),
}


def optional(choices: Any, label: Any = "") -> Choices:
    """Return ``choices`` with an empty one in front."""
    return [("", label or "—"), *choices]


def missing_words(names: Any) -> list[str]:
    """Return the labels of missing fields in the reader's language."""
    return [str(FIELD_LABELS.get(name, name)) for name in names]
