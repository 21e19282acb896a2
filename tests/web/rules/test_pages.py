"""The rules on their pages: every rule readable, drafted by one person and put in force by another, tried on a real customer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.areas.ordering import making as make
from tests.factories import staff
from tongke.areas.catalogue.models import EligibilityRule
from tongke.areas.party.models import Customer
from tongke.areas.staff.models import Look
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
RULES = "/catalogue/rules"


@pytest.fixture(autouse=True)
def ground() -> None:
    """The demo operator's organisations, and two offerings."""
    staff.tree()
    make.on_sale("M59")
    make.on_sale("ADD5", kind="value_added")


def manager(name: str = "shenyue", *, locale: str = "en") -> Client:
    """A product manager of the group."""
    return staff.signed_in_at(1, "product_manager", username=name, locale=locale)


def clerk_at(org_id: int = 3301, *, locale: str = "en") -> Client:
    """A clerk of a local network."""
    return staff.signed_in_at(org_id, "clerk", locale=locale)


def typed(**more: Any) -> dict[str, Any]:
    """Return the form of a rule that ADD5 requires M59."""
    return {"code": "R-ADD", "name_zh": "加装包依赖主套餐", "name_en": "Add-on needs a plan", "subject_kind": "offering", "subject_offering": "ADD5",
            "parameter__offerings": ["M59"], "parameter__where": "customer", "effect": "refuse", "org_id": "1", **more}


def draft(client: Client, **more: Any) -> EligibilityRule:
    """Draft the rule on the page and return it."""
    answer = client.post(f"{RULES}/new/requires", typed(**more))
    assert answer.status_code == 302, answer.content.decode()
    with acting(make.TESTER):
        return EligibilityRule.objects.latest("created_at")


def test_drafted_by_one_and_put_in_force_by_another() -> None:
    """The drafter has no button; the second person has one, and the page then says in force."""
    first, second = manager(), manager("gaofeng")
    rule = draft(first)
    assert (rule.code, rule.parameters, rule.state, rule.subject_code) == ("R-ADD", {"offerings": ["M59"]}, "in_design", "ADD5")
    assert f"{rule.id}/force" not in first.get(f"{RULES}/{rule.id}").content.decode()
    page = second.get(f"{RULES}/{rule.id}").content.decode()
    assert "Plan ADD5: Plan M59 must be held or ordered along, with the customer. Otherwise: Refuse." in page
    assert f"{rule.id}/force" in page
    assert first.post(f"{RULES}/{rule.id}/force").status_code == 422
    assert second.post(f"{RULES}/{rule.id}/force").status_code == 302
    assert "In force" in second.get(f"{RULES}/{rule.id}").content.decode()
    assert "R-ADD" in second.get(RULES).content.decode()
    assert second.post(f"{RULES}/{rule.id}/end", {"valid_until": ""}).status_code == 302
    assert "Ended" in second.get(f"{RULES}/{rule.id}").content.decode()


def test_a_circle_is_shown_with_its_path() -> None:
    """Saving what would go in a circle says so, with the path, and keeps what was typed."""
    make.rule("R-ONE", "requires", at=clock.now(), **make.about("M59"), parameters={"offerings": ["ADD5"]})
    answer = manager().post(f"{RULES}/new/requires", typed())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The rules would go in a circle: Plan ADD5 (ADD5) → Plan M59 (M59) → Plan ADD5 (ADD5)" in page
    assert "Add-on needs a plan" in page


def test_parameters_are_typed() -> None:
    """Each kind has its own fields; a wrong value is told in words beside them."""
    client = manager()
    page = client.get(f"{RULES}/new/real_name").content.decode()
    assert "Lines under one document, at most" in page
    assert "parameter__offerings" not in page
    answer = client.post(f"{RULES}/new/quantity", typed(parameter__offerings=[], parameter__most="1", parameter__least="3", parameter__per="customer"))
    assert answer.status_code == 422
    assert "the least 3 is above the most 1" in answer.content.decode()
    assert client.get(f"{RULES}/new/nonsense").status_code == 404


@pytest.mark.parametrize("kind", [
    "requires", "excludes", "quantity", "segment", "level", "area", "channel", "contract", "credit", "blacklist", "real_name", "arrears", "coverage",
    "age", "tenure", "device",
])
def test_every_kind_has_a_form_in_both_languages(kind: str) -> None:
    """The form of every kind opens, in Chinese and in English."""
    for locale, words in (("en", "What follows, when and where"), ("zh-hans", "处置、时间和范围")):
        assert words in manager(f"person-{locale}", locale=locale).get(f"{RULES}/new/{kind}").content.decode()


