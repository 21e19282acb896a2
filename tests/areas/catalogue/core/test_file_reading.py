"""A catalogue file is read whatever it holds: every error with its line, bounded in size and depth, never a fault of ours."""

from __future__ import annotations

import string

import pytest
import yaml
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.areas.catalogue.core.making import SMALL
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.queries.exporting import file_text
from tongke.areas.catalogue.rules import file_reading
from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, OfferingContent
from tongke.areas.catalogue.rules.file_reading import read_catalogue
from tongke.areas.catalogue.rules.file_writing import write_catalogue

HEAD = "tongke_catalogue: 1\n"


@pytest.mark.parametrize(("text", "code", "line"), [
    ("", "CAT-06", 1), ("[]", "CAT-06", 1), ("tongke_catalogue: 2\n", "CAT-06", 1), ("offerings: {}\n", "CAT-06", 1),
    (HEAD + "offers:\n  M-1: {}\n", "CAT-05", 2), (HEAD + "offerings:\n  M-1: {kind: mobile}\n  M-1: {kind: fixed}\n", "CAT-04", 4),
    (HEAD + "a: &x [1]\nb: *x\n", "CAT-03", 2), (HEAD + "a: !!python/object/apply:os.system ['true']\n", "CAT-03", 2),
    (HEAD + "a: !evil 1\n", "CAT-03", 2), (HEAD + "offerings:\n  M-1: [\n", "CAT-03", 4), (HEAD + "a:\n\t- b\n", "CAT-03", 3),
    (HEAD + "---\ntongke_catalogue: 1\n", "CAT-03", 2), (HEAD + "a: " + "[" * 50 + "]" * 50, "CAT-03", 2), (HEAD + "? [a]\n: b\n", "CAT-03", 2),
    (HEAD + "offerings: [M-1]\n", "CAT-03", 2), (HEAD + "offerings:\n  M-1: text\n", "CAT-12", 3), (HEAD + "a: \x07\n", "CAT-03", 1),
])
def test_each_fault_of_form_has_its_line(text: str, code: str, line: int) -> None:
    problems = read_catalogue(text).sorted_problems()
    assert (code, line) in {(p.code, p.line) for p in problems}, [(p.code, p.line, p.message) for p in problems]
    assert all(p.message and p.advice for p in problems)


@pytest.mark.parametrize(("change", "path", "word"), [
    (("amount: 59", "amount: much"), "prices[0].amount", "number"), (("kind: recurring", "kind: monthly"), "prices[0].kind", "monthly"),
    (("    prices:\n", "    pricess:\n"), "pricess", "prices"), (("months: 12\n        pen", "months: 0\n        pen"), "terms[0].months", "1"),
    (("name_zh: 畅享59", "name_zh: 59"), "name_zh", "59"), (("amount: 59", "amount: 59.1234567"), "prices[0].amount", "6"),
])
def test_words_that_do_not_fit_are_explained_where_they_stand(change: tuple[str, str], path: str, word: str) -> None:
    text = SMALL[:SMALL.index("  B-500:")].replace(*change, 1)
    with override("en"):
        problems = [(p, p.message) for p in read_catalogue(text).sorted_problems()]
    ((found, message),) = [(p, said) for p, said in problems if p.path.startswith("offerings.M-59.") and p.path.endswith(path)]
    assert found.code == "CAT-12"
    assert word in message
    assert change[1].strip().split("\n")[0] in text.splitlines()[found.line - 1]


def test_a_bomb_of_aliases_is_refused_before_anything_is_built() -> None:
    bomb = HEAD + "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    (problem,) = read_catalogue(bomb).sorted_problems()  # built, its 2**60 words would never come to an end
    assert problem.code == "CAT-03"


def test_a_huge_file_is_refused_by_its_size_and_a_deep_one_by_its_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = HEAD + "a: " + "{a: " * 200_000
    assert [p.code for p in read_catalogue(deep).sorted_problems()] == ["CAT-03"]
    monkeypatch.setattr(file_reading, "CHARACTERS_MAX", 100)
    assert [p.code for p in read_catalogue(SMALL).sorted_problems()] == ["CAT-03"]


def test_a_file_that_is_no_text_says_where() -> None:
    with pytest.raises(CatalogueFileRefused) as refusal:
        file_text(b"tongke_catalogue: 1\n\xff\xfe")
    assert refusal.value.problems[0].line == 2


def test_the_words_yes_no_and_dates_stay_words() -> None:
    text = HEAD + "offerings:\n  M-1: {kind: mobile, name_zh: yes, name_en: no, description_en: 2026-01-31, note: 1e5, sellable: false}\n"
    paper = read_catalogue(text)
    assert not paper.problems
    found = paper.content.offerings["M-1"]
    assert (found.name_zh, found.name_en, found.description_en, found.note, found.sellable) == ("yes", "no", "2026-01-31", "1e5", False)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=string.printable + "中&*!#'\"\\|>%@`é\x00\ud800", max_size=200), st.integers(0, len(SMALL)))
@example("\ud800", 0)
@example("- " * 100, 30)
def test_any_text_in_any_place_gives_problems_or_content_but_never_a_fault(noise: str, place: int) -> None:
    paper = read_catalogue(SMALL[:place] + noise + SMALL[place:])
    assert isinstance(paper.content, CatalogueContent)
    assert all(problem.line >= 1 for problem in paper.problems)


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool)
free = st.recursive(
    st.none() | st.booleans() | st.integers(-10**9, 10**9) | st.decimals(-10**6, 10**6, places=3).map(float) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.from_regex(r"\A[A-Z0-9][A-Z0-9_-]{1,8}\Z"), st.builds(
    lambda zh, en, note, values, amount: OfferingContent.model_validate({
        "kind": "mobile", "name_zh": zh, "name_en": en, "note": note, "characteristics": values,
        "prices": [{"code": "m", "kind": "one_off", "name_zh": zh, "name_en": en, "amount": amount}]}),
    words, words, words | st.just("a\nb\n\nc") | st.just(" x "), st.dictionaries(words, free, max_size=3), st.decimals(0, 10**6, places=4),
), max_size=3))
def test_what_is_written_is_read_back_the_same_and_written_alike(offerings: dict[str, OfferingContent]) -> None:
    text = write_catalogue(CatalogueContent(offerings=offerings))
    paper = read_catalogue(text)
    assert not paper.problems
    assert paper.content.offerings == offerings
    assert write_catalogue(paper.content) == text


def test_comments_and_the_order_of_codes_do_not_matter() -> None:
    plain = read_catalogue(SMALL).content
    shuffled = yaml.safe_load(SMALL)
    shuffled["offerings"] = dict(reversed(shuffled["offerings"].items()))
    assert read_catalogue(yaml.safe_dump(shuffled, allow_unicode=True, sort_keys=False)).content.offerings == plain.offerings
    assert set(BLOCKS) == {noun for noun in BLOCKS if plain.block(noun)}, "the example has one of each noun"
