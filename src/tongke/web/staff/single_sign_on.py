"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce; who it is decides the staff room.

The provider comes from the environment: ``TONGKE_OIDC_ISSUER``, ``TONGKE_OIDC_CLIENT_ID``, ``TONGKE_OIDC_CLIENT_SECRET``,
``TONGKE_OIDC_LABEL``. An administrator enters issuer and subject in the staff account; nobody is matched by a name.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views import View
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tongke.areas.staff import services
from tongke.areas.staff.errors import ProviderFailed
from tongke.kernel.actor import system_actor
from tongke.web.session import session_key
from tongke.web.staff import doors

WAY_COOKIE = "tongke_way"
WAY_SECONDS_MAX = 600
BACK = "/sign-in/oidc/back"
TIMEOUT_SECONDS = 10
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
CLOCK_SECONDS_OFF_MAX = 60
FAILURES = (requests.RequestException, AuthlibBaseError, JoseError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Provider:
    """The operator's identity provider."""

    issuer: str
    client_id: str
    client_secret: str
    label: str

    def describe(self) -> dict[str, Any]:
        """Ask the provider where its doors are; raises ``ProviderFailed`` if it is not who it should be."""
        try:
            answer = requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except FAILURES as fault:
            raise ProviderFailed(reason=type(fault).__name__) from fault
        if found.get("issuer", "").rstrip("/") != self.issuer:
            raise ProviderFailed(reason="issuer")
        return found

    def session(self, request: HttpRequest, state: str | None = None) -> OAuth2Session:
        """Return a client of the provider for one sign-in."""
        return OAuth2Session(
            self.client_id, self.client_secret or None, scope="openid", state=state, redirect_uri=request.build_absolute_uri(BACK),
            code_challenge_method="S256", token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
        )


def provider() -> Provider | None:
    """Return the configured identity provider, or ``None`` where people sign in with passwords only."""
    issuer, client = os.environ.get("TONGKE_OIDC_ISSUER", ""), os.environ.get("TONGKE_OIDC_CLIENT_ID", "")
    if not issuer or not client:
        return None
    return Provider(
        issuer=issuer.rstrip("/"), client_id=client, client_secret=os.environ.get("TONGKE_OIDC_CLIENT_SECRET", ""),
        label=os.environ.get("TONGKE_OIDC_LABEL", "OpenID Connect"),
    )


def subject_of(token: dict[str, Any], *, held: Provider, keys: Any, nonce: str, at: datetime) -> str:
    """Return whom the provider vouches for; raises ``ProviderFailed`` for an id token that is not exactly right:
    signature, issuer, audience, times and nonce.
    """
    try:
        found = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(at.timestamp()), leeway=CLOCK_SECONDS_OFF_MAX, aud={"essential": True, "value": held.client_id},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True}, nonce={"essential": True, "value": nonce},
        )
        rules.validate(found.claims)
    except FAILURES as fault:
        raise ProviderFailed(reason=type(fault).__name__) from fault
    if str(found.claims.get("iss", "")).rstrip("/") != held.issuer:
        raise ProviderFailed(reason="iss")
    return str(found.claims["sub"])


class Away(View):
    """The way to the provider."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Send the browser there; a signed cookie keeps what must come back."""
        held = provider()
        if held is None:
            return HttpResponseRedirect("/sign-in")
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        address, state = held.session(request).create_authorization_url(
            held.describe()["authorization_endpoint"], code_verifier=verifier, nonce=nonce,
        )
        way = {"state": state, "nonce": nonce, "verifier": verifier, "next": doors.local_address(request.GET.get("next", "/"))}
        answer = HttpResponseRedirect(address)
        doors.keep(answer, WAY_COOKIE, signing.dumps(way, salt=WAY_COOKIE), WAY_SECONDS_MAX)
        return answer


class Back(View):
    """The way back: the answer is believed only if this browser asked for it."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Sign in whom the provider vouches for. Raises ``ProviderFailed``, ``IdentityUnknown``, ``NoPost``."""
        held, way = provider(), doors.signed_cookie(request, WAY_COOKIE, WAY_SECONDS_MAX)
        state = request.GET.get("state", "")
        if held is None or not way or not state or not secrets.compare_digest(way["state"], state):
            raise ProviderFailed(reason="state")
        if "code" not in request.GET:
            raise ProviderFailed(reason=request.GET.get("error", "code")[:40])
        at = request.at  # type: ignore[attr-defined]  # set by ActorMiddleware
        described = held.describe()
        try:
            token = held.session(request, state).fetch_token(
                described["token_endpoint"], code=request.GET["code"], code_verifier=way["verifier"], timeout=TIMEOUT_SECONDS,
            )
            keys = requests.get(described["jwks_uri"], timeout=TIMEOUT_SECONDS).json()
        except FAILURES as fault:
            raise ProviderFailed(reason=type(fault).__name__) from fault
        subject = subject_of(token, held=held, keys=keys, nonce=way["nonce"], at=at)
        welcome = services.sign_in_with_identity(
            issuer=held.issuer, subject=subject, source=doors.source_of(request, account=""), replaces=session_key(request),
            by=system_actor("sign-in"), at=at,
        )
        answer = doors.admit(request, welcome, onward=way["next"])
        answer.delete_cookie(WAY_COOKIE, samesite="Lax")
        return answer
