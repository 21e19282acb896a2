"""Refused moves of life cycles are told in words: what cannot be done, in which state, and what can be done instead."""

from __future__ import annotations

import pytest
from django.utils import translation

from tongke.areas.account.states import ACCOUNT
from tongke.areas.party.states import CUSTOMER
from tongke.kernel.machine import Machine, all_machines


@pytest.mark.parametrize("machine", all_machines(), ids=lambda machine: machine.name)
def test_every_move_and_state_has_words(machine: Machine) -> None:
    """In Chinese, which no code is written in; the words of the other language are their source."""
    with translation.override("zh-hans"):
        said = [str(machine.word(verb)) for verb in machine.moves] + [str(label) for _state, label in machine.states.choices]
    assert [word for word in said if word.isascii()] == []


@pytest.mark.parametrize(("language", "message", "advice"), [
    ("en", "“Close the account” is not possible in the state “Closed”", "Possible now: Open the account again"),
    ("zh-hans", "当前状态“已关闭”下不能执行“关闭账户”", "当前可执行：恢复账户"),
])
def test_a_refused_move_says_what_is_possible(language: str, message: str, advice: str) -> None:
    with translation.override(language):
        refused = ACCOUNT.refusal("close", "closed", field="state")
        assert (refused.message, refused.advice, refused.field) == (message, advice, "state")


@pytest.mark.parametrize(("language", "state", "advice"), [
    ("en", "merged", "Possible now: Separate again"),
    ("en", "suspended", "Possible now: Take the customer on, Note that the customer left, Merge into another"),
    ("zh-hans", "suspended", "当前可执行：启用客户、登记客户离网、并入其他客户"),
])
def test_moves_stand_in_a_row_each_word_once(language: str, state: str, advice: str) -> None:
    with translation.override(language):
        assert CUSTOMER.refusal("suspend", state).advice == advice
