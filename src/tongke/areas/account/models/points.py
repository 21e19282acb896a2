"""Points of customers: lots that expire, every move of them, and the dated figures they follow (T37, X21)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.account.states import PointsMoveKind
from tongke.kernel.ids import uuid7


class PointsAccount(models.Model):
    """The points of one customer. Its balance is the sum of what is left in its lots and is kept nowhere else.

    Whoever changes its lots locks this row first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey("party.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "account_points_account"
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer"], name="points_account_once")]

    def __str__(self) -> str:
        return str(self.id)


class PointsLot(models.Model):
    """Points earned at once, of which ``rest`` are left until ``expires_on`` (excluded).

    ``origin_id`` is the points account that earned it and never changes, also where a merge moves the lot: with it the
    earner's ``key`` books a lot once. ``cancelled_at`` says that it was earned in error: nothing is left in it, and nothing
    that comes back to it stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    origin_id = models.UUIDField()
    key = models.CharField(max_length=120)
    source = models.CharField(max_length=20)
    reference = models.CharField(max_length=120, blank=True, default="")
    earned = models.IntegerField()
    rest = models.IntegerField()
    earned_at = models.DateTimeField()
    expires_on = models.DateField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_points_lot"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_id", "key"], name="points_lot_once"),
            models.CheckConstraint(condition=models.Q(earned__gt=0), name="points_lot_above_zero"),
            models.CheckConstraint(condition=models.Q(rest__gte=0, rest__lte=models.F("earned")), name="points_rest_within_lot"),
            models.CheckConstraint(condition=models.Q(cancelled_at=None) | models.Q(rest=0), name="points_cancelled_leaves_none"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "expires_on", "id"], name="points_lot_of_account"),
            models.Index(fields=["org_id", "expires_on"], name="points_lot_expiring", condition=models.Q(rest__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.rest}/{self.earned} {self.expires_on}"


class PointsMove(models.Model):
    """One change of one lot: ``points`` above zero came to it, below zero left it. A booking of several lots has one ``key``.

    ``account`` is the points account for which it was booked and never changes: a merge may have lent it lots of another's.
    A move stands as it was made and the moves of a lot sum to its ``rest``: the database refuses anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    lot = models.ForeignKey(PointsLot, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(PointsAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=PointsMoveKind.choices)
    points = models.IntegerField()
    key = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True, default="")
    booked_by = models.CharField(max_length=150)
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "account_points_move"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "kind", "key"], name="points_move_once"),
            models.CheckConstraint(condition=~models.Q(points=0), name="points_move_moves"),
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="points_move_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.points}"


class PointsPolicy(models.Model):
    """The figures that points follow from ``valid_from`` on, for an organisation and all below it that have none of their own.

    A payment earns ``points_per_yuan`` for each yuan, whole points only (0: payments earn none). A lot lives ``life_months`` after the
    month it was earned in. Who owes more than ``owed_max`` earns but cannot redeem.
    ``yuan_per_point`` is what a point is worth in the liability; ``redeem_min`` the fewest that are redeemed at once.
    ``set_by`` asked for them, ``approved_by`` is the second person (empty: a process of the house let them hold).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    valid_from = models.DateTimeField()
    points_per_yuan = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    life_months = models.SmallIntegerField()
    owed_max = models.DecimalField(max_digits=18, decimal_places=2)
    yuan_per_point = models.DecimalField(max_digits=8, decimal_places=4)
    redeem_min = models.IntegerField(default=1)
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        db_table = "account_points_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "valid_from"], name="points_policy_once"),
            models.CheckConstraint(
                condition=models.Q(life_months__range=(1, 240), owed_max__gte=0, yuan_per_point__gte=0, redeem_min__gte=1), name="points_policy_bounds"),
            models.CheckConstraint(condition=models.Q(points_per_yuan__range=(0, 1000)), name="points_policy_earning"),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.valid_from}"
