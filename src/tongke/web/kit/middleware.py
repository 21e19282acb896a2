"""Turns a verb's refusal into a page that helps, wherever a view let it pass."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from tongke.kernel.errors import Refused
from tongke.web.kit.refusals import refusal_page

log = logging.getLogger("tongke.web")


class RefusalsMiddleware:
    """Answers a ``Refused`` with its page, its toast or its JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Answer a refusal; leave every other fault to Django."""
        if not isinstance(fault, Refused):
            return None
        if fault.status >= 500:
            log.error("refused with %s", fault.code)
        return refusal_page(request, fault)
