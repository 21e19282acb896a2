"""Bodies that nobody should send: each is refused with 400, 413 or 415, none breaks anything, and none is kept."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from django.test import Client

from tests.factories import clients
from tests.factories import staff as make
from tests.plugins.site import Site
from tests.tmf.thing import JSON, MERGE, PATCH, ROOT, caller, made, patch, post
from tongke.tmf.kit.bodies import BODY_BYTES_MAX, DEPTH_MAX, ITEMS_MAX

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tmf.thing")]
NOWHERE = "01890000-0000-7000-8000-000000000000"
MEGABYTE = 1024 * 1024


def deep(levels: int, kind: str = "list") -> bytes:
    """Return a document nested as deep as told."""
    return b'{"name": "a", "x": ' + (b"[" * levels + b"]" * levels if kind == "list" else b'{"y":' * levels + b"1" + b"}" * levels) + b"}"


UNFIT: dict[str, bytes] = {
    "blank": b"  \n", "null byte alone": b"\x00", "a word": b"name", "truncated": b'{"name": "a', "truncated number": b'{"name": -', "two": b'{"name": "a"}{}',
    "trailing comma": b'{"name": "a",}', "single quotes": b"{'name': 'a'}", "a comment": b'{"name": "a"} // x', "no value": b'{"name"}', "array at top": b'[{"name": "a"}]',
    "string at top": b'"a"', "number at top": b"5", "true at top": b"true", "null at top": b"null", "NaN": b'{"name": "a", "weight": NaN}',
    "Infinity": b'{"name": "a", "weight": Infinity}', "-Infinity": b'{"name": "a", "weight": -Infinity}', "too large a float": b'{"name": "a", "weight": 1e999}',
    "long number": b'{"name": "a", "weight": ' + b"9" * 5000 + b"}", "long float": b'{"name": "a", "weight": 0.' + b"1" * 5000 + b"}",
    "huge exponent": b'{"name": "a", "count": 1e400}', "beyond a long": b'{"name": "a", "count": 99999999999999999999}', "leading zero": b'{"name": "a", "count": 01}',
    "hexadecimal": b'{"name": "a", "count": 0x1}', "repeated name": b'{"name": "a", "name": "b"}', "repeated name within": b'{"name": "a", "size": {"unit": "a", "unit": "b"}}',
    "repeated name, escaped": b'{"name": "a", "n\\u0061me": "b"}', "repeated surrogate name": b'{"\\ud800": 1, "\\ud800": 2}',
    "lone surrogate": b'{"name": "\\ud800"}', "low surrogate": b'{"name": "\\udc00x"}', "surrogate in a name": b'{"name": "a", "\\ud800": 1}',
    "surrogate in an extension": b'{"name": "a", "x": ["\\udfff"]}', "NUL in a text": b'{"name": "\\u0000"}', "NUL in a name": b'{"name": "a", "x\\u0000": 1}',
    "raw control character": b'{"name": "a\x01"}', "raw NUL": b'{"name": "a\x00"}', "invalid UTF-8": b'{"name": "\xff\xfe"}', "overlong UTF-8": b'{"name": "\xc0\xaf"}',
    "UTF-8 surrogate": b'{"name": "\xed\xa0\x80"}', "cut UTF-8": b'{"name": "\xe5\x8c"}', "UTF-16": '{"name": "a"}'.encode("utf-16"), "UTF-32": '{"name": "a"}'.encode("utf-32"),
    "byte order mark": b"\xef\xbb\xbf" + b'{"name": "a"}', "GBK": '{"name": "王芳"}'.encode("gbk"), "deep lists": deep(DEPTH_MAX + 1), "deep objects": deep(DEPTH_MAX + 1, "object"),
    "very deep lists": deep(200_000), "very deep objects": deep(100_000, "object"), "unclosed depth": b"[" * 500_000,
    "many values": b'{"name": "a", "x": [' + b"0," * ITEMS_MAX + b"0]}", "many names": json.dumps({"name": "a"} | {f"n{n}": n for n in range(600)}).encode(),
}


@pytest.fixture
def client() -> Client:
    """A client that may keep things."""
    return caller()


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_body_is_400_and_leaves_nothing(client: Client, name: str) -> None:
    one = made(client)
    for answer in (post(client, UNFIT[name]), patch(client, f"{ROOT}/{one['id']}", UNFIT[name], kind=MERGE)):
        body = answer.json()
        assert (answer.status_code, body["status"], body["@type"], body["code"][:4]) == (400, "400", "Error", "TMF-"), body
    assert client.get(ROOT).json() == [one]


@pytest.mark.parametrize("name", [name for name in UNFIT if name not in {"array at top", "many values"}])
def test_an_unfit_json_patch_is_400(client: Client, name: str) -> None:
    one = made(client)
    assert patch(client, f"{ROOT}/{one['id']}", UNFIT[name], kind=PATCH).status_code == 400
    value = UNFIT[name] if name.startswith(("NaN", "deep", "very deep", "lone")) else b"NaN"
    assert patch(client, f"{ROOT}/{one['id']}", b'[{"op": "add", "path": "/x", "value": ' + value + b"}]", kind=PATCH).status_code == 400
    assert client.get(ROOT).json() == [one]


@pytest.mark.parametrize("size", [BODY_BYTES_MAX + 1, 3 * MEGABYTE, 100 * MEGABYTE])
def test_a_body_that_is_too_large_is_413(client: Client, size: int) -> None:
    body = b'{"name": "a", "x": "' + b"x" * size + b'"}'
    for kind, call in ((JSON, post), (MERGE, patch), (PATCH, patch)):
        answer = call(client, body, kind=kind) if call is post else patch(client, f"{ROOT}/{NOWHERE}", body, kind=kind)
        assert answer.status_code in ({413} if call is post else {413, 404}), answer.content
        assert answer.json()["@type"] == "Error"


def test_a_patch_of_a_thing_that_is_there_is_413_when_too_large(client: Client) -> None:
    one = made(client)
    assert patch(client, f"{ROOT}/{one['id']}", b'{"x": "' + b"x" * BODY_BYTES_MAX + b'"}').status_code == 413


def test_what_is_just_within_the_bounds_is_taken(client: Client) -> None:
    assert post(client, deep(DEPTH_MAX - 2)).status_code == 201
    assert post(client, {"name": "a", "x": ["y" * 500] * 1500}).status_code == 201
    assert post(client, {"name": "王芳 🙂 \u202e", "x": "\\u0000 as text"}).json()["name"] == "王芳 🙂 \u202e"
    assert post(client, b'{"name": "\\ud83d\\ude42"}').json()["name"] == "🙂"


@pytest.mark.parametrize("kind", ["application/json; charset=gbk", "application/json; charset=utf-7", "application/json;charset=nonsense", "text/json", "application/jsonx",
                                  "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "image/png", "*/*", "x" * 5000, ""])
def test_another_media_type_or_charset_is_415(client: Client, kind: str) -> None:
    assert client.generic("POST", ROOT, '{"name": "王芳"}'.encode("gbk"), content_type=kind).status_code == 415
    assert client.get(ROOT).json() == []


ASSIGNED = {
    "id": NOWHERE, "href": "http://elsewhere/1", "rank": 1,
}
UNTOLD = {"org_id": 3302, "orgId": 3302, "created_by": "x", "createdBy": "client:x", "version": 99, "resource": "topic", "state": "broken", "content": {"a": 1}, "__class__": "x"}


@pytest.mark.parametrize("name", ASSIGNED)
def test_what_the_server_sets_cannot_be_assigned_field_by_field(client: Client, name: str) -> None:
    assert post(client, {"name": "a", name: ASSIGNED[name]}).json()["details"][0]["path"] == name
    one = made(client)
    assert patch(client, f"{ROOT}/{one['id']}", {name: ASSIGNED[name]}).status_code == 400
    assert patch(client, f"{ROOT}/{one['id']}", [{"op": "add", "path": f"/{name}", "value": ASSIGNED[name]}], kind=PATCH).status_code == 400


@pytest.mark.parametrize("name", UNTOLD)
def test_a_column_s_name_is_an_extension_and_moves_nothing(client: Client, name: str, as_owner: Any) -> None:
    one = post(client, {"name": "a", name: UNTOLD[name]}).json()
    assert one[name] == UNTOLD[name]
    with as_owner() as cursor:
        cursor.execute("SELECT org_id, state, resource, version FROM tmf_document WHERE id = %s", [one["id"]])
        assert cursor.fetchone() == (3301, "new", "thing", 1)


def test_ids_of_another_organisation_take_as_long_and_say_as_much_as_none(client: Client) -> None:
    one, other = made(client), caller(org_id=3302)

    def took(key: str) -> float:
        began = time.perf_counter()
        assert other.get(f"{ROOT}/{key}").status_code == 404
        return time.perf_counter() - began

    pairs = [(took(one["id"]), took(NOWHERE)) for _round in range(40)]
    theirs, nothing = map(min, zip(*pairs, strict=True))  # what it takes when nothing else keeps the machine busy
    assert theirs < 3 * nothing + 0.005
    assert nothing < 3 * theirs + 0.005


def _answer(site: Site, head: str, chunks: Any, *, seconds: float = 60, cut: bool = False) -> tuple[int, bytes, int]:
    """Send a request byte by byte as told, and break it off there if ``cut``; return status, body and how many bytes the server let us send."""
    address = urlsplit(site.url)
    sent = 0
    with socket.create_connection((address.hostname, address.port), timeout=seconds) as line:
        line.sendall(head.encode())
        # The server may have answered and listen no more; what it said may be lost with the line.
        with suppress(BrokenPipeError, ConnectionResetError):
            for chunk in chunks:
                line.sendall(chunk)
                sent += len(chunk)
        with suppress(OSError, HTTPException):
            if cut:
                line.shutdown(socket.SHUT_WR)
            answer = HTTPResponse(line)
            answer.begin()
            return answer.status, answer.read(), sent
        return 0, b"", sent


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tongke.config.urls")
def test_the_real_server_refuses_large_chunked_and_broken_bodies_and_keeps_its_memory(site: Site) -> None:
    make.tree()
    token = clients.token("integrator", org_id=3301)
    path = "/tmf-api/customerManagement/v4/customer"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    server = psutil.Process(site.process.pid)

    def memory() -> int:
        return sum(one.memory_info().rss for one in [server, *server.children(recursive=True)])

    assert _answer(site, head + "Content-Length: 2\r\nConnection: close\r\n\r\n", [b"{}"])[0] == 400
    before = memory()
    for _round in range(2):
        status, _body, _sent = _answer(site, f"{head}Content-Length: {100 * MEGABYTE}\r\nConnection: close\r\n\r\n", (b"x" * MEGABYTE for _n in range(100)))
        assert status in {413, 0}
    assert memory() - before < 150 * MEGABYTE
    status, body, _sent = _answer(site, f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", [b"2\r\n{}\r\n", b"0\r\n\r\n"])
    assert (status, json.loads(body)["@type"]) == (400, "Error")
    for broken in (f"{head}Content-Length: 500\r\nConnection: close\r\n\r\n", f"{head}Content-Length: -1\r\nConnection: close\r\n\r\n",
                   f"{head}Content-Length: x\r\nConnection: close\r\n\r\n", f"{head}Transfer-Encoding: nonsense\r\nConnection: close\r\n\r\n",
                   f"{head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"):
        status, _body, _sent = _answer(site, broken, [b'{"name":'], seconds=20, cut=True)
        assert status < 500
    assert _answer(site, head + "Content-Length: 2\r\nConnection: close\r\n\r\n", [b"{}"])[0] == 400
    assert " 500 " not in site.log.read_text(errors="replace")


