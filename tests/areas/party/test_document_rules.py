"""Rules of identity documents: checksums over all numbers, and every rule as a table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.party import citizen_number, credit_code
from tongke.areas.party.rules import documents as rules
from tongke.areas.party.rules.drafts import DocumentDraft

TODAY = date(2026, 3, 2)
citizen_numbers = st.builds(
    citizen_number, born=st.dates(date(1900, 1, 1), TODAY), serial=st.integers(0, 999), area=st.sampled_from(["110101", "330106", "659001"])
)


@pytest.mark.parametrize(("number", "fits"), [
    ("11010519491231002X", True),  # the example of GB 11643 itself
    ("440524188001010014", True),
    ("110105194912310021", False),
    ("11010519491231002", False),
    ("1101051949123100ZX", False),
    ("", False),
])
def test_pty_10_known_numbers(number: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    """The standard's own example holds; a changed or short one does not."""
    assert rules.citizen_number_checks(kind="resident_id", number=number) is fits


@given(number=citizen_numbers, place=st.integers(0, 16), digit=st.integers(0, 9))
def test_pty_10_finds_every_wrong_digit(number: str, place: int, digit: int) -> None:
    """Any one digit typed wrong is found (ISO 7064 MOD 11-2)."""
    wrong = number[:place] + str(digit) + number[place + 1:]
    assert rules.citizen_number_checks(kind="resident_id", number=wrong) is (wrong == number)


@given(number=citizen_numbers, place=st.integers(0, 15))
def test_pty_10_finds_neighbours_exchanged(number: str, place: int) -> None:
    """Two neighbouring digits exchanged are found."""
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2:]
    assert rules.citizen_number_checks(kind="resident_id", number=wrong) is (wrong == number)


@pytest.mark.parametrize(("code", "fits"), [
    ("91350100M000100Y43", True),  # the example of GB 32100 itself
    ("91350100M000100Y44", False),
    ("91350100M000100Y4", False),
    ("91350100I000100Y43", False),  # I, O, S, V, Z are not in the alphabet
])
def test_pty_14_known_codes(code: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    """The standard's own example holds; changed ones do not."""
    assert rules.credit_code_checks(kind="business_licence", number=code) is fits


@given(serial=st.integers(0, 999_999_999), place=st.integers(0, 16), sign=st.sampled_from(rules.CODE_SIGNS))
def test_pty_14_finds_every_wrong_sign(serial: int, place: int, sign: str) -> None:
    """Any one sign typed wrong is found."""
    code = credit_code(serial)
    wrong = code[:place] + sign + code[place + 1:]
    assert rules.credit_code_checks(kind="business_licence", number=wrong) is (wrong == code)


@given(number=citizen_numbers)
def test_birth_and_sex_are_read_back(number: str) -> None:
    """What the number says about its holder agrees with itself and with nothing else."""
    born, gender = rules.birth_in_number(number), rules.gender_in_number(number)
    facts = {"kind": "resident_id", "number": number}
    assert born is not None
    assert rules.citizen_number_has_birth(**facts, on=TODAY)
    assert rules.birth_fits_number(**facts, birth_on=born)
    assert not rules.birth_fits_number(**facts, birth_on=date(1899, 1, 1))
    assert rules.gender_fits_number(**facts, gender=gender)
    assert not rules.gender_fits_number(**facts, gender={"male": "female", "female": "male"}[gender])


def codes(draft: DocumentDraft, **facts: object) -> list[str]:
    """The codes that the draft breaks for a person of no stated birth and sex, unless ``facts`` say otherwise."""
    known = {"party_kind": "individual", "birth_on": None, "gender": "", "on": TODAY, **facts}
    return [b.code for b in rules.broken_in_document(draft, **known)]  # type: ignore[arg-type] # facts of a table


GOOD = citizen_number(born=date(1990, 1, 1), serial=123)


@pytest.mark.parametrize(("draft", "facts", "broken"), [
    (DocumentDraft(kind="resident_id", number=GOOD), {}, []),
    (DocumentDraft(kind="resident_id", number=f" {GOOD[:6]} {GOOD[6:].lower()} "), {}, []),
    (DocumentDraft(kind="resident_id", number="330106209901010014"), {}, ["PTY-10", "PTY-11"]),
    (DocumentDraft(kind="resident_id", number=GOOD), {"birth_on": date(1991, 1, 1), "gender": "female"}, ["PTY-12", "PTY-13"]),
    (DocumentDraft(kind="business_licence", number=credit_code(7)), {}, ["PTY-16"]),
    (DocumentDraft(kind="business_licence", number=credit_code(7)), {"party_kind": "organization"}, []),
    (DocumentDraft(kind="passport", number="E12345678"), {}, []),
    (DocumentDraft(kind="passport", number="护照"), {}, ["PTY-15"]),
    (DocumentDraft(kind="hk_macao_permit", number="H12345678"), {}, []),
    (DocumentDraft(kind="taiwan_permit", number="12345678"), {}, []),
    (DocumentDraft(kind="foreigner_permit", number="USA110012345678"), {}, []),
    (DocumentDraft(kind="foreigner_permit", number="12"), {}, ["PTY-15"]),
    (DocumentDraft(kind="other", number="AB"), {}, ["PTY-15"]),
    (DocumentDraft(kind="passport", number="E12345678", expires_on=date(2026, 3, 1)), {}, ["PTY-18"]),
    (DocumentDraft(kind="passport", number="E12345678", expires_on=TODAY), {}, []),
    (DocumentDraft(kind="passport", number="E12345678", issued_on=date(2027, 1, 1)), {}, ["PTY-17"]),
    (DocumentDraft(kind="driving_licence", number="1"), {}, ["PTY-16"]),
])
def test_all_broken_rules_of_a_document(draft: DocumentDraft, facts: dict[str, object], broken: list[str]) -> None:
    """Every broken rule is returned, not the first."""
    assert codes(draft, **facts) == broken


@pytest.mark.parametrize(("count", "limit", "holds"), [(1, 5, True), (5, 5, True), (6, 5, False)])
def test_pty_20_and_21_caps_include_the_new_one(count: int, limit: int, holds: bool) -> None:  # noqa: FBT001 - a table's column
    """The cap is the highest number allowed."""
    assert rules.within_documents_cap(count=count, limit=limit) is holds
    assert rules.within_records_cap(count=count, limit=limit) is holds
