"""The party room's rows of a block: parties, documents, media, addresses, consents, relations, customers, ratings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from tongke.kernel.keys import mask_document
from tongke.kernel.sealing import blind_index, seal
from tongke.simulator import number_plan, places
from tongke.simulator.calendar_months import DAY, Span, by_day
from tongke.simulator.draw import Bools, Ints, constant, days, ids, instants, joined, money, numbered, picked, stream, texts
from tongke.simulator.lines import BROADBAND, FIXED, MOBILE, ORDINALS, Lines
from tongke.simulator.offers import FEES
from tongke.simulator.people import People

Rows = dict[str, Any]
DOCUMENT = "party.document"
# What a complete record consists of, as the party room's first policy weighs it (a test compares them).
WEIGHTS_PERSON = {
    "name": 10, "birth_on": 5, "gender": 5, "document": 25, "document_current": 10, "document_verified": 10, "phone": 15, "address": 10,
    "email": 5, "consent": 5,
}
WEIGHTS_COMPANY = {
    "name": 10, "document": 25, "document_current": 10, "document_verified": 10, "industry": 5, "phone": 15, "address": 10, "email": 5,
    "key_person": 5, "consent": 5,
}
LIMITS_CENTS = np.array([50_000, 30_000, 10_000, 0, 0], dtype=np.int64)
"""Credit limit of the classes A to E."""
_CLASS_FROM = np.array([800, 650, 450, 250, 0])
_JOBS = "工程师 教师 医生 公务员 会计 销售 司机 个体经营 学生 退休 厨师 设计师 程序员 工人 护士 律师".split()


@dataclass(frozen=True, slots=True)
class Presence:
    """Which fields each record has: what is missing goes to repair."""

    birth_on: Bools
    gender: Bools
    document: Bools
    document_current: Bools
    document_verified: Bools
    phone: Bools
    address: Bools
    email: Bools
    consent: Bools
    industry: Bools
    key_person: Bools
    issued_day: Ints
    expires_day: Ints


def presence_of(span: Span, block: int, people: People) -> Presence:
    """Draw which fields are known, and when documents were issued and end (-1: never)."""
    random, count, company = stream(span.seed, block, "presence"), people.count, people.company
    age = (span.until_day - people.birth_day) // 365
    years = np.select([company, people.foreign, age >= 46, age >= 26, age >= 16], [0, 10, 0, 20, 10], 5)
    issued = span.until_day - (random.random(count) * np.where(years > 0, years, 12) * 365.25 * 1.03).astype(np.int64)
    expires = np.where(years > 0, issued + (years * 365.25).astype(np.int64), -1)
    document = random.random(count) < 0.975

    def known(persons: float, companies: float) -> Bools:
        return np.asarray(random.random(count) < np.where(company, companies, persons))

    return Presence(
        birth_on=known(0.97, 0.0), gender=known(0.985, 0.0), document=document, document_current=document & ((expires < 0) | (expires > span.until_day)),
        document_verified=document & known(0.93, 0.9), phone=known(0.965, 0.97), address=known(0.945, 0.98), email=known(0.28, 0.6),
        consent=known(0.76, 0.7), industry=known(0.0, 0.95), key_person=known(0.0, 0.6), issued_day=issued, expires_day=expires,
    )


def _completeness(presence: Presence, company: Bools) -> tuple[Ints, pa.StringArray]:
    """Return the completeness in percent and the JSON list of missing fields, heaviest first."""
    count = len(company)
    score, mask = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    names = sorted({*WEIGHTS_PERSON, *WEIGHTS_COMPANY} - {"name"})
    for place, name in enumerate(names):
        weight = np.where(company, WEIGHTS_COMPANY.get(name, 0), WEIGHTS_PERSON.get(name, 0))
        lacks = ~getattr(presence, name) & (weight > 0)
        score, mask = score + weight * lacks, mask | (lacks.astype(np.int64) << place)
    found, inverse = np.unique(mask | (company.astype(np.int64) << 20), return_inverse=True)
    lists = []
    for key in found.tolist():
        weights = WEIGHTS_COMPANY if key >> 20 else WEIGHTS_PERSON
        lacking = [name for place, name in enumerate(names) if key >> place & 1]
        lists.append(json.dumps(sorted(lacking, key=lambda name: (-weights[name], name))))
    return 100 - score, texts(lists, inverse)


def party_ids(span: Span, people: People) -> pa.StringArray:
    """Return the parties' ids."""
    return ids(span.seed, "party", people.index)


