"""The pages of one customer, the blacklist, repair and policy: shown, used, refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.party import NOON, TESTER, citizen_number, clerk, company_draft, customer, draft
from tests.factories.staff import actor, person, signed_in, tree
from tongke.areas.party import queries, services
from tongke.areas.party.models import BlacklistEntry, Customer
from tongke.areas.party.services import BlacklistDraft, DocumentDraft, MediumDraft, NewCustomer
from tongke.areas.staff import services as staff
from tongke.areas.staff.models import Approval, Look
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def limin() -> Client:
    """A clerk of Hangzhou, signed in."""
    tree()
    return signed_in(person("limin"))


@pytest.fixture
def sunli() -> Client:
    """The supervisor of Hangzhou, signed in."""
    tree()
    return signed_in(person("sunli", org_id=3301, roles=("supervisor",), name="孙丽"))


@pytest.fixture
def made(limin: Client) -> NewCustomer:
    """A recorded person."""
    return customer(media=(MediumDraft(kind="mobile", given="13857100001"),))


def text(answer: Any) -> str:
    """The page's HTML."""
    return str(answer.content.decode())


@pytest.mark.parametrize("name", [
    "customer-record", "customer-data", "customer-rename", "customer-level", "customer-close", "document-new", "medium-new", "address-new",
    "customer-consents", "consent-new", "customer-credit", "credit-rate", "customer-history",
])
def test_every_page_of_a_customer_opens_and_leaves_a_trace(limin: Client, made: NewCustomer, name: str) -> None:
    """Each page shows the customer, and each look is in the log before the answer leaves."""
    answer = limin.get(reverse(name, args=[made.customer_id]))
    assert answer.status_code == 200, text(answer)[:2000]
    assert "王芳" in text(answer)
    assert answer["Cache-Control"] == "no-store"
    with acting(TESTER):
        assert Look.objects.filter(customer_id=made.customer_id, kind="view", clear="name").count() == 1


@pytest.mark.parametrize("name", ["customer-record", "customer-data", "customer-consents", "customer-credit", "customer-history"])
def test_another_network_finds_nothing(made: NewCustomer, name: str) -> None:
    """What others own looks like what is absent."""
    zhaolei = signed_in(person("zhaolei", org_id=330201))
    answer = zhaolei.get(reverse(name, args=[made.customer_id]))
    assert answer.status_code == 404
    assert "王芳" not in text(answer)


def test_masked_values_stay_out_of_the_page(limin: Client, made: NewCustomer) -> None:
    """A clerk reads names but no numbers: neither the record nor its history holds them."""
    for name in ("customer-record", "customer-history", "customer-data"):
        page = text(limin.get(reverse(name, args=[made.customer_id])))
        assert "13857100001" not in page
        assert "8613857100001" not in page
        assert "文三路" not in page


def test_a_value_is_revealed_for_a_purpose_only(limin: Client, made: NewCustomer) -> None:
    """No purpose, no value; with one the value comes and the log says so."""
    medium = queries.media_of(made.customer_id, by=clerk())[0]
    where = reverse("record-reveal", args=[made.customer_id, medium.id])
    assert limin.post(where, {"kind": "phone", "purpose": ""}).status_code >= 400
    answer = limin.post(where, {"kind": "phone", "purpose": "call back about a fault"})
    assert text(answer) == "+8613857100001"
    with acting(TESTER):
        assert Look.objects.get(customer_id=made.customer_id, kind="reveal").clear == "phone"


NEW = {
    "kind": "individual", "name": "张伟", "nationality": "CN", "org_id": "3301", "segment": "residential", "document_kind": "resident_id",
    "mobile": "138 5710 0002", "address_kind": "home", "address": "浙江省杭州市西湖区文三路388号", "consent_marketing": "granted",
}


def test_a_customer_is_recorded_once_however_often_it_is_sent(limin: Client) -> None:
    """The form records the customer and opens it; sent again it leads to the same one."""
    sent = {**NEW, "number": citizen_number(serial=11), "form_token": "t-1"}
    first = limin.post(reverse("customer-new"), sent)
    assert first.status_code == 302, text(first)[:3000]
    assert limin.post(reverse("customer-new"), sent)["Location"] == first["Location"]
    with acting(TESTER):
        assert Customer.objects.count() == 1


def test_every_mistake_is_shown_beside_its_field(limin: Client) -> None:
    """A form with several mistakes comes back with all of them and with what was typed."""
    answer = limin.post(reverse("customer-new"), {**NEW, "number": "123", "mobile": "1", "email": "x"})
    page = text(answer)
    assert answer.status_code == 422
    assert "PTY-10" in page
    assert "PTY-30" in page
    assert 'value="张伟"' in page
    for field in ("number", "mobile", "email"):
        assert f'id="id_{field}_error"' in page


