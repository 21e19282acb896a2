"""From official words to the catalogue's: codes, states, kinds of prices, types of values, references."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.queries import references as meaning
from tongke.kernel.errors import Invalid
from tongke.tmf.catalogue.reading import STATES
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.kit.shapes import Ref

OURS = {official: ours for ours, official in STATES.items()}
# What senders write for our types of values.
TYPES = {"string": "text", "number": "decimal", "numeric": "decimal", "float": "decimal", "int": "integer", "bool": "boolean", "enum": "choice"}
PRICE_KINDS = {"oneTime": "one_off", "one time": "one_off", "onetime": "one_off", "One time": "one_off"}
PERIODS = {"monthly": "month", "months": "month", "yearly": "year", "annual": "year", "years": "year", "daily": "day", "days": "day"}
UNITS = {"MB": "data_mb", "mb": "data_mb", "minute": "voice_minute", "minutes": "voice_minute", "SMS": "sms"}
MONTHS = {"month": 1, "months": 1, "year": 12, "years": 12}
CODE_LENGTH_MAX = 40
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")


def code_from(name: str, taken: Collection[str], *, word: str) -> str:
    """Return a code within a version for what has only a name: its plain letters, else ``word`` and a number."""
    made = _PLAIN.sub("_", name).strip("_.-")[:CODE_LENGTH_MAX] if name.isascii() else ""
    number = 1
    while not made or made in taken:
        made = word if number == 1 else f"{word}{number}"
        number += 1
    return made


def told(value: str, words: Collection[str], path: str) -> str:
    """Return a word that is one of ``words``. Raises ``Invalid`` with those that there are."""
    if value not in words:
        raise Invalid(what=f"{path} ({', '.join(words)})", field=path)
    return value


def ids_of(references: Sequence[Ref] | None, path: str) -> list[UUID]:
    """Return the ids that references hold. Raises ``UnknownReference`` for the ids of other systems."""
    return [record_of(one.id, f"{path}.id") for one in references or ()]


def codes_of(references: Sequence[Any] | None, path: str, look: Callable[[UUID], str]) -> list[str]:
    """Return the codes of what references mean. Raises ``UnknownReference``."""
    out = []
    for one in references or ():
        ident = record_of(one.id, f"{path}.id")
        out.append(known(f"{path}.id", ident, lambda ident=ident: look(ident)))  # type: ignore[misc]  # the default binds the value
    return out


def offering_codes(references: Sequence[Any] | None, path: str) -> list[str]:
    """Return the codes of offerings that references mean, whichever version they name."""
    return codes_of(references, path, meaning.offering_code)


def words_of(references: Sequence[Ref] | None, words: Collection[str], path: str) -> list[str]:
    """Return the words that references hold as ids. Raises ``Invalid`` for words that are none of ours."""
    return [told(one.id, words, f"{path}.id") for one in references or ()]


def organisations(references: Sequence[Ref] | None, path: str) -> list[int]:
    """Return the numbers of organisations that references hold as ids. Raises ``Invalid``."""
    out = []
    for one in references or ():
        if not one.id.isascii() or not one.id.isdigit() or len(one.id) > len("2000000000"):
            raise Invalid(what=f"{path}.id", field=f"{path}.id")
        out.append(int(one.id))
    return out
