"""The authorization server: the protocol is the library's, who holds what is the staff room's.

Only the grant ``client_credentials`` is served: no person signs in here. What a token may do is the client's roles
narrowed by the scope that it asked for (see docs/api-tokens.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, InvalidScopeError, OAuth2Payload, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from django.http import HttpRequest, JsonResponse

from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import ClientHoldsNothing, ClientRefused, ScopeRefused, TooManyTries
from tongke.areas.staff.services import Source
from tongke.kernel.actor import Actor, system_actor

METHODS = ["client_secret_basic", "client_secret_post"]
ENDPOINT = system_actor("oauth")


class SlowDown(OAuth2Error):  # type: ignore[misc]  # the library has no types
    """The client, or whoever guesses at it from this address, has to wait ``seconds``."""

    error = "temporarily_unavailable"
    description = "Too many requests"
    status_code = 429

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds

    def get_headers(self) -> list[tuple[str, str]]:
        """Say how long to wait."""
        return [*super().get_headers(), ("Retry-After", str(self.seconds))]


class _Form(OAuth2Payload):  # type: ignore[misc]  # the library has no types
    """The parameters of a request: its form, never its address."""

    def __init__(self, form: dict[str, str]) -> None:
        self._form = form

    @property
    def data(self) -> dict[str, str]:
        """The parameters; each came once."""
        return self._form

    @property
    def datalist(self) -> dict[str, list[str]]:
        """The parameters as the library wants to count them."""
        return {name: [value] for name, value in self._form.items()}


class Asked(OAuth2Request):  # type: ignore[misc]  # the library has no types
    """A request as the library reads it. Whether the way here is encrypted was checked before (``views``)."""

    def __init__(self, request: HttpRequest, *, source: Source, at: datetime) -> None:
        super().__init__(str(request.method), f"https://tongke.invalid{request.path}", headers=request.headers)
        self.payload = _Form(request.POST.dict())
        self.source, self.at = source, at

    @property
    def form(self) -> dict[str, str]:
        """The parameters."""
        form: dict[str, str] = self.payload.data
        return form


class Claimed(ClientMixin):  # type: ignore[misc]  # the library has no types
    """Who the request says it is, until its secret was checked; ``id`` from then on."""

    def __init__(self, client_id: str, asked: Asked) -> None:
        self.client_id, self.asked = client_id, asked
        self.id: UUID | None = None

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether the secret is the client's; too many wrong ones from one place raise ``SlowDown``."""
        try:
            self.id = services.identify_client(
                client_id=self.client_id, secret=client_secret, source=self.asked.source, by=ENDPOINT, at=self.asked.at,
            )
        except ClientRefused:
            return False
        except TooManyTries as fault:
            raise SlowDown(fault.values["seconds"]) from fault
        return True

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Every client may use both ways to show its secret, at every endpoint."""
        del endpoint
        return method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        """No other grant is served."""
        return grant_type == "client_credentials"


class Grant(ClientCredentialsGrant):  # type: ignore[misc]  # the library has no types
    """Id and secret for a token."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Answer with a token. The library's own way writes it into the log where a log is kept at that level."""
        token = self.generate_token(scope=self.request.payload.scope, include_refresh_token=False)
        return 200, token, self.TOKEN_RESPONSE_HEADER


class _Shown:
    """A token that a client shows to have it taken back."""

    def __init__(self, token: str) -> None:
        self.token = token

    def check_client(self, client: Claimed) -> bool:
        """Another client's token is not told apart from an unknown one: the staff room leaves it alone."""
        del client
        return True


class _Living:
    """A token that is valid, with the actor whom it gives."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def is_expired(self) -> bool:
        """It would have given no actor."""
        return False

    def is_revoked(self) -> bool:
        """It would have given no actor."""
        return False


class _AboutToken:
    """What both endpoints about a token share: it must be there, and a hint is no more than a hint."""

    CLIENT_AUTH_METHODS = METHODS

    def check_params(self, request: Asked, client: Claimed) -> None:
        """Raise ``invalid_request`` without a token."""
        del client
        if not request.form.get("token"):
            raise InvalidRequestError("The parameter token is missing")


class Revocation(_AboutToken, RevocationEndpoint):  # type: ignore[misc]  # the library has no types
    """Taking a token back (RFC 7009): at once, in every process."""

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Shown:
        """Every string may be a token."""
        del token_type_hint
        return _Shown(token_string)

    def revoke_token(self, token: _Shown, request: Asked) -> None:
        """Take it back, if it is the client's."""
        services.revoke_token(client_id=request.client.id, token=token.token, by=ENDPOINT, at=request.at)


class Introspection(_AboutToken, IntrospectionEndpoint):  # type: ignore[misc]  # the library has no types
    """What a client's own token holds (RFC 7662)."""

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Living | None:
        """Return the token if it is valid."""
        del token_type_hint
        asked = self.server.asked
        actor = queries.actor_of_token(token_string, address=asked.source.address, at=asked.at)
        return None if actor is None else _Living(actor)

    def check_permission(self, token: _Living, client: Claimed, request: Asked) -> bool:
        """Nobody learns anything of another client's token."""
        del request
        return token.actor.extra["client_id"] == str(client.id)

    def introspect_token(self, token: _Living) -> dict[str, Any]:
        """Say whose the token is, what it may and how long."""
        facts = token.actor.extra
        return {
            "active": True, "client_id": facts["client_id"], "username": token.actor.name, "token_type": "Bearer",
            "scope": " ".join(sorted(token.actor.permissions)), "exp": int(datetime.fromisoformat(facts["expires_at"]).timestamp()),
        }


def _as_answer(_server: AuthorizationServer, status: int, body: Any, headers: list[tuple[str, str]]) -> JsonResponse:
    """Return the library's answer as Django's."""
    answer = JsonResponse(dict(body), status=status)
    for name, value in headers:
        answer[name] = value
    return answer


class Server(AuthorizationServer):  # type: ignore[misc]  # the library has no types
    """The library's server, with the staff room behind it. One for each request: it keeps who asks."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.register_grant(Grant)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Claimed:
        """Return whoever it claims to be: an unknown client is told apart from a wrong secret nowhere."""
        return Claimed(client_id, self.asked)

    def create_oauth2_request(self, request: Asked) -> Asked:
        """Return the request, read already."""
        return request

    def generate_token(self, grant_type: str, client: Claimed, user: Any = None, scope: str | None = None, **more: Any) -> dict[str, Any]:
        """Let the staff room make a token; ``scope`` in the answer names every permission that it carries."""
        del grant_type, user, more
        if client.id is None:
            raise UnauthorizedClientError
        wait = services.admit(client.id, at=self.asked.at)
        if wait is not None:
            raise SlowDown(wait)
        try:
            made = services.issue_token(client_id=client.id, scope=scope or "", by=ENDPOINT, at=self.asked.at)
        except ScopeRefused as refused:
            raise InvalidScopeError from refused
        except ClientHoldsNothing as refused:
            raise UnauthorizedClientError("The client holds no permission, or its roles still wait for approval") from refused
        return {"access_token": made.token, "token_type": "Bearer", "expires_in": made.seconds, "scope": " ".join(made.permissions)}

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    handle_response = _as_answer
