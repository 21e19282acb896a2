"""The words in which an Open API is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.kernel.outbox import Event
from tongke.kernel.rows import Rows
from tongke.tmf.kit.mapping import Node
from tongke.tmf.kit.shapes import Shape

# In the classes below the word type is an attribute's.
ShapeClass: TypeAlias = type[Shape]
EventClass: TypeAlias = type[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of ours as the official one ``type``; ``key`` is the field that holds the document's id, ``record`` reads it
    out of the payload where no field holds it alone.

    ``when`` tells by the event's payload whether it is told as this type; ``removes`` says that the document is gone.
    """

    event: EventClass
    type: str
    key: str = "subject_id"
    record: Callable[[Mapping[str, Any]], str] | None = None
    when: Callable[[Mapping[str, Any]], bool] | None = None
    removes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A checked wish to change a document: as it was, as it shall be, and the first-level attributes that differ."""

    before: Any
    after: Any
    changed: frozenset[str]


Create = Callable[..., UUID]  # create(document, *, by, at) -> the new record's id
Alter = Callable[..., None]  # change(record_id, change, *, by, at)
Remove = Callable[..., None]  # remove(record_id, *, by, at)
Seek = Callable[[Sequence[str]], tuple[str, list[Any]]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """One official resource.

    ``attributes`` maps first-level attributes to columns; attributes of ``document`` that are not mapped are kept
    beside the record and given back. ``server_set`` may never be sent, ``fixed`` only when creating.
    ``view``, ``may_create``, ``may_change``, ``may_remove`` are permission codes; the verbs ask for their own besides.
    ``seeks`` answer an equality on a dotted path by an index that the tree of nodes would not find.
    ``personal`` names, for attributes that are kept beside the record, the kind of personal data that they hold: who may
    not see it is not given them. ``tally_where`` is ``where`` over the tally's columns (alias ``t``).
    ``dialect`` is an SQL function that turns what was kept by another version of the API into this one's form.
    ``customer`` names the column that holds the id of the customer whose personal data the document shows.
    ``example`` is a document that could be sent to create one, for the API's description. ``at_once`` names the attribute by
    which a sender asks to be answered with 200 and the outcome, rather than with 201 and a task.
    ``within`` is the path before the resource's own name where it lies within another; ``narrowed`` the column of ids that the
    place in that path names.
    """

    name: str
    type: str
    document: ShapeClass
    rows: Rows
    attributes: Mapping[str, Node]
    view: str
    about: str
    create: Create | None = None
    change: Alter | None = None
    remove: Remove | None = None
    may_create: str = ""
    may_change: str = ""
    may_remove: str = ""
    server_set: frozenset[str] = frozenset({"id", "href"})
    fixed: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    seeks: Mapping[str, Seek] = field(default_factory=dict)
    customer: str = ""
    kept: bool = False
    within: str = ""
    narrowed: str = ""
    where: str = ""
    tally_where: str = ""
    dialect: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ("GET", "POST", "PATCH", "DELETE")
    store: str = ""
    start_state: str = ""
    moves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state_attribute: str = "status"
    at_once: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored_as(self) -> str:
        """The word under which what goes beyond our columns is kept: versions of one API share it."""
        return self.store or self.name

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions of which its operations ask for one or the other."""
        return tuple(dict.fromkeys(code for code in (self.view, self.may_create, self.may_change, self.may_remove) if code))

    @cached_property
    def schema_names(self) -> dict[str, str]:
        """Official name of every first-level attribute, to the field's own."""
        return {info.alias or name: name for name, info in self.document.model_fields.items()}

    @cached_property
    def mapped(self) -> frozenset[str]:
        """First-level attributes that come from columns."""
        return frozenset(self.attributes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Api:
    """One Open API in one version: ``base`` is its name in the address, ``aliases`` further roots that officials use."""

    number: str
    version: str
    base: str
    title: str
    resources: tuple[Resource, ...]
    aliases: tuple[str, ...] = ()
    about: str = ""

    @property
    def root(self) -> str:
        """The address below the host, without slashes at the ends."""
        return f"tmf-api/{self.base}/{self.version}"

    @property
    def roots(self) -> tuple[str, ...]:
        """Every address at which the API answers, the first being the one in hrefs."""
        return (self.root, *self.aliases)

    def resource(self, name: str) -> Resource:
        """Return the resource of that name; raises ``KeyError``."""
        return next(r for r in self.resources if r.name == name)


Clock = Callable[[], datetime]
Who = Actor
