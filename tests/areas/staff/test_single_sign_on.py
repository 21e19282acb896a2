"""Single sign-on against a small provider on loopback that checks what a real one checks."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import NOBODY

pytestmark = pytest.mark.django_db


class IdentityProvider:
    """The operator's identity provider in miniature. ``claims`` and ``key`` may be bent by a test."""

    def __init__(self) -> None:
        self.key = self.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
        self.given = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def authorize(self, address: str) -> str:
        """What the provider does when the person agreed: return the code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "openid"
        self.given += 1
        code = f"code-{self.given}"
        self.codes[code] = asked
        return code

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Exchange a code once, if the verifier fits its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": "tongke", "sub": "emp-1001", "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(self.header, claims, self.signing_key)}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The HTTP side."""
        me = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, status: int, body: dict[str, Any]) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def do_GET(self) -> None:
                if self.path.startswith("/.well-known"):
                    self.answer(200, {
                        "issuer": me.issuer, "authorization_endpoint": f"{me.issuer}/authorize", "token_endpoint": f"{me.issuer}/token",
                        "jwks_uri": f"{me.issuer}/keys",
                    })
                else:
                    self.answer(200, KeySet([me.key]).as_dict(private=False))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(*me.token({name: values[0] for name, values in form.items()}))

            def log_message(self, *args: Any) -> None:
                """Keep the test's output clean."""

        return Handler


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    found = IdentityProvider()
    monkeypatch.setenv("TONGKE_OIDC_ISSUER", found.issuer)
    monkeypatch.setenv("TONGKE_OIDC_CLIENT_ID", "tongke")
    monkeypatch.setenv("TONGKE_OIDC_CLIENT_SECRET", "secret")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # loopback has no TLS
    person = make.person("limin")
    services.change_staff(staff_id=person.id, oidc_issuer=found.issuer, oidc_subject="emp-1001", by=make.TESTER, at=clock.now())
    yield found
    found.server.shutdown()
    found.server.server_close()


def come_back(client: Client, identity: IdentityProvider, **bent: str) -> Any:
    """Go to the provider and come back, with parts of the answer ``bent``."""
    away = client.get("/sign-in/oidc?next=/account")
    assert away.status_code == 302, away.content
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    return client.get("/sign-in/oidc/back", {"code": identity.authorize(away["Location"]), "state": state, **bent})


def test_whom_the_provider_vouches_for_comes_in(identity: IdentityProvider) -> None:
    client = Client()
    assert "OpenID Connect" in client.get("/sign-in").content.decode()
    answer = come_back(client, identity)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/account"), answer.content.decode()
    actor = queries.actor_of_session(answer.cookies[settings.STAFF_COOKIE].value, at=clock.now())
    assert (actor.name, actor.extra["second_factor"]) == ("limin", "1")


@pytest.mark.parametrize(("claims", "status"), [
    ({"nonce": "another"}, 502), ({"nonce": None}, 502), ({"aud": "another-client"}, 502), ({"aud": None}, 502),
    ({"iss": "https://evil.test"}, 502), ({"exp": 1}, 502), ({"exp": None}, 502), ({"sub": "emp-9999"}, 403), ({"sub": None}, 502),
])
def test_a_wrong_token_opens_nothing(identity: IdentityProvider, claims: dict[str, Any], status: int) -> None:
    identity.claims = claims
    client = Client()
    answer = come_back(client, identity)
    assert answer.status_code == status
    assert settings.STAFF_COOKIE not in answer.cookies


@pytest.mark.parametrize("bent", ["state", "code", "key", "algorithm", "cookie", "replayed", "verifier"])
def test_a_bent_answer_opens_nothing(identity: IdentityProvider, bent: str) -> None:
    client = Client()
    if bent == "key":
        identity.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
        answer = come_back(client, identity)
    elif bent == "algorithm":
        identity.header = {"alg": "HS256", "kid": "one"}
        identity.signing_key = OctKey.import_key("the client's secret, known to others")  # type: ignore[assignment]
        answer = come_back(client, identity)
    elif bent in {"state", "code"}:
        answer = come_back(client, identity, **{bent: "another"})
    elif bent == "cookie":
        away = client.get("/sign-in/oidc")
        state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
        answer = Client().get("/sign-in/oidc/back", {"code": identity.authorize(away["Location"]), "state": state})
    elif bent == "replayed":
        assert come_back(client, identity).status_code == 302
        answer = come_back(Client(), identity, code="code-1")
    else:
        mine, theirs = Client(), Client()
        away = mine.get("/sign-in/oidc")
        code = identity.authorize(away["Location"])
        other = theirs.get("/sign-in/oidc")
        state = parse_qs(urlsplit(other["Location"]).query)["state"][0]
        answer = theirs.get("/sign-in/oidc/back", {"code": code, "state": state})
    assert answer.status_code == 502
    assert settings.STAFF_COOKIE not in answer.cookies
    assert queries.actor_of_session("", at=clock.now()) is NOBODY


def test_without_a_provider_there_is_no_such_door() -> None:
    assert Client().get("/sign-in/oidc")["Location"] == "/sign-in"
    assert Client().get("/sign-in/oidc/back", {"code": "x", "state": "y"}).status_code == 502
