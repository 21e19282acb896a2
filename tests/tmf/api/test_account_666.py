"""TMF666: billing accounts over the account room, other accounts and the words of billing kept."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import staff
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tongke.areas.account.models import BillingAccount
from tongke.areas.contact_centre.services import move_customer
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting
from tongke.kernel.models import OutboxEvent
from tongke.tmf.hub.telling import Fact, tellings_of

pytestmark = pytest.mark.django_db
RICH = {
    "name": "家庭账户", "accountType": "residential", "description": "main", "ratingType": "prepaid",
    "billStructure": {"cycleSpecification": {"billingDateShift": 4}, "presentationMedia": [{"name": "paper"}], "format": {"name": "Detailed"}},
    "contact": [{"contactType": "owner", "contactName": "x", "validFor": {"startDateTime": "2026-01-01T00:00:00.000Z"}}],
    "paymentPlan": [{"numberOfPayments": 3, "priority": 1}], "defaultPaymentMethod": {"id": "pm-7"}, "ourLedger": {"code": 12},
    "@type": "LedgerAccount", "@baseType": "BillingAccount",
}


def reference(customer: Customer, **more: Any) -> list[dict[str, Any]]:
    """The customer as a related party."""
    return [{"id": str(customer.id), "name": "王芳", "@referredType": "Customer", "role": "customer", **more}]


def body(customer: Customer, **more: Any) -> dict[str, Any]:
    return {"name": "家庭账户", "relatedParty": reference(customer), **more}


@pytest.fixture
def accounts() -> Caller:
    return Caller("billingAccount")


@pytest.fixture
def customer(accounts: Caller) -> Customer:
    return make.bare_customer()


def test_a_rich_account_comes_back_as_it_was_sent(accounts: Caller, customer: Customer) -> None:
    made = accounts.made({**RICH, "relatedParty": [*reference(customer), {"id": "acc-1", "name": "Books Ltd", "@referredType": "Organization", "role": "accountant"}]})
    assert {name: made[name] for name in RICH if name != "billStructure"} == {name: value for name, value in RICH.items() if name != "billStructure"}
    assert made["billStructure"]["cycleSpecification"] == {"billingDateShift": 4, "name": "Monthly, day 5", "frequency": "monthly"}
    assert made["billStructure"]["presentationMedia"] == [{"id": "paper", "name": "paper"}]
    assert made["billStructure"]["format"] == {"name": "Detailed"}
    assert [(party["id"], party["role"]) for party in made["relatedParty"]] == [(str(customer.id), "customer"), ("acc-1", "accountant")]
    assert (made["state"], made["paymentStatus"]) == ("active", "paid")
    assert [(b["balanceType"], b["amount"]) for b in made["accountBalance"]] == [
        ("deposit", {"unit": "CNY", "value": 0}), ("receivable", {"unit": "CNY", "value": 0})]
    assert accounts.get(made["id"]).json() == made
    with acting(make.TESTER):
        row = BillingAccount.objects.get(id=made["id"])
    assert (row.cycle_day, row.paperless, row.payment_kind, row.name) == (5, False, "prepaid", "家庭账户")


def test_what_hangs_on_the_account_is_shown(accounts: Caller, customer: Customer) -> None:
    account = make.account(customer)
    make.bill(account, month=1)
    shown = accounts.get(account).json()
    assert shown["paymentStatus"] == "due"
    assert shown["accountBalance"][1]["amount"] == {"unit": "CNY", "value": 59.0}
    make.payment(account, "60")
    shown = accounts.get(account).json()
    assert [b["amount"]["value"] for b in shown["accountBalance"]] == [1.0, 0]


@pytest.mark.parametrize("name", ["id", "href", "lastModified", "accountNumber", "accountBalance", "paymentStatus", "creditLimit"])
def test_what_only_the_server_sets_is_refused_by_name(accounts: Caller, customer: Customer, name: str) -> None:
    value: Any = {"accountBalance": [], "creditLimit": {"unit": "CNY", "value": 9}, "lastModified": "2026-01-01T00:00:00Z"}.get(name, "x")
    refused(accounts.post(body(customer, **{name: value})), 400, name)
    made = accounts.made(body(customer))
    refused(accounts.patch(made["id"], {name: value}), 400, name)
    assert accounts.get(made["id"]).json() == made


@pytest.mark.parametrize("wrong", [
    {"name": None}, {"relatedParty": None}, {"name": "x" * 201}, {"name": 7}, {"ratingType": "barter"}, {"state": "closed"}, {"state": "gone"},
    {"billStructure": {"cycleSpecification": {"billingDateShift": 28}}}, {"billStructure": {"cycleSpecification": {"billingDateShift": -1}}},
    {"billStructure": {"presentationMedia": [{"name": "papyrus"}]}}, {"billStructure": {"presentationMedia": [{"name": "paper"}, {"name": "electronic"}]}},
    {"billStructure": {"cycleSpecification": {"billingDateShift": 10**15}}},
])
def test_bad_facts_are_refused_and_nothing_is_made(accounts: Caller, customer: Customer, wrong: dict[str, Any]) -> None:
    answer = accounts.post({**body(customer), **wrong})
    refused(answer, answer.status_code)
    assert answer.status_code in {400, 422}
    assert accounts.found(f"relatedParty.id={customer.id}") == []


@pytest.mark.parametrize("ident", [NOWHERE, "CUST-1", ""])
def test_an_unknown_customer_is_refused_by_path(accounts: Caller, ident: str) -> None:
    refused(accounts.post({"name": "x", "relatedParty": [{"id": ident, "name": "y", "@referredType": "Customer"}]}), 422, "relatedParty.id")


def test_patches_by_both_forms_and_their_traces(accounts: Caller, customer: Customer) -> None:
    made = accounts.made({**RICH, "relatedParty": reference(customer)})
    after = accounts.patched(made["id"], {"name": "新账户", "description": None, "ourLedger": {"code": None, "next": 2}})
    assert (after["name"], "description" in after, after["ourLedger"]) == ("新账户", False, {"next": 2})
    after = accounts.patched(made["id"], [
        {"op": "test", "path": "/name", "value": "新账户"}, {"op": "replace", "path": "/billStructure/cycleSpecification/billingDateShift", "value": 9},
        {"op": "remove", "path": "/billStructure/cycleSpecification/name"}, {"op": "add", "path": "/paymentPlan/-", "value": {"priority": 2}}], PATCH)
    assert after["billStructure"]["cycleSpecification"]["name"] == "Monthly, day 10"
    assert (after["billStructure"]["format"], len(after["paymentPlan"])) == ({"name": "Detailed"}, 2)
    refused(accounts.patch(made["id"], [{"op": "test", "path": "/name", "value": "other"}], PATCH), 400)
    more = accounts.patched(made["id"], {"relatedParty": [*reference(customer), {"id": "p2", "name": "P", "@referredType": "Individual"}]})
    assert [party["id"] for party in more["relatedParty"]] == [str(customer.id), "p2"]
    refused(accounts.patch(made["id"], {"relatedParty": [{"id": "p2", "name": "P", "@referredType": "Individual"}]}), 422, "relatedParty")
    assert [p["id"] for p in accounts.patched(made["id"], {"relatedParty": reference(customer)})["relatedParty"]] == [str(customer.id)]


# From each state the states that may follow.
LIFE = {"active": {"active", "closed"}, "closed": {"closed", "active"}}


@pytest.mark.parametrize("start", LIFE)
@pytest.mark.parametrize("end", [*LIFE, "suspended"])
def test_every_state_from_every_state(accounts: Caller, customer: Customer, start: str, end: str) -> None:
    ident = accounts.made(body(customer))["id"]
    if start == "closed":
        accounts.patched(ident, {"state": "closed"})
    answer = accounts.patch(ident, {"state": end})
    if end in LIFE[start]:
        assert (answer.status_code, answer.json()["state"]) == (200, end)
    else:
        refused(answer, 400, "state")


def test_an_account_that_owes_or_holds_is_not_closed(accounts: Caller, customer: Customer) -> None:
    account = make.account(customer)
    make.bill(account, month=1)
    refused(accounts.patch(account, {"state": "closed"}), 422, "ACC-02")
    make.payment(account, "60")
    refused(accounts.patch(account, {"state": "closed"}), 422, "ACC-03")
    refused(accounts.delete(account), 422, "ACC-09")


def test_an_unused_account_is_taken_away_and_a_used_one_is_not(accounts: Caller, customer: Customer) -> None:
    ident = accounts.made(body(customer))["id"]
    assert accounts.delete(ident).status_code == 204
    refused(accounts.get(ident), 404)
    refused(accounts.delete(ident), 404)
    paying = make.account(customer)
    make.line(customer, paying)
    refused(accounts.delete(paying), 422, "ACC-09")


def test_two_organisations_see_nothing_of_each_other(customer: Customer) -> None:
    here, there = Caller("billingAccount", org_id=3301), Caller("billingAccount", org_id=3302)
    ident = here.made(body(customer))["id"]
    for answer in (there.get(ident), there.patch(ident, {"name": "z"}), there.delete(ident), there.get(NOWHERE)):
        refused(answer, 404)
    assert there.listing("").json() == []
    refused(there.post(body(customer)), 422, "relatedParty.id")
    assert here.get(ident).json()["name"] == "家庭账户"


def test_what_is_kept_beside_an_account_moves_with_its_customer(accounts: Caller, customer: Customer) -> None:
    made = accounts.made(body(customer, ourLedger={"code": 12}))
    move_customer(customer_id=customer.id, to_org=3302, reason="moved house", by=make.TESTER, at=make.NOON)
    assert Caller("billingAccount", org_id=3302).get(made["id"]).json()["ourLedger"] == {"code": 12}
    refused(Caller("billingAccount", org_id=3301).get(made["id"]), 404)


def test_who_may_not_see_names_sees_none(customer: Customer) -> None:
    staff.tree()
    staff.role("blind", "account.view", "account.open")
    ident = Caller("billingAccount", org_id=3301).made({**body(customer), "name": "王芳"})["id"]
    blind = Caller("billingAccount", "blind", org_id=3301)
    shown = blind.get(ident).json()
    assert "王芳" not in str(shown)
    assert shown["relatedParty"][0]["id"] == str(customer.id)
    assert blind.found("name.regex=王芳") == []
    staff.role("reader", "account.view")
    refused(Caller("billingAccount", "reader", org_id=3301).patch(ident, {"name": "z"}), 403)
    staff.role("stranger", "party.view")
    refused(Caller("billingAccount", "stranger", org_id=3301).get(ident), 403)


def test_lists_find_by_customer_number_and_state(accounts: Caller, customer: Customer) -> None:
    other = make.bare_customer(name="李四")
    first, second, third = (accounts.made(body(c, name=f"账户{n}"))["id"] for n, c in enumerate((customer, customer, other)))
    accounts.patched(second, {"state": "closed"})
    assert sorted(accounts.found(f"relatedParty.id={customer.id}")) == sorted([first, second])
    assert accounts.found(f"relatedParty.id={customer.id}&state=closed") == [second]
    assert accounts.found("name=账户2") == [third]
    number = accounts.get(third).json()["accountNumber"]
    assert accounts.found(f"accountNumber={number}") == [third]
    page = accounts.listing("limit=2&sort=name")
    assert (page.status_code, page["X-Total-Count"], [d["name"] for d in page.json()]) == (206, "3", ["账户0", "账户1"])
    assert accounts.listing(f"relatedParty.id={other.id}&fields=name").json()[0].keys() == {"id", "href", "name"}
    refused(accounts.listing("nonsense=1"), 400, "nonsense")


def test_an_etag_guards_and_a_key_repeats(accounts: Caller, customer: Customer) -> None:
    first = accounts.post(body(customer), **{"Idempotency-Key": "k1"})
    again = accounts.post(body(customer), **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert first["Location"] == first.json()["href"]
    refused(accounts.post(body(customer, name="x"), **{"Idempotency-Key": "k1"}), 422)
    ident, etag = first.json()["id"], first["ETag"]
    assert accounts.patch(ident, {"name": "a"}, **{"If-Match": etag}).status_code == 200
    refused(accounts.patch(ident, {"name": "b"}, **{"If-Match": etag}), 412)
    refused(accounts.delete(ident, **{"If-Match": etag}), 412)


@pytest.mark.django_db(transaction=True)
def test_of_two_patches_at_once_with_one_etag_one_holds() -> None:
    accounts = Caller("billingAccount")
    ident = accounts.made(body(make.bare_customer()))["id"]
    etag, start, said = accounts.get(ident)["ETag"], Barrier(4), []

    def change(n: int) -> None:
        start.wait()
        said.append(accounts.patch(ident, {"name": f"n{n}"}, **{"If-Match": etag}).status_code)
        connection.close()

    threads = [Thread(target=change, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 412, 412, 412]


def test_official_events_are_told(accounts: Caller, customer: Customer) -> None:
    ident = accounts.made(body(customer))["id"]
    accounts.patched(ident, {"name": "z"})
    accounts.patched(ident, {"state": "closed"})
    accounts.patched(ident, {"state": "active"})
    accounts.delete(ident)
    with acting(make.TESTER):
        facts = list(OutboxEvent.objects.filter(subject_id=ident).order_by("id"))
    told = [t.told.type for f in facts for t in tellings_of(Fact(1, f.id, f.occurred_at, f.name, f.org_id, f.customer_id, f.payload))]
    assert told == [f"BillingAccount{word}Event" for word in ("Create", "AttributeValueChange", "StateChange", "StateChange", "Delete")]


@pytest.mark.parametrize(("name", "more"), [
    ("partyAccount", {"relatedParty": [{"id": "1", "name": "n", "@referredType": "Individual"}], "state": "active"}),
    ("settlementAccount", {"relatedParty": [{"id": "1", "name": "n", "@referredType": "Organization"}], "paymentPlan": [{"priority": 1}]}),
    ("financialAccount", {"creditLimit": {"unit": "CNY", "value": 3.5}}), ("billFormat", {"description": "d"}),
    ("billPresentationMedia", {"description": "d"}), ("billingCycleSpecification", {"billingDateShift": 3, "frequency": "monthly"}),
])
def test_kept_resources_come_back_and_go(name: str, more: dict[str, Any]) -> None:
    staff.tree()
    staff.role("documents", "integration.view", "integration.documents")
    there = Caller(name, "documents", org_id=3301)
    made = there.made({"name": "n", **more, "extra": [1, {"a": "b"}]})
    assert {**more, "extra": [1, {"a": "b"}]}.items() <= made.items()
    assert there.get(made["id"]).json() == made
    assert there.patched(made["id"], {"name": "m"})["name"] == "m"
    refused(there.post(more), 400, "name")
    refused(there.post({"name": "n", **more, "id": "7"}), 400, "id")
    refused(Caller(name, "documents", org_id=3302).get(made["id"]), 404)
    assert there.delete(made["id"]).status_code == 204
    refused(there.get(made["id"]), 404)


def test_balances_of_kept_accounts_are_set_once(accounts: Caller) -> None:
    staff.role("documents", "integration.view", "integration.documents")
    there = Caller("partyAccount", "documents", org_id=3301)
    balance = [{"balanceType": "deposit", "amount": {"unit": "CNY", "value": 1}, "validFor": {}}]
    made = there.made({"name": "n", "relatedParty": [{"id": "1"}], "accountBalance": balance})
    refused(there.patch(made["id"], {"accountBalance": []}), 400, "accountBalance")
    assert "lastModified" in made
    refused(there.patch(made["id"], {"lastModified": "2026-01-01T00:00:00Z"}), 400, "lastModified")
