"""Rules of media, addresses, consents, blacklist, credit and completeness as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.party.policy import CreditBand, CreditPoints
from tongke.areas.party.rules.addresses import address_parts, read_address
from tongke.areas.party.rules.blacklist import is_in_force, strictest_effect
from tongke.areas.party.rules.completeness import completeness
from tongke.areas.party.rules.consents import may_contact, most_restrictive
from tongke.areas.party.rules.credit import CreditFacts, credit_band, credit_score, override_ends_in_time
from tongke.areas.party.rules.customers import name_is_one
from tongke.areas.party.rules.drafts import AddressDraft, MediumDraft
from tongke.areas.party.rules.media import broken_in_medium, normal_value
from tongke.areas.party.states import ConsentPurpose, ConsentState, ContactChannel, CreditClass

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "given_", "value"), [
    ("mobile", "138 5710 0001", "+8613857100001"),
    ("mobile", "+86-138-5710-0001", "+8613857100001"),
    ("mobile", "１３８５７１００００１", "+8613857100001"),
    ("phone", "0571-87654321", "+8657187654321"),
    ("phone", "+1 415 555 2671", "+14155552671"),
    ("mobile", "12", None),
    ("mobile", "abc", None),
    ("email", " Wang.Fang@Example.COM ", "wang.fang@example.com"),
    ("email", "wang.fang@", None),
    ("email", "a@b", None),
    ("wechat", "wang_fang01", "wang_fang01"),
    ("wechat", "短", None),
    ("web_id", "forum:4711", "forum:4711"),
])
def test_pty_30_normal_values(kind: str, given_: str, value: str | None) -> None:
    """Each kind is stored in one form; what has not its form is refused."""
    assert normal_value(kind, given_) == value


@pytest.mark.parametrize(("draft", "broken"), [
    (MediumDraft(kind="wechat", given="wang_fang01"), ["PTY-31"]),
    (MediumDraft(kind="wechat", given="wang_fang01", consent="said so at the counter"), []),
    (MediumDraft(kind="pigeon", given="0571-87654321"), ["PTY-30"]),
    (MediumDraft(kind="mobile", given="1", valid_from=AT + timedelta(days=1)), ["PTY-30", "PTY-34"]),
])
def test_all_broken_rules_of_a_medium(draft: MediumDraft, broken: list[str]) -> None:
    """Every broken rule is returned."""
    assert [b.code for b in broken_in_medium(draft, at=AT)] == broken


@pytest.mark.parametrize(("name", "holds"), [
    ("王芳", True), ("John Smith", True), ("阿卜杜拉·买买提", True), ("7590-VHVEG", True), ("", False), ("  ", False), ("···", False),
    ("王\x00芳", False), ("王\u202e芳", False), ("王" * 200, True), ("王" * 201, False),
])
def test_pty_01_names(name: str, holds: bool) -> None:  # noqa: FBT001 - a table's column
    """Names of every script are names; control and direction signs are none."""
    assert name_is_one(name=name) is holds


@pytest.mark.parametrize(("full", "parts"), [
    ("浙江省杭州市西湖区文三路388号钱江科技大厦15楼", ("浙江省", "杭州市", "西湖区", "文三路388号", "钱江科技大厦", "15楼")),
    ("杭州市拱墅区体育场路100号武林花园3幢2单元501室", ("", "杭州市", "拱墅区", "体育场路100号", "武林花园", "3幢2单元501室")),
    ("上海市浦东新区张江路88弄12号601室", ("上海市", "上海市", "浦东新区", "张江路88弄12号", "", "601室")),
    ("北京市朝阳区建国门外大街1号国贸大厦A座2008", ("北京市", "北京市", "朝阳区", "建国门外大街1号", "国贸大厦", "A座2008")),
    ("浙江省宁波市慈溪市浒山街道青少年宫路12号", ("浙江省", "宁波市", "慈溪市", "青少年宫路12号", "", "")),
    ("内蒙古自治区呼和浩特市新城区中山东路5号", ("内蒙古自治区", "呼和浩特市", "新城区", "中山东路5号", "", "")),
    ("12 High Street, London", ("", "", "", "12 High Street London", "", "")),
])
def test_parts_of_an_address(full: str, parts: tuple[str, ...]) -> None:
    """Province, city, district, street, place and detail are read from the text."""
    read = read_address(full)
    assert (read.province, read.city, read.district, read.street, read.place, read.detail) == parts
    assert read.full == full


def test_keys_of_an_address_begin_at_street_and_place() -> None:
    """Both prefixes by which an address is searched; the postcode is cut off."""
    read = read_address("310012 浙江省杭州市西湖区文三路388号钱江科技大厦3号楼15室")
    assert read.postcode == "310012"
    assert read.street_key.startswith("文三路388号钱江科技大厦3幢15")
    assert read.place_key.startswith("钱江科技大厦3幢15")


def test_given_parts_stand_before_read_ones() -> None:
    """A channel that knows the parts is believed."""
    parts = address_parts(AddressDraft(full="杭州文三路388号", city="杭州市", street="文三路388号", place="钱江科技大厦"))
    assert (parts.city, parts.street, parts.place) == ("杭州市", "文三路388号", "钱江科技大厦")
    assert parts.place_key.startswith("钱江科技大厦")


@given(text=st.text(max_size=600))
def test_any_text_is_read_as_an_address(text: str) -> None:
    """No text breaks the reader, and every part fits its column."""
    read = read_address(text)
    assert len(read.full) <= 400
    assert len(read.street) <= 100
    assert len(read.place) <= 100
    assert len(read.street_key) <= 300


G, D, W = "granted", "denied", "withdrawn"


@pytest.mark.parametrize(("purpose", "channel", "answers", "effects", "may"), [
    ("marketing", "sms", [], [], False),
    ("service", "sms", [], [], True),
    ("service", "sms", [("service", "sms", D)], [], False),
    ("marketing", "sms", [("marketing", "sms", G)], [], True),
    ("marketing", "call", [("marketing", "sms", G)], [], False),
    ("marketing", "call", [("marketing", "any", G)], [], True),
    ("marketing", "call", [("marketing", "any", G), ("marketing", "call", W)], [], False),
    ("marketing", "call", [("marketing", "any", W), ("marketing", "call", G)], [], False),
    ("marketing", "sms", [("marketing", "sms", G), ("marketing", "sms", D)], [], False),
    ("marketing", "sms", [("marketing", "sms", G)], ["no_marketing"], False),
    ("service", "sms", [], ["no_marketing"], True),
    ("marketing", "any", [("marketing", "any", G), ("marketing", "visit", D)], [], False),
    ("marketing", "any", [("marketing", "sms", G)], [], False),
    ("survey", "sms", [("marketing", "any", G)], [], False),
])
def test_may_contact(purpose: str, channel: str, answers: Any, effects: list[str], may: bool) -> None:  # noqa: FBT001 - a table's column
    """The most restrictive answer wins."""
    assert may_contact(purpose=purpose, channel=channel, answers=answers, blacklist_effects=effects) is may


answers_given = st.lists(st.tuples(
    st.sampled_from(ConsentPurpose.values), st.sampled_from(ContactChannel.values), st.sampled_from(ConsentState.values)), max_size=6)


@given(answers=answers_given, more=answers_given, purpose=st.sampled_from(ConsentPurpose.values), channel=st.sampled_from(ContactChannel.values))
def test_no_further_refusal_ever_allows_more(answers: Any, more: Any, purpose: str, channel: str) -> None:
    """Adding denials and withdrawals can only forbid."""
    refusals = [(p, c, s) for p, c, s in more if s != ConsentState.GRANTED]
    if may_contact(purpose=purpose, channel=channel, answers=[*answers, *refusals]):
        assert may_contact(purpose=purpose, channel=channel, answers=answers)


def test_most_restrictive_answer() -> None:
    """Withdrawn before denied before granted."""
    assert most_restrictive(["granted", "withdrawn", "denied"]) == "withdrawn"
    assert most_restrictive(["granted", "denied"]) == "denied"
    assert most_restrictive([]) is None


def test_strictest_effect() -> None:
    """Refuse before review before deposit before no marketing."""
    assert strictest_effect(["no_marketing", "deposit", "review"]) == "review"
    assert strictest_effect(["no_marketing", "refuse"]) == "refuse"
    assert strictest_effect([]) is None


@pytest.mark.parametrize(("state", "ends", "works"), [
    ("active", None, True), ("appealed", None, True), ("lifted", None, False),
    ("active", AT, False), ("active", AT + timedelta(seconds=1), True),
])
def test_an_entry_works_until_its_end(state: str, ends: datetime | None, works: bool) -> None:  # noqa: FBT001 - a table's column
    """The end itself is out; an appeal does not stop an entry."""
    assert is_in_force(state=state, valid_from=AT - timedelta(days=1), expires_at=ends, at=AT) is works


POINTS = CreditPoints(start=500, tenure_year=20, tenure_years_max=10, paid_on_time=200, arrears_month=-80, arrears_months_max=5,
                      fraud_case=-400, deposit_yuan_per_point=10, deposit_max=100)
BANDS = tuple(CreditBand(credit_class=c, from_score=s, credit_limit=Decimal(limit)) for c, s, limit in (
    (CreditClass.A, 800, 500), (CreditClass.B, 650, 300), (CreditClass.C, 450, 100), (CreditClass.D, 250, 0), (CreditClass.E, 0, 0)))


@pytest.mark.parametrize(("facts", "score", "credit_class"), [
    (CreditFacts(tenure_months=0), 500, "C"),
    (CreditFacts(tenure_months=60, bills=24, bills_paid_on_time=24), 800, "A"),
    (CreditFacts(tenure_months=60, bills=24, bills_paid_on_time=12), 700, "B"),
    (CreditFacts(tenure_months=600, bills=24, bills_paid_on_time=24, deposit=Decimal(5000)), 1000, "A"),
    (CreditFacts(tenure_months=12, arrears_months=3), 280, "D"),
    (CreditFacts(tenure_months=0, arrears_months=30), 100, "E"),
    (CreditFacts(tenure_months=0, fraud_cases=2), 0, "E"),
])
def test_credit_score(facts: CreditFacts, score: int, credit_class: str) -> None:
    """The factors sum to the score, clipped to 0 and 1000; the band follows."""
    got, factors = credit_score(facts, POINTS)
    assert got == score == max(0, min(1000, sum(factors.values())))
    assert credit_band(got, BANDS).credit_class == credit_class


@given(months=st.integers(0, 600), arrears=st.integers(0, 24), fraud=st.integers(0, 3))
def test_more_arrears_or_fraud_never_raise_the_score(months: int, arrears: int, fraud: int) -> None:
    """A worse fact never gives a better score."""
    one = credit_score(CreditFacts(tenure_months=months, arrears_months=arrears, fraud_cases=fraud), POINTS)[0]
    worse = credit_score(CreditFacts(tenure_months=months, arrears_months=arrears + 1, fraud_cases=fraud + 1), POINTS)[0]
    assert worse <= one


def test_pty_80_overrides_end() -> None:
    """An override ends after now and within the days of the policy."""
    facts = {"at": AT, "days_max": 365}
    assert override_ends_in_time(expires_at=AT + timedelta(days=365), **facts)
    assert not override_ends_in_time(expires_at=AT + timedelta(days=366), **facts)
    assert not override_ends_in_time(expires_at=AT, **facts)


def test_completeness_lists_the_heaviest_first() -> None:
    """The score is the share of weight; what is missing comes heaviest first."""
    weights = {"name": 10, "phone": 15, "document": 25, "email": 5}
    assert completeness(["name", "phone"], weights) == (45, ["document", "email"])
    assert completeness(weights, weights) == (100, [])
    assert completeness([], {}) == (100, [])
