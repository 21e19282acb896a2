"""The bulk bar: one verb over many marked rows, each in a transaction of its own, every refusal explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit.refusals import lines_of

MARKED_MAX = 500


class TooManyMarked(Refused):
    """More rows are marked than one click may change."""

    code = "WEB-20"
    says = _("{count} rows are marked; one step takes at most {most}")
    mend = _("Mark fewer rows, or ask for the change as an import file")
    status = 422


class NothingMarked(Refused):
    """The bulk verb was called without a row."""

    code = "WEB-21"
    says = _("No row is marked")
    mend = _("Mark the rows first: click their boxes, or press X")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """A verb of the bulk bar: called as ``verb(<argument>=id, <the form's fields>, by=, at=)`` for each marked row."""

    key: str
    label: Any
    verb: Callable[..., Any]
    argument: str
    icon: str = "bolt"
    permission: str = ""
    form: type[Form] | None = None
    confirm: Any = ""
    reason: bool = False
    danger: bool = False
    cast: Callable[[str], Any] = UUID


@dataclass(slots=True)
class Outcome:
    """What a bulk verb did: how many rows changed, and the refused ones with code, says and mend."""

    done: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    form_errors: dict[str, list[str]] = field(default_factory=dict)


def run_bulk(bulk: Bulk, request: HttpRequest, *, by: Actor, at: datetime) -> Outcome:
    """Call the verb for each marked row. Raises ``NothingMarked`` and ``TooManyMarked``; a refusal of one row
    does not stop the others.
    """
    marked = list(dict.fromkeys(request.POST.getlist("row")))
    if not marked:
        raise NothingMarked
    if len(marked) > MARKED_MAX:
        raise TooManyMarked(count=len(marked), most=MARKED_MAX)
    values: dict[str, Any] = {}
    if bulk.form is not None:
        form = bulk.form(request.POST)
        if not form.is_valid():
            return Outcome(form_errors={k: [str(e) for e in v] for k, v in form.errors.items()})
        values = dict(form.cleaned_data)
    if bulk.reason:
        values["reason"] = request.POST.get("reason", "").strip()
    outcome = Outcome()
    for key in marked:
        try:
            bulk.verb(**{bulk.argument: bulk.cast(key)}, **values, by=by, at=at)
            outcome.done += 1
        except Refused as fault:
            outcome.refused.extend({"row": key, **line} for line in lines_of(fault))
        except ValueError:
            outcome.refused.append({"row": key, "code": "WEB-22", "says": str(_("This row's key cannot be read")), "mend": "", "field": ""})
    return outcome
