"""Discounts at the counter: within authority at once, above it asked for and given once approved, taken back."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from tests.areas.ordering import making as make
from tests.factories import pricing, staff
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import DiscountGrant
from tongke.areas.staff.models import Approval
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> UUID:
    """王芳; clerks may take 10 % and 20 yuan off a monthly fee."""
    staff.tree()
    pricing.offer("M59", pricing.monthly("59.00"), name_zh="畅享59", name_en="Plan 59")
    services.set_discount_authority(role_code="clerk", percent_max=Decimal(10), amount_max=Decimal(20), by=make.TESTER, at=clock.now())
    return make.person()


def clerk(name: str = "limin", *, roles: tuple[str, ...] = ("clerk",), locale: str = "en") -> Client:
    """A clerk of Hangzhou."""
    return staff.signed_in_at(3301, *roles, username=name, locale=locale)


def give(client: Client, customer: UUID, **more: str) -> object:
    """Send the form."""
    return client.post(f"/customers/{customer}/discounts/new", {"offering": "M59", "price": "monthly", "reason": "loyal for years", **more})


def test_within_authority_at_once_and_taken_back(customer: UUID) -> None:
    """The form tells the authority; the promise stands in the list and can be taken back."""
    client = clerk()
    page = client.get(f"/customers/{customer}/discounts/new?offering=M59").content.decode()
    assert "up to 10% and ¥20.00" in page
    assert give(client, customer, percent="10", months="6").status_code == 302  # type: ignore[attr-defined]  # the answer of the client
    listed = client.get(f"/customers/{customer}/discounts").content.decode()
    assert "−10% · 6 months" in listed
    assert "loyal for years" in listed
    with acting(make.TESTER):
        grant = DiscountGrant.objects.get(customer_id=customer)
    assert client.post(f"/customers/{customer}/discounts/{grant.id}/release").status_code == 302
    assert "taken back" in client.get(f"/customers/{customer}/discounts").content.decode()
    other = make.person("李雷")
    assert client.post(f"/customers/{other}/discounts/{grant.id}/release").status_code == 404
    assert "已收回" in clerk("zhoujie", locale="zh-hans").get(f"/customers/{customer}/discounts").content.decode()


def test_above_authority_a_second_person_is_asked(customer: UUID) -> None:
    """Nothing is promised until somebody else approves; then the asker gives exactly that, once."""
    client = clerk()
    refused = give(client, customer, percent="30")
    assert refused.status_code == 403  # type: ignore[attr-defined]  # the answer of the client
    assert give(client, customer, percent="30", ask="on").status_code == 302  # type: ignore[attr-defined]  # as above
    with acting(make.TESTER):
        assert not DiscountGrant.objects.exists()
        asked = Approval.objects.get(kind="catalogue_discount")
    page = client.get(f"/customers/{customer}/discounts").content.decode()
    assert "waits for a second person" in page
    assert client.post(f"/customers/{customer}/discounts/approved/{asked.id}").status_code == 403
    supervisor = clerk("sunli", roles=("supervisor",))
    assert supervisor.post(f"/approvals/{asked.id}", {"decision": "approve", "note": "ok"}).status_code == 302
    assert "approved: may be given" in client.get(f"/customers/{customer}/discounts").content.decode()
    assert client.post(f"/customers/{customer}/discounts/approved/{asked.id}").status_code == 302
    assert client.post(f"/customers/{customer}/discounts/approved/{asked.id}").status_code == 404
    with acting(make.TESTER):
        grant = DiscountGrant.objects.get(customer_id=customer)
    assert (grant.percent, grant.approval_id) == (Decimal(30), asked.id)


@pytest.mark.parametrize(("more", "code"), [
    ({}, "CAT-142"), ({"percent": "5", "amount": "5"}, "CAT-142"), ({"percent": "5", "reason": "x"}, "CAT-141"),
])
def test_what_cannot_be_is_said_with_its_code(customer: UUID, more: dict[str, str], code: str) -> None:
    """The rules of the verb stand beside the form."""
    answer = give(clerk(), customer, **more)
    assert answer.status_code == 422  # type: ignore[attr-defined]  # the answer of the client
    assert code in answer.content.decode()  # type: ignore[attr-defined]  # as above


def test_who_may_not_give_discounts(customer: UUID) -> None:
    """An analyst neither sees nor gives."""
    client = clerk("zhengnan", roles=("analyst",))
    assert client.get(f"/customers/{customer}/discounts").status_code == 403
    assert client.get(f"/customers/{customer}/discounts/new").status_code == 403
