"""Parties and customers in bulk: the nouns that files may bring, held to the same rules as single records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.party.policy import policies_at
from tongke.areas.party.rules.addresses import address_parts
from tongke.areas.party.rules.completeness import completeness
from tongke.areas.party.rules.credit import credit_band
from tongke.areas.party.rules.documents import birth_in_number, gender_in_number, is_citizen_number
from tongke.areas.party.rules.media import normal_value
from tongke.areas.party.services.bulk_checks import (
    PLACES,
    address_draft,
    check_address,
    check_consent,
    check_customer,
    check_document,
    check_medium,
    check_party,
    check_relation,
    present_fields,
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
from tongke.areas.party.services.completeness import settle_completeness
from tongke.areas.party.services.rows import DOCUMENT_FIELD, name_columns, number_index
from tongke.areas.party.states import PartyKind
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Noun, Values, as_columns, declare_noun, write_table
from tongke.kernel.keys import document_key, mask_document
from tongke.kernel.numbering import sequence_numbers
from tongke.kernel.sealing import seal
from tongke.kernel.verb import verb

IMPORT = "party.import"
BY_PARTY = {"party": "party_id"}
FILL_FROM_CARD = """
UPDATE party_party p SET birth_on = coalesce(p.birth_on, c.born), gender = CASE p.gender WHEN '' THEN c.gender ELSE p.gender END
FROM unnest(%s::uuid[], %s::date[], %s::text[]) c(party, born, gender)
WHERE p.id = c.party AND ((p.birth_on IS NULL AND c.born IS NOT NULL) OR p.gender = '')
"""


def _party_columns(values: Values) -> dict[str, Any]:
    out = as_columns(
        values, ("kind", "state", "gender", "birth_on", "nationality", "occupation", "industry", "language", "verified_on"), {},
        ("characteristics",),
    )
    if "name" in values:
        out |= name_columns(values["name"].strip())
    return out


@verb(IMPORT)
def load_parties(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change persons and organisations. A new one's completeness follows from the records of its row."""
    policies = policies_at(at, (v["org_id"] for v in fresh))
    known: dict[tuple[str, frozenset[str], int], dict[str, Any]] = {}

    def columns(values: Values) -> dict[str, Any]:
        case = (values["kind"], frozenset(present_fields(values, on=at.date())), values["org_id"])
        if case not in known:  # a handful of cases serve a million rows
            score, missing = completeness(case[1], policies[case[2]].completeness_weights[PartyKind(case[0])])
            known[case] = {"completeness": score, "missing": orjson.dumps(missing).decode()}
        return _party_columns(values) | known[case]

    write_table("party_party", fresh=fresh, changed=(), columns=columns, fixed={"version": 1, "created_at": at, "changed_at": at})
    write_table("party_party", fresh=(), changed=changed, columns=_party_columns, changed_at=at, also="version = t.version + 1")


def settle_parties(*, ids: Sequence[UUID], by: Actor, at: datetime) -> None:
    """Work the completeness of parties out again to which other rows added something: a consequence of the load, which
    needs no right of its own.
    """
    settle_completeness(party_ids=ids, by=replace(by, permissions=by.permissions | {"party.repair"}), at=at)


@verb(IMPORT)
def load_customers(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:
    """Create and change customers; those without a number of their own are given the next of the series."""
    wanting = [v for v in fresh if not v.get("customer_no")]
    numbers = sequence_numbers("CU", count=len(wanting), on=by.day(at)) if wanting else []
    for values, number in zip(wanting, numbers, strict=True):
        values["customer_no"] = number
    policies = policies_at(at, (v["org_id"] for v in fresh))
    bands = {org: credit_band(policy.credit_points.start, policy.credit_bands) for org, policy in policies.items()}
    for values in fresh:
        band = bands[values["org_id"]]
        values["since_on"] = values.get("since_on") or by.day(at)
        values["credit_class"] = values.get("credit_class") or band.credit_class
        if values.get("credit_limit") is None:
            values["credit_limit"] = band.credit_limit
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
        number = document_key(values["number"])
        out |= {"number_cipher": seal(number, field=DOCUMENT_FIELD), "number_index": number_index(number),
                "number_masked": mask_document(number)[:40]}
    return out


@verb(IMPORT)
def load_documents(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change identity documents; numbers are sealed and indexed blind before they reach the database.
    What a resident card tells of birth and sex fills the party's gaps.
    """
    write_table("party_identity_document", fresh=fresh, changed=changed, columns=_document_columns,
                fixed={"image_type": "", "valid_from": at})
    told = [(v["party"], n) for v in (*fresh, *changed)
            if v.get("kind") == "resident_id" and "party" in v and is_citizen_number(n := document_key(v["number"]))]
    with connection.cursor() as cursor:
        cursor.execute(FILL_FROM_CARD, [[p for p, _n in told], [birth_in_number(n) for _p, n in told], [gender_in_number(n) for _p, n in told]])


def _medium_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", "preferred", "verified_at", "valid_from", "valid_until"), BY_PARTY)
    if "value" in values:
        given = values["value"].strip()
        out |= {"given": given, "value": normal_value(values["kind"], given) or given}
    return out


@verb(IMPORT)
def load_media(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change phones, mail addresses and other media."""
    for values in fresh:
        values["valid_from"] = values.get("valid_from") or at
    write_table("party_contact_medium", fresh=fresh, changed=changed, columns=_medium_columns)


def _address_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", "country", "valid_from", "valid_until"), BY_PARTY)
    if any(name in values for name in (*PLACES, "full")):
        parts = address_parts(address_draft(values))
        out |= {name: getattr(parts, name) for name in (*PLACES, "full", "street_key", "place_key")}
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
                  check=check_party, write=load_parties, settle=settle_parties))
declare_noun(Noun(name="customer", about="a party in its relation to the operator", table="party_customer", rank=30,
                  fields=CUSTOMER_FIELDS, check=check_customer, write=load_customers, unique=(numbers_taken,)))
declare_noun(Noun(name="document", about="an identity document; its number is encrypted", table="party_identity_document", rank=31,
                  fields=DOCUMENT_FIELDS, check=check_document, write=load_documents))
declare_noun(Noun(name="medium", about="a phone, mail address or other way to reach a party", table="party_contact_medium", rank=32,
                  fields=MEDIUM_FIELDS, check=check_medium, write=load_media, aliases={"given": "value"}))
declare_noun(Noun(name="address", about="a postal address", table="party_postal_address", rank=33, fields=ADDRESS_FIELDS,
                  check=check_address, write=load_addresses))
declare_noun(Noun(name="consent", about="an answer to one purpose on one channel", table="party_consent", rank=34,
                  fields=CONSENT_FIELDS, check=check_consent, write=load_consents))
declare_noun(Noun(name="relation", about="who belongs to whom: household, group, key person", table="party_relation", rank=35,
                  fields=RELATION_FIELDS, check=check_relation, write=load_relations))
