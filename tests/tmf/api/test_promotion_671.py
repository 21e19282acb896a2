"""TMF671: promotions over the catalogue room: the official pattern on typed rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.tmf.api.calling import Caller, refused
from tests.tmf.api.telling import told
from tongke.areas.catalogue.models import Promotion
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db
MANAGER = "product_manager"


def criteria(**values: str) -> list[dict[str, Any]]:
    """Conditions of a pattern."""
    return [{"criteriaParameter": name, "criteriaOperator": "=", "criteriaValue": value} for name, value in values.items()]


def pattern(conditions: list[dict[str, Any]], **actions: str) -> list[dict[str, Any]]:
    """A pattern of conditions and of what is given."""
    return [{"criteriaGroup": [{"criteria": conditions}],
             "action": [{"actionType": name.replace("_", " "), "actionValue": value} for name, value in actions.items()]}]


@pytest.fixture
def promotions() -> Caller:
    return Caller("promotion", MANAGER)


def test_a_promotion_comes_back_as_it_was_sent_on_a_typed_row(promotions: Caller) -> None:
    offer = Caller("productOffering", MANAGER).made({"name": "畅享99", "kind": "mobile", "code": "M-99"})
    assert offer["code"] == "M-99"
    made = promotions.made({
        "name": "老客户七折", "nameEn": "Retention", "description": "挽留", "promotionType": "1: churn", "code": "SAVE-30", "quotaTotal": 100,
        "quotaPerCustomer": 2, "stackable": False, "stackingGroup": "fee", "attachment": [{"name": "poster"}], "shelf": 1,
        "validFor": {"startDateTime": "2027-01-01T00:00:00.000Z", "endDateTime": "2027-07-01T00:00:00.000Z"},
        "pattern": [{**pattern(criteria(productOffering="M-99", marketSegment="residential,business", customerLevel="gold", channel="hall,hotline",
                                        organization="33,3301", existingCustomer="true"), percent="30", months="6")[0], "priority": -5, "name": "save"}]})
    assert (made["promotionType"], made["kind"], made["used"], made["version"]) == ("1: churn", "percent_off", 0, "1")
    assert made["validFor"] == {"startDateTime": "2027-01-01T00:00:00.000Z", "endDateTime": "2027-07-01T00:00:00.000Z"}
    (one,) = made["pattern"]
    assert (one["priority"], one["name"]) == (-5, "save")
    found = {c["criteriaParameter"]: c["criteriaValue"] for c in one["criteriaGroup"][0]["criteria"]}
    assert found == {"productOffering": "M-99", "marketSegment": "residential,business", "customerLevel": "gold", "channel": "hall,hotline",
                     "organization": "33,3301", "existingCustomer": "true"}
    assert [(a["actionType"], a["actionValue"]) for a in one["action"]] == [("percent", "30"), ("months", "6")]
    assert promotions.get(made["id"]).json() == made
    with acting(system_actor("test")):
        row = Promotion.objects.get(id=made["id"])
    assert (row.kind, row.percent, row.months, row.priority, row.sold_in, row.existing_customers_only) == ("percent_off", Decimal(30), 6, 5, [33, 3301], True)


@pytest.mark.parametrize(("actions", "kind", "kind_word"), [
    ({"percent": "20"}, "percent_off", "Discount"), ({"amount": "10.5", "months": "3"}, "amount_off", "Reduction"),
    ({"months": "3"}, "months_free", "Reduction"), ({"bonus_point": "500"}, "gift_points", "Award"),
    ({"prestore": "240", "return_months": "12"}, "prestore_return", "Award"),
    ({"device_price": "2999", "amount": "1000", "term_months": "24", "floor_amount": "99"}, "handset_contract", "Award"),
])
def test_what_is_given_makes_the_kind(promotions: Caller, actions: dict[str, str], kind: str, kind_word: str) -> None:
    made = promotions.made({"name": "x", "pattern": pattern(criteria(productOffering="*"), **actions)})
    assert (made["kind"], made["promotionType"]) == (kind, kind_word)
    assert {a["actionType"].replace(" ", "_"): a["actionValue"] for a in made["pattern"][0]["action"]} == actions
    assert made["pattern"][0]["criteriaGroup"][0]["criteria"][0]["criteriaValue"] == "*"
    assert promotions.found(f"promotionType={kind_word}&kind={kind}") == [made["id"]]


def test_drafts_are_edited_and_versions_stand(promotions: Caller) -> None:
    made = promotions.made({"name": "八折", "pattern": pattern(criteria(productOffering="*"), percent="20")})
    ident = made["id"]
    changed = promotions.patched(ident, {"quotaTotal": 5, "pattern": pattern(criteria(newCustomer="true"), percent="25")})
    assert (changed["quotaTotal"], changed["pattern"][0]["action"][0]["actionValue"]) == (5, "25")
    promotions.patched(ident, {"lifecycleStatus": "In test"})
    refused(promotions.patch(ident, {"lifecycleStatus": "Active"}), 409, "CAT-40")
    Caller("promotion", MANAGER).patched(ident, {"lifecycleStatus": "Active"})
    assert promotions.patched(ident, {"lifecycleStatus": "Launched"})["lifecycleStatus"] == "Launched"
    refused(promotions.patch(ident, {"quotaTotal": 9}), 409, "CAT-38")
    refused(promotions.delete(ident), 409, "CAT-38")
    other = promotions.made({"name": "x", "pattern": pattern(criteria(productOffering="*"), percent="1")})
    assert promotions.delete(other["id"]).status_code == 204
    assert told("671/v4") == ["PromotionCreateEvent", "PromotionAttributeValueChangeEvent", *["PromotionStateChangeEvent"] * 3, "PromotionDeleteEvent"]


def test_what_no_row_can_hold_is_refused(promotions: Caller) -> None:
    good = pattern(criteria(productOffering="*"), percent="20")
    for wrong, status, word in (
        ([*good, *good], 422, "TMF-21"), (pattern(criteria(weather="rain"), percent="20"), 400, "criteriaParameter"),
        (pattern(criteria(productOffering="*"), voucher="5"), 400, "actionType"), (pattern(criteria(productOffering="*"), percent="many"), 400, "actionValue"),
        (pattern(criteria(productOffering="NO-SUCH"), percent="20"), 422, "CAT-17"), (pattern(criteria(channel="moon"), percent="20"), 422, "CAT-12"),
        (pattern(criteria(productOffering="*"), percent="120"), 422, "CAT-12"), (pattern([], percent="20"), 201, "percent"),
    ):
        answer = promotions.post({"name": "x", "pattern": wrong})
        assert answer.status_code == status, answer.content.decode()
        assert word in answer.content.decode()
    refused(promotions.post({"name": "x", "pattern": [{**good[0], "criteriaGroup": [
        {"criteria": [{"criteriaParameter": "channel", "criteriaOperator": "<", "criteriaValue": "hall"}]}]}]}), 400, "criteriaOperator")
    refused(promotions.post({"name": "nothing given"}), 422)
    refused(promotions.post({"name": "x", "pattern": good, "used": 3}), 400, "used")


def test_all_read_promotions_and_each_writes_what_it_owns() -> None:
    made = Caller("promotion", MANAGER, org_id=33).made({"name": "省内", "pattern": pattern(criteria(productOffering="*"), percent="20")})
    below = Caller("promotion", MANAGER, org_id=3301)
    assert below.get(made["id"]).json() == made
    refused(below.patch(made["id"], {"name": "x"}), 404)
    refused(Caller("promotion", "clerk", org_id=3301).post({"name": "x"}), 403)


def grouped(*groups: dict[str, Any], joined: str = "AND") -> list[dict[str, Any]]:
    """A pattern of several groups of conditions."""
    return [{"criteriaGroupLogicalRelationship": joined, "criteriaGroup": list(groups), "action": [{"actionType": "percent", "actionValue": "20"}]}]


@pytest.mark.parametrize("sent", [
    grouped({"criteria": criteria(channel="hall")}, {"criteria": criteria(marketSegment="residential")}, joined="OR"),
    grouped({"criteriaLogicalRelationship": "OR", "criteria": criteria(channel="hall", customerLevel="gold")}),
    grouped({"criteria": criteria(channel="hall")}, {"criteria": criteria(marketSegment="residential")}),
    [*grouped({"criteria": criteria(channel="hall")}), *grouped({"criteria": criteria(channel="web")})],
])
def test_more_groups_than_one_and_alternatives_are_refused_with_what_to_do(promotions: Caller, sent: list[dict[str, Any]]) -> None:
    answer = promotions.post({"name": "x", "pattern": sent})
    refused(answer, 422, "TMF-21")
    assert "stackingGroup" in answer.content.decode()
    refused(promotions.post({"name": "x", "pattern": grouped({"criteria": criteria(channel="hall")}, joined="XOR")}), 400, "criteriaGroupLogicalRelationship")
