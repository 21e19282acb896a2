"""TMF620: several add prices to one draft at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.tmf.api.test_catalog_620 import MONTHLY, Office

AT_ONCE = 6


@pytest.mark.django_db(transaction=True)
def test_no_price_that_was_taken_is_lost() -> None:
    office = Office()
    offer = office.offerings.made({"name": "语音", "kind": "mobile"})
    barrier = threading.Barrier(AT_ONCE)

    def add(place: int) -> int:
        barrier.wait()
        try:
            return int(office.prices.post({**MONTHLY, "name": f"Fee {place}", "code": f"fee{place}", "productOffering": {"id": offer["id"]}}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(add, range(AT_ONCE)))
    assert set(answers) <= {201, 409}
    assert len(office.offerings.get(offer["id"]).json()["productOfferingPrice"]) == answers.count(201) > 0
