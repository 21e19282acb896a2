"""OAuth 2.0 as its documents have it: every way to be given a token, and every way not to."""

from __future__ import annotations

import base64
import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.test import Client

from tests.factories import clients
from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tongke.tmf.oauth.urls")]
FORM = "application/x-www-form-urlencoded"
TOKEN, REVOKE, INTROSPECT = "/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"


def _basic(client_id: object, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote(str(client_id))}:{quote(secret)}".encode()).decode()


def _post(path: str, body: dict[str, str] | str, *, basic: str = "", **more: Any) -> Any:
    written = body if isinstance(body, str) else "&".join(f"{name}={quote(value)}" for name, value in body.items())
    headers = {"Authorization": basic} if basic else {}
    return Client().post(path, written, content_type=more.pop("content_type", FORM), headers=headers, **more)


def _grant(new: services.NewClient, **more: str) -> Any:
    return _post(TOKEN, {"grant_type": "client_credentials", **more}, basic=_basic(new.client.id, new.secret))


def _refused(answer: Any, status: int, error: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert answer["Cache-Control"] == "no-store"


def test_a_token_for_the_secret_in_the_header() -> None:
    new = clients.client(org_id=3301)
    answer = _grant(new)
    said = answer.json()
    assert answer.status_code == 200
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 3600)
    assert "party.view" in said["scope"].split()
    assert "refresh_token" not in said
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    actor = queries.actor_of_token(said["access_token"], at=clock.now())
    assert actor is not None
    assert actor.extra["client_id"] == str(new.client.id)


def test_a_token_for_the_secret_in_the_body() -> None:
    new = clients.client()
    answer = _post(TOKEN, {"grant_type": "client_credentials", "client_id": str(new.client.id), "client_secret": new.secret, "scope": "party.view"})
    assert (answer.status_code, answer.json()["scope"]) == (200, "party.view")


def test_a_slash_at_the_end_changes_nothing() -> None:
    new = clients.client()
    assert _post(TOKEN + "/", {"grant_type": "client_credentials"}, basic=_basic(new.client.id, new.secret)).status_code == 200


@pytest.mark.parametrize("basic", [
    "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe:x").decode(), "Basic " + base64.b64encode(b"no-colon").decode(),
    "Basic " + base64.b64encode(b"a%00:b").decode(), "Basic", "Bearer x", "Basic " + base64.b64encode(b":").decode(), "Basic " + base64.b64encode("密:密".encode()).decode(),
])
def test_unreadable_credentials_are_refused_and_never_a_fault(basic: str) -> None:
    answer = _post(TOKEN, {"grant_type": "client_credentials"}, basic=basic)
    _refused(answer, 401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("way", ["header", "body"])
@pytest.mark.parametrize("wrong", ["secret", "id", "nothing"])
def test_wrong_credentials_get_the_same_answer_whatever_is_wrong(way: str, wrong: str) -> None:
    new = clients.client()
    client_id = {"id": "018f0000-0000-7000-8000-000000000000", "nothing": ""}.get(wrong, str(new.client.id))
    secret = {"secret": "tks_wrong", "nothing": ""}.get(wrong, new.secret)
    if way == "header":
        answer = _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(client_id, secret))
    else:
        answer = _post(TOKEN, {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret})
    _refused(answer, 401, "invalid_client")
    assert "WWW-Authenticate" in answer


@pytest.mark.parametrize(("body", "status", "error"), [
    ({}, 400, "invalid_request"), ({"grant_type": ""}, 400, "invalid_request"),
    ({"grant_type": "password", "username": "limin", "password": make.PASSWORD}, 400, "unsupported_grant_type"),
    ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"), ({"grant_type": '客户"\\'}, 400, "unsupported_grant_type"),
    ({"grant_type": "client_credentials", "scope": "staff.manage_roles"}, 400, "invalid_scope"),
    ({"grant_type": "client_credentials", "scope": "密"}, 400, "invalid_scope"),
    ({"grant_type": "client_credentials", "scope": " ".join(f"w{n}" for n in range(101))}, 400, "invalid_scope"),
    ({"grant_type": "client_credentials", "client_secret": "x"}, 400, "invalid_request"),
    ("grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
    ("grant_type=client_credentials&scope=%00", 400, "invalid_request"),
])
def test_every_error_of_the_grant(body: dict[str, str] | str, status: int, error: str) -> None:
    new = clients.client()
    _refused(_post(TOKEN, body, basic=_basic(new.client.id, new.secret)), status, error)


def test_a_request_that_is_no_form_is_refused() -> None:
    new = clients.client()
    basic = _basic(new.client.id, new.secret)
    _refused(_post(TOKEN, '{"grant_type": "client_credentials"}', basic=basic, content_type="application/json"), 400, "invalid_request")
    _refused(_post(TOKEN + "?grant_type=client_credentials", "", basic=basic), 400, "invalid_request")
    _refused(_post(TOKEN, "grant_type=" + "x" * 20000, basic=basic), 413, "invalid_request")
    answer = Client().get(TOKEN)
    _refused(answer, 405, "invalid_request")
    assert answer["Allow"] == "POST"


def test_a_client_whose_roles_wait_for_approval_is_not_authorized() -> None:
    admin = make.actor_at(1, "administrator")
    new = services.register_client(name="waiting", org_id=1, roles=["integrator"], reason="soon", by=admin, at=clock.now())
    _refused(_grant(new), 400, "unauthorized_client")


def test_failures_are_slowed_down_from_one_address_only() -> None:
    new = clients.client()
    for _try in range(5):
        _refused(_post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, "tks_wrong")), 401, "invalid_client")
    answer = _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, "tks_wrong"))
    _refused(answer, 429, "temporarily_unavailable")
    assert 1 <= int(answer["Retry-After"]) <= 5
    elsewhere = _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, new.secret), REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 200


