"""Parties and customers in bulk: the nouns that files may bring, held to the same rules as single records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tongke.areas.party.services.bulk_checks import (
    check_address,
    check_consent,
    check_customer,
    check_document,
    check_medium,
    check_party,
    check_relation,
)
from tongke.areas.party.services.bulk_fields import (
    ADDRESS_FIELDS,
    CONSENT_FIELDS,
    CUSTOMER_FIELDS,
    DOCUMENT_FIELDS,
    MEDIUM_FIELDS,
    PARTY_FIELDS,
    RELATION_FIELDS,
    numbers_taken,
)
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Noun, Values, as_columns, declare_noun, write_table
from tongke.kernel.keys import address_key, document_key, mask_document, name_key, name_pinyin, phone_e164
from tongke.kernel.numbering import sequence_numbers
from tongke.kernel.sealing import blind_index, seal
from tongke.kernel.verb import verb

IMPORT = "party.import"
BY_PARTY = {"party": "party_id"}
DOCUMENT = "party.document"


def _party_columns(values: Values) -> dict[str, Any]:
    out = as_columns(
        values, ("kind", "state", "gender", "birth_on", "nationality", "occupation", "industry", "language", "verified_on"), {},
        ("characteristics",),
    )
    if "name" in values:
        full, initials = name_pinyin(values["name"])
        out |= {"name": values["name"], "name_key": name_key(values["name"]), "pinyin_full": full[:400], "pinyin_initials": initials[:100]}
    return out


@verb(IMPORT)
def load_parties(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change persons and organisations. ``deferred`` completeness is worked out by ``settle_completeness``."""
    write_table(
        "party_party", fresh=fresh, changed=changed, columns=_party_columns, changed_at=at, also="version = t.version + 1",
        fixed={"completeness": 0, "missing": "[]", "version": 1, "created_at": at, "changed_at": at},
    )


@verb(IMPORT)
def load_customers(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change customers; those without a number of their own are given the next of the series."""
    wanting = [v for v in fresh if not v.get("customer_no")]
    numbers = sequence_numbers("CU", count=len(wanting), on=at.date()) if wanting else []
    for values, number in zip(wanting, numbers, strict=True):
        values["customer_no"] = number
    for values in fresh:
        values["since_on"] = values.get("since_on") or at.date()
    write_table(
        "party_customer", fresh=fresh, changed=changed, changed_at=at, also="version = t.version + 1",
        columns=lambda v: as_columns(
            v, ("customer_no", "state", "segment", "level", "since_on", "left_on", "credit_class", "credit_limit", "currency"), BY_PARTY,
            ("characteristics",)),
        fixed={"version": 1, "created_at": at, "changed_at": at},
    )


def _document_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", "issuer", "issued_on", "expires_on", "verified_at", "verification"), BY_PARTY)
    if "number" in values:
        number = values["number"]
        out |= {"number_cipher": seal(number, field=DOCUMENT), "number_index": blind_index(document_key(number), field=DOCUMENT),
                "number_masked": mask_document(number)[:40]}
    return out


@verb(IMPORT)
def load_documents(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change identity documents; numbers are sealed and indexed blind before they reach the database."""
    write_table("party_identity_document", fresh=fresh, changed=changed, columns=_document_columns,
                fixed={"image_type": "", "valid_from": at})


def medium_value(kind: str, given: str) -> str:
    """Return a medium's value as it is compared: E.164 for phones, lower case for mail, else as given."""
    if kind in ("mobile", "phone"):
        return phone_e164(given) or given
    return given.lower() if kind == "email" else given


def _medium_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", "preferred", "verified_at", "valid_from", "valid_until"), BY_PARTY)
    if "value" in values:
        out |= {"given": values["value"], "value": medium_value(values["kind"], values["value"])[:200]}
    return out


@verb(IMPORT)
def load_media(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change phones, mail addresses and other media."""
    for values in fresh:
        values["valid_from"] = values.get("valid_from") or at
    write_table("party_contact_medium", fresh=fresh, changed=changed, columns=_medium_columns)


PLACES = ("country", "province", "city", "district", "street", "place", "detail", "postcode")


def _address_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", *PLACES, "valid_from", "valid_until"), BY_PARTY)
    if any(name in values for name in (*PLACES, "full")):
        parts = [values.get(name) or "" for name in PLACES[1:-1]]
        out["full"] = (values.get("full") or "".join(parts))[:400]
        out["street_key"] = address_key("".join(parts[3:]))[:300]
        out["place_key"] = address_key("".join(parts[4:]))[:300]
    return out


@verb(IMPORT)
def load_addresses(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change addresses."""
    for values in fresh:
        values["valid_from"] = values.get("valid_from") or at
    write_table("party_postal_address", fresh=fresh, changed=changed, columns=_address_columns)


@verb(IMPORT)
def load_consents(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change consents."""
    for values in fresh:
        values["valid_from"] = values.get("valid_from") or at
    write_table("party_consent", fresh=fresh, changed=changed, columns=lambda v: as_columns(
        v, ("purpose", "channel", "state", "source", "evidence", "valid_from", "valid_until"), BY_PARTY))


@verb(IMPORT)
def load_relations(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change relations in the trees: household, legal, billing, …"""
    for values in fresh:
        values["valid_from"] = values.get("valid_from") or at
    write_table("party_relation", fresh=fresh, changed=changed, columns=lambda v: as_columns(
        v, ("tree", "role", "share_percent", "valid_from", "valid_until"), {"parent": "parent_id", "child": "child_id"}))


declare_noun(Noun(name="party", about="a person or an organisation", table="party_party", rank=20, fields=PARTY_FIELDS,
                  check=check_party, write=load_parties))
declare_noun(Noun(name="customer", about="a party in its relation to the operator", table="party_customer", rank=30,
                  fields=CUSTOMER_FIELDS, check=check_customer, write=load_customers, unique=(numbers_taken,)))
declare_noun(Noun(name="document", about="an identity document; its number is encrypted", table="party_identity_document", rank=31,
                  fields=DOCUMENT_FIELDS, check=check_document, write=load_documents))
declare_noun(Noun(name="medium", about="a phone, mail address or other way to reach a party", table="party_contact_medium", rank=32,
                  fields=MEDIUM_FIELDS, check=check_medium, write=load_media))
declare_noun(Noun(name="address", about="a postal address", table="party_postal_address", rank=33, fields=ADDRESS_FIELDS,
                  check=check_address, write=load_addresses))
declare_noun(Noun(name="consent", about="an answer to one purpose on one channel", table="party_consent", rank=34,
                  fields=CONSENT_FIELDS, check=check_consent, write=load_consents))
declare_noun(Noun(name="relation", about="who belongs to whom: household, group, key person", table="party_relation", rank=35,
                  fields=RELATION_FIELDS, check=check_relation, write=load_relations))
