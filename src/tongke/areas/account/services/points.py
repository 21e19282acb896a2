"""Points: earned in lots that expire, redeemed first-expiring first, given back to the very lots they came from (T37, X21).

Every booking has a key of the caller's (a bill, an order) and may be repeated. All bookings of one customer take turns: each locks
the customer's points account. There is no balance but the sum of the lots, and no lot but the sum of its moves. Whoever locks
several accounts does it in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tongke.areas.account import events, rules
from tongke.areas.account.models import PointsAccount, PointsLot, PointsMove
from tongke.areas.account.queries import points as reads
from tongke.areas.account.states import PointsMoveKind
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

SWEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a reversal did: ``points`` went back to their lots, of which ``expired`` had run out and lapsed at once, and
    ``cancelled`` had been earned in error and were taken back at once.
    """

    points: int
    expired: int
    cancelled: int


@verb("account.points")
def earn_points(
    *, customer_id: UUID, points: int, source: str, key: str, reference: str = "", reason: str = "", by: Actor, at: datetime,
) -> UUID:
    """Book points as a new lot of the customer and return its id; the same ``key`` again gives the same lot.

    Debt does not keep from earning. Raises ``RulesBroken`` (ACC-08, ACC-50, ACC-55, ACC-57), ``NotFound``.
    """
    customer = parties.customer_brief(customer_id, lock=True)
    require(collect(
        (rules.customer_may_have_accounts, {"state": customer.state}), (rules.points_can_be, {"points": points}),
        (rules.points_have_reason, {"source": source, "reason": reason}),
    ))
    account = opened_points(customer.id, customer.org_id, at=at)
    known = PointsLot.objects.filter(account=account, key=key).first()
    if known is not None:
        require(collect((rules.points_key_is_same, {"key": key, "points": points, "booked": known.earned})))
        return known.id
    life = reads.points_figures(account.org_id, at=at).life_months
    lot = PointsLot.objects.create(
        org_id=account.org_id, account=account, origin_id=account.id, key=key, source=source, reference=reference, earned=points, rest=points,
        earned_at=at, expires_on=rules.points_expire_on(reads.local_day(account.org_id, at=at), life),
    )
    _book([(lot, points)], PointsMoveKind.EARN, key, reason=reason, by=by, at=at)
    publish(events.PointsEarned(
        subject_id=account.id, customer_id=customer.id, org_id=account.org_id, lot_id=lot.id, points=points, source=source,
        expires_on=lot.expires_on,
    ), by=by, at=at)
    return lot.id


@verb("account.points")
def redeem_points(*, customer_id: UUID, points: int, key: str, reason: str = "", by: Actor, at: datetime) -> dict[UUID, int]:
    """Take points from the customer's lots, first-expiring first; returns how many each lot gave. The same ``key`` again does nothing more.

    Raises ``RulesBroken``: ACC-50, ACC-51 (too few), ACC-52 (frozen by debt), ACC-53 (too few at once), ACC-55, ACC-59 (given back
    since); ``NotFound``.
    """
    account = _locked_of(customer_id)
    booked = _booked(account, PointsMoveKind.USE, key)
    if booked:
        taken = {move.lot_id: -move.points for move in booked}
        require(collect(
            (rules.points_key_is_same, {"key": key, "points": points, "booked": sum(taken.values())}),
            (rules.points_stay_redeemed, {"key": key, "returned": bool(_booked(account, PointsMoveKind.RETURN, key))}),
        ))
        return taken
    figures = reads.points_figures(account.org_id, at=at)
    _expire([account.id], on=reads.local_day(account.org_id, at=at), by=by, at=at)
    lots = list(PointsLot.objects.filter(account=account, rest__gt=0).order_by("expires_on", "id"))
    require(collect(
        (rules.points_can_be, {"points": points}), (rules.points_suffice, {"points": points, "usable": sum(lot.rest for lot in lots)}),
        (rules.points_are_not_frozen, {"owed": reads.owed_by(customer_id), "owed_max": figures.owed_max}),
        (rules.points_reach_least, {"points": points, "redeem_min": figures.redeem_min}),
    ))
    parts = rules.first_expiring([(lot, lot.rest) for lot in lots], points)
    for lot, part in parts:
        lot.rest -= part
    PointsLot.objects.bulk_update([lot for lot, _part in parts], ["rest"])
    _book([(lot, -part) for lot, part in parts], PointsMoveKind.USE, key, reason=reason, by=by, at=at)
    publish(events.PointsRedeemed(subject_id=account.id, customer_id=customer_id, org_id=account.org_id, key=key, points=points), by=by, at=at)
    return {lot.id: part for lot, part in parts}


