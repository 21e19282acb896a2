"""Who is served over something of the network, shown before it is changed or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from tongke.areas.inventory import queries as inventory
from tongke.areas.resource import queries
from tongke.areas.resource.states import PortState
from tongke.kernel.actor import Actor
from tongke.web.network.words import PORT_TONES

LINKED_MAX = 50


def served_shown(equipment_ids: Sequence[UUID], *, whole_branch: bool = False, by: Actor) -> dict[str, Any]:
    """Return the lines and orders on the ports of equipment, each with its customer where the reader may see lines."""
    found = queries.served_over(equipment_ids, whole_branch=whole_branch, by=by)
    rows = [{
        "port": f"{line.equipment_code} / {line.number}", "address": reverse("network-port", args=[line.equipment_id, line.number]),
        "service": line.service, "order": line.order_ref, "state": PortState(line.state).label, "tone": PORT_TONES[line.state],
        "customer": _customer_of(line.service, by=by) if at < LINKED_MAX else "",
    } for at, line in enumerate(found.lines)]
    return {"served": rows, "served_count": found.count, "served_more": found.count - len(rows)}


def _customer_of(service: str, *, by: Actor) -> str:
    """Return the address of the customer whose line this is; empty where there is none in sight."""
    if not service or not by.may("inventory.view"):
        return ""
    line = inventory.line_with_number(service, by=by)
    return reverse("customer", args=[line.customer_id]) if line else ""
