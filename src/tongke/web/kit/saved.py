"""Filters that a person keeps for a list page: the staff room keeps them, the list page shows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.web.kit.layout import actor_of

QUERY_LENGTH_MAX = 2000


class FilterNameless(Refused):
    """A kept filter needs a name."""

    code = "WEB-23"
    says = _("The filter has no name")
    mend = _("Write a short name for it")
    status = 422


def of_page(request: HttpRequest, page: str) -> list[Any]:
    """Return the filters that the person keeps for ``page``, by name."""
    return list(queries.saved_filters(page=page, by=actor_of(request)))


def change(request: HttpRequest, page: str) -> None:
    """Keep the filters of the posted ``query`` under a name, or forget one; raises ``FilterNameless`` and ``NotFound``."""
    by, at = actor_of(request), clock.now()
    forgotten = request.POST.get("forget_filter", "")
    if forgotten:
        try:
            services.forget_filter(filter_id=UUID(forgotten), by=by, at=at)
        except ValueError as fault:
            raise FilterNameless from fault
        return
    name = request.POST.get("save_filter", "").strip()
    if not name:
        raise FilterNameless
    services.save_filter(page=page, name=name, query=request.POST.get("query", "")[:QUERY_LENGTH_MAX], by=by, at=at)
