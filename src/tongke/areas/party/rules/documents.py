"""Rules of identity documents: what a number must look like, and who may hold how many."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.customers import unfit
from tongke.areas.party.rules.drafts import DocumentDraft
from tongke.areas.party.states import DocumentKind, PartyKind
from tongke.kernel.keys import document_key
from tongke.kernel.rules import Broken, collect, rule

D = DocumentKind
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
NATURAL_PERSON_KINDS = frozenset(DocumentKind) - {D.BUSINESS_LICENCE}
LEGAL_PERSON_KINDS = frozenset({D.BUSINESS_LICENCE, D.OTHER})
KINDS = frozenset(DocumentKind.values)
FORMS: dict[str, re.Pattern[str]] = {
    # One or two letters and seven or eight digits in China; up to nine signs elsewhere (ICAO 9303).
    D.PASSPORT: re.compile(r"[A-Z0-9]{6,9}", re.ASCII),
    # H or M and eight digits for residents; C and eight (or a letter and seven) for mainland travellers.
    D.HK_MACAO_PERMIT: re.compile(r"[HMCW][A-Z0-9]?\d{7,8}(\d{2})?|8[123]0000(19|20)\d{10}[\dX]?", re.ASCII),
    D.TAIWAN_PERMIT: re.compile(r"\d{8}(\d{2}[A-Z]?)?|[LT][A-Z0-9]?\d{7,8}|830000(19|20)\d{9}[\dX]", re.ASCII),
    D.FOREIGNER_PERMIT: re.compile(r"[A-Z]{3}\d{12}|9[0-9]{16}[\dX]", re.ASCII),
    D.MILITARY_ID: re.compile(r"[A-Z\u4e00-\u9fff]{0,2}字?第?[0-9]{6,8}号?"),
}


def id_check_sign(first_17: str) -> str:
    """Return the check sign of a citizen's number (GB 11643, ISO 7064 MOD 11-2)."""
    return ID_CHECKS[sum(int(d) * w for d, w in zip(first_17, ID_WEIGHTS, strict=True)) % 11]


def code_check_sign(first_17: str) -> str:
    """Return the check sign of a unified social credit code (GB 32100, modulo 31)."""
    rest = sum(CODE_SIGNS.index(c) * w for c, w in zip(first_17, CODE_WEIGHTS, strict=True)) % 31
    return CODE_SIGNS[(31 - rest) % 31]


def is_citizen_number(number: str) -> bool:
    """Tell whether the normalised ``number`` has the 18-sign form of GB 11643, whatever its check sign."""
    return bool(re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number))


def birth_in_number(number: str) -> date | None:
    """Return the date of birth that a citizen's number holds; ``None`` where it is no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def gender_in_number(number: str) -> str:
    """Return ``male`` or ``female``: the 17th digit of a citizen's number is odd for men."""
    return "male" if int(number[16]) % 2 else "female"


def _bears_citizen_number(kind: str) -> bool:
    return kind in {D.RESIDENT_ID, D.HOUSEHOLD_REGISTER}


@rule("PTY-10", says=_("The identity number is not 18 signs, or its check sign does not fit"),
      mend=_("Type the number again as the card shows it"), field="number")
def citizen_number_checks(*, kind: str, number: str) -> bool:
    """GB 11643: 17 digits and the check sign that belongs to them."""
    if not _bears_citizen_number(kind):
        return True
    return is_citizen_number(number) and id_check_sign(number[:17]) == number[17]


@rule("PTY-11", says=_("The identity number holds no possible date of birth"),
      mend=_("Type the number again as the card shows it"), field="number")
def citizen_number_has_birth(*, kind: str, number: str, on: date) -> bool:
    """The date inside the number is a real date between 1850 and today."""
    if not _bears_citizen_number(kind) or not is_citizen_number(number):
        return True
    born = birth_in_number(number)
    return born is not None and date(1850, 1, 1) <= born <= on


@rule("PTY-12", says=_("The date of birth differs from the one in the identity number"),
      mend=_("Take the date of the card, or check the number"), field="birth_on")
def birth_fits_number(*, kind: str, number: str, birth_on: date | None) -> bool:
    """A stated date of birth is the one in the number."""
    if birth_on is None or not _bears_citizen_number(kind) or not is_citizen_number(number):
        return True
    return birth_in_number(number) in {None, birth_on}


@rule("PTY-13", says=_("The sex differs from the one in the identity number"),
      mend=_("Take the sex of the card, or check the number"), field="gender")
