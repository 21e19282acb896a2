"""Pages for what did not work: what was wrong, under which code, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import NotPermitted
from tongke.kernel.errors import Refused, RulesBroken
from tongke.web.kit.layout import layout
from tongke.web.kit.page import render

# Addresses of the Open APIs: their errors have a form of their own, and nobody is led to a sign-in page there.
INTERFACES = ("/tmf-api/", "/userrolepermission/")
TITLES: dict[int, Any] = {
    400: _("The request cannot be read"), 401: _("Proof of identity needed"), 403: _("Your post does not allow this"), 404: _("Nothing found here"),
    409: _("Not possible in this state"), 422: _("Some rules stand against this"), 429: _("Too many requests"),
    500: _("Something broke on our side"), 503: _("Out of service for a moment"),
}


STRANGER = "SEC-06"


class PageNotFound(Refused):
    """There is no page at this address."""

    code = "WEB-04"
    says = _("There is no page at this address")
    mend = _("Check the address, or search for what you were looking for")
    status = 404


class RequestUnreadable(Refused):
    """The request is damaged or its form token has expired."""

    code = "WEB-02"
    says = _("The request was damaged on its way, or the page stood open for too long")
    mend = _("Go back, reload the page and try once more")
    status = 400


class FormExpired(Refused):
    """The form's security token does not fit the session."""

    code = "WEB-03"
    says = _("This form no longer belongs to your session")
    mend = _("Reload the page, check your entries and send them again")
    status = 403


def lines_of(fault: Refused) -> list[dict[str, str]]:
    """Return what is wrong as lines of code, says, mend and field: one for each broken rule.

    The line of a missing right also tells the codes of the permissions that would do.
    """
    if isinstance(fault, RulesBroken):
        return [{"code": b.code, "says": b.message, "mend": b.advice, "field": b.field} for b in fault.broken]
    line = {"code": fault.code, "says": fault.message, "mend": fault.advice, "field": fault.field}
    return [line | {"permission": fault.permission} if isinstance(fault, NotPermitted) else line]


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: below /api, or accepting JSON and not HTML."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accepted and "html" not in accepted)


def is_interface(path: str) -> bool:
    """Tell whether an address belongs to the Open APIs."""
    return path.startswith(INTERFACES)


def interface_refusal(fault: Refused) -> HttpResponse:
    """Return a refusal in the official form of the Open APIs, with the challenge that bearer tokens ask for."""
    answer = JsonResponse({
        "code": fault.code, "reason": str(TITLES.get(fault.status, TITLES[409])), "status": str(fault.status),
        "message": " ".join(part for part in (fault.message, fault.advice) if part),
        "referenceError": f"/developers/errors#{fault.code}", "@type": "Error",
    }, status=fault.status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    if fault.status == 401:
        # With no token at all the challenge names no error: nothing was wrong with what was not sent.
        answer["WWW-Authenticate"] = 'Bearer realm="tongke"' + ("" if fault.code == STRANGER else ', error="invalid_token"')
    elif isinstance(fault, NotPermitted):
        answer["WWW-Authenticate"] = f'Bearer realm="tongke", error="insufficient_scope", scope="{fault.values["permission"]}"'
    return answer


def refusal_page(request: HttpRequest, fault: Refused) -> HttpResponse:
    """Return the page, the part of a page (htmx shows it as a toast) or the JSON for a refusal."""
    if is_interface(request.path):
        return interface_refusal(fault)
    lines = lines_of(fault)
    if wants_json(request):
        return JsonResponse({"code": fault.code, "says": fault.message, "mend": fault.advice, "broken": lines}, status=fault.status)
    context = {"title": TITLES.get(fault.status, TITLES[409]), "status": fault.status, "lines": lines}
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "kit/refusal_part.html", context, status=fault.status)
        answer["HX-Reswap"] = "none"
        answer["HX-Trigger"] = "tk:refused"
        return answer
    frame = "kit/base.html" if layout(request)["layout"].signed_in else "kit/bare.html"
    return render(request, "kit/refusal.html", {**context, "frame": frame}, status=fault.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    del exception
    return refusal_page(request, PageNotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    del exception
    return refusal_page(request, RequestUnreadable())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    del exception
    return refusal_page(request, FormExpired())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form token that does not fit (CSRF_FAILURE_VIEW)."""
    del reason
    return refusal_page(request, FormExpired())
