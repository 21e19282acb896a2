"""Suppliers' files: a chunk of rows is received by a few statements, each row that cannot be is explained.

What one row after another would do (``receive_item``), done at once; a chunk in which somebody else records the same number
at the same instant is taken row by row instead.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel, ConfigDict, ValidationError

from tongke.areas.resource.errors.stock import SerialTaken
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.models import Delivery, ItemModel, StockItem, StockPlace
from tongke.areas.resource.rules import serials
from tongke.areas.resource.rules import stock as rules
from tongke.areas.resource.rules.serials import ItemDraft
from tongke.areas.resource.services.receiving import ItemRow, delivery_of, item_of, receive_item_row, taken_numbers, write_items
from tongke.areas.resource.services.stock import MOVE, watch_levels
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import ChunkResult, RejectedRow, SourceRow
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect
from tongke.kernel.verb import verb

KIND = "resource.stock"
NUMBERS = ("serial", "imsi", "mac")


class FileRow(ItemRow):
    """A row of a supplier's file. Columns beyond these are not looked at."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Given:
    """A row that was read, with what it becomes."""

    source: SourceRow
    row: FileRow
    draft: ItemDraft
    model: ItemModel
    place: StockPlace


@dataclass(slots=True)
class Known:
    """What the rows of a chunk refer to by code."""

    models: dict[str, ItemModel] = field(default_factory=dict)
    places: dict[str, StockPlace] = field(default_factory=dict)


@verb(MOVE)
def receive_rows(rows: Sequence[SourceRow], *, by: Actor, at: datetime) -> ChunkResult:
    """Receive the items of some rows of a file and return what became of them; nothing that is wrong stops the rest."""
    result = ChunkResult(read=len(rows))
    known = _known(rows, by=by)
    given = [one for row in rows if (one := _read(row, known, result)) is not None]
    given = _fresh(given, result, by=by, at=at)
    try:
        with transaction.atomic():
            _receive(given, by=by, at=at)
    except SerialTaken:
        aside = receive_item_row.take([one.source for one in given], by=by, at=at)
        result.created += aside.created
        result.rejects.extend(aside.rejects)
        return result
    result.created += len(given)
    return result


def _known(rows: Sequence[SourceRow], *, by: Actor) -> Known:
    models = ItemModel.objects.filter(code__in={str(row.values.get("model", "")).strip() for row in rows})
    places = StockPlace.objects.filter(code__in={str(row.values.get("stock_place", "")).strip() for row in rows})
    return Known({one.code: one for one in models}, {one.code: one for one in places if by.sees(one.org_id)})


def _read(source: SourceRow, known: Known, result: ChunkResult) -> Given | None:
    """Return a row as it is received, or note why it cannot be."""
    try:
        row = FileRow.model_validate(source.values)
    except ValidationError as fault:
        result.rejects.extend(RejectedRow(row=source, column=".".join(map(str, e["loc"])), code="GEN-01", reason=e["msg"]) for e in fault.errors())
        return None
    place, model = known.places.get(row.stock_place), known.models.get(row.model)
    if place is None or model is None:
        column, value = ("stock_place", row.stock_place) if place is None else ("model", row.model)
        _reject(result, source, NotFound(field=column), value=value)
        return None
    draft = serials.cleaned(model.kind, ItemDraft(**{name: getattr(row, name) for name in ("serial", "imsi", "imei2", "mac", "eid", "activation_code")}))
    broken: list[Broken] = [*collect(
        (rules.place_is_open, {"place": place.name, "active": place.active}), (rules.model_is_bought, {"model": model.code, "active": model.active}),
    ), *serials.broken_in_item(model.kind, draft)]
    result.rejects.extend(RejectedRow(row=source, column=b.field, value=row.serial, code=b.code, reason=b.message, mend=b.advice) for b in broken)
    return None if broken else Given(source, row, draft, model, place)


