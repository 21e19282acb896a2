"""Runs one call of a tool: who, whether, what for, the answer, the trace. The same for every transport."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import AssistantKeyRefused, AssistantReadsOnly, TooManyRequests
from tongke.kernel.actor import PERSONAL_KINDS, Actor, acting
from tongke.kernel.errors import Invalid, Refused, RulesBroken
from tongke.tmf.assistant.declaring import Asked, PersonalAnswer, PersonalArguments, Tool, all_tools
from tongke.tmf.assistant.plain import loggable, visible

log = logging.getLogger("tongke.assistant")
SEE = frozenset(f"party.see_{kind}" for kind in PERSONAL_KINDS)
OK, FAULT = "ok", "GEN-500"
ANSWER_BYTES_MAX = 200_000
OURS = _("The fault is ours and is recorded. Nothing was changed by this step.")
T = TypeVar("T")


class ToolUnknown(Refused):
    """No tool of this name is declared."""

    code = "TMF-81"
    says = _("There is no tool of this name")
    mend = _("Ask for the list of tools")
    status = 404


class AnswerTooLarge(Refused):
    """The answer is more than an assistant should be given at once."""

    code = "TMF-82"
    says = _("The answer is too large")
    mend = _("Ask for fewer rows, or for fewer parts")
    status = 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes back: the answer, or what was wrong and what mends it."""

    content: dict[str, Any]
    refused: bool


def actor_behind(token: str, *, address: str, at: datetime) -> Actor:
    """Return whom the token lets the caller act for: the person of a key, or a machine client.

    Counts the call. Raises ``AssistantKeyRefused``, ``AssistantTooFast`` and, for a machine client, ``TooManyRequests``.
    """
    person = queries.actor_of_personal_token(token, at=at)
    if person is not None:
        return person
    client = queries.actor_of_token(token, address=address, at=at)
    if client is None:
        raise AssistantKeyRefused
    wait = services.admit(UUID(client.extra["client_id"]), at=at)
    if wait is not None:
        raise TooManyRequests(seconds=wait, limit=int(client.extra["per_minute"]))
    return client


def language_of(actor: Actor) -> str:
    """Return the language in which the actor is spoken to; systems are spoken to in English."""
    return actor.extra.get("locale") or "en"


def fault_content(fault: Refused) -> dict[str, Any]:
    """Return a refusal as an assistant reads it, in the active language."""
    content: dict[str, Any] = {"code": fault.code, "says": fault.message, "mend": fault.advice}
    if fault.field:
        content["field"] = fault.field
    if isinstance(fault, RulesBroken):
        content["broken"] = [{"code": b.code, "says": b.message, "mend": b.advice, "field": b.field} for b in fault.broken]
    return {"error": content}


def _checked(tool: Tool, arguments: Mapping[str, Any]) -> Any:
    """Read the arguments; raises ``Invalid`` that names the first wrong one, never its value."""
    try:
        return tool.arguments.model_validate(dict(arguments))
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"] if not isinstance(part, str) or part in tool.arguments.model_fields)
        raise Invalid(field=place[:60], what=f"{place or 'arguments'} ({first['type']})"[:120]) from None


def _narrowed(given: Any, by: Actor) -> tuple[Actor, str]:
    """Return the actor as far as the purpose lets it see, and the purpose; raises ``PurposeNeeded`` for one without sense."""
    said = given.purpose if isinstance(given, PersonalArguments) else ""
    purpose = services.checked_purpose(said) if said else ""
    return (by if purpose else replace(by, permissions=by.permissions - SEE)), purpose


def _answer(tool: Tool, given: Any, asked: Asked) -> dict[str, Any]:
    found = tool.run(given, asked)
    if isinstance(found, PersonalAnswer):
        found = found.model_copy(update={"masked": not asked.by.clear_setting})
    content: dict[str, Any] = visible(found.model_dump(mode="json"))
    if len(orjson.dumps(content)) > ANSWER_BYTES_MAX:
        raise AnswerTooLarge
    return content


class _Call:
    """One call on its way: what is known of it for the log."""

    def __init__(self, name: str, transport: str, by: Actor, at: datetime) -> None:
        self.name, self.transport, self.by, self.at = name, transport, by, at
        self.arguments: dict[str, Any] = {}
        self.purpose, self.clear = "", ""
        self.began = time.perf_counter()

    def record(self, outcome: str, content: Mapping[str, Any]) -> None:
        """Leave the trace."""
        services.record_assistant_call(
            tool=self.name, transport=self.transport, arguments=self.arguments, purpose=self.purpose, clear=self.clear, outcome=outcome,
            result_bytes=len(orjson.dumps(content)), duration_ms=round((time.perf_counter() - self.began) * 1000), by=self.by, at=self.at,
        )

    def run(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the tool's answer; its effect and its trace are one transaction. Raises ``Refused``."""
        tool = all_tools().get(self.name)
        if tool is None:
            self.name = "?"
            raise ToolUnknown
        if tool.permission and not self.by.may(tool.permission) and tool.writes and self.by.kind == "assistant" and not self.by.extra.get("writing"):
            raise AssistantReadsOnly
        if tool.permission:
            self.by.require(tool.permission)
        given = _checked(tool, arguments)
        self.arguments = loggable(given)
        seen_as, self.purpose = _narrowed(given, self.by)
        self.clear = seen_as.clear_setting if issubclass(tool.answer, PersonalAnswer) else ""
        with acting(seen_as), transaction.atomic():
            content = _answer(tool, given, Asked(self.by, seen_as, self.at, self.purpose))
            self.record(OK, content)
        return content


def run(name: str, arguments: Mapping[str, Any], *, transport: str, by: Actor, at: datetime) -> Outcome:
    """Run the tool ``name`` for the actor and leave its trace. Refusals and faults come back as outcomes, in the actor's language."""
    tool = all_tools().get(name)
    if tool is None or not tool.writes:
        return once_more(lambda: _run(name, arguments, transport, by, at))
    once_more(_knock)  # what writes is never done twice: the connection is tried before
    return _run(name, arguments, transport, by, at)


def _knock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _run(name: str, arguments: Mapping[str, Any], transport: str, by: Actor, at: datetime) -> Outcome:
    call = _Call(name[:60], transport, by, at)
    with translation.override(language_of(by)):
        try:
            return Outcome(call.run(arguments), refused=False)
        except Refused as fault:
            content, code = fault_content(fault), fault.code
        except Exception as fault:
            if is_lost(fault):
                raise
            log.error("tool %s failed", call.name, exc_info=fault)  # noqa: TRY400 - the fault is passed on
            content, code = {"error": {"code": FAULT, "says": str(OURS), "mend": ""}}, FAULT
        call.record(code, content)
        return Outcome(content, refused=True)


def is_lost(fault: BaseException) -> bool:
    """Tell whether the database went away."""
    import psycopg  # noqa: PLC0415 - only where something has failed
    from django.db import InterfaceError, OperationalError  # noqa: PLC0415 - Django is set up by then

    return isinstance(fault, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError)


def once_more(do: Callable[[], T]) -> T:
    """Run a read; where the connection turns out to be dead, once more on a new one."""
    try:
        return do()
    except Exception as fault:
        if not is_lost(fault):
            raise
        connection.close()
        return do()
