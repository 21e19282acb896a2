"""A record in bulk is the record that the single verb makes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.conftest import Load, record
from tests.factories.party import citizen_number
from tests.factories.staff import TESTER
from tongke.areas.party import services
from tongke.areas.party.models import ContactMedium, Customer, IdentityDocument, Party, PostalAddress
from tongke.areas.party.policy import policy_at
from tongke.areas.party.services import AddressDraft, CustomerDraft, DocumentDraft, MediumDraft
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.sealing import unseal

pytestmark = pytest.mark.django_db
MAPPING = """
[mapping]
name = "same"
title = "Same"
source = "same"
[sources.rows]
[[flow]]
from = "rows"
key = "no"
""" + (
    record("party", kind="{kind}", name="{name}", occupation="{job}") + record("customer")
    + record("document", kind="{document}", number="{number}") + record("medium", kind="{medium}", value="{value}") + record("address", full="{address}")
)
SAMPLE = [
    ("individual", "单雄信", "司机", "resident_id", citizen_number(born=date(1985, 3, 4), serial=17), "mobile", "138 5710 0001", "浙江省杭州市西湖区文三路388号翠苑一区3幢2单元501室"),
    ("individual", "John O'Neill", "", "passport", "E12345678", "email", "John@Example.COM", "Room 5, 12 Harbour Street"),
    ("individual", "欧阳修", "教师", "resident_id", citizen_number(born=date(1999, 12, 31), serial=24).lower(), "phone", "0571-88001234", "杭州市拱墅区莫干山路１号"),
    ("organization", "浙江蓝海贸易有限公司", "", "other", "ZJ-2024-0001", "email", "info@lanhai.example", "宁波市海曙区中山东路9号"),
]
PARTY = ("kind", "name", "name_key", "pinyin_full", "pinyin_initials", "gender", "birth_on", "nationality", "occupation", "language", "completeness",
         "missing", "state")
CUSTOMER = ("state", "segment", "level", "credit_class", "credit_limit", "currency", "since_on", "org_id")
MEDIUM = ("kind", "value", "given", "preferred")
ADDRESS = ("kind", "country", "province", "city", "district", "street", "place", "detail", "postcode", "full", "street_key", "place_key")
DOCUMENT = ("kind", "number_index", "number_masked")


def stored(name: str) -> dict[str, Any]:
    """Everything that is stored about the one party of this name, made comparable."""
    party = Party.objects.get(name=name, merged_into=None)
    document = IdentityDocument.objects.get(party=party)
    found: dict[str, Any] = {"number": unseal(document.number_cipher, field="party.document")}
    for fields, row in ((PARTY, party), (CUSTOMER, Customer.objects.get(party=party)), (MEDIUM, ContactMedium.objects.get(party=party)),
                        (ADDRESS, PostalAddress.objects.get(party=party)), (DOCUMENT, document)):
        for name_ in fields:
            value = getattr(row, name_)
            found[f"{type(row).__name__}.{name_}"] = bytes(value) if isinstance(value, memoryview) else value
    return found


@pytest.mark.parametrize("row", SAMPLE, ids=[row[1] for row in SAMPLE])
def test_bulk_makes_what_the_single_verb_makes(load: Load, tmp_path: Path, row: tuple[str, ...]) -> None:
    """Keys, normal forms, seals, parts of the address, credit and completeness are the same."""
    kind, name, job, document, number, medium, value, address = row
    file = tmp_path / "rows.tsv"
    file.write_text("no\tkind\tname\tjob\tdocument\tnumber\tmedium\tvalue\taddress\n1\t" + "\t".join(row) + "\n", encoding="utf-8")
    assert load(file, mapping=MAPPING).counts == (1, 1, 0, 0, 0)
    with acting(TESTER):
        bulk = stored(name)
        Party.objects.filter(name=name).update(name="loaded before", name_key="x")
        services.create_customer(CustomerDraft(
            name=name, kind=kind, occupation=job, org_id=3301, documents=(DocumentDraft(kind=document, number=number),),
            media=(MediumDraft(kind=medium, given=value),), addresses=(AddressDraft(full=address),),
        ), by=TESTER, at=clock.now())
        assert stored(name) == bulk


def test_both_go_by_the_local_figures(load: Load, tmp_path: Path) -> None:
    """Where the local network has weights and a first class of its own, records in bulk have them too."""
    at = clock.now() - timedelta(days=1)
    with acting(TESTER):
        now = policy_at(at).model_dump(mode="json")
        services.set_policy("credit_points", {**now["credit_points"], "start": 900}, may_override=True, reason="x", by=TESTER, at=at)
        services.set_policy("credit_points", {**now["credit_points"], "start": 100}, org_id=3301, reason="x", by=TESTER, at=at)
        weights = {kind: {"name": 1} for kind in now["completeness_weights"]}
        services.set_policy("completeness_weights", weights, org_id=3301, reason="x", by=TESTER, at=at)
    test_bulk_makes_what_the_single_verb_makes(load, tmp_path, SAMPLE[1])
    with acting(TESTER):
        assert {*Customer.objects.values_list("credit_class", flat=True)} == {"E"}
        assert {*Party.objects.values_list("completeness", flat=True)} == {100}
