"""Merging moves everything in one act; separating puts every row back as it was."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections

from tests.factories import accounts as make
from tests.factories import matching as parts
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account.models import BillingAccount
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.inventory.models import Subscriber, SubscriberRole
from tongke.areas.party.models import Consent, ContactMedium, Customer, Merge, Party, PartyRelation
from tongke.areas.party.queries import matching as queries
from tongke.areas.party.services import MediumDraft, absorbing, add_medium, settle_completeness
from tongke.areas.party.services.merging import InTheWay, TreesContradict, Undecided, separate_parties
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import Conflict, NotFound, RulesBroken
from tongke.kernel.models import OutboxEvent, StateChange

LATER = NOON + timedelta(days=1)


def merge(survivor: Customer, absorbed: Customer, **more: object) -> UUID:
    more = {"reason": "同一人", **more}
    return merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, by=TESTER, at=NOON, **more)  # type: ignore[arg-type]


def separate(merge_id: UUID, **more: object) -> None:
    separate_parties(merge_id=merge_id, reason="不是同一人", by=TESTER, at=LATER, **more)  # type: ignore[arg-type]


def full_customer(name: str, phone: str) -> Customer:
    """A customer with a row in every table that a merge moves."""
    customer = make.bare_customer(name=name)
    party_id = customer.party_id
    parts.document(party_id, f"33010219900101{phone[-4:]}")
    parts.phone(party_id, phone, preferred=True)
    parts.address(party_id, "杭州市西湖区文三路1号2幢303室")
    parts.consent(party_id, "service", "granted")
    parts.rating(customer, 600, "C")
    parts.blacklisted(party_id)
    parts.source_key(party_id, "97", phone)
    parts.source_key(customer.id, "97", phone, noun="customer")
    parts.interaction(customer.id, "咨询")
    account_id = make.account(customer)
    make.bill(account_id, month=1)
    make.line(customer, account_id, number=phone)
    return customer


@pytest.mark.django_db
def test_everything_of_the_absorbed_belongs_to_the_survivor_and_comes_back_exactly() -> None:
    survivor, absorbed = full_customer("张伟", "+8613900000001"), full_customer("张玮", "+8613900000002")
    before = parts.all_rows()
    merge_id = merge(survivor, absorbed, chosen={"name": "absorbed"})
    with acting(TESTER):
        assert BillingAccount.objects.filter(customer=survivor).count() == 2
        assert Subscriber.objects.filter(customer=survivor).count() == 2
        assert Interaction.objects.filter(customer_id=survivor.id).count() == 2
        assert {r.party_id for r in SubscriberRole.objects.all()} == {survivor.party_id}
        party = Party.objects.get(id=survivor.party_id)
        assert (party.name, party.name_key) == ("张玮", "张玮")
        assert Customer.objects.get(id=absorbed.id).state == "merged"
        assert OutboxEvent.objects.filter(name="party.parties_merged.v1", subject_id=survivor.party_id).count() == 1
        assert Merge.objects.get(id=merge_id).chosen["name"] == {"side": "absorbed", "differed": True}
        # The twin address and the second preferred phone do not stand twice.
        side = queries.side(survivor.party_id)
        assert side is not None
        assert [a["until"] is None for a in side["addresses"]].count(True) == 1
    assert parts.all_rows() != before
    separate(merge_id)
    assert parts.all_rows() == before
    with acting(TESTER):
        assert StateChange.objects.filter(subject_id=absorbed.id, verb="unmerge_to_active").count() == 1


def scores(*customers: Customer) -> list[tuple[int, list[str]]]:
    """Completeness and missing fields as they stand."""
    with acting(TESTER):
        held = {p.id: (p.completeness, p.missing) for p in Party.objects.all()}
    return [held[c.party_id] for c in customers]


def recounted(*customers: Customer) -> list[tuple[int, list[str]]]:
    """The same, counted anew."""
    settle_completeness(party_ids=[c.party_id for c in customers], by=TESTER, at=NOON)
    return scores(*customers)


@pytest.mark.django_db
def test_the_survivor_is_as_complete_as_what_it_now_holds() -> None:
    survivor, absorbed = make.bare_customer(name="张伟"), full_customer("张玮", "+8613900000002")
    poor, rich = recounted(survivor, absorbed)
    assert poor[0] < rich[0]
    merge_id = merge(survivor, absorbed)
    together = scores(survivor)
    assert together[0][0] > poor[0]
    assert recounted(survivor) == together
    separate(merge_id)
    assert scores(survivor, absorbed) == [poor, rich]


@pytest.mark.django_db
def test_after_a_separation_what_came_later_counts_where_it_stayed() -> None:
    survivor, absorbed = make.bare_customer(name="张伟"), full_customer("张玮", "+8613900000002")
    recounted(survivor, absorbed)
    merge_id = merge(survivor, absorbed)
    add_medium(survivor.id, MediumDraft(kind="email", given="zhang@example.com"), by=TESTER, at=NOON)
    separate(merge_id)
    kept = scores(survivor, absorbed)
    assert "email" not in kept[0][1]
    assert "address" in kept[0][1]
    assert recounted(survivor, absorbed) == kept


@pytest.mark.django_db
def test_old_ids_lead_to_the_survivor_through_chains() -> None:
    a, b, c = (make.bare_customer(name=n) for n in ("甲一", "甲二", "甲三"))
    first = merge(b, a)
    second = merge(c, b)
    with acting(TESTER):
        assert queries.surviving_customer(a.id) == queries.surviving_customer(b.id) == c.id
        assert queries.surviving_party(a.party_id) == c.party_id
    with pytest.raises(RulesBroken) as refused:
        separate(first)
    assert [x.code for x in refused.value.broken] == ["PTY-66"]
    separate(second)
    with acting(TESTER):
        assert queries.surviving_customer(a.id) == b.id
    separate(first)
    with acting(TESTER):
        assert queries.surviving_customer(a.id) == a.id
    with pytest.raises(RulesBroken):
        separate(first)


@pytest.mark.django_db
@pytest.mark.parametrize(("ours", "theirs", "stays"), [
    ("granted", "denied", "denied"), ("withdrawn", "granted", "withdrawn"), ("granted", "granted", "granted"), ("denied", "withdrawn", "denied"),
])
def test_the_most_restrictive_consent_wins(ours: str, theirs: str, stays: str) -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    parts.consent(survivor.party_id, "marketing", ours)
    parts.consent(absorbed.party_id, "marketing", theirs)
    before = parts.all_rows()
    merge_id = merge(survivor, absorbed)
    with acting(TESTER):
        assert Consent.objects.get(party_id=survivor.party_id, valid_until=None).state == stays
        assert Consent.objects.filter(party_id=survivor.party_id).count() == 2
    separate(merge_id)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_of_two_ratings_the_worse_stays() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    parts.rating(survivor, 700, "B")
    parts.rating(absorbed, 400, "E")
    before = parts.all_rows()
    merge_id = merge(survivor, absorbed)
    with acting(TESTER):
        assert Customer.objects.get(id=survivor.id).credit_class == "E"
    separate(merge_id)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_memberships_move_or_stay_as_history() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    one, two, company = parts.person("张家"), parts.person("李家"), parts.person("蓝海公司", kind="organization")
    parts.relation("household", one.id, survivor.party_id)
    stays = parts.relation("household", two.id, absorbed.party_id)
    moves = parts.relation("key_person", company.id, absorbed.party_id)
    before = parts.all_rows()
    merge_id = merge(survivor, absorbed)
    with acting(TESTER):
        assert PartyRelation.objects.get(id=stays.id).valid_until == NOON
        assert PartyRelation.objects.get(id=stays.id).child_id == absorbed.party_id
        assert PartyRelation.objects.get(id=moves.id).child_id == survivor.party_id
    separate(merge_id)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_a_merge_that_would_close_a_circle_is_refused_whole() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    between = parts.person("中间", kind="organization")
    parts.relation("billing", absorbed.party_id, between.id)
    parts.relation("billing", between.id, survivor.party_id)
    before = parts.all_rows()
    with pytest.raises(TreesContradict):
        merge(survivor, absorbed)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_later_edits_stay_where_somebody_says_so_and_new_rows_stay_with_the_survivor() -> None:
    survivor, absorbed = full_customer("张伟", "+8613900000003"), full_customer("张玮", "+8613900000004")
    merge_id = merge(survivor, absorbed, chosen={"name": "absorbed"})
    new = parts.interaction(survivor.id, "合并之后")
    with acting(TESTER):
        Party.objects.filter(id=survivor.party_id).update(occupation="教师")
        Party.objects.filter(id=survivor.party_id).update(name="张伟伟", version=1_000_009)
    with pytest.raises(Undecided) as refused:
        separate(merge_id)
    (clash,) = refused.value.clashes
    assert (clash.column, clash.before, clash.after, clash.now) == ("name", '"张伟"', '"张玮"', '"张伟伟"')
    separate(merge_id, kept=[clash.name])
    with acting(TESTER):
        party = Party.objects.get(id=survivor.party_id)
        assert (party.name, party.occupation) == ("张伟伟", "教师")
        assert party.version > 1_000_009
        assert Interaction.objects.get(id=new).customer_id == survivor.id
        assert Interaction.objects.filter(customer_id=absorbed.id).count() == 1


@pytest.mark.django_db
def test_a_clash_may_be_decided_for_the_old_value() -> None:
    survivor, absorbed = make.bare_customer(name="张伟"), make.bare_customer(name="张玮")
    merge_id = merge(survivor, absorbed, chosen={"name": "absorbed"})
    with acting(TESTER):
        Party.objects.filter(id=survivor.party_id).update(name="别名")
        (clash,) = queries.merge_clashes(merge_id)
    separate(merge_id, decided=[clash.name])
    with acting(TESTER):
        assert Party.objects.get(id=survivor.party_id).name == "张伟"


@pytest.mark.django_db
def test_what_was_added_later_may_stand_in_the_way() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    parts.consent(survivor.party_id, "marketing", "granted")
    parts.consent(absorbed.party_id, "marketing", "denied")
    merge_id = merge(survivor, absorbed)
    with acting(TESTER):
        Consent.objects.filter(party_id=survivor.party_id, valid_until=None).update(valid_until=LATER)
        Consent.objects.create(
            org_id=3301, party_id=survivor.party_id, purpose="marketing", channel="any", state="granted", valid_from=LATER,
        )
        found = queries.merge_clashes(merge_id)
    assert found == []
    with pytest.raises(InTheWay):
        separate(merge_id)


@pytest.mark.django_db
def test_every_reason_against_a_merge_is_named() -> None:
    one, other = make.bare_customer(), make.bare_customer()
    parts.document(one.party_id, "330102199001010011", verified=True)
    parts.document(other.party_id, "330102199001010038", verified=True)
    with acting(TESTER):
        Party.objects.filter(id=other.party_id).update(kind="organization")
        Party.objects.filter(id=one.party_id).update(state="deceased")
    with pytest.raises(RulesBroken) as refused:
        merge(one, other, chosen={"name": "third"})
    assert [x.code for x in refused.value.broken] == ["PTY-61", "PTY-67", "PTY-62", "PTY-63"]
    with pytest.raises(RulesBroken) as refused:
        merge(one, one, reason=" ")
    assert [x.code for x in refused.value.broken] == ["PTY-60", "PTY-64"]


@pytest.mark.django_db
def test_only_stewards_merge_and_only_what_they_see() -> None:
    one, other = make.bare_customer(), make.bare_customer(org_id=3302)
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"party.view"}))
    steward = Actor(name="wujing", scope=(3301,), permissions=frozenset({"party.merge"}))
    with pytest.raises(NotPermitted):
        merge_customers(survivor_id=one.party_id, absorbed_id=other.party_id, reason="x", by=clerk, at=NOON)
    with pytest.raises(NotFound):
        merge_customers(survivor_id=one.party_id, absorbed_id=other.party_id, reason="x", by=steward, at=NOON)


@pytest.mark.django_db
def test_what_another_network_keeps_of_the_absorbed_moves_too() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    account_id = make.account(absorbed)
    line_id = make.line(absorbed, account_id)
    parts.phone(absorbed.party_id, "+8613900000009")
    with acting(TESTER):
        BillingAccount.objects.filter(id=account_id).update(org_id=3302)
        Subscriber.objects.filter(id=line_id).update(org_id=3302)
        SubscriberRole.objects.filter(subscriber_id=line_id).update(org_id=3302)
        ContactMedium.objects.filter(party_id=absorbed.party_id).update(org_id=3302)
    before = parts.all_rows()
    steward = Actor(name="wujing", scope=(3301,), permissions=frozenset({"party.merge"}))
    merge_id = merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, reason="x", by=steward, at=NOON)
    with acting(TESTER):
        assert BillingAccount.objects.get(id=account_id).customer_id == survivor.id
        assert Subscriber.objects.get(id=line_id).customer_id == survivor.id
        assert ContactMedium.objects.get().party_id == survivor.party_id
    separate_parties(merge_id=merge_id, reason="x", by=steward, at=LATER)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_a_stale_page_cannot_merge() -> None:
    one, other = make.bare_customer(), make.bare_customer()
    with pytest.raises(Conflict):
        merge(one, other, read={one.party_id: 1, other.party_id: 7})
    merge(one, other, read={one.party_id: 1, other.party_id: 1})
    with pytest.raises(Conflict):
        merge(one, other)


@pytest.mark.django_db
def test_a_party_without_customer_takes_over_the_customer_itself() -> None:
    bare, customer = parts.person("张伟"), make.bare_customer(name="张伟")
    before = parts.all_rows()
    merge_id = merge_customers(survivor_id=bare.id, absorbed_id=customer.party_id, reason="x", by=TESTER, at=NOON)
    with acting(TESTER):
        assert Customer.objects.get(id=customer.id).party_id == bare.id
        assert queries.surviving_customer(customer.id) == customer.id
    separate(merge_id)
    assert parts.all_rows() == before


@pytest.mark.django_db
def test_earliest_begin_and_missing_values_are_taken_over() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer()
    with acting(TESTER):
        Customer.objects.filter(id=absorbed.id).update(since_on=date(2011, 5, 1))
        Party.objects.filter(id=absorbed.party_id).update(occupation="医生", birth_on=date(1980, 2, 3))
    merge(survivor, absorbed)
    with acting(TESTER):
        assert Customer.objects.get(id=survivor.id).since_on == date(2011, 5, 1)
        party = Party.objects.get(id=survivor.party_id)
        assert (party.occupation, party.birth_on) == ("医生", date(1980, 2, 3))


@pytest.mark.django_db
def test_no_table_that_points_to_a_party_or_customer_is_forgotten() -> None:
    """A new table that points here must be merged, or be named here with the reason why not."""
    not_moved = {
        ("party_party", "merged_into_id"),  # flattened by the merge itself
        ("party_customer", "party_id"),  # ends, or changes hands as a whole
        ("party_duplicate_pair", "left_id"), ("party_duplicate_pair", "right_id"), ("party_merge", "survivor_id"), ("party_merge", "absorbed_id"),
        ("party_relation", "parent_id"), ("party_relation", "child_id"),  # moved with more care
    }
    moved = {*absorbing.PARTY_POINTERS, *absorbing.CUSTOMER_POINTERS, ("inventory_subscriber_role", "party_id"),
             ("account_billing_account", "customer_id"), ("account_payment_means", "customer_id"), ("inventory_subscriber", "customer_id"),
             ("inventory_product", "customer_id"), ("account_points_account", "customer_id"), ("ordering_qualification", "customer_id")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.confrelid IN ('party_party'::regclass, 'party_customer'::regclass)"
        )
        pointers = set(cursor.fetchall())
    assert pointers - moved - not_moved == set()


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_of_one_party_at_once_one_wins() -> None:
    middle, left, right = make.bare_customer(), make.bare_customer(), make.bare_customer()
    answers: list[str] = []
    gate = threading.Barrier(2)

    def run(survivor: Customer) -> None:
        gate.wait(120)
        try:
            merge(survivor, middle)
            answers.append("merged")
        except Conflict:
            answers.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(c,)) for c in (left, right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert sorted(answers) == ["conflict", "merged"]
    with acting(TESTER):
        assert Merge.objects.count() == 1