def test_a_draft_is_changed_and_a_next_version_begins_with_what_there_is() -> None:
    """The form opens with the rule's own values; the code stays."""
    client = manager()
    rule = draft(client)
    page = client.get(f"{RULES}/{rule.id}/edit").content.decode()
    assert 'value="Add-on needs a plan"' in page
    assert client.post(f"{RULES}/{rule.id}/edit", typed(name_en="Better", code="OTHER")).status_code == 302
    with acting(make.TESTER):
        rule.refresh_from_db()
    assert (rule.name_en, rule.code) == ("Better", "R-ADD")
    assert client.post(f"{RULES}/{rule.id}/next", typed()).status_code == 302
    with acting(make.TESTER):
        assert EligibilityRule.objects.filter(code="R-ADD").count() == 2
    assert client.post(f"{RULES}/{rule.id}/discard").status_code == 302


def test_tried_on_a_real_customer() -> None:
    """Each offer with its verdict, every reason, what would mend it and a link to the rule; the look is in the log."""
    rule_id = make.rule("R-ADD", "requires", at=clock.now(), **make.about("ADD5"), parameters={"offerings": ["M59"]})
    customer = make.person()
    with acting(make.TESTER):
        number = Customer.objects.get(id=customer).customer_no
    client = clerk_at()
    answer = client.post(f"{RULES}/try", {"customer": number, "channel": "hall"})
    page = answer.content.decode()
    assert answer.status_code == 200, page
    assert "Plan M59 is neither held nor ordered along" in page
    assert "Add Plan M59 first" in page
    assert f"{RULES}/{rule_id}" in page
    assert "CAT-50" in page
    with acting(make.TESTER):
        assert Look.objects.filter(customer_id=customer, kind="view").exists()
    chinese = clerk_at(locale="zh-hans").post(f"{RULES}/try", {"customer": number, "channel": "hall"}).content.decode()
    assert "请先办理套餐M59" in chinese


def test_tried_as_if_a_draft_were_in_force() -> None:
    """The draft's effect is seen before anybody is bound by it."""
    client = manager()
    rule = draft(client)
    plain = client.post(f"{RULES}/try", {"segment": "residential"}).content.decode()
    as_if = client.post(f"{RULES}/try", {"segment": "residential", "as_if": str(rule.id)}).content.decode()
    assert f">{rule.name_en} · {rule.code} v1<" in as_if
    assert ("CAT-50" in plain, "CAT-50" in as_if) == (False, True)


def test_what_cannot_be_found_is_told_beside_its_field() -> None:
    """An unknown number, another network's customer and an unknown address are told, not guessed."""
    client = clerk_at()
    ningbo = make.person(org_id=3302)
    with acting(make.TESTER):
        number = Customer.objects.get(id=ningbo).customer_no
    for asked in ("CU2699999999", number):
        answer = client.post(f"{RULES}/try", {"customer": asked})
        assert answer.status_code == 422
        assert "No customer with this number in your area of responsibility" in answer.content.decode()
    assert "No such address is known" in client.post(f"{RULES}/try", {"address": "火星路1号"}).content.decode()


def test_who_may_open_what() -> None:
    """A clerk tries, but drafts nothing; an auditor does neither."""
    clerk, auditor = staff.signed_in_at(3301, "clerk"), staff.signed_in_at(1, "auditor")
    assert clerk.get(f"{RULES}/try").status_code == 200
    assert clerk.get(f"{RULES}/new").status_code == 403
    assert clerk.post(f"{RULES}/new/requires", typed()).status_code == 403
    assert auditor.get(f"{RULES}/try").status_code == 403
    rule = draft(manager())
    assert clerk.post(f"{RULES}/{rule.id}/force").status_code == 403
    assert clerk.post(f"{RULES}/{rule.id}/discard").status_code == 403


def test_a_draft_that_another_changed_meanwhile_is_not_written_over_unseen() -> None:
    shen, gao = manager(), manager("gaofeng")
    address = f"{RULES}/{draft(shen).id}/edit"
    opened = dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', gao.get(address).content.decode()))
    assert shen.post(address, typed(name_en="One")).status_code == 302
    told = gao.post(address, typed(name_en="Two") | opened)
    assert (told.status_code, "WEB-44" in told.content.decode()) == (422, True)
