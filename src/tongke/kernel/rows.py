"""What a room lets other floors read: a relation with named, typed columns, as SQL.

A room declares ``Rows`` among its queries; a channel asks for columns by name and never writes a table's name.
Scope is row-level security's; masks stand in ``shown`` and are taken by the database, by who stands on the connection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "uuid", "integer", "number", "boolean", "instant", "day", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``sql`` is its value; ``shown`` what leaves the house where that is another (a mask).

    ``personal`` names the kind of personal data (``tongke.kernel.actor.PERSONAL_KINDS``) that ``sql`` holds bare.
    """

    sql: str
    kind: Kind = "text"
    personal: str = ""
    shown: str = ""

    @property
    def outward(self) -> str:
        """The expression that may leave the house."""
        return self.shown or self.sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """An index (org, sql, tie) along which a list is walked in the order of a column.

    ``opposed`` says that the tie-breaker runs the other way than the column in the index.
    """

    org: str
    sql: str
    tie: str
    opposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A relation: ``source`` is what follows FROM (aliases unique in the house), ``key`` its primary key's expression,
    ``org`` the organisation's.

    Lists sorted by a column of ``walks`` are walked along its index, never sorted whole; the first is the order of a list
    that asks for none. ``where`` narrows the relation for good. Where ``core`` names the table that alone decides how many
    rows there are, statements that say nothing of the aliases ``joined`` to it leave those out. ``tally`` is a table that keeps running counts by
    organisation and the columns ``tallied`` (``kernel.schema.tallied``). ``locks`` are the tables of which one holds
    the row of a key, where the relation is made of several; ``ahead`` is a statement over the key that locks what every
    verb locks before the row itself. A ``computed`` relation has no rows that could be locked: its verbs lock what they change.
    """

    source: str
    columns: Mapping[str, Column]
    key: str = "t.id"
    org: str = "t.org_id"
    where: str = ""
    core: str = ""
    joined: tuple[str, ...] = ()
    walks: Mapping[str, Walk] = field(default_factory=dict)
    tally: str = ""
    tallied: tuple[str, ...] = field(default=())
    locks: tuple[str, ...] = field(default=())
    ahead: str = ""
    computed: bool = False

    def needed(self, *texts: str) -> str:
        """Return what must stand behind FROM for expressions that are ``texts``."""
        if self.core and not any(re.search(rf"\b{alias}\.", text) for alias in self.joined for text in texts):
            return self.core
        return self.source

    def column(self, name: str) -> Column:
        """Return a column by name; raises ``KeyError`` where the room does not offer it."""
        return self.columns[name]


def text(sql: str, *, personal: str = "", shown: str = "") -> Column:
    """Return a column of text."""
    return Column(sql=sql, personal=personal, shown=shown)


def key(sql: str) -> Column:
    """Return a column that holds the id of a row."""
    return Column(sql=sql, kind="uuid")


def instant(sql: str) -> Column:
    """Return a column of an instant."""
    return Column(sql=sql, kind="instant")


def day(sql: str, *, personal: str = "", shown: str = "") -> Column:
    """Return a column of a day."""
    return Column(sql=sql, kind="day", personal=personal, shown=shown)


def integer(sql: str) -> Column:
    """Return a column of a whole number."""
    return Column(sql=sql, kind="integer")


def number(sql: str) -> Column:
    """Return a column of a decimal number, money among them."""
    return Column(sql=sql, kind="number")


def boolean(sql: str) -> Column:
    """Return a column of yes or no."""
    return Column(sql=sql, kind="boolean")


def json(sql: str) -> Column:
    """Return a column that holds JSON."""
    return Column(sql=sql, kind="json")
