"""Transfers of stock between places: sent at one end, received at the other, differences settled by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.resource.errors.stock import ItemElsewhere, OtherEndSays, SecondPersonNeeded
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.models import StockItem, StockPlace, StockTransfer, StockTransferLine
from tongke.areas.resource.rules import stock as rules
from tongke.areas.resource.rules.serials import readings
from tongke.areas.resource.services.reservation_ends import lose_reservations
from tongke.areas.resource.services.stock import COUNT, MOVE, move_items, own_place
from tongke.areas.resource.states.stock import TRANSFER, TransferFinding, TransferState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb(MOVE)
def send_transfer(
    *, from_place_id: UUID, to_place_id: UUID, item_ids: Sequence[UUID], note: str = "", by: Actor, at: datetime
) -> UUID:
    """Send items that lie at one place to another, and return the transfer's id. Reserved ones travel with their order.

    Raises ``ItemElsewhere`` where one does not lie there; nothing is sent then.
    """
    places = {place.id: place for place in StockPlace.objects.filter(id__in=[from_place_id, to_place_id])}
    if len(places) != 2:
        raise NotFound
    start, end = own_place(from_place_id, by=by), places[to_place_id]
    wanted = list(dict.fromkeys(item_ids))
    require(collect((rules.is_a_quantity, {"count": len(wanted)}), (rules.place_is_open, {"place": end.name, "active": end.active})))
    transfer = StockTransfer.objects.create(
        id=uuid7(), org_id=start.org_id, to_org_id=end.org_id, number=sequence_number("ST", on=by.day(at)), from_place=start, to_place=end,
        quantity=len(wanted), note=note, sent_by=by.name, sent_at=at)
    moved = move_items(
        wanted, "send", also="stock_place_id = %(to)s, to_org_id = %(to_org)s, transfer_id = %(transfer)s", only="old.stock_place_id = %(from)s",
        facts={"to": end.id, "to_org": end.org_id, "transfer": transfer.id, "from": start.id}, reference=transfer.number, reason=note, by=by, at=at)
    StockTransferLine.objects.bulk_create(
        StockTransferLine(id=uuid7(), org_id=start.org_id, to_org_id=end.org_id, transfer=transfer, item_id=item.id, serial=item.serial) for item in moved)
    publish(events.StockSent(
        subject_id=transfer.id, org_id=start.org_id, number=transfer.number, from_place_id=start.id, to_place_id=end.id, quantity=len(moved)), by=by, at=at)
    return transfer.id


def _locked(transfer_id: UUID) -> StockTransfer:
    transfer = StockTransfer.objects.select_for_update(of=("self",)).filter(id=transfer_id).first()
    if transfer is None:
        raise NotFound
    return transfer


def _arrive(transfer: StockTransfer, items: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Take items in at the receiving end: they belong to its organisation now, and go on being reserved if they were."""
    reserved = set(StockItem.objects.filter(id__in=items, reservation__isnull=False).values_list("id", flat=True))
    also = "org_id = %(to_org)s, to_org_id = NULL, transfer_id = NULL, stock_place_id = %(to)s"
    facts = {"to_org": transfer.to_org_id, "to": transfer.to_place_id}
    for verb_, group in (("arrive_reserved", sorted(reserved)), ("arrive", sorted(set(items) - reserved))):
        if group:
            move_items(group, verb_, also=also, facts=facts, reference=transfer.number, by=by, at=at)


@verb(MOVE)
def receive_transfer(*, transfer_id: UUID, serials: Sequence[str], by: Actor, at: datetime) -> TransferState:
    """Receive what arrived, by serial, and return how it went. What is missing stays on its way until it is settled; what was
    not on the list is written down. Only the receiving organisation may receive.
    """
    transfer = _locked(transfer_id)
    if not by.sees(transfer.to_org_id):
        raise NotFound
    lines = list(StockTransferLine.objects.filter(transfer=transfer))
    listed = {line.serial for line in lines}
    seen = {next((serial for serial in ways if serial in listed), ways[0]) for given in serials if (ways := readings(given))}
    here = [line for line in lines if line.serial in seen]
    missing = [line for line in lines if line.serial not in seen]
    extra = sorted(seen - listed)
    TRANSFER.move(transfer, "receive_different" if missing or extra else "receive", by=by, at=at)
    transfer.received_by, transfer.received_at = by.name, at
    transfer.save(update_fields=["received_by", "received_at"])
    _arrive(transfer, [line.item_id for line in here if line.item_id], by=by, at=at)
    StockTransferLine.objects.filter(id__in=[line.id for line in here]).update(finding=TransferFinding.RECEIVED)
    StockTransferLine.objects.filter(id__in=[line.id for line in missing]).update(finding=TransferFinding.MISSING)
    known = dict(StockItem.objects.filter(serial__in=extra).values_list("serial", "id"))
    StockTransferLine.objects.bulk_create(
        StockTransferLine(
            id=uuid7(), org_id=transfer.org_id, to_org_id=transfer.to_org_id, transfer=transfer, item_id=known.get(serial), serial=serial[:40],
            finding=TransferFinding.EXTRA)
        for serial in extra)
    publish(events.StockArrived(
        subject_id=transfer.id, org_id=transfer.to_org_id, number=transfer.number, to_place_id=transfer.to_place_id, received=len(here),
        missing=len(missing), extra=len(extra)), by=by, at=at)
    return TransferState(transfer.state)


