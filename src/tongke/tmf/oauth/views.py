"""The addresses of OAuth 2.0. What the library takes on trust is looked at here first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import unquote

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InsecureTransportError, InvalidClientError, InvalidRequestError
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from tongke.areas.staff.services import Source
from tongke.kernel.permissions import all_permissions
from tongke.tmf.oauth.server import METHODS, Asked, Introspection, Revocation, Server

FORM = "application/x-www-form-urlencoded"
BODY_BYTES_MAX = 16 * 1024
Answer = Callable[[Server, Asked], HttpResponse]


class BodyTooLarge(OAuth2Error):  # type: ignore[misc]  # the library has no types
    """No request for a token is that long."""

    error = "invalid_request"
    description = f"The body has more than {BODY_BYTES_MAX} bytes"
    status_code = 413


class NotPosted(OAuth2Error):  # type: ignore[misc]  # the library has no types
    """Secrets are sent in the body of a POST, never in an address."""

    error = "invalid_request"
    description = "Only POST is served here"
    status_code = 405

    def get_headers(self) -> list[tuple[str, str]]:
        """Name the method."""
        return [*super().get_headers(), ("Allow", "POST")]


def _check_form(request: HttpRequest) -> None:
    """Raise an ``OAuth2Error`` for a body that is no plain form, or says a thing twice (RFC 6749, section 3.2)."""
    if request.method != "POST":
        raise NotPosted
    if request.content_type != FORM:
        raise InvalidRequestError(f"The body must be {FORM}")
    if request.GET:
        raise InvalidRequestError("Parameters belong into the body")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
        raise BodyTooLarge
    try:
        form = request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError) as fault:
        raise InvalidRequestError("The body cannot be read") from fault
    if any(len(values) > 1 for _name, values in form.lists()):
        raise InvalidRequestError("A parameter came twice")
    if any("\x00" in value for value in form.values()):
        raise InvalidRequestError("A parameter holds a null character")


def _check_credentials(request: HttpRequest) -> None:
    """Raise an ``OAuth2Error`` for credentials that the library would stumble over, and for two kinds at once."""
    scheme, _blank, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return
    try:
        said = base64.b64decode(shown.strip(), validate=True).decode()
        fits = ":" in said and "\x00" not in unquote(said)
    except (binascii.Error, ValueError):
        fits = False
    if not fits:
        raise InvalidClientError(status_code=401, description="The credentials cannot be read")
    if "client_secret" in request.POST:
        raise InvalidRequestError("Show the secret in one way only")


def _endpoint(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """Make a view of what is done with a request that was looked at."""

    def run(request: HttpRequest) -> HttpResponse:
        source = Source(address=request.address, agent=request.headers.get("User-Agent", ""))  # type: ignore[attr-defined]  # set by the view
        try:
            if settings.HTTPS and not request.is_secure():
                raise InsecureTransportError
            _check_form(request)
            _check_credentials(request)
            asked = Asked(request, source=source, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
            return answer(Server(asked), asked)
        except OAuth2Error as fault:
            return _refused(fault)

    run.public = True  # type: ignore[attr-defined]  # who asks proves himself to the server above
    return csrf_exempt(run)


def _refused(fault: OAuth2Error) -> HttpResponse:
    status, body, headers = fault()
    answer = JsonResponse(body, status=status)
    for name, value in headers:
        answer[name] = value
    return answer


def _granted(server: Server, asked: Asked) -> HttpResponse:
    if not asked.form.get("grant_type"):
        raise InvalidRequestError("The parameter grant_type is missing")
    answer: HttpResponse = server.create_token_response(asked)
    return answer


def _revoked(server: Server, asked: Asked) -> HttpResponse:
    answer: HttpResponse = server.create_endpoint_response(Revocation.ENDPOINT_NAME, asked)
    return answer


def _explained(server: Server, asked: Asked) -> HttpResponse:
    answer: HttpResponse = server.create_endpoint_response(Introspection.ENDPOINT_NAME, asked)
    return answer


def metadata(request: HttpRequest) -> HttpResponse:
    """Say where the endpoints are and what they take (RFC 8414)."""
    base = (getattr(settings, "PUBLIC_URL", "") or f"{request.scheme}://{request.get_host()}").rstrip("/")
    areas = sorted({code.partition(".")[0] for code in all_permissions()})
    answer = JsonResponse({
        "issuer": base, "token_endpoint": f"{base}/oauth2/token", "revocation_endpoint": f"{base}/oauth2/revoke",
        "introspection_endpoint": f"{base}/oauth2/introspect", "grant_types_supported": ["client_credentials"], "response_types_supported": [],
        "token_endpoint_auth_methods_supported": METHODS, "revocation_endpoint_auth_methods_supported": METHODS,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "scopes_supported": ["read", "write", *(f"{area}{part}" for area in areas for part in (".*", ":read", ":write"))],
        "service_documentation": f"{base}/developers",
    })
    answer["Cache-Control"] = "max-age=3600"
    return answer


metadata.public = True  # type: ignore[attr-defined]  # there is no secret in it
token = _endpoint(_granted)
revoke = _endpoint(_revoked)
introspect = _endpoint(_explained)
