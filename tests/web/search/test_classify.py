"""What a typed text may mean."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from tongke.areas.party.queries.search import TYPED_CHARACTERS_MAX, classify, cleaned
from tongke.web.search.statement import RANK


@pytest.mark.parametrize(("typed", "kinds"), [
    ("13857100001", {"phone", "service_number"}),
    ("138 5710-0001", {"phone", "service_number"}),
    ("０５７１８７６５４３２１", {"phone", "service_number"}),
    ("5678", {"phone_tail", "service_tail", "phone_head"}),
    ("13857100", {"phone_tail", "phone_head", "account_no"}),
    ("330106199003071232", {"document", "account_no"}),
    ("33010619900307123x", {"document"}),
    ("张伟", {"name", "street", "place", "contains"}),
    ("文三路388号", {"street", "place", "contains"}),
    ("zhangwei", {"name", "pinyin", "email"}),
    ("zw", {"pinyin", "initials"}),
    ("wangfang@example.cn", {"email"}),
    ("KD0571 0001", {"service_number", "service_head"}),
    ("CU2600000042", {"customer_no", "account_no", "bill_no"}),
])
def test_a_text_is_looked_up_as_what_it_may_be(typed: str, kinds: set[str]) -> None:
    assert kinds <= set(classify(typed).kinds)


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "%", "_", "\\", "'; DROP TABLE party_party; --"[:1], "\u202e", "🙂", "12"])
def test_what_can_be_no_key_is_not_looked_up(typed: str) -> None:
    assert classify(typed).kinds == []


def test_a_prefix_ends_before_the_next_name() -> None:
    low, high = classify("张").ranges["name"]
    assert low <= "张" < high
    assert low <= "张伟" < high
    assert not low <= "弢" < high


def test_a_tail_is_read_backwards() -> None:
    assert classify("5678").ranges["phone_tail"][0] == "8765"


def test_administrative_parts_in_front_of_a_street_are_left_out() -> None:
    assert classify("浙江省杭州市西湖区文三路").ranges["street"][0] == "文三路"


def test_a_part_of_a_name_with_a_house_number_is_split_for_the_register() -> None:
    ranges = classify("塘公寓3幢501室").ranges
    assert ranges["contains"][0] == "塘公寓"
    assert ranges["contains_rest"][0] == "3幢501"


def test_a_document_number_is_never_in_a_term() -> None:
    number = "330106199003071232"
    assert number not in classify(number).ranges["document"]


@given(strategies.text(max_size=3 * TYPED_CHARACTERS_MAX))
def test_any_text_gives_ranges_that_the_database_can_take(typed: str) -> None:
    terms = classify(typed)
    assert set(terms.kinds) <= {*RANK, "contains_rest"}
    for low, high in terms.ranges.values():
        assert "\x00" not in low + high
        (low + high).encode()


@given(strategies.text(max_size=400))
def test_cleaning_leaves_no_sign_that_hides_or_turns_text(typed: str) -> None:
    text = cleaned(typed)
    assert len(text) <= TYPED_CHARACTERS_MAX
    assert not set(text) & {"\x00", "\u202e", "\u200b", "\ufeff"}
