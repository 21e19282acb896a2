"""Points on their pages: lots with the first to expire first, booked, redeemed, given back, frozen by debt; what is owed in points."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.areas.ordering import making as make
from tests.factories import accounts, staff
from tongke.areas.account import services
from tongke.areas.account.models import PointsLot, PointsMove
from tongke.areas.party.models import Customer
from tongke.areas.staff.models import Approval
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> UUID:
    """王芳 with 300 points of a bill."""
    staff.tree()
    made = make.person()
    services.earn_points(customer_id=made, points=300, source="bill", key="B1", reference="B2610", by=make.TESTER, at=clock.now())
    return made


def clerk(*roles: str, org_id: int = 3301, locale: str = "en") -> Client:
    """Somebody of Hangzhou."""
    return staff.signed_in_at(org_id, *(roles or ("clerk",)), locale=locale)


def test_lots_and_moves_in_both_languages(customer: UUID) -> None:
    """Balance, lots with expiry, moves."""
    page = clerk().get(f"/customers/{customer}/points").content.decode()
    assert "Points to use" in page
    assert "300" in page
    assert "Bill paid" in page
    assert "B2610" in page
    assert "积分批次" in clerk(locale="zh-hans").get(f"/customers/{customer}/points").content.decode()


def test_booked_redeemed_and_given_back(customer: UUID) -> None:
    """Each by its form; sent twice it is booked once; the button carries the booking's key."""
    client = clerk()
    base = f"/customers/{customer}/points"
    sent = {"points": "50", "source": "goodwill", "reason": "fault of last week", "form_token": "one"}
    assert client.post(f"{base}/earn", sent).status_code == 302
    assert client.post(f"{base}/earn", sent).status_code == 302
    assert client.post(f"{base}/redeem", {"points": "320", "reason": "headset", "form_token": "two"}).status_code == 302
    page = client.get(base).content.decode()
    assert "from 2 lots" in page
    assert "headset" in page
    with acting(make.TESTER):
        key = PointsMove.objects.filter(kind="use").values_list("key", flat=True).first()
        assert PointsMove.objects.filter(kind="earn").count() == 2
    assert f'value="{key}"' in page
    assert client.post(f"{base}/give-back", {"key": key, "reason": "sent back"}).status_code == 302
    after = client.get(base).content.decode()
    assert "350" in after
    assert f'value="{key}"' not in after


@pytest.mark.parametrize(("where", "sent", "code"), [
    ("redeem", {"points": "999", "reason": "headset"}, "ACC-51"), ("earn", {"points": "5", "source": "goodwill", "reason": ""}, "ACC-57"),
])
def test_what_cannot_be_is_said_with_its_code(customer: UUID, where: str, sent: dict[str, str], code: str) -> None:
    """The rules of the verbs stand beside the form."""
    answer = clerk().post(f"/customers/{customer}/points/{where}", sent)
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_debt_freezes_and_the_page_says_why(customer: UUID) -> None:
    """The reason stands on top with the sum owed; redeeming is refused with its code."""
    with acting(make.TESTER):
        accounts.bill(accounts.account(Customer.objects.get(id=customer)), month=1, amount="88.00")
    client = clerk()
    page = client.get(f"/customers/{customer}/points").content.decode()
    assert "The points are frozen: the customer owes ¥88.00" in page
    assert f"/customers/{customer}/points/redeem" not in page
    answer = client.post(f"/customers/{customer}/points/redeem", {"points": "10", "reason": "headset"})
    assert answer.status_code == 422
    assert "ACC-52" in answer.content.decode()


def test_who_may_only_look(customer: UUID) -> None:
    """An agent sees points and books none."""
    agent = clerk("agent")
    page = agent.get(f"/customers/{customer}/points").content.decode()
    assert "Points to use" in page
    assert "points/earn" not in page
    assert agent.get(f"/customers/{customer}/points/earn").status_code == 403
    assert agent.post(f"/customers/{customer}/points/give-back", {"key": "x"}).status_code == 403


def test_what_is_owed_in_points(customer: UUID) -> None:
    """By month and organisation with the value; as a file for whoever may export; not for clerks; within scope."""
    supervisor = clerk("supervisor")
    page = supervisor.get("/points/liability").content.decode()
    assert "Points left" in page
    assert "300" in page
    file = supervisor.get("/points/liability?export=csv")
    assert file.status_code == 200
    assert "300" in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer
    assert clerk().get("/points/liability").status_code == 403
    nanjing = clerk("supervisor", org_id=3201).get("/points/liability").content.decode()
    assert "No points are left in any lot" in nanjing
    assert customer is not None


FIGURES = {"points_per_yuan": "0.5", "life_months": "24", "yuan_per_point": "0.02", "redeem_min": "100", "owed_max": "10.00", "org_id": "33", "valid_from": "",
           "reason": "autumn campaign"}


def test_the_rules_for_points_are_seen_and_changed_by_two_who_may() -> None:
    """One asks, another decides, then they hold with both names; another level's rows are not in sight of a local network."""
    boss = clerk("supervisor", org_id=33)
    page = boss.get("/points/policy").content.decode()
    assert "payments earn none" in page
    assert boss.post("/points/policy/change", {**FIGURES, "life_months": "0"}).status_code == 422
    assert boss.post("/points/policy/change", FIGURES).status_code == 302
    page = boss.get("/points/policy").content.decode()
    assert "waits for a second person" in page
    assert "0.5 for each yuan, a point worth ¥0.02" in page
    assert "payments earn none" in page
    with acting(make.TESTER):
        asked = Approval.objects.get(kind="account.points_policy")
    assert boss.post(f"/approvals/{asked.id}", {"decision": "approve"}).status_code == 422
    second = staff.signed_in_at(1, "product_manager", username="gaofeng", locale="en")
    told = second.get(f"/approvals/{asked.id}").content.decode()
    for words in ("Points for each yuan paid", "Months of life", "as soon as approved", "autumn campaign"):
        assert words in told
    assert second.post(f"/approvals/{asked.id}", {"decision": "approve"}).status_code == 302
    page = boss.get("/points/policy").content.decode()
    assert "waits for a second person" not in page
    assert "payments earn none" not in page
    assert "autumn campaign" in page
    assert "approved by" in page
    analyst = clerk("analyst", org_id=33)
    assert "autumn campaign" in analyst.get("/points/policy").content.decode()
    assert analyst.get("/points/policy/change").status_code == 403
    assert clerk().get("/points/policy").status_code == 403
    assert "积分规则" in clerk("supervisor", locale="zh-hans").get("/points/policy").content.decode()


def test_what_is_owed_leads_to_the_lots_and_what_was_earned_in_error_is_told(customer: UUID) -> None:
    """From the report to the month's lots to the customer; out of scope nothing is told."""
    boss = clerk("supervisor")
    with acting(make.TESTER):
        lot = PointsLot.objects.get()
        number = Customer.objects.get(id=customer).customer_no
    address = f"/points/liability/3301/{lot.expires_on:%Y-%m-%d}"
    assert address in boss.get("/points/liability").content.decode()
    assert number in boss.get(address).content.decode()
    assert number not in clerk("supervisor", org_id=3302).get(address).content.decode()
    assert boss.get("/points/liability/3301/soon").status_code == 404
    services.redeem_points(customer_id=customer, points=100, key="o", by=make.TESTER, at=clock.now())
    services.cancel_earned_points(customer_id=customer, key="B1", reason="paid by mistake", by=make.TESTER, at=clock.now())
    page = boss.get(f"/customers/{customer}/points").content.decode()
    assert "100 points were redeemed that had been earned in error" in page
    assert "earned in error" in page
