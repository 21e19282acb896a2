"""Stock: suppliers, models, stock places, items by serial, deliveries and alarms of low stock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.models.places import Place
from tongke.areas.resource.states.stock import ItemKind, ItemState, StockPlaceKind
from tongke.kernel.ids import uuid7


class Supplier(models.Model):
    """A vendor (厂商) and its terms. Read by all, written by the organisation that keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    code = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=200, blank=True)
    payment_days = models.SmallIntegerField(default=30)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_supplier"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="supplier_code_once")]

    def __str__(self) -> str:
        return self.name


class ItemModel(models.Model):
    """A model of SIM card, handset or customer equipment. Read by all, written by the organisation that keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, db_collation="C")
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    warranty_months = models.SmallIntegerField(default=0)
    characteristics = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_item_model"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="item_model_code_once")]

    def __str__(self) -> str:
        return self.code


class StockPlace(models.Model):
    """Where stock lies: a warehouse, a hall, a van or a dealer's shop. ``unit_id`` is the hall's or unit's organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    unit_id = models.IntegerField(null=True)
    code = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=StockPlaceKind.choices)
    keeper_id = models.UUIDField(null=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_stock_place"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code"], name="stock_place_code_once")]
        indexes: ClassVar = [models.Index(fields=["org_id", "id"], name="stock_place_by_org")]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """How little of a model at a place is too little; ``alarmed_at`` is set while it is."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    stock_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", db_index=False)
    model = models.ForeignKey(ItemModel, on_delete=models.PROTECT, related_name="+")
    low_at = models.IntegerField()
    target = models.IntegerField()
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "resource_stock_level"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stock_place", "model"], name="stock_level_once"),
            models.CheckConstraint(condition=models.Q(low_at__gte=0, target__gte=models.F("low_at")), name="stock_level_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.stock_place_id} {self.low_at}"


class Delivery(models.Model):
    """What a supplier delivered at once to one place."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    number = models.CharField(max_length=40, db_collation="C")
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.PROTECT, related_name="+")
    stock_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    received_by = models.CharField(max_length=150)
    received_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "resource_delivery"
        constraints: ClassVar = [models.UniqueConstraint(fields=["org_id", "number"], name="delivery_number_once")]

    def __str__(self) -> str:
        return self.number


class StockItem(models.Model):
    """One thing by its serial: ICCID of a SIM or eSIM profile, IMEI of a handset, serial number of customer equipment.

    ``stock_place`` is where it lies, where it is bound for while it is on its way, or where it last lay.
    ``to_org_id`` is the organisation that will receive it, while it is on its way: both ends see it then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    to_org_id = models.IntegerField(null=True)
    model = models.ForeignKey(ItemModel, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    serial = models.CharField(max_length=40, db_collation="C")
    serial_kind = models.CharField(max_length=6)
    imsi = models.CharField(max_length=15, blank=True, db_collation="C")
    imei2 = models.CharField(max_length=15, blank=True, db_collation="C")
    mac = models.CharField(max_length=17, blank=True, db_collation="C")
    eid_cipher = models.BinaryField(null=True)
    eid_index = models.BinaryField(null=True)
    activation_cipher = models.BinaryField(null=True)
    stock_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.IN_STOCK)
    state_at = models.DateTimeField()
    reservation = models.ForeignKey("resource.Reservation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    transfer = models.ForeignKey("resource.StockTransfer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    service_ref = models.CharField(max_length=80, blank=True, db_collation="C")
    warranty_until = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_stock_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["serial", "serial_kind"], name="stock_item_serial_once"),
            models.UniqueConstraint(fields=["imsi"], name="stock_item_imsi_once", condition=~models.Q(imsi="")),
            models.UniqueConstraint(fields=["mac"], name="stock_item_mac_once", condition=~models.Q(mac="")),
            models.CheckConstraint(
                condition=~models.Q(state="reserved") | models.Q(reservation__isnull=False), name="stock_item_reserved_by_one",
            ),
            models.CheckConstraint(
                condition=models.Q(reservation__isnull=True) | models.Q(state__in=["reserved", "in_transit"]), name="stock_item_free_of_orders",
            ),
            models.CheckConstraint(
                condition=models.Q(state="in_transit", transfer__isnull=False) | ~models.Q(state="in_transit"), name="stock_item_travels_by_transfer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stock_place", "model", "state", "id"], name="stock_item_by_place"),
            models.Index(fields=["model", "state", "id"], name="stock_item_by_model"),
            models.Index(fields=["org_id", "id"], name="stock_item_by_org"),
            models.Index(fields=["reservation"], name="stock_item_by_reservation", condition=models.Q(reservation__isnull=False)),
            models.Index(fields=["transfer"], name="stock_item_by_transfer", condition=models.Q(transfer__isnull=False)),
            models.Index(fields=["service_ref"], name="stock_item_by_service", condition=~models.Q(service_ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.serial}"


class StockMove(models.Model):
    """One move of one item: from which state and place to which, by which paper, and why. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    from_place = models.ForeignKey(StockPlace, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    moved_by = models.CharField(max_length=150)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "resource_stock_move"
        indexes: ClassVar = [models.Index(fields=["item", "moved_at"], name="stock_move_by_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.verb}"
