"""Reads of points: what a customer has and may redeem, when it runs out, and what the operator owes in points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Sum

from tongke.areas.account.models import BillingAccount, PointsLot, PointsMove, PointsPolicy
from tongke.areas.account.states import PointsMoveKind
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor

GROUP = 1


@dataclass(frozen=True, slots=True)
class PointsFigures:
    """The figures in force for one organisation."""

    life_months: int
    owed_max: Decimal
    yuan_per_point: Decimal
    redeem_min: int
    points_per_yuan: Decimal
    org_id: int
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class DatedFigures:
    """Figures of one organisation with when and why they were set; ``state`` is ``past``, ``now`` or ``ahead``."""

    figures: PointsFigures
    state: str
    reason: str
    set_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class PointsState:
    """A customer's points: ``usable`` have not expired; ``frozen`` says that debt keeps them from being redeemed.

    ``expiring`` are those of the lots that run out next, on ``expires_on``. ``missing`` were redeemed and then turned out to be
    earned in error: nothing was taken for them from other lots.
    """

    usable: int
    frozen: bool
    owed: Decimal
    owed_max: Decimal
    expiring: int
    expires_on: date | None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class LiabilityRow:
    """Points left of one organisation that expire in one month, and what they are worth."""

    org_id: int
    expires_on: date
    customers: int
    points: int
    value: Decimal


def points_figures(org_id: int, *, at: datetime) -> PointsFigures:
    """Return the figures that hold for an organisation: its own, else those of the nearest level above that has any."""
    levels = _levels(org_id)
    rows = PointsPolicy.objects.filter(org_id__in={GROUP, *levels}, valid_from__lte=at).order_by("org_id", "-valid_from").distinct("org_id")
    depth = {level: n for n, level in enumerate(levels)}
    found = max(rows, key=lambda row: depth.get(row.org_id, -1))
    return _figures(found)


def points_policy(*, by: Actor, at: datetime) -> list[DatedFigures]:
    """Return the figures of every organisation in sight and of those above the actor's own, each's newest first."""
    by.require("account.view")
    rows = list(PointsPolicy.objects.order_by("org_id", "-valid_from"))
    in_force = {row.org_id: row.id for row in reversed(rows) if row.valid_from <= at}
    above = set(_levels(by.base_org_id or GROUP))
    return [
        DatedFigures(
            _figures(row), "ahead" if row.valid_from > at else "now" if in_force[row.org_id] == row.id else "past", row.reason, row.set_by,
            row.approved_by)
        for row in rows if row.org_id in above or by.sees(row.org_id)
    ]


def _figures(row: PointsPolicy) -> PointsFigures:
    return PointsFigures(
        row.life_months, row.owed_max, row.yuan_per_point, row.redeem_min, row.points_per_yuan, row.org_id, row.valid_from)


def _levels(org_id: int) -> list[int]:
    """The organisation and those above it, the group first."""
    org = staff.org_labels().get(org_id)
    return [int(step) for step in org.path.split("/") if step] if org else [GROUP]


def local_day(org_id: int, *, at: datetime) -> date:
    """Return the day that it is at ``at`` where the organisation is."""
    org = staff.org_labels().get(org_id)
    return at.astimezone(ZoneInfo(org.zone if org else "Asia/Shanghai")).date()


def day_everywhere(*, at: datetime) -> date:
    """Return the latest day that has begun in every organisation at ``at``."""
    zones = {org.zone for org in staff.org_labels().values()} or {"Asia/Shanghai"}
    return min(at.astimezone(ZoneInfo(zone)).date() for zone in zones)


def missing_in(lot_id: UUID) -> int:
    """Return how many points of a lot are redeemed and were not given back."""
    moved = PointsMove.objects.filter(lot_id=lot_id, kind__in=[PointsMoveKind.USE, PointsMoveKind.RETURN])
    return -(moved.aggregate(points=Sum("points"))["points"] or 0)


def owed_by(customer_id: UUID) -> Decimal:
    """Return what all accounts of the customer owe together."""
    return BillingAccount.objects.filter(customer_id=customer_id).aggregate(owed=Sum("owed"))["owed"] or Decimal(0)


def points_of_customer(customer_id: UUID, *, by: Actor, at: datetime) -> PointsState:
    """Return a customer's points; one without an account of points has none."""
    by.require("account.view")
    lots = list(PointsLot.objects.filter(account__customer_id=customer_id, rest__gt=0).order_by("expires_on", "id"))
    owed = owed_by(customer_id)
    org_id = lots[0].org_id if lots else GROUP
    figures = points_figures(org_id, at=at)
    today = local_day(org_id, at=at)
    live = [lot for lot in lots if lot.expires_on > today]
    first = live[0].expires_on if live else None
    return PointsState(
        sum(lot.rest for lot in live), owed > figures.owed_max, owed, figures.owed_max,
        sum(lot.rest for lot in live if lot.expires_on == first), first, _missing_of(customer_id),
    )


def _missing_of(customer_id: UUID) -> int:
    """How many points of lots earned in error the customer redeemed and did not give back."""
    moved = PointsMove.objects.filter(
        lot__account__customer_id=customer_id, lot__cancelled_at__isnull=False, kind__in=[PointsMoveKind.USE, PointsMoveKind.RETURN])
    return -(moved.aggregate(points=Sum("points"))["points"] or 0)


def points_lots(customer_id: UUID, *, by: Actor) -> list[PointsLot]:
    """Return the customer's lots in the order in which they are used, those used up last."""
    by.require("account.view")
    return sorted(PointsLot.objects.filter(account__customer_id=customer_id), key=lambda lot: (lot.rest == 0, lot.expires_on, lot.id))


def points_moves(customer_id: UUID, *, limit: int = 50, by: Actor) -> list[PointsMove]:
    """Return what happened to the customer's points, newest first, with the lots."""
    by.require("account.view")
    rows = PointsMove.objects.filter(lot__account__customer_id=customer_id).select_related("lot")
    return list(rows.order_by("-booked_at", "-id")[:limit])


def points_liability(*, by: Actor, at: datetime) -> list[LiabilityRow]:
    """Return what is left in all lots of the actor's scope that have not expired, by organisation and month of expiry, with its
    value by the figures in force for each organisation.
    """
    by.require("account.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT org_id, expires_on, count(DISTINCT account_id), sum(rest) FROM account_points_lot"
            " WHERE rest > 0 AND expires_on > %s GROUP BY org_id, expires_on ORDER BY org_id, expires_on",
            [day_everywhere(at=at)],
        )
        found = cursor.fetchall()
    orgs = {row[0] for row in found}
    days = {org_id: local_day(org_id, at=at) for org_id in orgs}
    rows = [row for row in found if row[1] > days[row[0]]]
    worth = {org_id: points_figures(org_id, at=at).yuan_per_point for org_id in orgs}
    return [
        LiabilityRow(org_id, expires_on, customers, int(points), (worth[org_id] * points).quantize(Decimal("0.01")))
        for org_id, expires_on, customers, points in rows
    ]


def points_expiring(org_id: int, expires_on: date, *, limit: int = 200, by: Actor) -> tuple[list[PointsLot], int]:
    """Return the lots of one row of the liability, the largest first, with account and customer, and how many they are in all."""
    by.require("account.view")
    rows = PointsLot.objects.filter(org_id=org_id, expires_on=expires_on, rest__gt=0)
    return list(rows.select_related("account__customer").order_by("-rest", "id")[:limit]), rows.count()
