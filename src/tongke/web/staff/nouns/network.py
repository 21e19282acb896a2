"""What the audit trail calls the records of stock, network, places and reservations, and their fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "resource_access": _("Coverage of a place"), "resource_delivery": _("Delivery of a supplier"), "resource_equipment": _("Equipment"),
    "resource_item_model": _("Model of stock"), "resource_place": _("Place"), "resource_place_name": _("Name of a place"), "resource_port": _("Port"),
    "resource_reservation": _("Reservation"), "resource_reservation_line": _("Thing reserved"), "resource_site": _("Site of the network"),
    "resource_stock_count": _("Stocktake"), "resource_stock_count_line": _("Line of a stocktake"), "resource_stock_item": _("Stock item"),
    "resource_stock_level": _("Alarm of low stock"), "resource_stock_place": _("Stock place"), "resource_stock_transfer": _("Transfer of stock"),
    "resource_stock_transfer_line": _("Line of a transfer"), "resource_supplier": _("Supplier"),
}
FIELDS: dict[str, Any] = {
    "activation_cipher": _("Activation code (sealed)"), "alarmed_at": _("Alarm since"), "community_id": _("Community"), "contact": _("Contact person"),
    "count_id": _("Stocktake"), "delivery_id": _("Delivery of a supplier"), "distance_m": _("Distance in metres"), "door": _("Street number"),
    "eid_cipher": _("EID (sealed)"), "eid_index": _("EID as searched"), "equipment_id": _("Equipment"), "expected": _("Expected"),
    "extensions": _("Times extended"), "finding": _("Finding"), "finished_at": _("Finished at"), "finished_by": _("Finished by"),
    "freed_at": _("Given back at"), "from_place_id": _("From"), "imei2": _("Second IMEI"), "imsi": _("IMSI"), "item_id": _("Stock item"),
    "keeper_id": _("Kept by"), "label": _("Label"), "latitude": _("Latitude"), "longitude": _("Longitude"), "low_at": _("Alarm at"),
    "mac": _("MAC address"), "max_down_mbps": _("Down, Mbit/s"), "max_up_mbps": _("Up, Mbit/s"), "model_id": _("Model of stock"),
    "opened_at": _("Opened at"), "opened_by": _("Opened by"), "order_ref": _("Order"), "payment_days": _("Days of payment"),
    "place_id": _("Place"), "planned_on": _("Planned for"), "port_id": _("Port"), "quantity": _("Quantity"), "received_at": _("Received at"),
    "received_by": _("Received by"), "reservation_id": _("Reservation"), "reserved_by": _("Reserved by"), "scanned_at": _("Scanned at"),
    "scanned_by": _("Scanned by"), "sent_at": _("Sent at"), "sent_by": _("Sent by"), "serial": _("Serial number"), "serial_kind": _("Kind of serial number"),
    "service_ref": _("Service"), "settled_at": _("Settled at"), "settled_by": _("Settled by"), "site_id": _("Site of the network"), "split": _("Split"),
    "stock_place_id": _("Stock place"), "supplier_id": _("Supplier"), "taken_at": _("Taken at"), "target": _("Target"), "technology": _("Technology"),
    "to_org_id": _("To the organisation"), "to_place_id": _("To"), "token": _("Token"), "transfer_id": _("Transfer of stock"), "unit_id": _("Unit"),
    "uplink_mbps": _("Uplink, Mbit/s"), "warranty_months": _("Warranty in months"), "warranty_until": _("Warranty until"),
}
