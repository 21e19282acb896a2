"""The blacklist: whom an entry meets, who sees why, how it ends; and ratings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factories.party import NOON, TESTER, citizen_number, clerk, customer
from tests.factories.staff import actor, person
from tongke.areas.party import queries, services
from tongke.areas.party.errors import ApprovalMissing, PastPolicy, PolicyRefused
from tongke.areas.party.models import BlacklistAppeal, BlacklistEntry
from tongke.areas.party.policy import policy_at
from tongke.areas.party.services import BlacklistDraft, CreditFacts, DocumentDraft, MediumDraft
from tongke.areas.staff import services as staff
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.errors import RulesBroken
from tongke.kernel.machine import IllegalMove

pytestmark = pytest.mark.usefixtures("orgs")
DAY = timedelta(days=1)
PLAIN = ["party.view", "party.blacklist_view"]


def codes(refusal: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    """The codes of the broken rules."""
    return [b.code for b in refusal.value.broken]


def state_of(entry_id: UUID) -> str:
    """The state of an entry, whoever owns it."""
    with acting(TESTER):
        return BlacklistEntry.objects.get(id=entry_id).state


def test_every_kind_of_entry_meets_its_subject() -> None:
    """Person, identity number, phone, device and address, however the value is written."""
    by, made = clerk(), customer()
    number = citizen_number(serial=31)
    for match, value in (("id_number", number), ("phone", "138 5710 7777"), ("device", "86-753090-123456-7"), ("address", "杭州市文三路388号 钱江科技大厦15室")):
        services.enter_blacklist(BlacklistDraft(match=match, value=value, cause="fraud", effect="review", level=2), by=by, at=NOON)
    services.enter_blacklist(BlacklistDraft(match="party", customer_id=made.customer_id, cause="spam", effect="deposit", level=1), by=by, at=NOON)
    at = NOON + DAY
    assert queries.consult_blacklist(id_numbers=(number.lower(),), by=by, at=at).effect == "review"
    assert queries.consult_blacklist(phones=("+8613857107777",), by=by, at=at).effect == "review"
    assert queries.consult_blacklist(devices=("867530901234567",), by=by, at=at).effect == "review"
    assert queries.consult_blacklist(addresses=("杭州市文三路388号钱江科技大厦15",), by=by, at=at).effect == "review"
    assert queries.consult_blacklist(party_id=made.party_id, by=by, at=at).effect == "deposit"
    assert queries.consult_blacklist(phones=("13857100000",), by=by, at=at).effect is None
    both = queries.consult_blacklist(party_id=made.party_id, phones=("13857107777",), by=by, at=at)
    assert (both.effect, both.level, len(both.hits)) == ("review", 2, 2)


def test_a_person_is_met_by_their_documents_and_phones() -> None:
    """An entry on a number meets whoever holds it now, not who held it before."""
    by, number = clerk(), citizen_number(serial=41)
    services.enter_blacklist(BlacklistDraft(match="id_number", value=number, cause="fraud", effect="refuse"), by=by, at=NOON)
    services.enter_blacklist(BlacklistDraft(match="phone", value="13857106666", cause="spam", effect="no_marketing"), by=by, at=NOON)
    made = customer(documents=(DocumentDraft(kind="resident_id", number=number),), media=(MediumDraft(kind="mobile", given="13857106666"),))
    found = queries.consult_blacklist(party_id=made.party_id, by=by, at=NOON + DAY)
    assert {h.match for h in found.hits} == {"id_number", "phone"}
    services.end_medium(made.customer_id, queries.media_of(made.customer_id, by=by)[0].id, by=by, at=NOON + DAY)
    assert {h.match for h in queries.consult_blacklist(party_id=made.party_id, by=by, at=NOON + DAY).hits} == {"id_number"}


def test_a_merged_person_stays_listed() -> None:
    """Entries on a record that became another one count for that one."""
    by = clerk(permissions=["*"])
    one, two = customer(documents=(), media=()), customer(documents=(), media=())
    services.enter_blacklist(BlacklistDraft(match="party", customer_id=two.customer_id, cause="fraud", effect="refuse"), by=by, at=NOON)
    services.merge_parties(survivor_id=one.party_id, absorbed_id=two.party_id, reason="same person", by=by, at=NOON + DAY)
    assert queries.consult_blacklist(party_id=one.party_id, by=by, at=NOON + DAY).effect == "refuse"


def test_the_whole_operator_is_consulted_and_reasons_take_a_right() -> None:
    """Ningbo's entry stops the person in Hangzhou; why is told to the entitled only, and the entry itself stays Ningbo's."""
    number = citizen_number(serial=51)
    entry = services.enter_blacklist(BlacklistDraft(match="id_number", value=number, cause="fraud", effect="refuse", note="gang"),
                                     by=clerk(org_id=3302), at=NOON)
    seen = queries.consult_blacklist(id_numbers=(number,), by=clerk(permissions=PLAIN), at=NOON + DAY)
    assert (seen.effect, seen.hits[0].cause) == ("refuse", None)
    assert queries.consult_blacklist(id_numbers=(number,), by=clerk(), at=NOON + DAY).hits[0].cause == "fraud"
    view = queries.blacklist_entry(entry, by=clerk(org_id=3302, permissions=PLAIN))
    assert (view.cause, view.note, view.appeals) == ("", "", ())
    assert queries.blacklist_entry(entry, by=clerk(org_id=3302)).note == "gang"
    assert not queries.blacklist_visible_to(by=clerk()).filter(id=entry).exists()


def test_an_entry_ends_by_itself() -> None:
    """At its end it stops working at once; the daily closing only writes it down."""
    by = clerk()
    entry = services.enter_blacklist(BlacklistDraft(match="phone", value="13857105555", cause="spam", effect="review"), by=by, at=NOON)
    end = NOON + timedelta(days=365)  # the policy's days for this cause
    assert queries.consult_blacklist(phones=("13857105555",), by=by, at=end - timedelta(seconds=1)).effect == "review"
    assert queries.consult_blacklist(phones=("13857105555",), by=by, at=end).effect is None
    assert services.expire_entries(by=by, at=end) == 1
    assert state_of(entry) == "expired"
    assert services.expire_entries(by=by, at=end) == 0


def test_debt_clears_by_payment_and_only_so() -> None:
    """A debt names its account; nobody lifts it by wish; payment does, once."""
    by, other, made, account = clerk(), clerk("sunli"), customer(), uuid4()
    with pytest.raises(RulesBroken) as refusal:
        services.enter_blacklist(BlacklistDraft(match="party", customer_id=made.customer_id, cause="debt", effect="refuse"), by=by, at=NOON)
    assert codes(refusal) == ["PTY-52"]
    draft = BlacklistDraft(match="party", customer_id=made.customer_id, cause="debt", effect="refuse", debt_account_id=account)
    entry = services.enter_blacklist(draft, by=by, at=NOON)
    with pytest.raises(RulesBroken) as refusal:
        services.enter_blacklist(draft, by=by, at=NOON)
    assert codes(refusal) == ["PTY-54"]
    with pytest.raises(RulesBroken) as refusal:
        services.lift_entry(entry, reason="nice person", by=other, at=NOON + DAY)
    assert codes(refusal) == ["PTY-56"]
    assert services.clear_debt_entries(account, by=TESTER, at=NOON + DAY) == 1
    assert state_of(entry) == "lifted"
    assert services.clear_debt_entries(account, by=TESTER, at=NOON + DAY) == 0
    assert queries.consult_blacklist(party_id=made.party_id, by=by, at=NOON + DAY).effect is None


def test_appeals_are_decided_by_another() -> None:
    """The entry works on while appealed; who entered or filed cannot decide; a rejected one may be appealed again."""
    by, filer, judge = clerk(), clerk("zhoujie"), clerk("sunli")
    entry = services.enter_blacklist(BlacklistDraft(match="phone", value="13857104444", cause="fraud", effect="refuse"), by=by, at=NOON)
    services.file_appeal(entry, reason="not me", by=filer, at=NOON + DAY)
    assert queries.consult_blacklist(phones=("13857104444",), by=by, at=NOON + DAY).effect == "refuse"
    with pytest.raises(IllegalMove):
        services.file_appeal(entry, reason="again", by=filer, at=NOON + DAY)
    for wrong in (by, filer):
        with pytest.raises(RulesBroken) as refusal:
            services.decide_appeal(entry, lift=True, note="fine", by=wrong, at=NOON + DAY)
        assert codes(refusal) == ["PTY-55"]
    services.decide_appeal(entry, lift=False, note="papers missing", by=judge, at=NOON + DAY)
    assert state_of(entry) == "active"
    services.file_appeal(entry, reason="papers here", by=filer, at=NOON + 2 * DAY)
    services.decide_appeal(entry, lift=True, note="shown", by=judge, at=NOON + 2 * DAY)
    assert state_of(entry) == "lifted"
    with acting(TESTER):
        assert [a.decision for a in BlacklistAppeal.objects.order_by("filed_at")] == ["rejected", "lifted"]


@pytest.mark.parametrize(("draft", "broken"), [
    (BlacklistDraft(match="phone", value="x", cause="spam", effect="review"), ["PTY-53"]),
    (BlacklistDraft(match="planet", value="Mars", cause="spam", effect="review"), ["PTY-50", "PTY-53"]),
    (BlacklistDraft(match="phone", value="13857103333", cause="spam", effect="review", level=6), ["PTY-50"]),
    (BlacklistDraft(match="phone", value="13857103333", cause="spam", effect="review", expires_at=NOON), ["PTY-51"]),
    (BlacklistDraft(match="phone", value="13857103333", cause="spam", effect="review", org_id=3302), ["PTY-02"]),
])
def test_broken_entries_are_refused(draft: BlacklistDraft, broken: list[str]) -> None:
    """Each wrong entry with the rules it breaks."""
    with pytest.raises(RulesBroken) as refusal:
        services.enter_blacklist(draft, by=clerk(), at=NOON)
    assert codes(refusal) == broken


def test_permissions_of_the_blacklist() -> None:
    """Seeing, entering and deciding are three rights."""
    draft = BlacklistDraft(match="phone", value="13857102222", cause="spam", effect="review")
    with pytest.raises(NotPermitted):
        services.enter_blacklist(draft, by=clerk(permissions=PLAIN), at=NOON)
    entry = services.enter_blacklist(draft, by=clerk(permissions=[*PLAIN, "party.blacklist_enter"]), at=NOON)
    with pytest.raises(NotPermitted):
        services.lift_entry(entry, reason="x", by=clerk("sunli", permissions=[*PLAIN, "party.blacklist_enter"]), at=NOON)
    with pytest.raises(NotPermitted):
        queries.blacklist_visible_to(by=clerk(permissions=["party.view"]))


def test_no_marketing_entry_forbids_marketing_whatever_was_granted() -> None:
    """The blacklist and the consents are asked together."""
    by, made = clerk(), customer()
    asked: dict[str, Any] = {"purpose": "marketing", "channel": "sms", "by": by, "at": NOON + DAY}
    assert services.may_contact(made.party_id, **asked)
    services.enter_blacklist(BlacklistDraft(match="party", customer_id=made.customer_id, cause="own_wish", effect="no_marketing"), by=by, at=NOON)
    assert not services.may_contact(made.party_id, **asked)


def test_ratings_follow_one_another() -> None:
    """Each rating ends the one before; the customer carries the class in force; wrong facts are refused."""
    by, made = clerk(), customer()
    services.rate_customer(made.customer_id, CreditFacts(tenure_months=60, bills=24, bills_paid_on_time=24), by=by, at=NOON)
    services.rate_customer(made.customer_id, CreditFacts(tenure_months=60, arrears_months=4), by=by, at=NOON + DAY)
    now, before = queries.ratings_of(made.customer_id, by=by)
    assert (before.credit_class, before.valid_until, now.credit_class, now.valid_until) == ("A", NOON + DAY, "D", None)
    assert sum(now.factors.values()) == now.score
    assert queries.customer(made.customer_id, by=by).credit_class == "D"
    with pytest.raises(RulesBroken) as refusal:
        services.rate_customer(made.customer_id, CreditFacts(tenure_months=1, bills=1, bills_paid_on_time=2), by=by, at=NOON)
    assert codes(refusal) == ["PTY-83"]


def test_an_override_is_approved_used_once_kept_and_ends() -> None:
    """Two persons, one use, kept through new ratings, gone at its end."""
    chen, sun = (actor(person(n, org_id=3301, roles=("supervisor",))) for n in ("chenqiang", "sunli"))
    made, other, at = customer(), customer("李娜"), clock.now()
    ends = at + 30 * DAY
    asked = services.ask_override(made.customer_id, credit_class="A", credit_limit=Decimal(900), expires_at=ends, reason="new contract", by=chen, at=at)
    with pytest.raises(ApprovalNeeded):
        services.apply_override(made.customer_id, asked, by=chen, at=at)
    with pytest.raises(RulesBroken):
        staff.approve(approval_id=asked, by=chen, at=at)
    staff.approve(approval_id=asked, by=sun, at=at)
    with pytest.raises((ApprovalNeeded, ApprovalMissing)):
        services.apply_override(other.customer_id, asked, by=chen, at=at)
    services.apply_override(made.customer_id, asked, by=chen, at=at)
    with pytest.raises(ApprovalNeeded):
        services.apply_override(made.customer_id, asked, by=chen, at=at)
    services.rate_customer(made.customer_id, CreditFacts(tenure_months=0, arrears_months=5), by=clerk(), at=at + DAY)
    row = queries.customer(made.customer_id, by=clerk())
    assert (row.credit_class, row.credit_limit) == ("A", Decimal("900.00"))
    assert services.end_overrides(by=TESTER, at=ends - DAY) == 0
    assert services.end_overrides(by=TESTER, at=ends) == 1
    row = queries.customer(made.customer_id, by=clerk())
    assert (row.credit_class, row.credit_limit) == ("E", Decimal("0.00"))


def test_an_override_keeps_to_the_policy() -> None:
    """Class, limit, days and reason are checked before anybody is asked."""
    with pytest.raises(RulesBroken) as refusal:
        services.ask_override(customer().customer_id, credit_class="Z", credit_limit=Decimal(50001), expires_at=NOON, reason=" ",
                              by=clerk(), at=NOON)
    assert codes(refusal) == ["PTY-82", "PTY-81", "PTY-80", "PTY-23"]


def test_policy_is_dated() -> None:
    """A figure holds from its start on; before it the earlier one; nothing changes the past; nonsense is refused."""
    services.set_policy("documents_per_person_max", 2, valid_from=NOON + DAY, reason="new law", by=TESTER, at=NOON)
    with acting(TESTER):
        assert policy_at(NOON).documents_per_person_max == 5
        assert policy_at(NOON + DAY).documents_per_person_max == 2
    services.set_policy("documents_per_person_max", 3, reason="amended", by=TESTER, at=NOON)
    with acting(TESTER):
        assert policy_at(NOON + 2 * DAY).documents_per_person_max == 3
    with pytest.raises(PastPolicy):
        services.set_policy("documents_per_person_max", 9, valid_from=NOON - DAY, reason="x", by=TESTER, at=NOON)
    for name, value in (("documents_per_person_max", 0), ("credit_bands", []), ("no_such_figure", 1), ("completeness_weights", {"individual": {"name": -1}})):
        with pytest.raises(PolicyRefused):
            services.set_policy(name, value, reason="x", by=TESTER, at=NOON)
    with pytest.raises(NotPermitted):
        services.set_policy("documents_per_person_max", 9, reason="x", by=clerk(permissions=["party.view"]), at=NOON)
