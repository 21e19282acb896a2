"""The query language: what each way to write a question means, and that any text is either understood or refused."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongke.kernel.errors import Refused
from tongke.tmf.kit.asking import FILTERS_MAX, LIMIT_DEFAULT, LIMIT_MAX, OPERATORS, SIGNS, Condition, asked, split_values
from tongke.tmf.kit.errors import UnfitQuery


def one(query: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the only condition of a query: path, operator, values."""
    (condition,) = asked(query).conditions
    return ".".join(condition.path), condition.operator, condition.values


@pytest.mark.parametrize(("query", "path", "operator", "values"), [
    ("a=1", "a", "eq", ("1",)), ("a.eq=1", "a", "eq", ("1",)), ("a==1", "a", "eq", ("1",)), ("a.b.c=1", "a.b.c", "eq", ("1",)), ("a.b.gt=1", "a.b", "gt", ("1",)),
    ("a>1", "a", "gt", ("1",)), ("a%3E1", "a", "gt", ("1",)), ("a%3e%3d1", "a", "gte", ("1",)), ("a%3E=1", "a", "gte", ("1",)), ("a<=1", "a", "lte", ("1",)),
    ("a!=1", "a", "ne", ("1",)), ("a*=x", "a", "regex", ("x",)), ("a=1,2", "a", "eq", ("1", "2")), ("a=1&a=2", "a", "eq", ("1", "2")), ("a=1;a=2", "a", "eq", ("1", "2")),
    ("a=%31%2C2", "a", "eq", ("1", "2")), ('a="1,2"', "a", "eq", ("1,2",)), ("a='1,2',3", "a", "eq", ("1,2", "3")), ("a=b=c", "a", "eq", ("b=c",)), ("a=", "a", "eq", ("",)),
    ("a=x+y", "a", "eq", ("x y",)), ("a=x%2By", "a", "eq", ("x+y",)), ("@type=X", "@type", "eq", ("X",)), ("a.@type=X", "a.@type", "eq", ("X",)), ("eq=1", "eq", "eq", ("1",)),
    ("limit.gt=1", "limit", "gt", ("1",)), ("a=王芳", "a", "eq", ("王芳",)), ("a=%E7%8E%8B", "a", "eq", ("王",)), ('a="x', "a", "eq", ('"x',)), ("a=>1", "a", "eq", (">1",)),
    ("&&a=1&", "a", "eq", ("1",)), ("a=\u00e7\u008e\u008b", "a", "eq", ("王",)), ("a=\u00e9", "a", "eq", ("é",)),
])
def test_a_condition_is_read(query: str, path: str, operator: str, values: tuple[str, ...]) -> None:
    assert one(query) == (path, operator, values)


@pytest.mark.parametrize("sign", [sign for sign, _word in SIGNS])
def test_every_sign_means_the_same_encoded(sign: str) -> None:
    assert one(f"a{sign}1") == one(f"a{quote(sign)}1") == one(f"a.{dict(SIGNS)[sign]}=1")


@pytest.mark.parametrize("query", ["a", "=1", "a b=1", "a..b=1", ".a=1", "a.=1", "1a=1", "a%00=1", "a=%00", "%ff=1", "a.gt>1", "a[0]=1", "$.a=1", "a-&b", "fields=a&fields=b",
                                   "offset=x", "limit=-1", "sort=%2B%2Ba", "sort=a b", "fields=a b", "&".join(f"a{n}=1" for n in range(FILTERS_MAX + 1)), "a=" + "x" * 9000])
def test_what_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(UnfitQuery):
        asked(query)


def test_sort_fields_and_page_are_no_conditions() -> None:
    found = asked("sort=-a.b,+c,d&fields=a,b.c&offset=10&limit=20")
    assert (found.conditions, found.sort, found.fields) == ((), ((("a", "b"), True), (("c",), False), (("d",), False)), ("a", "b.c"))
    assert (found.offset, found.limit, asked("").limit, asked("limit=99999").limit) == (10, 20, LIMIT_DEFAULT, LIMIT_MAX)


NAMES = st.from_regex(r"[a-z][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name not in {"fields", "offset", "limit", "sort", *OPERATORS})
WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=200))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with suppress(Refused):
        for condition in asked(text).conditions:
            assert condition.operator in OPERATORS
            assert condition.path
            assert condition.values


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from(OPERATORS), WORDS.filter(lambda word: not {",", '"', "'"} & set(word)))
def test_what_is_written_is_what_is_read(path: list[str], operator: str, word: str) -> None:
    assert asked(f"{'.'.join(path)}.{operator}={quote(word, safe='')}").conditions == (Condition(tuple(path), operator, (word,)),)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.lists(st.text(st.characters(exclude_characters='"'), max_size=10), min_size=1, max_size=5))
def test_quoted_values_come_apart_as_they_were_joined(words: list[str]) -> None:
    assert split_values(",".join(f'"{word}"' for word in words)) == words