def _reject(result: ChunkResult, source: SourceRow, refusal: Refused, *, value: str) -> None:
    result.rejects.append(RejectedRow(row=source, column=refusal.field, value=value, code=refusal.code, reason=refusal.message, mend=refusal.advice))


def _fresh(given: Sequence[Given], result: ChunkResult, *, by: Actor, at: datetime) -> list[Given]:
    """Return the rows whose numbers are new in the house and in the file; of two with one number the first is taken."""
    items = [item_of(one.draft, model=one.model, place=one.place, delivery=None, by=by, at=at) for one in given]
    taken = {column: set(taken_numbers(column, [item for item in items if getattr(item, column)])) for column in NUMBERS}
    seen: dict[str, set[tuple[str, str]]] = {column: set() for column in NUMBERS}
    fresh: list[Given] = []
    for one, item in zip(given, items, strict=True):
        clash = next((column for column in NUMBERS if (number := getattr(item, column)) and (
            number in taken[column] or (item.serial_kind if column == "serial" else "", number) in seen[column])), "")
        if clash:
            _reject(result, one.source, SerialTaken(serial=getattr(item, clash), field=clash), value=getattr(item, clash))
            continue
        for column in NUMBERS:
            seen[column].add((item.serial_kind if column == "serial" else "", getattr(item, column)))
        fresh.append(one)
    return fresh


def _receive(given: Sequence[Given], *, by: Actor, at: datetime) -> None:
    """Write the items with their deliveries and first moves, and announce what came: once a delivery and model."""
    deliveries: dict[tuple[UUID, str], Delivery] = {}
    for one in given:
        key = (one.place.id, one.row.delivery_no)
        if one.row.delivery_no and key not in deliveries:
            deliveries[key] = delivery_of(one.row.delivery_no, place=one.place, model=one.model, by=by, at=at)
    items: dict[str, list[StockItem]] = {}
    came: Counter[tuple[UUID, int, UUID, UUID]] = Counter()
    for one in given:
        delivery = deliveries.get((one.place.id, one.row.delivery_no))
        item = item_of(one.draft, model=one.model, place=one.place, delivery=delivery, by=by, at=at)
        items.setdefault(one.row.delivery_no, []).append(item)
        came[(delivery.id if delivery else one.place.id, one.place.org_id, one.place.id, one.model.id)] += 1
    for reference, some in items.items():
        write_items(some, reference=reference, by=by, at=at)
    watch_levels({(place, model) for _subject, _org, place, model in came}, by=by, at=at)
    for (subject, org_id, place, model), count in came.items():
        publish(events.StockReceived(subject_id=subject, org_id=org_id, stock_place_id=place, model_id=model, quantity=count), by=by, at=at)


class StockFile(BaseModel):
    """A supplier's file that was read: its name and its rows, values as text by column name."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str
    rows: list[Any]


@verb(MOVE)
def begin_stock_job(file: StockFile, *, dry_run: bool = False, by: Actor, at: datetime) -> UUID:
    """Note a file's work and return the job's id, under which its progress and rejects stand."""
    mark = hashlib.sha256(repr((file.name, [dict(row.values) for row in file.rows])).encode()).hexdigest()
    job = BulkJob.objects.create(
        id=uuid7(), kind=KIND, title=file.name[:200], fingerprint=mark, dry_run=dry_run, actor=by.name, staff_id=by.staff_id,
        org_id=by.base_org_id, total=len(file.rows), created_at=at, parameters={"file": file.name})
    return job.id


@verb(MOVE)
def stop_stock_job(*, job_id: UUID, by: Actor, at: datetime) -> None:
    """Let a job end after the rows that it is at; what is done stays done. One that waits is not begun. Raises ``NotFound``."""
    rows = BulkJob.objects.filter(id=job_id, kind=KIND)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    job = rows.select_for_update().first()
    if job is None:
        raise NotFound
    if job.state == "waiting":
        BulkJob.objects.filter(id=job.id).update(state="cancelled", ended_at=at)
    elif job.state == "running":
        BulkJob.objects.filter(id=job.id).update(state="cancelling")
