"""Rules of the customer record itself: its name, place and life."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.drafts import CustomerDraft
from tongke.areas.party.states import CustomerState, Level, PartyKind, PartyState, Segment
from tongke.kernel.keys import name_key
from tongke.kernel.rules import Broken, collect, rule

UNCLEAN = frozenset({"Cc", "Cs"})
GENDERS = ("", "male", "female", "other")
LANGUAGES = ("zh-hans", "en")
# Read once: asked for again and again, the enums would build their lists of values each time.
KINDS, SEGMENTS, LEVELS = frozenset(PartyKind.values), frozenset(Segment.values), frozenset(Level.values)
OPEN_STATES = frozenset({PartyState.INITIALIZED, PartyState.VALIDATED})
CUSTOMER_ORGS = frozenset({"group", "province", "local_network"})


@rule("PTY-01", says=_("The name is empty, too long or holds signs that no name has"),
      mend=_("Type the name as the document shows it, up to 200 signs"), field="name")
def name_is_one(*, name: str) -> bool:
    """A name has a letter, 汉字 or digit, at most 200 signs and no control or formatting sign."""
    if len(name) > 200 or not name_key(name):
        return False
    return any(c.isalnum() for c in name) and not any(unicodedata.category(c) in {*UNCLEAN, "Cf", "Co", "Zl", "Zp"} for c in name)


@rule("PTY-02", says=_("You cannot keep customers for this organisation"),
      mend=_("Choose a local network of your own area of responsibility"), field="org_id")
def org_is_ones_own(*, sees_org: bool) -> bool:
    """The organisation lies in the actor's scope."""
    return sees_org


@rule("PTY-03", says=_("Customers belong to a local network, a province or the group, never to a unit"),
      mend=_("Choose the local network of the unit"), field="org_id")
def org_keeps_customers(*, org_kind: str | None) -> bool:
    """Rows carry an organisation that may carry them; ``None`` is an organisation that does not exist."""
    return org_kind in CUSTOMER_ORGS


@rule("PTY-04", says=_("Kind, segment, level, sex or language is none of the list"), mend=_("Choose one of the list"), field="kind")
def words_are_known(*, kind: str, segment: str, level: str, gender: str, language: str) -> bool:
    """Every coded word comes from its list."""
    return kind in KINDS and segment in SEGMENTS and level in LEVELS and gender in GENDERS and language in LANGUAGES


@rule("PTY-05", says=_("The date of birth cannot be"), mend=_("Check the year"), field="birth_on")
def birth_is_past(*, birth_on: date | None, on: date) -> bool:
    """Born between 1850 and today."""
    return birth_on is None or date(1850, 1, 1) <= birth_on <= on


@rule("PTY-06", says=_("The nationality is not a two-letter country code"), mend=_("For example CN, US, KR"), field="nationality")
def nationality_is_code(*, nationality: str) -> bool:
    """Two capital ASCII letters (ISO 3166-1)."""
    return len(nationality) == 2 and nationality.isascii() and nationality.isalpha() and nationality.isupper()


@rule("PTY-07", says=_("A customer cannot have begun in the future"), mend=_("Take today or an earlier day"), field="since_on")
def began_by_today(*, since_on: date | None, on: date) -> bool:
    """The first day of the relation is today or earlier."""
    return since_on is None or since_on <= on


@rule("PTY-08", says=_("A new customer starts as a prospect or active"), mend=_("Choose one of the two"), field="state")
def starts_open(*, state: str) -> bool:
    """Nobody starts suspended, left or merged."""
    return state in {CustomerState.PROSPECT, CustomerState.ACTIVE}


@rule("PTY-09", says=_("This record is closed ({state}) and cannot be changed"),
      mend=_("Work on the record that stands for the customer now"))
def record_is_open(*, state: str, merged: bool) -> bool:
    """Closed, deceased and merged records stay as they are."""
    return state in OPEN_STATES and not merged


@rule("PTY-22", says=_("The new name is the present one"), mend=_("Nothing needs to be done"), field="name")
def rename_changes(*, name: str, present: str) -> bool:
    """A rename changes the name."""
    return name.strip() != present


@rule("PTY-23", says=_("A reason is needed"), mend=_("Say in a few words why"), field="reason")
def reason_is_given(*, reason: str) -> bool:
    """What is done by decision has its reason written down, in a text that can be stored."""
    return bool(reason.strip()) and is_clean(reason)


