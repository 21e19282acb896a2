"""Permissions of the resource room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

NUMBERS = declare(
    Permission("resource.view_numbers", _("See numbers, pools and blocks")),
    Permission("resource.hold_number", _("Hold numbers for an order")),
    Permission("resource.assign_number", _("Assign, suspend and release numbers")),
    Permission("resource.run_numbers", _("Run blocks, ranges, pools and grades of numbers"), sensitive=True),
)
STOCK = declare(
    Permission("resource.view_stock", _("See stock of SIMs and devices")),
    Permission("resource.move_stock", _("Receive, transfer and hand out stock")),
    Permission("resource.count_stock", _("Count stock and report losses")),
)
NETWORK = declare(
    Permission("resource.view_network", _("See the network and its coverage")),
    Permission("resource.plan_network", _("Record sites, equipment, ports, places and coverage"), sensitive=True),
    Permission("resource.reserve", _("Reserve ports and stock for an order")),
)