def test_asking_for_tokens_without_end_is_slowed_down() -> None:
    new = clients.client(per_minute=3)
    assert [_grant(new).status_code for _ask in range(3)] == [200, 200, 200]
    answer = _grant(new)
    _refused(answer, 429, "temporarily_unavailable")
    assert 1 <= int(answer["Retry-After"]) <= 20


def test_only_networks_of_its_own() -> None:
    new = clients.client(networks=["10.0.0.0/8"])
    _refused(_grant(new), 401, "invalid_client")
    inside = _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, new.secret), REMOTE_ADDR="10.9.8.7")
    assert inside.status_code == 200


def test_a_token_taken_back_is_dead_at_once() -> None:
    new, other = clients.client(), clients.client()
    token = clients.token_of(new)
    assert _post(REVOKE, {"token": token}, basic=_basic(other.client.id, other.secret)).status_code == 200
    assert queries.actor_of_token(token, at=clock.now()) is not None
    for _again in range(2):
        answer = _post(REVOKE, {"token": token, "token_type_hint": "no_such_hint"}, basic=_basic(new.client.id, new.secret))
        assert answer.status_code == 200
    assert queries.actor_of_token(token, at=clock.now()) is None
    _refused(_post(REVOKE, {}, basic=_basic(new.client.id, new.secret)), 400, "invalid_request")
    _refused(_post(REVOKE, {"token": token}, basic=_basic(new.client.id, "x")), 401, "invalid_client")
    _refused(_post(REVOKE, {"token": token}), 401, "invalid_client")
    assert _post(REVOKE, {"token": "密"}, basic=_basic(new.client.id, new.secret)).status_code == 200


def test_a_client_may_ask_about_its_own_tokens_only() -> None:
    new, other = clients.client(name="asking"), clients.client()
    token = clients.token_of(new, scope="party.view")
    said = _post(INTROSPECT, {"token": token}, basic=_basic(new.client.id, new.secret)).json()
    assert {key: said[key] for key in ("active", "client_id", "scope", "username", "token_type")} == {
        "active": True, "client_id": str(new.client.id), "scope": "party.view", "username": "client:asking", "token_type": "Bearer"}
    assert abs(said["exp"] - (clock.now() + timedelta(hours=1)).timestamp()) < 600
    for shown, asker in ((token, other), ("x", new)):
        assert _post(INTROSPECT, {"token": shown}, basic=_basic(asker.client.id, asker.secret)).json() == {"active": False}
    _refused(_post(INTROSPECT, {"token": token}), 401, "invalid_client")


def test_the_metadata_say_where_everything_is() -> None:
    answer = Client().get("/.well-known/oauth-authorization-server")
    said = answer.json()
    assert said["token_endpoint"] == said["issuer"] + "/oauth2/token"
    assert {"party.*", "party:read", "read", "write"} <= set(said["scopes_supported"])
    encrypted = json.loads(answer.content.decode().replace("http://", "https://"))
    AuthorizationServerMetadata(encrypted | {"response_types_supported": ["none"]}).validate()


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    new = clients.client()
    token = _grant(new).json()["access_token"]
    _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, "tks_guessed-wrong"))
    _post(REVOKE, {"token": token}, basic=_basic(new.client.id, new.secret))
    for told in (new.secret, token, "tks_guessed-wrong", queries.token_hash(token), queries.token_hash(new.secret)):
        assert told not in caplog.text


def test_behind_a_proxy_nothing_is_given_out_unencrypted(settings: Any) -> None:
    settings.HTTPS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    new = clients.client()
    _refused(_grant(new), 400, "insecure_transport")
    answer = _post(TOKEN, {"grant_type": "client_credentials"}, basic=_basic(new.client.id, new.secret), HTTP_X_FORWARDED_PROTO="https")
    assert answer.status_code == 200