@verb(COUNT)
def settle_transfer(
    *, transfer_id: UUID, arrived: Sequence[str] = (), returned: Sequence[str] = (), reason: str, by: Actor, at: datetime
) -> int:
    """Settle the differences of a transfer: what ``arrived`` after all, what was found at the sender's (``returned``); the rest
    is lost. Returns how many are lost. Losses need somebody who neither sent nor received (``SecondPersonNeeded``); each end
    speaks of what it can know, the sender of what is lost (``OtherEndSays``).
    """
    transfer = _locked(transfer_id)
    require(collect((rules.is_explained, {"reason": reason})))
    missing = {line.serial: line for line in StockTransferLine.objects.filter(transfer=transfer, finding=TransferFinding.MISSING)}
    strangers = [serial for serial in (*arrived, *returned) if serial not in missing]
    if strangers:
        raise ItemElsewhere(count=len(strangers), serials=", ".join(strangers[:5]))
    if (arrived and not by.sees(transfer.to_org_id)) or (returned and not by.sees(transfer.org_id)):
        raise OtherEndSays
    lost = [line for serial, line in missing.items() if serial not in arrived and serial not in returned]
    if lost and not by.sees(transfer.org_id):
        raise OtherEndSays
    if lost and by.name in (transfer.sent_by, transfer.received_by):
        raise SecondPersonNeeded
    TRANSFER.move(transfer, "settle", by=by, at=at, reason=reason)
    transfer.settled_by, transfer.settled_at = by.name, at
    transfer.save(update_fields=["settled_by", "settled_at"])
    _arrive(transfer, [item for serial in dict.fromkeys(arrived) if (item := missing[serial].item_id)], by=by, at=at)
    back = [item for serial in dict.fromkeys(returned) if (item := missing[serial].item_id)]
    _return(transfer, back, reason=reason, by=by, at=at)
    give_up([line.item_id for line in lost if line.item_id], reference=transfer.number, reason=reason, by=by, at=at)
    end = transfer.org_id if by.sees(transfer.org_id) else transfer.to_org_id
    publish(events.TransferSettled(
        subject_id=transfer.id, org_id=end, number=transfer.number, returned=len(back), lost=len(lost)), by=by, at=at)
    return len(lost)


def _return(transfer: StockTransfer, items: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> None:
    """Put items that never left back on the sender's shelf."""
    reserved = set(StockItem.objects.filter(id__in=items, reservation__isnull=False).values_list("id", flat=True))
    also = "org_id = %(home)s, to_org_id = NULL, transfer_id = NULL, stock_place_id = %(from)s"
    facts = {"home": transfer.org_id, "from": transfer.from_place_id}
    for verb_, group in (("arrive_reserved", sorted(reserved)), ("arrive", sorted(set(items) - reserved))):
        if group:
            move_items(group, verb_, also=also, facts=facts, reference=transfer.number, reason=reason, by=by, at=at)


def give_up(
    items: Sequence[UUID], *, only: str = "", facts: dict[str, Any] | None = None, reference: str, reason: str, by: Actor, at: datetime
) -> None:
    """Write items off as lost, as long as ``only`` still holds of them (see ``move_items``); orders that had reserved them are told."""
    held = list(StockItem.objects.filter(id__in=items, reservation__isnull=False).values_list("reservation_id", flat=True).distinct())
    lose_reservations([ident for ident in held if ident], reason=reason, by=by, at=at)
    if items:
        also = "to_org_id = NULL, transfer_id = NULL"
        move_items(sorted(items), "lose", also=also, only=only, facts=facts, reference=reference, reason=reason, by=by, at=at)
