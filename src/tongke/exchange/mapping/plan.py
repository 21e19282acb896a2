"""From a mapping and the columns that the files really have to plans that turn rows into typed records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tongke.exchange.faults import CHOICE, DECIMALS, EMPTY, LONG, TYPE, UNMAPPED, RowFault, fault
from tongke.exchange.mapping.lines import Path
from tongke.exchange.mapping.load import LoadedMapping
from tongke.exchange.mapping.model import AnyValue, Condition, Flow, Record, Value
from tongke.exchange.mapping.types import CONVERT, Untaken
from tongke.exchange.mapping.values import Cells, Compute, NoSuchColumn, Unmapped, columns_of, compile_condition, compile_value
from tongke.kernel.bulk import Field, Noun, all_nouns

_value: TypeAdapter[Value] = TypeAdapter(AnyValue)
Problems = list[tuple[Path, str]]


@dataclass(slots=True)
class MappedRecord:
    """One record of one row: its plan, its key in the source, its typed values, their digest, and the keys of the
    records that it refers to, by field.
    """

    plan: RecordPlan
    key: str
    values: dict[str, Any]
    digest: bytes
    references: dict[str, str]


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field is filled: ``compute`` gives text, ``convert`` the typed value, ``column`` is to blame."""

    field: Field
    compute: Compute | None
    convert: Callable[[str], Any]
    column: str
    parts: tuple[tuple[str, Compute], ...] = ()
    choices: frozenset[str] = frozenset()

    def value(self, cells: Cells) -> Any:
        """Return the typed value; raises ``RowProblem``."""
        if self.compute is None:
            return {name: self._typed(text) for name, compute in self.parts if (text := self._text(compute, cells)) is not None}
        text = self._text(self.compute, cells)
        if text is None:
            if self.field.required:
                raise RowProblem(fault(EMPTY, column=self.column, field=self.field.name))
            return self.field.default
        return self._typed(text)

    def _text(self, compute: Compute, cells: Cells) -> str | None:
        try:
            return compute(cells)
        except Unmapped as unmapped:
            raise RowProblem(fault(UNMAPPED, column=self.column, value=unmapped.args[0], field=self.field.name)) from None
        except Untaken as refusal:
            raise RowProblem(fault(TYPE, column=self.column, field=self.field.name, expected=refusal.args[0])) from None

    def _typed(self, text: str) -> Any:
        if self.choices:
            if text not in self.choices:
                raise RowProblem(fault(CHOICE, column=self.column, value=text, field=self.field.name, choices=", ".join(sorted(self.choices))))
            return text
        if self.field.length_max and len(text) > self.field.length_max:
            raise RowProblem(fault(LONG, column=self.column, value=text[:80], field=self.field.name, most=self.field.length_max))
        try:
            value = self.convert(text)
        except Untaken as refusal:
            raise RowProblem(fault(TYPE, column=self.column, value=text[:80], field=self.field.name, expected=refusal.args[0])) from None
        if type(value) is Decimal and value.as_tuple().exponent < -2 and value != round(value, 2):  # type: ignore[operator]  # finite by its form
            raise RowProblem(fault(DECIMALS, column=self.column, value=text[:80], field=self.field.name))
        return value


class RowProblem(ValueError):
    """A row cannot become this record; ``fault`` says why."""

    def __init__(self, found: RowFault) -> None:
        super().__init__(found.reason)
        self.fault = found


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """How one record is made from a row."""

    noun: Noun
    key: Compute
    when: tuple[Callable[[Cells], bool], ...]
    fields: tuple[FieldPlan, ...]
    references: tuple[tuple[str, str], ...]
    defaults: dict[str, Any]
    path: Path
    columns: dict[str, str] = field(default_factory=dict)

    def make(self, cells: Cells, problems: list[RowFault]) -> MappedRecord | None:
        """Return the record, or nothing where its condition does not hold; what is wrong goes to ``problems``."""
        for holds in self.when:
            if not holds(cells):
                return None
        key = self.key(cells)
        values: dict[str, Any] = {}
        for plan in self.fields:
            try:
                values[plan.field.name] = plan.value(cells)
            except RowProblem as problem:
                problems.append(problem.fault)
        if not key:
            problems.append(fault(EMPTY, field=f"{self.noun.name}.key"))
            return None
        digest = hashlib.blake2b(repr(list(values.items())).encode(), digest_size=16).digest()
        return MappedRecord(self, key[:120], values, digest, {})


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """How the rows of one flow become records. ``columns`` are the cells of a joined row, in order."""

    flow: Flow
    columns: tuple[str, ...]
    key: tuple[int, ...]
    org: Compute | None
    records: tuple[RecordPlan, ...]


def plan_flows(loaded: LoadedMapping, headers: Mapping[str, Sequence[str]]) -> list[FlowPlan]:
    """Check the mapping against the files' columns and the nouns; raises ``MappingWrong`` with every mistake."""
    problems: Problems = []
    plans = [
        _plan_flow(loaded, flow, ("flow", place), headers, problems) for place, flow in enumerate(loaded.mapping.flow)
        if flow.source in headers or flow.source not in loaded.mapping.sources  # a source that was not given is not loaded
    ]
    for name, total in loaded.mapping.sums.items():
        noun, column = total.loaded.split(".")
        known = all_nouns().get(noun)
        if known is None or column not in known.by_name or known.by_name[column].type not in ("decimal", "integer"):
            problems.append((("sums", name, "loaded"), f"{total.loaded} is no number of a record"))
    if problems:
        raise loaded.wrong(*problems)
    return plans


