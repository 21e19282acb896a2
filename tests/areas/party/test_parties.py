"""People and organisations who are no customers: recorded, made customers, in roles, closed; and customers' states."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.factories.party import EVERYTHING, NOON, TESTER, citizen_number, clerk, customer, draft
from tongke.areas.party import queries, services
from tongke.areas.party.errors import CustomerInForce
from tongke.areas.party.events import CustomerCreated, PartyRecorded
from tongke.areas.party.models import Customer, Party, PartyRole
from tongke.areas.party.services import AddressDraft, ConsentDraft, CustomerChange, CustomerDraft, DocumentDraft, MediumDraft
from tongke.kernel.actor import acting
from tongke.kernel.errors import Conflict, NotFound, RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.usefixtures("orgs")
BY = clerk()


def recorded(name: str = "韩梅梅", **more: Any) -> UUID:
    """A person who is no customer."""
    return services.record_party(draft(name, **more), by=BY, at=NOON)


def party(party_id: UUID) -> Party:
    with acting(TESTER):
        return Party.objects.get(id=party_id)


def codes(refused: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [broken.code for broken in refused.value.broken]


def test_a_party_alone_is_as_complete_and_findable_as_a_customers() -> None:
    alone, owner = party(recorded()), customer("韩梅梅", by=BY)
    theirs = party(owner.party_id)
    assert (alone.completeness, alone.missing, alone.name_key, alone.pinyin_full) == (theirs.completeness, theirs.missing, theirs.name_key, theirs.pinyin_full)
    with acting(TESTER):
        assert not Customer.objects.filter(party_id=alone.id).exists()
        event = OutboxEvent.objects.get(name=PartyRecorded.wire)
    assert (event.customer_id, event.subject_id, event.org_id) == (None, alone.id, 3301)


def test_every_verb_on_a_persons_record_works_without_a_customer() -> None:
    party_id = recorded(documents=(), media=(), addresses=(), consents=())
    before = party(party_id)
    medium = services.add_medium(party_id, MediumDraft(kind="mobile", given="13857107788"), version=before.version, by=BY, at=NOON)
    services.prefer_medium(party_id, medium, by=BY, at=NOON)
    services.add_address(party_id, AddressDraft(full="浙江省杭州市文三路388号"), by=BY, at=NOON)
    paper = services.add_document(party_id, DocumentDraft(kind="resident_id", number=citizen_number()), by=BY, at=NOON)
    services.record_consent(party_id, ConsentDraft(purpose="marketing", state="granted", source="hall"), by=BY, at=NOON)
    services.change_customer(party_id, CustomerChange(occupation="teacher"), by=BY, at=NOON)
    services.rename_customer(party_id, name="韩梅", reason="marriage", evidence_id=paper, by=BY, at=NOON)
    services.verify_document(party_id, paper, how="reader", by=BY, at=NOON)
    after = party(party_id)
    assert (after.state, after.name, after.occupation) == ("validated", "韩梅", "teacher")
    assert after.completeness > before.completeness
    assert after.version > before.version
    with pytest.raises(Conflict):
        services.end_medium(party_id, medium, version=before.version, by=BY, at=NOON)


def test_a_party_becomes_a_customer_once_and_its_verbs_go_on() -> None:
    party_id = recorded()
    made = services.make_customer(party_id, CustomerDraft(name="", segment="residential", level="gold"), by=BY, at=NOON)
    assert made.party_id == party_id
    with acting(TESTER):
        found = Customer.objects.get(id=made.customer_id)
        told = OutboxEvent.objects.get(name=CustomerCreated.wire)
    assert (found.level, found.org_id, found.customer_no, told.payload["party_known"]) == ("gold", 3301, made.customer_no, True)
    with pytest.raises(RulesBroken) as refused:
        services.make_customer(party_id, CustomerDraft(name=""), by=BY, at=NOON)
    assert codes(refused) == ["PTY-101"]
    services.add_medium(party_id, MediumDraft(kind="email", given="a@b.cn"), by=BY, at=NOON)
    with acting(TESTER):
        assert Customer.objects.get(id=made.customer_id).version == found.version + 1


def test_a_party_of_others_is_not_found() -> None:
    party_id = recorded()
    other = clerk("zhaolei", org_id=3302)
    for call in (
        lambda: services.make_customer(party_id, CustomerDraft(name=""), by=other, at=NOON),
        lambda: services.begin_role(party_id, role="supplier", by=other, at=NOON),
        lambda: services.close_party(party_id, reason="x", by=other, at=NOON),
        lambda: services.retire_party(party_id, reason="x", by=other, at=NOON),
    ):
        with pytest.raises(NotFound):
            call()
    assert queries.party_standing(party_id, by=other) is None


def test_who_keeps_own_customers_only_writes_nobody_elses_party() -> None:
    party_id = recorded()
    company = services.create_customer(draft("蓝海", kind="organization", segment="business", documents=(), birth_on=None), by=BY, at=NOON)
    seller = clerk("chenqiang", permissions={*EVERYTHING, "party.tree"}, own_rows_of=uuid7())
    with acting(TESTER):
        Customer.objects.filter(id=company.customer_id).update(manager_id=seller.own_rows_of)
    services.begin_membership(tree="key_person", parent_id=company.party_id, child_id=party_id, valid_from=NOON, role="boss", by=TESTER, at=NOON)
    assert queries.party_standing(party_id, by=seller) is not None  # who stands below an own customer is seen, but not written
    for call in (
        lambda: services.change_customer(party_id, CustomerChange(occupation="x"), by=seller, at=NOON),
        lambda: services.make_customer(party_id, CustomerDraft(name=""), by=seller, at=NOON),
        lambda: services.begin_role(party_id, role="supplier", by=seller, at=NOON),
        lambda: services.record_party(draft("别人"), by=seller, at=NOON),
        lambda: services.begin_role(None, role="supplier", by=seller, at=NOON),
    ):
        with pytest.raises(RulesBroken) as refused:
            call()
        assert codes(refused) == ["PTY-100"]
    role_id = services.begin_role(company.party_id, role="supplier", by=seller, at=NOON)
    services.suspend_role(role_id, by=seller, at=NOON)


def test_the_same_foreign_key_finds_the_same_party_and_names_one_only() -> None:
    first, second = recorded(), recorded("别人")
    services.claim_foreign_key(first, source="client:shop", foreign_key="77", by=BY, at=NOON)
    assert queries.party_of_foreign_key("client:shop", "77", by=BY) == first
    assert queries.party_of_foreign_key("client:other", "77", by=BY) is None
    assert queries.party_of_foreign_key("client:shop", "77", by=clerk(org_id=3302)) is None
    with pytest.raises(Conflict):
        services.claim_foreign_key(second, source="client:shop", foreign_key="77", by=BY, at=NOON)
    with pytest.raises(RulesBroken) as refused:
        services.claim_foreign_key(second, source="client:shop", foreign_key="x" * 121, by=BY, at=NOON)
    assert codes(refused) == ["PTY-29"]


STATES = {
    "prospect": {"activate", "leave"}, "active": {"suspend", "leave"}, "suspended": {"activate", "leave"}, "left": {"activate"},
}
PATHS = {"prospect": (), "active": ("activate",), "suspended": ("activate", "suspend"), "left": ("leave",)}
VERBS: dict[str, Any] = {"activate": services.activate_customer, "suspend": services.suspend_customer, "leave": services.leave_customer}


@pytest.mark.parametrize("before", sorted(STATES))
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_state_of_a_customer_with_every_verb(before: str, verb: str) -> None:
    made = customer(by=BY, state="prospect")
    for step in PATHS[before]:
        VERBS[step](made.customer_id, reason="test", by=BY, at=NOON)
    if verb in STATES[before]:
        VERBS[verb](made.customer_id, reason="test", by=BY, at=NOON)
        with acting(TESTER):
            found = Customer.objects.get(id=made.customer_id)
        assert found.state == {"activate": "active", "suspend": "suspended", "leave": "left"}[verb]
        assert (found.left_on is not None) == (verb == "leave")
        assert party(made.party_id).state == "initialized"
    else:
        with pytest.raises(IllegalMove):
            VERBS[verb](made.customer_id, reason="test", by=BY, at=NOON)


@pytest.mark.parametrize("verb", ["suspend", "leave"])
def test_suspending_and_leaving_have_a_reason(verb: str) -> None:
    made = customer(by=BY)
    with pytest.raises(RulesBroken) as refused:
        VERBS[verb](made.customer_id, reason=" ", by=BY, at=NOON)
    assert codes(refused) == ["PTY-23"]


def test_a_partys_record_is_closed_only_without_a_customer() -> None:
    made = customer(by=BY)
    with pytest.raises(CustomerInForce):
        services.close_party(made.party_id, reason="x", by=BY, at=NOON)
    services.leave_customer(made.customer_id, reason="x", by=BY, at=NOON)
    services.close_party(made.party_id, reason="x", by=BY, at=NOON)
    with acting(TESTER):
        assert Customer.objects.get(id=made.customer_id).closed
    with pytest.raises(RulesBroken):
        services.activate_customer(made.customer_id, by=BY, at=NOON)
    services.retire_party(made.party_id, reason="x", by=BY, at=NOON)
    with pytest.raises(NotFound):
        services.retire_party(made.party_id, reason="x", by=BY, at=NOON)
    assert party(made.party_id).retired


def test_traits_are_the_customers_own() -> None:
    made = customer(by=BY, traits={"pet": "cat"})
    services.describe_customer(made.customer_id, {"pet": "dog", "seats": 4}, by=BY, at=NOON)
    with acting(TESTER):
        assert Customer.objects.get(id=made.customer_id).characteristics == {"pet": "dog", "seats": 4}
    for wrong, code in (({"pet": "dog", "seats": 4}, "PTY-27"), ({"text": "x" * 20_001}, "PTY-29")):
        with pytest.raises(RulesBroken) as refused:
            services.describe_customer(made.customer_id, wrong, by=BY, at=NOON)
        assert codes(refused) == [code]


def test_roles_are_begun_moved_and_ended() -> None:
    party_id = recorded()
    role_id = services.begin_role(party_id, role=" supplier ", by=BY, at=NOON)
    assert services.rename_role(role_id, role="partner", version=1, by=BY, at=NOON) == 2
    with pytest.raises(Conflict):
        services.suspend_role(role_id, version=1, by=BY, at=NOON)
    services.suspend_role(role_id, reason="late", by=BY, at=NOON)
    services.activate_role(role_id, by=BY, at=NOON)
    services.end_role(role_id, by=BY, at=NOON)
    with pytest.raises(IllegalMove):
        services.activate_role(role_id, by=BY, at=NOON)
    with acting(TESTER):
        ended = PartyRole.objects.get(id=role_id)
    assert (ended.role, ended.state, ended.valid_until) == ("partner", "terminated", NOON)
    for name in ("", "customer", " Customer", "x" * 61):
        with pytest.raises(RulesBroken) as refused:
            services.begin_role(party_id, role=name, by=BY, at=NOON)
        assert codes(refused) == ["PTY-103"]


def test_withdrawing_all_ends_denials_too() -> None:
    party_id = recorded(consents=())
    for purpose, state in (("marketing", "granted"), ("survey", "denied")):
        services.record_consent(party_id, ConsentDraft(purpose=purpose, state=state, source="hall"), by=BY, at=NOON)
    assert services.withdraw_all_consents(party_id, source="letter", by=BY, at=NOON) == 2
    assert set(queries.answers_by_key(party_id, by=BY).values()) == {"withdrawn"}
    assert services.withdraw_all_consents(party_id, by=BY, at=NOON) == 0


@pytest.mark.parametrize(("name", "family", "given"), [("王芳", "王", "芳"), ("司马相如", "司马", "相如"), ("Ludwig van Beethoven", "van Beethoven", "Ludwig")])
def test_parts_of_a_name_are_told_or_read_and_go_with_the_name(name: str, family: str, given: str) -> None:
    told = {"family_name": family, "given_name": given} if "van" in name else {}
    found = party(recorded(name, **told))
    assert (found.family_name, found.given_name) == ((family, given) if told else ("", ""))
    from django.db import connection  # noqa: PLC0415 - two functions of the database are what is tried

    with connection.cursor() as cursor:
        cursor.execute("SELECT party_family_name(%s, %s), party_given_name(%s, %s)", [name, found.family_name, name, found.given_name])
        assert cursor.fetchone() == (family, given)