def test_a_missing_field_hides_no_other_mistake(limin: Client) -> None:
    """What is missing and what breaks a rule are told in one answer, each once, and nothing is recorded."""
    answer = limin.post(reverse("customer-new"), {**NEW, "name": "", "segment": "", "number": "123", "mobile": "1", "email": "x"})
    page = text(answer)
    assert answer.status_code == 422
    for code in ("WEB-01", "PTY-10", "PTY-30"):
        assert code in page, code
    assert "PTY-01" not in page  # the name is told of once, as missing
    for field in ("name", "segment", "number", "mobile", "email"):
        assert page.count(f'id="id_{field}_error"') == 1, field
    with acting(TESTER):
        assert not Customer.objects.exists()


def test_checks_tell_of_documents_duplicates_and_blacklist(limin: Client) -> None:
    """While the form is filled: a wrong check sign, a likely twin, an entry on the number (without its cause)."""
    number = citizen_number(serial=13)
    customer("张伟", documents=(DocumentDraft(kind="resident_id", number=number),))
    services.enter_blacklist(BlacklistDraft(match="id_number", value=number, cause="fraud", effect="refuse", level=4), by=clerk(org_id=3302), at=NOON)
    where = reverse("customer-new-checks")
    page = text(limin.post(where, {"name": "张伟", "document_kind": "resident_id", "number": number, "kind": "individual"}))
    assert "张伟" in page
    assert "tk-note-bad" in page
    assert "欺诈" not in page
    assert "Fraud" not in page
    assert "PTY-10" in text(limin.post(where, {"document_kind": "resident_id", "number": f"{number[:-1]}?", "kind": "individual"}))


def test_a_stale_version_changes_nothing(limin: Client, made: NewCustomer) -> None:
    """Two clerks open the form; the second to save is told to reload."""
    where = reverse("customer-data", args=[made.customer_id])
    sent = {"gender": "female", "nationality": "CN", "occupation": "teacher", "industry": "", "language": "en", "version": "1"}
    assert limin.post(where, sent).status_code == 302
    answer = limin.post(where, {**sent, "occupation": "nurse"})
    assert answer.status_code == 422
    assert "GEN-09" in text(answer)
    assert queries.customer(made.customer_id, by=clerk()).occupation == "teacher"


def test_history_shows_before_and_after(limin: Client, made: NewCustomer) -> None:
    """A change appears with both values and its author."""
    services.change_customer(made.customer_id, services.CustomerChange(occupation="教师"), by=clerk("limin"), at=NOON)
    page = text(limin.get(reverse("customer-history", args=[made.customer_id])))
    assert "<ins>教师</ins>" in page
    assert "limin" in page


def test_buttons_of_the_record(limin: Client, made: NewCustomer) -> None:
    """Verify a document, prefer and end a medium, end an address, withdraw a consent, close."""
    by, key = clerk(), made.customer_id
    document, medium, address = queries.documents_of(key, by=by)[0], queries.media_of(key, by=by)[0], queries.addresses_of(key, by=by)[0]
    limin.post(reverse("document-verify", args=[key, document.id]), {"reason": "card reader"})
    limin.post(reverse("medium-prefer", args=[key, medium.id]))
    limin.post(reverse("medium-verify", args=[key, medium.id]))
    limin.post(reverse("medium-end", args=[key, medium.id]))
    limin.post(reverse("address-end", args=[key, address.id]))
    limin.post(reverse("consent-withdraw", args=[key]), {"purpose": "marketing", "channel": "sms", "reason": "asked by phone"})
    assert queries.documents_of(key, by=by)[0].verification == "card reader"
    assert queries.customer(key, by=by).party_state == "validated"
    before = by.day(clock.now())
    limin.post(reverse("identity-confirm", args=[key]))
    assert queries.customer(key, by=by).verified_on in {before, by.day(clock.now())}
    assert queries.media_of(key, by=by)[0].valid_until is not None
    assert queries.addresses_of(key, by=by)[0].valid_until is not None
    assert queries.consents_of(key, by=by)[0].state == "withdrawn"
    answer = limin.post(reverse("customer-close", args=[key]), {"how": "close", "reason": "moved abroad"})
    assert answer.status_code == 302
    assert "edit/documents/new" not in text(limin.get(reverse("customer-record", args=[key])))


