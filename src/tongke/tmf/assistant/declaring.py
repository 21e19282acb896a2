"""How a tool is declared: one function with ``@tool``; its name, description and both schemas follow from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field

from tongke.kernel.actor import Actor
from tongke.kernel.permissions import all_permissions

PURPOSE_LENGTH_MAX = 60
PURPOSE = (
    "What the person needs the data for, e.g. 'complaint about the October bill'. With it, personal data come as the person may see them on "
    "the pages; without it they come masked. It is written into the log of looks."
)
MASKED = "True where all personal data are masked: no purpose was given, or the person's role sees none in clear. False: what the role sees is clear."


class Arguments(BaseModel):
    """What a tool takes. Unknown names are refused.

    The log keeps keys, numbers, days and choices as they came; of a text only its length, unless its field says
    ``json_schema_extra=LOGGED``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonalArguments(Arguments):
    """What a tool takes whose answer may hold personal data."""

    purpose: str = Field("", max_length=PURPOSE_LENGTH_MAX, description=PURPOSE)


class Answer(BaseModel):
    """What a tool gives."""

    model_config = ConfigDict(frozen=True)


class PersonalAnswer(Answer):
    """An answer that may hold personal data."""

    masked: bool = Field(default=True, description=MASKED)


LOGGED: dict[str, Any] = {"x-logged": True}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when, and what for; ``by`` is narrowed to what the purpose lets the ``holder`` of the key see."""

    holder: Actor
    by: Actor
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A declared tool. ``permission`` is asked for before it runs; ``writes``: a key for reading only may not use it."""

    name: str
    title: str
    description: str
    permission: str
    writes: bool
    repeatable: bool
    arguments: type[Arguments]
    answer: type[Answer]
    run: Callable[[Any, Asked], Answer]

    def offered_to(self, actor: Actor) -> bool:
        """Tell whether the actor may use the tool."""
        return actor.may(self.permission) if self.permission else True


_tools: dict[str, Tool] = {}


def tool(title: str, *, permission: str = "", writes: bool = False, repeatable: bool = False) -> Callable[[Callable[[Any, Asked], Any]], Tool]:
    """Declare ``function(arguments, asked) -> answer`` as a tool; its docstring is what the assistant reads.

    ``permission`` empty: whoever holds a key. ``repeatable``: doing it twice with the same arguments is doing it once.
    """

    def declare(function: Callable[[Any, Asked], Any]) -> Tool:
        hints = get_type_hints(function)
        answer = hints.pop("return")
        arguments = next(hint for name, hint in hints.items() if name != "asked")
        name = function.__name__
        if name in _tools:
            raise ValueError(f"tool {name} is declared twice")
        _tools[name] = Tool(
            name=name, title=title, description=inspect.cleandoc(function.__doc__ or ""), permission=permission, writes=writes,
            repeatable=repeatable or not writes, arguments=arguments, answer=answer, run=function,
        )
        return _tools[name]

    return declare


@lru_cache(maxsize=1)
def all_tools() -> dict[str, Tool]:
    """Every declared tool, by name; a permission that no room declares would be held by nobody."""
    package = import_module("tongke.tmf.assistant.tools")
    for found in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{found.name}")
    known = all_permissions()
    unknown = [found.name for found in _tools.values() if found.permission and found.permission not in known]
    if unknown:
        raise ValueError(f"tools ask for unknown permissions: {unknown}")
    return dict(sorted(_tools.items()))
