"""What is searched for stands in no address: not of the results, not of a link, not of a redirect."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import party, staff
from tongke.areas.party.services import MediumDraft

pytestmark = pytest.mark.django_db
PHONE = "13857100001"


def clerk() -> Client:
    return staff.signed_in(staff.person(roles=("clerk",)), enforce_csrf_checks=True)


def test_the_only_hit_opens_at_once() -> None:
    client = clerk()
    made = party.customer("王芳", media=(MediumDraft(kind="mobile", given=PHONE),))
    answer = client.post("/search", {"q": PHONE})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{made.customer_id}")


def test_several_hits_have_a_sealed_address_that_can_be_opened_again() -> None:
    client = clerk()
    for _number in range(2):
        party.customer("王芳")
    answer = client.post("/search", {"q": "王芳"})
    assert answer.status_code == 302
    assert "王芳" not in answer["Location"]
    assert "%E7" not in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert page.count("王芳") >= 2


@pytest.mark.parametrize("token", ["", "x", "AAAA", "%FF", "a" * 4000])
def test_a_damaged_address_finds_nothing_and_breaks_nothing(token: str) -> None:
    assert clerk().get("/search", {"t": token}).status_code == 200


def test_suggestions_and_json_take_the_words_in_the_body() -> None:
    client = clerk()
    made = party.customer("王芳", media=(MediumDraft(kind="mobile", given=PHONE),))
    suggested = client.post("/search/suggest", {"q": PHONE}).content.decode()
    assert str(made.customer_id) in suggested
    assert PHONE not in suggested
    assert client.post("/api/search", {"q": PHONE}).json()["results"][0]["id"] == str(made.customer_id)
    assert client.post("/api/customers", {"phone": PHONE}).json()["id"] == str(made.customer_id)


def test_refusals_do_not_repeat_what_was_typed() -> None:
    answer = clerk().post("/api/customers", {"phone": "330102199001011234x"})
    assert answer.status_code == 400
    assert "330102" not in answer.content.decode()
