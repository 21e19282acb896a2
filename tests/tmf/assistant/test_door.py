"""Who gets in, over HTTP as it comes: tokens, hosts, origins, methods, sizes, words that are no JSON-RPC."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import clients
from tests.factories import staff as make
from tests.plugins.site import Site
from tests.tmf.assistant.conftest import call, key, logged, refused, said
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Post, Role
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def ask(
    url: str, token: str = "", body: bytes | None = None, *, method: str = "POST", path: str = "/mcp", **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    """Send one request as it is and return status, headers (lower case) and body."""
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = (json.dumps(ASK).encode() if body is None else body) if method == "POST" else None
    request = urllib.request.Request(url + path, data=data, method=method, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, {k.lower(): v for k, v in fault.headers.items()}, fault.read()


def test_without_a_living_key_nothing_is_told(web: Site) -> None:
    for token in ("", "tkp_nobody-has-this-one", "nobody", "x" * 5000):
        status, headers, body = ask(web.url, token)
        assert status == 401, token[:20]
        assert headers["www-authenticate"].startswith('Bearer realm="tongke"')
        assert ('error="invalid_token"' in headers["www-authenticate"]) is bool(token)
        assert f'resource_metadata="{web.url}/.well-known/oauth-protected-resource/mcp"' in headers["www-authenticate"]
        assert json.loads(body)["error"]["code"] == "SEC-40"
        assert b"find_customer" not in body
    status, _headers, body = ask(web.url, method="GET", path="/.well-known/oauth-protected-resource/mcp")
    assert status == 200
    assert json.loads(body)["resource"] == f"{web.url}/mcp"


def test_a_key_dies_with_whatever_it_stands_on(web: Site) -> None:
    staff = make.person("limin")
    token = key(staff)
    assert ask(web.url, token)[0] == 200
    ends: list[Any] = []

    def revoke() -> None:
        by = make.actor(staff)
        (mine, *_rest) = [t for t in _own(by) if t.state == "live"]
        services.revoke_assistant_key(token_id=mine.id, by=by, at=clock.now())

    ends.append(revoke)
    ends.append(lambda: services.reset_password(staff_id=staff.id, by=make.TESTER, at=clock.now()))
    for end in ends:
        token = key(staff)
        assert ask(web.url, token)[0] == 200
        end()
        assert ask(web.url, token)[0] == 401
    second = make.person("zhoujie")
    token = key(second)
    services.deactivate_staff(staff_id=second.id, by=make.TESTER, at=clock.now())
    assert ask(web.url, token)[0] == 401
    third = make.person("sunli")
    token = key(third)
    with acting(make.TESTER):
        Post.objects.filter(staff=third).update(valid_until=clock.now())
    assert ask(web.url, token)[0] == 401


def _own(by: Any) -> Any:
    with acting(by):
        return queries.own_tokens(by=by, at=clock.now())


def test_a_key_expires(web: Site) -> None:
    staff = make.person("limin")
    by, at = make.actor(staff), clock.now()
    ended = services.make_assistant_key(name="desk", days=1, writing=False, by=by, at=at - timedelta(days=1, seconds=1)).token
    alive = services.make_assistant_key(name="desk", days=1, writing=False, by=by, at=at - timedelta(hours=23)).token
    assert ask(web.url, ended)[0] == 401
    assert ask(web.url, alive)[0] == 200
    assert sorted(line.state for line in _own(by)) == ["expired", "live"]


def test_what_a_role_loses_the_key_loses_at_once(web: Site) -> None:
    make.tree()
    make.role("tried", "party.view")
    token = key(make.person("limin", roles=("tried",)))
    said(call(web, token, "find_customer", words="王芳"))
    with acting(make.TESTER):
        role = Role.objects.get(code="tried")
        role.permissions = []
        role.save()
    assert refused(call(web, token, "find_customer", words="王芳"))["code"] == "SEC-01"


def test_foreign_hosts_and_pages_are_refused(web: Site, both: tuple[Site, Site]) -> None:
    token = key(make.person("limin"))
    for url in (web.url, both[1].url):
        assert ask(url, token, Host="rebound.example")[0] == 421
        assert ask(url, token, Origin="http://evil.example")[0] == 403
        assert ask(url, token, Origin="null")[0] == 403
        assert ask(url, token, Origin="http://localhost:6274")[0] == 200
    assert logged("SELECT count(*) FROM staff_assistant_call") == [(0,)]


def test_a_cookie_opens_nothing_here(web: Site) -> None:
    session = make.session_key(make.person("limin"))
    assert ask(web.url, Cookie=f"tongke_session={session}")[0] == 401


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("DELETE", 405), ("PUT", 405)])
def test_only_post_is_served(web: Site, method: str, status: int) -> None:
    found, headers, _body = ask(web.url, key(make.person("limin")), method=method)
    assert found == status
    assert headers["allow"] == "POST"


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"42", b'"x"', b"\xff\xfe\x00", b'{"jsonrpc":"2.0"}', b'{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":1,"method":"nothing/like/this"}', b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', b'{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
    b'[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":NaN}}',
    b"[" * 50_000, b'{"a":' * 20_000,
])
def test_malformed_words_never_break_the_server(web: Site, body: bytes) -> None:
    token = key(make.person("limin"))
    status, _headers, answer = ask(web.url, token, body)
    assert status < 500, answer
    assert b"Traceback" not in answer
    if status == 200:
        assert "error" in json.loads(answer) or json.loads(answer)["result"]["isError"]
    assert ask(web.url, token)[0] == 200


def test_protocol_version_and_type_of_body(web: Site) -> None:
    token = key(make.person("limin"))
    assert ask(web.url, token, Mcp_Protocol_Version="1999-01-01")[0] == 400
    assert ask(web.url, token, Content_Type="text/plain")[0] in {400, 415}


def test_huge_bodies_are_refused(web: Site, both: tuple[Site, Site]) -> None:
    token = key(make.person("limin"))
    body = json.dumps({**ASK, "method": "tools/call", "params": {"name": "find_customer", "arguments": {"words": "x" * 300_000}}}).encode()
    for url in (web.url, both[1].url):
        try:
            status = ask(url, token, body)[0]
        except (ConnectionResetError, BrokenPipeError, urllib.error.URLError):
            status = 413  # it may hang up while we still send
        assert status == 413
        assert ask(url, token)[0] == 200


def test_a_key_has_so_many_calls_a_minute(web: Site) -> None:
    at = clock.now()
    services.set_policy_figure(code="assistant_calls_a_minute", value=3, by=make.TESTER, at=at - timedelta(minutes=1))
    staff = make.person("limin")
    token, other = key(staff), key(staff)
    found = [ask(web.url, token) for _time in range(8)]
    assert 429 in [status for status, _h, _b in found]  # a minute may turn over while we ask: then it takes a few more
    _status, headers, body = next(one for one in found if one[0] == 429)
    assert 1 <= int(headers["retry-after"]) <= 60
    assert json.loads(body)["error"]["code"] == "SEC-41"
    assert ask(web.url, other)[0] == 200  # each key counts for itself



def test_a_machine_client_may_use_the_tools_of_its_rights(web: Site) -> None:
    make.tree()
    make.role("reading", "party.view")
    token = clients.token("reading", org_id=3301, name="helper")
    me = said(call(web, token, "who_am_i"))
    assert (me["kind"], me["user_name"], me["tools"]) == ("client", "client:helper", ["customer_360", "explain_refusal", "find_customer", "who_am_i"])
    assert refused(call(web, token, "list_bills", customer_id="019a0000-0000-7000-8000-000000000000"))["code"] == "SEC-01"
    assert logged("SELECT DISTINCT actor, staff_id, token_id FROM staff_assistant_call") == [("client:helper", None, None)]