@verb("account.points")
def give_back_points(*, customer_id: UUID, key: str, reason: str = "", by: Actor, at: datetime) -> GivenBack:
    """Take back the redemption of ``key``: its points go to the very lots they came from, whoever has them since a merge was taken
    back, and keep their expiry; what has expired meanwhile lapses at once, what was earned in error does not come back. Done again
    it does nothing more. Raises ``RulesBroken`` (ACC-54), ``NotFound``.
    """
    account = _locked_with_lots(customer_id, key)
    used = _booked(account, PointsMoveKind.USE, key)
    require(collect((rules.points_were_redeemed, {"key": key, "found": bool(used)})))
    returned = _booked(account, PointsMoveKind.RETURN, key)
    # Told again, it tells what happened then.
    when = returned[0].booked_at if returned else at
    today = reads.local_day(account.org_id, at=when)
    void = [move for move in used if move.lot.cancelled_at is not None and move.lot.cancelled_at <= when]
    valid = [move for move in used if move not in void]
    back = GivenBack(-sum(m.points for m in used), -sum(m.points for m in valid if m.lot.expires_on <= today), -sum(m.points for m in void))
    if returned:
        return back
    for move in valid:
        move.lot.rest -= move.points
    PointsLot.objects.bulk_update([move.lot for move in valid], ["rest"])
    _book([(move.lot, -move.points) for move in used], PointsMoveKind.RETURN, key, account=used[0].account_id, reason=reason, by=by, at=at)
    _book([(move.lot, move.points) for move in void], PointsMoveKind.CANCEL, f"cancel {uuid7()}", reason=reason, by=by, at=at)
    _expire({move.lot.account_id for move in used}, on=today, by=by, at=at)
    publish(events.PointsGivenBack(
        subject_id=account.id, customer_id=customer_id, org_id=account.org_id, key=key, points=back.points, expired=back.expired,
        cancelled=back.cancelled), by=by, at=at)
    return back


@verb("account.points")
def cancel_earned_points(*, customer_id: UUID, key: str, reason: str, by: Actor, at: datetime) -> int:
    """Take back what was earned under ``key`` (a payment that was reversed); returns how many of those points are redeemed and so
    missing: they are not taken from other lots, and where the redemption is given back they are taken back then. Done again it does
    nothing more. Raises ``NotFound``.
    """
    account = _locked_of(customer_id)
    lot = PointsLot.objects.filter(account=account, key=key).first()
    if lot is None:
        raise NotFound(field="key")
    missing = reads.missing_in(lot.id)
    if lot.cancelled_at is not None:
        return missing
    taken, lot.rest, lot.cancelled_at = lot.rest, 0, at
    lot.save(update_fields=["rest", "cancelled_at"])
    _book([(lot, -taken)] if taken else [], PointsMoveKind.CANCEL, key, reason=reason, by=by, at=at)
    publish(events.PointsCancelled(
        subject_id=account.id, customer_id=customer_id, org_id=account.org_id, lot_id=lot.id, key=key, points=taken, missing=missing), by=by, at=at)
    return missing


