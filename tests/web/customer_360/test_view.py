"""The whole view of a customer: as JSON, as a page, within scope, masked, logged."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from tests.factories import accounts, party, staff
from tongke.areas.contact_centre.services import record_interaction
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.inventory.models import Product
from tongke.areas.party.models import Customer, Merge, Party
from tongke.areas.party.services import MediumDraft
from tongke.areas.party.services.merging import separate_parties
from tongke.areas.party.services.revealing import reveal_value
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting, system_actor
from tongke.kernel.errors import NotFound, Refused
from tongke.web.customer_360 import reading
from tongke.web.customer_360.statement import panels
from tongke.web.customer_360.words import event_words

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def wang() -> Any:
    """王芳 of Hangzhou with an account, a bill, a payment and a line."""
    staff.tree()
    made = party.customer("王芳", media=(MediumDraft(kind="mobile", given="13857100001", preferred=True),))
    with acting(SYSTEM):
        Party.objects.filter(id=made.party_id).update(state="validated")
        customer = Customer.objects.get(id=made.customer_id)
        account = accounts.account(customer)
        accounts.bill(account, month=1)
        accounts.payment(account, "20.00")
        accounts.line(customer, account, number="13967112233")
    return made


def whole(customer_id: UUID, by: Any) -> dict[str, Any]:
    """Return the JSON as the actor gets it."""
    with acting(by):
        found: dict[str, Any] = orjson.loads(reading.customer_whole(customer_id, by=by))
    return found


def last_look() -> tuple[Any, ...]:
    """Return kind, customer, purpose and clear kinds of the newest look."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT kind, customer_id, purpose, clear FROM staff_look ORDER BY at DESC LIMIT 1")
        found: tuple[Any, ...] = cursor.fetchone()
    return found


def test_every_panel_is_real_or_says_what_will_fill_it(wang: Any) -> None:
    by = staff.actor_at(330101, "clerk")
    found = whole(wang.customer_id, by)
    assert set(panels()) <= set(found)
    assert found["identity"]["name"] == "王芳"
    assert [bill["total"] for bill in found["bills"]] == [59.0]
    assert found["payments"][0]["amount"] == 20.0
    assert found["lines"][0]["kind"] == "mobile"
    for empty in ("offers", "open_work"):
        assert found[empty]["will_be_filled_by"]
    assert found["risk"]["churn"] is None
    assert found["risk"]["will_be_filled_by"] == ["churn_model"]
    assert {item["what"] for item in found["open_work"]["items"]} >= {"bill_overdue"}


@pytest.mark.parametrize(("locale", "what", "named"), [("zh-hans", "合约即将到期", "畅享59"), ("en", "Contract ends soon", "Enjoy 59")])
def test_a_contract_that_ends_is_named_in_the_readers_language(wang: Any, locale: str, what: str, named: str) -> None:
    offering = accounts.offering()
    with acting(SYSTEM):
        Product.objects.create(
            customer_id=wang.customer_id, org_id=3301, offering_id=offering, contract_until=clock.now().date() + timedelta(days=30),
            started_on=NOON.date(), created_at=NOON, changed_at=NOON)
    page = staff.signed_in_at(330101, "clerk", locale=locale).get(f"/customers/{wang.customer_id}").content.decode()
    assert re.findall(rf'{what}.*?<span class="tk-sub">([^<]+?) · ', page, re.DOTALL) == [named]


def test_a_panel_without_its_permission_is_null_and_gives_nothing_away(wang: Any) -> None:
    staff.role("reader", "party.view")
    found = whole(wang.customer_id, staff.actor_at(330101, "reader"))
    for name in ("accounts", "bills", "payments", "lines", "products", "usage", "timeline"):
        assert found[name] is None
    assert found["risk"]["owed"] == 0
    assert found["value"]["bill_average"] is None
    assert found["open_work"]["items"] == [item for item in found["open_work"]["items"] if item["what"] not in {"bill_overdue", "line_suspended"}]


