"""Assistant access: one's own keys for assistant programs, and the log of what assistants did for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit.columns import Moment, Number, State, Text
from tongke.web.kit.filters import ChoiceFilter, DayRangeFilter, TextFilter
from tongke.web.kit.forms import form_lines, mark_fields
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Empty, ListPage
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of
from tongke.web.kit.rows import Ask
from tongke.web.kit.widgets import KitForm

ADDRESS = "/assistant-access"
SPAN_DAYS = 7
STATES = {"live": (_("In force"), "good"), "expired": (_("Expired"), "off"), "revoked": (_("Taken back"), "off"),
          "stale": (_("Ended by a new password"), "off")}
REACHES = (("read", _("Only read")), ("write", _("Read, and record contacts")))


class KeyForm(KitForm):
    """What a new key is called, what it may do and for how long."""

    name = forms.CharField(label=_("Program"), max_length=60, help_text=_("The program that is to use the key, so that you know it again"))
    reach = forms.ChoiceField(label=_("It may"), choices=REACHES, initial="read")
    days = forms.IntegerField(label=_("Days"), min_value=1, help_text=_("After so many days the key opens nothing"))

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = min(30, most)
        self.fields["days"].max_value = most  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["days"].widget.attrs["max"] = most


class AssistantAccess(Page):
    """Which programs act for me, making a key for another, and how to connect it."""

    title = _("Assistant access")
    permission = "staff.own"
    template = "integration/assistant.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show one's keys and the form for a new one."""
        del kwargs
        return self._show(request, KeyForm(most=self._most()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Make a key and show it this once."""
        del kwargs
        form = KeyForm(request.POST, most=self._most())
        if not form.is_valid():
            return self._show(request, form, lines=form_lines(form), status=422)
        data = form.cleaned_data
        try:
            made = services.make_assistant_key(
                name=data["name"], days=data["days"], writing=data["reach"] == "write", by=self.actor, at=clock.now(),
            )
        except Refused as fault:
            lines = lines_of(fault)
            mark_fields(form, lines)
            return self._show(request, form, lines=lines, status=fault.status)
        return self._show(request, KeyForm(most=self._most()), made=made)

    @staticmethod
    def _most() -> int:
        return queries.assistant_days_max(at=clock.now())

    def _show(self, request: HttpRequest, form: KeyForm, *, status: int = 200, **shown: Any) -> HttpResponseBase:
        context = {
            "title": self.title, "form": form, "most": self._most(), "keys": queries.own_tokens(by=self.actor, at=clock.now()), "states": STATES,
            "lines": [], "made": None, "address": f"{request.scheme}://{request.get_host()}/mcp", **shown,
        }
        answer = render(request, self.template, context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


class RevokeKey(Page):
    """Taking one key back."""

    permission = "staff.own"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take back the key that the form names."""
        del kwargs
        try:
            token_id = UUID(request.POST.get("key", ""))
        except ValueError:
            raise NotFound from None
        services.revoke_assistant_key(token_id=token_id, by=self.actor, at=clock.now())
        toast(request, _("The key was taken back: whatever used it is out"))
        return go(request, ADDRESS)


def call_rows(ask: Ask) -> Sequence[queries.CallLine]:
    """Fetch one screenful of the log of calls, within seven days unless others are asked for."""
    start, end = ask.filters.get("when") or (None, None)
    until = end or clock.now() + timedelta(minutes=1)
    return queries.assistant_calls(
        by=ask.actor, since=start or until - timedelta(days=SPAN_DAYS), until=until, actor=ask.filters.get("actor") or "",
        tool=ask.filters.get("tool") or "", outcome=ask.filters.get("outcome") or "", beyond=ask.cursor, rising=not ask.falling,
        limit=ask.limit + 1,
    )


def _written(arguments: dict[str, Any]) -> str:
    """Write a call's arguments for the list; of texts there is no more than their length."""
    return ", ".join(f"{name}: {_value(value)}" for name, value in arguments.items())


def _value(value: Any) -> str:
    return f"({value['characters']})" if isinstance(value, dict) and "characters" in value else str(value)


class AssistantCalls(ListPage):
    """What assistants did for people: every call, its outcome, how much it gave and how long it took."""

    name, title, permission = "assistant-calls", _("Calls of assistants"), "staff.view_looks"
    subtitle = _("Every call of an assistant program for a person; of texts only their length is kept")
    fetch = staticmethod(call_rows)
    columns = (
        Moment(key="at", label=_("When"), sort="at"),
        Text(key="actor", label=_("For whom")),
        Text(key="org_id", label=_("Organisation"), value=lambda row: queries.org_name(row.org_id) or None),
        Text(key="tool", label=_("Tool")),
        Text(key="arguments", label=_("Arguments"), value=lambda row: _written(row.arguments) or None),
        Text(key="purpose", label=_("Purpose")),
        Text(key="clear", label=_("Seen in clear")),
        State(key="outcome", label=_("Outcome"), labels={"ok": _("Answered")}, tones={"ok": "good"}),
        Number(key="result_bytes", label=_("Bytes")),
        Number(key="duration_ms", label=_("Milliseconds")),
        Text(key="transport", label=_("Way"), hidden=True),
    )
    filters = (
        DayRangeFilter(key="when", label=_("When"), primary=True),
        TextFilter(key="actor", label=_("Who (user name)"), primary=True),
        TextFilter(key="tool", label=_("Tool"), primary=True),
        ChoiceFilter(key="outcome", label=_("Outcome"), choices=(("ok", _("Answered")), ("refused", _("Refused")))),
    )
    sort = "-at"
    empty = Empty(says=_("No call within these filters"), mend=_("Widen the span of days"))
