"""TMF683: contacts with customers, recorded when over or while they go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import staff
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.test_product_637 import told_of
from tongke.areas.contact_centre import services
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting
from tongke.kernel.models import StateChange

pytestmark = pytest.mark.django_db
WHEN = {"startDateTime": "2026-02-01T08:00:00.000Z", "endDateTime": "2026-02-01T08:04:30.500Z"}


@pytest.fixture
def contacts() -> Caller:
    return Caller("partyInteraction")


@pytest.fixture
def customer(contacts: Caller) -> Customer:
    return make.bare_customer()


def body(customer: Customer, **more: Any) -> dict[str, Any]:
    return {"reason": "Bill enquiry", "direction": "inbound", "status": "completed", "interactionDate": WHEN, "channel": [{"id": "hotline"}],
            "relatedParty": [{"id": str(customer.id), "@referredType": "Customer"}], **more}


RICH: dict[str, Any] = {
    "description": "asked about the roaming charge", "kind": "complaint", "reference": "TT26000001",
    "interactionItem": [{"id": "1", "reason": "roaming", "resolution": "explained", "item": {"id": "b-1", "role": "bill"}}],
    "note": [{"id": "n1", "author": "x", "text": "call back"}], "attachment": [{"id": "a1", "mimeType": "audio/ogg", "url": "https://files.example/a1"}],
    "interactionRelationship": [{"id": "9", "relationshipType": "follows"}], "mood": {"score": 3},
}


def test_a_rich_contact_comes_back_as_it_was_sent(contacts: Caller, customer: Customer) -> None:
    line = make.line(customer, make.account(customer))
    made = contacts.made(body(customer, **RICH, service={"id": str(line)}))
    assert {name: made[name] for name in RICH} == RICH
    assert (made["interactionDate"], made["direction"], made["status"], made["reason"]) == (WHEN, "inbound", "completed", "Bill enquiry")
    assert made["service"] == {"id": str(line), "@referredType": "Service"}
    (channel,) = made["channel"]
    assert channel["id"] == "hotline"
    assert contacts.client.get(channel["href"]).json() == [made]
    assert (made["relatedParty"][0]["id"], made["relatedParty"][0]["name"]) == (str(customer.id), "王芳")
    assert made["servedBy"].startswith("client")
    assert contacts.get(made["id"]).json() == made
    with acting(make.TESTER):
        row = Interaction.objects.get(id=made["id"])
    assert (row.duration_seconds, row.kind, row.subscriber_id) == (270, "complaint", line)


def test_contacts_recorded_at_the_counter_are_shown(contacts: Caller, customer: Customer) -> None:
    ident = services.record_interaction(customer_id=customer.id, channel="hall", direction="inbound", kind="enquiry", subject="s",
                                        duration_seconds=60, by=make.TESTER, at=make.NOON)
    shown = contacts.get(ident).json()
    assert shown["interactionDate"] == {"startDateTime": "2026-03-02T04:00:00.000Z", "endDateTime": "2026-03-02T04:01:00.000Z"}
    assert (shown["status"], shown["creationDate"]) == ("completed", "2026-03-02T04:00:00.000Z")


# From each state the states that may follow.
LIFE: dict[str, set[str]] = {"open": {"inProgress", "completed"}, "inProgress": {"completed"}, "completed": set()}


@pytest.mark.parametrize("start", LIFE)
@pytest.mark.parametrize("end", LIFE)
def test_every_state_from_every_state(contacts: Caller, customer: Customer, start: str, end: str) -> None:
    made = contacts.made(body(customer, status=start))
    answer = contacts.patch(made["id"], {"status": end})
    if end in LIFE[start] or end == start:
        assert (answer.status_code, answer.json()["status"]) == (200, end)
    else:
        refused(answer, 409, "GEN-03")
    with acting(make.TESTER):
        assert StateChange.objects.filter(subject_id=made["id"]).count() == (end in LIFE[start])
    assert (answer.status_code == 200 and answer.json()["statusChangeDate"] > made["statusChangeDate"]) == (end in LIFE[start])


@pytest.mark.parametrize("state", LIFE)
def test_only_what_nobody_took_up_is_taken_away(contacts: Caller, customer: Customer, state: str) -> None:
    ident = contacts.made(body(customer, status=state))["id"]
    if state == "open":
        assert contacts.delete(ident).status_code == 204
        refused(contacts.get(ident), 404)
    else:
        refused(contacts.delete(ident), 422, "CC-04")


@pytest.mark.parametrize("name", ["id", "href", "creationDate", "statusChangeDate", "servedBy"])
def test_what_only_the_server_sets_is_refused_by_name(contacts: Caller, customer: Customer, name: str) -> None:
    value = "2026-01-01T00:00:00.000Z" if name.endswith("Date") else "x"
    refused(contacts.post(body(customer, **{name: value})), 400, name)
    made = contacts.made(body(customer))
    refused(contacts.patch(made["id"], {name: value}), 400, name)


@pytest.mark.parametrize(("name", "value"), [("direction", "outbound"), ("channel", [{"id": "hall"}]), ("kind", "care"), ("service", {"id": NOWHERE})])
def test_what_happened_is_not_changed(contacts: Caller, customer: Customer, name: str, value: Any) -> None:
    made = contacts.made(body(customer, status="open"))
    refused(contacts.patch(made["id"], {name: value}), 400, name)
    refused(contacts.patch(made["id"], {"interactionDate": {"startDateTime": "2026-02-01T07:00:00.000Z"}}), 422, "interactionDate")
    refused(contacts.patch(made["id"], {"relatedParty": [{"id": NOWHERE, "@referredType": "Customer"}]}), 422, "relatedParty")
    assert contacts.get(made["id"]).json() == made


@pytest.mark.parametrize("wrong", [
    {"reason": None}, {"reason": " "}, {"reason": "x" * 201}, {"direction": "sideways"}, {"status": "done"}, {"channel": []}, {"channel": [{"id": "drum"}]},
    {"channel": [{"id": "hall"}, {"id": "web"}]}, {"relatedParty": [{"id": NOWHERE}]}, {"service": {"id": NOWHERE}}, {"kind": "gossip"},
    {"interactionDate": {"startDateTime": "2999-01-01T00:00:00Z"}}, {"reference": "x" * 81},
    {"interactionDate": {"startDateTime": "2026-02-01T08:00:00Z", "endDateTime": "2026-02-01T07:00:00Z"}}, {"interactionDate": "yesterday"},
])
def test_bad_facts_are_refused_and_nothing_is_made(contacts: Caller, customer: Customer, wrong: dict[str, Any]) -> None:
    answer = contacts.post({**body(customer), **wrong})
    assert answer.status_code in {400, 422}, answer.content
    refused(answer, answer.status_code)
    assert contacts.found(f"relatedParty.id={customer.id}") == []


def test_patches_by_both_forms(contacts: Caller, customer: Customer) -> None:
    made = contacts.made(body(customer, status="open", **RICH))
    after = contacts.patched(made["id"], {"description": None, "reason": "Roaming", "mood": {"score": None, "tone": "calm"}})
    assert ("description" in after, after["reason"], after["mood"]) == (False, "Roaming", {"tone": "calm"})
    after = contacts.patched(made["id"], [
        {"op": "add", "path": "/note/-", "value": {"id": "n2", "text": "solved"}}, {"op": "replace", "path": "/status", "value": "completed"},
        {"op": "replace", "path": "/interactionDate/endDateTime", "value": "2026-02-01T09:00:00.000Z"}], PATCH)
    assert (len(after["note"]), after["status"], after["interactionDate"]["endDateTime"]) == (2, "completed", "2026-02-01T09:00:00.000Z")
    with acting(make.TESTER):
        assert Interaction.objects.get(id=made["id"]).duration_seconds == 3600


def test_what_was_said_stays_said(contacts: Caller, customer: Customer) -> None:
    made = contacts.made(body(customer))
    refused(contacts.patch(made["id"], {"reason": "other"}), 422, "CC-05")
    refused(contacts.patch(made["id"], {"description": "other"}), 422, "CC-05")
    assert contacts.patched(made["id"], {"note": [{"text": "he called again"}]})["note"] == [{"text": "he called again"}]


def test_two_organisations_see_nothing_of_each_other(customer: Customer) -> None:
    here, there = Caller("partyInteraction", org_id=3301), Caller("partyInteraction", org_id=3302)
    ident = here.made(body(customer, status="open"))["id"]
    for answer in (there.get(ident), there.patch(ident, {"reason": "z"}), there.delete(ident)):
        refused(answer, 404)
    assert there.listing("").json() == []
    refused(there.post(body(customer)), 422, "relatedParty.id")
    other = make.bare_customer(org_id=3302)
    line = make.line(customer, make.account(customer))
    refused(there.post(body(other, service={"id": str(line)})), 422, "service.id")


def test_names_are_masked_by_role(contacts: Caller, customer: Customer) -> None:
    ident = contacts.made(body(customer))["id"]
    staff.role("blind", "contact_centre.view")
    blind = Caller("partyInteraction", "blind", org_id=3301)
    assert "王芳" not in blind.get(ident).content.decode()
    refused(blind.post(body(customer)), 403)
    refused(blind.patch(ident, {"reason": "z"}), 403)
    refused(blind.delete(ident), 403)


def test_lists_find_by_customer_channel_and_time_newest_first(contacts: Caller, customer: Customer) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    idents = [contacts.made(body(
        customer, channel=[{"id": "web" if n % 2 else "hall"}], reference=f"R{n}",
        interactionDate={"startDateTime": (start + timedelta(days=20 * n)).isoformat()}))["id"] for n in range(5)]
    other = contacts.made(body(make.bare_customer()))["id"]
    assert contacts.found(f"relatedParty.id={customer.id}") == idents[::-1]
    assert contacts.found("channel.id=web&sort=interactionDate.startDateTime") == [idents[1], idents[3]]
    assert set(contacts.found("interactionDate.startDateTime>=2026-02-01T00:00:00Z")) == {*idents[2:], other}
    assert contacts.found("reference=R3") == [idents[3]]
    page = contacts.listing("limit=2&offset=2")
    assert (page.status_code, page["X-Total-Count"], page["X-Result-Count"]) == (206, "6", "2")


def test_an_etag_guards_and_a_key_repeats(contacts: Caller, customer: Customer) -> None:
    first = contacts.post(body(customer, status="open"), **{"Idempotency-Key": "c1"})
    assert contacts.post(body(customer, status="open"), **{"Idempotency-Key": "c1"}).json() == first.json()
    assert len(contacts.found(f"relatedParty.id={customer.id}")) == 1
    assert contacts.patch(first.json()["id"], {"reason": "a"}, **{"If-Match": first["ETag"]}).status_code == 200
    refused(contacts.patch(first.json()["id"], {"reason": "b"}, **{"If-Match": first["ETag"]}), 412)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_complete_one_contact_one_does() -> None:
    contacts = Caller("partyInteraction")
    ident = contacts.made(body(make.bare_customer(), status="open"))["id"]
    etag, start, said = contacts.get(ident)["ETag"], Barrier(4), []

    def complete() -> None:
        start.wait()
        said.append(contacts.patch(ident, {"status": "completed"}, **{"If-Match": etag}).status_code)
        connection.close()

    threads = [Thread(target=complete) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 412, 412, 412]


def test_official_events_are_told(contacts: Caller, customer: Customer) -> None:
    ident = contacts.made(body(customer, status="open"))["id"]
    contacts.patched(ident, {"reason": "z"})
    contacts.delete(ident)
    ended = contacts.made(body(customer, status="open"))["id"]
    contacts.patched(ended, {"status": "inProgress"})
    assert told_of(ident) == [f"PartyInteraction{word}Event" for word in ("Create", "AttributeValueChange", "Delete")]
    assert told_of(ended) == ["PartyInteractionCreateEvent", "PartyInteractionStatusChangeEvent"]
