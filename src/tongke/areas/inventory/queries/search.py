"""Where a line is found from what the clerk typed."""

from __future__ import annotations

from tongke.areas.party.queries.search import Candidate, between, ending, equal

_NUMBER = "tongke_mask_phone(t.service_number, tongke_clear('phone'))"
_LINK = {"link": "customer_id", "to": "customer"}

CANDIDATES: tuple[Candidate, ...] = (
    equal("service_number", "service_number", "inventory_subscriber", _NUMBER, **_LINK),
    between("service_head", "service_number", "inventory_subscriber", _NUMBER, **_LINK),
    ending("service_tail", "service_number", "inventory_subscriber", _NUMBER, keys="inventory_lines_by_tail", **_LINK),
)
