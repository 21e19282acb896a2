"""The search's pages as a browser gets them."""

from __future__ import annotations

import pytest

from tests.factories import party, staff
from tongke.areas.party.services import MediumDraft

pytestmark = pytest.mark.django_db


def test_results_show_what_the_customer_was_found_by() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    made = party.customer("王芳", media=(MediumDraft(kind="mobile", given="13857100001"),))
    answer = client.get("/search", {"q": "王芳"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"/customers/{made.customer_id}" in page
    assert answer["Cache-Control"] == "no-store"


def test_nothing_found_says_what_can_be_done() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    page = client.get("/search", {"q": "诸葛无名"}).content.decode()
    assert "/customers/new" in page


def test_suggestions_wait_for_two_letters_but_one_character_is_enough() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    made = party.customer("王芳")
    assert str(made.customer_id) not in client.get("/search/suggest", {"q": "w"}).content.decode()
    assert str(made.customer_id) in client.get("/search/suggest", {"q": "王"}).content.decode()
    assert str(made.customer_id) in client.get("/search/suggest", {"q": "wf"}).content.decode()


def test_the_json_tells_kinds_rows_and_more() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    made = party.customer("王芳")
    answer = client.get("/api/search", {"q": "wangfang"}).json()
    assert answer["more"] is False
    assert [row["id"] for row in answer["results"]] == [str(made.customer_id)]
    assert answer["results"][0]["found_by"] == "pinyin"


def test_markup_in_the_question_stays_text() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page


def test_strangers_are_asked_to_sign_in() -> None:
    staff.tree()
    from django.test import Client  # noqa: PLC0415 - Django is set up by then

    assert Client().get("/api/search", {"q": "王"}).status_code == 401
