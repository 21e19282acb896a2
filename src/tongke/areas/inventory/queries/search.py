"""Where a line is found from what the clerk typed."""

from __future__ import annotations

from tongke.areas.party.queries.search import Candidate, between, ending

_NUMBER = "tongke_mask_phone(t.service_number, tongke_clear('phone'))"
_LINK = {"link": "customer_id", "to": "customer"}

CANDIDATES: tuple[Candidate, ...] = (
    Candidate(
        "service_number", "inventory_subscriber", "t.service_number IN (service_number_lo, service_number_hi)", "t.id DESC", _NUMBER,
        reach="all", link="customer_id", to="customer",
    ),
    between("service_head", "service_number", "inventory_subscriber", _NUMBER, **_LINK),
    ending("service_tail", "service_number", "inventory_subscriber", _NUMBER, keys="inventory_lines_by_tail", **_LINK),
)
