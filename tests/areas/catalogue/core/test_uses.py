"""Where something is used, an offering whole, search, and what an offering is made of, read from the real database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.areas.catalogue.core.making import SMALL
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.errors import UnknownOffering, UnknownVersion
from tongke.kernel.actor import NotPermitted, system_actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    people.tree()
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)


def test_everything_that_names_an_offering_is_found() -> None:
    assert {(use.noun, use.code, use.place) for use in queries.where_used("B-500", by=TESTER)} == {
        ("offerings", "H-129", "parts"), ("price_lists", "WEB-2026", "entries"), ("promotions", "P-FIRST-HALF", "offering_codes"),
        ("categories", "PLANS-HOME", "offerings")}
    assert {(use.noun, use.code) for use in queries.where_used("PS-MOBILE", by=TESTER)} == {("offerings", "M-59")}
    assert {(use.noun, use.code, use.place) for use in queries.where_used("RS-PORT", by=TESTER)} == {
        ("specifications", "SS-ACCESS", "decomposes"), ("specifications", "RS-ONT", "depends_on")}


def test_an_offering_is_read_whole_in_one_statement() -> None:
    ident = queries.offering_on_sale("M-59", at=NOON).id
    with CaptureQueriesContext(connection) as statements:
        whole = queries.offering_whole(ident, by=TESTER)
    assert len([one for one in statements.captured_queries if "catalogue_" in one["sql"]]) == 1
    assert [(price["code"], len(price["tiers"])) for price in whole["prices"]] == [("monthly", 0), ("monthly", 0), ("data", 2)]
    assert (whole["specification"]["code"], len(whole["allowances"]), len(whole["terms"]), len(whole["versions"])) == ("PS-MOBILE", 2, 1, 1)
    assert [part["name_zh"] for part in queries.offering_whole(queries.offering_on_sale("H-129", at=NOON).id, by=TESTER)["parts"]] == ["畅享59", "宽带500M"]
    with pytest.raises(UnknownVersion):
        queries.offering_whole(uuid4(), by=TESTER)


@pytest.mark.parametrize(("words", "first"), [("m-59", "M-59"), ("宽带500", "B-500"), ("family", "H-129"), ("一证", "R-MOBILE-5"), ("%", None), ("", None)])
def test_search_finds_codes_and_names(words: str, first: str | None) -> None:
    found = queries.search_catalogue(words, by=TESTER)
    assert (found[0].code if found else None) == first


def test_decomposition_reads_the_versions_in_force() -> None:
    found = queries.decompose(queries.offering_on_sale("H-129", at=NOON).id, at=NOON)
    assert [piece.code for piece in found.of_level("product")][-1] == "H-129"
    assert {piece.level for piece in found.pieces} == {"product", "service", "resource"}


def test_only_who_may_see_the_catalogue_reads_it() -> None:
    stranger = system_actor("x")
    nobody = type(stranger)(name="nobody")
    for read in (lambda: queries.where_used("M-59", by=nobody), lambda: queries.search_catalogue("x", by=nobody), lambda: queries.export_catalogue(by=nobody, at=NOON)):
        with pytest.raises(NotPermitted):
            read()


def test_a_code_that_nothing_has_is_not_exported_as_nothing() -> None:
    assert "M-59" in queries.export_catalogue(["M-59"], by=TESTER, at=NOON)
    with pytest.raises(UnknownOffering):
        queries.export_catalogue(["M-59", "NOPE"], by=TESTER, at=NOON)
