"""Keys of assistants: who may make one, what it lends, what is kept of it; the pages for the person and the auditor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pydantic import Field

from tests.factories import staff as make
from tests.tmf.assistant.conftest import key
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import AssistantKeyNotHere
from tongke.areas.staff.models import PersonalToken
from tongke.areas.staff.queries.personal_tokens import lent
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.permissions import all_permissions
from tongke.tmf.assistant import declaring, plain, running
from tongke.tmf.assistant.declaring import Answer, Arguments, Asked, Tool, all_tools, tool

pytestmark = pytest.mark.django_db


def made(by: Actor, **more: Any) -> services.NewKey:
    return services.make_assistant_key(**{"name": "desk", "days": 30, "writing": False, **more}, by=by, at=clock.now())


def actor_of(token: str) -> Actor:
    found = queries.actor_of_personal_token(token, at=clock.now() + timedelta(seconds=1))
    assert found is not None
    return found


def test_the_actor_of_a_key_is_the_person_with_less() -> None:
    make.tree()
    make.role("tried", "party.view", "party.see_name", "party.create", "party.reveal", "account.reverse_payment", "staff.manage_staff", "staff.view")
    person = make.person("limin", roles=("tried",))
    reading, writing = actor_of(made(make.actor(person)).token), actor_of(made(make.actor(person), writing=True).token)
    assert (reading.name, reading.staff_id, reading.kind, reading.scope) == ("limin via assistant", person.id, "assistant", (3301,))
    assert reading.permissions == {"party.view", "party.see_name", "staff.view"}
    assert writing.permissions == reading.permissions | {"party.create"}


def test_nothing_sensitive_and_nothing_of_people_is_ever_lent() -> None:
    declared = all_permissions()
    given = lent(declared, writing=True)
    assert not {code for code in given if code.startswith("staff.") and not code.startswith("staff.view")}
    assert not {code for code in given if declared[code].sensitive and not code.partition(".")[2].startswith(("view", "see_"))}
    assert "party.reveal" not in given


def test_only_the_person_fully_signed_in_makes_and_takes_back() -> None:
    person = make.person("limin")
    by = make.actor(person)
    first = made(by)
    through = actor_of(first.token)
    own = frozenset({"staff.own"})
    for other in (
        replace(through, permissions=own), replace(by, extra={**by.extra, "restricted": "1"}), replace(by, extra={**by.extra, "password_owed": "1"}),
        replace(by, extra={**by.extra, "session_id": ""}), make.TESTER,
    ):
        with pytest.raises(AssistantKeyNotHere):
            made(other)
        with pytest.raises(AssistantKeyNotHere):
            services.revoke_assistant_key(token_id=first.id, by=other, at=clock.now())
    with pytest.raises(NotFound):
        services.revoke_assistant_key(token_id=first.id, by=make.actor(make.person("zhoujie")), at=clock.now())
    services.revoke_assistant_key(token_id=first.id, by=by, at=clock.now())
    services.revoke_assistant_key(token_id=first.id, by=by, at=clock.now())
    assert queries.actor_of_personal_token(first.token, at=clock.now()) is None


@pytest.mark.parametrize(("more", "code"), [
    ({"days": 0}, "SEC-44"), ({"days": 91}, "SEC-44"), ({"days": -5}, "SEC-44"), ({"name": " "}, "SEC-46"), ({"name": "x" * 61}, "SEC-46"),
])
def test_sec_44_and_46_bound_a_key(more: dict[str, Any], code: str) -> None:
    with pytest.raises(RulesBroken) as refused:
        made(make.actor(make.person()), **more)
    assert [broken.code for broken in refused.value.broken] == [code]


def test_sec_45_twenty_living_keys_are_enough_and_policy_may_allow_none() -> None:
    by = make.actor(make.person())
    for _n in range(20):
        last = made(by)
    with pytest.raises(RulesBroken) as refused:
        made(by)
    assert [broken.code for broken in refused.value.broken] == ["SEC-45"]
    services.revoke_assistant_key(token_id=last.id, by=by, at=clock.now())
    made(by)
    services.set_policy_figure(code="assistant_days_max", value=0, by=make.TESTER, at=clock.now() - timedelta(minutes=1))
    with pytest.raises(RulesBroken) as refused:
        made(make.actor(make.person()), days=1)
    assert [broken.code for broken in refused.value.broken] == ["SEC-44"]


def test_the_key_itself_is_kept_nowhere(as_owner: Any) -> None:
    token = made(make.actor(make.person("limin"))).token
    with as_owner() as cursor:
        cursor.execute("SELECT token_hash FROM staff_personal_token_key")
        ((kept,),) = cursor.fetchall()
        assert kept != token
        assert len(kept) == 64
        cursor.execute("SELECT count(*) FROM kernel_audit_row WHERE table_name = 'staff_personal_token' AND after::text LIKE %s", [f"%{kept}%"])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT actor FROM kernel_audit_row WHERE table_name = 'staff_personal_token'")
        assert cursor.fetchall() == [("limin",)]


def test_nobody_sees_the_keys_of_others() -> None:
    person = make.person("limin")
    made(make.actor(person))
    auditor = make.actor(make.person("linshan", org_id=1, roles=("auditor",)))
    with acting(auditor):
        assert PersonalToken.objects.count() == 0
    assert queries.own_tokens(by=auditor, at=clock.now()) == []


def _page(person: Any, language: str = "en") -> Client:
    client = make.signed_in(person)
    client.cookies["django_language"] = language
    return client


def test_a_key_is_made_on_the_page_and_shown_once() -> None:
    person = make.person("limin", locale="en")
    client = _page(person)
    assert "No program acts for you" in client.get("/assistant-access").content.decode()
    answer = client.post("/assistant-access", {"name": "<b>desk</b>", "reach": "write", "days": "7"})
    shown = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    token = shown.split('id="new-key"')[1].split(">")[1].split("<")[0]
    assert actor_of(token).extra["writing"] == "1"
    again = client.get("/assistant-access").content.decode()
    assert token not in again
    assert "&lt;b&gt;desk&lt;/b&gt;" in again
    assert client.post("/assistant-access/revoke", {"key": str(_only_id(person))}).status_code == 302
    assert queries.actor_of_personal_token(token, at=clock.now()) is None
    assert client.post("/assistant-access/revoke", {"key": "nothing"}).status_code == 404


def _only_id(person: Any) -> Any:
    with acting(make.TESTER):
        return PersonalToken.objects.get(staff=person).id


@pytest.mark.parametrize("sent", [{}, {"name": "x", "reach": "everything", "days": "1"}, {"name": "x", "reach": "read", "days": "91"},
                                  {"name": "x" * 61, "reach": "read", "days": "1"}, {"name": "x", "reach": "read", "days": "many"}])
def test_a_wrong_form_makes_no_key(sent: dict[str, str]) -> None:
    person = make.person()
    assert _page(person).post("/assistant-access", sent).status_code == 422
    with acting(make.TESTER):
        assert not PersonalToken.objects.filter(staff=person).exists()


def test_the_auditor_reads_every_call_of_the_area() -> None:
    person = make.person("limin")
    by, at = actor_of(key(person)), clock.now()
    running.run("explain_refusal", {"code": "CC-01"}, transport="http", by=by, at=at)
    running.run("find_customer", {"words": "王芳"}, transport="http", by=by, at=at)
    running.run("no_such_tool", {}, transport="http", by=by, at=at)
    auditor = make.person("linshan", org_id=1, roles=("auditor",), locale="en")
    page = _page(auditor).get("/assistant-calls").content.decode()
    for words in ("limin via assistant", "explain_refusal", "code: CC-01", "words: (2)", "TMF-81"):
        assert words in page, words
    assert "王芳" not in page
    refused = _page(auditor).get("/assistant-calls?outcome=refused").content.decode()
    assert "TMF-81" in refused
    assert "explain_refusal" not in refused
    for asked, count in (({"actor": "limin"}, 3), ({"tool": "find_customer"}, 1), ({"actor": "nobody"}, 0), ({"outcome": "ok"}, 2)):
        with acting(make.actor(auditor)) as looking:
            rows = queries.assistant_calls(by=looking, since=at - timedelta(days=1), until=at + timedelta(days=1), **asked)
        assert len(rows) == count, asked
    elsewhere = make.actor(make.person("zhaolei", org_id=3302, roles=("auditor",)))
    with acting(elsewhere):
        assert queries.assistant_calls(by=elsewhere, since=at - timedelta(days=1), until=at + timedelta(days=1)) == []
    assert _page(person).get("/assistant-calls").status_code == 403


def test_what_an_assistant_did_is_found_under_the_persons_name() -> None:
    auditor = make.actor(make.person("linshan", org_id=1, roles=("auditor",)))
    person = make.person("limin")
    by, at = actor_of(key(person)), clock.now()
    services.record_look(kind="assistant", customer_id=None, org_id=3301, purpose="service", by=by, at=at)
    with acting(auditor):
        rows = queries.looks_page(by=auditor, since=at - timedelta(hours=1), until=at + timedelta(hours=1), actor="limin")
    assert [row.actor for row in rows] == ["limin via assistant"]


def test_signs_that_nobody_sees_are_left_out() -> None:
    hidden = "账单\u200b\u202e太高\U000e0049\U000e0067\x07\n第二行"
    assert plain.visible({"a": [hidden], "n": 1, "long": "x" * 3000}) == {"a": ["账单太高\n第二行"], "n": 1, "long": "x" * 2000 + "…"}


def test_every_tool_says_what_it_does() -> None:
    for one in all_tools().values():
        assert len(one.description) > 40
        for name, field in one.arguments.model_fields.items():
            assert field.description, f"{one.name}.{name}"
        assert one.arguments.model_config["extra"] == "forbid"


@pytest.fixture
def dividing() -> Iterator[Tool]:
    """Declare one more tool, as a contributor does: one function, nothing else."""

    @tool("Divide")
    def divide(arguments: Division, asked: Asked) -> Share:
        """Divide a hundred by a number: what is left of nothing is a fault of ours."""
        del asked
        return Share(share=100 // arguments.by)

    all_tools.cache_clear()
    yield divide
    declaring._tools.pop("divide")
    all_tools.cache_clear()


class Division(Arguments):
    """By what to divide."""

    by: int = Field(description="The number.")


class Share(Answer):
    """What comes out."""

    share: int


def test_one_declaration_adds_a_tool_and_its_faults_tell_nothing(dividing: Tool, caplog: pytest.LogCaptureFixture) -> None:
    by = actor_of(key(make.person("limin", locale="en")))
    assert running.run("divide", {"by": 4}, transport="http", by=by, at=clock.now()).content == {"share": 25}
    outcome = running.run("divide", {"by": 0}, transport="http", by=by, at=clock.now())
    assert outcome.refused
    assert outcome.content["error"]["code"] == "GEN-500"
    assert "ZeroDivision" not in str(outcome.content)
    assert "tool divide failed" in caplog.text
    with acting(make.actor(make.person("linshan", org_id=1, roles=("auditor",)))) as auditor:
        rows = queries.assistant_calls(by=auditor, since=clock.now() - timedelta(hours=1), until=clock.now() + timedelta(hours=1))
    assert [(row.outcome, row.arguments) for row in rows] == [("GEN-500", {"by": 0}), ("ok", {"by": 4})]