def customer_ids(span: Span, people: People) -> pa.StringArray:
    """Return the customers' ids."""
    return ids(span.seed, "customer", people.index)


def party_rows(span: Span, block: int, people: People, presence: Presence, since: Ints) -> Rows:
    """Return the rows of ``party_party``; ``since`` is when each became a customer, in seconds since 1970."""
    random, count = stream(span.seed, block, "party"), people.count
    score, missing = _completeness(presence, people.company)
    works = ~people.company & (random.random(count) < 0.5)
    sex = np.where(presence.gender, people.male.astype(np.int64), 2)
    created = instants(since)
    return {
        "id": party_ids(span, people), "org_id": pa.array(people.org), "kind": texts(["individual", "organization"], people.company.astype(np.int64)),
        "state": texts(["initialized", "validated"], presence.document_verified.astype(np.int64)), "name": people.name.name,
        "name_key": people.name.key, "pinyin_full": people.name.pinyin, "pinyin_initials": people.name.initials,
        "gender": texts(["female", "male", ""], sex), "birth_on": days(people.birth_day, known=presence.birth_on),
        "nationality": people.nationality, "occupation": texts([*_JOBS, ""], np.where(works, random.integers(len(_JOBS), size=count), len(_JOBS))),
        "industry": pa.compute.if_else(pa.array(presence.industry), people.industry, ""),
        "language": texts(["zh-hans", "en"], people.foreign.astype(np.int64)), "characteristics": constant("{}", count),
        "completeness": pa.array(score), "missing": missing, "verified_on": days(since // DAY, known=presence.document_verified),
        "merged_into_id": constant(None, count), "version": constant(1, count), "created_at": created, "changed_at": created,
    }


def document_numbers(span: Span, people: People) -> pa.StringArray:
    """Return the numbers of everybody's document: identity card, passport or business licence."""
    resident = number_plan.resident_ids(span.seed, people.index, people.region, people.birth, people.male)
    licence = number_plan.credit_codes(span.seed, people.index, people.region)
    passport = number_plan.passports(span.seed, people.index)
    return pa.compute.if_else(pa.array(people.company), licence, pa.compute.if_else(pa.array(people.foreign), passport, resident))


def document_rows(span: Span, people: People, presence: Presence, since: Ints) -> Rows:
    """Return the rows of ``party_identity_document``. The seal takes the installation's key and a fresh nonce:
    the number's cipher and index are the only columns that differ from one installation to the next.
    """
    rows = np.flatnonzero(presence.document)
    numbers = document_numbers(span, people).take(pa.array(rows)).to_pylist()
    count, town = len(rows), places.town_map()
    kind = np.where(people.company, 2, people.foreign.astype(np.int64))[rows]
    verified = presence.document_verified[rows]
    city = texts([n.city for n in places.NETWORKS], people.network[rows])
    local = joined(city, "公安局", pa.compute.utf8_rtrim(texts(town.district, people.community[rows]), characters="区"), "分局")
    issuer = pa.compute.choose(pa.array(kind), local, "Passport authority", joined(city, "市场监督管理局"))
    return {
        "id": ids(span.seed, "document", people.index[rows]), "org_id": pa.array(people.org[rows]),
        "party_id": party_ids(span, people).take(pa.array(rows)), "kind": texts(["resident_id", "passport", "business_licence"], kind),
        "number_cipher": pa.array([f"\\x{seal(n, field=DOCUMENT).hex()}" for n in numbers]),
        "number_index": pa.array([f"\\x{blind_index(n, field=DOCUMENT).hex()}" for n in numbers]),
        "number_masked": pa.array([mask_document(n) for n in numbers]), "issuer": issuer, "issued_on": days(presence.issued_day[rows]),
        "expires_on": days(presence.expires_day[rows], known=presence.expires_day[rows] >= 0),
        "verified_at": instants(since[rows], known=verified), "verification": texts(["", "card_reader"], verified.astype(np.int64)),
        "image_cipher": constant(None, count), "image_type": constant("", count), "valid_from": instants(since[rows]),
        "valid_until": constant(None, count),
    }


def _phones(span: Span, people: People, lines: Lines) -> tuple[pa.StringArray, Ints]:
    """Return everybody's contact number and whether it is a fixed line: their own first line's, else another operator's."""
    foreign_number = number_plan.other_mobiles(span.seed, people.index)
    first = np.full(people.count, -1)
    for kind in (MOBILE, FIXED):
        rows = np.flatnonzero((lines.kind == kind) & (lines.ordinal == ORDINALS[kind]))
        first[lines.owner[rows]] = np.where(people.company[lines.owner[rows]] | (first[lines.owner[rows]] < 0), rows, first[lines.owner[rows]])
    own = pa.array(first, mask=first < 0)
    number = pa.compute.coalesce(lines.number.take(own), foreign_number)
    return number, ((first >= 0) & (lines.kind[np.maximum(first, 0)] == FIXED)).astype(np.int64)


def medium_rows(span: Span, people: People, presence: Presence, lines: Lines, since: Ints) -> Rows:
    """Return the rows of ``party_contact_medium``: a phone, and a mail address that reaches nobody."""
    number, fixed = _phones(span, people, lines)
    phone, mail = np.flatnonzero(presence.phone), np.flatnonzero(presence.email)
    plain = pa.compute.utf8_slice_codeunits(number, 3)
    given = pa.compute.if_else(pa.array(fixed == 1), joined("0", plain), plain)
    account = pa.compute.choose(pa.array(np.where(people.company, 2, people.foreign.astype(np.int64))), people.name.initials, "guest", "office")
    address = joined(account, pa.array(people.index).cast(pa.string()), "@mail.example")
    rows = np.concatenate([phone, mail])
    at = instants(since[rows])
    count = len(rows)
    return {
        "id": ids(span.seed, "medium", people.index[rows], np.concatenate([np.zeros_like(phone), np.ones_like(mail)])),
        "org_id": pa.array(people.org[rows]), "party_id": party_ids(span, people).take(pa.array(rows)),
        "kind": pa.concat_arrays([texts(["mobile", "phone"], fixed[phone]), constant("email", len(mail))]),
        "value": pa.concat_arrays([number.take(pa.array(phone)), address.take(pa.array(mail))]),
        "given": pa.concat_arrays([given.take(pa.array(phone)), address.take(pa.array(mail))]),
        "preferred": pa.array(np.arange(count) < len(phone)), "verified_at": constant(None, count), "valid_from": at,
        "valid_until": constant(None, count),
    }


def address_rows(span: Span, block: int, people: People, presence: Presence, since: Ints) -> Rows:
    """Return the rows of ``party_postal_address``: a household lives under one address."""
    drawn = places.addresses(stream(span.seed, block, "address"), people.community)
    rows = np.flatnonzero(presence.address)
    home = pa.array(np.where(people.company, np.arange(people.count), people.head)[rows])
    fields = ("province", "city", "district", "street", "place", "detail", "postcode", "full", "street_key", "place_key")
    return {
        "id": ids(span.seed, "address", people.index[rows]), "org_id": pa.array(people.org[rows]),
        "party_id": party_ids(span, people).take(pa.array(rows)), "kind": texts(["home", "registered"], people.company[rows].astype(np.int64)),
        "country": constant("CN", len(rows)), **{name: getattr(drawn, name).take(home) for name in fields},
        "valid_from": instants(since[rows]), "valid_until": constant(None, len(rows)),
    }


_ASKED = (("service", "any", 1.0, 1.0), ("marketing", "sms", 1.0, 0.55), ("marketing", "call", 0.3, 0.15), ("profiling", "any", 0.4, 0.6))
"""Purpose, channel, share asked, share of those asked that agreed."""


def consent_rows(span: Span, block: int, people: People, presence: Presence, since: Ints) -> Rows:
    """Return the rows of ``party_consent``."""
    random, count = stream(span.seed, block, "consent"), people.count
    asked = [np.flatnonzero(presence.consent & (random.random(count) < share)) for _p, _c, share, _y in _ASKED]
    agreed = [random.random(len(rows)) < yes for rows, (_p, _c, _share, yes) in zip(asked, _ASKED, strict=True)]
    rows, place = np.concatenate(asked), np.repeat(np.arange(len(_ASKED)), [len(a) for a in asked])
    total = len(rows)
    return {
        "id": ids(span.seed, "consent", people.index[rows], place), "org_id": pa.array(people.org[rows]),
        "party_id": party_ids(span, people).take(pa.array(rows)), "purpose": texts([a[0] for a in _ASKED], place),
        "channel": texts([a[1] for a in _ASKED], place), "state": texts(["denied", "granted"], np.concatenate(agreed).astype(np.int64)),
        "source": texts(["hall", "app", "hotline"], picked(random, [60, 30, 10], total)), "evidence": constant("入网登记表", total),
        "valid_from": instants(since[rows]), "valid_until": constant(None, total),
    }


_KIN = ("", "配偶", "子女", "子女", "父母")
_POSTS = ("法定代表人", "通信负责人", "财务负责人", "经办人")


def relation_rows(span: Span, block: int, people: People, presence: Presence, since: Ints) -> Rows:
    """Return the rows of ``party_relation``: households, company groups, key persons."""
    random, place = stream(span.seed, block, "relation"), np.arange(people.count) - people.head
    member, daughter = np.flatnonzero((place > 0) & ~people.company), np.flatnonzero((place > 0) & people.company)
    firm = np.flatnonzero(presence.key_person) if people.people_count else np.zeros(0, dtype=np.int64)
    person = random.integers(max(people.people_count, 1), size=len(firm))
    parent = np.concatenate([people.head[member], people.head[daughter], firm])
    child = np.concatenate([member, daughter, person])
    tree = np.repeat([0, 1, 2], [len(member), len(daughter), len(firm)])
    role = np.concatenate([place[member], np.full(len(daughter), 5), 6 + random.integers(len(_POSTS), size=len(firm))])
    party = party_ids(span, people)
    share = (30 + random.integers(0, 71, len(tree))) * 100
    return {
        "id": ids(span.seed, "relation", people.index[np.where(tree == 2, parent, child)], (tree == 2).astype(np.int64)),
        "org_id": pa.array(people.org[parent]), "tree": texts(["household", "legal", "key_person"], tree), "parent_id": party.take(pa.array(parent)),
        "child_id": party.take(pa.array(child)), "role": texts([*_KIN, "子公司", *_POSTS], role),
        "share_percent": pa.compute.if_else(pa.array(tree == 1), money(share), None).cast(pa.decimal128(18, 2)),
        "valid_from": instants(np.maximum(since[parent], since[child])), "valid_until": constant(None, len(tree)),
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from lines and bills: credit score and class (0 is A), fee in cents a month, when they left (-1: not)."""

    score: Ints
    tenure: Ints
    payments: Ints
    arrears: Ints
    grade: Ints
    fee: Ints
    left_day: Ints


def standing_of(span: Span, block: int, people: People, lines: Lines) -> Standing:
    """Rate everybody and find who has left: all their lines have ended."""
    random, count = stream(span.seed, block, "credit"), people.count
    tenure = 20 * np.minimum((span.until_day - people.since_day) // 365, 10)
    payments = (200 * np.array([1.0, 0.9, 0.6, 0.3, 0.0])[people.credit]).astype(np.int64)
    arrears = -80 * np.where(people.credit == 3, random.integers(1, 3, count), np.where(people.credit == 4, random.integers(3, 6, count), 0))
    score = np.clip(500 + tenure + payments + arrears, 0, 1000)
    ended = lines.ended_day >= 0
    total, gone = np.bincount(lines.owner, minlength=count), np.bincount(lines.owner, weights=ended, minlength=count)
    last = np.full(count, -1)
    np.maximum.at(last, lines.owner, lines.ended_day)
    return Standing(
        score=score, tenure=tenure, payments=payments, arrears=arrears, grade=np.argmax(score[:, None] >= _CLASS_FROM, axis=1),
        fee=np.bincount(lines.owner, weights=FEES[lines.offer], minlength=count).astype(np.int64), left_day=np.where((total > 0) & (total == gone), last, -1),
    )


def customer_rows(span: Span, people: People, standing: Standing, since: Ints, managers: tuple[str, ...] = ()) -> Rows:
    """Return the rows of ``party_customer``. ``managers`` are staff ids that keep the key accounts in turn."""
    count, left = people.count, standing.left_day >= 0
    key = people.company & (standing.fee >= 60_000)
    level = np.searchsorted([12_000, 25_000, 50_000], standing.fee, side="right")
    manager = texts(managers, people.index % len(managers)) if managers else constant(None, count)
    created = instants(since)
    return {
        "id": customer_ids(span, people), "org_id": pa.array(people.org), "party_id": party_ids(span, people),
        "customer_no": numbered(f"CS{span.seed % 1000:03d}", people.index, 8), "state": texts(["active", "left"], left.astype(np.int64)),
        "segment": texts(["residential", "business", "key_account"], people.company.astype(np.int64) + key),
        "level": texts(["standard", "silver", "gold", "diamond"], level), "manager_id": pa.compute.if_else(pa.array(key), manager, None),
        "since_on": days(since // DAY), "left_on": days(standing.left_day, known=left), "credit_class": texts(list("ABCDE"), standing.grade),
        "credit_limit": money(LIMITS_CENTS[standing.grade]), "currency": constant("CNY", count), "risk_score": constant(None, count),
        "value_score": constant(None, count), "scored_at": constant(None, count), "characteristics": constant("{}", count),
        "version": constant(1, count), "created_at": created,
        "changed_at": instants(np.where(left, standing.left_day * DAY + DAY // 2, since)),
    }


def rating_rows(span: Span, people: People, standing: Standing) -> Rows:
    """Return the rows of ``party_credit_rating``: one in force for everybody, its factors summing to the score."""
    count = people.count

    def part(values: Ints) -> pa.StringArray:
        return pa.array(values).cast(pa.string())

    factors = joined('{"start": 500, "tenure": ', part(standing.tenure), ', "payments": ', part(standing.payments), ', "arrears": ',
                     part(standing.arrears), ', "fraud": 0, "deposit": 0}')
    rated = instants(by_day(np.full(count, span.starts[-1]), stream(span.seed, int(people.index[0]), "rated")))
    return {
        "id": ids(span.seed, "rating", people.index), "org_id": pa.array(people.org), "customer_id": customer_ids(span, people),
        "score": pa.array(standing.score), "credit_class": texts(list("ABCDE"), standing.grade),
        "credit_limit": money(LIMITS_CENTS[standing.grade]), "currency": constant("CNY", count), "factors": factors,
        "overridden": constant(value=False, count=count), "approval_id": constant(None, count), "reason": constant("", count),
        "rated_by": constant("system:rating", count), "valid_from": rated, "valid_until": constant(None, count),
    }


def homes_with_broadband(people: People, lines: Lines) -> Ints:
    """Return the rows of the customers who have a broadband line at home."""
    return np.unique(lines.owner[(lines.kind == BROADBAND) & ~people.company[lines.owner]])
