"""Who acts on the interfaces' addresses: a token's client, a browser's session, or nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path

from tests.factories import clients
from tests.factories import staff as make
from tongke.areas.staff import services
from tongke.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _who(request: HttpRequest) -> JsonResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return JsonResponse({"name": actor.name, "kind": actor.kind, "scope": actor.scope, "method": request.method})


def _guarded(request: HttpRequest) -> JsonResponse:
    return _who(request)


_guarded.permission = "account.view"  # type: ignore[attr-defined]  # read by the middleware
urlpatterns = [path("tmf-api/who", _who), path("userrolepermission/v4/who", _who), path("tmf-api/guarded", _guarded), path("page", _who)]


def _call(token: str, address: str = "/tmf-api/who", method: str = "get", **more: Any) -> Any:
    return getattr(clients.caller(token, enforce_csrf_checks=True), method)(address, **more)


@pytest.mark.parametrize("address", ["/tmf-api/who", "/userrolepermission/v4/who"])
def test_a_token_makes_its_client_the_actor(address: str) -> None:
    answer = _call(clients.token(org_id=3301, name="shop"), address)
    assert answer.json() == {"name": "client:shop", "kind": "client", "scope": [3301], "method": "GET"}


def test_no_form_token_is_asked_of_a_bearer_but_of_a_browser() -> None:
    assert _call(clients.token(), method="post").status_code == 200
    browser = make.signed_in(make.person(org_id=3301), enforce_csrf_checks=True)
    assert browser.get("/tmf-api/who").json()["kind"] == "staff"
    refused = browser.post("/tmf-api/who")
    assert (refused.status_code, refused.json()["@type"]) == (403, "Error")


def test_where_a_token_is_shown_the_cookie_counts_for_nothing() -> None:
    browser = make.signed_in(make.person(org_id=3301), enforce_csrf_checks=True)
    token = clients.token(name="both")
    assert browser.post("/tmf-api/who", headers={"Authorization": f"Bearer {token}"}).json()["name"] == "client:both"
    assert browser.get("/tmf-api/who", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_token_opens_no_page() -> None:
    answer = _call(clients.token(), "/page")
    assert (answer.status_code, answer["Location"][:8]) == (302, "/sign-in")


@pytest.mark.parametrize("shown", ["Bearer nonsense", "Bearer ", "bearer x y", "Bearer " + "x" * 5000, "Bearer 密", "Bearer tkp_of-a-person"])
def test_a_bad_token_is_refused_in_the_official_form(shown: str) -> None:
    answer = Client().get("/tmf-api/who", HTTP_AUTHORIZATION=shown)
    said = answer.json()
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="tongke", error="invalid_token"'
    assert set(said) == {"code", "reason", "message", "status", "referenceError", "@type"}
    assert (said["status"], said["@type"]) == ("401", "Error")


@pytest.mark.parametrize("shown", [None, "Basic eDp5", "Digest x"])
def test_without_a_token_the_challenge_names_no_error_and_nobody_is_led_elsewhere(shown: str | None) -> None:
    answer = Client().get("/tmf-api/who", **({} if shown is None else {"HTTP_AUTHORIZATION": shown}))
    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["@type"]) == (401, 'Bearer realm="tongke"', "Error")


def test_expired_revoked_ended_and_elsewhere_are_all_the_same_401() -> None:
    at = clock.now()
    new = clients.client(at=at - timedelta(hours=2))
    expired, revoked = clients.token_of(new, at=at - timedelta(hours=1, seconds=1)), clients.token_of(new)
    services.revoke_token(client_id=new.client.id, token=revoked, by=clients.ENDPOINT, at=at)
    gone = clients.client()
    ended = clients.token_of(gone)
    services.end_client(client_id=gone.client.id, by=make.TESTER, at=clock.now())
    elsewhere = clients.token(networks=["10.0.0.0/8"])
    answers = [_call(token) for token in (expired, revoked, ended, elsewhere)]
    assert [a.status_code for a in answers] == [401] * 4
    assert len({a.content for a in answers}) == 1


def test_a_permission_outside_the_scope_is_named() -> None:
    answer = _call(clients.token(scope="party.view"), "/tmf-api/guarded")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (403, 'Bearer realm="tongke", error="insufficient_scope", scope="account.view"')
    assert _call(clients.token(scope="account.view"), "/tmf-api/guarded").status_code == 200


def test_a_client_beyond_its_rate_is_told_how_long_to_wait() -> None:
    token = clients.token(per_minute=5)
    assert [_call(token).status_code for _request in range(5)] == [200] * 5
    answer = _call(token)
    assert (answer.status_code, answer.json()["@type"]) == (429, "Error")
    assert 1 <= int(answer["Retry-After"]) <= 12
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("5", "0")
    assert answer["RateLimit-Reset"] == answer["Retry-After"]
    assert _call(clients.token(per_minute=5)).status_code == 200


def test_the_language_is_the_requests_own() -> None:
    english = Client().get("/tmf-api/who", headers={"Accept-Language": "en"}).json()["message"]
    chinese = Client().get("/tmf-api/who", headers={"Accept-Language": "zh-hans"}).json()["message"]
    assert english != chinese
