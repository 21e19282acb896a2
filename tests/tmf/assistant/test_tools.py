"""Every tool through the official client over HTTP: answers, masks, rights, scope, traces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.factories import accounts, party
from tests.factories import staff as make
from tests.plugins.site import Site
from tests.tmf.assistant.conftest import call, key, logged, over_http, refused, said
from tongke.areas.inventory import services as inventory
from tongke.areas.party.models import Customer, Party
from tongke.areas.party.services import MediumDraft
from tongke.areas.staff.models import Staff
from tongke.kernel.actor import acting, system_actor

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
SYSTEM = system_actor("test")
PURPOSE = "complaint about the bill"
READ_TOOLS = {"who_am_i", "explain_refusal", "find_customer", "customer_360", "list_bills", "bill_detail", "list_lines", "list_products",
              "contact_history"}
READER = ("party.view", "account.view", "inventory.view", "contact_centre.view")
CLEAR = ("party.see_name", "party.see_phone", "party.see_address")


def person(*permissions: str, org_id: int = 330101, username: str = "limin") -> Staff:
    make.tree()
    make.role("tried", *permissions)
    return make.person(username, org_id=org_id, roles=("tried",))


def wang_fang(name: str = "王芳", phone: str = "13857100001") -> UUID:
    make.tree()
    made = party.customer(name, by=SYSTEM_AT_HANGZHOU, media=(MediumDraft(kind="mobile", given=phone, preferred=True),))
    with acting(SYSTEM):
        Party.objects.filter(id=made.party_id).update(state="validated")
    return made.customer_id


SYSTEM_AT_HANGZHOU = party.clerk("builder")


def with_line_and_bill(customer_id: UUID) -> tuple[UUID, UUID]:
    with acting(SYSTEM):
        customer = Customer.objects.get(id=customer_id)
    account_id = accounts.account(customer)
    bill_id = accounts.bill(account_id, month=2)
    line_id = accounts.line(customer, account_id, number="+8613857100001")
    return line_id, bill_id


def test_tools_are_listed_by_what_the_key_allows(web: Site) -> None:
    staff = person(*READER, "contact_centre.record")
    for mode in ("legacy", "auto"):
        reading = over_http(web, key(staff), lambda client: client.list_tools(), mode=mode).tools
        assert {tool.name for tool in reading} == READ_TOOLS
        writing = over_http(web, key(staff, writing=True), lambda client: client.list_tools(), mode=mode).tools
        assert {tool.name for tool in writing} == READ_TOOLS | {"record_contact"}
        for tool in writing:
            assert tool.description
            assert tool.output_schema
            assert tool.input_schema["additionalProperties"] is False
            assert tool.annotations.read_only_hint is (tool.name != "record_contact")
            assert tool.annotations.destructive_hint is False


def test_a_customer_is_found_masked_and_in_clear_with_a_purpose(web: Site) -> None:
    customer_id = wang_fang()
    masked_key = key(person(*READER, username="zhoujie"))
    make.role("seeing", *READER, *CLEAR)
    clear_key = key(make.person("sunli", roles=("seeing",)))
    seen = said(call(web, clear_key, "find_customer", words="13857100001", purpose=PURPOSE))
    assert seen["masked"] is False
    assert seen["customers"][0] | {"id": str(customer_id), "name": "王芳", "phone": "+8613857100001"} == seen["customers"][0]
    for token, purpose in ((clear_key, ""), (masked_key, PURPOSE), (masked_key, "")):
        found = said(call(web, token, "find_customer", words="王芳", purpose=purpose))
        assert found["masked"] is True
        assert "王芳" not in str(found)
        assert "13857100001" not in str(found)
        assert found["customers"][0]["id"] == str(customer_id)
    kinds = logged("SELECT actor, purpose, clear, detail->>'channel' FROM staff_look WHERE kind = 'search' ORDER BY at")
    assert kinds[0] == ("sunli via assistant", PURPOSE, "name,phone,address", "assistant")
    assert kinds[1] == ("sunli via assistant", "service", "", "assistant")


def test_the_whole_customer(web: Site) -> None:
    customer_id = wang_fang()
    with_line_and_bill(customer_id)
    make.role("seeing", *READER, *CLEAR)
    token = key(make.person("limin", roles=("seeing",)))
    masked = said(call(web, token, "customer_360", customer_id=str(customer_id)))
    assert set(masked["parts"]) == {"identity", "open_work", "risk", "value", "lines"}
    assert "王芳" not in str(masked)
    assert "13857100001" not in str(masked)
    whole = said(call(web, token, "customer_360", customer_id=str(customer_id), parts=["identity", "lines", "bills", "timeline"], purpose=PURPOSE))
    assert whole["parts"]["identity"]["name"] == "王芳"
    assert whole["parts"]["lines"][0]["service_number"] == "+8613857100001"
    assert whole["parts"]["bills"][0]["total"] == 59.0
    looks = logged("SELECT kind, staff_id, purpose, clear FROM staff_look WHERE customer_id = %s ORDER BY at", customer_id)
    assert [(kind, purpose, clear) for kind, _staff, purpose, clear in looks] == [
        ("assistant", "service", ""), ("assistant", PURPOSE, "name,phone,address"),
    ]


def test_parts_need_their_permission(web: Site) -> None:
    customer_id = wang_fang()
    with_line_and_bill(customer_id)
    token = key(person("party.view"))
    parts = said(call(web, token, "customer_360", customer_id=str(customer_id), parts=["identity", "bills", "lines"]))["parts"]
    assert parts["identity"]
    assert parts["bills"] is None
    assert parts["lines"] is None


def test_bills_and_one_bill(web: Site) -> None:
    customer_id = wang_fang()
    _line, bill_id = with_line_and_bill(customer_id)
    token = key(person(*READER))
    bills = said(call(web, token, "list_bills", customer_id=str(customer_id)))
    assert [(b["id"], b["total"], b["open"]) for b in bills["bills"]] == [(str(bill_id), "59.00", "59.00")]
    assert bills["more"] is False
    assert said(call(web, token, "list_bills", customer_id=str(customer_id), state="settled"))["bills"] == []
    detail = said(call(web, token, "bill_detail", bill_id=str(bill_id)))
    assert detail["customer_id"] == str(customer_id)
    assert [(i["name"], i["amount"]) for i in detail["items"]] == [("套餐月费", "59.00")]
    seen = logged("SELECT detail->>'tool' FROM staff_look WHERE customer_id = %s ORDER BY at", customer_id)
    assert [tool for (tool,) in seen] == ["list_bills", "list_bills", "bill_detail"]


def test_lines_and_products_page_by_page(web: Site) -> None:
    customer_id = wang_fang()
    with acting(SYSTEM):
        customer = Customer.objects.get(id=customer_id)
    account_id = accounts.account(customer)
    numbers = [f"+861385710010{n}" for n in range(3)]
    lines = [accounts.line(customer, account_id, number=number) for number in numbers]
    accounts.offering()
    inventory.install_product(customer_id=customer_id, offering_code="M-59", subscriber_id=lines[0], by=SYSTEM, at=accounts.NOON)
    make.role("seeing", *READER, *CLEAR)
    token = key(make.person("limin", roles=("seeing",)))
    pages = [said(call(web, token, "list_lines", customer_id=str(customer_id), offset=n, limit=2, purpose=PURPOSE)) for n in (0, 2)]
    assert [page["more"] for page in pages] == [True, False]
    assert sorted(row["service_number"] for page in pages for row in page["lines"]) == numbers
    masked = said(call(web, token, "list_lines", customer_id=str(customer_id)))
    assert not set(numbers) & {row["service_number"] for row in masked["lines"]}
    products = said(call(web, token, "list_products", customer_id=str(customer_id)))["products"]
    assert [(p["code"], p["monthly_fee"], p["line_id"]) for p in products] == [("M-59", "59.00", str(lines[0]))]


def test_contacts_are_recorded_once_and_read_back(web: Site) -> None:
    customer_id = wang_fang()
    staff = person(*READER, "contact_centre.record")
    token = key(staff, writing=True)
    facts = {"customer_id": str(customer_id), "channel": "chat", "kind": "complaint", "subject": "账单\u200b太高\U000e0041", "request_key": "one"}
    first = said(call(web, token, "record_contact", **facts))
    again = said(call(web, token, "record_contact", **facts))
    assert first["recorded_now"]
    assert not again["recorded_now"]
    assert first["id"] == again["id"]
    assert refused(call(web, token, "record_contact", **facts | {"subject": "else"}))["code"] == "GEN-10"
    said(call(web, token, "record_contact", **facts | {"request_key": "", "subject": "second"}))
    page = said(call(web, token, "contact_history", customer_id=str(customer_id), limit=1))
    assert [row["subject"] for row in page["contacts"]] == ["second"]
    rest = said(call(web, token, "contact_history", customer_id=str(customer_id), before=page["next_before"]))
    assert [row["subject"] for row in rest["contacts"]] == ["账单太高"]  # signs that nobody sees reach no assistant
    assert rest["contacts"][0]["staff"] == "李敏"
    trail = logged("SELECT DISTINCT actor FROM kernel_outbox WHERE customer_id = %s AND name LIKE 'contact_centre%%'", customer_id)
    assert trail == [("limin via assistant",)]


def test_broken_rules_name_every_rule_in_the_persons_language(web: Site) -> None:
    customer_id = wang_fang()
    staff = person(*READER, "contact_centre.record")
    token = key(staff, writing=True)
    facts = {"customer_id": str(customer_id), "channel": "chat", "kind": "enquiry", "subject": " ", "occurred_at": "2999-01-01T00:00:00Z"}
    fault = refused(call(web, token, "record_contact", **facts))
    assert fault["code"] == "GEN-02"
    assert [(b["code"], b["field"]) for b in fault["broken"]] == [("CC-01", "subject"), ("CC-02", "occurred_at")]
    assert all(sign >= "\u4e00" for broken in fault["broken"] for sign in broken["mend"][:1])


def test_who_am_i_and_what_a_refusal_means(web: Site) -> None:
    token = key(person(*READER, "party.see_name", "contact_centre.record", "staff.manage_staff"), writing=True)
    me = said(call(web, token, "who_am_i"))
    assert me["user_name"] == "limin"
    assert me["kind"] == "assistant"
    assert [org["id"] for org in me["scope"]] == [3301]
    assert me["clear_personal_data"] == ["name"]
    assert me["may_record"] is True
    assert "staff.manage_staff" not in {p["code"] for p in me["permissions"]}  # rights over people are never lent
    meaning = said(call(web, token, "explain_refusal", code="CC-01"))
    assert meaning | {"kind": "rule", "says_en": "A contact needs a subject"} == meaning
    assert any("\u4e00" <= sign <= "\u9fff" for sign in meaning["says_zh"] + meaning["mend_zh"])
    assert said(call(web, token, "explain_refusal", code="SEC-09"))["kind"] == "refusal"
    assert refused(call(web, token, "explain_refusal", code="ZZ-99"))["code"] == "GEN-04"


def test_what_others_own_is_not_there(web: Site) -> None:
    customer_id = wang_fang()
    line_id, bill_id = with_line_and_bill(customer_id)
    token = key(person(*READER, *CLEAR, "contact_centre.record", org_id=3302, username="zhaolei"), writing=True)
    customer = str(customer_id)
    assert said(call(web, token, "find_customer", words="13857100001", purpose=PURPOSE))["customers"] == []
    for tool in ("customer_360", "list_bills", "list_lines", "list_products", "contact_history"):
        assert refused(call(web, token, tool, customer_id=customer))["code"] == "GEN-04", tool
    assert refused(call(web, token, "bill_detail", bill_id=str(bill_id)))["code"] == "GEN-04"
    facts = {"customer_id": customer, "channel": "chat", "kind": "enquiry", "subject": "x"}
    assert refused(call(web, token, "record_contact", **facts))["code"] == "GEN-04"
    mine = party.customer("李四", by=party.clerk("builder2", org_id=3302)).customer_id
    assert refused(call(web, token, "record_contact", **facts | {"customer_id": str(mine), "line_id": str(line_id)}))["code"] == "GEN-04"
    assert logged("SELECT count(*) FROM staff_look WHERE customer_id = %s", customer_id) == [(0,)]


def test_a_missing_permission_and_a_key_for_reading(web: Site) -> None:
    customer_id = wang_fang()
    staff = person("party.view", "contact_centre.record")
    token = key(staff)
    assert refused(call(web, token, "list_bills", customer_id=str(customer_id)))["code"] == "SEC-01"
    facts = {"customer_id": str(customer_id), "channel": "chat", "kind": "enquiry", "subject": "x"}
    assert refused(call(web, token, "record_contact", **facts))["code"] == "SEC-42"
    assert refused(call(web, token, "forget_everything"))["code"] == "TMF-81"
    assert logged("SELECT count(*) FROM contact_centre_interaction") == [(0,)]


def test_every_call_leaves_a_trace_without_personal_data(web: Site) -> None:
    customer_id = wang_fang()
    staff = person(*READER, *CLEAR)
    token = key(staff)
    said(call(web, token, "find_customer", words="王芳", limit=5, purpose=PURPOSE))
    refused(call(web, token, "list_bills", customer_id="13857100001"))
    said(call(web, token, "explain_refusal", code="CC-01"))
    rows = logged("SELECT staff_id, actor, org_id, transport, tool, arguments, purpose, clear, outcome, result_bytes, duration_ms"
                  " FROM staff_assistant_call ORDER BY at, id")
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [(staff.id, "limin via assistant", 3301, "http")] * 3
    assert [(row[4], row[5], row[6], row[7], row[8]) for row in rows] == [
        ("find_customer", {"words": {"characters": 2}, "limit": 5}, PURPOSE, "name,phone,address", "ok"),
        ("list_bills", {}, "", "", "GEN-01"),
        ("explain_refusal", {"code": "CC-01"}, "", "", "ok"),
    ]
    assert all(row[9] > 0 and row[10] >= 0 for row in rows)
    assert str(customer_id)  # the customer stands in the log of looks, not in the arguments of a search


@pytest.mark.parametrize(("tool", "arguments"), [
    ("find_customer", {}), ("find_customer", {"words": "x" * 121}), ("find_customer", {"words": "x", "limit": 51}),
    ("find_customer", {"words": "x", "more": 1}), ("find_customer", {"words": "x" * 100_000}), ("find_customer", {"words": {"a": [1]}}),
    ("customer_360", {"customer_id": "' OR 1=1"}), ("customer_360", {"customer_id": "0" * 36, "parts": []}),
    ("list_bills", {"customer_id": "019a0000-0000-7000-8000-000000000000", "offset": 10**12}),
    ("contact_history", {"customer_id": "019a0000-0000-7000-8000-000000000000", "before": "2026-01-01T00:00:00"}),
    ("explain_refusal", {"code": "CC-01; DROP"}),
])
def test_wrong_arguments_are_refused_without_repeating_them(web: Site, tool: str, arguments: dict[str, Any]) -> None:
    fault = refused(call(web, key(person(*READER)), tool, **arguments))
    assert fault["code"] == "GEN-01"
    assert len(str(fault)) < 400


def test_a_purpose_without_sense_is_refused(web: Site) -> None:
    wang_fang()
    fault = refused(call(web, key(person(*READER, *CLEAR)), "find_customer", words="王芳", purpose="x"))
    assert fault["code"] == "SEC-09"
