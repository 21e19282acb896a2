"""The mapping file as pydantic models: what may stand where, with sentences for what may not."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

ColumnType = Literal["text", "integer", "decimal", "date", "datetime", "boolean"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Strict(BaseModel):
    """A table of the mapping: unknown keys are mistakes, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """One column's type. ``required``: an empty cell is a fault of the row. ``format``: how dates are written
    (``%d/%m/%Y``). ``blank``: texts that mean empty. ``values``: the only texts allowed.
    """

    type: ColumnType = "text"
    required: bool = False
    format: str = ""
    blank: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def _short_column(given: Any) -> Any:
    """``"integer!"`` is short for ``{ type = "integer", required = true }``."""
    if isinstance(given, str):
        return {"type": given.removesuffix("!"), "required": given.endswith("!")}
    return given


class Source(Strict):
    """One file: patterns of its name, how it is read if that is not to be found out, and its columns."""

    files: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: Annotated[str, StringConstraints(max_length=1)] = ""
    sheet: str = ""
    columns: dict[str, Annotated[Column, BeforeValidator(_short_column)]] = {}


class Split(Strict):
    """Cut a text at ``by`` and take piece ``take`` (from 0; negative from the end)."""

    by: Annotated[str, StringConstraints(min_length=1)]
    take: int = 0


class Value(Strict):
    """One value: a template with steps. The steps run in this order: blank, split, part, replace, case, map, date, times,
    round, before_as_of, default.
    """

    value: str
    blank: tuple[str, ...] = ()
    split: Split | None = None
    part: tuple[int, int] | None = None
    case: Literal["upper", "lower", "title", ""] = ""
    replace: dict[str, str] = {}
    map: dict[str, str | int | float | bool] = {}
    otherwise: str | None = Field(default=None, alias="else")
    date: str = ""
    times: str = ""
    round: Annotated[int, Field(ge=0, le=6)] | None = None
    before_as_of: Literal["days", "months", "years", ""] = ""
    default: str | int | float | bool | None = None


def _short_value(given: Any) -> Any:
    """A bare text is a template, a bare number or truth value a constant."""
    if isinstance(given, bool):
        return {"value": "true" if given else "false"}
    if isinstance(given, int | float | date):
        return {"value": str(given)}
    return {"value": given} if isinstance(given, str) else given


AnyValue = Annotated[Value, BeforeValidator(_short_value)]


class Condition(Strict):
    """Holds where the value ``is``, is ``in``, ``is_not``, or is ``filled``; several in a list must all hold."""

    value: AnyValue
    equals: str | None = Field(default=None, alias="is")
    equals_not: str | None = Field(default=None, alias="is_not")
    among: tuple[str, ...] = Field(default=(), alias="in")
    filled: bool | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Condition:
        if self.equals is None and self.equals_not is None and not self.among and self.filled is None:
            raise ValueError("a condition needs one of: is, is_not, in, filled")
        return self


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


def _is_object(given: Any) -> bool:
    return isinstance(given, dict) and "value" not in given


class Record(Strict):
    """One record that a row gives: its noun, its key in the source system, when, and its fields.
    ``each`` repeats the record for every listed text, which stands for ``$each`` in all others.
    """

    noun: str
    key: AnyValue
    when: Annotated[tuple[Condition, ...], BeforeValidator(_listed)] = ()
    each: tuple[str, ...] = ()
    fields: dict[str, Any] = Field(default={}, alias="set")


class Join(Strict):
    """Rows of another source that belong to this one: ``on`` is their common column or {this = that}."""

    source: Name
    on: str | dict[str, str]
    required: bool = False


class Flow(Strict):
    """The rows of one source, joined with others, become records."""

    source: Name = Field(alias="from")
    key: tuple[str, ...] = ()
    join: tuple[Join, ...] = ()
    org: AnyValue | None = None
    record: tuple[Record, ...]


class Sum(Strict):
    """A sum that must be the same in the file and in the database: ``column`` of ``flow`` against ``loaded``
    (``noun.field``) over the records of this import.
    """

    column: str
    loaded: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
    source: str = ""


class Head(Strict):
    """What the mapping is. ``source`` names the system that the keys belong to; ``as_of`` is the day of the file.
    ``ignore`` are patterns of files that come along and are not loaded.
    """

    @property
    def shown(self) -> str:
        """The title in the active language."""
        return self.title_zh if self.title_zh and not (get_language() or "").startswith("en") else self.title

    name: Name
    title: str
    title_zh: str = ""
    source: Name
    as_of: date | None = None
    org: int | None = None
    ignore: tuple[str, ...] = ()


class Offering(Strict):
    """An offering that the files refer to; taken in where its code is not known yet."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    monthly_fee: str = "0"
    currency: str = "CNY"


class Mapping(Strict):
    """A whole mapping file."""

    mapping: Head
    sources: dict[Name, Source]
    offering: tuple[Offering, ...] = ()
    flow: tuple[Flow, ...]
    sums: dict[str, Sum] = {}