def joined_columns(flow: Flow, headers: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the names of a joined row's cells: the base's own, then ``source:column`` of each joined source."""
    return (*headers.get(flow.source, ()), *(f"{j.source}:{c}" for j in flow.join for c in headers.get(j.source, ())))


def _plan_flow(loaded: LoadedMapping, flow: Flow, path: Path, headers: Mapping[str, Sequence[str]], problems: Problems) -> FlowPlan:
    for name, where in [(flow.source, "from"), *((j.source, "join") for j in flow.join)]:
        if name not in loaded.mapping.sources:
            problems.append(((*path, where), f"there is no [sources.{name}]"))
    columns = joined_columns(flow, headers)
    places = {name: place for place, name in enumerate(columns)}
    places |= {f"{flow.source}:{name}": places[name] for name in headers.get(flow.source, ())}
    for name in flow.key:
        if name not in places:
            problems.append(((*path, "key"), f"there is no column {name}"))
    planner = _Planner(places, loaded.mapping.mapping.as_of, problems)
    records = []
    for place, record in enumerate(flow.record):
        for each in record.each or ("",):
            made = planner.record(_with_each(record, each), (*path, "record", place))
            if made is not None:
                records.append(made)
    org = planner.compiled(flow.org, (*path, "org")) if flow.org is not None else None
    return FlowPlan(flow, columns, tuple(places[n] for n in flow.key if n in places), org, tuple(records))


def _with_each(record: Record, each: str) -> Record:
    """Replace ``$each`` in every text of the record."""
    if not each:
        return record

    def put(node: Any) -> Any:
        if isinstance(node, str):
            return node.replace("$each", each)
        if isinstance(node, dict):
            return {put(k): put(v) for k, v in node.items()}
        return [put(n) for n in node] if isinstance(node, list | tuple) else node

    return Record.model_validate(put(record.model_dump(by_alias=True, exclude_unset=True)))


@dataclass(frozen=True, slots=True)
class _Planner:
    """Compiles records against known columns, collecting problems."""

    places: dict[str, int]
    as_of: date | None
    problems: Problems

    def compiled(self, value: Value, path: Path) -> Compute:
        """Compile a value; a mistake is noted and an empty value stands in."""
        if value.before_as_of and self.as_of is None:
            self.problems.append((path, "before_as_of needs mapping.as_of, the day of the file"))
        try:
            return compile_value(value, self.places, self.as_of)
        except NoSuchColumn as missing:
            self.problems.append((path, f"there is no column {missing}"))
        except ArithmeticError:
            self.problems.append((path, f"times = {value.times!r} is no number"))
        return lambda _cells: None

    def record(self, record: Record, path: Path) -> RecordPlan | None:
        """Compile one record; mistakes are noted."""
        noun = all_nouns().get(record.noun)
        if noun is None:
            self.problems.append(((*path, "noun"), f"unknown noun {record.noun}; known: {', '.join(all_nouns())}"))
            return None
        fields = [plan for name, given in record.fields.items() if (plan := self._field(noun, name, given, (*path, "set", name))) is not None]
        given = {plan.field.name for plan in fields}
        for wanted in noun.fields:
            if wanted.required and wanted.name not in given:
                if wanted.type == "reference":  # belongs to the record that has the same key
                    fields.append(FieldPlan(wanted, self.compiled(record.key, (*path, "key")), CONVERT["text"], _first_column(record.key)))
                    given.add(wanted.name)
                else:
                    self.problems.append(((*path, "set"), f"{noun.name} needs {wanted.name} ({wanted.about})"))
        return RecordPlan(
            noun=noun, key=self.compiled(record.key, (*path, "key")), path=path, fields=tuple(fields),
            when=tuple(self._condition(c, (*path, "when")) for c in record.when),
            references=tuple((plan.field.name, plan.field.noun) for plan in fields if plan.field.type == "reference"),
            defaults={f.name: f.default for f in noun.fields if f.name not in given and f.type != "reference"},
            columns={plan.field.name: plan.column for plan in fields},
        )

    def _condition(self, condition: Condition, path: Path) -> Callable[[Cells], bool]:
        self.compiled(condition.value, path)
        try:
            return compile_condition(condition, self.places, self.as_of)
        except NoSuchColumn:
            return lambda _cells: False  # noted above

    def _field(self, noun: Noun, name: str, given: Any, path: Path) -> FieldPlan | None:
        spec = noun.by_name.get(name)
        if spec is None:
            self.problems.append((path, f"{noun.name} has no field {name}; it has {', '.join(noun.by_name)}"))
            return None
        if spec.type == "object":
            return self._object(spec, given, path)
        value = self._parsed(given, path)
        if value is None:
            return None
        if spec.choices:
            for text in (*(str(v) for v in value.map.values()), *([value.value] if not columns_of(value.value) and not value.map else [])):
                if text and text not in spec.choices:
                    self.problems.append((path, f"{text!r} is none of {', '.join(spec.choices)}"))
        return FieldPlan(spec, self.compiled(value, path), CONVERT[spec.type], _first_column(value), choices=frozenset(c for c in spec.choices if c))

    def _object(self, spec: Field, given: Any, path: Path) -> FieldPlan | None:
        if not isinstance(given, dict):
            self.problems.append((path, "a table of name = value is expected"))
            return None
        parts = []
        for name, text in given.items():
            value = self._parsed(text, (*path, name))
            if value is not None:
                parts.append((name, self.compiled(value, (*path, name))))
        return FieldPlan(spec, None, CONVERT[spec.items], ", ".join(given)[:120], parts=tuple(parts))

    def _parsed(self, given: Any, path: Path) -> Value | None:
        try:
            return _value.validate_python(given)
        except ValidationError as mistakes:
            self.problems.extend(((*path, *(p for p in e["loc"] if not str(p).startswith("function-"))), e["msg"]) for e in mistakes.errors())
            return None


def _first_column(value: Value) -> str:
    found = columns_of(value.value)
    return found[0] if found else ""
