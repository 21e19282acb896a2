"""Decomposition: a graph in the order of delivery, for any specifications without circles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.areas.catalogue.core.making import SMALL
from tongke.areas.catalogue.rules.content import OfferingContent, SpecificationContent
from tongke.areas.catalogue.rules.decomposition import Chosen, Decomposition, decompose
from tongke.areas.catalogue.rules.file_reading import read_catalogue
from tongke.kernel.errors import RulesBroken

CATALOGUE = read_catalogue(SMALL).content


def made_of(code: str, chosen: Chosen | None = None) -> Decomposition:
    """The pieces of an offering of the small catalogue."""
    return decompose(code, chosen or Chosen(), offerings=CATALOGUE.offerings, specifications=CATALOGUE.specifications)


def test_a_bundle_becomes_products_services_and_resources_in_the_order_of_delivery() -> None:
    found = made_of("H-129", Chosen(parts={"M-59": [Chosen({"number": "13857100001"}), Chosen({"number": "13857100002"})]}))
    keys = [piece.key for piece in found.pieces]
    assert keys[-1] == "H-129"
    assert {piece.code for piece in found.of_level("resource")} == {"RS-SIM", "RS-PORT", "RS-ONT"}
    assert found.piece("H-129/B-500#1/RS-ONT@1").depends_on == ("H-129/B-500#1/RS-PORT@1",)
    assert [found.piece(f"H-129/M-59#{n}/SS-MOBILE-ACCESS@1").values["number"] for n in (1, 2)] == ["13857100001", "13857100002"]
    assert found.piece("H-129/B-500#1/SS-ACCESS@1").values == {"mbps": 500}
    assert found.piece("H-129/M-59#1").values["roaming"] == "national", "a default of the specification"


def test_parts_that_nobody_named_are_taken_as_often_as_the_bundle_says() -> None:
    assert [piece.key for piece in made_of("H-129").of_level("product")].count("H-129/M-59#1") == 1
    assert not [piece for piece in made_of("H-129", Chosen(parts={"M-59": []})).pieces if piece.offering_code == "M-59"]


def test_a_circle_is_refused_with_its_path() -> None:
    specs = {
        "A-1": spec("product", [("decomposes", "B-1")]), "B-1": spec("service", [("decomposes", "C-1")]), "C-1": spec("service", [("decomposes", "B-1")]),
    }
    with pytest.raises(RulesBroken) as refusal:
        decompose("O-1", Chosen(), offerings={"O-1": offer("A-1")}, specifications=specs)
    assert refusal.value.broken[0].values["circle"] == "B-1 → C-1 → B-1"


def test_pieces_that_wait_for_each_other_are_a_circle_too() -> None:
    specs = {
        "A-1": spec("product", [("decomposes", "B-1"), ("decomposes", "C-1")]), "B-1": spec("service", [("depends_on", "C-1")]),
        "C-1": spec("service", [("depends_on", "B-1")]),
    }
    with pytest.raises(RulesBroken, match="CAT-16"):
        decompose("O-1", Chosen(), offerings={"O-1": offer("A-1")}, specifications=specs)


def test_what_two_services_share_is_delivered_once() -> None:
    specs = {
        "A-1": spec("product", [("decomposes", "B-1"), ("decomposes", "C-1")]), "B-1": spec("service", [("decomposes", "R-1")]),
        "C-1": spec("service", [("decomposes", "R-1")]), "R-1": spec("resource", []),
    }
    found = decompose("O-1", Chosen(), offerings={"O-1": offer("A-1")}, specifications=specs)
    (port,) = found.of_level("resource")
    assert port.parents == ("O-1/B-1@1", "O-1/C-1@1")


def spec(level: str, relations: list[tuple[str, str]]) -> SpecificationContent:
    """A specification of made-up words."""
    return SpecificationContent.model_validate({
        "level": level, "kind": "mobile", "name_zh": "规", "name_en": "Spec", "relations": [{"kind": k, "other_code": c} for k, c in relations]})


def offer(specification: str) -> OfferingContent:
    """An offering of a specification."""
    return OfferingContent.model_validate({"kind": "mobile", "name_zh": "商", "name_en": "Offer", "specification": specification})


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, SpecificationContent]:
    """Specifications whose relations lead to later ones only: no circles, anything else."""
    size = draw(st.integers(2, 9))
    out = {}
    for n in range(size):
        later = [f"S-{m}" for m in range(n + 1, size)]
        parts = draw(st.lists(st.sampled_from(later), unique=True, max_size=3)) if later else []
        waits = draw(st.lists(st.sampled_from(later), unique=True, max_size=2)) if later else []
        relations: list[dict[str, Any]] = [
            {"kind": "decomposes", "other_code": code, "quantity_min": draw(st.integers(0, 2)), "quantity_max": 2, "characteristic_map": {"x": {"from": "x"}}}
            for code in parts
        ] + [{"kind": "depends_on", "other_code": code} for code in waits]
        out[f"S-{n}"] = SpecificationContent.model_validate({
            "level": "service" if n else "product", "kind": "mobile", "name_zh": "规", "name_en": "Spec", "relations": relations,
            "characteristics": [{"code": "x", "name_zh": "值", "name_en": "Value", "value_type": "integer"}]})
    return out


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(0, 9))
def test_every_piece_stands_after_all_that_it_waits_for(specs: dict[str, SpecificationContent], x: int) -> None:
    found = decompose("O-1", Chosen({"x": x}), offerings={"O-1": offer("S-0")}, specifications=specs)
    place = {piece.key: n for n, piece in enumerate(found.pieces)}
    assert len(place) == len(found.pieces), "keys are unique"
    for piece in found.pieces:
        assert all(place[other] < place[piece.key] for other in piece.depends_on)
        assert all(piece.key in found.piece(parent).depends_on for parent in piece.parents)
        assert piece.values == {"x": x}, "the map carries the value all the way down"
        assert piece.parents or piece.key == "O-1", "nothing hangs in the air"
    assert found == decompose("O-1", Chosen({"x": x}), offerings={"O-1": offer("S-0")}, specifications=specs)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_a_piece_consists_of_as_many_as_its_specification_says(specs: dict[str, SpecificationContent]) -> None:
    found = decompose("O-1", Chosen({"x": 1}), offerings={"O-1": offer("S-0")}, specifications=specs)
    for piece in found.pieces:
        for relation in specs[piece.code].relations:
            if relation.kind == "decomposes":
                mine = [other for other in found.pieces if other.code == relation.other_code and piece.key in other.parents]
                assert len(mine) == relation.quantity_min
