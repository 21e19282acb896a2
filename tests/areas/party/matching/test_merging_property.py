"""Whatever two customers hold, merging and separating leaves every row of every table byte for byte as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import accounts as make
from tests.factories import matching as parts
from tests.factories.accounts import NOON, TESTER
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.party.models import Customer, Party
from tongke.areas.party.services.merging import separate_parties
from tongke.kernel.actor import acting

instants = st.datetimes(datetime(2015, 1, 1), datetime(2026, 6, 1)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants bare bounds
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=0, max_size=12)
values = st.recursive(st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False) | texts,
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6)
holding = st.fixed_dictionaries({
    "name": st.sampled_from(["张伟", "张玮", "John Smith", "王'芳\"", "李\\四"]),
    "characteristics": st.dictionaries(texts, values, max_size=3),
    "occupation": st.sampled_from(["", "教师", "a\"b'c\\d"]),
    "credit_limit": st.decimals(0, 10**15, places=2),
    "documents": st.lists(st.sampled_from(["330102199001010011", "330102199001010038", "E12345678"]), unique=True, max_size=3),
    "phones": st.lists(st.tuples(st.sampled_from(["+8613900000001", "+8613900000002"]), instants, st.booleans(), st.booleans()), max_size=3),
    "addresses": st.lists(st.sampled_from(["文三路1号", "文一路2号"]), max_size=2),
    "consents": st.dictionaries(st.sampled_from([("marketing", "any"), ("marketing", "sms"), ("survey", "any")]),
                                st.sampled_from(["granted", "denied", "withdrawn"]), max_size=3),
    "rating": st.none() | st.integers(0, 999),
    "blacklisted": st.booleans(),
    "households": st.lists(st.tuples(st.integers(0, 1), instants, st.integers(1, 400)), max_size=2),
    "contacts": st.integers(0, 2),
    "account": st.booleans(),
})


def held(what: dict[str, Any], families: list[Party], tag: str) -> Customer:
    customer = make.bare_customer(name=what["name"])
    party_id = customer.party_id
    with acting(TESTER):
        Party.objects.filter(id=party_id).update(occupation=what["occupation"], characteristics=what["characteristics"])
        Customer.objects.filter(id=customer.id).update(credit_limit=what["credit_limit"], characteristics=what["characteristics"])
    for number in what["documents"]:
        parts.document(party_id, number)
    for value, since, ended, preferred in what["phones"]:
        parts.phone(party_id, value, since=since, until=since + timedelta(days=3) if ended else None, preferred=preferred)
    for text in what["addresses"]:
        parts.address(party_id, text)
    for (purpose, channel), state in what["consents"].items():
        parts.consent(party_id, purpose, state, channel=channel)
    if what["rating"] is not None:
        parts.rating(customer, what["rating"], "C")
    if what["blacklisted"]:
        parts.blacklisted(party_id)
    last = datetime(2000, 1, 1, tzinfo=UTC)
    for family, since, days in sorted(what["households"], key=lambda h: h[1]):
        begins = max(since, last)
        last = begins + timedelta(days=days)
        parts.relation("household", families[family].id, party_id, since=begins, until=last)
    for n in range(what["contacts"]):
        parts.interaction(customer.id, f"咨询{n}")
    if what["account"]:
        account_id = make.account(customer)
        make.line(customer, account_id)
    parts.source_key(party_id, "97", f"{tag}{party_id}")
    return customer


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=holding, theirs=holding, chosen=st.dictionaries(
    st.sampled_from(["name", "gender", "occupation", "characteristics", "segment", "level"]), st.sampled_from(["survivor", "absorbed"]), max_size=4))
def test_merge_and_separate_is_the_identity(ours: dict[str, Any], theirs: dict[str, Any], chosen: dict[str, str]) -> None:
    with transaction.atomic():
        families = [parts.person("张家"), parts.person("李家")]
        survivor, absorbed = held(ours, families, "a"), held(theirs, families, "b")
        before = parts.all_rows()
        merge_id = merge_customers(
            survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, chosen=chosen, reason="同一人", by=TESTER, at=NOON,
        )
        assert parts.all_rows() != before
        separate_parties(merge_id=merge_id, reason="不是同一人", by=TESTER, at=NOON + timedelta(days=1))
        assert parts.all_rows() == before
        transaction.set_rollback(True)
