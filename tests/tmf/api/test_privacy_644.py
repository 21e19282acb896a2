"""TMF644: privacy profiles are parties' consents; agreements move along their life cycle."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.factories import party as make
from tests.factories import staff
from tests.factories.clients import actor
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.telling import told
from tongke.areas.party import services
from tongke.areas.party.models import Consent
from tongke.kernel.actor import acting
from tongke.tmf.kit.registry import all_apis

pytestmark = pytest.mark.django_db
PROFILE = "partyPrivacyProfile"
AGREEMENT = "partyPrivacyAgreement"
WRITER = ("party.view", "party.consent", "party.create", "integration.view", "integration.documents", "party.see_name")


@pytest.fixture
def profiles() -> Caller:
    return Caller(PROFILE, org_id=3301)


@pytest.fixture
def agreements() -> Caller:
    staff.tree()
    staff.role("documents", *WRITER)
    return Caller(AGREEMENT, "documents", org_id=3301)


@pytest.fixture
def party() -> str:
    return str(services.record_party(make.draft("王芳", consents=()), by=actor("integrator", org_id=3301), at=make.NOON))


def body(party: str, **more: Any) -> dict[str, Any]:
    reference = {"id": party, "@referredType": "Individual"}
    return {
        "agreedByParty": {**reference, "role": "owner"}, "applicableForParty": reference, "name": "Consents of the web shop", "description": "asked at checkout",
        "partyPrivacyProfileSpecification": {"id": "spec-1", "name": "Web shop"}, "agreement": {"id": "agr-1"},
        "partyPrivacyProfileCharacteristic": [
            {"name": "marketing/sms", "value": "granted", "privacyUsagePurpose": "marketing", "valueType": "string", "evidence": "ticked the box"},
            {"name": "profiling", "value": "denied"}],
        "validFor": {"endDateTime": "2030-01-01T00:00:00.000Z"}, "@type": "ShopProfile", **more,
    }


def answers(party: str) -> dict[str, str]:
    with acting(make.TESTER):
        return {f"{c.purpose}/{c.channel}": c.state for c in Consent.objects.filter(party_id=party, valid_until=None)}


def said(document: dict[str, Any]) -> dict[str, str]:
    return {item["name"]: item["value"] for item in document["partyPrivacyProfileCharacteristic"]}


def test_a_profile_is_recorded_as_consents_and_comes_back(profiles: Caller, party: str) -> None:
    made = profiles.made(body(party))
    same = ("name", "description", "partyPrivacyProfileSpecification", "agreement", "validFor", "@type")
    assert {name: made[name] for name in same} == {name: body(party)[name] for name in same}
    assert (made["status"], made["agreedByParty"]["id"], made["agreedByParty"]["role"], made["applicableForParty"]["name"]) == ("created", party, "owner", "王芳")
    first = made["partyPrivacyProfileCharacteristic"][0]
    assert (first["evidence"], first["valueType"], first["source"][:7]) == ("ticked the box", "string", "client:")
    assert made["partyPrivacyProfileCharacteristic"][1]["evidence"] == "agr-1"
    assert answers(party) == {"marketing/sms": "granted", "profiling/any": "denied"}
    assert profiles.get(made["id"]).json() == made
    assert profiles.found("partyPrivacyProfileCharacteristic.name=marketing/sms&status=created") == [made["id"]]
    refused(profiles.post(body(party)), 409, "TMF-11")


def test_consents_of_the_hall_are_a_profile(profiles: Caller) -> None:
    made = make.customer("王芳")
    shown = profiles.get(made.party_id).json()
    assert said(shown) == {"marketing/sms": "granted"}
    assert shown["partyPrivacyProfileSpecification"]["id"] == "consents"
    assert profiles.found("") == [str(made.party_id)]


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"agreedByParty": None}, 400, "agreedByParty"), ({"partyPrivacyProfileSpecification": None}, 400, "partyPrivacyProfileSpecification"),
    ({"partyPrivacyProfileCharacteristic": None}, 400, "partyPrivacyProfileCharacteristic"), ({"partyPrivacyProfileCharacteristic": []}, 400, "Characteristic"),
    ({"agreedByParty": {"id": NOWHERE}, "applicableForParty": None}, 422, "TMF-12"), ({"agreedByParty": {"id": "crm-9"}, "applicableForParty": None}, 422, "TMF-12"),
    ({"applicableForParty": {"id": "other"}}, 400, "applicableForParty"),
    ({"partyPrivacyProfileCharacteristic": [{"name": "espionage", "value": "granted"}]}, 422, "PTY-40"),
    ({"partyPrivacyProfileCharacteristic": [{"name": "marketing/pigeon", "value": "granted"}]}, 422, "PTY-40"),
    ({"partyPrivacyProfileCharacteristic": [{"name": "marketing", "value": True}]}, 400, "[0]"),
    ({"partyPrivacyProfileCharacteristic": [{"name": "marketing", "value": "granted"}, {"name": "marketing/any", "value": "denied"}]}, 400, "[1]"),
    ({"partyPrivacyProfileCharacteristic": [{"name": "marketing", "value": "granted", "source": "elsewhere"}]}, 422, "source"),
])
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(profiles: Caller, party: str, wrong: dict[str, Any], status: int, word: str) -> None:
    refused(profiles.post(body(party, **wrong)), status, word)
    assert answers(party) == {}


@pytest.mark.parametrize("name", ["id", "href"])
def test_what_only_the_server_sets_is_refused_by_name(profiles: Caller, party: str, name: str) -> None:
    refused(profiles.post(body(party, **{name: "x"})), 400, name)


def test_answers_are_changed_withdrawn_and_added_never_dropped(profiles: Caller, party: str) -> None:
    made = profiles.made(body(party))
    first, second = made["partyPrivacyProfileCharacteristic"]
    changed = profiles.patched(made["id"], {"partyPrivacyProfileCharacteristic": [
        {**first, "value": "withdrawn", "evidence": "wrote to us"}, {"name": "profiling", "value": "granted"}, {"name": "survey", "value": "denied"}]})
    assert said(changed) == {"marketing/sms": "withdrawn", "profiling": "granted", "survey": "denied"}
    refused(profiles.patch(made["id"], {"partyPrivacyProfileCharacteristic": [first]}), 422, "TMF-13")
    again = profiles.patched(made["id"], [{"op": "add", "path": "/partyPrivacyProfileCharacteristic/-", "value": {"name": "third_party", "value": "denied"}}], PATCH)
    assert said(again)["third_party"] == "denied"
    assert second["name"] == "profiling"
    with acting(make.TESTER):
        assert Consent.objects.filter(party_id=party).count() == 6
    place = [item["name"] for item in again["partyPrivacyProfileCharacteristic"]].index("survey")
    refused(profiles.patch(made["id"], [{"op": "replace", "path": f"/partyPrivacyProfileCharacteristic/{place}/value", "value": "withdrawn"}], PATCH), 422, "PTY-42")


@pytest.mark.parametrize("how", ["patch", "delete"])
def test_a_profile_that_ends_is_withdrawn_and_can_be_proven(profiles: Caller, party: str, how: str) -> None:
    made = profiles.made(body(party))
    answer = profiles.patch(made["id"], {"status": "terminated"}) if how == "patch" else profiles.delete(made["id"])
    assert answer.status_code == (200 if how == "patch" else 204)
    shown = profiles.get(made["id"]).json()
    assert (shown["status"], set(said(shown).values())) == ("terminated", {"withdrawn"})
    refused(profiles.patch(made["id"], {"status": "created"}), 409, "TMF-14")
    assert profiles.post(body(party)).status_code == 201
    assert profiles.get(made["id"]).json()["status"] == "created"


def test_two_organisations_do_not_see_one_another(profiles: Caller, party: str) -> None:
    made = profiles.made(body(party))
    other = Caller(PROFILE, org_id=3302)
    for answer in (other.get(made["id"]), other.patch(made["id"], {"status": "terminated"}), other.delete(made["id"])):
        refused(answer, 404)
    refused(other.post(body(party)), 422, "TMF-12")


def test_who_may_not_see_or_record_is_held_back(profiles: Caller, party: str) -> None:
    made = profiles.made(body(party))
    blind = Caller(PROFILE, "agent", org_id=3301, scope="party.view")
    assert blind.get(made["id"]).json()["agreedByParty"]["name"] == "王*"
    refused(blind.patch(made["id"], {"status": "terminated"}), 403, "party.consent")


AGREED: dict[str, Any] = {
    "agreementType": "privacy", "name": "GDPR", "agreementItem": [{"termOrCondition": [{"description": "all"}], "product": [{"id": "p-1"}]}],
    "engagedParty": [{"id": "x", "@referredType": "Individual"}], "documentNumber": 7, "initialDate": "2026-01-01T00:00:00.000Z",
    "agreementAuthorization": [{"state": "signed", "date": "2026-01-01T00:00:00.000Z"}], "characteristic": [{"name": "a", "value": [1]}], "ourKey": 1,
}
MOVES = {"initialized": {"inProgress"}, "inProgress": {"validated", "rejected", "pendingUpdate"}, "pendingUpdate": {"inProgress"}, "validated": {"inProgress"},
         "rejected": set()}
PATHS: dict[str, tuple[str, ...]] = {
    "initialized": (), "inProgress": ("inProgress",), "pendingUpdate": ("inProgress", "pendingUpdate"), "validated": ("inProgress", "validated"),
    "rejected": ("inProgress", "rejected"),
}


@pytest.mark.parametrize("before", sorted(MOVES))
def test_every_state_of_an_agreement_with_every_move(agreements: Caller, before: str) -> None:
    for after in MOVES:
        made = agreements.made(AGREED)
        for step in PATHS[before]:
            agreements.patched(made["id"], {"status": step})
        answer = agreements.patch(made["id"], {"status": after})
        if after == before or after in MOVES[before]:
            assert answer.json()["status"] == after
        else:
            refused(answer, 409, "TMF-14")


def test_agreements_and_specifications_come_back_as_sent(agreements: Caller) -> None:
    made = agreements.made(AGREED)
    assert {name: made[name] for name in AGREED} == AGREED
    assert made["status"] == "initialized"
    for name in ("agreementType", "name", "agreementItem", "engagedParty"):
        refused(agreements.post({**AGREED, name: None}), 400, name)
    refused(agreements.post({**AGREED, "status": "validated"}), 409, "TMF-14")
    specifications = Caller("partyPrivacyProfileSpecification", "documents", org_id=3301)
    wanted = {"partyPrivacyProfileSpecCharacteristic": [{"name": "marketing", "partyPrivacyProfileSpecCharacteristicValue": [{"value": "granted", "isDefault": False}]}],
              "status": "inDesign", "version": "1", "applicableRole": [{"name": "customer"}]}
    kept = specifications.made(wanted)
    assert {name: kept[name] for name in wanted} == wanted
    refused(specifications.post({"name": "x"}), 400, "partyPrivacyProfileSpecCharacteristic")
    assert specifications.delete(kept["id"]).status_code == 204
    refused(specifications.get(kept["id"]), 404)


def test_every_official_event_is_told(profiles: Caller, agreements: Caller, party: str) -> None:
    made = profiles.made(body(party))
    profiles.delete(made["id"])
    assert told("644/v4", resource=PROFILE) == [f"PartyPrivacyProfile{word}Event" for word in (
        "Create", "AttributeValueChange", "AttributeValueChange", "AttributeValueChange", "StatusChange", "Delete")]
    document = agreements.made(AGREED)
    agreements.patched(document["id"], {"status": "inProgress"})
    agreements.patched(document["id"], {"description": "x"})
    assert told("644/v4", resource=AGREEMENT) == [f"PartyPrivacyAgreement{word}Event" for word in ("Create", "StatusChange", "AttributeValueChange")]


def test_what_is_told_exists(official_files: Any) -> None:
    api = next(a for a in all_apis() if a.number == "644")
    listeners = {path for path in json.loads((official_files / "TMF644-v4.json").read_text())["paths"] if path.startswith("/listener/")}
    assert {f"/listener/{t.type[0].lower()}{t.type[1:]}" for r in api.resources for t in r.told} == listeners
