"""TMF679: qualifications judged by the rules in force, recorded with every reason and what would be possible instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.factories import accounts as make
from tests.factories import staff
from tests.tmf.api.calling import NOWHERE, Caller, refused
from tests.tmf.api.telling import told
from tongke.areas.catalogue import services as catalogue
from tongke.areas.staff.models import Look
from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
ITEM = "productOfferingQualificationItem"


def offering(code: str, fee: int, *, kind: str = "mobile", **more: Any) -> UUID:
    """An offering on sale."""
    content = {"kind": kind, "name_zh": f"{code}套餐", "name_en": f"Plan {code}", "prices": [
        {"code": "rent", "kind": "recurring", "name_zh": "月费", "name_en": "Fee", "amount": fee, "period": "month", "tax_category": "value_added_telecom"}], **more}
    now = clock.now()
    with acting(make.TESTER):
        made = catalogue.draft_offering(code=code, content=content, by=make.TESTER, at=now)
        catalogue.test_version(noun="offerings", version_id=made, by=make.TESTER, at=now)
        catalogue.approve_version(noun="offerings", version_id=made, by=system_actor("second"), at=now)
        catalogue.launch_version(noun="offerings", version_id=made, by=make.TESTER, at=now)
    return made


class Counter:
    """A customer, three offerings on sale of which one is for companies only, and who judges."""

    def __init__(self) -> None:
        staff.tree()
        self.customer = make.bare_customer()
        self.asked = Caller("productOfferingQualification", "clerk", org_id=3301)
        self.cheap, self.business, self.near = offering("P-59", 59), offering("B-99", 99, segments=["business"], channels=["key_account"]), offering("P-89", 89)
        self.line = offering("BB-100", 100, kind="broadband")

    def body(self, *offerings: UUID, **more: Any) -> dict[str, Any]:
        """A question for the customer in the hall."""
        return {"relatedParty": [{"id": str(self.customer.id), "@referredType": "Customer", "role": "customer"}], "channel": {"id": "hall"},
                ITEM: [{"productOffering": {"id": str(one)}} for one in offerings], **more}


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_every_reason_comes_with_code_label_and_what_mends_it(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.business, counter.cheap, description="在柜台"))
    assert (made["state"], made["description"], made["channel"]["id"]) == ("done", "在柜台", "hall")
    refused_, open_ = made[ITEM]
    assert (refused_["qualificationItemResult"], open_["qualificationItemResult"], refused_["state"], refused_["action"]) == (
        "alternate", "qualified", "done", "add")
    reasons = {one["code"]: one for one in refused_["eligibilityUnavailabilityReason"]}
    assert set(reasons) >= {"CAT-57", "CAT-60"}
    assert all(one["label"] and one["labelEn"] and one["mend"] and one["effect"] == "refuse" for one in reasons.values())
    assert [one["alternateProductOffering"]["id"] for one in refused_["alternateProductOfferingProposal"]][:1] == [str(counter.near)]
    assert str(counter.line) not in str(refused_["alternateProductOfferingProposal"])
    assert counter.asked.get(made["id"]).json() == made
    assert made["expirationDate"] > made["effectiveQualificationDate"]


def test_what_is_asked_at_once_is_answered_with_200(counter: Counter) -> None:
    answer = counter.asked.post(counter.body(counter.cheap, instantSyncQualification=True))
    assert (answer.status_code, answer.json()["qualificationResult"]) == (200, "qualified")
    answer = counter.asked.post(counter.body(counter.business, instantSyncQualification=False, provideAlternative=False))
    assert (answer.status_code, answer.json()["qualificationResult"]) == (201, "unqualified")
    assert answer.json()[ITEM][0]["qualificationItemResult"] == "unqualified"


def test_without_items_all_on_sale_is_judged_and_only_what_is_open_is_listed_on_wish(counter: Counter) -> None:
    body = counter.body()
    body.pop(ITEM)
    everything = counter.asked.made(body)
    assert {one["productOffering"]["id"] for one in everything[ITEM]} == {str(one) for one in (counter.cheap, counter.business, counter.near, counter.line)}
    only = counter.asked.made({**body, "provideOnlyAvailable": True})
    assert str(counter.business) not in {one["productOffering"]["id"] for one in only[ITEM]}
    named = counter.asked.made(counter.body(counter.business, counter.cheap, provideOnlyAvailable=True))
    assert [one["productOffering"]["id"] for one in named[ITEM]] == [str(counter.cheap)]


def test_a_category_stands_for_what_is_in_it(counter: Counter) -> None:
    with acting(make.TESTER):
        now = clock.now()
        catalogue.add_catalogue(code="MASS", content={"name_zh": "大众", "name_en": "Mass"}, by=make.TESTER, at=now)
        shelf = catalogue.add_category(code="LINES", content={"catalogue": "MASS", "name_zh": "线", "name_en": "Lines", "offerings": ["BB-100"]},
                                       by=make.TESTER, at=now)
    made = counter.asked.made({"category": {"id": str(shelf)}, "channel": {"id": "hall"}})
    assert ([one["productOffering"]["name"] for one in made[ITEM]], made["category"]["id"]) == (["BB-100套餐"], str(shelf))


def test_the_senders_own_words_are_kept(counter: Counter) -> None:
    body = counter.body(note=[{"id": "1", "text": "urgent"}], requestedPOQCompletionDate="2026-12-01T00:00:00.000Z", shelf=7)
    body[ITEM] = [{"id": "first", "productOffering": {"id": str(counter.cheap)}, "expectedActivationDate": "2026-12-24T00:00:00.000Z",
                   "note": [{"id": "n", "text": "gift"}]}]
    made = counter.asked.made(body)
    for name in ("note", "requestedPOQCompletionDate", "shelf"):
        assert made[name] == body[name]
    (item,) = made[ITEM]
    assert (item["id"], item["expectedActivationDate"], item["note"]) == ("first", "2026-12-24T00:00:00.000Z", [{"id": "n", "text": "gift"}])


def test_lists_filter_by_customer_result_and_offering(counter: Counter) -> None:
    good, bad = counter.asked.made(counter.body(counter.cheap)), counter.asked.made(counter.body(counter.business, provideAlternative=False))
    assert set(counter.asked.found(f"relatedParty.id={counter.customer.id}")) == {good["id"], bad["id"]}
    assert counter.asked.found("qualificationResult=unqualified") == [bad["id"]]
    assert counter.asked.found(f"{ITEM}.eligibilityUnavailabilityReason.code=CAT-57") == [bad["id"]]
    assert counter.asked.found(f"{ITEM}.productOffering.id={counter.cheap}") == [good["id"]]
    assert counter.asked.found("sort=-productOfferingQualificationDate&limit=1") == [bad["id"]]


def test_what_was_answered_stays_and_goes_as_a_whole(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.cheap))
    assert counter.asked.patched(made["id"], {"description": "later"})["description"] == "later"
    assert counter.asked.patched(made["id"], {"note": [{"id": "1", "text": "x"}]})["note"][0]["text"] == "x"
    for name, value in (("state", "inProgress"), ("qualificationResult", "green"), ("relatedParty", []), (ITEM, [])):
        refused(counter.asked.patch(made["id"], {name: value}), 400, name)
    assert counter.asked.delete(made["id"]).status_code == 204
    assert counter.asked.get(made["id"]).status_code == 404
    with acting(make.TESTER):
        assert OutboxEvent.objects.filter(subject_id=made["id"], name="ordering.qualification_discarded.v1").count() == 1


def test_what_cannot_be_judged_is_refused(counter: Counter) -> None:
    refused(counter.asked.post(counter.body(UUID(NOWHERE))), 422, "TMF-12")
    refused(counter.asked.post({**counter.body(counter.cheap), "relatedParty": [{"id": NOWHERE, "@referredType": "Customer"}]}), 422, "TMF-12")
    refused(counter.asked.post(counter.body(counter.cheap, channel={"id": "moon"})), 400, "channel.id")
    refused(counter.asked.post(counter.body(counter.cheap, place=[{"id": NOWHERE, "role": "home"}])), 422, "ORD-04")
    refused(counter.asked.post({ITEM: [{"id": "1"}]}), 400, "productOffering")
    refused(counter.asked.post({ITEM: [{"action": "delete", "productOffering": {"id": str(counter.cheap)}}]}), 400, "action")
    refused(counter.asked.post(counter.body(counter.cheap, state="done")), 400, "state")


def test_others_neither_ask_about_the_customer_nor_read_the_answer(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.cheap))
    nanjing = Caller("productOfferingQualification", "clerk", org_id=3201)
    assert (nanjing.get(made["id"]).status_code, nanjing.found("")) == (404, [])
    refused(nanjing.post(counter.body(counter.cheap)), 422, "TMF-12")
    refused(Caller("productOfferingQualification", "auditor", org_id=3301).get(made["id"]), 403)


def test_the_customers_name_is_masked_and_looks_are_recorded(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.cheap))
    staff.role("bare", "ordering.qualify", "party.see_name")
    clear = Caller("productOfferingQualification", "bare", org_id=3301).get(made["id"]).json()["relatedParty"][0]["name"]
    staff.role("masked", "ordering.qualify")
    hidden = Caller("productOfferingQualification", "masked", org_id=3301).get(made["id"]).json()["relatedParty"][0]["name"]
    assert "*" not in clear
    assert "*" in hidden


def test_qualifications_tell_their_official_events(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.cheap))
    counter.asked.patched(made["id"], {"description": "later"})
    assert told("679/v4") == [f"ProductOfferingQualification{word}Event" for word in ("Create", "StateChange", "AttributeValueChange")]


def test_an_answer_holds_for_a_day(counter: Counter) -> None:
    made = counter.asked.made(counter.body(counter.cheap))
    ends = clock.now() + timedelta(days=1, minutes=1)
    assert counter.asked.found(f"id={made['id']}&expirationDate.lt={ends.isoformat(timespec='seconds').replace('+00:00', 'Z')}") == [made["id"]]


def test_what_is_not_sold_yet_says_so_and_from_when(counter: Counter) -> None:
    content = {"kind": "mobile", "name_zh": "秋季套餐", "name_en": "Autumn plan", "prices": [
        {"code": "rent", "kind": "recurring", "name_zh": "月费", "name_en": "Fee", "amount": 9, "period": "month", "tax_category": "value_added_telecom"}]}
    now = clock.now()
    with acting(make.TESTER):
        draft = catalogue.draft_offering(code="P-NEW", content=content, by=make.TESTER, at=now)
    answer = counter.asked.post(counter.body(draft))
    refused(answer, 422, "ORD-05")
    assert "秋季套餐 (P-NEW)" in answer.content.decode()
    with acting(make.TESTER):
        catalogue.test_version(noun="offerings", version_id=draft, by=make.TESTER, at=now)
        catalogue.approve_version(noun="offerings", version_id=draft, by=system_actor("second"), at=now)
        # In the middle of a month, which is the same month in every time zone.
        ahead = (now + timedelta(days=30)).replace(day=15)
        catalogue.launch_version(noun="offerings", version_id=draft, effective_at=ahead, by=make.TESTER, at=now)
    made = counter.asked.made(counter.body(draft))
    (reason,) = made[ITEM][0]["eligibilityUnavailabilityReason"]
    assert (made["qualificationResult"], reason["code"]) == ("unqualified", "CAT-79")
    assert "秋季套餐 (P-NEW)" in reason["label"]
    assert f"{ahead:%Y-%m}" in reason["label"]


def test_a_judgement_leaves_a_look_at_the_customer(counter: Counter) -> None:
    counter.asked.made(counter.body(counter.business))
    with acting(make.TESTER):
        looks = list(Look.objects.filter(customer_id=counter.customer.id))
    assert [look.detail for look in looks] == [{"resource": "productOfferingQualification"}]