def test_a_document_with_its_picture(limin: Client, made: NewCustomer, png: bytes) -> None:
    """A picture is kept sealed and comes back for a purpose; something else than a picture is refused."""
    where = reverse("document-new", args=[made.customer_id])
    sent = {"kind": "passport", "number": "E12345678"}
    wrong = limin.post(where, {**sent, "image": SimpleUploadedFile("id.png", b"MZ not a picture", "image/png")})
    assert wrong.status_code == 422
    assert "PTY-95" in text(wrong)
    right = limin.post(where, {**sent, "image": SimpleUploadedFile("anything.bin", png)})
    assert right.status_code == 302, text(right)[:2000]
    kept = next(d for d in queries.documents_of(made.customer_id, by=clerk()) if d.kind == "passport")
    answer = limin.post(reverse("document-image", args=[made.customer_id, kept.id]), {"reason": "compare with the card"})
    assert (answer["Content-Type"], answer.content) == ("image/png", png)


def test_blacklist_pages_hide_and_show_the_reason(limin: Client, sunli: Client, made: NewCustomer) -> None:
    """A clerk enters and sees the effect; the supervisor sees the cause, and decides as the second person."""
    where = reverse("blacklist-new") + f"?customer={made.customer_id}"
    sent = {"cause": "fraud", "effect": "refuse", "level": "3", "org_id": "3301", "note": "three cloned cards"}
    entered = limin.post(where, sent)
    assert entered.status_code == 302, text(entered)[:2000]
    seen = text(limin.get(entered["Location"]))
    assert "three cloned cards" not in seen
    assert "three cloned cards" in text(sunli.get(entered["Location"]))
    assert "three cloned cards" not in text(limin.get(reverse("blacklist")))
    entry_id = UUID(entered["Location"].rsplit("/", 1)[1])
    limin.post(reverse("blacklist-appeal", args=[entry_id]), {"reason": "it was his brother"})
    assert limin.post(reverse("blacklist-grant", args=[entry_id]), {"reason": "x"}).status_code == 403
    sunli.post(reverse("blacklist-grant", args=[entry_id]), {"reason": "shown by papers"})
    with acting(TESTER):
        assert BlacklistEntry.objects.get(id=entry_id).state == "lifted"


def test_a_rating_by_hand_takes_two(made: NewCustomer) -> None:
    """The manager asks, the supervisor approves, the manager puts it in force."""
    chen, sun = person("chenqiang", org_id=330103, roles=("account_manager",)), person("sunli", org_id=3301, roles=("supervisor",))
    page = signed_in(chen)
    where = reverse("credit-override", args=[made.customer_id])
    today = clock.now().date()
    assert "PTY-80" in text(page.post(where, {"credit_class": "A", "credit_limit": "800", "expires_on": (today - timedelta(days=1)).isoformat(), "reason": "new contract"}))
    later = (today + timedelta(days=300)).isoformat()
    assert page.post(where, {"credit_class": "A", "credit_limit": "800", "expires_on": later, "reason": "new contract"}).status_code == 302
    with acting(TESTER):
        approval = Approval.objects.get(kind="party.credit_override")
    staff.approve(approval_id=approval.id, by=actor(sun), at=clock.now())
    assert page.post(reverse("credit-override-apply", args=[made.customer_id, approval.id])).status_code == 302
    row = queries.customer(made.customer_id, by=clerk())
    assert (row.credit_class, str(row.credit_limit)) == ("A", "800.00")
    again = page.post(reverse("credit-override-apply", args=[made.customer_id, approval.id]))
    assert again.status_code >= 400


def test_repair_lists_the_incomplete(limin: Client) -> None:
    """A bare record is on the worklist with what is missing; a full one is not."""
    services.create_customer(draft("李娜", documents=(), media=(), addresses=(), consents=()), by=clerk(), at=NOON)
    services.create_customer(company_draft(), by=clerk(org_id=3302), at=NOON)
    page = text(limin.get(reverse("repair")))
    assert "李娜" in page
    assert "蓝海" not in page
    assert "李娜" in text(limin.get(reverse("repair") + "?segment=residential&kind=individual&sort=-share"))
    assert "李娜" not in text(limin.get(reverse("repair") + "?segment=business"))


def test_policy_is_changed_from_now_on() -> None:
    """The administrator changes a figure; nonsense is refused with the figure as it was."""
    tree()
    hewei = signed_in(person("hewei", org_id=1, roles=("administrator",)))
    assert hewei.get(reverse("customer-policy")).status_code == 200
    where = reverse("customer-policy-figure", args=["documents_per_person_max"])
    assert 'name="value"' in text(hewei.get(where))
    assert hewei.post(where, {"value": "0", "reason": "test"}).status_code == 422
    assert hewei.post(where, {"value": "7", "reason": "new rule"}).status_code == 302
    assert ">7<" in text(hewei.get(reverse("customer-policy")))


