"""TMF637: installed products over the inventory room, with the official life cycle."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import staff
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tongke.areas.inventory import services
from tongke.areas.inventory.models import Payer, Product
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting
from tongke.kernel.models import OutboxEvent
from tongke.tmf.hub.telling import Fact, tellings_of

pytestmark = pytest.mark.django_db
NUMBER = "13857100001"


class Shop:
    """A customer with an account, a line and an offering on sale, and who sells there."""

    def __init__(self) -> None:
        self.products = Caller("product")
        self.customer: Customer = make.bare_customer()
        self.offering = make.offering()
        self.account = make.account(self.customer)
        self.line: UUID = make.line(self.customer, self.account, number=NUMBER)

    def body(self, **more: Any) -> dict[str, Any]:
        """A product in use, without a line."""
        return {"status": "active", "productOffering": {"id": str(self.offering)},
                "relatedParty": [{"id": str(self.customer.id), "@referredType": "Customer"}], **more}

    def rich(self) -> dict[str, Any]:
        """A product on the line, with everything that may be said of one."""
        return self.body(
            name="我的套餐", description="for the family", isBundle=False, orderDate="2026-03-01T08:00:00.000Z", startDate="2026-03-02T00:00:00.000Z",
            realizingService=[{"id": str(self.line)}], billingAccount={"id": str(self.account)},
            productCharacteristic=[{"name": "colour", "value": "red"}, {"name": "limit", "value": {"gb": 30}}],
            productPrice=[{"priceType": "recurring", "price": {"taxIncludedAmount": {"unit": "CNY", "value": 49.5}, "taxRate": 6.0}},
                          {"name": "setup", "priceType": "oneTime", "price": {"taxIncludedAmount": {"unit": "CNY", "value": 100.0}}}],
            productTerm=[{"name": "contract", "duration": {"amount": 24.0, "units": "month"}, "validFor": {"endDateTime": "2028-03-01T00:00:00.000Z"}}],
            place=[{"id": "pl-1", "role": "installation"}], shelf={"row": 3})

    def at(self, state: str) -> str:
        """A product in this state, brought there over the interface."""
        first = state if state in {"created", "pendingActive", "active"} else "pendingActive"
        ident = str(self.products.made(self.body(status=first))["id"])
        for step in {"suspended": ("active", "suspended"), "pendingTerminate": ("active", "pendingTerminate"),
                     "terminated": ("active", "terminated")}.get(state, (state,) if first != state else ()):
            self.products.patched(ident, {"status": step})
        return ident


@pytest.fixture
def shop() -> Shop:
    return Shop()


def told_of(ident: str) -> list[str]:
    """The official events told of a record, in order."""
    with acting(make.TESTER):
        facts = list(OutboxEvent.objects.filter(subject_id=ident).order_by("id"))
    return [t.told.type for f in facts for t in tellings_of(Fact(1, f.id, f.occurred_at, f.name, f.org_id, f.customer_id, f.payload))]


def test_a_rich_product_comes_back_as_it_was_sent(shop: Shop) -> None:
    made = shop.products.made(shop.rich())
    for name in ("name", "description", "isBundle", "orderDate", "startDate", "place", "shelf"):
        assert made[name] == shop.rich()[name]
    assert [(c["name"], c["value"]) for c in made["productCharacteristic"]] == [
        ("serviceNumber", "+8613857100001"), ("lineKind", "mobile"), ("colour", "red"), ("limit", {"gb": 30})]
    first, second = made["productPrice"]
    assert (first["price"]["taxIncludedAmount"], first["price"]["taxRate"]) == ({"unit": "CNY", "value": 49.5}, 6.0)
    assert second == shop.rich()["productPrice"][1]
    assert made["productTerm"] == [{"id": "contract", "name": "contract", "duration": {"amount": 24.0, "units": "month"}, "validFor": {
        "startDateTime": "2026-03-02T00:00:00.000Z", "endDateTime": "2028-03-01T00:00:00.000Z"}}]
    assert made["realizingService"][0] == {
        "id": str(shop.line), "name": "+8613857100001", "@referredType": "Service", "href": made["realizingService"][0]["href"]}
    assert made["billingAccount"]["id"] == str(shop.account)
    assert made["productOffering"]["name"] == "畅享59"
    assert (made["relatedParty"][0]["id"], made["relatedParty"][0]["role"]) == (str(shop.customer.id), "customer")
    assert shop.products.get(made["id"]).json() == made
    with acting(make.TESTER):
        row = Product.objects.get(id=made["id"])
    assert (row.monthly_fee, row.contract_until and row.contract_until.year, row.characteristics) == (
        Decimal("49.50"), 2028, {"colour": "red", "limit": {"gb": 30}})


def test_a_bare_product_takes_the_offerings_name_and_fee(shop: Shop) -> None:
    made = shop.products.made(shop.body())
    assert (made["name"], made["productPrice"][0]["price"]["taxIncludedAmount"]["value"]) == ("畅享59", 59.0)
    assert {"productTerm", "realizingService", "billingAccount", "productCharacteristic", "terminationDate"}.isdisjoint(made)


# From each state the states that may follow: the official diagram.
LIFE: dict[str, set[str]] = {
    "created": {"pendingActive", "active"}, "pendingActive": {"active", "aborted ", "cancelled"}, "active": {"suspended", "pendingTerminate", "terminated"},
    "suspended": {"active"}, "pendingTerminate": {"terminated"}, "terminated": set(), "aborted ": set(), "cancelled": set(),
}


@pytest.mark.parametrize("start", LIFE)
def test_every_state_from_every_state(shop: Shop, start: str) -> None:
    for end in LIFE:
        ident = shop.at(start)
        answer = shop.products.patch(ident, {"status": end})
        if end in LIFE[start] or end == start:
            assert (answer.status_code, answer.json().get("status")) == (200, end), (start, end)
        else:
            refused(answer, 409, "GEN-03")
            assert shop.products.get(ident).json()["status"] == start


@pytest.mark.parametrize("start", LIFE)
def test_only_what_never_lived_is_taken_away(shop: Shop, start: str) -> None:
    ident = shop.at(start)
    if start in {"created", "aborted ", "cancelled"}:
        assert shop.products.delete(ident).status_code == 204
        refused(shop.products.get(ident), 404)
    else:
        refused(shop.products.delete(ident), 422, "INV-11")


def test_both_spellings_of_aborted_are_taken_and_the_official_one_given(shop: Shop) -> None:
    ident = shop.at("pendingActive")
    assert shop.products.patched(ident, {"status": "aborted"})["status"] == "aborted "
    for query in ("status=aborted", "status=aborted%20", "status=aborted,active"):
        assert shop.products.found(query.replace("%20", " ")) == [ident]
    refused(shop.products.post(shop.body(status="dormant")), 400, "status")


@pytest.mark.parametrize("name", ["id", "href", "terminationDate"])
def test_what_only_the_server_sets_is_refused_by_name(shop: Shop, name: str) -> None:
    value = "2026-01-01T00:00:00.000Z" if "Date" in name else "x"
    refused(shop.products.post(shop.body(**{name: value})), 400, name)
    made = shop.products.made(shop.body())
    refused(shop.products.patch(made["id"], {name: value}), 400, name)
    refused(shop.products.patch(made["id"], {"startDate": "2020-01-01T00:00:00.000Z"}), 400, "startDate")
    assert shop.products.get(made["id"]).json() == made


@pytest.mark.parametrize(("name", "value"), [
    ("productOffering", {"id": NOWHERE}), ("relatedParty", [{"id": NOWHERE, "@referredType": "Customer"}]), ("realizingService", [{"id": NOWHERE}]),
    ("productOffering", {"id": "gold"}), ("realizingService", [{"id": "line-1"}]), ("status", "suspended"), ("status", None), ("relatedParty", None),
    ("productPrice", [{"priceType": "recurring", "price": {"taxIncludedAmount": {"unit": "CNY", "value": -1.0}}}]),
    ("productPrice", [{"priceType": "recurring", "price": {"taxIncludedAmount": {"unit": "CNY", "value": 1e300}}}]),
    ("productPrice", [{"priceType": "recurring", "price": {"taxIncludedAmount": {"unit": "USD", "value": 1.0}}}]),
    ("productTerm", [{"name": "contract", "validFor": {"endDateTime": "2020-01-01T00:00:00.000Z"}}]),
    ("billingAccount", {"id": NOWHERE}),
])
def test_bad_facts_are_refused_and_nothing_is_made(shop: Shop, name: str, value: Any) -> None:
    answer = shop.products.post({**shop.body(), name: value})
    assert answer.status_code in {400, 404, 422}, answer.content
    refused(answer, answer.status_code)
    assert shop.products.found(f"relatedParty.id={shop.customer.id}") == []


def test_patches_by_both_forms(shop: Shop) -> None:
    made = shop.products.made(shop.rich())
    after = shop.products.patched(made["id"], {"name": None, "description": "d", "shelf": {"row": None, "bay": 1}})
    assert (after["name"], after["description"], after["shelf"]) == ("畅享59", "d", {"bay": 1})
    after = shop.products.patched(made["id"], [
        {"op": "test", "path": "/description", "value": "d"},
        {"op": "replace", "path": "/productPrice/0/price/taxIncludedAmount/value", "value": 39.0},
        {"op": "add", "path": "/productCharacteristic/-", "value": {"name": "size", "value": 7}}, {"op": "remove", "path": "/place"}], PATCH)
    assert after["productPrice"][0]["price"] == {"taxRate": 6.0, "taxIncludedAmount": {"unit": "CNY", "value": 39.0}}
    assert len(after["productPrice"]) == 2
    assert {"name": "size", "value": 7}.items() <= after["productCharacteristic"][-1].items()
    assert "place" not in after
    refused(shop.products.patch(made["id"], {"relatedParty": [{"id": NOWHERE, "@referredType": "Customer"}]}), 422, "relatedParty")
    refused(shop.products.patch(made["id"], {"productOffering": {"id": NOWHERE}}), 422, "productOffering")


def test_another_account_pays_from_now_on(shop: Shop) -> None:
    made = shop.products.made(shop.rich())
    other = make.account(shop.customer)
    assert shop.products.patched(made["id"], {"billingAccount": {"id": str(other), "name": None, "href": None}})["billingAccount"]["id"] == str(other)
    with acting(make.TESTER):
        assert Payer.objects.get(subscriber_id=shop.line, valid_until=None).account_id == other
    assert shop.products.found(f"billingAccount.id={other}") == [made["id"]]
    assert shop.products.found(f"billingAccount.id={shop.account}") == []


def test_lists_find_by_customer_line_number_and_state(shop: Shop) -> None:
    on_line = shop.products.made(shop.body(realizingService=[{"id": str(shop.line)}]))["id"]
    alone = shop.products.made(shop.body(status="created"))["id"]
    for query in (f"realizingService.name={NUMBER}", "realizingService.name=%2B8613857100001", f"realizingService.id={shop.line}",
                  f"billingAccount.id={shop.account}", f"relatedParty.id={shop.customer.id}&status=active", "productCharacteristic.value=+8613857100001"):
        assert shop.products.found(query.replace("%2B", "+").replace("=+", "=%2B")) == [on_line], query
    assert sorted(shop.products.found(f"relatedParty.id={shop.customer.id}")) == sorted([on_line, alone])
    assert shop.products.found("productOffering.name=畅享59&status.ne=active") == [alone]
    refused(shop.products.listing("colour=red"), 400, "colour")


def test_two_organisations_see_nothing_of_each_other(shop: Shop) -> None:
    here, there = Caller("product", org_id=3301), Caller("product", org_id=3302)
    ident = here.made(shop.body())["id"]
    for answer in (there.get(ident), there.patch(ident, {"status": "suspended"}), there.delete(ident)):
        refused(answer, 404)
    refused(there.post(shop.body()), 422, "relatedParty.id")
    assert there.found(f"realizingService.name={NUMBER}") == []
    stranger = make.bare_customer(org_id=3302)
    refused(there.post(shop.body(relatedParty=[{"id": str(stranger.id), "@referredType": "Customer"}], realizingService=[{"id": str(shop.line)}])), 422)


def test_numbers_and_names_are_masked_by_role(shop: Shop) -> None:
    ident = shop.products.made(shop.rich())["id"]
    staff.role("blind", "inventory.view")
    blind = Caller("product", "blind", org_id=3301)
    shown = blind.get(ident)
    assert NUMBER not in shown.content.decode()
    assert shown.json()["realizingService"][0]["name"].startswith("+86138")
    assert blind.found(f"realizingService.name={NUMBER}") == [ident]
    refused(blind.patch(ident, {"status": "suspended"}), 403)
    refused(blind.post(shop.body()), 403)


def test_an_etag_guards_and_a_key_repeats(shop: Shop) -> None:
    first = shop.products.post(shop.body(), **{"Idempotency-Key": "p1"})
    assert shop.products.post(shop.body(), **{"Idempotency-Key": "p1"}).json() == first.json()
    assert shop.products.found(f"relatedParty.id={shop.customer.id}") == [first.json()["id"]]
    etag = first["ETag"]
    assert shop.products.patch(first.json()["id"], {"status": "suspended"}, **{"If-Match": etag}).status_code == 200
    refused(shop.products.patch(first.json()["id"], {"status": "active"}, **{"If-Match": etag}), 412)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_end_one_product_one_does() -> None:
    shop = Shop()
    ident = shop.at("active")
    etag, start, said = shop.products.get(ident)["ETag"], Barrier(4), []

    def end() -> None:
        start.wait()
        said.append(shop.products.patch(ident, {"status": "terminated"}, **{"If-Match": etag}).status_code)
        connection.close()

    threads = [Thread(target=end) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 412, 412, 412]
    assert told_of(ident).count("ProductStateChangeEvent") == 1


def test_official_events_are_told(shop: Shop) -> None:
    ident = shop.products.made(shop.body(status="created", realizingService=[{"id": str(shop.line)}]))["id"]
    shop.products.patched(ident, {"productCharacteristic": [{"name": "colour", "value": "blue"}]})
    shop.products.patched(ident, {"status": "active"})
    services.suspend_line(subscriber_id=shop.line, reason="r", by=make.TESTER, at=make.NOON)
    assert told_of(ident) == [f"Product{word}Event" for word in ("Create", "AttributeValueChange", "StateChange", "StateChange", "Batch")]
    gone = shop.at("created")
    shop.products.delete(gone)
    assert told_of(gone) == ["ProductCreateEvent", "ProductDeleteEvent"]
