"""The mapping language: what it computes, and mistakes told with their line, key and mend."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.exchange.conftest import PEOPLE
from tongke.exchange import services
from tongke.exchange.errors import MappingUnknown, MappingWrong
from tongke.exchange.mapping import load_mapping, plan_flows, shipped_mappings
from tongke.exchange.mapping.lines import key_lines
from tongke.exchange.mapping.model import Value
from tongke.exchange.mapping.types import CONVERT, Untaken, as_date, as_datetime
from tongke.exchange.mapping.values import Unmapped, before, compile_value

COLUMNS = {"people": ("no", "name", "phone", "balance")}
assert services.IMPORT


def computed(given: dict[str, object], cells: list[str]) -> str | None:
    """Compute one value over the columns a, b and c."""
    return compile_value(Value.model_validate(given), {"a": 0, "b": 1, "c": 2}, date(2024, 3, 31))(cells)


@pytest.mark.parametrize(("given", "result"), [
    ({"value": "{a}"}, "Wang Fang"),
    ({"value": "{a} <{b}>"}, "Wang Fang <3>"),
    ({"value": "{c}"}, None),
    ({"value": "{c}", "default": "none"}, "none"),
    ({"value": "{a}", "split": {"by": " ", "take": -1}}, "Fang"),
    ({"value": "{a}", "split": {"by": " ", "take": 5}}, None),
    ({"value": "{a}", "part": [0, 4]}, "Wang"),
    ({"value": "{a}", "case": "upper"}, "WANG FANG"),
    ({"value": "{a}", "replace": {" ": "-"}}, "Wang-Fang"),
    ({"value": "{a}", "blank": ["Wang Fang"]}, None),
    ({"value": "{b}", "map": {"3": "three"}}, "three"),
    ({"value": "{b}", "map": {"4": "four"}, "else": "other"}, "other"),
    ({"value": "{b}", "map": {"4": "four"}, "else": ""}, None),
    ({"value": "{b}", "times": "0.01"}, "0.03"),
    ({"value": "{b}.125", "round": 2}, "3.12"),
    ({"value": "{b}", "before_as_of": "days"}, "2024-03-28"),
    ({"value": "{b}", "before_as_of": "months"}, "2023-12-31"),
    ({"value": "1", "before_as_of": "months"}, "2024-02-29"),
    ({"value": "{b}", "before_as_of": "years"}, "2021-03-31"),
    ({"value": "31/12/2023", "date": "%d/%m/%Y"}, "2023-12-31"),
    ({"value": "constant"}, "constant"),
])
def test_values(given: dict[str, object], result: str | None) -> None:
    """Each step of the language does what docs/importing.md says."""
    assert computed(given, ["Wang Fang", "3", ""]) == result


def test_values_that_cannot_be() -> None:
    """What has no entry, is no number or lies outside history is told, never guessed."""
    with pytest.raises(Unmapped):
        computed({"value": "{a}", "map": {"x": "y"}}, ["z", "", ""])
    with pytest.raises(Untaken):
        computed({"value": "{a}", "times": "2"}, ["z", "", ""])
    for unit in ("days", "months", "years"):
        with pytest.raises(Untaken):
            before(date(2024, 1, 1), unit, "99999999999")


@pytest.mark.parametrize(("kind", "text"), [
    ("integer", "1.5"), ("integer", "x"), ("integer", "9" * 30), ("decimal", "1e999"), ("decimal", "Infinity"), ("decimal", "1,23"),
    ("date", "2023-02-29"), ("date", "yesterday"), ("datetime", "2023-01-01 25:00"), ("datetime", "0001-01-01"), ("boolean", "maybe"),
])
def test_texts_that_are_no_value(kind: str, text: str) -> None:
    """Every conversion refuses with what it expected."""
    with pytest.raises(Untaken) as told:
        CONVERT[kind](text)
    assert str(told.value.args[0])


def test_texts_that_are() -> None:
    """Numbers with thousands marks, days in every usual form, instants in their zone."""
    assert str(CONVERT["decimal"]("1,234.50")) == "1234.50"
    assert CONVERT["integer"]("3.0") == 3
    assert {as_date(t) for t in ("2024-02-29", "2024/2/29", "2024.02.29", "2024年2月29日", "2024-02-29 00:00:00")} == {date(2024, 2, 29)}
    assert as_datetime("2024-02-29 08:30") == datetime(2024, 2, 29, 0, 30, tzinfo=UTC)
    assert as_datetime("2024-02-29T00:30:00Z") == datetime(2024, 2, 29, 0, 30, tzinfo=UTC)
    assert [CONVERT["boolean"](t) for t in ("是", "No", "1", "f")] == [True, False, True, False]


@pytest.mark.parametrize(("mistake", "instead", "told"), [
    ('noun = "party"', 'noun = "partie"', "unknown noun partie"),
    ('name = "{name}"', 'nam = "{name}"', "party has no field nam"),
    ('name = "{name}"', 'name = "{nome}"', "there is no column nome"),
    ('name = "{name}"', "", "party needs name"),
    ('kind = "mobile"', 'kind = "mobil"', "'mobil' is none of"),
    ('from = "people"', 'from = "persons"', "there is no [sources.persons]"),
    ('loaded = "account.balance"', 'loaded = "account.name"', "is no number of a record"),
    ('loaded = "account.balance"', 'loaded = "balance"', "String should match pattern"),
    ('title = "People of a test"', 'titel = "x"', "Field required"),
    ('no = "text!"', 'no = "txt!"', "Input should be"),
    ("filled = true", "full = true", "Extra inputs are not permitted"),
    ('name = "{name}"', 'name = { value = "{name}", before_as_of = "months" }', "needs mapping.as_of"),
    ("[mapping]", "[mapping", "not TOML"),
])
def test_mistakes_name_their_line_and_key(mistake: str, instead: str, told: str) -> None:
    """A mapping's author finds the mistake without guessing."""
    assert mistake in PEOPLE
    text = PEOPLE.replace(mistake, instead, 1)
    with pytest.raises(MappingWrong) as refusal:
        plan_flows(load_mapping("people.toml", text=text), COLUMNS)
    assert told in refusal.value.message
    assert "line" in refusal.value.message


def test_every_mistake_is_told_at_once() -> None:
    """Not the first one only."""
    text = PEOPLE.replace('name = "{name}"', 'nam = "{nome}"').replace('kind = "mobile"', 'kind = "mobil"')
    with pytest.raises(MappingWrong) as refusal:
        plan_flows(load_mapping("people.toml", text=text), COLUMNS)
    assert refusal.value.message.count("line") >= 3


def test_lines_of_keys() -> None:
    """Tables, tables in arrays and quoted keys stand where they stand."""
    lines = key_lines('[a]\nx = 1\n[[f]]\ny = 2\n[[f.r]]\nz = 3\n[[f.r]]\n[f.r.set]\n"q r" = 4\n[[f]]\n[[f.r]]\nz = 5\n')
    assert lines["a", "x"] == 2
    assert lines["f", 0, "r", 0, "z"] == 6
    assert lines["f", 0, "r", 1, "set", "q r"] == 9
    assert lines["f", 1, "r", 0, "z"] == 12


def test_an_unknown_mapping_names_those_there_are() -> None:
    """A typing error in the name is mended by reading the list."""
    with pytest.raises(MappingUnknown, match="nowhere") as refusal:
        load_mapping("nowhere")
    assert "ibm_telco" in refusal.value.advice


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_shipped_mappings_read(name: str) -> None:
    """Each is named like its file."""
    assert load_mapping(name).mapping.mapping.name == name
