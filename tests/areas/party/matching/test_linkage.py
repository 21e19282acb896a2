"""The full search finds planted duplicates and leaves look-alikes alone; what it finds is kept as people decide."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from tests.factories import matching as parts
from tests.factories.accounts import NOON, TESTER, bare_customer
from tongke.areas.party.models import DuplicatePair, Party
from tongke.areas.party.models import linkage as rules
from tongke.areas.party.queries import linkage
from tongke.areas.party.queries import matching as queries
from tongke.areas.party.queries.matching import Facts
from tongke.areas.party.services import matching as services
from tongke.jobs import matching as jobs
from tongke.kernel.actor import acting
from tongke.kernel.errors import Conflict, RulesBroken
from tongke.kernel.models import BulkJob

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力"
SOUNDS = {"伟": "玮", "芳": "方", "静": "婧", "丽": "莉", "强": "蔷", "磊": "垒", "明": "名", "英": "瑛", "文": "雯", "辉": "晖"}


def phone_number(n: int) -> str:
    return f"+86139{n:08d}"


class Town:
    """A made-up town: people with all their keys, planted duplicates (``twins``) and planted look-alikes."""

    def __init__(self, seed: int, size: int) -> None:
        self.random = random.Random(seed)
        self.twins: set[frozenset[UUID]] = set()
        self.lookalikes: set[frozenset[UUID]] = set()
        names = [a + b + c for a, b, c in product(SURNAMES, GIVEN, GIVEN)]
        self.random.shuffle(names)
        self.people = [self.settle(n, names[n % len(names)]) for n in range(size)]

    def settle(self, n: int, name: str) -> tuple[Party, int, date]:
        """Let a person with every key live in the town."""
        born = date(1950, 1, 1) + timedelta(days=self.random.randrange(20_000))
        party = parts.person(name, birth_on=born)
        parts.document(party.id, f"3301{n:014d}")
        parts.phone(party.id, phone_number(n))
        # Three live under one roof, with a landline that all of them gave.
        parts.address(party.id, f"杭州市上城区解放路{n // 3}号")
        parts.phone(party.id, f"+8657180{n // 3:06d}")
        return party, n, born

    def twin(self, index: int, *, name: str, born: date | None, document: str = "", phone: str = "", address: str = "") -> None:
        """Enter a person of the town once more."""
        party = parts.person(name, birth_on=born)
        if document:
            parts.document(party.id, document)
        if phone:
            parts.phone(party.id, phone)
        if address:
            parts.address(party.id, address)
        self.twins.add(frozenset({self.people[index][0].id, party.id}))

    def plant(self) -> None:
        """Enter sixty people twice, each sort of slip ten times."""
        for i, (party, n, born) in enumerate(self.people[:60]):
            match i % 6:
                case 0:  # a slip in the name: another character of the same sound; the same card
                    self.twin(i, name=_sound(party.name), born=born, document=f"3301{n:014d}")
                case 1:  # name in the wrong order, no card, the same phone
                    self.twin(i, name=party.name[1:] + party.name[0], born=born, phone=phone_number(n))
                case 2:  # the birth date with a slip; same name and phone
                    self.twin(i, name=party.name, born=born.replace(day=1 + born.day % 28), phone=phone_number(n))
                case 3:  # another kind of document; same name and birth date
                    self.twin(i, name=party.name, born=born, address=f"杭州市上城区解放路{n // 3}号")
                case 4:  # no birth date; same name, phone and house
                    self.twin(i, name=party.name, born=None, phone=phone_number(n), address=f"杭州市上城区解放路{n // 3}号")
                case _:  # everything the same, entered twice
                    self.twin(i, name=party.name, born=born, document=f"3301{n:014d}", phone=phone_number(n))

    def recycle(self) -> None:
        """Numbers given on to others of the same name: only when they held them tells the two apart."""
        for party, n, _born in self.people[60:90]:
            moved = datetime(2023, 6, 1, tzinfo=UTC)
            number = phone_number(900_000 + n)
            parts.phone(party.id, number, until=moved)
            stranger = parts.person(party.name)
            parts.phone(stranger.id, number, since=moved + timedelta(days=90))
            self.lookalikes.add(frozenset({party.id, stranger.id}))


def _sound(name: str) -> str:
    for character, other in SOUNDS.items():
        if character in name[1:]:
            return name[0] + name[1:].replace(character, other, 1)
    return name


def found(threshold: float) -> set[frozenset[UUID]]:
    with acting(TESTER):
        return {frozenset({p.left_id, p.right_id}) for p in linkage.scored_pairs() if p.probability >= threshold}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_duplicates_are_found_and_look_alikes_are_not_suggested(seed: int) -> None:
    town = Town(seed, 240)
    town.plant()
    town.recycle()
    review, suggest = found(rules.REVIEW_FROM), found(rules.SUGGEST_FROM)
    recall = len(review & town.twins) / len(town.twins)
    precision = len(suggest & town.twins) / len(suggest)
    assert recall >= 0.95
    assert precision >= 0.97
    assert not review & town.lookalikes
    # What simple keys would do, so that the bounds mean something: the same phone is the same person only half the time.
    assert len(town.twins & _same_phone()) / len(_same_phone()) < 0.2
    assert len(town.twins & _same_name_and_birth()) / len(town.twins) < 0.6


def _same_phone() -> set[frozenset[UUID]]:
    return _sharing("SELECT a.party_id, b.party_id FROM party_contact_medium a JOIN party_contact_medium b USING (value) WHERE a.party_id < b.party_id")


def _same_name_and_birth() -> set[frozenset[UUID]]:
    return _sharing("SELECT a.id, b.id FROM party_party a JOIN party_party b USING (name_key, birth_on) WHERE a.id < b.id")


def _sharing(statement: str) -> set[frozenset[UUID]]:
    from django.db import connection  # noqa: PLC0415 - only here

    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute(statement)
        return {frozenset(row) for row in cursor.fetchall()}


@pytest.mark.django_db
def test_a_recycled_phone_weighs_next_to_nothing_and_a_shared_one_much() -> None:
    one, after, beside = (parts.person(n, birth_on=date(1990, 1, n_)) for n, n_ in (("王芳", 1), ("王芳", 2), ("王芳", 3)))
    for extra in range(30):
        parts.person(f"路人{extra}")
    change = datetime(2024, 1, 1, tzinfo=UTC)
    parts.phone(one.id, "+8613900000001", until=change)
    parts.phone(after.id, "+8613900000001", since=change)
    parts.phone(one.id, "+8613900000002")
    parts.phone(beside.id, "+8613900000002", since=change)
    parts.document(one.id, "E1234567", kind="passport")
    parts.document(beside.id, "E1234567", kind="passport")
    parts.document(after.id, "E1234567", kind="passport")
    with acting(TESTER):
        pairs = {frozenset({p.left_id, p.right_id}): p for p in linkage.scored_pairs()}
    assert pairs[frozenset({one.id, after.id})].evidence["phone"] == {"level": "apart", "weight": pytest.approx(1.32, abs=0.01)}
    assert pairs[frozenset({one.id, beside.id})].evidence["phone"] == {"level": "together", "weight": pytest.approx(11.43, abs=0.01)}
    # The stored weights are the ones that make the stored probability.
    for pair in pairs.values():
        weights = [e["weight"] for e in pair.evidence.values()]
        assert rules.probability(weights, parties=33) == pytest.approx(pair.probability, abs=0.001)


@pytest.mark.django_db
def test_a_person_and_a_company_are_never_a_pair() -> None:
    man, firm = parts.person("蓝海"), parts.person("蓝海", kind="organization")
    for party in (man, firm):
        parts.document(party.id, "330102199001010011")
        parts.phone(party.id, "+8613900000001")
    with acting(TESTER):
        assert list(linkage.scored_pairs()) == []


@pytest.mark.django_db
def test_what_broke_a_run_is_told_without_the_values_of_rows(as_owner: Any) -> None:
    for _twice in range(2):
        parts.document(parts.person("张伟", birth_on=date(1980, 1, 1)).id, "330102198001010011")
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE party_duplicate_pair ADD CONSTRAINT none_today CHECK (probability > 2) NOT VALID")
    job = services.start_duplicate_run(by=TESTER, at=NOON)
    with pytest.raises(IntegrityError):
        jobs.find_duplicates(job_id=str(job), scope=None)
    with acting(TESTER):
        broken = BulkJob.objects.get(id=job)
    assert (broken.state, broken.error) == ("failed", "IntegrityError")


@pytest.mark.django_db
def test_a_run_keeps_pairs_once_respects_decisions_and_withdraws_what_is_gone() -> None:
    ids = []
    for n in range(3):
        pair = [parts.person(f"张伟{n}", birth_on=date(1980, 1, 1 + n)) for _ in range(2)]
        for party in pair:
            parts.document(party.id, f"33010219800101001{n}")
        ids.append([p.id for p in pair])
    job = services.start_duplicate_run(by=TESTER, at=NOON)
    assert services.start_duplicate_run(by=TESTER, at=NOON) == job
    jobs.find_duplicates(job_id=str(job), scope=None)
    with acting(TESTER):
        done = BulkJob.objects.get(id=job)
        assert (done.state, done.read, done.created) == ("done", 6, 3)
        distinct = queries.pair_of(*ids[0])
        assert distinct is not None
        assert distinct.band == "suggest"
        assert queries.pair_counts() == {"suggest": 3, "review": 0}
        assert distinct.pieces[0].comparison == "document"
    with pytest.raises(RulesBroken):
        services.decide_distinct(pair_id=distinct.id, reason="", by=TESTER, at=NOON)
    services.decide_distinct(pair_id=distinct.id, reason="父子同号", by=TESTER, at=NOON)
    with pytest.raises(Conflict):
        services.decide_distinct(pair_id=distinct.id, reason="父子同号", by=TESTER, at=NOON)
    with acting(TESTER):
        Party.objects.filter(id=ids[1][0]).update(merged_into=ids[1][1])
        Party.objects.filter(id=ids[2][0]).update(name_key="李四", pinyin_full="lisi", birth_on=date(1999, 9, 9))
        Party.objects.filter(id=ids[2][0]).update(kind="organization")
    again = services.start_duplicate_run(by=TESTER, at=NOON)
    jobs.find_duplicates(job_id=str(again), scope=None)
    with acting(TESTER):
        assert queries.pairs_to_review() == []
        assert {str(p.state) for p in DuplicatePair.objects.all()} == {"distinct", "open"}
    services.reopen_pair(pair_id=distinct.id, by=TESTER, at=NOON)
    with acting(TESTER):
        assert [p.id for p in queries.pairs_to_review()] == [distinct.id]


@pytest.mark.django_db
def test_creation_is_warned_of_likely_duplicates() -> None:
    known = bare_customer(name="王芳")
    with acting(TESTER):
        Party.objects.filter(id=known.party_id).update(birth_on=date(1990, 1, 1))
    parts.document(known.party_id, "330102199001010011")
    parts.phone(known.party_id, "+8613857100001")
    bare_customer(name="王芳")

    def likely(**facts: object) -> list[tuple[UUID | None, str]]:
        with acting(TESTER):
            return [(row.customer_id, row.band) for row in queries.likely_duplicates(Facts(**facts), at=NOON)]  # type: ignore[arg-type]

    assert likely(name="王方", documents=(("resident_id", "330102199001010011"),)) == [(known.id, "suggest")]
    assert likely(name="王芳", birth_on=date(1990, 1, 1), phones=("13857100001",)) == [(known.id, "suggest")]
    assert likely(name="赵强", phones=("13857100001",)) == []
    assert likely(name="王芳") == []


def test_every_comparisons_levels_add_up_to_one() -> None:
    for comparison in rules.MODEL:
        assert sum(level.m for level in comparison.levels) == pytest.approx(1, abs=0.0011), comparison.code
        assert sum(level.u for level in comparison.levels) == pytest.approx(1, abs=0.0011), comparison.code
