"""The preview of an import tells fields and values in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from tongke.exchange.nouns import declare
from tongke.kernel.bulk import all_nouns
from tongke.web.imports.fields import CHOICES, FIELDS, field_words, value_words
from tongke.web.imports.words import NOUNS


def test_every_field_that_a_file_may_fill_has_words() -> None:
    declare()
    nouns = all_nouns()
    assert set(NOUNS) == set(nouns)
    unnamed = [f"{noun.name}.{field.name}" for noun in nouns.values() for field in noun.fields if field_words(noun.name, field.name) == field.name]
    assert unnamed == []
    known = {field.name for noun in nouns.values() for field in noun.fields} | {f"{noun.name}.{field.name}" for noun in nouns.values() for field in noun.fields}
    assert set(FIELDS) <= known


def test_every_choice_of_every_field_has_words() -> None:
    declare()
    chosen = {f"{noun.name}.{field.name}": {one for one in field.choices if one} for noun in all_nouns().values() for field in noun.fields if field.choices}
    assert set(chosen) == set(CHOICES)
    assert [name for name, values in chosen.items() if not values <= set(CHOICES[name].values)] == []


@pytest.mark.parametrize(("noun", "field", "value", "words"), [
    ("customer", "segment", "residential", "Residential"), ("account", "paperless", True, "yes"), ("account", "paperless", False, "no"),
    ("party", "birth_on", date(1990, 5, 6), "1990-05-06"), ("payment", "paid_at", datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026-03-02 00:30"),
    ("bill", "items", {"fee": Decimal("12.50")}, "fee: 12.50"), ("bill", "total", Decimal("1E+2"), "100"), ("customer", "segment", "martian", "martian"),
])
def test_values_are_told_as_everywhere(noun: str, field: str, value: object, words: str) -> None:
    with translation.override("en"):
        assert value_words(noun, field, value) == words
