"""What can be loaded in bulk: each room declares its nouns with their fields, rules and set-based writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.kernel.rules import Broken

Values = dict[str, Any]
"""The typed values of one record by field name; ``id`` and ``org_id`` are always there when it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a noun as a file may fill it.

    ``type`` is text, integer, decimal, date, datetime, boolean, object (name → value) or reference;
    a reference names the ``noun`` whose key it carries, ``items`` is the type of an object's values. ``personal`` is the kind of personal data (as in
    ``party.see_<kind>``): its value is masked wherever a reject shows it.
    """

    name: str
    about: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    length_max: int = 0
    default: Any = None
    noun: str = ""
    items: str = "text"
    personal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """Values that no two records in force may share. ``key`` gives the value of a record (``None``: not bound),
    ``taken`` which of many values are held already, by which record's id, and ``broken`` the refusal.
    """

    key: Callable[[Values], Any]
    taken: Callable[[Sequence[Any]], dict[Any, UUID]]
    broken: Callable[[Values], Broken]


class Write(Protocol):
    """A bulk verb: writes new and changed records of one noun in the caller's transaction."""

    def __call__(self, *, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:
        """Write ``fresh`` as new rows and the given fields of ``changed`` onto the rows with their ids."""


class Settle(Protocol):
    """A verb that works out anew what follows from a record's children."""

    def __call__(self, *, ids: Sequence[UUID], by: Actor, at: datetime) -> None:
        """Settle the records ``ids``."""


class Check(Protocol):
    """The rules of one record, beside the records of its row that it refers to (by field)."""

    def __call__(self, values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:
        """Return the broken rules."""



@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A kind of record that files may bring. ``table`` is where it is read back from when sums are reconciled;
    ``check`` returns the broken rules of one record (pure), given the records of the same row that it refers to by
    field; ``scoped`` says whether it carries ``org_id``;
    ``resolve(codes, *, at)`` finds records that are known by a code of their own instead of a source key. A noun that ``settle``s
    is given the records of its own row that refer to it as ``children`` when it is written, and is told afterwards
    of records to which other rows added something. ``aliases`` translate the fields that rules name to the noun's.
    """

    name: str
    about: str
    table: str
    fields: tuple[Field, ...]
    write: Write
    check: Check
    unique: tuple[Unique, ...] = ()
    scoped: bool = True
    rank: int
    resolve: Callable[..., dict[str, UUID]] | None = None
    settle: Settle | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    by_name: dict[str, Field] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})


def no_rules(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:
    """The check of a noun that has no rules beyond the types of its fields."""
    del values, around, at
    return ()


_nouns: dict[str, Noun] = {}


def declare_noun(noun: Noun) -> Noun:
    """Register ``noun``; a name is declared once in the whole house."""
    if noun.name in _nouns:
        raise ValueError(f"noun {noun.name} is declared twice")
    _nouns[noun.name] = noun
    return noun


def all_nouns() -> dict[str, Noun]:
    """Every declared noun by name, in the order in which they must be written (owners before what they own)."""
    return {n.name: n for n in sorted(_nouns.values(), key=lambda n: n.rank)}
