"""Which official events what was announced so far would be told as, where the record can be read."""

from __future__ import annotations

from tests.factories.party import TESTER
from tongke.kernel.actor import acting
from tongke.kernel.models import OutboxEvent
from tongke.tmf.hub.fan_out import envelopes
from tongke.tmf.hub.telling import Fact, tellings_of


def told(api: str, *, resource: str = "") -> list[str]:
    """Types of the official events of one API, as ``number/version``, in the order of the facts."""
    with acting(TESTER):
        rows = list(OutboxEvent.objects.order_by("occurred_at", "id"))
        facts = [Fact(0, row.id, row.occurred_at, row.name, row.org_id, row.customer_id, row.payload) for row in rows]
        tellings = [t for fact in facts for t in tellings_of(fact) if t.api_key == api and resource in {"", t.resource.name}]
        bodies = envelopes(list(enumerate(tellings)), TESTER)
    return [body["eventType"] for _place, body in sorted(bodies, key=lambda one: one[0])]