@verb("account.points")
def expire_points(*, limit: int = SWEPT_AT_ONCE, by: Actor, at: datetime) -> int:
    """Let lots of the actor's scope lapse whose time is over, those of ``limit`` customers at once; returns how many points.

    For the schedule, which calls until 0 are left: each call stands by itself, so one that is broken off loses nothing. A lot is
    over when its day has begun in every organisation.
    """
    on = reads.day_everywhere(at=at)
    due = PointsLot.objects.filter(rest__gt=0, expires_on__lte=on).values_list("account_id", flat=True).distinct()
    accounts = list(PointsAccount.objects.select_for_update(of=("self",)).filter(
        id__in=sorted(due[:limit])).order_by("id").values_list("id", flat=True))
    return _expire(accounts, on=on, by=by, at=at)


def opened_points(customer_id: UUID, org_id: int, *, at: datetime) -> PointsAccount:
    """Return the customer's points account, opened where there is none, locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO account_points_account (id, org_id, customer_id, opened_at) VALUES (%s, %s, %s, %s) ON CONFLICT (customer_id) DO NOTHING",
            [uuid7(), org_id, customer_id, at],
        )
    return _locked_of(customer_id)


def _locked_of(customer_id: UUID) -> PointsAccount:
    account = PointsAccount.objects.select_for_update(of=("self",)).filter(customer_id=customer_id).first()
    if account is None:
        raise NotFound(field="customer_id")
    return account


def _locked_with_lots(customer_id: UUID, key: str) -> PointsAccount:
    """The customer's points account, locked together with those that have the lots of its redemption ``key`` now."""
    account = PointsAccount.objects.filter(customer_id=customer_id).first()
    if account is None:
        raise NotFound(field="customer_id")
    locked: set[UUID] = set()
    # A merge may move a lot until its account is locked: then once more.
    while not (wanted := {account.id, *(move.lot.account_id for move in _booked(account, PointsMoveKind.USE, key))}) <= locked:
        locked = set(PointsAccount.objects.select_for_update(of=("self",)).filter(id__in=wanted).order_by("id").values_list("id", flat=True))
    return account


def _booked(account: PointsAccount, kind: str, key: str) -> list[PointsMove]:
    """The whole booking under a key: one of the account's own, or one that another account brought along in a merge."""
    moves = PointsMove.objects.filter(kind=kind, key=key)
    whose = moves.filter(Q(account=account) | Q(lot__account=account)).values("account_id")
    return list(moves.filter(account_id__in=whose).select_related("lot").order_by("id"))


def _book(
    parts: Iterable[tuple[PointsLot, int]], kind: str, key: str, *, account: UUID | None = None, reason: str = "", by: Actor, at: datetime,
) -> None:
    """Write moves, for the account that has the lots unless another is named."""
    PointsMove.objects.bulk_create([
        PointsMove(
            org_id=lot.org_id, lot=lot, account_id=account or lot.account_id, kind=kind, points=points, key=key, reason=reason.strip(),
            booked_by=by.name, booked_at=at,
        ) for lot, points in parts
    ])


def _expire(account_ids: Iterable[UUID], *, on: date, by: Actor, at: datetime) -> int:
    """Let lots of locked accounts lapse that are over on a day; a lot may lapse again after points came back to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (SELECT id, org_id, account_id, rest FROM account_points_lot WHERE account_id = ANY (%s) AND rest > 0 AND expires_on <= %s FOR UPDATE),"
            " gone AS (UPDATE account_points_lot l SET rest = 0 FROM due WHERE l.id = due.id)"
            " INSERT INTO account_points_move (id, org_id, lot_id, account_id, kind, points, key, reason, booked_by, booked_at)"
            " SELECT tongke_uuid7(), org_id, id, account_id, 'expire', -rest, %s, '', %s, %s FROM due RETURNING points",
            [list(account_ids), on, f"expire {uuid7()}", by.name, at],
        )
        lapsed: list[int] = [points for (points,) in cursor.fetchall()]
    return -sum(lapsed)
