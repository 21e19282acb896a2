"""Everything that an official file names exists in ours: paths, operations, parameters, statuses, attributes, enumerations, events."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.tmf.official import EXCEPTIONS, Official, Schemas
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.openapi import openapi
from tongke.tmf.kit.registry import all_apis

every_api = pytest.mark.parametrize("api", all_apis(), ids=lambda api: f"{api.number}{api.version}")
GOOD = ("200", "201")


@cache
def _read(path: Path) -> Official:
    return Official(path)


def official_of(api: Api, folder: Path) -> Official:
    """Return the official file of an API; skips where there is none of this version."""
    for ending in ("json", "yaml"):
        path = folder / f"TMF{api.number}-{api.version}.{ending}"
        if path.is_file():
            return _read(path)
    pytest.skip(f"no official file of TMF{api.number} {api.version}")


def excused(api: Api, what: str) -> bool:
    """Tell whether a difference stands in the table of exceptions."""
    return any(number in {api.number, "*"} and re.fullmatch(pattern, what.removesuffix(" is missing")) for number, pattern, _reason in EXCEPTIONS)


def ours_at(api: Api, path: str) -> dict[str, Any]:
    """Return our item of an official path, whatever the places of ids are called; empty where there is none."""
    found: dict[str, dict[str, Any]] = openapi(api)["paths"]
    plain = {_plain(mine): item for mine, item in found.items()}
    return plain.get(_plain(path), {})


def _plain(path: str) -> str:
    return "/".join("{}" if step.startswith("{") else step for step in path.rstrip("/").split("/"))


@every_api
def test_every_operation_exists(api: Api, official_files: Path) -> None:
    missing = [f"{method} {path}" for path, method, _operation in official_of(api, official_files).operations() if method not in ours_at(api, path)]
    assert [one for one in missing if not excused(api, one)] == []


@every_api
def test_every_operation_has_its_official_name(api: Api, official_files: Path) -> None:
    wrong = []
    for path, method, operation in official_of(api, official_files).operations():
        mine = ours_at(api, path).get(method)
        if mine and "hub" not in path and mine["operationId"].lower() != operation["operationId"].lower():
            wrong.append(f"{method} {path}: {operation['operationId']}, here {mine['operationId']}")
    assert [one for one in wrong if not excused(api, one)] == []


@every_api
def test_every_parameter_exists(api: Api, official_files: Path) -> None:
    official, mine = official_of(api, official_files), Schemas(openapi(api))
    missing = []
    for path, method, operation in official.operations():
        item = ours_at(api, path)
        given = [*item.get("parameters", []), *item.get(method, {}).get("parameters", [])]
        known = {(one["in"], one["name"]) for one in (mine.at(one["$ref"]) if "$ref" in one else one for one in given)}
        if method in item:
            missing += [f"{method} {path} {name}" for place, name in official.parameters(path, operation) - known if place != "path"]
    assert [one for one in missing if not excused(api, one)] == []


@every_api
def test_every_status_exists_that_makes_sense(api: Api, official_files: Path) -> None:
    missing = []
    for path, method, operation in official_of(api, official_files).operations():
        known = ours_at(api, path).get(method, {"responses": operation["responses"]})["responses"]
        missing += [f"{'hub ' if 'hub' in path else ''}{method} {status}" for status in operation["responses"]
                    if str(status) not in known and status != "default"]
    assert sorted({one for one in missing if not excused(api, one)}) == []


def _compared(official: Official, theirs: Any, mine: Schemas, ours: Any, *, path: str, seen: set[tuple[str, str]]) -> list[str]:
    """Return every difference below a schema: what is missing in ours, or of another type."""
    names = (official.name(theirs), mine.name(ours))
    if all(names):
        if names in seen:
            return []
        seen.add(names)
    wanted, given = official.whole(theirs), mine.whole(ours)
    out = _values(wanted, given, path)
    for name, schema in wanted["properties"].items():
        inner = given["properties"].get(name)
        if inner is None:
            if given["properties"] or given.get("type"):
                out.append(f"{path}.{name} is missing")
            continue
        out += _compared(official, schema, mine, inner, path=f"{path}.{name}", seen=seen)
    if wanted.get("type") == "array" and given.get("type") == "array":
        out += _compared(official, wanted.get("items", {}), mine, given.get("items", {}), path=f"{path}[]", seen=seen)
    return out


def _values(wanted: dict[str, Any], given: dict[str, Any], path: str) -> list[str]:
    """Return the differences of one schema in type, format and enumeration."""
    out = []
    kind, mine = wanted.get("type"), given.get("type")
    if kind and mine and kind != mine and {kind, mine} != {"number", "integer"}:
        out.append(f"{path} is {mine}, officially {kind}")
    if wanted.get("format") == "date-time" and mine and given.get("format") != "date-time":
        out.append(f"{path} is no instant")
    values = [str(value) for value in wanted.get("enum", [])]
    known = [str(value) for value in given.get("enum", [])]
    if values and known and (lost := [value for value in values if value not in known and value.strip() not in known]):
        out.append(f"{path} does not know {lost}")
    if values and not known and mine == "string" and not all(value.strip() in given.get("description", "") for value in values):
        out.append(f"{path} does not name {values}")
    return out


@every_api
def test_every_attribute_exists_with_its_type_and_values(api: Api, official_files: Path) -> None:
    official, mine = official_of(api, official_files), Schemas(openapi(api))
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    for path, method, operation in official.operations():
        ours = ours_at(api, path).get(method)
        if ours is None:
            continue
        for status in GOOD:
            theirs = official.answer(operation, status)
            content = ours["responses"].get(status, {}).get("content", {})
            if theirs and content:
                found += _compared(official, theirs, mine, content["application/json"]["schema"], path=official.name(theirs) or path, seen=seen)
        body = official.body(operation)
        content = ours.get("requestBody", {}).get("content", {})
        if body and content:
            found += _compared(official, body, mine, content["application/json"]["schema"], path=official.name(body) or path, seen=seen)
    assert sorted({one for one in found if not excused(api, one)}) == []


@every_api
def test_what_is_mandatory_officially_is_mandatory_here(api: Api, official_files: Path) -> None:
    official, mine = official_of(api, official_files), Schemas(openapi(api))
    missing = []
    for path, method, operation in official.operations():
        ours = ours_at(api, path).get(method)
        if method == "post" and ours is not None and "hub" not in path:
            needed = mine.whole(ours["requestBody"]["content"]["application/json"]["schema"])["required"]
            missing += [f"{path} {name}" for name in official.whole(official.body(operation))["required"] if name not in needed]
    assert [one for one in missing if not excused(api, one)] == []


@every_api
def test_every_event_is_told(api: Api, official_files: Path) -> None:
    told = set(openapi(api)["webhooks"])
    missing = [name for name in official_of(api, official_files).listeners() if name not in told]
    assert [one for one in missing if not excused(api, one)] == []


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason.split()) > 3 for _number, _pattern, reason in EXCEPTIONS)
