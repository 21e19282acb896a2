"""TMF670: payment methods; numbers come in whole, are found again, and never go out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from tests.factories import accounts
from tests.factories import party as make
from tests.tmf.api.calling import NOWHERE, Caller, refused
from tongke.areas.account.models import PaymentMeans
from tongke.kernel.actor import acting
from tongke.kernel.sealing import unseal

pytestmark = pytest.mark.django_db
CARD = "6222 0212 3456 7894"
BANK_CARD: dict[str, Any] = {
    "@type": "bankCard", "name": "工资卡", "brand": "UnionPay", "cardNumber": CARD, "expirationDate": "2029-10-01T00:00:00.000Z", "nameOnCard": "王芳",
}
DEBIT: dict[str, Any] = {"@type": "bankAccountDebit", "name": "代扣", "accountNumber": "1202021234567890123", "owner": "王芳", "bank": "工商银行"}


@pytest.fixture
def methods() -> Caller:
    return Caller("paymentMethod", org_id=3301)


@pytest.fixture
def buyer() -> dict[str, Any]:
    made = make.customer("王芳")
    return {"id": str(made.customer_id), "@referredType": "Customer", "role": "customer"}


def test_a_card_is_known_by_its_last_four_digits_only(methods: Caller, buyer: dict[str, Any]) -> None:
    made = methods.made(BANK_CARD | {"relatedParty": buyer, "isPreferred": True})
    assert (made["cardNumber"], made["lastFourDigits"], made["brand"], made["status"]) == ("**** 7894", "7894", "UnionPay", "active")
    assert methods.get(made["id"]).json() == made
    assert methods.found(f"relatedParty.id={buyer['id']}&@type=bankCard") == [made["id"]]
    with acting(make.TESTER):
        kept = PaymentMeans.objects.get(id=made["id"])
    assert kept.number_cipher is None  # nothing is drawn with a card's number: it is not kept at all


@pytest.mark.parametrize("sent", [BANK_CARD, DEBIT])
def test_the_whole_number_stands_nowhere(methods: Caller, buyer: dict[str, Any], sent: dict[str, Any]) -> None:
    methods.made(sent | {"relatedParty": buyer})
    whole = (sent.get("cardNumber") or sent["accountNumber"]).replace(" ", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND table_name !~ '_20[0-9]+$'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE translate(to_jsonb(t)::text, \' -\', \'\') LIKE %s', [f"%{whole}%"])
            assert cursor.fetchone() == (0,), table


def test_a_bank_account_is_sealed_for_drawing(methods: Caller, buyer: dict[str, Any]) -> None:
    made = methods.made(DEBIT | {"relatedParty": buyer})
    with acting(make.TESTER):
        kept = PaymentMeans.objects.get(id=made["id"])
    assert unseal(kept.number_cipher, field="account.payment_means") == DEBIT["accountNumber"]
    assert made["accountNumber"] == "**** 0123"
    assert "cardNumber" not in made


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"cvv": "123"}, 422, "ACC-31"), ({"cardNumber": "6222 0212 3456 7890"}, 422, "ACC-30"), ({"cardNumber": None}, 400, "cardNumber"),
    ({"brand": None}, 400, "brand"), ({"accountNumber": "123456789"}, 400, "accountNumber"), ({"status": "suspended"}, 400, "status"),
    ({"relatedParty": {"id": NOWHERE, "@referredType": "Customer"}}, 422, "TMF-12"), ({"account": [{"id": NOWHERE}]}, 422, "TMF-12"),
    ({"@type": "goldBar"}, 400, "@type"),
])
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    methods: Caller, buyer: dict[str, Any], wrong: dict[str, Any], status: int, word: str,
) -> None:
    answer = refused(methods.post(BANK_CARD | {"relatedParty": buyer} | wrong), status, word)
    # Eight digits: four may stand in any key or time by chance.
    assert "62220212" not in json.dumps(answer).replace(" ", "")
    assert methods.found("") == []


def test_the_same_method_twice_is_refused(methods: Caller, buyer: dict[str, Any]) -> None:
    first = methods.made(BANK_CARD | {"relatedParty": buyer})
    refused(methods.post(BANK_CARD | {"relatedParty": buyer, "cardNumber": CARD.replace(" ", "-")}), 409, "ACC-35")
    methods.patched(first["id"], {"status": "ended", "statusReason": "lost"})
    assert methods.made(BANK_CARD | {"relatedParty": buyer})["id"] != first["id"]


def test_one_method_is_preferred(methods: Caller, buyer: dict[str, Any]) -> None:
    first = methods.made(BANK_CARD | {"relatedParty": buyer, "isPreferred": True})
    second = methods.made(DEBIT | {"relatedParty": buyer})
    methods.patched(second["id"], {"isPreferred": True})
    assert methods.get(first["id"]).json()["isPreferred"] is False
    assert methods.found("isPreferred=true") == [second["id"]]


def test_it_pays_accounts_of_its_customer(methods: Caller) -> None:
    mine, other = accounts.bare_customer(), accounts.bare_customer(name="李雷")
    account, foreign = accounts.account(mine), accounts.account(other)
    buyer = {"id": str(mine.id), "@referredType": "Customer", "role": "customer"}
    made = methods.made(DEBIT | {"relatedParty": buyer, "account": [{"id": str(account)}]})
    assert made["account"][0]["id"] == str(account)
    refused(methods.patch(made["id"], {"account": [{"id": str(foreign)}]}), 422, "ACC-34")
    assert "account" not in methods.patched(made["id"], {"account": []})


def test_it_moves_along_its_life(methods: Caller, buyer: dict[str, Any]) -> None:
    made = methods.made(BANK_CARD | {"relatedParty": buyer, "isPreferred": True})
    held = methods.patched(made["id"], {"status": "suspended", "statusReason": "card reported stolen"})
    assert (held["status"], held["statusReason"]) == ("suspended", "card reported stolen")
    assert held["statusDate"] > made["statusDate"]
    ended = methods.patched(made["id"], {"status": "ended"})
    assert (ended["isPreferred"], "endDateTime" in ended["validFor"]) == (False, True)
    refused(methods.patch(made["id"], {"status": "active"}), 409, "GEN-03")
    refused(methods.patch(made["id"], {"name": "x"}), 422, "ACC-33")
    refused(methods.patch(made["id"], {"status": "Approved"}), 400, "status")
    assert methods.delete(made["id"]).status_code == 204


def test_another_network_sees_nothing(methods: Caller, buyer: dict[str, Any]) -> None:
    made = methods.made(BANK_CARD | {"relatedParty": buyer})
    elsewhere = Caller("paymentMethod", org_id=3302)
    refused(elsewhere.get(made["id"]), 404)
    assert elsewhere.found("") == []


def test_what_a_change_may_not_say_is_refused_by_name(methods: Caller, buyer: dict[str, Any]) -> None:
    made = methods.made(DEBIT | {"relatedParty": buyer, "validFor": {"startDateTime": "2026-01-01T00:00:00Z"}})
    refused(methods.patch(made["id"], {"name": None}), 400, "GEN-01")
    refused(methods.patch(made["id"], {"validFor": {"endDateTime": "2025-01-01T00:00:00Z"}}), 422, "GEN-02")
    assert methods.get(made["id"]).json() == made


def test_of_a_short_number_most_stays_hidden(methods: Caller, buyer: dict[str, Any]) -> None:
    voucher = {"@type": "voucher", "name": "充值卡", "value": {"amount": 50, "units": "CNY"}, "expirationDate": "2029-10-01T00:00:00.000Z", "relatedParty": buyer}
    assert [methods.made(voucher | {"code": code})["code"] for code in ("1234", "12345678", "12")] == ["**** 4", "**** 78", "****"]
