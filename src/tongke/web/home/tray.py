"""The notification tray: a short list under the bell, the count, and the page with all of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.web.kit.page import Page, render
from tongke.web.staff.requests import tray_lines

SHOWN = 8
ALL = 200


class Tray(Page):
    """What drops down under the bell; opening it marks what is shown as read."""

    permission = "staff.own"
    template = "home/tray.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the newest notifications."""
        del kwargs
        return render(request, self.template, {"lines": tray_lines(by=self.actor, limit=SHOWN)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Mark all as read."""
        services.mark_notifications_read(by=self.actor, at=clock.now())
        return self.get(request, **kwargs)


class Count(Page):
    """How many notifications are unread."""

    permission = "staff.own"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer the number as JSON."""
        del request, kwargs
        return JsonResponse({"unread": queries.notifications_unread(by=self.actor)}, headers={"Cache-Control": "no-store"})


class Notifications(Page):
    """All notifications of the person."""

    permission = "staff.own"
    title = _("Notifications")
    template = "home/notifications.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the newest notifications."""
        del request, kwargs
        return {"lines": tray_lines(by=self.actor, limit=ALL)}
