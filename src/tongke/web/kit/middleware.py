"""Turns a verb's refusal into a page that helps, wherever a view let it pass."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponseBase

from tongke.kernel.errors import Refused
from tongke.web.kit.refusals import RequestUnreadable, refusal_page

NUL = chr(0)
log = logging.getLogger("tongke.web")


def holds_nul(request: HttpRequest) -> bool:
    """Tell whether a NUL character came with the address or the form: PostgreSQL keeps and compares none."""
    values = (value for given in (request.GET, request.POST) for _name, several in given.lists() for value in several)
    return NUL in request.path or any(NUL in value for value in values)


class RefusalsMiddleware:
    """Answers a ``Refused`` with its page, its toast or its JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Answer a refusal, and a request with characters that no text may hold; leave every other fault to Django."""
        if isinstance(fault, DataError | ValueError) and holds_nul(request):
            fault = RequestUnreadable()
        if not isinstance(fault, Refused):
            return None
        if fault.status >= 500:
            log.error("refused with %s", fault.code)
        return refusal_page(request, fault)
