"""TMF651: agreements and their specifications, kept whole, with a life cycle."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import staff as make
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.test_product_637 import told_of
from tongke.tmf.api.agreement_651 import AGREEMENT_MOVES, SPECIFICATION_MOVES

pytestmark = pytest.mark.django_db
PARTY = {"id": "0c-1", "name": "浙江蓝海贸易有限公司", "@referredType": "Organization", "role": "customer"}
AGREEMENT: dict[str, Any] = {
    "name": "Frame 2026", "agreementType": "commercial", "engagedParty": [PARTY],
    "agreementItem": [{"product": [{"id": "p-1"}], "termOrCondition": [{"id": "t1", "description": "24 months"}]}],
}
RICH: dict[str, Any] = {
    "description": "d", "documentNumber": 26001, "initialDate": "2026-03-01T00:00:00.000Z", "statementOfIntent": "s", "version": "1.1",
    "agreementAuthorization": [{"date": "2026-03-01T09:30:00.000Z", "signatureRepresentation": "seal", "state": "approved"}],
    "agreementPeriod": {"startDateTime": "2026-03-01T00:00:00.000Z"}, "agreementSpecification": {"id": "s-1", "description": "frame"},
    "associatedAgreement": [{"id": "a-0"}], "characteristic": [{"name": "discount", "value": 0.1}], "completionDate": {"endDateTime": "2028-03-01T00:00:00.000Z"},
    "folder": {"shelf": [1, {"row": "b"}]}, "@type": "FrameAgreement", "@baseType": "Agreement", "@schemaLocation": "https://schemas.example/frame.json",
}
SPECIFICATION: dict[str, Any] = {"name": "Frame", "attachment": [{"id": "f", "mimeType": "application/pdf", "url": "https://files.example/f.pdf"}]}


def keeper(resource: str = "agreement", org_id: int = 3301) -> Caller:
    """A client that may keep documents."""
    make.tree()
    make.role("documents", "integration.view", "integration.documents")
    return Caller(resource, "documents", org_id=org_id)


def test_an_agreement_comes_back_as_it_was_sent() -> None:
    there = keeper()
    made = there.made({**AGREEMENT, **RICH})
    assert {name: made[name] for name in {**AGREEMENT, **RICH}} == {**AGREEMENT, **RICH}
    assert made["status"] == "inProcess"
    assert there.get(made["id"]).json() == made


LIVES: dict[str, tuple[dict[str, Any], str, dict[str, tuple[str, ...]], str]] = {
    "agreement": (AGREEMENT, "status", AGREEMENT_MOVES, "inProcess"),
    "agreementSpecification": (SPECIFICATION, "lifecycleStatus", SPECIFICATION_MOVES, "inStudy"),
}


@pytest.mark.parametrize("resource", LIVES)
def test_every_state_from_every_state(resource: str, as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    there = keeper(resource)
    body, attribute, moves, first = LIVES[resource]
    states = [state for state in moves if state]
    for start in states:
        ident = there.made(body)["id"]
        for end in states:
            with as_owner() as cursor:
                cursor.execute("UPDATE tmf_document SET state = %s, content = content || jsonb_build_object(%s::text, %s::text) WHERE id = %s",
                               [start, attribute, start, ident])
            answer = there.patch(ident, {attribute: end})
            if end == start or end in moves[start]:
                assert (answer.status_code, answer.json()[attribute]) == (200, end), (start, end)
            else:
                refused(answer, 409, "TMF-14")
    for state in states:
        answer = there.post({**body, attribute: state})
        assert answer.status_code == (201 if state == first or state in moves[""] else 409), state


@pytest.mark.parametrize("name", ["name", "agreementType", "agreementItem", "engagedParty"])
def test_what_is_mandatory_is_asked_for_by_name(name: str) -> None:
    refused(keeper().post({**AGREEMENT, name: None}), 400, name)


@pytest.mark.parametrize(("resource", "body", "name"), [
    ("agreement", AGREEMENT, "id"), ("agreement", AGREEMENT, "href"), ("agreementSpecification", SPECIFICATION, "id"),
    ("agreementSpecification", SPECIFICATION, "href"), ("agreementSpecification", SPECIFICATION, "lastUpdate"),
])
def test_what_only_the_server_sets_is_refused_by_name(resource: str, body: dict[str, Any], name: str) -> None:
    there = keeper(resource)
    value = "2026-01-01T00:00:00Z" if name == "lastUpdate" else "x"
    refused(there.post({**body, name: value}), 400, name)
    made = there.made(body)
    refused(there.patch(made["id"], {name: value}), 400, name)
    assert there.get(made["id"]).json() == made


def test_patches_by_both_forms() -> None:
    there = keeper()
    made = there.made({**AGREEMENT, **RICH})
    after = there.patched(made["id"], {"description": None, "folder": {"shelf": None, "box": 2}, "status": "approved"})
    assert ("description" in after, after["folder"], after["status"]) == (False, {"box": 2}, "approved")
    after = there.patched(made["id"], [
        {"op": "test", "path": "/status", "value": "approved"}, {"op": "add", "path": "/engagedParty/-", "value": {**PARTY, "id": "0c-2"}},
        {"op": "remove", "path": "/associatedAgreement"}], PATCH)
    assert ([p["id"] for p in after["engagedParty"]], "associatedAgreement" in after) == (["0c-1", "0c-2"], False)
    refused(there.patch(made["id"], {"completionDate": {"endDateTime": "2030-01-01T00:00:00Z"}}), 400, "completionDate")
    refused(there.patch(made["id"], {"engagedParty": "me"}), 400, "engagedParty")


def test_two_organisations_see_nothing_of_each_other() -> None:
    here, there = keeper(), keeper(org_id=3302)
    ident = here.made(AGREEMENT)["id"]
    for answer in (there.get(ident), there.patch(ident, {"name": "z"}), there.delete(ident), there.get(NOWHERE)):
        refused(answer, 404)
    assert there.found(f"engagedParty.id={PARTY['id']}") == []
    assert here.delete(ident).status_code == 204
    refused(here.get(ident), 404)


def test_who_holds_other_rights_neither_reads_nor_writes() -> None:
    ident = keeper().made(AGREEMENT)["id"]
    make.role("reader", "integration.view")
    reader = Caller("agreement", "reader", org_id=3301)
    assert reader.get(ident).status_code == 200
    refused(reader.post(AGREEMENT), 403)
    refused(reader.patch(ident, {"name": "z"}), 403)
    refused(reader.delete(ident), 403)
    make.role("stranger", "party.view")
    refused(Caller("agreement", "stranger", org_id=3301).get(ident), 403)


def test_lists_find_by_party_product_specification_and_state() -> None:
    there = keeper()
    rich = there.made({**AGREEMENT, **RICH, "name": "Other"})["id"]
    bare = there.made({**AGREEMENT, "engagedParty": [{**PARTY, "id": "0c-2"}], "agreementItem": [{}]})["id"]
    for query, found in (("engagedParty.id=0c-1", [rich]), ("engagedParty.id=0c-1,0c-2", sorted([rich, bare])), ("agreementItem.product.id=p-1", [rich]),
                         ("agreementSpecification.id=s-1", [rich]), ("name=Frame 2026", [bare]), ("status=approved", []), ("documentNumber>26000", [rich])):
        assert sorted(there.found(query)) == found, query
    assert sorted(keeper(org_id=1).found("engagedParty.id=0c-1,0c-2")) == sorted([rich, bare])


def test_a_party_is_found_by_an_index(as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    keeper().made(AGREEMENT)
    with as_owner() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM tmf_document WHERE content @> '{\"engagedParty\": [{\"id\": \"0c-1\"}]}'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "tmf_document_holding" in plan


def test_an_etag_guards_and_a_key_repeats() -> None:
    there = keeper()
    first = there.post(AGREEMENT, **{"Idempotency-Key": "a1"})
    assert there.post(AGREEMENT, **{"Idempotency-Key": "a1"}).json() == first.json()
    refused(there.post({**AGREEMENT, "name": "other"}, **{"Idempotency-Key": "a1"}), 422)
    ident = first.json()["id"]
    assert there.patch(ident, {"name": "a"}, **{"If-Match": first["ETag"]}).status_code == 200
    refused(there.patch(ident, {"name": "b"}, **{"If-Match": first["ETag"]}), 412)
    refused(there.delete(ident, **{"If-Match": first["ETag"]}), 412)


@pytest.mark.django_db(transaction=True)
def test_of_several_patches_at_once_with_one_etag_one_holds() -> None:
    there = keeper()
    ident = there.made(AGREEMENT)["id"]
    etag, start, said = there.get(ident)["ETag"], Barrier(4), []

    def change(n: int) -> None:
        start.wait()
        said.append(there.patch(ident, {"name": f"n{n}"}, **{"If-Match": etag}).status_code)
        connection.close()

    threads = [Thread(target=change, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 412, 412, 412]


@pytest.mark.parametrize(("resource", "body", "change", "move"), [
    ("agreement", AGREEMENT, {"name": "z"}, {"status": "approved"}),
    ("agreementSpecification", SPECIFICATION, {"name": "z"}, {"lifecycleStatus": "inDesign"}),
])
def test_official_events_are_told(resource: str, body: dict[str, Any], change: dict[str, Any], move: dict[str, Any]) -> None:
    there = keeper(resource)
    ident = there.made(body)["id"]
    there.patched(ident, change)
    there.patched(ident, move)
    there.delete(ident)
    word = resource[0].upper() + resource[1:]
    assert told_of(ident) == [f"{word}{what}Event" for what in ("Create", "AttributeValueChange", "StateChange", "Delete")]