def test_a_table_of_figures_is_changed_number_by_number() -> None:
    """Each number of a table has a field of its own; the others stay as they are; an empty one means without end."""
    tree()
    hewei = signed_in(person("hewei", org_id=1, roles=("administrator",)))
    for figure in ("credit_bands", "completeness_weights", "blacklist_expiry_days", "credit_points", "credit_limit_max"):
        where = reverse("customer-policy-figure", args=[figure])
        page = hewei.get(where)
        sent = fields_of(text(page))
        assert hewei.post(where, {**sent, "reason": "as it is"}).status_code == 302, figure
    where = reverse("customer-policy-figure", args=["blacklist_expiry_days"])
    sent = {**fields_of(text(hewei.get(where))), "value__spam": "", "value__debt": "30"}
    assert hewei.post(where, {**sent, "reason": "new rule"}).status_code == 302
    with acting(TESTER):
        now = {f.name: f.value for f in queries.policy_figures(at=clock.now())}
    assert (now["blacklist_expiry_days"]["spam"], now["blacklist_expiry_days"]["debt"]) == (None, 30)
    assert [band["from_score"] for band in now["credit_bands"]] == [800, 650, 450, 250, 0]
    assert hewei.get(reverse("customer-policy-figure", args=["nothing"])).status_code == 404


def test_a_level_below_sets_its_own_figure_and_withdraws_it() -> None:
    """The page tells whence each figure comes; what is locked above cannot be set; other levels are out of sight."""
    tree()
    ningbo = signed_in(person("local", org_id=3302, roles=("administrator",)))
    page = text(ningbo.get(reverse("customer-policy")))
    assert "沿用通客电信" in page
    assert "不可自行设置" in page
    assert reverse("customer-policy-figure", args=[3302, "credit_limit_max"]) not in page
    where = reverse("customer-policy-figure", args=[3302, "documents_per_person_max"])
    assert where in page
    assert 'name="may_override"' not in text(ningbo.get(where)), "nothing lies below a local network"
    assert ningbo.post(where, {"value": "2", "reason": "local rule"}).status_code == 302
    page = text(ningbo.get(reverse("customer-policy")))
    assert "本级参数" in page
    assert ">2<" in page
    locked = reverse("customer-policy-figure", args=[3302, "credit_limit_max"])
    refused = ningbo.post(locked, {"value": "99", "reason": "more"})
    assert (refused.status_code, "PTY-86" in text(refused)) == (422, True)
    for other in (1, 33, 3301, 330201, 99999):
        assert ningbo.get(reverse("customer-policy-figure", args=[other, "documents_per_person_max"])).status_code == 404
        assert ningbo.get(reverse("customer-policy") + f"?org={other}").status_code == 404
    province = signed_in(person("above", org_id=33, roles=("administrator",)))
    above = reverse("customer-policy-figure", args=[33, "documents_per_person_max"])
    assert province.post(above, {"value": "4", "may_override": "no", "reason": "one rule"}).status_code == 302
    page = text(province.get(reverse("customer-policy") + "?org=3302"))
    assert "本级参数 2 未生效：浙江省公司不允许下级自行设置。" in page
    withdraw = reverse("customer-policy-withdraw", args=[3302, "documents_per_person_max"])
    assert ningbo.get(withdraw).status_code == 200
    assert ningbo.post(withdraw, {"reason": "one rule"}).status_code == 302
    assert "未生效" not in text(ningbo.get(reverse("customer-policy")))
    assert ningbo.post(withdraw, {"reason": "again"}).status_code == 422


def fields_of(page: str) -> dict[str, str]:
    """The fields of a policy form and their values."""
    return {name: value for value, name in (
        (re.search(r'value="([^"]*)"', tag).group(1) if 'value="' in tag else "", re.search(r'name="([^"]*)"', tag).group(1))  # type: ignore[union-attr]  # the pattern is there, or the test fails
        for tag in re.findall(r'<input[^>]*name="value[^>]*>', page))}


def test_the_blacklist_is_asked_by_post(limin: Client) -> None:
    """A clerk asks about a number of another network's entry: the effect comes, the cause does not."""
    services.enter_blacklist(BlacklistDraft(match="phone", value="13857101234", cause="fraud", effect="deposit", level=2), by=clerk(org_id=3302), at=NOON)
    page = text(limin.post(reverse("blacklist-ask"), {"phone": "138 5710 1234"}))
    assert "tk-note-warn" in page
    assert "欺诈" not in page
    assert "tk-note-good" in text(limin.post(reverse("blacklist-ask"), {"phone": "13857109876"}))
    assert limin.get(reverse("blacklist-ask")).status_code == 200


def test_without_permission_no_page(made: NewCustomer) -> None:
    """An auditor of the group sees none of these pages."""
    linshan = signed_in(person("linshan", org_id=1, roles=("auditor",)))
    for name in ("customer-record", "customer-history", "customer-credit"):
        assert linshan.get(reverse(name, args=[made.customer_id])).status_code == 403
    for name in ("blacklist", "repair", "customer-policy", "customer-new"):
        assert linshan.get(reverse(name)).status_code == 403
