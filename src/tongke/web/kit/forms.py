"""The form page: Django forms for reading and showing input, verbs for deciding; every broken rule beside its field.

Django's forms are chosen over pydantic here because a page needs what they bring: widgets, labels, translated
messages, uploads and the values as typed when something is wrong. Rules stay in the verbs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.kernel import clock, idempotency
from tongke.kernel.errors import Conflict, Refused, RulesBroken
from tongke.kernel.ids import uuid7
from tongke.web.kit.layout import toast
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of

TOKEN = "form_token"  # noqa: S105 - the name of a field
OPENED = "form_opened"


class ChangedWhileTyping(Refused):
    """What the form opened with is not what stands any more: somebody else saved it, or the same person in another tab."""

    code = "WEB-44"
    says = _("This was changed meanwhile, by someone else or by you in another window")
    mend = _("What you typed is still here. Look at what stands now in a new window, then save again: yours takes its place")
    status = 409


class FormPage(Page):
    """A form that calls a verb. Give ``form`` and ``save``.

    ``save(data, by=, at=, **address values)`` calls the verb and returns the address to go to; its refusals are shown
    beside the fields that they name (``fields`` translates a rule's field to the form's, if they differ) and above the form.
    Sending twice does it once: the second answer repeats the first. A page that ``watches`` does not write over what was
    changed between its opening and its sending; where it ``replaces``, it does once it is sent again after that was told.
    """

    template = "kit/form.html"
    name: ClassVar[str] = ""
    form: ClassVar[type[forms.Form]]
    submit: ClassVar[Any] = _("Save")
    done: ClassVar[Any] = _("Saved")
    intro: ClassVar[Any] = ""
    fields: ClassVar[dict[str, str]] = {}
    confirm: ClassVar[Any] = ""
    watches: ClassVar[bool] = False
    replaces: ClassVar[bool] = True

    def initial(self, **kwargs: Any) -> dict[str, Any]:
        """Return the values that the form opens with."""
        del kwargs
        return {}

    def opening(self, **kwargs: Any) -> Any:
        """Return all that the form opens with: what a page that ``watches`` holds against what stands when it is sent."""
        return self.initial(**kwargs)

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """Return further arguments of the form's constructor."""
        del kwargs
        return {}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return where the Cancel button leads."""
        del kwargs
        return "/"

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Call the verb with the clean ``data`` and return the address to go to."""
        raise NotImplementedError

    def objections(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> Sequence[Any]:
        """Return the rules that the verb would find broken, where the form itself is not complete yet.

        ``data`` holds what could be read, and what the form opens with for the rest. So one answer tells everything;
        a page that leaves this out tells of the rules once its form can be read.
        """
        del data, by, at, kwargs
        return ()

    def build(self, request: HttpRequest | None, **kwargs: Any) -> forms.Form:
        """Build the form, filled from the request if there is one."""
        options = self.form_options(**kwargs)
        if request is None:
            return self.form(initial=self.initial(**kwargs), **options)
        return self.form(request.POST, request.FILES, initial=self.initial(**kwargs), **options)

    def show(self, form: forms.Form, lines: list[dict[str, str]], *, status: int = 200, **kwargs: Any) -> HttpResponse:
        """Show the form with what is wrong, if anything."""
        context = {
            "title": self.title, "form": form, "page": self, "lines": lines, "submit": self.submit, "intro": self.intro,
            "token": self.request.POST.get(TOKEN) or str(uuid7()), "opened": self._opened(lines, **kwargs), "cancel": self.cancel_address(**kwargs),
            "multipart": form.is_multipart(), **self.context(self.request, **kwargs),
        }
        return render(self.request, self.template, context, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the empty form."""
        del request
        return self.show(self.build(None, **kwargs), [], **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Check the input, call the verb once and go on; or show everything that is wrong, what was typed kept."""
        form = self.build(request, **kwargs)
        if not form.is_valid():
            return self.show(form, [*form_lines(form), *self._further(form, **kwargs)], status=422, **kwargs)
        try:
            address = self._once(request, form, **kwargs)
        except Refused as fault:
            lines = [{**line, "field": self.fields.get(line["field"], line["field"])} for line in lines_of(fault)]
            mark_fields(form, lines)
            return self.show(form, lines, status=fault.status if fault.status in {403, 404} else 422, **kwargs)
        if self.done:
            toast(request, self.done)
        return go(request, address)

    def _further(self, form: forms.Form, **kwargs: Any) -> list[dict[str, str]]:
        """Return the broken rules beside what the form itself complains of, and mark their fields."""
        data = {name: _readable(form, name) for name in form.fields}
        broken = self.objections(data, by=self.actor, at=clock.now(), **kwargs)
        if not broken:
            return []
        lines = [{**line, "field": self.fields.get(line["field"], line["field"])} for line in lines_of(RulesBroken(broken))]
        lines = [line for line in lines if line["field"] not in form.errors]
        mark_fields(form, lines)
        return lines

    def _once(self, request: HttpRequest, form: forms.Form, **kwargs: Any) -> str:
        at = clock.now()

        def do() -> str:
            self._require_unchanged(request, **kwargs)
            return self.save(form.cleaned_data, by=self.actor, at=at, **kwargs)

        token = request.POST.get(TOKEN, "")
        if not token:
            return do()
        with transaction.atomic():
            scope = f"form:{self.name or type(self).__name__}:{self.actor.staff_id or self.actor.name}"
            address, _now = idempotency.once(scope=scope[:100], key=token[:64], request=_digest(request), at=at, do=do)
        return str(address)


    def _opened(self, lines: Sequence[dict[str, str]], **kwargs: Any) -> str:
        """Return the mark of what the form opened with, of what stands now once a change was told; empty where none is kept."""
        if not self.watches:
            return ""
        told = any(line["code"] == ChangedWhileTyping.code for line in lines)
        return (not told and self.request.POST.get(OPENED, "")) or mark_of(self.opening(**kwargs))

    def _require_unchanged(self, request: HttpRequest, **kwargs: Any) -> None:
        """Raise ``ChangedWhileTyping``, or ``Conflict`` where it cannot be replaced, if what stands is not what the form opened with."""
        opened = request.POST.get(OPENED, "")
        if self.watches and opened and opened != mark_of(self.opening(**kwargs)):
            raise ChangedWhileTyping if self.replaces else Conflict


def mark_of(opening: Any) -> str:
    """Return a short digest of what somebody saw, to be held against what stands when he acts on it."""
    return hashlib.sha256(repr(opening).encode()).hexdigest()[:32]


def _readable(form: forms.Form, name: str) -> Any:
    """Return a field's clean value, or where it could not be read what the form opens with."""
    if name in form.cleaned_data:
        return form.cleaned_data[name]
    first = form.get_initial_for_field(form.fields[name], name)
    return getattr(form.fields[name], "empty_value", None) if first is None else first


def _digest(request: HttpRequest) -> str:
    """Return a hash of what was sent: only the hash is kept beside the token."""
    whole = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name not in {"csrfmiddlewaretoken", TOKEN}:
            whole.update(repr((name, values)).encode())
    for name, file in sorted(request.FILES.items()):
        whole.update(repr((name, getattr(file, "name", ""), getattr(file, "size", 0))).encode())
    return whole.hexdigest()


def form_lines(form: forms.Form) -> list[dict[str, str]]:
    """Return the form's own complaints as lines like those of broken rules."""
    lines: list[dict[str, str]] = []
    for name, errors in form.errors.items():
        label = str(form.fields[name].label or name) if name in form.fields else ""
        lines.extend({"code": "WEB-01", "says": f"{label}: {text}" if label else str(text), "mend": "", "field": name} for text in errors)
    return lines


def mark_fields(form: forms.Form, lines: list[dict[str, str]]) -> None:
    """Put each broken rule beside the field that it names."""
    for line in lines:
        if line["field"] in form.fields:
            form.add_error(line["field"], f"{line['says']} ({line['code']})")


def submitter(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``verb`` as the ``save`` of a form page whose fields are the verb's arguments; goes to the page's own address."""

    def save(page: FormPage, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        verb(**data, **kwargs, by=by, at=at)
        return page.cancel_address(**kwargs)

    return save