def test_personal_data_is_masked_by_role(wang: Any) -> None:
    found = orjson.dumps(whole(wang.customer_id, staff.actor_at(3301, "analyst"))).decode()
    for secret in ("王芳", "13857100001", "13967112233", "388号"):
        assert secret not in found
    assert "王*" in found
    kind, customer_id, purpose, clear = last_look()
    assert (kind, customer_id, purpose, clear) == ("view", wang.customer_id, "service", "")


def test_a_look_at_clear_data_says_so(wang: Any) -> None:
    whole(wang.customer_id, staff.actor_at(330101, "clerk"))
    assert last_look()[3] == "name"


def test_another_network_sees_nothing_and_leaves_no_trace(wang: Any) -> None:
    ningbo = staff.actor_at(330201, "clerk")
    before = last_look_count()
    with acting(ningbo):
        for read in (reading.customer_core, reading.customer_whole):
            with pytest.raises(NotFound):
                read(wang.customer_id, by=ningbo)
        with pytest.raises(NotFound):
            reading.customer_of_phone("+8613857100001")
        assert reading.timeline(wang.customer_id, before=None, kind="", limit=10, by=ningbo) == []
    assert last_look_count() == before


def last_look_count() -> int:
    """Return how many looks are logged."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_look")
        return int(cursor.fetchone()[0])


def test_without_the_permission_nothing_is_read(wang: Any) -> None:
    with pytest.raises(NotPermitted):
        reading.customer_whole(wang.customer_id, by=party.clerk(permissions=()))


def test_the_page_shows_the_json_and_merged_ones_lead_on(wang: Any) -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    page = client.get(f"/customers/{wang.customer_id}")
    text = page.content.decode()
    assert page.status_code == 200
    assert "王芳" in text
    assert "¥59.00" in text
    assert "13857100001" not in text.replace(" ", "")
    twin = party.customer("王方")
    with acting(SYSTEM):
        Party.objects.filter(id=twin.party_id).update(merged_into_id=wang.party_id)
    assert client.get(f"/customers/{twin.customer_id}")["Location"] == f"/customers/{wang.customer_id}"


def test_the_api_answers_by_id_and_by_phone(wang: Any) -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    by_id = client.get(f"/api/customers/{wang.customer_id}")
    assert by_id["Cache-Control"] == "no-store"
    assert by_id.json()["customer_no"] == wang.customer_no
    assert client.get("/api/customers", {"phone": "13857100001"}).json() == by_id.json()
    assert client.get("/api/customers", {"phone": "139 6711 2233"}).json() == by_id.json()
    assert client.get("/api/customers", {"phone": "abc"}).status_code == 400
    assert client.get("/api/customers").status_code == 400
    assert client.get("/api/customers", {"phone": "13700000000"}).status_code == 404
    assert Client().get(f"/api/customers/{wang.customer_id}").status_code == 401


def test_a_reveal_needs_a_purpose_and_is_logged(wang: Any) -> None:
    by = staff.actor_at(330101, "clerk")
    found = whole(wang.customer_id, by)
    medium = UUID(found["media"][0]["id"])
    facts = {"customer_id": wang.customer_id, "kind": "phone", "row_id": medium, "by": by, "at": NOON}
    with pytest.raises(Refused):
        reveal_value(purpose="", **facts)
    assert reveal_value(purpose="客户要求核对", **facts) == "+8613857100001"
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT purpose, clear FROM staff_look WHERE kind = 'reveal'")
        assert cursor.fetchall() == [("客户要求核对", "phone")]


def test_a_reveal_stays_within_scope_and_customer(wang: Any) -> None:
    by = staff.actor_at(330101, "clerk")
    other = party.customer("李娜")
    medium = UUID(whole(other.customer_id, by)["media"][0]["id"])
    with pytest.raises(NotFound):
        reveal_value(customer_id=wang.customer_id, kind="phone", row_id=medium, purpose="客户要求核对", by=by, at=NOON)
    with pytest.raises(NotFound):
        reveal_value(customer_id=wang.customer_id, kind="name", row_id=wang.customer_id, purpose="核对", by=staff.actor_at(330201, "clerk"), at=NOON)


def test_the_timeline_goes_further_back_by_kind(wang: Any) -> None:
    by = staff.actor_at(330101, "clerk")
    with acting(by):
        lines = reading.timeline(wang.customer_id, before=None, kind="event", limit=50, by=by)
    assert {line["source"] for line in lines} == {"event"}
    with acting(by):
        assert reading.timeline(wang.customer_id, before=datetime(2000, 1, 1, tzinfo=UTC), kind="", limit=50, by=by) == []


@pytest.mark.parametrize(("locale", "name", "house"), [("zh-hans", "李敏", "系统"), ("en", "Li Min", "the system")])
def test_the_timeline_names_who_it_was_in_the_readers_language(locale: str, name: str, house: str) -> None:
    """Facts are signed with a user name, contacts with the name of that day: neither is shown to a reader of the other language."""
    staff.tree()
    limin = staff.actor(staff.person("limin", name="李敏", name_en="Li Min", locale="zh-hans" if locale == "en" else "en"))
    made, other = party.customer("王芳", org_id=3301, by=limin), party.customer("张伟", org_id=3301, by=SYSTEM)
    record_interaction(customer_id=made.customer_id, channel="hall", direction="inbound", kind="enquiry", subject="balance asked", by=limin, at=NOON)
    client = staff.signed_in_at(3301, "clerk", locale=locale)

    def said(address: str) -> dict[str, str]:
        """What stands below each line of the timeline that this address shows."""
        return dict(re.findall(r'c360-event-text">([^<]+?) ?<.*?tk-sub">(.*?)</p>', client.get(address).content.decode(), re.DOTALL))

    with translation.override(locale):
        created = event_words("party.customer_created.v1")
    for address in (f"/customers/{made.customer_id}", f"/customers/{made.customer_id}/timeline"):
        assert said(address)[created].endswith(f" · {name}")
        assert f" · {name}" in said(address)["balance asked"]
    assert said(f"/customers/{other.customer_id}")[created].endswith(f" · {house}")


def merged_pair() -> tuple[Customer, Customer]:
    """A survivor and the customer whom it absorbed, each with a fact announced and a number."""
    staff.tree()
    pair = []
    for name, number in (("张伟", "+8613857100031"), ("张玮", "+8613857100032")):
        made = party.customer(name, media=(MediumDraft(kind="mobile", given=number, preferred=True),))
        with acting(SYSTEM):
            Party.objects.filter(id=made.party_id).update(state="validated")
            pair.append(Customer.objects.get(id=made.customer_id))
    survivor, absorbed = pair
    merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, reason="同一人", by=SYSTEM, at=NOON)
    return survivor, absorbed


def told(lines: list[dict[str, Any]]) -> list[str]:
    """The facts of a timeline, by name."""
    return sorted(line["text"] for line in lines if line["source"] == "event")


@pytest.mark.parametrize("own_rows_only", [False, True])
def test_the_survivors_timeline_tells_what_happened_to_the_absorbed(own_rows_only: bool) -> None:  # noqa: FBT001 - a case of the test
    survivor, absorbed = merged_pair()
    keeper = staff.person(org_id=330103, roles=("account_manager",), own_rows_only=own_rows_only)
    with acting(SYSTEM):
        Customer.objects.filter(id=survivor.id).update(manager_id=keeper.id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM kernel_outbox WHERE customer_id = %s AND name = 'party.customer_created.v1'", [absorbed.id])
            (born,) = (str(row[0]) for row in cursor.fetchall())
    by = staff.actor(keeper)
    found = whole(survivor.id, by)["timeline"]
    assert born in {line["id"] for line in found}
    assert [line["at"] for line in found] == sorted((line["at"] for line in found), reverse=True)
    with acting(by):
        older = reading.timeline(survivor.id, before=None, kind="event", limit=50, by=by)
    assert told(older) == told(found)
    assert told(found).count("party.customer_created.v1") == 2


def test_after_the_separation_each_has_its_own_timeline_again() -> None:
    survivor, absorbed = merged_pair()
    with acting(SYSTEM):
        (merge_id,) = Merge.objects.values_list("id", flat=True)
    separate_parties(merge_id=merge_id, reason="不是同一人", by=SYSTEM, at=NOON + timedelta(days=1))
    by = staff.actor_at(3301, "steward")
    for customer in (survivor, absorbed):
        assert told(whole(customer.id, by)["timeline"]).count("party.customer_created.v1") == 1
