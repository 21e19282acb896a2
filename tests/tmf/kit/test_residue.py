"""What is kept beside a record, and what contradicts it: case by case."""

from __future__ import annotations

from typing import Any

import pytest

from tongke.kernel.actor import Actor
from tongke.kernel.rows import Rows, key, text
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Obj
from tongke.tmf.kit.residue import residue
from tongke.tmf.kit.shapes import Entity

ROWS = Rows(source="x t", columns={"id": key("t.id"), "name": text("t.name"), "phone": text("t.phone", personal="phone", shown="'*'"), "kind": text("t.kind")})
LIKE = Resource(
    name="x", type="X", document=Entity, rows=ROWS, view="x.view", about="x", server_set=frozenset({"id", "href", "rank"}),
    attributes={
        "name": Col("name"), "phone": Col("phone"), "loose": Col("kind", loose=True), "href": Href("x/v4/x"), "size": Obj({"unit": Col("kind"), "@type": Const("Size")}),
        "part": Many(ROWS, on=("id", "id"), parts={"id": Col("id"), "name": Col("name")}),
    },
)
CLEAR = Actor(name="clear", permissions=frozenset({"party.see_phone"}))
MASKED = Actor(name="masked")


@pytest.mark.parametrize(("sent", "given", "kept", "clashes"), [
    ({"name": "a"}, {"name": "a"}, {}, []), ({"name": "a"}, {"name": "b"}, {}, ["name"]), ({"name": "a"}, {}, {}, ["name"]),
    ({"loose": "0571-1"}, {"loose": "+865711"}, {}, []), ({"href": "mine"}, {"href": "ours"}, {}, []), ({"rank": 1}, {}, {}, []), ({"id": "x"}, {"id": "y"}, {}, []),
    ({"own": {"a": 1}}, {}, {"own": {"a": 1}}, []), ({"own": [1]}, {"own": [2]}, {"own": [1]}, []),
    ({"size": {"unit": "cm", "more": 1}}, {"size": {"unit": "cm"}}, {"size": {"more": 1}}, []), ({"size": {"unit": "cm"}}, {"size": {"unit": "mm"}}, {}, ["size.unit"]),
    ({"part": [{"name": "a", "own": 1}]}, {"part": [{"id": "1", "name": "a"}]}, {"part": {"1": {"own": 1}}}, []),
    ({"part": [{"name": "a"}]}, {"part": [{"id": "1", "name": "b"}]}, {}, ["part[0].name"]), ({"part": [{"name": "a"}]}, {}, {}, ["part"]),
    ({"part": []}, {"part": [{"id": "1", "name": "b"}]}, {}, ["part"]), ({"part": "a"}, {"part": [{"id": "1"}]}, {}, ["part"]),
])
def test_what_goes_beyond_is_kept_and_what_contradicts_is_named(sent: dict[str, Any], given: dict[str, Any], kept: dict[str, Any], clashes: list[str]) -> None:
    found = residue(LIKE, sent, given, by=CLEAR)
    assert (found.kept, found.clashes) == (kept, clashes)


def test_whoever_sees_a_mask_cannot_be_contradicted_by_it() -> None:
    assert residue(LIKE, {"phone": "138"}, {"phone": "*"}, by=MASKED).clashes == []
    assert residue(LIKE, {"phone": "138"}, {"phone": "139"}, by=CLEAR).clashes == ["phone"]
