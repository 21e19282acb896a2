"""Patches: the table of RFC 7386, the laws that hold for any document, and JSON Patch that refuses rather than breaks."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongke.kernel.errors import Refused
from tongke.tmf.kit.bodies import ITEMS_MAX, parsed
from tongke.tmf.kit.errors import PatchUnfit
from tongke.tmf.kit.patching import OPERATIONS, merged, patched, size_of

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4)
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3), max_leaves=12)
OBJECTS = st.dictionaries(st.text("abc", max_size=2), DOCUMENTS, max_size=4)
bounded = settings(max_examples=200, derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(("before", "patch", "after"), [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}), ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}), ({"a": "b"}, {"a": None}, {}), ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}), ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}), ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}), (["a", "b"], ["c", "d"], ["c", "d"]), ({"a": "b"}, ["c"], ["c"]), ({"a": "foo"}, None, None), ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}), ([1, 2], {"a": "b", "c": None}, {"a": "b"}), ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
])
def test_the_rfc_s_own_table(before: Any, patch: Any, after: Any) -> None:
    assert merged(before, patch) == after


@bounded
@given(DOCUMENTS, DOCUMENTS)
def test_a_merge_patch_twice_is_the_patch_once_and_spoils_nothing(document: Any, patch: Any) -> None:
    kept = copy.deepcopy((document, patch))
    once = merged(document, patch)
    assert merged(once, patch) == once
    assert (document, patch) == kept


@bounded
@given(OBJECTS, OBJECTS)
def test_what_a_merge_patch_does_not_name_stays(document: dict[str, Any], patch: dict[str, Any]) -> None:
    after = merged(document, patch)
    assert {name: value for name, value in after.items() if name not in patch} == {name: value for name, value in document.items() if name not in patch}
    assert all(name not in after for name, value in patch.items() if value is None)


POINTERS = st.text("/abc0-~1", max_size=6)
STEPS = st.fixed_dictionaries({"op": st.sampled_from(sorted(OPERATIONS)), "path": POINTERS}, optional={"from": POINTERS, "value": DOCUMENTS})


@bounded
@given(OBJECTS, st.lists(STEPS, max_size=4) | DOCUMENTS)
def test_any_json_patch_is_applied_or_refused_and_spoils_nothing(document: dict[str, Any], operations: Any) -> None:
    kept = copy.deepcopy(document)
    with suppress(PatchUnfit):
        patched(document, operations)
    assert document == kept


def test_copies_cannot_make_a_document_explode() -> None:
    with pytest.raises(PatchUnfit):
        patched({"a": ["x" * 50] * 20}, [{"op": "copy", "from": "/a", "path": "/a/0"}] * 40)
    assert size_of(["x"] * 3) == 4
    assert size_of([[0] * ITEMS_MAX] * 5) > ITEMS_MAX


@bounded
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_body_is_read_or_refused(raw: bytes) -> None:
    with suppress(Refused):
        parsed(raw)