def gender_fits_number(*, kind: str, number: str, gender: str) -> bool:
    """A stated sex is the one in the number."""
    if gender not in {"male", "female"} or not _bears_citizen_number(kind) or not is_citizen_number(number):
        return True
    return gender_in_number(number) == gender


@rule("PTY-14", says=_("The unified social credit code is not 18 signs, or its check sign does not fit"),
      mend=_("Type the code again as the licence shows it"), field="number")
def credit_code_checks(*, kind: str, number: str) -> bool:
    """GB 32100: 17 signs of its alphabet and the check sign that belongs to them."""
    if kind != D.BUSINESS_LICENCE:
        return True
    return len(number) == 18 and all(c in CODE_SIGNS for c in number) and code_check_sign(number[:17]) == number[17]


@rule("PTY-15", says=_("The number does not have the form of this kind of document"),
      mend=_("Check the kind of document and its number"), field="number")
def number_has_form(*, kind: str, number: str) -> bool:
    """Passports and permits have forms; other documents need at least four signs."""
    form = FORMS.get(kind)
    if form is not None:
        return form.fullmatch(number) is not None
    return kind != D.OTHER or 4 <= len(number) <= 30


@rule("PTY-16", says=_("This kind of document does not belong to a customer of this kind"),
      mend=_("Persons show a personal document, organisations their licence"), field="kind")
def kind_suits_party(*, kind: str, party_kind: str) -> bool:
    """A licence is an organisation's; cards, passports and permits are a person's."""
    return kind in (LEGAL_PERSON_KINDS if party_kind == PartyKind.ORGANIZATION else NATURAL_PERSON_KINDS)


@rule("PTY-17", says=_("The document is issued after it ends, or in the future"),
      mend=_("Check the two dates of the document"), field="issued_on")
def dates_in_order(*, issued_on: date | None, expires_on: date | None, on: date) -> bool:
    """Issued no later than today and before it expires."""
    return issued_on is None or (issued_on <= on and (expires_on is None or issued_on < expires_on))


@rule("PTY-18", says=_("The document has expired"), mend=_("Ask for a valid document"), field="expires_on")
def not_expired(*, expires_on: date | None, on: date) -> bool:
    """A document that is shown now is valid today; its last day still counts."""
    return expires_on is None or expires_on >= on


@rule("PTY-19", says=_("This document is already recorded for this customer"),
      mend=_("Change the recorded document instead"), field="number")
def not_recorded_twice(*, number: str, held: frozenset[str]) -> bool:
    """One party holds a number once at a time; ``held`` are the digests or numbers in force."""
    return number not in held


@rule("PTY-20", says=_("{count} documents are more than the {limit} that one customer may have in force"),
      mend=_("End a document that is no longer used first"), field="number")
def within_documents_cap(*, count: int, limit: int) -> bool:
    """The policy's cap of documents in force for one party; ``count`` includes the new ones."""
    return count <= limit


@rule("PTY-21", says=_("{count} customer records would stand on this document; {limit} are allowed"),
      mend=_("Merge the records of this person, or have the earlier ones checked"), field="number")
def within_records_cap(*, count: int, limit: int) -> bool:
    """The policy's cap of records under one number in the whole operator; ``count`` includes the new one."""
    return count <= limit


def broken_in_document(
    document: DocumentDraft, *, party_kind: str, birth_on: date | None, gender: str, on: date
) -> list[Broken]:
    """Return every rule that the document breaks by itself, against the party's stated birth and sex."""
    kind, number = document.kind, document_key(document.number)
    if kind not in KINDS:
        return [kind_suits_party.broken(kind=kind, party_kind=party_kind)]
    facts = {"kind": kind, "number": number}
    texts = (("number", document.number, 60), ("issuer", document.issuer, 100), ("verification", document.verification, 40))
    return unfit(texts) + collect(
        (citizen_number_checks, facts), (citizen_number_has_birth, {**facts, "on": on}),
        (birth_fits_number, {**facts, "birth_on": birth_on}), (gender_fits_number, {**facts, "gender": gender}),
        (credit_code_checks, facts), (number_has_form, facts),
        (kind_suits_party, {"kind": kind, "party_kind": party_kind}),
        (dates_in_order, {"issued_on": document.issued_on, "expires_on": document.expires_on, "on": on}),
        (not_expired, {"expires_on": document.expires_on, "on": on}),
    )