@rule("PTY-24", says=_("A rename needs a document of this customer in force that shows the new name"),
      mend=_("Record the new document first, then rename"), field="evidence_id")
def evidence_is_in_force(*, evidence_in_force: bool) -> bool:
    """The named document is the party's own and has not ended."""
    return evidence_in_force


@rule("PTY-25", says=_("Only a person can die"), mend=_("Close the organisation instead"))
def is_a_person(*, kind: str) -> bool:
    """Deaths are recorded of persons."""
    return kind == PartyKind.INDIVIDUAL


@rule("PTY-26", says=_("No verified document is in force"), mend=_("Verify a document of the customer first"))
def has_verified_document(*, verified: int) -> bool:
    """An identity is verified by at least one verified document in force."""
    return verified > 0


@rule("PTY-27", says=_("Nothing was changed"), mend=_("Change a value, or leave the page"))
def changes_something(*, changes: int) -> bool:
    """A change has something in it."""
    return changes > 0


@rule("PTY-28", says=_("The member of staff does not exist, is inactive or belongs elsewhere"),
      mend=_("Choose an active account manager of this area"), field="manager_id")
def manager_is_fit(*, manager_fit: bool) -> bool:
    """A customer is kept by an active member of staff whose post covers the customer's organisation."""
    return manager_fit


@rule("PTY-100", says=_("Your post keeps its own customers only; this person or organisation is none of them"),
      mend=_("Ask a colleague of the local network"))
def others_are_read_only(*, own_rows_only: bool) -> bool:
    """Who sees only the customers they keep writes no party that is nobody's customer."""
    return not own_rows_only


@rule("PTY-101", says=_("This person or organisation is a customer already"), mend=_("Use the customer that there is"), field="party_id")
def is_no_customer_yet(*, customers: int) -> bool:
    """A party is one customer of the operator, once."""
    return customers == 0


@rule("PTY-103", says=_("The role {role} cannot be given this way"), mend=_("Name a role of up to 60 signs; customers are made as customers"),
      field="role")
def role_is_named(*, role: str) -> bool:
    """A role besides that of customer has a name."""
    return bool(name_key(role)) and len(role) <= 60 and role.strip().lower() != "customer"


def is_clean(text: str) -> bool:
    """Tell whether a text can be stored and shown: no control signs but line ends and tabs, no halves of signs."""
    return text.isprintable() or all(c in "\n\r\t" or unicodedata.category(c) not in UNCLEAN for c in text)


@rule("PTY-29", says=_("A text is too long ({length} signs at most) or holds signs that cannot be shown"),
      mend=_("Shorten the text, and type it instead of pasting it"))
def text_fits(*, text: str, length: int) -> bool:
    """A text fits its column and holds only what can be stored and shown."""
    return len(text) <= length and is_clean(text)


def as_text(value: object) -> str:
    """Return a JSON value as the text whose length and signs are judged."""
    return json.dumps(value, ensure_ascii=False, default=str)


def unfit(texts: Iterable[tuple[str, str, int]]) -> list[Broken]:
    """Return PTY-29 for each (field, text, length) that does not fit, naming its field."""
    return [replace(text_fits.broken(text="", length=length), field=field) for field, text, length in texts
            if not text_fits(text=text, length=length)]


def broken_in_customer(draft: CustomerDraft, *, on: date) -> list[Broken]:
    """Return every rule that the record itself breaks, without its documents, media, addresses and consents."""
    texts = [("occupation", draft.occupation, 60), ("industry", draft.industry, 60), ("customer_no", draft.customer_no, 40)]
    if draft.characteristics:
        texts.append(("characteristics", as_text(draft.characteristics), 20_000))
    if draft.traits:
        texts.append(("characteristics", as_text(draft.traits), 20_000))
    texts += [("family_name", draft.family_name, 100), ("given_name", draft.given_name, 100), ("trading_name", draft.trading_name, 200)]
    return unfit(texts) + collect(
        (name_is_one, {"name": draft.name}),
        (words_are_known, {"kind": draft.kind, "segment": draft.segment, "level": draft.level, "gender": draft.gender,
                           "language": draft.language}),
        (birth_is_past, {"birth_on": draft.birth_on, "on": on}),
        (nationality_is_code, {"nationality": draft.nationality}),
        (began_by_today, {"since_on": draft.since_on, "on": on}),
        (starts_open, {"state": draft.state}),
    )
