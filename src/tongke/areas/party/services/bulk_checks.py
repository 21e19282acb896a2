"""Which rules a record in bulk must keep: the pure rules of the single verbs, over the values of a file's record.

Left out, because a file tells what is so in the old system: that a new customer starts as prospect or active
(PTY-08), that a document has not expired (PTY-18), and the caps of documents and records (PTY-20, PTY-21), which
the search for duplicates finds afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.addresses import broken_in_address
from tongke.areas.party.rules.consents import broken_in_consent
from tongke.areas.party.rules.customers import began_by_today, birth_is_past, name_is_one, nationality_is_code, words_are_known
from tongke.areas.party.rules.documents import (
    birth_fits_number,
    citizen_number_checks,
    citizen_number_has_birth,
    credit_code_checks,
    dates_in_order,
    gender_fits_number,
    kind_suits_party,
    number_has_form,
)
from tongke.areas.party.rules.drafts import AddressDraft, ConsentDraft, MediumDraft
from tongke.areas.party.rules.media import PHONE_KINDS, broken_in_medium
from tongke.areas.party.rules.trees import (
    is_not_itself,
    key_person_is_a_person,
    legal_tree_of_organisations,
    runs_forward,
    share_is_percent,
)
from tongke.kernel.actor import current_actor
from tongke.kernel.bulk import Values
from tongke.kernel.keys import document_key
from tongke.kernel.rules import Broken, collect, rule

Around = Mapping[str, Values]
PLACES = ("province", "city", "district", "street", "place", "detail", "postcode")


@rule("IMP-60", says=_("The customer number {customer_no} is used by another customer"), mend=_("Leave the number empty, or correct it"),
      field="customer_no")
def customer_number_is_free(*, customer_no: str, held: bool = False) -> bool:  # noqa: ARG001 - named in the sentence
    """A printed number belongs to one customer."""
    return not held


@rule("IMP-62", says=_("The end lies before the start"), mend=_("Correct one of the two dates"))
def ends_after_start(*, start: date | datetime | None, end: date | datetime | None) -> bool:
    """What ends has begun before."""
    return start is None or end is None or end >= start


def check_party(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    """Rules of a person or organisation."""
    return collect(
        (name_is_one, {"name": values["name"]}),
        (words_are_known, {"kind": values["kind"], "segment": "residential", "level": "standard", "gender": values["gender"],
                           "language": values["language"]}),
        (birth_is_past, {"birth_on": values["birth_on"], "on": current_actor().day(at)}), (nationality_is_code, {"nationality": values["nationality"]}),
    )


def check_customer(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    """Rules of a customer."""
    return collect((began_by_today, {"since_on": values["since_on"], "on": current_actor().day(at)}),
                   (ends_after_start, {"start": values["since_on"], "end": values["left_on"]}))


def check_document(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:
    """Rules of an identity document, beside the party of its row."""
    party = around.get("party", {})
    facts = {"kind": values["kind"], "number": document_key(values["number"])}
    return collect(
        (citizen_number_checks, facts), (citizen_number_has_birth, {**facts, "on": current_actor().day(at)}),
        (birth_fits_number, {**facts, "birth_on": party.get("birth_on")}), (gender_fits_number, {**facts, "gender": party.get("gender", "")}),
        (credit_code_checks, facts), (number_has_form, facts),
        (kind_suits_party, {"kind": values["kind"], "party_kind": party["kind"]}) if "kind" in party else None,
        (dates_in_order, {"issued_on": values["issued_on"], "expires_on": values["expires_on"], "on": current_actor().day(at)}),
    )


def check_medium(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    """Rules of a contact medium."""
    draft = MediumDraft(kind=values["kind"], given=values["value"], valid_from=values["valid_from"], consent=values["consent"])
    found = broken_in_medium(draft, at=at)
    if values["valid_until"] is not None:
        found += collect((ends_after_start, {"start": values["valid_from"], "end": values["valid_until"]}))
    return found


def address_draft(values: Values) -> AddressDraft:
    """Return the address as the single verb takes it; without its whole text that is made from the parts."""
    parts: dict[str, Any] = {name: values.get(name) or "" for name in PLACES}
    whole = values.get("full") or "".join(parts[name] for name in PLACES[:-1])
    return AddressDraft(full=whole, kind=values.get("kind") or "home", country=values.get("country") or "CN", **parts)


def check_address(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    """Rules of an address."""
    return broken_in_address(address_draft(values), at=at)


def check_consent(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    """Rules of a consent."""
    return broken_in_consent(ConsentDraft(
        purpose=values["purpose"], state=values["state"], channel=values["channel"], source=values["source"], evidence=values["evidence"]))


def check_relation(values: Values, around: Around, *, at: datetime) -> Iterable[Broken]:
    """Rules of a relation; that it closes no circle and that there is one parent at a time the database holds."""
    kinds = {"tree": values["tree"], "parent_kind": around.get("parent", {}).get("kind"), "child_kind": around.get("child", {}).get("kind")}
    return collect(
        (is_not_itself, {"parent": values["parent"], "child": values["child"]}),
        (runs_forward, {"valid_from": values["valid_from"] or at, "valid_until": values["valid_until"]}),
        (key_person_is_a_person, kinds) if kinds["parent_kind"] and kinds["child_kind"] else None,
        (legal_tree_of_organisations, kinds) if kinds["parent_kind"] and kinds["child_kind"] else None,
        (share_is_percent, {"share": values["share_percent"]}),
    )


def present_fields(values: Values, *, on: date) -> set[str]:
    """Return the fields of completeness that a new party has through itself and the records of its row: the same
    words as ``party_present_fields``.
    """
    found = {name for name in ("name", "birth_on", "gender", "industry", "occupation") if values.get(name)}
    for noun, child in values.get("children", ()):
        if noun == "document":
            found.add("document")
            if child.get("expires_on") is None or child["expires_on"] > on:
                found.add("document_current")
            if child.get("verified_at") is not None:
                found.add("document_verified")
            if child.get("kind") == "resident_id":  # the card tells both
                found |= {"birth_on", "gender"}
        elif noun == "medium" and child.get("valid_until") is None:
            found.add("phone" if child["kind"] in PHONE_KINDS else child["kind"])
        elif noun in ("address", "consent") and child.get("valid_until") is None:
            found.add(noun)
        elif noun == "relation" and child.get("tree") == "key_person":
            found.add("key_person")
    return found
